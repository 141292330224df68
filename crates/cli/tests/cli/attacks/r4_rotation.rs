//! R4: keys are rotated under load: published, waited for, used, withdrawn. Clients that keep the key set for its time
//! verify every token; what was signed before verifies as long as its key is there; what must not sign any more is gone
//! within a minute.

use super::clients::{Client, Outcome, Way};
use super::{KEYS, get_request, pause, report, serve, size, token_request, wait_until};
use crate::jwt::{base64url, read};
use crate::sandbox::{Sandbox, Server};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// So long clients keep the key set.
const KEPT: Duration = Duration::from_millis(400);
/// A change is noticed within this time, and an emergency is none later.
const MINUTE: Duration = Duration::from_secs(60);

/// The container's file, edited as an operator or `wayfarer key` does: replaced at once.
struct Container {
    file: PathBuf,
    beside: PathBuf,
    keys: Vec<Value>,
    /// Key pairs in turn: to make one takes longer than a rotation.
    pairs: Vec<String>,
    made: usize,
}

impl Container {
    fn of(sandbox: &Sandbox) -> Self {
        let file = sandbox.path("contoso/keys/B2C_1A_TokenSigningKeyContainer.json");
        assert!(wait_until(MINUTE, || file.exists()), "the service makes its key");
        let text = fs::read_to_string(&file).expect("the keyset");
        let keys = serde_json::from_str::<Value>(&text).expect("JSON")["keys"].as_array().expect("keys").clone();
        let pairs = (0..size(1, 5)).map(|_| pkcs8()).collect();
        Self { file, beside: sandbox.path("keyset"), keys, pairs, made: 0 }
    }

    fn write(&self) {
        fs::write(&self.beside, json!({ "keys": self.keys }).to_string()).expect("the file");
        private(&self.beside);
        fs::rename(&self.beside, &self.file).expect("the keyset");
    }

    /// A key that signs from that second on.
    fn add(&mut self, nbf: i64) -> String {
        self.made += 1;
        let kid = format!("rotated-{}", self.made);
        let pkcs8 = &self.pairs[self.made % self.pairs.len()];
        self.keys.push(json!({ "kid": kid, "use": "sig", "kty": "RSA", "nbf": nbf, "pkcs8": pkcs8 }));
        self.write();
        kid
    }

    fn delay(&mut self, kid: &str, nbf: i64) {
        self.keys.iter_mut().filter(|it| it["kid"] == kid).for_each(|it| it["nbf"] = nbf.into());
        self.write();
    }

    fn disable(&mut self, kid: &str) {
        self.keys.iter_mut().filter(|it| it["kid"] == kid).for_each(|it| it["enabled"] = false.into());
        self.write();
    }

    fn remove(&mut self, kid: &str) {
        self.keys.retain(|it| it["kid"] != kid);
        self.write();
    }
}

fn pkcs8() -> String {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    BASE64_STANDARD.encode(pair.as_der().expect("PKCS#8").as_ref())
}

#[cfg(unix)]
fn private(path: &PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("the mode");
}

#[cfg(not(unix))]
fn private(_: &PathBuf) {}

fn now() -> i64 {
    Timestamp::now().as_second()
}

struct Verifier {
    client: Client,
    kept: Option<(Instant, Value)>,
    verified: usize,
    failures: Vec<String>,
}

impl Verifier {
    fn new(server: &Server) -> Self {
        Self { client: Client::new(&server.address, Way::Plain), kept: None, verified: 0, failures: Vec::new() }
    }

    fn json(&mut self, request: &[u8]) -> Result<Value, String> {
        match self.client.ask(request) {
            Outcome::Answered(reply) if reply.status == 200 => {
                serde_json::from_slice(&reply.body).map_err(|it| it.to_string())
            }
            other => Err(format!("{other:?}")),
        }
    }

    fn token(&mut self) -> Result<String, String> {
        Ok(self.json(&token_request())?["access_token"].as_str().ok_or("no token")?.to_owned())
    }

    fn keys(&mut self) -> Result<Value, String> {
        self.json(&get_request(KEYS))
    }

    /// Whether the service publishes that key.
    fn is_published(&mut self, kid: &str) -> bool {
        let keys = self.keys().expect("the key set");
        keys["keys"].as_array().expect("keys").iter().any(|it| it["kid"] == kid)
    }

    /// A token, verified with the key set that this client has kept, which is never fetched before its time.
    fn verify(&mut self) -> Result<(), String> {
        if self.kept.as_ref().is_none_or(|(since, _)| since.elapsed() >= KEPT) {
            self.kept = Some((Instant::now(), self.keys()?));
        }
        let token = self.token()?;
        let (_, keys) = self.kept.as_ref().ok_or("no key set")?;
        verified(&token, keys)
    }

