use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "data-uri-unknown",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

const ELEMENTS: &str = "urn:com:microsoft:aad:b2c:elements:";

/// The pages of the older form with all the versions that they have, and what they are called in the newer form (reference
/// "pages", 1.3). Of the newer form versions keep coming, so none is held to be unknown.
const PAGES: [(&str, &[&str], &str); 6] = [
    ("globalexception", &["1.0.0", "1.1.0"], "globalexception"),
    ("idpselection", &["1.0.0"], "providerselection"),
    ("multifactor", &["1.0.0", "1.1.0"], "multifactor"),
    ("selfasserted", &["1.0.0", "1.1.0"], "selfasserted"),
    ("unifiedssd", &["1.0.0"], "unifiedssd"),
    ("unifiedssp", &["1.0.0", "1.1.0"], "unifiedssp"),
];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for element in policy.document().elements().filter(|it| it.is_policy() && it.name() == "DataUri") {
        let (uri, Some(span)) = (element.text().trim(), element.text_span()) else { continue };
        let Some((page, version)) = uri.strip_prefix(ELEMENTS).and_then(|it| it.split_once(':')) else { continue };
        let known = PAGES.iter().find(|it| it.0 == page);
        if page == "contract" || known.is_some_and(|it| it.1.contains(&version)) {
            continue;
        }
        let help = match known {
            Some((_, _, page)) => format!("write `{ELEMENTS}contract:{page}:{version}`"),
            None => format!("write `{ELEMENTS}contract:`, the page and its version"),
        };
        findings
            .report(span, format!("there is no page `{uri}`"))
            .label("not a version of a page without `contract:`")
            .help(help)
            .refused_as("data-uri-unknown", &[("name", uri)]);
    }
}
