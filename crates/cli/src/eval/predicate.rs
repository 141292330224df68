//! The verdict of one predicate, and the predicates that an output claim type demands.

use super::{Given, Problem};
use crate::args::Eval;
use crate::output::Failure;
use jiff::tz::TimeZone;
use wayfarer_builtins::transformations::predicates::{METHODS, Predicate, PredicateValidation};
use wayfarer_diagnostics::closest;
use wayfarer_runtime::Clock;

type Method = (&'static str, &'static [&'static str]);

/// The method of that name, in any letter case.
pub(crate) fn find(method: &str) -> Option<Method> {
    METHODS.iter().copied().find(|(name, _)| name.eq_ignore_ascii_case(method))
}

/// Whether the predicate holds for the input `value`.
pub(crate) fn run((method, ids): Method, options: &Eval, given: &Given) -> Result<Result<bool, Problem>, Failure> {
    let [(name, text)] = &given.inputs[..] else {
        return Err(
            Failure::new(format!("the predicate `{method}` judges one text")).help("give it as `--in value=TEXT`")
        );
    };
    if !name.eq_ignore_ascii_case("value") {
        return Err(Failure::new(format!("the predicate `{method}` has no input `{name}`"))
            .help("its only input is the text to judge: `--in value=TEXT`"));
    }
    let mut parameters: Vec<(String, String)> = Vec::new();
    for (id, text) in &given.parameters {
        let id = parameter(method, ids, id)?;
        if parameters.iter().any(|(it, _)| it == id) {
            return Ok(Err(Problem::new("signature", format!("parameter `{id}` is given twice"))));
        }
        parameters.push((id.to_owned(), text.clone()));
    }
    let today = TimeZone::UTC.to_datetime(options.now.map_or(Clock::System, Clock::Fixed).now()).date();
    let compiled = Predicate::new(method, parameters).compile();
    Ok(compiled.map(|it| it.holds(text, today)).map_err(|it| {
        let problem = Problem::new("parameter", it.to_string());
        problem.help(format!("its parameters are {}", list(ids)))
    }))
}

/// Predicates from `METHOD.ID=TEXT`: a parameter joins the predicate before, unless that has another method or the
/// same parameter.
pub(crate) fn validation(
    given: &[(String, String)],
    match_at_least: Option<i64>,
) -> Result<Option<PredicateValidation>, Failure> {
    let mut predicates: Vec<Predicate> = Vec::new();
    for (name, text) in given {
        let (method, id) = name.split_once('.').ok_or_else(|| {
            Failure::new(format!("`--predicate {name}=…` names no parameter"))
                .help("write the method, a dot and the parameter's id: `IsLengthRange.Minimum=5`")
        })?;
        let Some((method, ids)) = find(method) else {
            let names = METHODS.iter().map(|(name, _)| *name);
            let failure = Failure::new(format!("there is no predicate method `{method}`"));
            return Err(failure.help(match closest(method, names.clone()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("there are {}", list(&names.collect::<Vec<_>>())),
            }));
        };
        let id = parameter(method, ids, id)?;
        let joins = |it: &&mut Predicate| it.method == method && !it.parameters.iter().any(|(known, _)| known == id);
        match predicates.last_mut().filter(joins) {
            Some(it) => it.parameters.push((id.to_owned(), text.clone())),
            None => predicates.push(Predicate::new(method, vec![(id.to_owned(), text.clone())])),
        }
    }
    Ok((!given.is_empty()).then(|| PredicateValidation::of(match_at_least, predicates)))
}

fn parameter(method: &str, ids: &[&'static str], id: &str) -> Result<&'static str, Failure> {
    ids.iter().copied().find(|it| it.eq_ignore_ascii_case(id)).ok_or_else(|| {
        Failure::new(format!("the predicate `{method}` has no parameter `{id}`"))
            .help(format!("its parameters are {}", list(ids)))
    })
}

fn list(names: &[&str]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
