use crate::{Findings, Phase, Rule};
use wayfarer_builtins::resolvers::{Braces, Namespace, Resolver, parse};
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
    policy.document().elements().for_each(|it| check_element(it, findings));
}

/// The places where the service evaluates resolvers. Elsewhere braces are text.
fn check_element(element: Element<'_>, findings: &mut Findings<'_>) {
    match element.name() {
        "InputClaim" | "OutputClaim" | "PersistedClaim" => {
            for name in ["DefaultValue", "PartnerClaimType"] {
                if let Some(attribute) = element.attribute(name) {
                    check_text(attribute.value(), attribute.value_span(), findings);
                }
            }
        }
        "LoadUri" | "Parameter" => {
            if let Some(span) = element.text_span() {
                element.text().split('{').skip(1).filter_map(|it| it.split_once('}')).for_each(|(inner, _)| {
                    check_text(&format!("{{{inner}}}"), span, findings);
                });
            }
        }
        _ => {}
    }
}

fn check_text(text: &str, span: Span, findings: &mut Findings<'_>) {
    match parse(text) {
        Resolver::UnknownName { namespace, name } => {
            let message = format!("there is no claim resolver `{text}`: `{}` has no `{name}`", namespace.as_str());
            let diagnostic = findings.report(span, message);
            diagnostic.label("fails when the journey gets here (AADB2C90044)");
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
                None => diagnostic.help(format!("resolvers begin with one of {}", names.map(|it| format!("`{it}`")).join(", "))),
            };
        }
        _ => {}
    }
}

fn list(namespace: Namespace) -> String {
    namespace.names().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
