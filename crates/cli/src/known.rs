//! The names that commands take and shells complete.

use wayfarer_builtins::transformations::{self, predicates};
use wayfarer_builtins::{DataType, reference};

/// What `eval` runs.
pub(crate) fn eval() -> Vec<&'static str> {
    let methods = transformations::all().iter().map(|it| it.method);
    methods.chain(predicates::METHODS.iter().map(|(method, _)| *method)).collect()
}

/// What `explain` has a page of. Resolvers are left out: shells break words at their colons and braces.
pub(crate) fn explain() -> Vec<&'static str> {
    let rules = wayfarer_rules::all().iter().map(|it| it.code);
    rules.chain(eval()).chain(DataType::ALL.map(DataType::as_str)).collect()
}

/// What is closest among all that `explain` knows.
pub(crate) fn closest(name: &str) -> Option<String> {
    let resolvers = reference::resolver_names();
    let names = explain().into_iter().chain(resolvers.iter().map(String::as_str));
    wayfarer_diagnostics::closest(name, names).map(str::to_owned)
}
