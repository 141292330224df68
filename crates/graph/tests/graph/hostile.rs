//! What no exchange can write down: large bodies, a broken tenant, an answer without a token, and requests of any bytes.

use std::sync::{Arc, LazyLock};

use http::Method;
use proptest::prelude::*;
use serde_json::Value;
use wayfarer_graph::{BearerToken, Context, Detail, Request, Response, unauthenticated};
use wayfarer_store::{Documents, Folder};

use crate::runner::{NOW, Place, ROOT, Shelf, folder, random, send};

fn request<'a>(method: &'a Method, path: &'a str, content_type: &'a str, body: &'a [u8]) -> Request<'a> {
    Request { method, path, query: None, content_type: Some(content_type), client_request_id: None, body }
}

fn code(response: &Response) -> (u16, String) {
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), body["error"]["code"].as_str().unwrap().to_owned())
}

#[test]
fn bodies_end_somewhere() {
    let (place, shelf) = (folder(), Shelf::default());
    let json = format!(r#"{{"displayName":"{}"}}"#, "x".repeat(1024 * 1024));
    let found = send(
        &place.documents,
        &shelf,
        &request(&Method::POST, "/graph/v1.0/applications", "application/json", json.as_bytes()),
    );
    assert_eq!(code(&found), (413, "RequestEntityTooLarge".to_owned()));
    let policy = |bytes: usize| {
        let start = r#"<TrustFrameworkPolicy PolicyId="B2C_1A_X">"#;
        let end = "</TrustFrameworkPolicy>";
        format!("{start}{}{end}", " ".repeat(bytes - start.len() - end.len()))
    };
    let path = "/graph/beta/trustFramework/policies/B2C_1A_X/$value";
    let (most, more) = (policy(1024 * 1024), policy(1024 * 1024 + 1));
    let found = send(&place.documents, &shelf, &request(&Method::PUT, path, "application/xml", more.as_bytes()));
    assert_eq!(code(&found), (413, "RequestEntityTooLarge".to_owned()));
    let found = send(&place.documents, &shelf, &request(&Method::PUT, path, "application/xml", most.as_bytes()));
    assert_eq!(found.status(), 201);
}

#[test]
fn json_that_nests_without_end_is_refused() {
    let (place, shelf) = (folder(), Shelf::default());
    for body in ["[".repeat(100_000), r#"{"optionalClaims":"#.repeat(10_000)] {
        let found = send(
            &place.documents,
            &shelf,
            &request(&Method::POST, "/graph/v1.0/applications", "application/json", body.as_bytes()),
        );
        assert_eq!(code(&found), (400, "BadRequest".to_owned()));
    }
}

#[test]
fn a_broken_tenant_is_told_to_the_log_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tenant.toml"), "name = 5").unwrap();
    let documents: Arc<dyn Documents> = Arc::new(Folder::new(folder.path()));
    for path in ["/graph/v1.0/applications", "/graph/v1.0/servicePrincipals/x"] {
        let found = send(&documents, &Shelf::default(), &request(&Method::GET, path, "", b""));
        assert_eq!(code(&found), (500, "InternalServerError".to_owned()));
        let place = folder.path().to_str().unwrap();
        assert!(!String::from_utf8_lossy(found.body()).contains(place));
        assert!(found.extensions().get::<Detail>().unwrap().0.contains("tenant.toml"));
    }
}

#[test]
fn without_a_token_there_is_an_envelope_and_a_challenge() {
    let (place, shelf) = (folder(), Shelf::default());
    let (documents, now) = (&place.documents, NOW.parse().unwrap());
    let context = Context { documents, policies: &shelf, root: ROOT, now, passphrase: None, random: &random };
    assert!(!BearerToken::new("token").accepts(None));
    for id in [Some("mine"), Some("not fit\r\nfor a header"), Some(""), None] {
        let found = unauthenticated(id, &context);
        assert_eq!(code(&found), (401, "InvalidAuthenticationToken".to_owned()));
        assert_eq!(found.headers()["www-authenticate"], "Bearer");
        let own = found.headers()["request-id"].to_str().unwrap();
        assert_eq!(found.headers()["client-request-id"], if id == Some("mine") { "mine" } else { own });
    }
}

/// UTF-16, as Visual Studio can save it: read, completed and given back in its own encoding.
#[test]
fn a_policy_in_utf_16_stays_one() {
    let (place, shelf) = (folder(), Shelf::default());
    let utf16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let sent = utf16("<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n<TrustFrameworkPolicy PolicyId=\"B2C_1A_Ü\"/>");
    let path = "/graph/beta/trustFramework/policies";
    let found = send(&place.documents, &shelf, &request(&Method::POST, path, "application/xml", &sent));
    let kept = utf16(
        "<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n<TrustFrameworkPolicy PolicyId=\"B2C_1A_Ü\" \
         PublicPolicyUri=\"http://contoso.onmicrosoft.com/B2C_1A_Ü\"/>",
    );
    assert_eq!((found.status().as_u16(), found.body().to_vec()), (201, kept));
}

/// One tenant for all of the requests below: none of them is to change it for the worse.
static SHARED: LazyLock<(Place, Shelf)> = LazyLock::new(|| (folder(), Shelf::default()));

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever comes, there is an answer, and one with a body says what it is.
    #[test]
    fn nothing_panics_and_no_tenant_is_broken(
        method in prop::sample::select(vec![Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE]),
        resource in prop::sample::select(vec![
            "v1.0/applications", "beta/servicePrincipals", "beta/trustFramework/policies", "v1.0/servicePrincipals/",
            "beta/trustFramework/keySets", "",
        ]),
        rest in "[()/='$a-zA-Z%0-9.é ]{0,40}",
        query in "([$](filter|select|top|skiptoken)=[()'/:,a-zA-Z0-9%+ &]{0,40})?",
        body in prop_oneof![
            "[\\PC]{0,40}".prop_map(String::into_bytes),
            prop::collection::vec(any::<u8>(), 0..60),
            Just(br#"{"displayName":"x","appRoles":[{"id":null}],"appId":"x"}"#.to_vec()),
            Just(br#"<TrustFrameworkPolicy PolicyId="../x""#.to_vec()),
        ],
    ) {
        let (place, shelf) = &*SHARED;
        let content_type = if resource.contains("policies") { "application/xml" } else { "application/json" };
        let path = format!("/graph/{resource}{rest}");
        let request = Request { query: Some(&query), ..request(&method, &path, content_type, &body) };
        let found = send(&place.documents, shelf, &request);
        prop_assert!(!found.status().is_server_error());
        prop_assert_eq!(found.body().is_empty(), !found.headers().contains_key("content-type"));
    }
}
