use std::path::Path;

use serde::Deserialize;
use wayfarer_store::SecretDigest;

use super::*;

const FORM: &[u8] = b"application/x-www-form-urlencoded";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    body: String,
    content_type: Option<String>,
    authorization: Option<String>,
    client: Option<String>,
    error: Option<String>,
    code: Option<u32>,
    status: Option<u16>,
    scp: Option<String>,
    aud: Option<String>,
}

fn tenant(folder: &str) -> Tenant {
    Tenant::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap()
}

fn answer(tenant: &Tenant, case: &Case) -> Result<Grant, TokenError> {
    const DAEMON: &str = "&client_id=00000000-0000-4000-8000-000000000002&client_secret=daemon+secret%2B%26%2541";
    let body = match case.client.as_deref() {
        Some("daemon") => case.body.clone() + DAEMON,
        _ => case.body.clone(),
    };
    let content_type = case.content_type.as_deref().unwrap_or("application/x-www-form-urlencoded");
    let authorization = case.authorization.as_deref().map(str::as_bytes);
    let request = TokenRequest::parse([content_type.as_bytes()], authorization, body.as_bytes())?;
    authorize(tenant, "B2C_1A_SUSI", &request, "2025-06-01T00:00:00Z".parse().unwrap())
}

fn check(tenant: &Tenant, case: &Case) {
    let name = &case.name;
    match answer(tenant, case) {
        Ok(grant) => {
            assert_eq!(case.code, None, "{name}: expected an error, was granted");
            assert_eq!(Some(grant.scp.join(" ")), case.scp, "{name}");
            assert!(case.aud.as_ref().is_none_or(|aud| *aud == grant.api_app_id.to_string()), "{name}");
        }
        Err(error) => {
            assert_eq!(Some(error.code()), case.code, "{name}: {error} ({:?})", error.detail());
            assert_eq!(Some(error.error().as_str()), case.error.as_deref(), "{name}");
            assert_eq!(error.status(), case.status.unwrap_or(400), "{name}");
        }
    }
}

#[test]
fn vectors() {
    let tenant = tenant("src/grants/client_credentials/vectors");
    let vectors: Vectors = toml::from_str(include_str!("vectors.toml")).unwrap();
    vectors.case.iter().for_each(|case| check(&tenant, case));
}

/// The request of the article, and the variant that names the API by its id.
#[test]
fn the_article_is_answered_literally() {
    let tenant = tenant("../../fixtures/contoso-cn");
    for api in ["api", "00001111-aaaa-2222-bbbb-3333cccc4444"] {
        let body = format!(
            "grant_type=client_credentials&client_id=11112222-bbbb-3333-cccc-4444dddd5555&client_secret=FyX7Q~DuPJ...\
             &scope=https%3A%2F%2Fcontoso.partner.onmschina.cn%2F{api}%2F.default"
        );
        let request = TokenRequest::parse([FORM], [], body.as_bytes()).unwrap();
        let grant = authorize(&tenant, "B2C_1A_SUSI", &request, "2026-01-01T00:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(grant.scp, ["app.read", "app.write"]);
        assert_eq!(grant.api_app_id.to_string(), "00001111-aaaa-2222-bbbb-3333cccc4444");
        assert_eq!(grant.client_app_id.to_string(), "11112222-bbbb-3333-cccc-4444dddd5555");
    }
}

#[test]
fn run_needs_neither_secret_nor_names() {
    let tenant = tenant("../../fixtures/contoso");
    let client = default_client(&tenant).unwrap();
    assert_eq!(client.name, "ClientCredentials_app");
    let scope = default_scope(&tenant, client).unwrap();
    assert_eq!(scope, "https://contoso.onmicrosoft.com/api/.default");
    assert_eq!(authorize_without_secret(&tenant, client, Some(&scope)).unwrap().scp, ["app.read", "app.write"]);
    assert_eq!(authorize_without_secret(&tenant, client, None).unwrap_err().code(), 90010);
}

#[test]
fn several_clients_are_listed_and_none_is_guessed() {
    let tenant = tenant("src/grants/client_credentials/vectors");
    let error = default_client(&tenant).unwrap_err().to_string();
    assert!(error.contains("daemon (00000000-0000-4000-8000-000000000002), disabled ("), "{error}");
    let configured = tenant.find("configured-only").unwrap();
    assert!(default_scope(&tenant, configured).unwrap_err().to_string().contains("--scope"));
}

#[test]
fn the_reason_is_for_the_log_only() {
    let tenant = tenant("src/grants/client_credentials/vectors");
    let reason = |secret: &str| {
        let body = format!(
            "grant_type=client_credentials&client_id=00000000-0000-4000-8000-000000000002&client_secret={secret}"
        );
        let request = TokenRequest::parse([FORM], [], body.as_bytes()).unwrap();
        let error = authorize(&tenant, "p", &request, "2025-06-01T00:00:00Z".parse().unwrap()).unwrap_err();
        (error.to_string(), error.detail().unwrap_or_default().to_owned())
    };
    assert_eq!(reason("expired").0, reason("wrong").0);
    assert_eq!(reason("expired").1, "the client secret has expired");
    assert_eq!(reason("future").1, "the client secret is not valid yet");
}

/// Where there is no client, another app is judged in its place: that one's secret opens nothing either.
#[test]
fn an_unknown_client_is_nobody_with_any_secret() {
    let tenant = tenant("src/grants/client_credentials/vectors");
    let credentials = tenant.apps().iter().flat_map(|app| &app.password_credentials);
    let secrets: Vec<&str> =
        credentials.filter_map(|it| it.digest.as_ref().and_then(SecretDigest::development_secret)).collect();
    assert!(secrets.contains(&"partly") && secrets.contains(&"principal"), "{secrets:?}");
    for client_id in ["99999999-0000-4000-8000-000000000002", "nobody"] {
        for secret in secrets.iter().map(|it| it.replace('%', "%25").replace('+', "%2B").replace('&', "%26")) {
            let body = format!(
                "grant_type=client_credentials&client_id={client_id}&client_secret={secret}\
                 &scope=https://contoso.onmicrosoft.com/api/.default"
            );
            let request = TokenRequest::parse([FORM], [], body.as_bytes()).unwrap();
            let error = authorize(&tenant, "p", &request, "2025-06-01T00:00:00Z".parse().unwrap()).unwrap_err();
            assert_eq!(error.code(), 90018, "{secret}");
        }
    }
}

/// A tenant without apps has nobody to stand in.
#[test]
fn a_tenant_without_apps_knows_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let settings = include_str!("vectors/tenant.toml");
    #[expect(clippy::disallowed_methods, reason = "a test is the edge: it makes a tenant of its own")]
    std::fs::write(folder.path().join("tenant.toml"), settings).unwrap();
    let tenant = Tenant::load(folder.path()).unwrap();
    let body = "grant_type=client_credentials&client_id=x&client_secret=y&scope=z";
    let request = TokenRequest::parse([FORM], [], body.as_bytes()).unwrap();
    let error = authorize(&tenant, "p", &request, "2025-06-01T00:00:00Z".parse().unwrap()).unwrap_err();
    assert_eq!(error.code(), 90018);
}
