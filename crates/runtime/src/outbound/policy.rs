//! Which calls may be made.

use super::allow::AllowEntry;
use super::class::{Class, destinations};
use super::ports;
use std::collections::BTreeSet;
use std::net::IpAddr;
use url::{Host, Url};

/// Who may be called.
#[derive(Clone, Debug)]
pub(super) enum AddressPolicy {
    /// Everybody.
    Open,
    /// Public addresses and what was allowed.
    Guarded(Guard),
}

/// Whether this machine's own services may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    /// They may.
    Allowed,
    /// Only those that are allowed by name or address.
    Refused,
}

impl Loopback {
    /// For a server that listens there: who can reach a server on loopback can reach its neighbours as well.
    pub fn while_listening_on(address: IpAddr) -> Self {
        if address.to_canonical().is_loopback() { Self::Allowed } else { Self::Refused }
    }
}

/// Whom a call is meant for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    /// The host of the URL, if it is a name.
    pub(super) name: Option<&'a str>,
    /// `None` where it is known only that no entry of the allow list names the port.
    pub(super) port: Option<u16>,
}

/// Why a call is not made. The texts name no address and no host: an error must not tell what a name resolves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("its scheme is neither `http` nor `https`")]
    Scheme,
    #[error("its URL holds a user name or password")]
    UserInfo,
    #[error("its port belongs to another protocol (`--allow-outbound HOST:PORT` lets such calls through)")]
    Port,
    #[error(
        "it leads to this machine, and the server doesn't listen on loopback alone (`--allow-outbound` lets such calls through)"
    )]
    Loopback,
    #[error("it leads into a private network (`--allow-outbound` lets such calls through)")]
    Private,
    #[error(
        "it leads to a link-local or metadata address (`--allow-outbound` with the address lets such calls through)"
    )]
    Metadata,
    #[error("it leads to an address that is not public (`--allow-outbound` with the address lets such calls through)")]
    Reserved,
}

impl AddressPolicy {
    /// Judges what the URL alone tells. A name is judged again, by [`AddressPolicy::check_address`], when it is resolved.
    pub(super) fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        match self {
            Self::Open => Ok(()),
            Self::Guarded(guard) => guard.check_url(url),
        }
    }

    /// Judges an address that is about to be connected to.
    pub(super) fn check_address(&self, target: Target<'_>, address: IpAddr) -> Result<(), Refusal> {
        match self {
            Self::Open => Ok(()),
            Self::Guarded(guard) => guard.check_address(target, address),
        }
    }

    /// The ports that entries of the allow list are about.
    pub(super) fn listed_ports(&self) -> BTreeSet<u16> {
        match self {
            Self::Open => BTreeSet::new(),
            Self::Guarded(guard) => guard.allowed.iter().filter_map(AllowEntry::port).collect(),
        }
    }
}

/// Public addresses, and what was allowed beside them.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    loopback: Loopback,
    allowed: Vec<AllowEntry>,
}

impl Guard {
    pub(super) fn new(loopback: Loopback, allowed: Vec<AllowEntry>) -> Self {
        Self { loopback, allowed }
    }

    fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::UserInfo);
        }
        let port = url.port_or_known_default();
        let literal = Target { name: None, port };
        match url.host() {
            Some(Host::Ipv4(address)) => self.check_address(literal, address.into()),
            Some(Host::Ipv6(address)) => self.check_address(literal, address.into()),
            // A port that is listed for somebody is judged with the address.
            Some(Host::Domain(_)) if self.allowed.iter().any(|it| it.port() == port) => Ok(()),
            Some(Host::Domain(_)) if port.is_some_and(ports::is_blocked) => Err(Refusal::Port),
            Some(Host::Domain(_)) => Ok(()),
            None => Err(Refusal::Scheme),
        }
    }

    fn check_address(&self, target: Target<'_>, address: IpAddr) -> Result<(), Refusal> {
        destinations(address).into_iter().try_for_each(|it| self.check_destination(target, address, it))
    }

    /// `address` leads to `destination`; an entry may name either.
    fn check_destination(&self, target: Target<'_>, address: IpAddr, destination: IpAddr) -> Result<(), Refusal> {
        let about = |it: &&AllowEntry| it.covers(target, address) || it.covers(target, destination);
        let mut entries = self.allowed.iter().filter(about);
        if target.port.is_some_and(ports::is_blocked) && !entries.clone().any(|it| it.port().is_some()) {
            return Err(Refusal::Port);
        }
        let class = Class::of(destination);
        let refusal = match class {
            Class::Public => return Ok(()),
            Class::Loopback if self.loopback == Loopback::Allowed => return Ok(()),
            Class::Loopback => Refusal::Loopback,
            Class::Private => Refusal::Private,
            Class::Metadata => Refusal::Metadata,
            Class::Reserved => Refusal::Reserved,
        };
        if entries.any(|it| it.opens(class)) { Ok(()) } else { Err(refusal) }
    }
}
