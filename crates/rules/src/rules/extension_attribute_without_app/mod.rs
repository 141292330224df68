use crate::rules::claim_rows::{Profiles, rows};
use crate::{Findings, Phase, Rule};
use std::collections::HashSet;
use wayfarer_builtins::providers::ProfileKind;
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "extension-attribute-without-app",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// The metadata that names the app which extension attributes belong to.
const APP: [&str; 2] = ["ClientId", "ApplicationObjectId"];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    // A base that is not there may have the metadata.
    if !policy.is_complete() {
        return;
    }
    let (mut profiles, mut told) = (Profiles::of(policy), HashSet::new());
    for row in rows(policy).filter(|it| !it.is_of_relying_party()) {
        let partner = row.element.attribute("PartnerClaimType").filter(|it| !it.value().is_empty());
        let Some(name) = partner.or_else(|| row.claim_type()) else { continue };
        if !name.value().starts_with("extension_") || *profiles.kind(row) != ProfileKind::Directory {
            continue;
        }
        let Some(profile) = policy.technical_profile(row.profile_id()) else { continue };
        let is_absent = |key: &&str| profile.metadata(key).is_none_or(|it| it.value.trim().is_empty());
        let missing: Vec<&str> = APP.iter().filter(|it| is_absent(it)).copied().collect();
        // All rows of a profile lack the same.
        let Some(item) = missing.last().filter(|_| told.insert(row.profile_id())) else { continue };
        let missing = missing.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" and ");
        let profile = row.profile_id();
        let message = format!("`{profile}` has the extension attribute `{}` without {missing} in its metadata", name.value());
        findings
            .report(name.value_span(), message)
            .label("an attribute of the extensions app, which the profile doesn't name")
            .help(format!("add {missing} of the app `b2c-extensions-app`, or include a profile that has them"))
            // Of two that are missing the service was seen to name this one.
            .refused_as("metadata-missing", &[("item", item), ("profile", profile)]);
    }
}
