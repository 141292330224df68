use super::handshake::connect;
use super::{NOW, VERSIONS, client, moment, roots};
use crate::tls::{CertificateError, ServerCertificate, server_config_from_files};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use base64::prelude::{BASE64_STANDARD, Engine};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519,
    PKCS_RSA_SHA256, SignatureAlgorithm, date_time_ymd,
};
use std::fs;
use std::path::{MAIN_SEPARATOR, PathBuf};
use tempfile::TempDir;

const HOST: &str = "contoso.b2clogin.com";

/// A section as OpenSSL writes it.
fn pem(label: &str, der: &[u8]) -> String {
    let encoded = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = encoded.as_bytes().chunks(64).map(|it| std::str::from_utf8(it).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A certificate of somebody's own, from an authority of theirs.
struct Own {
    root: String,
    certificate: String,
    key: KeyPair,
}

fn own(algorithm: &'static SignatureAlgorithm) -> Own {
    own_until(algorithm, 2027)
}

fn own_until(algorithm: &'static SignatureAlgorithm, year: i32) -> Own {
    let mut root = CertificateParams::default();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.distinguished_name.push(DnType::CommonName, "Contoso Root");
    let root_key = KeyPair::generate().unwrap();
    let root_pem = pem("CERTIFICATE", root.self_signed(&root_key).unwrap().der());
    let key = KeyPair::generate_for(algorithm).unwrap();
    let mut parameters = CertificateParams::new([HOST.to_owned()]).unwrap();
    (parameters.not_before, parameters.not_after) = (date_time_ymd(2025, 1, 1), date_time_ymd(year, 1, 1));
    let certificate = parameters.signed_by(&key, &Issuer::from_params(&root, &root_key)).unwrap();
    Own { root: root_pem, certificate: pem("CERTIFICATE", certificate.der()), key }
}

impl Own {
    fn pkcs8(&self) -> String {
        pem("PRIVATE KEY", self.key.serialized_der())
    }
}

/// A folder with `server.pem` and `key.pem`.
struct Files(TempDir);

impl Files {
    fn new(certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("server.pem"), certificate).unwrap();
        fs::write(folder.path().join("key.pem"), key).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self) -> Result<ServerCertificate, CertificateError> {
        server_config_from_files(&self.path("server.pem"), &self.path("key.pem"), [HOST], moment(NOW))
    }

    /// The message, with the folder's name taken out.
    #[track_caller]
    fn refused(&self) -> String {
        let message = self.read().expect_err("a message").to_string();
        message.replace(&format!("{}{MAIN_SEPARATOR}", self.0.path().display()), "")
    }
}

/// A client that trusts the root connects, and there is nothing to warn of.
#[track_caller]
fn serves(own: &Own, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) {
    let read = Files::new(certificate, key).read().unwrap();
    assert_eq!(read.warnings, Vec::<String>::new());
    for version in VERSIONS {
        let agreed = connect(&read.config, client(roots(own.root.as_bytes()), &[version]), HOST).unwrap();
        assert_eq!(agreed.version, Some(version.version));
    }
}

#[test]
fn every_form_of_key_serves() {
    let own_rsa = own(&PKCS_RSA_SHA256);
    serves(&own_rsa, &own_rsa.certificate, own_rsa.pkcs8());
    // RFC 5208 §5: PKCS#1 is the OCTET STRING after the version and the algorithm; of a 2048-bit key it begins here.
    serves(&own_rsa, &own_rsa.certificate, pem("RSA PRIVATE KEY", &own_rsa.key.serialized_der()[26..]));
    let own_ec = own(&PKCS_ECDSA_P256_SHA256);
    serves(&own_ec, &own_ec.certificate, own_ec.pkcs8());
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, own_ec.key.serialized_der()).unwrap();
    let sec1 = pem("EC PRIVATE KEY", pair.private_key().as_der().unwrap().as_ref());
    let parameters = pem("EC PARAMETERS", &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]); // prime256v1
    serves(&own_ec, &own_ec.certificate, format!("{parameters}{sec1}"));
    let own_ed = own(&PKCS_ED25519);
    serves(&own_ed, &own_ed.certificate, own_ed.pkcs8());
}

