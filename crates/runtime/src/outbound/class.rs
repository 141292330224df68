//! What an address leads to: the special-purpose registries of IANA (RFC 6890), and where clouds serve credentials.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of place an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// The Internet.
    Public,
    /// This machine.
    Loopback,
    /// A private network: RFC 1918, a carrier's (RFC 6598), IPv6 unique local.
    Private,
    /// The link, and the addresses at which clouds hand credentials and settings to their machines.
    Metadata,
    /// Nobody's: unspecified, multicast, broadcast, documentation, and what is not assigned.
    Reserved,
}

/// The first range that holds an address decides.
const RANGES: &[(IpNet, Class)] = &[
    (v4([0, 0, 0, 0], 8), Class::Reserved),
    (v4([10, 0, 0, 0], 8), Class::Private),
    // Alibaba Cloud's metadata, inside the carriers' range.
    (v4([100, 100, 100, 200], 32), Class::Metadata),
    (v4([100, 64, 0, 0], 10), Class::Private),
    (v4([127, 0, 0, 0], 8), Class::Loopback),
    // Azure's wire server: a public address by its number, and the platform's own by its use.
    (v4([168, 63, 129, 16], 32), Class::Metadata),
    (v4([169, 254, 0, 0], 16), Class::Metadata),
    (v4([172, 16, 0, 0], 12), Class::Private),
    // Oracle Cloud's metadata, inside the protocol assignments.
    (v4([192, 0, 0, 192], 32), Class::Metadata),
    (v4([192, 0, 0, 0], 24), Class::Reserved),
    (v4([192, 0, 2, 0], 24), Class::Reserved),
    (v4([192, 88, 99, 0], 24), Class::Reserved),
    (v4([192, 168, 0, 0], 16), Class::Private),
    (v4([198, 18, 0, 0], 15), Class::Reserved),
    (v4([198, 51, 100, 0], 24), Class::Reserved),
    (v4([203, 0, 113, 0], 24), Class::Reserved),
    // Multicast, then what is reserved with the broadcast address at its end.
    (v4([224, 0, 0, 0], 4), Class::Reserved),
    (v4([240, 0, 0, 0], 4), Class::Reserved),
    (v4([0, 0, 0, 0], 0), Class::Public),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), Class::Loopback),
    // AWS (fd00:ec2::254 and its neighbours) and Google Cloud, inside the unique local addresses.
    (v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0], 32), Class::Metadata),
    (v6([0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254], 128), Class::Metadata),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), Class::Private),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), Class::Metadata),
    // Site-local addresses: deprecated (RFC 3879), and still somebody's private network.
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), Class::Private),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), Class::Reserved),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), Class::Reserved),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), Class::Reserved),
    // All that is assigned as global unicast. Whatever else there is was never handed out.
    (v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3), Class::Public),
];

const fn v4(octets: [u8; 4], prefix: u8) -> IpNet {
    IpNet::new_assert(IpAddr::V4(Ipv4Addr::from_octets(octets)), prefix)
}

const fn v6(segments: [u16; 8], prefix: u8) -> IpNet {
    IpNet::new_assert(IpAddr::V6(Ipv6Addr::from_segments(segments)), prefix)
}

impl Class {
    /// The class of the address itself; what it embeds is told by [`destinations`].
    pub(super) fn of(address: IpAddr) -> Self {
        let range = RANGES.iter().find(|(range, _)| range.contains(&address));
        range.map_or(Self::Reserved, |(_, class)| *class)
    }
}

/// Where a packet to this address ends: there, or at the IPv4 addresses that it embeds.
pub(super) fn destinations(address: IpAddr) -> Vec<IpAddr> {
    let embedded = match address {
        IpAddr::V4(_) => Vec::new(),
        IpAddr::V6(address) => embedded(address),
    };
    if embedded.is_empty() { vec![address] } else { embedded }
}

fn embedded(address: Ipv6Addr) -> Vec<IpAddr> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Vec::new(),
        // IPv4-compatible and IPv4-mapped (RFC 4291, 2.5.5).
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => vec![joined(high, low)],
        // NAT64's well-known prefix (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => vec![joined(high, low)],
        // NAT64 with a prefix of the network's own (RFC 8215). Its length is the network's affair: only with 96 bits is it
        // known where the IPv4 address stands. Every other form embeds nothing here and is refused as it is.
        [0x64, 0xff9b, 1, _, 0, 0, high, low] => vec![joined(high, low)],
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => vec![joined(high, low)],
        // Teredo (RFC 4380, 4): its server, and the client with all bits flipped.
        [0x2001, 0, high, low, _, _, client_high, client_low] => {
            vec![joined(high, low), joined(!client_high, !client_low)]
        }
        _ => Vec::new(),
    }
}

fn joined(high: u16, low: u16) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}
