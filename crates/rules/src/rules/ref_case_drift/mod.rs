use crate::rules::typo;
use crate::{Findings, Phase, Rule};
use std::collections::{BTreeMap, HashSet};
use wayfarer_diagnostics::{Applicability, Fix, Severity};
use wayfarer_model::{Kind, Place, Policy, Reference, Text, escaped, references};

pub static RULE: Rule = Rule {
    code: "ref-case-drift",
    level: Severity::Info,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// One finding for each spelling in a file, at its first use.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut drifts: BTreeMap<(Kind, &str), Vec<Reference<'_>>> = BTreeMap::new();
    let mut exact: HashSet<(Kind, &str)> = HashSet::new();
    for reference in references(policy.document()) {
        let key = (reference.kind, reference.name.value);
        if exact.contains(&key) {
            continue;
        }
        if let Some(uses) = drifts.get_mut(&key) {
            uses.push(reference);
        } else if spelled_so(policy, reference.kind, reference.name.value) {
            exact.insert(key);
        } else {
            drifts.insert(key, vec![reference]);
        }
    }
    for ((kind, name), uses) in drifts {
        if let Some(declared) = declared(policy, kind, name) {
            report(policy, &uses, declared, findings);
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

fn report(policy: &Policy, uses: &[Reference<'_>], declared: Text<'_>, findings: &mut Findings<'_>) {
    let [first, more @ ..] = uses else { return };
    let times = match more.len() {
        0 => String::new(),
        1 => " (once more in this file)".to_owned(),
        more => format!(" ({more} times more in this file)"),
    };
    let message = format!("`{}` is declared as `{}`{times}", first.name.value, declared.value);
    let diagnostic = findings.report(first.name.span, message);
    diagnostic
        .label(format!("the same `{}` to the service, which ignores case", first.kind.element()))
        .help(format!("write `{}`", declared.value))
        .related(declared.span, "declared here");
    if uses.iter().all(|it| typo::is_plain(policy, it.name)) {
        diagnostic.fix(fix(uses, declared));
    }
}

/// Every use at once. A person should look where others see the spelling.
fn fix(uses: &[Reference<'_>], declared: Text<'_>) -> Fix {
    let is_seen = uses.iter().any(is_name_outside);
    let applicability = if is_seen { Applicability::Unsafe } else { Applicability::Safe };
    let fix = Fix::new(format!("write `{}`", declared.value), applicability).repeating(declared.span);
    let name = escaped(declared.value, Place::Attribute);
    uses.iter().fold(fix, |fix, it| fix.replace(it.name.span, name.as_str()))
}

/// Whether the spelling of a claim is its name in a token, a request or a transformation: the row has no other.
fn is_name_outside(reference: &Reference<'_>) -> bool {
    let row = reference.element;
    matches!(row.name(), "InputClaim" | "OutputClaim" | "PersistedClaim")
        && row.attribute("PartnerClaimType").or_else(|| row.attribute("TransformationClaimType")).is_none()
}
