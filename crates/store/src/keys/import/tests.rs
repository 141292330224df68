use super::*;

/// `rsa.key` of the vectors: its RFC 7638 thumbprint, and the thumbprint of its certificate.
const KID: &str = "bl_s-rc3tDtfPvkMUzv5URSG9CNUtjq_Gy6fEEySahw";
const X5T: &str = "XI36lIms98gwww9ULC5TZ-F-W0U";

/// 2025-01-01 and 2035-01-01.
const YEARS: Validity = Validity { nbf: Some(1_735_689_600), exp: Some(2_051_222_400) };

const RSA: &[u8] = include_bytes!("vectors/rsa.key");
const CERTIFICATE: &[u8] = include_bytes!("vectors/rsa.crt");
const AUTHORITY: &[u8] = include_bytes!("vectors/authority.crt");
const MODERN: &[u8] = include_bytes!("vectors/modern.p12");
const WINDOWS: &[u8] = include_bytes!("vectors/windows.p12");
const AES256: &[u8] = include_bytes!("vectors/rsa-aes256.key");
const A2: &str = include_str!("vectors/rfc7517-a2.jwks");
const A3: &[u8] = include_bytes!("vectors/rfc7517-a3.jwks");

fn password() -> Secret {
    Secret::new("test passphrase")
}

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

/// The only key of a file.
#[track_caller]
fn one(file: &[u8], password: Option<&Secret>) -> Key {
    let mut keys = import_keys(file, password).unwrap();
    assert_eq!(keys.len(), 1);
    keys.remove(0).into_key(KeyUse::Signature, now()).unwrap()
}

#[track_caller]
fn error(file: &[u8], password: Option<&Secret>) -> String {
    import_keys(file, password).unwrap_err().to_string()
}

fn der(pem: &[u8]) -> Vec<u8> {
    ::pem::parse(pem).unwrap().into_contents()
}

/// The RSA key of RFC 7517 A.2, alone.
fn rsa_jwk() -> serde_json::Value {
    serde_json::from_str::<serde_json::Value>(A2).unwrap()["keys"][1].clone()
}

#[test]
fn every_form_holds_the_same_key() {
    let password = password();
    let forms: [(&[u8], Option<&Secret>); 11] = [
        (RSA, None),
        (RSA, Some(&password)),
        (&der(RSA), None),
        (include_bytes!("vectors/rsa-pkcs8.der"), None),
        (include_bytes!("vectors/rsa-pkcs1.key"), None),
        (&der(include_bytes!("vectors/rsa-pkcs1.key")), None),
        (AES256, Some(&password)),
        (&der(AES256), Some(&password)),
        (include_bytes!("vectors/rsa-3des-sha1.key"), Some(&password)),
        (include_bytes!("vectors/rsa-scrypt.key"), Some(&password)),
        (include_bytes!("vectors/no-password.p12"), None),
    ];
    for (form, password) in forms {
        let key = one(form, password);
        assert_eq!(key.kid, KID);
        assert_eq!(key.pkcs8().unwrap(), include_bytes!("vectors/rsa-pkcs8.der").as_slice());
        assert_eq!((key.bits(), key.usage), (Some(2048), KeyUse::Signature));
    }
}

#[test]
fn a_pkcs12_brings_its_certificates_and_their_dates() {
    for file in [MODERN, WINDOWS] {
        let key = one(file, Some(&password()));
        assert_eq!((key.kid.as_str(), key.x5t().as_deref()), (KID, Some(X5T)));
        assert_eq!(Validity { nbf: key.nbf, exp: key.exp }, YEARS);
        assert_eq!(key.certificates, [der(CERTIFICATE), der(AUTHORITY)]);
        assert_eq!(key.pkcs8().unwrap(), include_bytes!("vectors/rsa-pkcs8.der").as_slice());
    }
}

