//! `wayfarer serve` while its keys change: without a restart, and without a token that can't be verified.

use crate::http::{get, post_form};
use crate::jwt;
use crate::sandbox::{Ended, Sandbox, Server};
use serde_json::Value;
use std::thread;
use std::time::{Duration, Instant};

const SIGNING: &str = "B2C_1A_TokenSigningKeyContainer";
const POLICIES: &str = "policies/client-credentials";
const FORM: &str = "grant_type=client_credentials&client_id=3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521&client_secret=dev.ContosoClientCredentialsSecret000001&scope=https%3A%2F%2Fcontoso.onmicrosoft.com%2Fapi%2F.default";
/// What changes is served within two seconds; a machine that does other things may take longer.
const PATIENCE: Duration = Duration::from_secs(60);

fn token(server: &Server) -> String {
    let path = format!("/{}/B2C_1A_ClientCredentials/oauth2/v2.0/token", server.tenant);
    post_form(&server.address, &path, &server.address, FORM).token()
}

fn signer(server: &Server) -> String {
    jwt::read(&token(server)).0["kid"].as_str().expect("a kid").to_owned()
}

#[track_caller]
fn jwks(server: &Server) -> Value {
    let answer = get(&server.address, &format!("/{}/B2C_1A_ClientCredentials/discovery/v2.0/keys", server.tenant));
    assert_eq!(answer.status, 200, "{answer:#?}");
    answer.json()
}

fn published(server: &Server) -> Vec<String> {
    let keys = jwks(server);
    keys["keys"].as_array().expect("keys").iter().map(|it| it["kid"].as_str().expect("a kid").to_owned()).collect()
}

/// Asks until it is so.
#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        thread::yield_now();
    }
}

#[track_caller]
fn key(sandbox: &Sandbox, tenant: &str, arguments: &[&str]) -> Ended {
    let ended = sandbox.wayfarer(&[&["key", "--tenant", tenant, "--format", "json"], arguments].concat());
    ended.fine();
    ended
}

/// Five rotations without any lead, while a client asks on: what was signed before, between and after them is verified by
/// the JWKS that is read after it was signed, and by the last one.
#[test]
fn every_token_is_verified_across_rotations() {
    let sandbox = Sandbox::new();
    let tenant = sandbox.tenant("contoso");
    let server = sandbox.serve(&[POLICIES, "--tenant", &tenant, "--rate-limit", "off"]);
    let mut tokens = vec![token(&server)];
    for _ in 0..5 {
        let new = key(&sandbox, &tenant, &["rotate", SIGNING, "--lead", "0"]).json()["rotation"]["kid"].clone();
        until("the new key signs", || {
            let token = token(&server);
            let is_new = jwt::read(&token).0["kid"] == new;
            assert!(jwt::is_signed_by(&token, &jwks(&server)));
            tokens.push(token);
            is_new
        });
    }
    let last = jwks(&server);
    assert_eq!(last["keys"].as_array().unwrap().len(), 6);
    assert!(tokens.iter().all(|it| jwt::is_signed_by(it, &last)), "{} tokens", tokens.len());
}

/// `limits.md` 7, R4: published, then signing, and the one before stays.
#[test]
fn a_new_key_is_published_before_it_signs() {
    let sandbox = Sandbox::new();
    let tenant = sandbox.tenant("contoso");
    let server = sandbox.serve(&[POLICIES, "--tenant", &tenant, "--rate-limit", "off"]);
    let old = signer(&server);
    let new = key(&sandbox, &tenant, &["rotate", SIGNING, "--lead", "15s"]).json()["rotation"].clone();
    let (new, from) = (new["kid"].as_str().unwrap().to_owned(), new["signs_from"].as_i64().unwrap());
    until("the new key is published", || published(&server) == [old.clone(), new.clone()]);
    let held = jwks(&server);
    until("the new key signs", || {
        let token = token(&server);
        assert!(jwt::is_signed_by(&token, &held), "also for who kept the JWKS since then");
        let (header, claims) = jwt::read(&token);
        assert_eq!(
            header["kid"] == new.as_str(),
            claims["iat"].as_i64().unwrap() >= from,
            "at its time, to the second"
        );
        header["kid"] == new.as_str()
    });
}

