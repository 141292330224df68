//! `wayfarer key`: keysets in a tenant folder of the test's own.

use crate::jwt;
use crate::sandbox::{Ended, Sandbox, root};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const SIGNING: &str = "B2C_1A_TokenSigningKeyContainer";
const POLICIES: &str = "policies/client-credentials";
/// As `openssl rsa -modulus` tells it of `rsa.key`: its RFC 7638 thumbprint (README of the vectors).
const THUMBPRINT: &str = "bl_s-rc3tDtfPvkMUzv5URSG9CNUtjq_Gy6fEEySahw";
const PASSWORD: &str = "test passphrase";

struct Tenant {
    sandbox: Sandbox,
    folder: String,
}

impl Tenant {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let folder = sandbox.tenant("contoso");
        Self { sandbox, folder }
    }

    #[track_caller]
    fn key(&self, arguments: &[&str]) -> Ended {
        self.key_in(&[], arguments)
    }

    #[track_caller]
    fn key_in(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ended {
        self.sandbox.wayfarer_in(variables, &[&["key", "--tenant", &self.folder], arguments].concat())
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let ended = self.key(&[arguments, &["--format", "json"]].concat());
        ended.fine();
        ended.json()
    }

    #[track_caller]
    fn jwks(&self) -> Value {
        let ended = self.key(&["jwks", POLICIES]);
        ended.fine();
        ended.json()
    }

    #[track_caller]
    fn run(&self, variables: &[(&str, &str)], more: &[&str]) -> Ended {
        let arguments = [&["run", POLICIES, "--tenant", &self.folder, "--format", "token"], more].concat();
        self.sandbox.wayfarer_in(variables, &arguments)
    }

    /// The id of the key that signs a token now, which the JWKS verifies.
    #[track_caller]
    fn signer(&self) -> Value {
        let ended = self.run(&[], &[]);
        let token = ended.fine().trim_end();
        assert!(jwt::is_signed_by(token, &self.jwks()));
        jwt::read(token).0["kid"].clone()
    }

    /// All files below the tenant's keys.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let files = fs::read_dir(Path::new(&self.folder).join("keys")).expect("the keys").flatten();
        files.map(|it| (it.file_name().into_string().expect("a name"), fs::read(it.path()).expect("a file"))).collect()
    }
}

fn vector(name: &str) -> String {
    root().join("crates/store/src/keys/import/vectors").join(name).display().to_string()
}

fn kids(keys: &Value) -> Vec<&str> {
    keys["keys"].as_array().expect("keys").iter().filter_map(|it| it["kid"].as_str()).collect()
}

#[test]
fn a_container_from_its_first_key_to_its_removal() {
    let tenant = Tenant::new();
    assert_eq!(tenant.json(&["list"]), json!([]));
    let made = tenant.json(&["generate", SIGNING, "--size", "3072", "--exp", "2999-01-01T00:00:00Z"]);
    let [key] = &made["keys"].as_array().unwrap()[..] else { panic!("{made:#}") };
    assert_eq!((&made["container"], &made["added"]), (&json!(SIGNING), &json!([key["kid"]])));
    for (member, value) in [
        ("kty", json!("RSA")),
        ("use", json!("sig")),
        ("bits", json!(3072)),
        // date -u -d 2999-01-01 +%s
        ("exp", json!(32_472_144_000_i64)),
        ("status", json!("enabled")),
        ("active", json!(true)),
        ("encrypted", json!(false)),
    ] {
        assert_eq!(key[member], value, "{member}");
    }
    assert_eq!(tenant.signer(), key["kid"]);
    let list = tenant.key(&["list", "--format", "json"]);
    assert_eq!(list.json(), json!([tenant.json(&["show", SIGNING])]));
    assert!(list.stderr.contains("is active from 2999-01-01T00:00:00Z on, and then it signs no token"), "{list:#?}");

    // One that is active later changes nothing yet, and is published.
    let later = tenant.json(&["generate", SIGNING, "--nbf", "2998-01-01T00:00:00Z"]);
    assert_eq!((&later["keys"][1]["state"], &later["keys"][1]["active"]), (&json!("waiting"), &json!(false)));
    assert_eq!((tenant.signer(), kids(&tenant.jwks()).len()), (key["kid"].clone(), 2));
    let list = tenant.key(&["list"]);
    assert!(list.fine().contains("RSA 3072  sig  active     until 2999-01-01T00:00:00Z"), "{list:#?}");
    assert_eq!(list.stderr, "", "the next one is there in time");

    let removed = tenant.json(&["remove", SIGNING]);
    assert!(removed["copy"].as_str().unwrap().ends_with("B2C_1A_TokenSigningKeyContainer.bak.json"), "{removed}");
    assert_eq!(tenant.json(&["list"]), json!([]));
    tenant.key(&["show", SIGNING]).refused(2, &["there is no key container", "`wayfarer key list`"]);
    tenant.key(&["remove", SIGNING]).refused(2, &["there is no key container"]);
}

