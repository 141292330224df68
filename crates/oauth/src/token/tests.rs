use serde_json::json;

use super::*;

fn guid(text: &str) -> Guid {
    text.parse().unwrap()
}

fn grant(scp: &[&str]) -> Grant {
    Grant {
        client_app_id: guid("11112222-bbbb-3333-cccc-4444dddd5555"),
        client_service_principal_id: guid("22223333-cccc-4444-dddd-5555eeee6666"),
        api_app_id: guid("00001111-aaaa-2222-bbbb-3333cccc4444"),
        scp: scp.iter().map(|value| (*value).to_owned()).collect(),
        scope: "https://contoso.onmicrosoft.com/api/.default".into(),
    }
}

fn issuer(pattern: IssuanceClaimPattern) -> Issuer<'static> {
    let tenant_id = guid("aaaabbbb-0000-cccc-1111-dddd2222eeee");
    Issuer { origin: "https://contoso.b2clogin.com", tenant_id, policy_id: "B2C_1A_SUSI", pattern }
}

fn payload(scp: &[&str], policy: &[(&str, Value)]) -> AccessTokenPayload {
    let policy: Vec<_> = policy.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let lifetime = Lifetime { not_before: 1_645_172_292, seconds: 3600 };
    access_token_payload(&grant(scp), &issuer(IssuanceClaimPattern::default()), lifetime, &policy)
}

fn names(payload: &AccessTokenPayload) -> Vec<&str> {
    payload.claims.keys().map(String::as_str).collect()
}

/// Order and values of `tokens.md` 2, numbers of the client credentials article.
#[test]
fn system_claims_in_their_order() {
    let expected = concat!(
        r#"{"aud":"00001111-aaaa-2222-bbbb-3333cccc4444","#,
        r#""iss":"https://contoso.b2clogin.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0/","#,
        r#""exp":1645175892,"nbf":1645172292,"sub":"22223333-cccc-4444-dddd-5555eeee6666","#,
        r#""scp":"app.read app.write","azpacr":"1","oid":"22223333-cccc-4444-dddd-5555eeee6666","#,
        r#""tid":"aaaabbbb-0000-cccc-1111-dddd2222eeee","ver":"2.0","#,
        r#""azp":"11112222-bbbb-3333-cccc-4444dddd5555","iat":1645172292}"#
    );
    assert_eq!(Value::Object(payload(&["app.read", "app.write"], &[]).claims).to_string(), expected);
}

#[test]
fn no_role_no_scp() {
    let payload = payload(&[], &[]);
    assert_eq!(names(&payload), ["aud", "iss", "exp", "nbf", "sub", "azpacr", "oid", "tid", "ver", "azp", "iat"]);
}

#[test]
fn policy_claims_stand_between_nbf_and_scp() {
    let rows = [("department", json!("x")), ("sub", Value::Null), ("tid", json!("own")), ("roles", json!(["a"]))];
    let payload = payload(&["app.read"], &rows);
    let order =
        ["aud", "iss", "exp", "nbf", "department", "sub", "tid", "roles", "scp", "azpacr", "oid", "ver", "azp", "iat"];
    assert_eq!(names(&payload), order);
    assert_eq!(payload.claims["sub"], "22223333-cccc-4444-dddd-5555eeee6666");
    assert_eq!(payload.claims["tid"], "own");
    assert!(payload.dropped.is_empty());
}

#[test]
fn the_policy_may_say_who_the_subject_is_unless_it_says_nothing() {
    assert_eq!(payload(&[], &[("sub", json!("policy"))]).claims["sub"], "policy");
    assert_eq!(payload(&[], &[("sub", json!(""))]).claims["sub"], "22223333-cccc-4444-dddd-5555eeee6666");
    let twice = payload(&[], &[("sub", Value::Null), ("a", json!(1)), ("sub", json!("policy"))]);
    assert_eq!(twice.claims["sub"], "policy");
    assert_eq!(names(&twice)[4..6], ["a", "sub"]);
}

#[test]
fn what_the_protocol_owns_is_dropped_and_told() {
    let rows = [
        ("aud", json!("evil")),
        ("ver", json!("1.0")),
        ("nonce", Value::Null),
        ("acr", json!("x")),
        ("scp", json!("all")),
    ];
    let payload = payload(&["app.read"], &rows);
    assert_eq!(payload.dropped, ["aud", "ver", "scp"]);
    assert_eq!(payload.claims["aud"], "00001111-aaaa-2222-bbbb-3333cccc4444");
    assert_eq!((&payload.claims["ver"], &payload.claims["scp"]), (&json!("2.0"), &json!("app.read")));
    assert_eq!(payload.claims["acr"], "x");
    assert_eq!(payload.claims.get("nonce"), None);
}

#[test]
fn of_one_name_the_last_with_a_value_counts() {
    let rows =
        [("a", json!(1)), ("a", json!(2)), ("b", json!(0)), ("a", Value::Null), ("b", json!("")), ("c", json!(""))];
    let payload = payload(&[], &rows);
    assert_eq!((&payload.claims["a"], &payload.claims["b"], payload.claims.get("c")), (&json!(2), &json!(0), None));
}

#[test]
fn issuer_patterns() {
    let tfp = "AuthorityWithTfp".parse().unwrap();
    let expected = "https://contoso.b2clogin.com/tfp/aaaabbbb-0000-cccc-1111-dddd2222eeee/b2c_1a_susi/v2.0/";
    assert_eq!(issuer(tfp).uri(), expected);
    assert!("authoritywithtfp".parse::<IssuanceClaimPattern>().is_err());
}

/// Signed, then verified with nothing but the JWKS and aws-lc-rs.
#[test]
fn a_signed_token_verifies_with_the_published_key() {
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
    let folder = tempfile::tempdir().unwrap();
    let now = "2025-06-01T00:00:00Z".parse().unwrap();
    let store = wayfarer_store::KeyStore::new(std::sync::Arc::new(wayfarer_store::Folder::new(folder.path())));
    let keys = store.get_or_create("B2C_1A_TokenSigningKeyContainer", wayfarer_store::KeyUse::Signature, now).unwrap();
    let claims = payload(&["app.read"], &[("z", json!("é")), ("a", json!(1))]).claims;
    let other = crate::jose::SigningKey::new(keys.active(now).unwrap()).unwrap();
    let signer = other.clone();
    drop(other);
    let token = crate::jose::sign(&signer, &claims).unwrap();

    let jwks = crate::metadata::jwks(&keys, now);
    let jwk = &jwks["keys"][0];
    assert_eq!(jwk.as_object().unwrap().keys().collect::<Vec<_>>(), ["kid", "use", "kty", "e", "n"]);
    let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, body) = message.split_once('.').unwrap();
    let kid = jwk["kid"].as_str().unwrap();
    assert_eq!(String::from_utf8(decode(header)).unwrap(), format!(r#"{{"typ":"JWT","alg":"RS256","kid":"{kid}"}}"#));
    assert_eq!(String::from_utf8(decode(body)).unwrap(), Value::Object(claims).to_string());
    let (n, e) = (decode(jwk["n"].as_str().unwrap()), decode(jwk["e"].as_str().unwrap()));
    let public = RsaPublicKeyComponents { n, e };
    public.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &decode(signature)).unwrap();
    assert!(public.verify(&RSA_PKCS1_2048_8192_SHA256, header.as_bytes(), &decode(signature)).is_err());
    assert!(!format!("{signer:?} {keys:?}").contains("MII"));
}
