//! Tokens that go out: RFC 8725 and RFC 7519, whatever a policy wants to say in them.

use super::request::{TOKEN, URLENCODED, good_form};
use super::{KEYS, keys, tenant};
use crate::http::{get, post, post_form};
use crate::jwt::{base64url, names, read, verified};
use crate::sandbox::{Sandbox, Server};
use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt;
use std::fs;

/// The names of a JSON object's members as they stand: serde_json's own map would keep the last of two.
struct Members(Vec<String>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = map.next_entry()? {
                    names.push(name);
                }
                Ok(Members(names))
            }
        }
        deserializer.deserialize_map(Names)
    }
}

/// Header and payload, each of them without a member that is there twice.
#[track_caller]
fn parts(token: &str) -> (Map<String, Value>, Map<String, Value>) {
    for part in token.split('.').take(2) {
        let Members(names) = serde_json::from_slice(&base64url(part)).expect("an object");
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a member is there twice: {names:?}");
    }
    read(token)
}

/// `policies/client-credentials` with these rows before those of its relying party, each a claim type of its own.
fn serve_with_rows(sandbox: &Sandbox, rows: &[(&str, &str)]) -> Server {
    let types = rows.iter().enumerate().map(|(at, _)| {
        format!("<ClaimType Id=\"own{at}\"><DisplayName>Own</DisplayName><DataType>string</DataType></ClaimType>\n")
    });
    let outputs = rows.iter().enumerate().map(|(at, (name, value))| {
        format!(
            "<OutputClaim ClaimTypeReferenceId=\"own{at}\" PartnerClaimType=\"{name}\" DefaultValue=\"{value}\" AlwaysUseDefaultValue=\"true\" />\n"
        )
    });
    let (types, outputs): (String, String) = (types.collect(), outputs.collect());
    let policies = sandbox.policies("policies", |name, text| match name {
        "TrustFrameworkBase.xml" => text.replacen("<ClaimsSchema>\n", &format!("<ClaimsSchema>\n{types}"), 1),
        "ClientCredentials.xml" => text.replacen("<OutputClaims>\n", &format!("<OutputClaims>\n{outputs}"), 1),
        _ => text,
    });
    sandbox.serve(&[&policies, "--tenant", &tenant(sandbox)])
}

fn ask(server: &Server) -> String {
    post_form(&server.address, TOKEN, "localhost", &good_form(&[])).token()
}

/// Reference "tokens", section 6: the protocol's own claims stay the protocol's.
#[test]
fn a_policy_changes_no_claim_of_the_protocol() {
    let sandbox = Sandbox::new();
    let owned =
        ["aud", "iss", "exp", "nbf", "iat", "azp", "azpacr", "scp", "ver", "nonce", "auth_time", "c_hash", "at_hash"];
    let rows: Vec<(&str, &str)> = owned.iter().map(|name| (*name, "evil")).collect();
    let server = serve_with_rows(&sandbox, &rows);
    let token = ask(&server);
    assert_eq!(verified(&token, &keys(&server)), parts(&token).1);
    let claims = parts(&token).1;
    assert!(!Value::Object(claims.clone()).to_string().contains("evil"), "{claims:#?}");
    let expected = [
        ("aud", "00000000-0000-4000-8000-000000000001"),
        ("iss", "http://localhost/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0/"),
        ("azp", "00000000-0000-4000-8000-000000000002"),
        ("azpacr", "1"),
        ("scp", "app.read app.write"),
        ("ver", "2.0"),
    ];
    expected.iter().for_each(|(name, value)| assert_eq!(claims[*name], *value, "{name}"));
    for name in ["nonce", "auth_time", "c_hash", "at_hash"] {
        assert_eq!(claims.get(name), None, "this grant has no {name}");
    }
}

/// RFC 7519 section 2: numbers, and whole ones; each once; in an order of time.
#[test]
fn times_are_integers() {
    let sandbox = Sandbox::new();
    let server = serve_with_rows(&sandbox, &[("exp", "1.5"), ("nbf", "x"), ("iat", "1e3")]);
    let claims = parts(&ask(&server)).1;
    let second = |name: &str| claims[name].as_i64().unwrap_or_else(|| panic!("{name} is {}", claims[name]));
    assert_eq!((second("nbf"), second("exp")), (second("iat"), second("iat") + 3600));
    let away = (jiff::Timestamp::now().as_second() - second("iat")).abs();
    assert!(away < 60, "{away} s away");
}

/// RFC 8725 sections 3.1 and 3.11: what the header says is not the policy's; in the payload these are names like others.
#[test]
fn a_policy_changes_nothing_in_the_header() {
    let sandbox = Sandbox::new();
    let names_of_header = ["alg", "kid", "typ", "cty", "jku", "jwk", "x5u", "x5c", "x5t", "crit", "zip", "enc"];
    let rows: Vec<(&str, &str)> = names_of_header.iter().map(|name| (*name, "none")).collect();
    let server = serve_with_rows(&sandbox, &rows);
    let (token, jwks) = (ask(&server), keys(&server));
    let (header, claims) = parts(&token);
    let expected = json!({ "typ": "JWT", "alg": "RS256", "kid": jwks["keys"][0]["kid"] });
    assert_eq!(Value::Object(header), expected);
    names_of_header.iter().for_each(|name| assert_eq!(claims[*name], "none", "{name}"));
    verified(&token, &jwks);
}

