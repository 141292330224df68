//! Tokens as a resource server reads them: RFC 7515 and RFC 7518 section 3.3 by hand, with the RSA of aws-lc alone.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

pub(crate) fn base64url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap_or_else(|error| panic!("{text} is no base64url: {error}"))
}

#[track_caller]
fn object(part: &str) -> Map<String, Value> {
    serde_json::from_slice(&base64url(part)).expect("a JSON object")
}

/// Header and payload, nothing verified.
#[track_caller]
pub(crate) fn read(token: &str) -> (Map<String, Value>, Map<String, Value>) {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, _] = parts[..] else { panic!("{} parts: {token}", parts.len()) };
    (object(header), object(payload))
}

/// Whether the key of the set that the header names made the signature. The set must name it exactly once.
#[track_caller]
pub(crate) fn is_signed_by(token: &str, jwks: &Value) -> bool {
    let (header, _) = read(token);
    let keys = jwks["keys"].as_array().expect("keys");
    let named: Vec<&Value> = keys.iter().filter(|it| it["kid"] == header["kid"]).collect();
    let [key] = named[..] else { panic!("{} keys are called {}", named.len(), header["kid"]) };
    assert_eq!((&key["kty"], &key["use"], &header["alg"]), (&"RSA".into(), &"sig".into(), &"RS256".into()));
    let part = |name: &str| base64url(key[name].as_str().expect("a text"));
    let public = RsaPublicKeyComponents { n: part("n"), e: part("e") };
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &base64url(signature)).is_ok()
}

/// Verified by that key set, and no longer when one character of the payload is another.
#[track_caller]
pub(crate) fn verified(token: &str, jwks: &Value) -> Map<String, Value> {
    assert!(is_signed_by(token, jwks), "the signature does not verify: {token}");
    let (header, rest) = token.split_once('.').expect("three parts");
    let flipped = if rest.starts_with('e') { rest.replacen('e', "f", 1) } else { panic!("a payload starts with `{{`") };
    let changed = format!("{header}.{flipped}");
    let (signed, signature) = changed.rsplit_once('.').expect("a signature");
    let key = &jwks["keys"][0];
    let part = |name: &str| base64url(key[name].as_str().expect("a text"));
    let public = RsaPublicKeyComponents { n: part("n"), e: part("e") };
    assert!(public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &base64url(signature)).is_err());
    read(token).1
}

/// The members' names, in order.
pub(crate) fn names(object: &Map<String, Value>) -> Vec<&str> {
    object.keys().map(String::as_str).collect()
}
