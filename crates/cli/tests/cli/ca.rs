use crate::sandbox::{Sandbox, repository_file};
use std::fs;

#[test]
fn the_path_of_the_certificate_is_printed_and_it_is_there() {
    let sandbox = Sandbox::new();
    let path = sandbox.wayfarer(&["ca", "path"]).fine().to_owned();
    assert_eq!(path, format!("{}\n", sandbox.home().join("ca").join("ca.pem").display()));
    let made = fs::read_to_string(path.trim_end()).expect("the certificate");
    assert!(made.starts_with("-----BEGIN CERTIFICATE-----\n"), "{made}");
    assert_eq!(sandbox.wayfarer(&["ca", "path"]).fine(), path);
    assert_eq!(fs::read_to_string(path.trim_end()).expect("the certificate"), made);
}

#[test]
fn how_to_trust_it_is_printed() {
    let sandbox = Sandbox::new();
    let text = sandbox.wayfarer(&["ca", "trust"]).fine().to_owned();
    let certificate = sandbox.home().join("ca").join("ca.pem").display().to_string();
    assert_eq!(text.matches(&certificate).count(), 6, "{text}"); // the platform, and five kinds of clients
    assert!(!text.contains("PRIVATE KEY"), "{text}");
}

#[test]
fn a_damaged_authority_is_told() {
    let sandbox = Sandbox::new();
    let path = sandbox.wayfarer(&["ca", "path"]).fine().to_owned();
    fs::write(path.trim_end(), repository_file("README.md")).expect("the file");
    sandbox.wayfarer(&["ca", "trust"]).refused(2, &["ca.pem", "holds no certificate in PEM", "trusted again"]);
    assert_eq!(fs::read_to_string(path.trim_end()).expect("the file"), repository_file("README.md"));
}
