use crate::rules::profile_items;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "insecure-auth-allowed",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    // In development the setting has no effect.
    if policy.root_attribute("DeploymentMode").is_some_and(|it| it.value != "Production") {
        return;
    }
    for item in profile_items::own(policy).filter(|it| it.key == "AllowInsecureAuthInProduction") {
        if item.value.eq_ignore_ascii_case("true") {
            findings
                .report(item.span, format!("`{}` may call its API without authentication in production", item.profile))
                .label("anybody who knows the address can call the API")
                .help("set `AuthenticationType` to Basic, ClientCertificate, Bearer or ApiKeyHeader, and remove this item");
        }
    }
}