/// `endpoints.md` 1.4: `use` copies what the key is for.
#[test]
fn a_key_for_encryption_is_published_as_one() {
    let tenant = Tenant::new();
    tenant.key(&["generate", SIGNING, "--use", "enc"]).fine();
    assert_eq!(tenant.jwks()["keys"][0]["use"], "enc");
}

#[test]
fn keys_of_other_programs_sign_here() {
    for (file, password) in [
        ("rsa.key", None),
        ("rsa-pkcs1.key", None),
        ("rsa-pkcs8.der", None),
        ("rsa-aes256.key", Some(PASSWORD)),
        ("rsa-traditional-aes256.key", None),
        ("no-password.p12", None),
        ("modern.p12", Some(PASSWORD)),
        ("windows.p12", Some(PASSWORD)),
    ] {
        let tenant = Tenant::new();
        let import = ["import", SIGNING, &vector(file)];
        if file == "rsa-traditional-aes256.key" {
            tenant.key_in(&[("WAYFARER_IMPORT_PASSWORD", PASSWORD)], &import).refused(2, &["openssl"]);
            continue;
        }
        let imported = match password {
            None => tenant.key(&import),
            Some(_) => tenant.key_in(&[("WAYFARER_IMPORT_PASSWORD", PASSWORD)], &import),
        };
        assert!(imported.fine().contains(THUMBPRINT), "{file}: {imported:#?}");
        assert_eq!(tenant.signer(), THUMBPRINT, "{file}");
    }
}

