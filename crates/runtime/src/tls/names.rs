use rcgen::SanType;
use rustls::pki_types::ServerName;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The name or address in a host as a tenant lists it: `contoso.b2clogin.com`, with a port or without, `[::1]:8443`.
/// `None` when it is neither a DNS name nor an address.
pub(super) fn server_name(host: &str) -> Option<ServerName<'static>> {
    let (name, port) = parts(host);
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|it| it.parse::<u16>().is_ok());
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    ServerName::try_from(name).ok().filter(|_| is_port)
}

fn parts(host: &str) -> (&str, &str) {
    if let Some(parts) = host.strip_prefix('[').and_then(|it| it.split_once(']')) {
        return parts;
    }
    match host.find(':') {
        Some(at) if host.rfind(':') == Some(at) => host.split_at(at),
        _ => (host, ""), // also an IPv6 address without brackets
    }
}

/// What a certificate is made out to: this machine, and each of the hosts once. `Err` is the host that can't be named.
pub(super) fn subject_alt_names<H: AsRef<str>>(hosts: impl IntoIterator<Item = H>) -> Result<Vec<SanType>, String> {
    let mut names = vec![
        SanType::DnsName(ascii("localhost").ok_or_else(String::new)?),
        SanType::IpAddress(Ipv4Addr::LOCALHOST.into()),
        SanType::IpAddress(Ipv6Addr::LOCALHOST.into()),
    ];
    for host in hosts {
        let name = alt_name(host.as_ref()).ok_or_else(|| host.as_ref().to_owned())?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

fn alt_name(host: &str) -> Option<SanType> {
    match server_name(host)? {
        ServerName::IpAddress(address) => Some(SanType::IpAddress(IpAddr::from(address))),
        ServerName::DnsName(name) => ascii(name.as_ref()).map(SanType::DnsName),
        _ => None,
    }
}

fn ascii(name: &str) -> Option<rcgen::string::Ia5String> {
    name.try_into().ok()
}
