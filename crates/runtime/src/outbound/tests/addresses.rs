//! Every class of address of battery S1, at both borders of each range: the expected classes are those of IANA's
//! special-purpose address registries.

use super::{guarded, judge};
use crate::outbound::Loopback;
use crate::outbound::policy::{AddressPolicy, Guard, Refusal};

/// Ranges as first and last address, what becomes of them, and the neighbours on both sides.
const V4: &[(&str, &str, Refusal)] = &[
    ("0.0.0.0", "0.255.255.255", Refusal::Reserved),
    ("10.0.0.0", "10.255.255.255", Refusal::Private),
    ("100.64.0.0", "100.100.100.199", Refusal::Private),
    ("100.100.100.200", "100.100.100.200", Refusal::Metadata),
    ("100.100.100.201", "100.127.255.255", Refusal::Private),
    ("127.0.0.0", "127.255.255.255", Refusal::Loopback),
    ("168.63.129.16", "168.63.129.16", Refusal::Metadata),
    ("169.254.0.0", "169.254.255.255", Refusal::Metadata),
    ("169.254.169.254", "169.254.170.2", Refusal::Metadata),
    ("172.16.0.0", "172.31.255.255", Refusal::Private),
    ("192.0.0.0", "192.0.0.191", Refusal::Reserved),
    ("192.0.0.192", "192.0.0.192", Refusal::Metadata),
    ("192.0.0.193", "192.0.0.255", Refusal::Reserved),
    ("192.0.2.0", "192.0.2.255", Refusal::Reserved),
    ("192.88.99.0", "192.88.99.255", Refusal::Reserved),
    ("192.168.0.0", "192.168.255.255", Refusal::Private),
    ("198.18.0.0", "198.19.255.255", Refusal::Reserved),
    ("198.51.100.0", "198.51.100.255", Refusal::Reserved),
    ("203.0.113.0", "203.0.113.255", Refusal::Reserved),
    ("224.0.0.0", "239.255.255.255", Refusal::Reserved),
    ("240.0.0.0", "255.255.255.255", Refusal::Reserved),
];