#[test]
fn a_password_comes_from_a_file_or_a_variable_and_is_never_shown() {
    let tenant = Tenant::new();
    let file = vector("modern.p12");
    let missing = ["is encrypted: give its password", "--password-file", "WAYFARER_IMPORT_PASSWORD"];
    tenant.key(&["import", SIGNING, &file]).refused(2, &missing);
    let wrong = tenant.sandbox.write("wrong.txt", "another canary\n");
    let refused = tenant.key(&["import", SIGNING, &file, "--password-file", &wrong]);
    refused.refused(2, &["the password is not the one", "modern.p12"]);
    assert!(!refused.stderr.contains("canary"));
    tenant.key(&["import", SIGNING, &file, "--password-file", "/nowhere"]).refused(2, &["cannot read `/nowhere`"]);
    assert_eq!(tenant.json(&["list"]), json!([]), "nothing is left of it");
    // As Windows PowerShell's `>` writes it.
    let utf16: Vec<u8> = format!("\u{feff}{PASSWORD}\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let right = tenant.sandbox.write("right.txt", utf16);
    let shown = tenant.key(&["import", SIGNING, &file, "--password-file", &right]);
    assert!(shown.fine().contains("with certificate") && !shown.stdout.contains(PASSWORD), "{shown:#?}");
}

/// `endpoints.md` 1.4: of an uploaded certificate neither `x5t` nor `x5c`; `nbf` is the certificate's.
#[test]
fn the_jwks_of_an_imported_certificate_has_the_members_of_every_key() {
    let tenant = Tenant::new();
    let shown = tenant.key_in(
        &[("WAYFARER_IMPORT_PASSWORD", PASSWORD)],
        &["import", SIGNING, &vector("windows.p12"), "--format", "json"],
    );
    // 2025-01-01 and 2035-01-01; the thumbprint as `openssl x509 -fingerprint -sha1` has it (README of the vectors).
    let key = &shown.json()["keys"][0];
    assert_eq!((&key["nbf"], &key["exp"]), (&json!(1_735_689_600), &json!(2_051_222_400)));
    assert_eq!(key["x5t"], "XI36lIms98gwww9ULC5TZ-F-W0U");
    let jwks = tenant.jwks();
    let [key] = &jwks["keys"].as_array().unwrap()[..] else { panic!("{jwks:#}") };
    assert_eq!(jwt::names(key.as_object().unwrap()), ["kid", "nbf", "use", "kty", "e", "n"]);
    assert_eq!((&key["kid"], &key["nbf"]), (&json!(THUMBPRINT), &json!(1_735_689_600)));
    // Outside of the certificate's time nothing is signed.
    let before = tenant.run(&[], &["--now", "2024-12-31T23:59:59Z"]);
    before.refused(1, &["AADB2C90019"]);
}

/// The examples of RFC 7517, appendices A.2 and A.3.
#[test]
fn jwks_are_imported_with_their_ids() {
    let tenant = Tenant::new();
    let refused = tenant.key(&["import", SIGNING, &vector("rfc7517-a2.jwks")]);
    refused.refused(2, &["rfc7517-a2.jwks", "a policy key is RSA"]);
    let secrets = tenant.json(&["import", "B2C_1A_Secrets", &vector("rfc7517-a3.jwks")]);
    assert_eq!(secrets["keys"].as_array().unwrap().len(), 2);
    assert_eq!(secrets["keys"][1]["kid"], "HMAC key used in JWS spec Appendix A.1 example");
    assert_eq!((&secrets["keys"][0]["kty"], &secrets["keys"][0]["use"]), (&json!("oct"), &json!("enc")));
    tenant.key(&["rotate", "B2C_1A_Secrets"]).refused(2, &["holds secrets"]);
    tenant.key(&["generate", "B2C_1A_Secrets"]).refused(2, &["holds keys of another kind"]);
    assert_eq!(tenant.json(&["show", "B2C_1A_Secrets"]), strip(secrets, "added"));
}

fn strip(mut object: Value, member: &str) -> Value {
    object.as_object_mut().expect("an object").remove(member);
    object
}

#[test]
fn a_rotation_tells_its_times() {
    let tenant = Tenant::new();
    let old = tenant.signer();
    let rotated = tenant.json(&["rotate", SIGNING]);
    let (new, from) = (&rotated["rotation"]["kid"], rotated["rotation"]["signs_from"].as_i64().unwrap());
    // A day, and a day and five minutes: `limits.md` 7, R4.
    let ending = json!([{"kid": old, "before": null, "exp": from + 86_700}]);
    assert_eq!((&rotated["rotation"]["ending"], &rotated["rotation"]["removed"]), (&ending, &json!([])));
    assert_eq!((&rotated["keys"][1]["kid"], &rotated["keys"][1]["nbf"]), (new, &json!(from)));
    let made = rotated["keys"][1]["created"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(from, made.as_second() + 86_400);
    assert_eq!((tenant.signer(), kids(&tenant.jwks()).len()), (old.clone(), 2));

    let shorter = tenant.key(&["rotate", SIGNING, "--lead", "0", "--overlap", "1h"]);
    let text = shorter.fine();
    assert!(text.contains("new: published from now on, signs from 2"), "{text}");
    assert!(text.contains(&format!("{}  old: signs until 2", old.as_str().unwrap())), "{text}");
    let notes = ["keeps the JWKS for longer than 0s", "lives for longer than 1h", "token_lifetime_secs"];
    assert!(notes.iter().all(|it| shorter.stderr.contains(it)), "{}", shorter.stderr);
    assert!(tenant.signer() != old && tenant.signer() != *new);
    for wrong in ["-1h", "1", "soon", "1 month"] {
        tenant.key(&["rotate", SIGNING, &format!("--lead={wrong}")]).refused(2, &["such as 24h, 90m, 2d or 0"]);
    }
}

#[test]
fn a_key_is_followed_by_one_of_its_size() {
    let tenant = Tenant::new();
    tenant.key(&["generate", SIGNING, "--size", "3072"]).fine();
    tenant.key(&["rotate", SIGNING]).fine();
    tenant.key(&["rotate", SIGNING, "--size", "2048"]).fine();
    let shown = tenant.json(&["show", SIGNING]);
    let bits: Vec<_> = shown["keys"].as_array().expect("keys").iter().map(|it| it["bits"].clone()).collect();
    assert_eq!(bits, [3072, 3072, 2048].map(Value::from));
}

#[test]
fn a_withdrawn_key_has_a_successor_and_a_disabled_one_a_warning() {
    let tenant = Tenant::new();
    let bad = tenant.signer();
    let withdrawn = tenant.json(&["withdraw", SIGNING, bad.as_str().unwrap()]);
    let next = &withdrawn["successor"]["kid"];
    assert_eq!((&withdrawn["successor"]["published_before"], &tenant.signer()), (&json!(false), next));
    assert_eq!(kids(&tenant.jwks()), [next.as_str().unwrap()]);
    let rotated = tenant.json(&["rotate", SIGNING]);
    let withdrawn = tenant.json(&["withdraw", SIGNING, next.as_str().unwrap()]);
    assert_eq!(withdrawn["successor"], json!({"kid": rotated["rotation"]["kid"], "published_before": true}));
    assert_eq!(tenant.signer(), rotated["rotation"]["kid"]);

    let now = rotated["rotation"]["kid"].as_str().unwrap();
    let disabled = tenant.key(&["disable", SIGNING, now]);
    disabled.fine();
    for text in
        ["no key of `B2C_1A_TokenSigningKeyContainer` is active from now on", "AADB2C90019", "`wayfarer key withdraw`"]
    {
        assert!(disabled.stderr.contains(text), "{}", disabled.stderr);
    }
    tenant.run(&[], &[]).refused(1, &["AADB2C90019"]);
    tenant.key(&["enable", SIGNING, now]).fine();
    assert_eq!(tenant.signer(), now);
    tenant.key(&["disable", SIGNING, "-k"]).refused(2, &["has no key `-k`", "wayfarer key show"]);
}

#[test]
fn a_newer_secret_takes_over() {
    let tenant = Tenant::new();
    let set = |more: &[&str], secret: &str| {
        let arguments = [&["key", "--tenant", &tenant.folder, "set-secret", "B2C_1A_Api"], more].concat();
        tenant.sandbox.wayfarer_reading(&arguments, secret)
    };
    set(&[], "first\n").fine();
    set(&[], "second\n").refused(2, &["exists already", "`--replace`"]);
    set(&["--replace"], "second\n").fine();
    let keys = tenant.json(&["show", "B2C_1A_Api"]);
    let states: Vec<_> = keys["keys"].as_array().unwrap().iter().map(|it| &it["state"]).collect();
    assert_eq!(states, ["retired", "active"]);
    // `printf first | base64`, and `second`, without padding
    let file = fs::read_to_string(Path::new(&tenant.folder).join("keys/B2C_1A_Api.json")).unwrap();
    assert!(file.contains("\"k\": \"Zmlyc3Q\"") && file.contains("\"k\": \"c2Vjb25k\""), "{file}");
}

#[test]
fn under_a_passphrase_nothing_private_can_be_read_or_used() {
    let tenant = Tenant::new();
    let signer = tenant.signer();
    tenant.sandbox.wayfarer_reading(&["key", "--tenant", &tenant.folder, "set-secret", "B2C_1A_Api"], "canary").fine();
    tenant.key(&["generate", "B2C_1A_Gone"]).fine();
    tenant.key(&["remove", "B2C_1A_Gone"]).fine();
    // `printf canary | base64` without padding
    let private = ["pkcs8\":", "\"k\":", "Y2FuYXJ5"];
    let seen = |tenant: &Tenant| {
        let files = tenant.files();
        let texts = files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).replace("encrypted_pkcs8", ""));
        texts.filter(|text| private.iter().any(|it| text.contains(it))).count()
    };
    assert_eq!(seen(&tenant), 3);
    tenant.key(&["encrypt"]).refused(2, &["there is no passphrase", "WAYFARER_KEY_PASSPHRASE", "--passphrase-file"]);
    let passphrase = [("WAYFARER_KEY_PASSPHRASE", "päss phrase")];
    tenant.key_in(&passphrase, &["encrypt"]).fine();
    assert_eq!(seen(&tenant), 0);

    let locked = ["is encrypted", "set WAYFARER_KEY_PASSPHRASE", "--passphrase-file"];
    tenant.run(&[], &[]).refused(2, &locked);
    tenant.key(&["rotate", SIGNING]).refused(2, &locked);
    let wrong = [("WAYFARER_KEY_PASSPHRASE", "wrong")];
    tenant.run(&wrong, &[]).refused(2, &["is not the one that the key", signer.as_str().unwrap()]);
    tenant.key_in(&wrong, &["generate", "B2C_1A_New"]).refused(2, &["the passphrase is not the one", "B2C_1A_"]);
    // The file comes before the variable; public halves need neither.
    let file = tenant.sandbox.write("passphrase", "päss phrase\n");
    let token = tenant.run(&wrong, &["--passphrase-file", &file]);
    assert!(jwt::is_signed_by(token.fine().trim_end(), &tenant.jwks()));
    assert_eq!(tenant.json(&["show", SIGNING])["keys"][0]["encrypted"], true);

    let empty = tenant.sandbox.write("empty", "\n");
    tenant.run(&[], &["--passphrase-file", &empty]).refused(2, &["is empty: it is to hold the passphrase"]);
    let another = [("WAYFARER_KEY_PASSPHRASE", "another")];
    tenant.key_in(&another, &["encrypt"]).refused(2, &["is not the one", "`--old-passphrase-file`"]);
    tenant.key_in(&another, &["encrypt", "--old-passphrase-file", &file]).fine();
    tenant.run(&passphrase, &[]).refused(2, &["is not the one"]);
    tenant.key_in(&another, &["decrypt"]).fine();
    assert_eq!((seen(&tenant), tenant.signer()), (3, signer));
}

