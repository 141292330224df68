use super::{NOW, accepts, authority, moment, roots, tls};
use crate::host::Clock;
use crate::tls::leaf::Leaves;
use crate::tls::{CaError, CaOrigin, DevelopmentCa};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, Error};
use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::thread;
use tempfile::TempDir;

fn certificate(home: &Path) -> String {
    fs::read_to_string(home.join("ca/ca.pem")).unwrap()
}

fn key(home: &Path) -> String {
    fs::read_to_string(home.join("ca/ca-key.pem")).unwrap()
}

fn again(home: &Path, now: &str) -> Result<DevelopmentCa, CaError> {
    DevelopmentCa::get_or_create(home, moment(now))
}

/// What the server shows at a moment.
fn leaf(leaves: &Leaves, now: &str) -> CertificateDer<'static> {
    leaves.at(moment(now)).cert[0].clone()
}

fn leaves(ca: &DevelopmentCa) -> Leaves {
    ca.leaves(["contoso.b2clogin.com"], Clock::Fixed(moment(NOW))).unwrap()
}

#[test]
fn it_is_made_once() {
    let home = TempDir::new().unwrap();
    let ca = authority(home.path());
    assert_eq!((ca.origin(), ca.certificate_path()), (CaOrigin::Made, home.path().join("ca/ca.pem")));
    let (made, made_key) = (certificate(home.path()), key(home.path()));
    let found = again(home.path(), "2036-11-01T00:00:00Z").unwrap();
    assert_eq!((found.origin(), found.warnings()), (CaOrigin::Found, Vec::new()));
    assert_eq!((certificate(home.path()), key(home.path())), (made, made_key));
}

#[test]
fn of_eight_that_race_all_have_one_authority() {
    for _ in 0..8 {
        let home = TempDir::new().unwrap();
        let start = Barrier::new(8);
        let race = || {
            start.wait();
            authority(home.path())
        };
        let all: Vec<DevelopmentCa> = thread::scope(|scope| {
            let racers: Vec<_> = (0..8).map(|_| scope.spawn(race)).collect();
            racers.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert_eq!(all.iter().filter(|it| it.origin() == CaOrigin::Made).count(), 1);
        let trusted = roots(certificate(home.path()).as_bytes());
        for ca in &all {
            assert_eq!(accepts(&trusted, &leaf(&leaves(ca), NOW), NOW), Ok(()));
        }
        let names: Vec<_> = fs::read_dir(home.path().join("ca")).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names.len(), 3, "{names:?}"); // the key, the certificate, .gitignore
    }
}

/// Strict clients, such as Python since 3.13, look for more than rustls does. RFC 5280 §4.2.1 in DER, by hand.
#[test]
fn strict_clients_find_what_they_ask_for() {
    const CA_WITH_PATH_LENGTH_0: &[u8] = b"\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x08\x30\x06\x01\x01\xff\x02\x01\x00";
    const CERTIFICATE_AND_CRL_SIGN: &[u8] = b"\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x01\x06";
    const NO_CA: &[u8] = b"\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x02\x30\x00";
    const DIGITAL_SIGNATURE: &[u8] = b"\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x07\x80";
    const SERVER_AUTH: &[u8] = b"\x06\x03\x55\x1d\x25\x04\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01";
    const SUBJECT_KEY_ID: &[u8] = b"\x06\x03\x55\x1d\x0e\x04\x16\x04\x14";
    const AUTHORITY_KEY_ID: &[u8] = b"\x06\x03\x55\x1d\x23\x04\x18\x30\x16\x80\x14";
    let home = TempDir::new().unwrap();
    let ca = authority(home.path());
    let root = CertificateDer::from_pem_slice(certificate(home.path()).as_bytes()).unwrap();
    let at =
        |der: &[u8], wanted: &[u8]| der.windows(wanted.len()).position(|it| it == wanted).map(|at| at + wanted.len());
    for extension in [CA_WITH_PATH_LENGTH_0, CERTIFICATE_AND_CRL_SIGN, SERVER_AUTH] {
        assert!(at(&root, extension).is_some(), "{extension:x?}");
    }
    let leaf = leaf(&leaves(&ca), NOW);
    for extension in [NO_CA, DIGITAL_SIGNATURE, SERVER_AUTH, SUBJECT_KEY_ID] {
        assert!(at(&leaf, extension).is_some(), "{extension:x?}");
    }
    let (subject, issuer) = (at(&root, SUBJECT_KEY_ID).unwrap(), at(&leaf, AUTHORITY_KEY_ID).unwrap());
    assert_eq!(root[subject..subject + 20], leaf[issuer..issuer + 20]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_key() {
    use std::os::unix::fs::PermissionsExt;
    let home = TempDir::new().unwrap();
    let ca = authority(home.path());
    let folder = home.path().join("ca");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("ca-key.pem"))), (0o700, 0o600));
    assert!(fs::read_to_string(folder.join(".gitignore")).unwrap().lines().any(|it| it == "*"));
    assert!(ca.warnings().is_empty());
    fs::set_permissions(folder.join("ca-key.pem"), fs::Permissions::from_mode(0o644)).unwrap();
    let warnings = ca.warnings();
    assert!(warnings.len() == 1 && warnings[0].contains("chmod 600"), "{warnings:?}");
}