#[test]
fn files_as_tools_of_windows_save_them() {
    let own = own(&PKCS_ECDSA_P256_SHA256);
    let lines = |text: &str| text.replace('\n', "\r\n");
    serves(&own, format!("\u{feff}{}", lines(&own.certificate)), format!("\u{feff}{}", lines(&own.pkcs8())));
    let utf16 = |text: &str| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    serves(&own, utf16(&lines(&own.certificate)), utf16(&lines(&own.pkcs8())));
    // `openssl pkcs12 -nodes` writes attributes between the sections, and everything to one file.
    let all = format!("Bag Attributes\n  x: 1\n{}Bag Attributes\n{}{}", own.pkcs8(), own.certificate, own.root);
    serves(&own, &all, &all);
}

#[test]
fn a_missing_file_is_named() {
    let own = own(&PKCS_ECDSA_P256_SHA256);
    let files = Files::new(&own.certificate, own.pkcs8());
    fs::remove_file(files.path("key.pem")).unwrap();
    assert!(files.refused().starts_with("cannot read `key.pem`: "), "{}", files.refused());
    assert!(files.refused().ends_with("; check its path, and that you may read it"));
    fs::remove_file(files.path("server.pem")).unwrap();
    assert!(files.refused().starts_with("cannot read `server.pem`: "), "{}", files.refused());
    fs::create_dir(files.path("server.pem")).unwrap();
    assert!(files.refused().starts_with("cannot read `server.pem`: "), "{}", files.refused());
}

#[test]
fn a_huge_file_is_not_read() {
    let files = Files::new("", "");
    fs::File::create(files.path("server.pem")).unwrap().set_len(1024 * 1024 + 1).unwrap();
    assert!(files.refused().starts_with("cannot read `server.pem`: 1048577 bytes"), "{}", files.refused());
}

#[test]
fn what_the_file_holds_instead_is_told() {
    let own = own(&PKCS_ECDSA_P256_SHA256);
    let swapped = Files::new(own.pkcs8(), &own.certificate);
    assert_eq!(swapped.refused(), "`server.pem` holds no certificate, but `PRIVATE KEY`: is it the right file?");
    let no_key = Files::new(&own.certificate, format!("{}{}", own.certificate, own.root));
    assert_eq!(
        no_key.refused(),
        "`key.pem` holds no private key, but `CERTIFICATE`, `CERTIFICATE`: is it the right file?"
    );
    for text in ["", "0123", "hello\nworld"] {
        let message = Files::new(text, own.pkcs8()).refused();
        let expected = "`server.pem` holds no certificate in PEM: give the file that begins with `-----BEGIN`";
        assert_eq!(message, expected);
    }
}

#[test]
fn a_binary_file_is_told_with_the_command_that_converts_it() {
    let own_ec = own(&PKCS_ECDSA_P256_SHA256);
    let der =
        |pem: &str| BASE64_STANDARD.decode(pem.lines().filter(|it| !it.starts_with('-')).collect::<String>()).unwrap();
    let message = Files::new(der(&own_ec.certificate), own_ec.pkcs8()).refused();
    assert!(
        message.starts_with("`server.pem` is DER, not PEM: convert it with `openssl x509 -inform DER -in "),
        "{message}"
    );
    assert!(message.ends_with(" -out converted-certificate.pem`"), "{message}");
    for key in [&own_ec.key, &own(&PKCS_ED25519).key, &own(&PKCS_RSA_SHA256).key] {
        let message = Files::new(&own_ec.certificate, key.serialized_der()).refused();
        assert!(
            message.starts_with("`key.pem` is DER, not PEM: convert it with `openssl pkey -inform DER"),
            "{message}"
        );
    }
    // RFC 7292 §4: PFX is a SEQUENCE of the version 3, a ContentInfo …; with a definite length, and with BER's indefinite.
    for pkcs12 in
        [&[0x30, 0x82, 9, 0xf0, 2, 1, 3, 0x30, 0x82][..], &[0x30, 0x80, 2, 1, 3, 0x30, 0x80], &[0x30, 0x7e, 2, 1, 3]]
    {
        let message = Files::new(pkcs12, own_ec.pkcs8()).refused();
        assert!(
            message.starts_with("`server.pem` is PKCS#12, not PEM: convert it with `openssl pkcs12 -nodes"),
            "{message}"
        );
    }
}

