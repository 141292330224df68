//! What the rules about names that resolve to nothing have in common.

use super::typo;
use crate::Findings;
use wayfarer_model::{Kind, Policy, Reference};

/// Reports every reference in the policy's own file whose kind is one of `kinds` and which names nothing.
pub(super) fn check(policy: &Policy, kinds: &[Kind], findings: &mut Findings<'_>) {
    for reference in policy.unresolved_references().filter(|it| kinds.contains(&it.kind)) {
        report(policy, reference, findings);
    }
}

fn report(policy: &Policy, reference: Reference<'_>, findings: &mut Findings<'_>) {
    let (kind, name) = (reference.kind.element(), reference.name.value);
    let diagnostic = findings.report(reference.name.span, format!("no `{kind}` declares `{name}`"));
    diagnostic.label("not declared in this policy or its base policies");
    diagnostic.refused_as("unresolved-reference", &[("kind", kind), ("name", name)]);
    match policy.closest(reference.kind, name) {
        Some(close) => {
            diagnostic.help(format!("did you mean `{}`?", close.value)).related(close.span, "declared here");
            diagnostic.fix = typo::fix_id(policy, reference.kind, reference.name);
        }
        None => {
            diagnostic.help(format!("declare a `{kind}` with this id, or correct the name"));
        }
    }
}
