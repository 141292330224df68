use crate::rules::profile_items;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::{Severity, Span};
use wayfarer_model::{Element, Policy};

pub static RULE: Rule = Rule {
    code: "placeholder-app-id",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// What the starter packs and samples leave to be filled in.
const PLACEHOLDERS: [&str; 6] = [
    "ProxyIdentityExperienceFrameworkAppId",
    "IdentityExperienceFrameworkAppId",
    "facebook_clientid",
    "Your Google application ID",
    "your_optional_audience_override",
    "00000000-0000-0000-0000-000000000000",
];
const KEYS: [&str; 5] = ["client_id", "IdTokenAudience", "ClientId", "ApplicationObjectId", "resource_id"];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    // A policy that still has its tenant to be filled in is a template.
    let tenant = policy.root_attribute("TenantId").map_or("", |it| it.value);
    let is_template = tenant.to_ascii_lowercase().starts_with("your") || tenant.contains('{');
    let level = if is_template { Severity::Info } else { Severity::Warning };
    let items = profile_items::own(policy).map(|it| (it.profile, it.key, it.value, it.span));
    for (profile, name, value, span) in items.chain(profile_items::profiles(policy).flat_map(defaults)) {
        if KEYS.contains(&name) && PLACEHOLDERS.contains(&value) {
            findings
                .report_as(level, span, format!("`{name}` of `{profile}` is still `{value}`"))
                .label("a placeholder")
                .help("write the application id (client id) of your own app registration");
        }
    }
}

fn defaults(profile: Element<'_>) -> impl Iterator<Item = (&str, &str, &str, Span)> {
    let id = profile.attribute("Id").map_or("", |it| it.value());
    let rows = profile.children_named("InputClaims").flat_map(|it| it.children_named("InputClaim"));
    rows.filter_map(move |row| {
        let default = row.attribute("DefaultValue")?;
        let claim = row.attribute("ClaimTypeReferenceId")?;
        Some((id, claim.value(), default.value(), default.value_span()))
    })
}