    fn work(mut self, is_over: &AtomicBool) -> Self {
        while !is_over.load(Ordering::Relaxed) {
            match self.verify() {
                Ok(()) => self.verified += 1,
                Err(failure) => self.failures.push(failure),
            }
        }
        self
    }
}

fn signer(token: &str) -> String {
    read(token).0["kid"].as_str().expect("a key id").to_owned()
}

fn verified(token: &str, keys: &Value) -> Result<(), String> {
    let kid = signer(token);
    let key = keys["keys"].as_array().and_then(|all| all.iter().find(|it| it["kid"] == kid.as_str()));
    let key = key.ok_or_else(|| format!("`{kid}` is not in {keys}"))?;
    let part = |name: &str| base64url(key[name].as_str().unwrap_or_default());
    let public = RsaPublicKeyComponents { n: part("n"), e: part("e") };
    let (signed, signature) = token.rsplit_once('.').ok_or("no signature")?;
    let verified = public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &base64url(signature));
    verified.map_err(|_| format!("the signature of `{kid}` is wrong"))
}

/// How long a new key took to be published, and a withdrawn one to be gone.
struct Noticed {
    published: Duration,
    gone: Duration,
}

/// Publish, wait, sign, withdraw.
fn rotate(container: &mut Container, operator: &mut Verifier) -> Noticed {
    let old = operator.token().expect("a token");
    let mut nbf = now() + 2;
    let (added, kid) = (Instant::now(), container.add(nbf));
    assert!(wait_until(MINUTE, || operator.is_published(&kid)), "`{kid}` is published");
    let published = added.elapsed();
    // Clients may have asked a moment before: for that long the key must not sign.
    while now() + 1 >= nbf {
        nbf = now() + 3;
        container.delay(&kid, nbf);
        pause(KEPT);
    }
    let mut signed_by = String::new();
    let signs = || {
        let token = operator.token().expect("a token");
        assert!(signer(&token) != kid || now() >= nbf, "it signs before its time");
        signed_by = signer(&token);
        signed_by == kid
    };
    assert!(wait_until(MINUTE, signs), "`{signed_by}` signs instead of `{kid}`");
    verified(&old, &operator.keys().expect("keys")).expect("old tokens verify as long as their key is there");
    // The last token of the old key may be in a client's hands still.
    pause(KEPT);
    let withdrawn = Instant::now();
    container.remove(&signer(&old));
    assert!(wait_until(MINUTE, || !operator.is_published(&signer(&old))), "the old key is gone");
    Noticed { published, gone: withdrawn.elapsed() }
}

#[test]
fn r4_rotations_under_load_fail_no_verification() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let (mut container, is_over) = (Container::of(&sandbox), AtomicBool::new(false));
    only_its_owner_reads(&container);
    let rotations = size(1, 100);
    let (mut operator, mut noticed) = (Verifier::new(&server), Vec::new());
    let clients: Vec<Verifier> = thread::scope(|scope| {
        let working: Vec<_> = (0..4).map(|_| scope.spawn(|| Verifier::new(&server).work(&is_over))).collect();
        let _over = super::Over(&is_over);
        for _ in 0..rotations {
            noticed.push(rotate(&mut container, &mut operator));
        }
        is_over.store(true, Ordering::Relaxed);
        working.into_iter().map(|it| it.join().expect("a client")).collect()
    });
    let failures: Vec<&String> = clients.iter().flat_map(|it| &it.failures).collect();
    let verified: usize = clients.iter().map(|it| it.verified).sum();
    let slowest = |of: fn(&Noticed) -> Duration| noticed.iter().map(of).max().unwrap_or_default().as_secs_f64();
    let measured = format!(
        "{} failures of {verified} verifications; published within {:.2} s, withdrawn within {:.2} s",
        failures.len(),
        slowest(|it| it.published),
        slowest(|it| it.gone)
    );
    report("R4", format!("{rotations} rotations under load"), measured, "0 failures, ≤ 60 s");
    assert!(failures.is_empty() && verified > 0, "{failures:?}");
    emergency(&mut container, &mut operator);
    only_its_owner_reads(&container);
}

/// The key that signs is known to others: it must not sign or verify any more.
fn emergency(container: &mut Container, operator: &mut Verifier) {
    let stolen = signer(&operator.token().expect("a token"));
    container.add(now());
    let start = Instant::now();
    container.disable(&stolen);
    let is_gone = || !operator.is_published(&stolen) && operator.token().is_ok_and(|it| signer(&it) != stolen);
    assert!(wait_until(MINUTE, is_gone), "`{stolen}` is gone");
    report("R4", "emergency withdrawal", format!("{:.2} s", start.elapsed().as_secs_f64()), "≤ 60 s");
}

fn only_its_owner_reads(container: &Container) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| fs::metadata(path).expect("it").permissions().mode() & 0o777;
        assert_eq!((mode(&container.file), mode(container.file.parent().expect("keys"))), (0o600, 0o700));
    }
    assert!(container.file.exists());
}
