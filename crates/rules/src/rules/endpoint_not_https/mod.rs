use crate::rules::profile_items;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "endpoint-not-https",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// `ServiceUrl` of REST profiles has a rule of its own.
const ADDRESSES: [&str; 8] = [
    "METADATA",
    "authorization_endpoint",
    "AccessTokenEndpoint",
    "ClaimsEndpoint",
    "request_token_endpoint",
    "access_token_endpoint",
    "PartnerEntity",
    "token_endpoint",
];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for item in profile_items::own(policy).filter(|it| ADDRESSES.contains(&it.key)) {
        if profile_items::is_clear_text(item.value) {
            findings
                .report(item.span, format!("`{}` of `{}` is `http`", item.key, item.profile))
                .label("what is sent can be read and changed on its way")
                .help("write the `https` address");
        }
    }
}