const V6: &[(&str, &str, Refusal)] = &[
    ("::", "::", Refusal::Reserved),
    ("::1", "::1", Refusal::Loopback),
    ("100::", "100::ffff:ffff:ffff:ffff", Refusal::Reserved),
    ("4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved),
    ("2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved),
    ("fc00::", "fd00:ec1:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Private),
    ("fd00:ec2::", "fd00:ec2:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Metadata),
    ("fd00:ec2::254", "fd00:ec2::254", Refusal::Metadata),
    ("fd00:ec3::", "fd20:ce::253", Refusal::Private),
    ("fd20:ce::254", "fd20:ce::254", Refusal::Metadata),
    ("fd20:ce::255", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Private),
    ("fe00::", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Metadata),
    ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Private),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved),
];

/// The addresses just outside the ranges, and well-known ones.
const PUBLIC: &[&str] = &[
    "1.0.0.0",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.0.1.255",
    "192.0.3.0",
    "192.88.98.255",
    "192.88.100.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.99.255",
    "198.51.101.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "8.8.8.8",
    "2000::",
    "2001:200::",
    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db9::",
    "2001:4860:4860::8888",
    "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2003::",
    "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "3fff:1000::",
    "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
];

/// Addresses that hold another one, and what becomes of them: that of the other.
const EMBEDDING: &[(&str, Result<(), Refusal>)] = &[
    // IPv4-mapped, IPv4-compatible.
    ("::ffff:8.8.8.8", Ok(())),
    ("::ffff:127.0.0.1", Err(Refusal::Loopback)),
    ("::ffff:10.0.0.1", Err(Refusal::Private)),
    ("::ffff:169.254.169.254", Err(Refusal::Metadata)),
    ("::ffff:0.0.0.0", Err(Refusal::Reserved)),
    ("::8.8.8.8", Ok(())),
    ("::2", Err(Refusal::Reserved)),
    ("::127.0.0.1", Err(Refusal::Loopback)),
    ("::192.168.0.1", Err(Refusal::Private)),
    // Not mapped but "translated" (RFC 2765): of no use on the Internet.
    ("::ffff:0:8.8.8.8", Err(Refusal::Reserved)),
    // NAT64.
    ("64:ff9b::8.8.8.8", Ok(())),
    ("64:ff9b::127.0.0.1", Err(Refusal::Loopback)),
    ("64:ff9b::100.64.0.1", Err(Refusal::Private)),
    ("64:ff9b::169.254.169.254", Err(Refusal::Metadata)),
    ("64:ff9b::255.255.255.255", Err(Refusal::Reserved)),
    ("64:ff9b::1:0:8.8.8.8", Err(Refusal::Reserved)),
    ("64:ff9b:1::8.8.8.8", Ok(())),
    ("64:ff9b:1:ffff::8.8.8.8", Ok(())),
    ("64:ff9b:1:ffff::10.0.0.1", Err(Refusal::Private)),
    ("64:ff9b:1::169.254.169.254", Err(Refusal::Metadata)),
    // With a prefix of 48 bits this is 10.0.0.1, whatever stands at the end.
    ("64:ff9b:1:a00:0:100:808:808", Err(Refusal::Reserved)),
    ("64:ff9b:2::8.8.8.8", Err(Refusal::Reserved)),
    // 6to4.
    ("2002:808:808::1", Ok(())),
    ("2002:7f00:1::1", Err(Refusal::Loopback)),
    ("2002:c0a8:1::1", Err(Refusal::Private)),
    ("2002:a9fe:a9fe::1", Err(Refusal::Metadata)),
    ("2002:e000:1::1", Err(Refusal::Reserved)),
    // Teredo: server 8.8.8.8 and client 8.8.4.4, then each of the two in a private network.
    ("2001:0:808:808::f7f7:fbfb", Ok(())),
    ("2001:0:a00:1::f7f7:fbfb", Err(Refusal::Private)),
    ("2001:0:808:808::f5ff:fffe", Err(Refusal::Private)),
    ("2001:0:808:808::80ff:fffe", Err(Refusal::Loopback)),
];

#[test]
fn the_borders_of_every_range() {
    for (first, last, refusal) in V4.iter().chain(V6) {
        for address in [first, last] {
            assert_eq!(judge(&guarded(&[]), address), Err(*refusal), "{address}");
            assert_eq!(judge(&guarded(&[address]), address), Ok(()), "{address}, allowed");
            assert_eq!(judge(&AddressPolicy::Open, address), Ok(()), "{address}, `run`");
        }
    }
    for address in PUBLIC {
        assert_eq!(judge(&guarded(&[]), address), Ok(()), "{address}");
    }
}

#[test]
fn an_address_inside_another_decides() {
    for (address, verdict) in EMBEDDING {
        assert_eq!(judge(&guarded(&[]), address), *verdict, "{address}");
    }
    // An entry for the inner address is about the outer one too, and the other way round.
    assert_eq!(judge(&guarded(&["10.0.0.0/8"]), "64:ff9b::10.0.0.1"), Ok(()));
    assert_eq!(judge(&guarded(&["64:ff9b::/96"]), "64:ff9b::10.0.0.1"), Ok(()));
    assert_eq!(judge(&guarded(&["64:ff9b::/96"]), "10.0.0.1"), Err(Refusal::Private));
    assert_eq!(judge(&guarded(&["10.0.0.0/8"]), "2001:0:a00:1::80ff:fffe"), Err(Refusal::Loopback), "one of two");
}

#[test]
fn loopback_and_nothing_else_follows_where_the_server_listens() {
    for (listening, expected) in [
        ("127.0.0.1", Loopback::Allowed),
        ("127.1.2.3", Loopback::Allowed),
        ("::1", Loopback::Allowed),
        ("::ffff:127.0.0.1", Loopback::Allowed),
        ("0.0.0.0", Loopback::Refused),
        ("::", Loopback::Refused),
        ("192.168.0.7", Loopback::Refused),
        ("8.8.8.8", Loopback::Refused),
    ] {
        assert_eq!(Loopback::while_listening_on(listening.parse().unwrap()), expected, "{listening}");
    }
    let local = AddressPolicy::Guarded(Guard::new(Loopback::Allowed, Vec::new()));
    for (first, last, refusal) in V4.iter().chain(V6) {
        let expected = if *refusal == Refusal::Loopback { Ok(()) } else { Err(*refusal) };
        assert_eq!((judge(&local, first), judge(&local, last)), (expected, expected), "{first}");
    }
    assert_eq!(judge(&local, "::ffff:127.0.0.1"), Ok(()));
}
