use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::{Severity, closest};
use wayfarer_model::{Element, Policy};

pub static RULE: Rule = Rule {
    code: "default-partner-protocol-unused",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// The protocols by which claims have names of their own.
const PROTOCOLS: [&str; 4] = ["OAuth1", "OAuth2", "SAML2", "OpenIdConnect"];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let is_row = |it: &Element<'_>| {
        it.name() == "Protocol" && it.parent().is_some_and(|it| it.name() == "DefaultPartnerClaimTypes")
    };
    for name in policy.document().elements().filter(is_row).filter_map(|it| it.attribute("Name")) {
        if PROTOCOLS.contains(&name.value()) {
            continue;
        }
        let message = format!("a default name for protocol `{}` is never used", name.value());
        let diagnostic = findings.report(name.value_span(), message);
        diagnostic.label("no technical profile takes names by this protocol");
        match closest(name.value(), PROTOCOLS) {
            Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
            None => diagnostic.help(format!("the protocols are {}", PROTOCOLS.join(", "))),
        };
    }
}
