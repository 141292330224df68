//! Entries of the allow list: how they are read, and what each lets through.

use super::{guarded, judge, judge_named};
use crate::outbound::policy::Refusal;
use crate::outbound::{AllowEntry, AllowEntryError};

#[test]
fn what_is_no_entry_is_told_with_what_to_write() {
    for (text, error) in [
        ("", "`` is neither a host name nor an address; write a name, an address, or a network such as `10.0.0.0/8`"),
        (
            "*.contoso.com",
            "`*.contoso.com` is neither a host name nor an address; write a name, an address, or a network such as `10.0.0.0/8`",
        ),
        (
            "api contoso",
            "`api contoso` is neither a host name nor an address; write a name, an address, or a network such as `10.0.0.0/8`",
        ),
        (
            "[::1",
            "`[:` is neither a host name nor an address; write a name, an address, or a network such as `10.0.0.0/8`",
        ),
        (
            "256.1.1.1",
            "`256.1.1.1` is neither a host name nor an address; write a name, an address, or a network such as `10.0.0.0/8`",
        ),
        (
            "https://api.contoso.com",
            "write the host without scheme, path and user name, such as `api.contoso.com` or `api.contoso.com:8443`",
        ),
        (
            "api.contoso.com/members",
            "write the host without scheme, path and user name, such as `api.contoso.com` or `api.contoso.com:8443`",
        ),
        (
            "emily@api.contoso.com",
            "write the host without scheme, path and user name, such as `api.contoso.com` or `api.contoso.com:8443`",
        ),
        ("127.1", "`127.1` is another spelling of an address; write `127.0.0.1`"),
        ("0x7f000001:80", "`0x7f000001` is another spelling of an address; write `127.0.0.1`"),
        ("api.contoso.com:0", "`0` is no port; write a number from 1 to 65535"),
        ("api.contoso.com:", "`` is no port; write a number from 1 to 65535"),
        ("api.contoso.com:65536", "`65536` is no port; write a number from 1 to 65535"),
        ("api.contoso.com:+80", "`+80` is no port; write a number from 1 to 65535"),
        ("[::1]:http", "`http` is no port; write a number from 1 to 65535"),
        (
            "10.0.0.0/33",
            "`10.0.0.0/33` is no network; write an address, `/`, and how many of its bits are fixed, such as `10.0.0.0/8`, without a port",
        ),
        (
            "10.0.0.0/8:80",
            "`10.0.0.0/8:80` is no network; write an address, `/`, and how many of its bits are fixed, such as `10.0.0.0/8`, without a port",
        ),
        (
            "contoso/8",
            "`contoso/8` is no network; write an address, `/`, and how many of its bits are fixed, such as `10.0.0.0/8`, without a port",
        ),
        ("10.1.2.3/8", "the address has bits beyond its prefix; write `10.0.0.0/8`, or a longer prefix"),
        (
            "::ffff:10.0.0.0/104",
            "a mapped address is judged as its IPv4 address; write the IPv4 network, such as `10.0.0.0/8`",
        ),
    ] {
        let read: Result<AllowEntry, AllowEntryError> = text.parse();
        assert_eq!(read.map_err(|it| it.to_string()), Err(error.to_owned()), "{text}");
    }
}

#[test]
fn an_address_or_a_network_is_about_addresses() {
    for (entry, through, refused) in [
        ("10.0.0.0/8", "10.255.255.255", "172.16.0.1"),
        ("10.0.0.1", "10.0.0.1", "10.0.0.2"),
        ("::ffff:10.0.0.1", "10.0.0.1", "10.0.0.2"),
        ("10.0.0.1", "::ffff:10.0.0.1", "::ffff:10.0.0.2"),
        ("fd12::/16", "fd12::7", "fd13::7"),
        ("::1", "::1", "127.0.0.1"),
        ("[::1]", "::1", "127.0.0.1"),
        ("169.254.169.254", "169.254.169.254", "169.254.169.253"),
        ("0.0.0.0/0", "169.254.169.254", "fe80::1"),
        ("::/0", "fe80::1", "10.0.0.1"),
    ] {
        let policy = guarded(&[entry]);
        assert_eq!(judge(&policy, through), Ok(()), "{entry}: {through}");
        assert!(judge(&policy, refused).is_err(), "{entry}: {refused}");
    }
}

