//! What `serve --allow-outbound` names.

use super::class::Class;
use super::policy::Target;
use ipnet::IpNet;
use std::net::IpAddr;
use std::str::FromStr;
use url::Host;

/// One thing that may be called although it would be refused: `host`, `host:port`, `10.0.0.0/8`, `[::1]:8080`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowEntry {
    whom: Whom,
    /// With a port, the entry is about that port alone.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Whom {
    /// A host name as URLs hold it: lower case, punycode, without a dot at its end.
    Name(String),
    Network(IpNet),
}

/// Why a text is no entry. The texts follow the entry, which the command line shows.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllowEntryError {
    /// A scheme, a path or a user name.
    #[error("write the host without scheme, path and user name, such as `api.contoso.com` or `api.contoso.com:8443`")]
    Url,
    /// What stands before the port is neither a name nor an address.
    #[error("`{0}` is neither a host name nor an address; write a name, an address, or a network such as `10.0.0.0/8`")]
    Host(String),
    /// Another spelling of an IPv4 address, such as `127.1` or `0x7f000001`.
    #[error("`{0}` is another spelling of an address; write `{1}`")]
    Spelling(String, IpAddr),
    /// No port that can be called.
    #[error("`{0}` is no port; write a number from 1 to 65535")]
    Port(String),
    /// No network, or one that stands for IPv4 addresses.
    #[error(
        "`{0}` is no network; write an address, `/`, and how many of its bits are fixed, such as `10.0.0.0/8`, without a port"
    )]
    Network(String),
    /// A network whose address has bits beyond the prefix.
    #[error("the address has bits beyond its prefix; write `{0}`, or a longer prefix")]
    Bits(IpNet),
    /// A network of IPv4-mapped addresses: what is called is judged by the IPv4 address.
    #[error("a mapped address is judged as its IPv4 address; write the IPv4 network, such as `10.0.0.0/8`")]
    Mapped,
}

impl FromStr for AllowEntry {
    type Err = AllowEntryError;

    /// Reads an entry as it is written on the command line.
    fn from_str(text: &str) -> Result<Self, AllowEntryError> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::address(address, None));
        }
        if text.contains("://") || text.contains(['@', '?', '#', '\\']) {
            return Err(AllowEntryError::Url);
        }
        if let Some((address, bits)) = text.split_once('/') {
            let network = network(text, address, bits)?;
            return Ok(Self { whom: Whom::Network(network), port: None });
        }
        // Within brackets there are colons too.
        let after_brackets = text.rfind(']').map_or(0, |it| it + 1);
        let (host, port) = match text[after_brackets..].rfind(':') {
            Some(colon) => {
                let (host, port) = text.split_at(after_brackets + colon);
                (host, Some(read_port(&port[1..])?))
            }
            None => (text, None),
        };
        Self::host(host, port)
    }
}

impl AllowEntry {
    fn address(address: IpAddr, port: Option<u16>) -> Self {
        Self { whom: Whom::Network(IpNet::from(address.to_canonical())), port }
    }

    fn host(text: &str, port: Option<u16>) -> Result<Self, AllowEntryError> {
        match Host::parse(text) {
            Ok(Host::Ipv6(address)) => Ok(Self::address(address.into(), port)),
            Ok(Host::Ipv4(address)) if address.to_string() == text => Ok(Self::address(address.into(), port)),
            Ok(Host::Ipv4(address)) => Err(AllowEntryError::Spelling(text.to_owned(), address.into())),
            Ok(Host::Domain(name)) if !name.contains('*') => {
                Ok(Self { whom: Whom::Name(bare(&name).to_owned()), port })
            }
            _ => Err(AllowEntryError::Host(text.to_owned())),
        }
    }

    /// The port, if the entry is about one alone.
    pub(super) fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether the entry is about this call, when it goes to that address.
    pub(super) fn covers(&self, target: Target<'_>, address: IpAddr) -> bool {
        if self.port.is_some() && self.port != target.port {
            return false;
        }
        match &self.whom {
            Whom::Name(name) => target.name.is_some_and(|it| bare(it).eq_ignore_ascii_case(name)),
            Whom::Network(network) => network.contains(&address),
        }
    }

    /// Whether the entry opens such an address. Who answers for a name decides where it leads: that may be inside the own
    /// network, and never where a cloud hands out credentials. Those only an address or a network opens.
    pub(super) fn opens(&self, class: Class) -> bool {
        match self.whom {
            Whom::Network(_) => true,
            Whom::Name(_) => matches!(class, Class::Public | Class::Loopback | Class::Private),
        }
    }
}

/// `name.` and `name` are one host.
fn bare(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

fn read_port(text: &str) -> Result<u16, AllowEntryError> {
    let digits = text.bytes().all(|it| it.is_ascii_digit());
    let port = text.parse().ok().filter(|it| digits && *it != 0);
    port.ok_or_else(|| AllowEntryError::Port(text.to_owned()))
}

fn network(text: &str, address: &str, bits: &str) -> Result<IpNet, AllowEntryError> {
    let no_network = || AllowEntryError::Network(text.to_owned());
    let Ok(address) = address.parse::<IpAddr>() else {
        return Err(if bits.parse::<u8>().is_ok() { no_network() } else { AllowEntryError::Url });
    };
    let bits = bits.parse().map_err(|_| no_network())?;
    let network = IpNet::new(address, bits).map_err(|_| no_network())?;
    if network.trunc() != network {
        return Err(AllowEntryError::Bits(network.trunc()));
    }
    let mapped = address.to_canonical() != address && bits >= 96;
    if mapped { Err(AllowEntryError::Mapped) } else { Ok(network) }
}
