use crate::{Findings, Phase, Rule};
use std::collections::{HashMap, HashSet};
use wayfarer_builtins::DataType;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Node, Policy, Text};

pub static RULE: Rule = Rule {
    code: "predicate-type-mismatch",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

const REFERENCES: [(&str, Kind); 2] =
    [("PredicateValidationReference", Kind::PredicateValidation), ("InputValidationReference", Kind::InputValidation)];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut known = HashMap::new();
    for node in policy.own(Kind::ClaimType) {
        let claim_type = node.as_ref();
        let data_type = claim_type.child("DataType").and_then(|it| DataType::from_name(it.text().value.trim()));
        let Some((data_type, id)) = data_type.zip(claim_type.attribute("Id")) else { continue };
        for (child, kind) in REFERENCES {
            let Some(name) = claim_type.child(child).and_then(|it| it.attribute("Id")) else { continue };
            let methods = known.entry((kind, name.value)).or_insert_with(|| methods_of(policy, kind, name.value));
            for method in methods.iter().filter(|it| !fits(it.value, data_type)) {
                report(id.value, data_type, name, *method, findings);
            }
        }
    }
}

/// The methods by which a validation judges, each once, with a place.
fn methods_of<'p>(policy: &'p Policy, kind: Kind, validation: &str) -> Vec<Text<'p>> {
    let Some(node) = policy.get(kind, validation).map(Node::as_ref) else { return Vec::new() };
    let groups = node.items("PredicateGroups", "PredicateGroup");
    let of_groups = groups.flat_map(|it| it.children_named("PredicateReferences"));
    let references = of_groups.chain(node.children_named("PredicateReferences"));
    let names = references.flat_map(|it| it.children_named("PredicateReference")).filter_map(|it| it.attribute("Id"));
    let predicates = names.filter_map(|it| policy.get(Kind::Predicate, it.value));
    let mut methods: Vec<Text<'p>> = predicates.filter_map(|it| it.as_ref().attribute("Method")).collect();
    let mut seen = HashSet::new();
    methods.retain(|it| seen.insert(it.value));
    methods
}

fn report(claim: &str, data_type: DataType, validation: Text<'_>, method: Text<'_>, findings: &mut Findings<'_>) {
    let message = format!("`{claim}` is {data_type}, and `{}` judges it by `{}`", validation.value, method.value);
    let label = match method.value {
        "IsDateRange" => "`IsDateRange` judges days",
        _ => "this predicate judges texts",
    };
    findings
        .report(validation.span, message)
        .label(label)
        .help("name a validation that is made for the data type")
        .related(method.span, "this predicate");
}

/// Days are judged by `IsDateRange`, everything else as text; what a list or an identity is as text, nobody says.
fn fits(method: &str, data_type: DataType) -> bool {
    use DataType::{Date, DateTime, Int, Long, PhoneNumber, String};
    match method {
        "IsDateRange" => matches!(data_type, Date | DateTime),
        "IsLengthRange" | "MatchesRegex" | "IncludesCharacters" => {
            matches!(data_type, String | PhoneNumber | Int | Long)
        }
        _ => true,
    }
}
