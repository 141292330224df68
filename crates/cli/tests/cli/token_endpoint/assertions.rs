//! Tokens that come in: RFC 8725. The service takes none, so each is refused unread, and nothing that one names is fetched.

use super::request::{SECRET, TOKEN, URLENCODED, form};
use super::{keys, refused, server};
use crate::http::{Answer, post, send};
use crate::jwt::base64url;
use crate::sandbox::{Sandbox, Server};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use std::io::ErrorKind;
use std::net::TcpListener;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const DAEMON: &str = "00000000-0000-4000-8000-000000000002";

/// A listener that nobody may call.
struct Canary(TcpListener);

impl Canary {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener that does not wait");
        Self(listener)
    }

    fn url(&self) -> String {
        format!("http://{}/keys", self.0.local_addr().expect("an address"))
    }

    #[track_caller]
    fn is_untouched(&self) {
        let caller = self.0.accept();
        assert!(caller.as_ref().is_err_and(|it| it.kind() == ErrorKind::WouldBlock), "{caller:?} called");
    }
}

/// `header.payload.signature` of these texts.
fn token(header: &str, payload: &str, signature: &[u8]) -> String {
    let [header, payload] = [header, payload].map(|it| URL_SAFE_NO_PAD.encode(it));
    format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Signed with HMAC under a key that everybody knows: the algorithm confusion of RFC 8725 section 2.1.
fn hs256(kid: &Value, payload: &str, public: &[u8]) -> String {
    let unsigned = token(&format!(r#"{{"alg":"HS256","kid":{kid}}}"#), payload, b"");
    let unsigned = unsigned.trim_end_matches('.');
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, public), unsigned.as_bytes());
    format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn ask(server: &Server, more: &[(&str, &str)]) -> Answer {
    let own = [
        ("grant_type", "client_credentials"),
        ("client_id", DAEMON),
        ("scope", "https://contoso.onmicrosoft.com/api/.default"),
    ];
    let pairs: Vec<_> = own.iter().chain(more).map(|(name, it)| ((*name).to_owned(), (*it).to_owned())).collect();
    post(&server.address, TOKEN, &[("Host", "localhost"), ("Content-Type", URLENCODED)], form(&pairs).as_bytes())
}

fn own_token(server: &Server) -> String {
    ask(server, &[("client_secret", SECRET)]).token()
}

#[track_caller]
fn not_taken(answer: &Answer, name: &str) {
    refused(answer, "400 invalid_request 99027", Some("B2C_1A_ClientCredentials"), name);
}

#[test]
fn a_client_assertion_is_refused_whatever_it_holds() {
    let sandbox = Sandbox::new();
    let (server, canary) = (server(&sandbox), Canary::new());
    let (own, jwks) = (own_token(&server), keys(&server));
    let (kid, url) = (&jwks["keys"][0]["kid"], canary.url());
    let payload = format!(r#"{{"iss":"{DAEMON}","sub":"{DAEMON}","aud":"http://localhost{TOKEN}","exp":4102444800}}"#);
    let with = |header: &str| token(header, &payload, b"signature");
    let holding = |payload: &str| token(r#"{"alg":"RS256","typ":"JWT"}"#, payload, b"signature");
    let jwk = &jwks["keys"][0];
    let modulus = base64url(jwk["n"].as_str().expect("a modulus"));
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let (header, rest) = own.split_once('.').expect("three parts");
    let (claims, _) = rest.split_once('.').expect("three parts");
    let assertions = [
        ("no token", "e".to_owned()),
        ("two parts", "e.e".to_owned()),
        ("three empty parts", "..".to_owned()),
        ("five parts, as a JWE has", "e.e.e.e.e".to_owned()),
        ("no base64", "\u{0}.<>.\u{e9}".to_owned()),
        ("alg none", with(r#"{"alg":"none"}"#).rsplit_once('.').expect("a signature").0.to_owned() + "."),
        ("alg nOnE", with(r#"{"alg":"nOnE"}"#)),
        ("no alg", with("{}")),
        ("alg a number", with(r#"{"alg":256}"#)),
        ("HS256 under the published key's modulus", hs256(kid, &payload, &modulus)),
        ("HS256 under the published key's JSON", hs256(kid, &payload, jwk.to_string().as_bytes())),
        ("HS256 under nothing", hs256(kid, &payload, b"")),
        ("HS256 under the client's secret", hs256(kid, &payload, SECRET.as_bytes())),
        ("a token of our own", own.clone()),
        ("a token of our own without its signature", format!("{header}.{claims}.")),
        ("a token of our own with another header", {
            let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
            format!("{none}.{claims}.")
        }),
        ("kid with a path", with(r#"{"alg":"RS256","kid":"../../keys/B2C_1A_TokenSigningKeyContainer"}"#)),
        ("kid of a file", with(r#"{"alg":"HS256","kid":"/dev/null"}"#)),
        ("kid with SQL", with(r#"{"alg":"RS256","kid":"x' UNION SELECT 'key' --"}"#)),
        ("kid with NUL", with(r#"{"alg":"RS256","kid":"\u0000"}"#)),
        ("kid a list", with(r#"{"alg":"RS256","kid":["a","b"]}"#)),
        ("jku", with(&format!(r#"{{"alg":"RS256","kid":{kid},"jku":"{url}"}}"#))),
        ("x5u", with(&format!(r#"{{"alg":"RS256","x5u":"{url}"}}"#))),
        ("an embedded jwk", with(&format!(r#"{{"alg":"RS256","jwk":{jwk}}}"#))),
        ("an embedded x5c", with(r#"{"alg":"RS256","x5c":["MIIC"]}"#)),
        ("an unknown crit", with(r#"{"alg":"RS256","crit":["exp","x"],"x":1}"#)),
        ("b64 false", with(r#"{"alg":"RS256","b64":false,"crit":["b64"]}"#)),
        ("compressed", with(r#"{"alg":"RSA-OAEP","enc":"A256GCM","zip":"DEF"}"#)),
        ("another typ", with(r#"{"alg":"RS256","typ":"at+jwt"}"#)),
        ("a token in a token", token(r#"{"alg":"RS256","cty":"JWT"}"#, &own, b"signature")),
        ("alg twice", with(r#"{"alg":"none","alg":"RS256"}"#)),
        ("a claim twice", holding(r#"{"sub":"a","sub":"b"}"#)),
        ("exp beyond every number", holding(r#"{"exp":1e999}"#)),
        ("exp below zero", holding(r#"{"exp":-1}"#)),
        ("exp a text", holding(r#"{"exp":"4102444800"}"#)),
        ("iss of somebody else", holding(r#"{"iss":"https://attacker.example/"}"#)),
        ("aud a list of others", holding(r#"{"aud":["a","b"]}"#)),
        ("a header nested ten thousand deep", token(&deep(10_000), "{}", b"signature")),
        ("a payload nested ten thousand deep", holding(&deep(10_000))),
        ("30 KB of signature", token(r#"{"alg":"RS256"}"#, "{}", &[0; 30_000])),
    ];
    for (name, assertion) in &assertions {
        not_taken(&ask(&server, &[("client_assertion", assertion), ("client_assertion_type", JWT_BEARER)]), name);
    }
    // Half of it, another type, and a secret beside it.
    let assertion = with(r#"{"alg":"RS256"}"#);
    not_taken(&ask(&server, &[("client_assertion", &assertion)]), "no type");
    not_taken(&ask(&server, &[("client_assertion_type", JWT_BEARER)]), "a type alone");
    let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    not_taken(&ask(&server, &[("client_assertion", &assertion), ("client_assertion_type", saml)]), "SAML");
    let secret = ("client_secret", SECRET);
    not_taken(&ask(&server, &[secret, ("client_assertion", &assertion)]), "a good secret beside it");
    canary.is_untouched();
}

#[test]
fn an_empty_client_assertion_is_none() {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    let empty = [("client_assertion", ""), ("client_assertion_type", "")];
    refused(&ask(&server, &empty), "400 invalid_request 90079", None, "nothing proves the client");
}

#[test]
fn ten_megabytes_of_client_assertion_are_too_large() {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    let assertion = "e".repeat(10_000_000);
    let answer = ask(&server, &[("client_assertion", &assertion), ("client_assertion_type", JWT_BEARER)]);
    assert_eq!(answer.status, 413, "{answer:#?}");
    own_token(&server);
}

/// A token of ours is for the API that it names, and no proof of the client that it was made for.
#[test]
fn a_token_of_our_own_opens_nothing_here() {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    let own = own_token(&server);
    let bearer = |form: &str| {
        let head = format!(
            "POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {URLENCODED}\r\nAuthorization: Bearer {own}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
            form.len()
        );
        send(&server.address, head.as_bytes())
    };
    let scope = "scope=https://contoso.onmicrosoft.com/api/.default";
    let answer = bearer(&format!("grant_type=client_credentials&client_id={DAEMON}&{scope}"));
    refused(&answer, "401 invalid_client 90081", None, "as Bearer");
    let answer = bearer(&format!("grant_type=client_credentials&{scope}"));
    refused(&answer, "401 invalid_client 90081", None, "as Bearer, and no client_id");
    let answer = ask(&server, &[("client_secret", &own)]);
    refused(&answer, "400 invalid_client 90081", None, "as a secret");
    let jwt_bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    let exchanged = format!("grant_type={jwt_bearer}&assertion={own}&client_id={DAEMON}&{scope}");
    let answer =
        post(&server.address, TOKEN, &[("Host", "localhost"), ("Content-Type", URLENCODED)], exchanged.as_bytes());
    refused(&answer, "400 unsupported_grant_type 90086", Some(jwt_bearer), "as an assertion");
    assert!(!server.log().contains(&own[..60]), "a token is never logged");
}

/// Parameters that other endpoints and other services fetch: here they are unknown, and ignored.
#[test]
fn addresses_in_the_request_are_not_fetched() {
    let sandbox = Sandbox::new();
    let (server, canary) = (server(&sandbox), Canary::new());
    let url = canary.url();
    let request = token(&format!(r#"{{"alg":"RS256","jku":"{url}"}}"#), "{}", b"signature");
    let names = ["request_uri", "jwks_uri", "sector_identifier_uri", "redirect_uri", "client_uri", "resource_uri"];
    let mut more: Vec<(&str, &str)> = names.iter().map(|name| (*name, url.as_str())).collect();
    more.extend([("request", request.as_str()), ("id_token_hint", &request), ("client_secret", SECRET)]);
    ask(&server, &more).token();
    canary.is_untouched();
}
