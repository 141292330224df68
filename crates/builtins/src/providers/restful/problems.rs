//! What can be wrong with the settings of a RESTful profile.

use super::service_url::{ServiceUrl, placeholder};
use super::settings::{SendClaimsIn, service_url};
use crate::providers::{ProfileSettings, ProviderSpec, SettingProblem, SettingSubject, check};
use http::HeaderName;

/// Headers that belong to the connection, not to the policy.
const RESERVED: [&str; 8] =
    ["connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"];

/// Every problem, in the order of metadata, keys and claims.
pub(super) fn check(spec: &'static ProviderSpec, settings: &ProfileSettings) -> Vec<SettingProblem> {
    let mut problems = check::generic(spec, settings);
    if settings.service_url_override.is_some() {
        problems.retain(|it| !(it.rule == "required-metadata" && it.message.contains("`ServiceUrl`")));
    }
    problems.extend(service(settings));
    problems.extend(insecure(settings));
    problems.extend(authentication(settings));
    problems.extend(payload(settings));
    if SendClaimsIn::read(settings) == SendClaimsIn::Header {
        problems.extend((0..settings.inputs.len()).filter_map(|index| header_name(settings, index)));
    }
    problems
}

fn service(settings: &ProfileSettings) -> Vec<SettingProblem> {
    let Some(text) = service_url(settings) else {
        return Vec::new();
    };
    let send = SendClaimsIn::read(settings);
    let subject = || SettingSubject::Metadata("ServiceUrl".to_owned());
    let url = match ServiceUrl::parse(text, send, &settings.inputs) {
        Err(why) => {
            return vec![SettingProblem::blocking("metadata-invalid-value", subject(), format!("`ServiceUrl` {why}"))];
        }
        Ok(url) => url,
    };
    let warning = |rule, message: String| SettingProblem::warning(rule, subject(), message);
    let mut problems: Vec<_> = url
        .unknown_placeholders()
        .map(|it| {
            warning("rest-placeholder", format!("no input claim fills `{{{it}}}` of `ServiceUrl`, so every call fails"))
        })
        .collect();
    if send != SendClaimsIn::Url && placeholder(text).is_some() {
        let message = "`ServiceUrl` has placeholders, which only `SendClaimsIn` = `Url` fills".to_owned();
        problems.push(warning("rest-placeholder", message));
    }
    if settings.service_url_override.is_none() && is_clear_text(text) {
        problems.push(warning("rest-http", "`ServiceUrl` is `http`: claims travel in clear".to_owned()));
    }
    problems
}

fn is_clear_text(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|it| it.scheme() == "http" && !it.host().is_some_and(|host| is_loopback(&host)))
}

fn is_loopback(host: &url::Host<&str>) -> bool {
    match host {
        url::Host::Domain(name) => *name == "localhost",
        url::Host::Ipv4(address) => address.is_loopback(),
        url::Host::Ipv6(address) => address.is_loopback(),
    }
}

/// The upload is refused: `Profile 'X' uses an insecure authentication mode …` (azure-docs issue 49246). A call knows
/// nothing of it.
fn insecure(settings: &ProfileSettings) -> Option<SettingProblem> {
    let none = settings.text("AuthenticationType").is_some_and(|it| it.eq_ignore_ascii_case("None"));
    let allowed = settings.flag("AllowInsecureAuthInProduction") == Some(true);
    let subject = SettingSubject::Metadata("AuthenticationType".to_owned());
    let message = format!("`{}` calls its service without authentication in a production policy", settings.id);
    let problem = SettingProblem::error("rest-insecure", subject, message)
        .help("choose another `AuthenticationType`, or set `AllowInsecureAuthInProduction` to `true`");
    (none && settings.production && !allowed).then_some(problem)
}