#[test]
fn an_encrypted_key_is_told_with_the_command_that_decrypts_it() {
    let own = own(&PKCS_ECDSA_P256_SHA256);
    let pkcs8 = pem("ENCRYPTED PRIVATE KEY", b"0123456789");
    // RFC 1421 §4.6.1.1, as OpenSSL writes it for `openssl rsa -aes256 -traditional`.
    let header = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n";
    let older = pem("RSA PRIVATE KEY", b"0123456789").replacen("-----\n", &format!("-----\n{header}"), 1);
    for key in [pkcs8, older.clone(), older.replace('\n', "\r\n")] {
        let message = Files::new(&own.certificate, key).refused();
        assert!(message.starts_with("the key in `key.pem` is encrypted"), "{message}");
        assert!(message.contains("`openssl pkey -in ") && message.contains(" -out plain-key.pem`"), "{message}");
    }
    let one_file = Files::new(format!("{older}{}", own.certificate), own.pkcs8());
    assert!(one_file.refused().starts_with("the key in `server.pem` is encrypted"), "{}", one_file.refused());
}

#[test]
fn the_key_of_another_certificate_is_refused() {
    let (one, other) = (own(&PKCS_ECDSA_P256_SHA256), own(&PKCS_RSA_SHA256));
    assert_eq!(
        Files::new(&one.certificate, other.pkcs8()).refused(),
        "the key in `key.pem` is not that of the server's certificate in `server.pem`: \
         give the key that the certificate was requested with"
    );
    let wrong_order = Files::new(format!("{}{}", one.root, one.certificate), one.pkcs8());
    assert_eq!(
        wrong_order.refused(),
        "the key in `key.pem` is not that of the server's certificate in `server.pem`: \
         it is that of certificate 2, which must come first"
    );
}

#[test]
fn damage_is_told() {
    let own = own(&PKCS_ECDSA_P256_SHA256);
    let half = |text: &str| text[..text.len() / 2].to_owned();
    let damaged = "is damaged: copy the file again";
    let cut = Files::new(half(&own.certificate), own.pkcs8());
    assert_eq!(cut.refused(), format!("the PEM in `server.pem` {damaged}"));
    let cut = Files::new(&own.certificate, half(&own.pkcs8()));
    assert_eq!(cut.refused(), format!("the PEM in `key.pem` {damaged}"));
    let second = format!("{}{}", own.certificate, pem("CERTIFICATE", &[0x30, 0]));
    let message = Files::new(second, own.pkcs8()).refused();
    assert!(message.starts_with("certificate 2 in `server.pem` can't be read: "), "{message}");
    for der in [&b"\x30\x00"[..], b"", own.certificate.as_bytes()] {
        let message = Files::new(&own.certificate, pem("PRIVATE KEY", der)).refused();
        assert!(message.starts_with("the key in `key.pem` can't be used: "), "{message}");
    }
}

#[test]
fn what_clients_will_refuse_is_a_warning() {
    let own = own_until(&PKCS_ECDSA_P256_SHA256, 2026);
    let files = Files::new(&own.certificate, own.pkcs8());
    let (certificate, key) = (files.path("server.pem"), files.path("key.pem"));
    let hosts = ["login.contoso.com:8443", "CONTOSO.b2clogin.com:8443", "127.0.0.1"];
    let warnings = |now: &str| server_config_from_files(&certificate, &key, hosts, moment(now)).unwrap().warnings;
    let file = certificate.display();
    let names = ["login.contoso.com:8443", "127.0.0.1"].map(|it| {
        format!("the certificate in `{file}` is not made out to `{it}`: clients refuse it when they connect by that")
    });
    let with_names = |first: Option<String>| first.into_iter().chain(names.clone()).collect::<Vec<_>>();
    assert_eq!(warnings("2025-06-01T00:00:00Z"), with_names(None));
    let expired = format!("certificate 1 in `{file}` expired on 2026-01-01T00:00:00Z: clients refuse it, so renew it");
    assert_eq!(warnings(NOW), with_names(Some(expired)));
    let early =
        format!("certificate 1 in `{file}` is valid from 2025-01-01T00:00:00Z on: clients refuse it until then");
    assert_eq!(warnings("2024-06-01T00:00:00Z"), with_names(Some(early)));
}

#[test]
fn messages_and_debug_show_no_key() {
    let own = own(&PKCS_ECDSA_P256_SHA256);
    let text = own.pkcs8();
    let secret = &text.lines().nth(1).unwrap()[..16];
    let mut shown = format!("{:?}", Files::new(&own.certificate, &text).read().unwrap());
    let broken =
        [text.replace("-----END", "----END"), text.replacen('M', "*", 1), text.replace("\n-----END", "-----END")];
    for key in broken {
        let error = Files::new(&own.certificate, key).read().expect_err("a message");
        shown.push_str(&format!("{error} {error:?}"));
    }
    assert!(!shown.contains(secret), "{shown}");
}