/// Two rows of one name, the system's `sub`, `oid` and `tid` among them: one member, and the last value (decisions).
#[test]
fn no_member_is_there_twice() {
    let sandbox = Sandbox::new();
    let rows = [
        ("twice", "first"),
        ("sub", "own-sub"),
        ("tid", "own-tid"),
        ("oid", "own-oid"),
        ("twice", "second"),
        ("__proto__", "x"),
        ("a\\u0062", "escaped"),
        ("ab", "plain"),
    ];
    let server = serve_with_rows(&sandbox, &rows);
    let token = ask(&server);
    let claims = parts(&token).1;
    let value = |name: &str| claims[name].as_str().unwrap_or_default();
    assert_eq!((value("twice"), value("sub"), value("oid")), ("second", "own-sub", "own-oid"));
    // The policy's own row for `tid` comes later and has a value.
    assert_eq!(value("tid"), "aaaabbbb-0000-cccc-1111-dddd2222eeee");
    assert_eq!((value("a\\u0062"), value("ab"), value("__proto__")), ("escaped", "plain", "x"));
    verified(&token, &keys(&server));
}

/// Text of a request that a policy puts into the token stays text: it can't close the string that it is in.
#[test]
fn a_request_adds_no_member() {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| {
        text.replace("DefaultValue=\"standard\"", "DefaultValue=\"{OAUTH-KV:plan}\" AlwaysUseDefaultValue=\"true\"")
    });
    let server = sandbox.serve(&[&policies, "--tenant", &tenant(&sandbox)]);
    let ask = |text: &str| {
        let answer = post_form(&server.address, TOKEN, "localhost", &good_form(&[("plan", text)]));
        parts(&answer.token()).1
    };
    for text in ["x\",\"scp\":\"all", "\"\\", "\u{2028}</script>{OAUTH-KV:client_secret}"] {
        let claims = ask(text);
        assert_eq!((&claims["features"], &claims["scp"]), (&json!([text]), &json!("app.read app.write")));
    }
    // Reference "claim-resolvers": control characters are no value.
    assert_eq!(ask("x\u{0}\u{1f}").get("features"), None);
}

/// RFC 9700 section 4.13: anybody can send the headers of a proxy. Only `{Context:IPAddress}` shows what the caller says
/// (reference "endpoints", 3.1), and nothing is decided by it.
#[test]
fn the_headers_of_a_proxy_are_not_believed() {
    let sandbox = Sandbox::new();
    let server = serve_with_rows(&sandbox, &[("host", "{Context:HostName}"), ("ip", "{Context:IPAddress}")]);
    let evil = "evil.example";
    let headers = [
        ("Host", "localhost"),
        ("Content-Type", URLENCODED),
        ("Forwarded", "for=192.0.2.1;host=evil.example;proto=https"),
        ("X-Forwarded-Host", evil),
        ("X-Forwarded-Server", evil),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Prefix", "/evil"),
        ("X-Forwarded-For", "192.0.2.1"),
        ("X-Real-IP", "192.0.2.1"),
        ("X-Azure-ClientIP", "192.0.2.1"),
        ("X-Original-Host", evil),
    ];
    let claims = parts(&post(&server.address, TOKEN, &headers, good_form(&[]).as_bytes()).token()).1;
    let text = Value::Object(claims.clone()).to_string();
    assert!(!text.contains("evil"), "{text}");
    assert_eq!(claims["iss"], "http://localhost/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0/");
    assert_eq!((&claims["host"], &claims["ip"]), (&json!("localhost"), &json!("192.0.2.1")));
}

/// A policy that asks for the client's secret gets nothing.
#[test]
fn no_resolver_tells_the_secret() {
    let sandbox = Sandbox::new();
    let rows = [
        ("one", "x{OAUTH-KV:client_secret}"),
        ("two", "x{oauth-kv:Client_Secret}"),
        ("three", "x{OAUTH-KV:client_assertion}"),
        ("four", "x{OIDC:Password}"),
        ("five", "x{OAUTH-KV:Authorization}"),
    ];
    let server = serve_with_rows(&sandbox, &rows);
    let claims = parts(&ask(&server)).1;
    assert_eq!(super::mark(&Value::Object(claims).to_string()), None);
    assert_eq!(super::mark(&server.log()), None);
}

/// Reference "endpoints", section 1.4: a keyset made for encryption is published as it is, and strict clients refuse it.
#[test]
fn a_key_for_encryption_is_published_as_one() {
    let sandbox = Sandbox::new();
    let folder = tenant(&sandbox);
    let serve = || sandbox.serve(&["policies/client-credentials", "--tenant", &folder]);
    let before = keys(&serve());
    assert_eq!(before["keys"][0]["use"], "sig");
    let file = sandbox.path("tenant/keys/B2C_1A_TokenSigningKeyContainer.json");
    let text = fs::read_to_string(&file).expect("the keyset");
    assert!(text.contains("\"use\": \"sig\""));
    fs::write(&file, text.replace("\"use\": \"sig\"", "\"use\": \"enc\"")).expect("the keyset");
    let after = get(&serve().address, KEYS).json();
    assert_eq!((&after["keys"][0]["use"], &after["keys"][0]["n"]), (&json!("enc"), &before["keys"][0]["n"]));
    assert_eq!(names(after["keys"][0].as_object().expect("a key")), ["kid", "use", "kty", "e", "n"]);
}
