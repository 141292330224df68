use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use wayfarer_builtins::resolvers::{Braces, Namespace, Place, PlaceRule, Resolver, ResolvingFlag, parse, place_rule};
use wayfarer_diagnostics::{Severity, Span, closest};
use wayfarer_model::Policy;
use wayfarer_model::Element;

pub static RULE: Rule = Rule {
    code: "resolver-unknown",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut evaluated = Evaluated { policy, known: HashMap::new() };
    policy.document().elements().for_each(|it| check_element(&mut evaluated, it, findings));
}

/// The places where the service may evaluate resolvers. Elsewhere braces are text.
fn check_element<'p>(evaluated: &mut Evaluated<'p>, element: Element<'p>, findings: &mut Findings<'_>) {
    match element.name() {
        "InputClaim" | "OutputClaim" | "PersistedClaim" => {
            for name in ["DefaultValue", "PartnerClaimType"] {
                if let Some(attribute) = element.attribute(name) {
                    let is_evaluated = || evaluated.is(element, name);
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
                None => {
                    diagnostic.help(format!("resolvers begin with one of {}", names.map(|it| format!("`{it}`")).join(", ")))
                }
            };
        }
        _ => {}
    }
}

/// Which lists of which profiles evaluate resolvers; a profile is merged once, however many mistakes it has.
struct Evaluated<'p> {
    policy: &'p Policy,
    known: HashMap<(&'p str, &'p str, &'static str), bool>,
}

impl<'p> Evaluated<'p> {
    fn is(&mut self, claim: Element<'p>, attribute: &'static str) -> bool {
        let Some(owner) = claim.parent().and_then(Element::parent).filter(|it| it.name() == "TechnicalProfile") else {
            return false;
        };
        let of_relying_party = owner.parent().is_some_and(|it| it.name() == "RelyingParty");
        let id = if of_relying_party { "" } else { owner.attribute("Id").map_or("", |it| it.value()) };
        let policy = self.policy;
        *self.known.entry((id, claim.name(), attribute)).or_insert_with(|| {
            let profile = match of_relying_party {
                true => policy.relying_party().and_then(|it| it.technical_profile()),
                false => policy.technical_profile(id),
            };
            let place = match (claim.name(), attribute) {
                (_, "PartnerClaimType") => Place::PartnerClaimType,
                ("OutputClaim", _) if of_relying_party => Place::RelyingPartyOutput,
                ("OutputClaim", _) => Place::OutputClaim,
                ("PersistedClaim", _) => Place::PersistedClaim,
                _ => Place::InputClaim,
            };
            profile.is_some_and(|it| {
                let is_set = it.metadata("IncludeClaimResolvingInClaimsHandling").is_some_and(|it| it.value == "true");
                let flag = if is_set { ResolvingFlag::Set } else { ResolvingFlag::Unset };
                let rule = place_rule(&it.kind(None), place, flag);
                matches!(rule, PlaceRule::Resolves | PlaceRule::ResolvesTokenResponse)
            })
        })
    }
}

fn list(namespace: Namespace) -> String {
    namespace.names().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