#[test]
fn certificates_beside_a_pem_are_put_in_order() {
    let key = one(&[AUTHORITY, RSA, CERTIFICATE].concat(), None);
    assert_eq!(key.certificates, [der(CERTIFICATE), der(AUTHORITY)]);
    assert_eq!(Validity { nbf: key.nbf, exp: key.exp }, YEARS);
    let key = one(&[RSA, AUTHORITY].concat(), None);
    assert_eq!((key.x5t(), key.nbf, key.exp), (None, None, None), "the authority's key is another one");
}

/// As `openssl pkcs12 -nodes` and Windows write them.
#[test]
fn text_around_pem_blocks_and_windows_encodings_are_read() {
    let pem = str::from_utf8(RSA).unwrap();
    let around = format!("Bag Attributes\n    localKeyID: 5C 8D\nKey Attributes: <No Attributes>\n{pem}rest\n");
    let crlf = pem.replace('\n', "\r\n");
    let utf16: Vec<u8> = format!("\u{feff}{crlf}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for file in [around.as_bytes(), crlf.as_bytes(), &utf16, format!("\u{feff}{pem}").as_bytes()] {
        assert_eq!(one(file, None).kid, KID);
    }
}

#[test]
fn passwords_that_lack_or_are_wrong_are_told() {
    let wrong = Secret::new("another");
    for (file, what) in [
        (AES256, "the PEM block `ENCRYPTED PRIVATE KEY`"),
        (MODERN, "the PKCS#12 file"),
        (WINDOWS, "the PKCS#12 file"),
        (&der(AES256), "the encrypted PKCS#8 file"),
    ] {
        assert_eq!(error(file, None), format!("{what} is encrypted: give its password"));
        let message = format!("the password is not the one that {what} was encrypted with");
        assert_eq!(error(file, Some(&wrong)), message);
    }
    assert!(error(MODERN, Some(&Secret::new("\u{1f511}"))).contains("a password outside Unicode's first plane"));
    assert!(matches!(
        import_keys(include_bytes!("vectors/no-password.p12"), Some(&wrong)),
        Err(ImportError::WrongPassword { .. })
    ));
}

#[test]
fn what_is_no_rsa_key_is_told() {
    let elliptic = "holds an elliptic-curve key (EC): a policy key is RSA, as Azure AD B2C signs with RS256 alone";
    let ec = include_bytes!("vectors/ec.key");
    let sec1 = include_bytes!("vectors/ec-sec1.key");
    assert_eq!(error(ec, None), format!("the PEM block `PRIVATE KEY` {elliptic}"));
    assert_eq!(error(&der(ec), None), format!("the PKCS#8 file {elliptic}"));
    assert_eq!(error(sec1, None), format!("the PEM block `EC PRIVATE KEY` {elliptic}"));
    assert_eq!(error(&der(sec1), None), format!("the SEC 1 file {elliptic}"));
    let p12 = include_bytes!("vectors/ec.p12");
    assert_eq!(error(p12, Some(&password())), format!("the PKCS#12 file {elliptic}"));
    assert_eq!(error(A2.as_bytes(), None), format!("`keys[0]` of the JWK set {elliptic}"));
    assert!(error(include_bytes!("vectors/rsa-pss.key"), None).contains("holds an RSA-PSS key: "));
    assert_eq!(
        error(include_bytes!("vectors/rsa-1024.key"), None),
        "the PEM block `PRIVATE KEY` holds an RSA key of 1024 bits: \
         a policy key has 2048 to 8192; `wayfarer key generate` makes one"
    );
}

