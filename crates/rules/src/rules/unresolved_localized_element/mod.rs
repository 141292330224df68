use crate::{Findings, Phase, Rule};
use crate::rules::requested;
use std::collections::BTreeMap;
use wayfarer_diagnostics::{FileId, Severity, Span};
use wayfarer_model::{Kind, Policy};

pub static RULE: Rule = Rule {
    code: "unresolved-localized-element",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// What `ElementId` names, by `ElementType`; the other types have no id, or one of the page's own. `InputValidation` is
/// the old name for what is now a `PredicateValidation`, and texts for the new ones still say so.
fn kinds_of(element_type: &str) -> &'static [Kind] {
    match element_type {
        "ClaimType" | "GetLocalizedStringsTransformationClaimType" => &[Kind::ClaimType],
        "Predicate" => &[Kind::Predicate],
        "InputValidation" | "PredicateValidation" => &[Kind::PredicateValidation, Kind::InputValidation],
        "DisplayControl" => &[Kind::DisplayControl],
        _ => &[],
    }
}

/// One finding for each name in a file, at its first text.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut unresolved: BTreeMap<(FileId, Kind, &str), (Span, usize)> = BTreeMap::new();
    let texts = requested::elements(policy).filter(|it| matches!(it.name(), "LocalizedString" | "LocalizedCollection"));
    for text in texts {
        let kinds = text.attribute("ElementType").map_or(&[][..], |it| kinds_of(it.value()));
        let Some(id) = text.attribute("ElementId").filter(|it| !it.value().is_empty()) else { continue };
        let Some(kind) = kinds.first().filter(|_| kinds.iter().all(|it| policy.get(*it, id.value()).is_none())) else {
            continue;
        };
        unresolved.entry((text.start_tag().file, *kind, id.value())).or_insert((id.value_span(), 0)).1 += 1;
    }
    for ((_, kind, id), (span, texts)) in unresolved {
        report(policy, kind, id, (span, texts), findings);
    }
}

/// A text that nothing shows does no harm, unless the name was meant to be another one. What is in a base policy is often
/// there for others.
fn report(policy: &Policy, kind: Kind, id: &str, (span, texts): (Span, usize), findings: &mut Findings<'_>) {
    let times = if texts > 1 { format!(" ({texts} texts in this file)") } else { String::new() };
    let message = format!("the text is for `{id}`, and no `{}` declares it{times}", kind.element());
    let close = policy.closest(kind, id);
    if close.is_none() && span.file != policy.file() {
        return;
    }
    let level = if close.is_some() { Severity::Warning } else { Severity::Info };
    let diagnostic = findings.report_as(level, span, message);
    diagnostic.label("not declared in this policy or its base policies");
    match close {
        Some(close) => {
            diagnostic.help(format!("did you mean `{}`?", close.value)).related(close.span, "declared here");
        }
        None => {
            diagnostic.help("correct the name, or remove the text: nothing shows it");
        }
    }
}
