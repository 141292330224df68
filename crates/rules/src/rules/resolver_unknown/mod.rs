use crate::rules::claim_rows::{ClaimRow, Profiles};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::resolvers::{Braces, Namespace, Place, PlaceRule, Resolver, parse};
use wayfarer_diagnostics::{Severity, Span, closest};
use wayfarer_model::Element;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "resolver-unknown",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut profiles = Profiles::of(policy);
    policy.document().elements().for_each(|it| check_element(&mut profiles, it, findings));
}

/// The places where the service may evaluate resolvers. Elsewhere braces are text.
fn check_element<'p>(profiles: &mut Profiles<'p>, element: Element<'p>, findings: &mut Findings<'_>) {
    match element.name() {
        "InputClaim" | "OutputClaim" | "PersistedClaim" => {
            for name in ["DefaultValue", "PartnerClaimType"] {
                if let Some(attribute) = element.attribute(name) {
                    let is_evaluated = || ClaimRow::of(element).is_some_and(|it| is_evaluated(profiles, it, name));
                    check_text(attribute.value(), attribute.value_span(), is_evaluated, findings);
                }
            }
        }
        "LoadUri" | "Parameter" => {
            if let Some(span) = element.text_span() {
                element.text().split('{').skip(1).filter_map(|it| it.split_once('}')).for_each(|(inner, _)| {
                    check_text(&format!("{{{inner}}}"), span, || true, findings);
                });
            }
        }
        _ => {}
    }
}

fn check_text(text: &str, span: Span, is_evaluated: impl FnOnce() -> bool, findings: &mut Findings<'_>) {
    match parse(text) {
        Resolver::UnknownName { namespace, name } => {
            let message = format!("there is no claim resolver `{text}`: `{}` has no `{name}`", namespace.as_str());
            let (level, label) = match is_evaluated() {
                true => (Severity::Error, "fails when the journey gets here (AADB2C90044)"),
                false => (Severity::Warning, "nothing is evaluated here, so it stays as it is written"),
            };
            let diagnostic = findings.report_as(level, span, message);
            diagnostic.label(label);
            match closest(name, namespace.names()) {
                Some(close) => diagnostic.help(format!("did you mean `{{{}:{close}}}`?", namespace.as_str())),
                None => diagnostic.help(format!("`{}` has {}", namespace.as_str(), list(namespace))),
            };
        }
        Resolver::Braces { braces: Braces::UnknownNamespace(namespace), .. } => {
            let message = format!("there is no claim resolver `{text}`: nothing is called `{namespace}`");
            let diagnostic = findings.report_as(Severity::Warning, span, message);
            diagnostic.label("stays as it is written");
            let names = Namespace::ALL.map(Namespace::as_str);
            match closest(namespace, names) {
                Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
                None => diagnostic
                    .help(format!("resolvers begin with one of {}", names.map(|it| format!("`{it}`")).join(", "))),
            };
        }
        _ => {}
    }
}

fn is_evaluated<'p>(profiles: &mut Profiles<'p>, row: ClaimRow<'p>, attribute: &str) -> bool {
    let place = if attribute == "PartnerClaimType" { Place::PartnerClaimType } else { row.place() };
    matches!(profiles.place_rule(row, place), PlaceRule::Resolves | PlaceRule::ResolvesTokenResponse)
}

fn list(namespace: Namespace) -> String {
    namespace.names().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
