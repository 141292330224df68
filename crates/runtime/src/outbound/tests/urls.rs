//! What is refused by the URL alone, before any name is looked up.

use super::guarded;
use crate::outbound::policy::{AddressPolicy, Refusal};
use url::Url;

fn check(policy: &AddressPolicy, url: &str) -> Result<(), Refusal> {
    policy.check_url(&Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}")))
}

#[test]
fn every_spelling_of_an_address_is_that_address() {
    for host in [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7F.1",
        "017700000001",
        "0177.0.0.01",
        "127.0.0.0x1",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ] {
        assert_eq!(check(&guarded(&[]), &format!("http://{host}/x")), Err(Refusal::Loopback), "{host}");
        assert_eq!(check(&AddressPolicy::Open, &format!("http://{host}/x")), Ok(()), "{host}");
    }
    for host in ["169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[::ffff:a9fe:a9fe]"] {
        assert_eq!(check(&guarded(&[]), &format!("http://{host}/")), Err(Refusal::Metadata), "{host}");
    }
    for host in ["0", "0.0.0.0", "0x0", "[::]", "255.255.255.255", "4294967295"] {
        assert_eq!(check(&guarded(&[]), &format!("http://{host}/")), Err(Refusal::Reserved), "{host}");
    }
    assert_eq!(check(&guarded(&[]), "https://134744072/"), Ok(()), "8.8.8.8");
}

#[test]
fn schemes_and_user_names() {
    for url in
        ["ftp://8.8.8.8/", "file:///etc/passwd", "gopher://8.8.8.8:80/", "ws://8.8.8.8/", "data:,x", "unix:/run/x"]
    {
        assert_eq!(check(&guarded(&[]), url), Err(Refusal::Scheme), "{url}");
    }
    for url in ["http://emily@8.8.8.8/", "https://emily:secret@api.contoso.com/", "https://:secret@api.contoso.com/"] {
        assert_eq!(check(&guarded(&[]), url), Err(Refusal::UserInfo), "{url}");
    }
}

#[test]
fn ports_of_other_protocols() {
    for port in [0, 22, 25, 6667] {
        for host in ["api.contoso.com", "8.8.8.8", "[2001:4860:4860::8888]"] {
            let url = format!("https://{host}:{port}/");
            assert_eq!(check(&guarded(&[]), &url), Err(Refusal::Port), "{url}");
        }
    }
    for url in
        ["http://api.contoso.com/", "https://api.contoso.com/", "https://api.contoso.com:8443/", "http://8.8.8.8:8080/"]
    {
        assert_eq!(check(&guarded(&[]), url), Ok(()), "{url}");
    }
    // Listed for somebody, so it is known only with the address whether for this host.
    assert_eq!(check(&guarded(&["8.8.8.8:25"]), "http://api.contoso.com:25/"), Ok(()));
    assert_eq!(check(&guarded(&["8.8.8.8:25"]), "http://8.8.4.4:25/"), Err(Refusal::Port));
}

#[test]
fn no_text_names_an_address_or_a_host() {
    for url in [
        "ftp://10.0.0.1/",
        "http://e@10.0.0.1/",
        "http://8.8.8.8:25/",
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/",
        "http://0.0.0.0/",
    ] {
        let text = check(&guarded(&[]), url).unwrap_err().to_string();
        assert!(!text.contains(|it: char| it.is_ascii_digit()), "{text}");
    }
}