fn authentication(settings: &ProfileSettings) -> Vec<SettingProblem> {
    let kind = settings.text("AuthenticationType").unwrap_or_default().to_ascii_lowercase();
    let missing = |ids: &[&str]| {
        ids.iter().filter(|it| settings.key(it).is_none()).map(|it| check::missing_key(settings, it)).collect()
    };
    match kind.as_str() {
        "basic" => missing(&["BasicAuthenticationUsername", "BasicAuthenticationPassword"]),
        "bearer" => match settings.text("UseClaimAsBearerToken") {
            None => missing(&["BearerAuthenticationToken"]),
            Some(claim) => bearer_claim(settings, claim),
        },
        "clientcertificate" => {
            let mut problems: Vec<_> = missing(&["ClientCertificate"]);
            problems.push(not_runnable(settings));
            problems
        }
        "apikeyheader" => api_key(settings),
        _ => Vec::new(),
    }
}

fn not_runnable(settings: &ProfileSettings) -> SettingProblem {
    let subject = SettingSubject::Metadata("AuthenticationType".to_owned());
    let message =
        format!("`{}` can't be called yet: `AuthenticationType` = `ClientCertificate` is not runnable", settings.id);
    blocking_warning("not-runnable", subject, message)
}

/// What keeps us from calling, though the service's verdict is not known.
fn blocking_warning(rule: &'static str, subject: SettingSubject, message: String) -> SettingProblem {
    SettingProblem { blocks: true, ..SettingProblem::warning(rule, subject, message) }
}

fn bearer_claim(settings: &ProfileSettings, claim: &str) -> Vec<SettingProblem> {
    if settings.input(claim).is_some() {
        return Vec::new();
    }
    let subject = SettingSubject::Metadata("UseClaimAsBearerToken".to_owned());
    let message = format!("`UseClaimAsBearerToken` names `{claim}`, which is no input claim of `{}`", settings.id);
    let problem = SettingProblem::error("bearer-claim-absent", subject, message).code("AADB2C90194");
    vec![problem.help(format!("add `<InputClaim ClaimTypeReferenceId=\"{claim}\" />`"))]
}

/// Exactly one key, whose id is the header's name.
fn api_key(settings: &ProfileSettings) -> Vec<SettingProblem> {
    let Some((id, _)) = settings.keys.first() else {
        let message = format!("`{}` has no cryptographic key, whose id would be the header's name", settings.id);
        return vec![SettingProblem::blocking("required-key", SettingSubject::Profile, message).code("AADB2C90025")];
    };
    if id.parse::<HeaderName>().is_err() {
        let message = format!("key id `{id}` is no header name");
        return vec![blocking_warning("rest-header-name", SettingSubject::Key(id.clone()), message)];
    }
    let more = settings.keys.iter().skip(1).map(|(other, _)| {
        let message = format!("`AuthenticationType` = `ApiKeyHeader` sends one header, so `{other}` is not sent");
        SettingProblem::warning("rest-api-key", SettingSubject::Key(other.clone()), message)
    });
    more.collect()
}

fn payload(settings: &ProfileSettings) -> Option<SettingProblem> {
    let claim = settings.text("ClaimUsedForRequestPayload")?;
    let message = if SendClaimsIn::read(settings) != SendClaimsIn::Body {
        "`ClaimUsedForRequestPayload` works only with `SendClaimsIn` = `Body`".to_owned()
    } else if settings.input(claim).is_none() {
        format!("`ClaimUsedForRequestPayload` names `{claim}`, which is no input claim, so the body is empty")
    } else {
        return None;
    };
    let subject = SettingSubject::Metadata("ClaimUsedForRequestPayload".to_owned());
    Some(SettingProblem::warning("rest-payload-claim", subject, message))
}

fn header_name(settings: &ProfileSettings, index: usize) -> Option<SettingProblem> {
    let name = settings.inputs.get(index)?.partner.as_str();
    let message = match name.parse::<HeaderName>() {
        Err(_) => format!("`{name}` is no header name"),
        Ok(header) if RESERVED.contains(&header.as_str()) => format!("header `{name}` belongs to the connection"),
        Ok(_) => return None,
    };
    Some(blocking_warning("rest-header-name", SettingSubject::Input(index), message))
}