#[test]
fn a_port_narrows_an_entry() {
    for (entry, address) in [("10.0.0.1:8443", "10.0.0.1"), ("[fd12::7]:8443", "fd12::7")] {
        let policy = guarded(&[entry]);
        assert_eq!(judge_named(&policy, None, 8443, address), Ok(()), "{entry}");
        assert_eq!(judge_named(&policy, None, 443, address), Err(Refusal::Private), "{entry}");
        assert_eq!(judge_named(&policy, Some("api.contoso.com"), 8443, address), Ok(()), "{entry}: by name");
    }
    let policy = guarded(&["api.local:8443"]);
    assert_eq!(judge_named(&policy, Some("api.local"), 8443, "10.0.0.1"), Ok(()));
    assert_eq!(judge_named(&policy, Some("api.local"), 443, "10.0.0.1"), Err(Refusal::Private));
}

#[test]
fn a_name_opens_the_own_networks_and_never_metadata() {
    for (entry, name, address, verdict) in [
        ("api.local", "api.local", "10.0.0.1", Ok(())),
        ("API.local.", "api.local", "fd12::7", Ok(())),
        ("api.local", "api.local.", "127.0.0.1", Ok(())),
        ("bücher.example", "xn--bcher-kva.example", "192.168.0.1", Ok(())),
        ("api.local", "api.local", "169.254.169.254", Err(Refusal::Metadata)),
        ("api.local", "api.local", "fd00:ec2::254", Err(Refusal::Metadata)),
        ("api.local", "api.local", "::ffff:169.254.169.254", Err(Refusal::Metadata)),
        ("api.local", "api.local", "224.0.0.1", Err(Refusal::Reserved)),
        ("api.local", "api.local", "0.0.0.0", Err(Refusal::Reserved)),
        ("api.local", "b.api.local", "10.0.0.1", Err(Refusal::Private)),
        ("api.local", "local", "10.0.0.1", Err(Refusal::Private)),
        ("api.local", "api.localhost", "127.0.0.1", Err(Refusal::Loopback)),
    ] {
        assert_eq!(judge_named(&guarded(&[entry]), Some(name), 443, address), verdict, "{entry}: {name} {address}");
    }
    assert_eq!(judge(&guarded(&["api.local"]), "10.0.0.1"), Err(Refusal::Private), "the address by itself");
}

#[test]
fn a_blocked_port_takes_an_entry_with_that_port() {
    for (entries, name, address, verdict) in [
        (&[][..], None, "8.8.8.8", Err(Refusal::Port)),
        (&["8.8.8.8"][..], None, "8.8.8.8", Err(Refusal::Port)),
        (&["8.8.8.8:25"][..], None, "8.8.8.8", Ok(())),
        (&["8.8.8.8:25"][..], None, "8.8.4.4", Err(Refusal::Port)),
        (&["8.8.8.8:22"][..], None, "8.8.8.8", Err(Refusal::Port)),
        (&["mail.contoso.com:25"][..], Some("mail.contoso.com"), "8.8.8.8", Ok(())),
        (&["mail.contoso.com:25"][..], Some("mail.fabrikam.com"), "8.8.8.8", Err(Refusal::Port)),
        // The port is opened, and the address stays what it is.
        (&["mail.contoso.com:25"][..], Some("mail.contoso.com"), "169.254.169.254", Err(Refusal::Metadata)),
    ] {
        assert_eq!(judge_named(&guarded(entries), name, 25, address), verdict, "{entries:?}: {name:?} {address}");
    }
}