#[test]
fn a_withdrawn_key_is_gone_from_the_jwks_and_from_tokens() {
    let sandbox = Sandbox::new();
    let (folder, database) = (sandbox.tenant("contoso"), sandbox.path("t.sqlite").display().to_string());
    sandbox.wayfarer(&["tenant", "import", &folder, "--database", &database]).fine();
    for place in [["--tenant", &folder], ["--database", &database]] {
        let server = sandbox.serve(&[[POLICIES, "--rate-limit", "off"].as_slice(), &place].concat());
        let bad = signer(&server);
        let withdraw = ["key", "withdraw", SIGNING, &bad, "--format", "json"];
        let withdrawn = sandbox.wayfarer(&[withdraw.as_slice(), &place].concat());
        let next = withdrawn.json()["successor"]["kid"].clone();
        until("the withdrawn key is gone", || published(&server) == [next.as_str().unwrap()]);
        assert_eq!(signer(&server), next);
        let listed = sandbox.wayfarer(&[["key", "list", "--format", "json"].as_slice(), &place].concat()).json();
        assert_eq!(listed[0]["keys"][0]["state"], "disabled");
        sandbox.wayfarer(&[["key", "remove", SIGNING].as_slice(), &place].concat()).fine();
        until("another key is made", || ![bad.as_str(), next.as_str().unwrap()].contains(&signer(&server).as_str()));
    }
}

/// The tenant that is built in has keys that change, too.
#[test]
fn the_keys_of_the_tenant_that_is_built_in_change() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(&[POLICIES, "--rate-limit", "off"]);
    let old = signer(&server);
    sandbox.wayfarer(&["key", "rotate", SIGNING, "--lead", "0"]).fine();
    until("another key signs", || signer(&server) != old);
}

#[test]
fn encrypted_keys_sign_with_the_passphrase_and_are_published_without() {
    let sandbox = Sandbox::new();
    let tenant = sandbox.tenant("contoso");
    let passphrase = sandbox.write("passphrase", "test passphrase\n");
    let with = ["--tenant", &tenant, "--passphrase-file", &passphrase];
    let generate = sandbox.wayfarer(&[["key", "generate", SIGNING].as_slice(), &with].concat());
    assert!(generate.fine().contains("encrypted"), "{generate:#?}");

    let server = sandbox.serve(&[[POLICIES, "--rate-limit", "off"].as_slice(), &with].concat());
    let first = token(&server);
    assert!(jwt::is_signed_by(&first, &jwks(&server)));
    // What is made while it runs is encrypted and opened too.
    let rotate = sandbox.wayfarer(&[["key", "rotate", SIGNING, "--lead", "0"].as_slice(), &with].concat());
    assert!(!rotate.fine().is_empty());
    until("another key signs", || signer(&server) != jwt::read(&first).0["kid"].as_str().unwrap());
    drop(server);

    let server = sandbox.serve(&[POLICIES, "--tenant", &tenant]);
    let path = format!("/{}/B2C_1A_ClientCredentials/oauth2/v2.0/token", server.tenant);
    let refused = post_form(&server.address, &path, &server.address, FORM);
    assert_eq!((refused.status, refused.body.contains("AADB2C90019")), (400, true), "{refused:#?}");
    assert!(!refused.body.contains("PASSPHRASE"), "what is to do is for the log: {refused:#?}");
    assert!(jwt::is_signed_by(&first, &jwks(&server)), "public halves need no passphrase");
    assert!(server.log().contains("set WAYFARER_KEY_PASSPHRASE"), "{}", server.log());
}

/// Not documented, and chosen: nobody keeps the JWKS for longer than a minute on our word.
#[test]
fn the_jwks_may_be_kept_for_a_minute() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(&[POLICIES]);
    let answer = get(&server.address, &format!("/{}/B2C_1A_ClientCredentials/discovery/v2.0/keys", server.tenant));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=60"));
}