#[test]
fn what_has_no_private_key_is_told() {
    let message = |what: &str| {
        format!(
            "the file holds {what} and no private key: export the key together with its certificate, as PKCS#12 (.pfx)"
        )
    };
    let public = include_bytes!("vectors/rsa-public.key");
    assert_eq!(error(CERTIFICATE, None), message("a certificate"));
    assert_eq!(error(&der(CERTIFICATE), None), message("a certificate"));
    assert_eq!(error(public, None), message("a public key"));
    assert_eq!(error(&der(public), None), message("a public key"));
    assert_eq!(error(include_bytes!("vectors/certificate-only.p12"), Some(&password())), message("a certificate"));
    assert_eq!(error(b"-----BEGIN X-----\nAAAA\n-----END X-----\n", None), message("no key at all"));
    let mut public = rsa_jwk();
    public.as_object_mut().unwrap().remove("d");
    assert_eq!(error(public.to_string().as_bytes(), None), message("a public JWK (it has no `d`)"));
    assert_eq!(error(br#"{"keys":[]}"#, None), message("a JWK set without keys"));
}

#[test]
fn outdated_ways_of_writing_come_with_the_remedy() {
    let password = password();
    for (file, remedy) in [
        (include_bytes!("vectors/rsa-pbes1.key").as_slice(), "openssl pkcs8 -topk8"),
        (include_bytes!("vectors/rsa-traditional-aes256.key"), "openssl pkcs8 -topk8"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "ssh-keygen -p -m PKCS8"),
        (b"\x30\x80\x02\x01\x03\x30\x80", "export it anew"),
    ] {
        let message = error(file, Some(&password));
        assert!(message.contains("which is not read") && message.contains(remedy), "{message}");
    }
}

/// RFC 7517 A.2, and the id that RFC 7638 §3.1 gives to the same public key.
#[test]
fn the_rsa_jwk_of_rfc_7517_is_read() {
    let mut jwk = rsa_jwk();
    assert_eq!(one(jwk.to_string().as_bytes(), None).kid, "2011-04-29");
    let members = jwk.as_object_mut().unwrap();
    members.remove("kid");
    members.insert("use".into(), "enc".into());
    members.insert("nbf".into(), 1000.into());
    members.insert("exp".into(), 2000.into());
    members.insert("key_ops".into(), serde_json::json!(["sign"]));
    let n = format!("AAAA{}", members["n"].as_str().unwrap());
    members.insert("n".into(), n.into());
    let text = serde_json::json!({"keys": [jwk]}).to_string();
    let keys = import_keys(text.as_bytes(), None).unwrap();
    assert_eq!((keys[0].kty(), keys[0].usage()), (KeyType::Rsa, Some(KeyUse::Encryption)));
    assert_eq!(keys[0].validity(), Validity { nbf: Some(1000), exp: Some(2000) });
    let key = keys[0].clone().into_key(KeyUse::Encryption, now()).unwrap();
    assert_eq!(key.kid, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!(key.public_jwk().unwrap()["n"], rsa_jwk()["n"]);
}

/// RFC 7517 A.3.
#[test]
fn the_secrets_of_rfc_7517_are_read() {
    let keys = import_keys(A3, None).unwrap();
    let keys: Vec<Key> = keys.into_iter().map(|it| it.into_key(KeyUse::Encryption, now()).unwrap()).collect();
    let first = [0x19, 0xac, 0x20, 0x82, 0xe1, 0x72, 0x1a, 0xb5, 0x8a, 0x6a, 0xfe, 0xc0, 0x5f, 0x85, 0x4a, 0x52];
    assert_eq!(keys[0].secret_bytes().unwrap(), first);
    assert_eq!((keys[0].kid.len(), keys[0].kty()), (43, KeyType::Oct));
    assert_eq!(keys[1].kid, "HMAC key used in JWS spec Appendix A.1 example");
    assert_eq!(keys[1].secret_bytes().unwrap().len(), 64);
}

#[test]
fn a_jwk_keeps_its_certificates() {
    use base64::prelude::{BASE64_STANDARD, Engine};
    let mut jwk = rsa_jwk();
    jwk["x5c"] = serde_json::json!([BASE64_STANDARD.encode(der(CERTIFICATE))]);
    let key = one(jwk.to_string().as_bytes(), None);
    assert_eq!(key.x5t(), None, "the certificate is that of another key");
    jwk["x5c"] = serde_json::json!(["AAAA"]);
    assert!(error(jwk.to_string().as_bytes(), None).contains("its `x5c` is not a list of X.509 certificates"));
}

#[test]
fn a_damaged_jwk_is_told_without_its_values() {
    for (member, value, message) in [
        ("p", serde_json::Value::Null, "it has no `p`"),
        ("d", "se=cret".into(), "its `d` is not base64url without padding"),
        ("q", rsa_jwk()["p"].clone(), "its numbers are not those of one RSA key"),
        ("d", "AQAB".into(), "its numbers are not those of one RSA key"),
        ("oth", serde_json::json!([{}]), "it has more than two primes (`oth`)"),
        ("use", "tls".into(), "its `use` is neither `sig` nor `enc`"),
        ("kid", "".into(), "its `kid` is not 1 to 200 printable characters"),
        ("kid", "a\nb".into(), "its `kid` is not 1 to 200 printable characters"),
        ("exp", "2000".into(), "malformed at line 1, column "),
    ] {
        let mut jwk = rsa_jwk();
        jwk[member] = value;
        let found = error(jwk.to_string().as_bytes(), None);
        assert!(found.starts_with(&format!("the JWK is damaged: {message}")), "{member}: {found}");
    }
    let short = r#"{"kty":"RSA","n":"xQ","e":"AQAB","d":"AQ","p":"AQ","q":"AQ","dp":"AQ","dq":"AQ","qi":"AQ"}"#;
    assert!(error(short.as_bytes(), None).contains("an RSA key of 8 bits"));
    assert!(error(br#"{"kty":"OKP","d":"AQ"}"#, None).contains("a key whose `kty` is not `RSA`"));
    assert!(error(br#"{"kty":"oct"}"#, None).contains("it has no `k`"));
    assert!(error(br#"{"kty":"oct","k":"secret"#, None).contains("malformed at line 1, column 24"));
}

#[test]
fn what_is_no_key_file_is_told() {
    for file in [b"".as_slice(), b"\0", b"hello", b"[]", b"\xff\xfe\x7b", b"\x30", b"\x30\x03\x01\x01\xff"] {
        assert_eq!(import_keys(file, None).unwrap_err(), ImportError::UnknownFormat, "{file:?}");
    }
    assert_eq!(import_keys(&vec![b' '; LIMIT + 1], None).unwrap_err(), ImportError::TooLarge);
    assert_eq!(import_keys(&RSA.repeat(MAX_KEYS + 1), None).unwrap_err(), ImportError::TooManyKeys);
    let keys = vec![r#"{"kty":"oct","k":"AQ"}"#; MAX_KEYS + 1].join(",");
    assert_eq!(import_keys(format!(r#"{{"keys":[{keys}]}}"#).as_bytes(), None).unwrap_err(), ImportError::TooManyKeys);
    assert!(error(b"-----BEGIN PRIVATE KEY-----\nAAAA\n", None).starts_with("the PEM file is damaged"));
    assert!(error(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None).contains("no whole PKCS#8"));
}

#[test]
fn no_prefix_panics_and_none_is_a_key() {
    let password = password();
    let files = [
        MODERN,
        WINDOWS,
        A2.as_bytes(),
        include_bytes!("vectors/rsa-pkcs8.der"),
        &der(include_bytes!("vectors/rsa-pkcs1.key")),
        &der(AES256),
        &der(CERTIFICATE),
        &der(include_bytes!("vectors/ec-sec1.key")),
    ];
    for file in files {
        for end in 0..file.len() {
            assert!(import_keys(&file[..end], Some(&password)).is_err(), "{end}");
        }
    }
    for end in 0..RSA.len() - 2 {
        assert!(import_keys(&RSA[..end], None).is_err(), "{end}");
    }
}

#[test]
fn nothing_private_is_shown() {
    for keys in [import_keys(rsa_jwk().to_string().as_bytes(), None).unwrap(), import_keys(A3, None).unwrap()] {
        let shown = format!("{keys:?}");
        assert!(shown.contains("[redacted]"));
        for private in ["X4cTteJY", "GawgguFy", "95, 135", "25, 172"] {
            assert!(!shown.contains(private), "{shown}");
        }
    }
}
