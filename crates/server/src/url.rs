//! B2C's URLs: reference "endpoints", section 1.

use percent_encoding::percent_decode_str;
use wayfarer_oauth::metadata::UrlStyle;

/// What a URL asks for, of which policy of which tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) tenant: String,
    pub(crate) policy: String,
    pub(crate) style: UrlStyle,
    pub(crate) operation: Operation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Token,
    Discovery,
    Keys,
    /// An operation of B2C that is not served yet.
    NotYet(&'static str),
}

/// Reference "endpoints", 1.2; what only exists for journeys with a user.
const NOT_YET: [&str; 6] = [
    "oauth2/v2.0/authorize",
    "oauth2/v2.0/logout",
    "openid/v2.0/userinfo",
    "samlp/metadata",
    "samlp/sso/login",
    "samlp/sso/logout",
];

impl Operation {
    const ALL: [(&'static str, Self); 3] = [
        ("oauth2/v2.0/token", Self::Token),
        ("v2.0/.well-known/openid-configuration", Self::Discovery),
        ("discovery/v2.0/keys", Self::Keys),
    ];

    fn of(path: &str) -> Option<Self> {
        let served = Self::ALL.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(path)).map(|(_, it)| it);
        served.or_else(|| NOT_YET.into_iter().find(|it| it.eq_ignore_ascii_case(path)).map(Self::NotYet))
    }
}

/// Reads `/{tenant}/{policy}/{operation}`, the same behind `/tfp` or `/te`, and `/{tenant}/{operation}?p={policy}`. A path
/// and a query that name different policies name none.
pub(crate) fn parse(path: &str, query: Option<&str>) -> Option<Target> {
    let segments: Vec<String> = path.split('/').filter(|it| !it.is_empty()).map(decode).collect::<Option<_>>()?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let segments = match &segments[..] {
        [first, rest @ ..] if ["tfp", "te"].iter().any(|it| it.eq_ignore_ascii_case(first)) => rest,
        all => all,
    };
    let named = query.and_then(policy_of);
    let [tenant, rest @ ..] = segments else { return None };
    if let Some(operation) = Operation::of(&rest.join("/")) {
        return Some(Target { tenant: (*tenant).to_owned(), policy: named?, style: UrlStyle::Query, operation });
    }
    let [policy, rest @ ..] = rest else { return None };
    let operation = Operation::of(&rest.join("/"))?;
    if named.is_some_and(|it| !it.eq_ignore_ascii_case(policy)) {
        return None;
    }
    Some(Target { tenant: (*tenant).to_owned(), policy: (*policy).to_owned(), style: UrlStyle::Path, operation })
}

/// A part that hides a separator or a control character names nothing.
fn decode(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?.into_owned();
    let is_hidden = |c: char| c == '/' || c == '\\' || c.is_control();
    (!text.contains(is_hidden)).then_some(text)
}

fn policy_of(query: &str) -> Option<String> {
    let value =
        query.split('&').find_map(|it| it.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("p")))?.1;
    decode(value).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Option<(String, String, Operation)> {
        let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
        parse(path, query).map(|it| (it.tenant, it.policy, it.operation))
    }

    #[test]
    fn every_form_of_the_url_names_tenant_policy_and_operation() {
        let token = Some(("contoso".to_owned(), "B2C_1A_X".to_owned(), Operation::Token));
        for url in [
            "/contoso/B2C_1A_X/oauth2/v2.0/token",
            "/tfp/contoso/B2C_1A_X/oauth2/v2.0/token",
            "/te/contoso/B2C_1A_X/oauth2/v2.0/token",
            "/contoso/oauth2/v2.0/token?p=B2C_1A_X",
            "/contoso/B2C_1A_X/OAuth2/v2.0/Token",
            "/contoso/B2C_1A_X/oauth2/v2.0/token?p=b2c_1a_x",
        ] {
            assert_eq!(read(url), token, "{url}");
        }
        for url in [
            "/",
            "/contoso",
            "/contoso/oauth2/v2.0/token",
            "/contoso/oauth2/v2.0/token?p=",
            "/contoso/B2C_1A_X/oauth2/v2.0/token?p=B2C_1A_Y",
            "/contoso/B2C_1A_X/oauth2/v1.0/token",
            "/contoso/v2.0/.well-known/openid-configuration",
            "/contoso/%ff/oauth2/v2.0/token",
            "/../contoso/B2C_1A_X/oauth2/v2.0/token",
            "/contoso/B2C_1A_X/oauth2%2fv2.0/token",
            "/contoso/B2C_1A_X%00/oauth2/v2.0/token",
            "/contoso/..%5cB2C_1A_X/oauth2/v2.0/token",
        ] {
            assert_eq!(read(url), None, "{url}");
        }
    }
}
