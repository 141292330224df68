use crate::rules::profile_items;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "secret-inline",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for item in profile_items::own(policy) {
        let Some(what) = secret_in(item.key, item.value) else { continue };
        findings
            .report(item.span, format!("`{}` of `{}` holds {what} in clear", item.key, item.profile))
            .label("everybody who can read the policy can read it")
            .help("store it as a policy key and name it in `CryptographicKeys`");
    }
}

/// What a text gives away: a secret by its key, or a key in an address. Placeholders, tokens of a settings file and resolvers
/// give nothing away.
fn secret_in(key: &str, value: &str) -> Option<&'static str> {
    let value = value.trim();
    if is_secret_name(key) && is_secret(value) {
        return Some("a secret");
    }
    let (_, query) = value.split_once('?').filter(|_| value.starts_with("http"))?;
    let mut pairs = query.split('&').filter_map(|it| it.split_once('='));
    let is_key = |name: &str| matches!(name, "code" | "sig" | "key" | "apikey" | "api_key" | "subscription-key" | "access_token");
    pairs.any(|(name, value)| is_key(&name.to_ascii_lowercase()) && is_secret(value)).then_some("a key of the address")
}

fn is_secret_name(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    matches!(key.as_str(), "client_secret" | "clientsecret" | "secret" | "apikey" | "api_key" | "password" | "accesskey")
}

/// Long enough and of the right characters; what humans leave to be filled in is neither.
fn is_secret(text: &str) -> bool {
    let is_random = text.bytes().any(|it| it.is_ascii_digit()) && text.bytes().any(|it| it.is_ascii_alphabetic());
    let is_left_open = text.contains(['{', '<', ' ']) || text.contains("...") || text.contains("your");
    text.len() >= 16 && is_random && !is_left_open
}
