//! Policy keys with a passphrase, and as many as a keyset takes.

use http::Method;
use serde_json::Value;
use wayfarer_graph::{Context, Detail, Request, Response, answer};
use wayfarer_store::{KeyStore, Secret};

use crate::runner::{NOW, Place, ROOT, Shelf, folder, random};

fn post(place: &Place, passphrase: Option<&Secret>, path: &str, body: &str) -> Response {
    let (documents, policies, now) = (&place.documents, &Shelf::default(), NOW.parse().unwrap());
    let context = Context { documents, policies, root: ROOT, now, passphrase, random: &random };
    let path = format!("/graph/beta/trustFramework/keySets{path}");
    let request = Request {
        method: &Method::POST,
        path: &path,
        query: None,
        content_type: Some("application/json"),
        client_request_id: None,
        body: body.as_bytes(),
    };
    answer(&request, &context)
}

#[test]
fn with_a_passphrase_private_parts_are_encrypted() {
    let (place, passphrase) = (folder(), Secret::new("test passphrase"));
    let given = Some(&passphrase);
    assert_eq!(post(&place, given, "", r#"{"id":"A"}"#).status(), 201);
    assert_eq!(post(&place, given, "/B2C_1A_A/generateKey", r#"{"use":"sig","kty":"RSA"}"#).status(), 200);
    let text = place.documents.read("keys/B2C_1A_A.json").unwrap().unwrap();
    assert!(text.contains("encrypted_pkcs8") && !text.contains("\"pkcs8\""), "{}", text.as_str());
    let mut keys = KeyStore::new(place.documents.clone()).get("B2C_1A_A").unwrap().unwrap();
    keys.unlock(given, NOW.parse().unwrap()).unwrap();
    assert!(keys.active(NOW.parse().unwrap()).unwrap().pkcs8().is_ok());
    // Without it the server can't add to what is encrypted: its own mistake, told to its log.
    let refused = post(&place, None, "/B2C_1A_A/generateKey", r#"{"use":"sig","kty":"RSA"}"#);
    assert_eq!(refused.status(), 500);
    assert!(refused.extensions().get::<Detail>().unwrap().0.contains("WAYFARER_KEY_PASSPHRASE"));
    assert_eq!(KeyStore::new(place.documents.clone()).get("B2C_1A_A").unwrap().unwrap().keys().len(), 1);
}

#[test]
fn a_keyset_takes_twenty_keys() {
    let place = folder();
    assert_eq!(post(&place, None, "", r#"{"id":"A"}"#).status(), 201);
    let upload = || post(&place, None, "/B2C_1A_A/uploadSecret", r#"{"use":"enc","k":"x"}"#);
    for _ in 0..20 {
        assert_eq!(upload().status(), 200);
    }
    let full = upload();
    let body: Value = serde_json::from_slice(full.body()).unwrap();
    assert_eq!((full.status().as_u16(), body["error"]["code"].as_str()), (400, Some("Request_BadRequest")));
}
