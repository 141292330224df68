use crate::{Findings, Phase, Rule};
use std::collections::{BTreeMap, HashSet};
use wayfarer_diagnostics::{Severity, Span};
use wayfarer_model::{Kind, Policy, Text, references};

pub static RULE: Rule = Rule {
    code: "ref-case-drift",
    level: Severity::Info,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// One finding for each spelling in a file, at its first use.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut drifts: BTreeMap<(Kind, &str), Vec<Span>> = BTreeMap::new();
    let mut exact: HashSet<(Kind, &str)> = HashSet::new();
    for reference in references(policy.document()) {
        let key = (reference.kind, reference.name.value);
        if exact.contains(&key) {
            continue;
        }
        if let Some(spans) = drifts.get_mut(&key) {
            spans.push(reference.name.span);
        } else if spelled_so(policy, reference.kind, reference.name.value) {
            exact.insert(key);
        } else {
            drifts.insert(key, vec![reference.name.span]);
        }
    }
    for ((kind, name), spans) in drifts {
        if let ([first, more @ ..], Some(declared)) = (&spans[..], declared(policy, kind, name)) {
            report(kind, name, *first, more.len(), declared, findings);
        }
    }
}

/// Whether any definition writes the name so; a name that resolves to nothing has been reported elsewhere.
fn spelled_so(policy: &Policy, kind: Kind, name: &str) -> bool {
    let spelled = |policy: &Policy| {
        let node = policy.get(kind, name)?;
        Some(node.as_ref().elements().filter_map(|it| it.attribute("Id")).any(|it| it.value() == name))
    };
    policy.chain().filter_map(spelled).next().is_none() || policy.chain().filter_map(spelled).any(|it| it)
}

/// The name as the first definition of the chain writes it.
fn declared<'a>(policy: &'a Policy, kind: Kind, name: &str) -> Option<Text<'a>> {
    let root = policy.chain().filter_map(|it| it.get(kind, name)).last()?;
    let id = root.as_ref().elements().filter_map(|it| it.attribute("Id")).last()?;
    Some(Text { value: id.value(), span: id.value_span() })
}

fn report(kind: Kind, name: &str, at: Span, more: usize, declared: Text<'_>, findings: &mut Findings<'_>) {
    let times = match more {
        0 => String::new(),
        1 => " (once more in this file)".to_owned(),
        _ => format!(" ({more} times more in this file)"),
    };
    let message = format!("`{name}` is declared as `{}`{times}", declared.value);
    findings
        .report(at, message)
        .label(format!("the same `{}` to the service, which ignores case", kind.element()))
        .help(format!("write `{}`", declared.value))
        .related(declared.span, "declared here");
}