#[cfg(unix)]
#[test]
fn key_files_are_the_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let tenant = Tenant::new();
    tenant.key(&["import", SIGNING, &vector("rsa.key")]).fine();
    tenant.key(&["rotate", SIGNING]).fine();
    tenant.key(&["generate", "B2C_1A_Gone"]).fine();
    tenant.key(&["remove", "B2C_1A_Gone"]).fine();
    let keys = Path::new(&tenant.folder).join("keys");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&keys), 0o700);
    for name in [format!("{SIGNING}.json"), "B2C_1A_Gone.bak.json".to_owned()] {
        assert_eq!(mode(&keys.join(&name)), 0o600, "{name}");
    }
}

#[test]
fn what_can_not_be_done_is_told_with_the_remedy() {
    let tenant = Tenant::new();
    for name in ["TokenSigningKeyContainer", "B2C_1A_../x", "B2C_1A_x.bak", "b2c_1a_x"] {
        tenant.key(&["generate", name]).refused(2, &["is not a key container", "B2C_1A_"]);
        tenant.key(&["show", name]).refused(2, &["is not a key container"]);
        tenant.key(&["remove", name]).refused(2, &["is not a key container"]);
    }
    tenant.key(&["generate", SIGNING, "--size", "1024"]).refused(2, &["2048"]);
    tenant
        .key(&["generate", SIGNING, "--exp", "2001-01-01T00:00:00Z"])
        .refused(2, &["`--exp` 2001-01-01T00:00:00Z has passed"]);
    let backwards = ["generate", SIGNING, "--nbf", "2999-01-02T00:00:00Z", "--exp", "2999-01-01T00:00:00Z"];
    tenant.key(&backwards).refused(2, &["would expire"]);
    tenant.key(&["rotate", SIGNING]).refused(2, &["there is no key container"]);
    tenant.key(&["import", SIGNING, &vector("rsa-1024.key")]).refused(2, &["2048 to 8192"]);
    tenant.key(&["import", SIGNING, &vector("rsa.crt")]).refused(2, &["a certificate and no private key", "PKCS#12"]);
    assert_eq!(tenant.json(&["list"]), json!([]));

    // One damaged keyset keeps none of the others from being shown.
    tenant.key(&["generate", SIGNING]).fine();
    fs::write(Path::new(&tenant.folder).join("keys/B2C_1A_Broken.json"), r#"{"keys":[{"kty":"oct","k":"!"}]}"#)
        .unwrap();
    let list = tenant.key(&["list", "--format", "json"]);
    assert_eq!((list.code, &list.json()[0]["container"]), (2, &json!(SIGNING)));
    assert!(list.stderr.contains("B2C_1A_Broken.json") && list.stderr.contains("is not a keyset"), "{list:#?}");
}