/// The message names the file and the way out, and nothing on disk changes.
#[track_caller]
fn told(home: &Path, file: &str, reason: &str) {
    let folder = home.join("ca");
    let before = ["ca.pem", "ca-key.pem"].map(|it| fs::read(folder.join(it)).ok());
    let Err(error) = again(home, NOW) else { panic!("it was taken: {reason}") };
    assert!(matches!(error, CaError::Damaged { .. }), "{error}");
    let message = error.to_string();
    assert!(message.contains(&format!("{file}` {reason}")) && message.contains("remove `ca.pem`"), "{message}");
    assert_eq!(["ca.pem", "ca-key.pem"].map(|it| fs::read(folder.join(it)).ok()), before);
}

#[test]
fn what_is_no_authority_is_told_and_left() {
    let (home, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (home, other) = (home.path(), other.path());
    authority(home);
    authority(other);
    let (certificate_path, key_path) = (home.join("ca/ca.pem"), home.join("ca/ca-key.pem"));
    let (good, good_key) = (certificate(home), key(home));
    for wrong in ["", "no PEM", &good_key[..good_key.len() / 2], &good] {
        fs::write(&key_path, wrong).unwrap();
        told(home, "ca-key.pem", "holds no ECDSA P-256 key in PKCS#8");
    }
    fs::write(&key_path, key(other)).unwrap();
    told(home, "ca.pem", "is not the certificate of `ca-key.pem`");
    fs::remove_file(&key_path).unwrap();
    told(home, "ca-key.pem", "is missing beside its certificate");
    fs::write(&key_path, &good_key).unwrap();
    for wrong in ["", "no PEM", &good[..good.len() / 2], &good_key] {
        fs::write(&certificate_path, wrong).unwrap();
        told(home, "ca.pem", "holds no certificate in PEM");
    }
    fs::write(&certificate_path, certificate(other)).unwrap();
    told(home, "ca.pem", "is not the certificate of `ca-key.pem`");
    fs::write(&certificate_path, "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n").unwrap();
    told(home, "ca.pem", "holds no certificate that can be read");
    fs::write(&certificate_path, good).unwrap();
    assert_eq!(again(home, NOW).unwrap().origin(), CaOrigin::Found);
}

#[test]
fn no_changed_character_of_the_certificate_is_taken() {
    let home = TempDir::new().unwrap();
    authority(home.path());
    let good = certificate(home.path());
    // Not the last character: some of its bits stand for nothing (RFC 4648 §3.5).
    let last = good[..good.rfind("\n-----END").unwrap()].trim_end_matches('=').len() - 1;
    let body = good.find('\n').unwrap()..last;
    let (mut changed, mut taken) = (0, Vec::new());
    for (at, character) in good.char_indices().filter(|(at, it)| body.contains(at) && it.is_ascii_alphanumeric()) {
        let mut text = good.clone();
        text.replace_range(at..=at, if character == 'A' { "B" } else { "A" });
        fs::write(home.path().join("ca/ca.pem"), text).unwrap();
        changed += 1;
        if again(home.path(), NOW).is_ok() {
            taken.push(at);
        }
    }
    assert!(changed > 500 && taken.is_empty(), "{taken:?} of {changed}");
}

#[test]
fn a_key_alone_gets_its_certificate() {
    let home = TempDir::new().unwrap();
    authority(home.path());
    let made_key = key(home.path());
    fs::remove_file(home.path().join("ca/ca.pem")).unwrap(); // as if the process had died between the two
    assert_eq!(authority(home.path()).origin(), CaOrigin::Made);
    assert_eq!(key(home.path()), made_key);
}

#[test]
fn an_editor_may_have_saved_it() {
    let home = TempDir::new().unwrap();
    authority(home.path());
    let saved = format!("\u{feff}{}", certificate(home.path()).replace('\n', "\r\n"));
    fs::write(home.path().join("ca/ca.pem"), saved).unwrap();
    assert_eq!(again(home.path(), NOW).unwrap().origin(), CaOrigin::Found);
}

#[test]
fn an_expired_one_is_renewed_and_told() {
    let home = TempDir::new().unwrap();
    authority(home.path());
    let old = certificate(home.path());
    let later = "2036-11-28T09:00:00Z"; // ten years and a day after the start, which is a day before it was made
    let ca = again(home.path(), later).unwrap();
    let CaOrigin::Renewed { expired } = ca.origin() else { panic!("{:?}", ca.origin()) };
    assert_eq!(expired, moment("2036-11-27T09:00:00Z"));
    assert!(ca.warnings()[0].contains("expired on 2036-11-27") && ca.warnings()[0].contains("again"));
    assert_ne!(certificate(home.path()), old);
    assert_eq!(again(home.path(), later).unwrap().origin(), CaOrigin::Found);
    let trusted = roots(certificate(home.path()).as_bytes());
    assert_eq!(accepts(&trusted, &leaf(&leaves(&ca), later), later), Ok(()));
}

#[test]
fn a_clock_that_runs_behind_is_told() {
    let home = TempDir::new().unwrap();
    authority(home.path());
    assert!(again(home.path(), "2026-11-27T09:00:00Z").is_ok());
    let error = again(home.path(), "2026-11-27T08:59:59Z").expect_err("a clock that runs behind");
    assert!(
        error
            .to_string()
            .ends_with("valid from 2026-11-27T09:00:00Z on, and it is 2026-11-27T08:59:59Z here: set the clock"),
        "{error}"
    );
}

#[test]
fn a_server_that_runs_for_months_renews_its_certificate() {
    let home = TempDir::new().unwrap();
    let ca = authority(home.path());
    let trusted = roots(certificate(home.path()).as_bytes());
    let leaves = leaves(&ca);
    let first = leaf(&leaves, NOW);
    assert_eq!(accepts(&trusted, &first, "2027-02-26T09:00:00Z"), Ok(())); // 90 days
    let expired = accepts(&trusted, &first, "2027-02-26T09:00:01Z");
    assert!(matches!(expired, Err(Error::InvalidCertificate(CertificateError::ExpiredContext { .. }))), "{expired:?}");
    assert_eq!(leaf(&leaves, "2027-01-27T08:59:59Z"), first);
    let second = leaf(&leaves, "2027-01-27T09:00:00Z"); // 60 days
    assert_ne!(second, first);
    assert_eq!(accepts(&trusted, &second, "2027-04-27T09:00:00Z"), Ok(()));
    // The clock was set back by more than what is tolerated.
    let third = leaf(&leaves, "2026-12-01T00:00:00Z");
    assert_eq!(accepts(&trusted, &third, "2026-12-01T00:00:00Z"), Ok(()));
}

#[test]
fn a_host_that_no_certificate_can_name_is_told() {
    let home = TempDir::new().unwrap();
    let ca = authority(home.path());
    for host in [
        "",
        "*.contoso.com",
        "con toso.com",
        "https://contoso.com/x",
        "[::1",
        "[::1]x",
        "contoso.com:",
        "a..b",
        "bücher.example",
    ] {
        let error = ca.server_config([host], Clock::System).expect_err(host);
        assert!(matches!(&error, CaError::Host { host: told } if told == host), "{error}");
    }
}

#[test]
fn debug_shows_no_key() {
    let home = TempDir::new().unwrap();
    let ca = authority(home.path());
    let shown = format!("{ca:?} {:?}", tls(&ca, &["contoso.b2clogin.com"]));
    let text = key(home.path());
    let secret = text.lines().nth(1).unwrap();
    assert!(!shown.contains(&secret[..16]), "{shown}");
}

#[test]
fn no_clock_is_too_far_off() {
    for now in ["9999-12-30T21:59:59Z", "-009999-01-03T00:00:00Z", "1970-01-01T00:00:00Z"] {
        let home = TempDir::new().unwrap();
        let ca = again(home.path(), now).unwrap();
        ca.server_config(["contoso.b2clogin.com"], Clock::Fixed(moment(now))).unwrap();
    }
}
