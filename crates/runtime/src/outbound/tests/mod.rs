mod addresses;
mod allowing;
mod calls;
mod resolving;
mod server;
mod urls;

use super::policy::{AddressPolicy, Guard, Refusal, Target};
use super::{AllowEntry, Loopback};
use std::net::IpAddr;

/// The policy of a server that listens on the network, with these entries of its allow list.
fn guarded(entries: &[&str]) -> AddressPolicy {
    AddressPolicy::Guarded(Guard::new(Loopback::Refused, allowed(entries)))
}

fn allowed(entries: &[&str]) -> Vec<AllowEntry> {
    entries.iter().map(|it| it.parse().unwrap_or_else(|error| panic!("{it}: {error}"))).collect()
}

/// What becomes of a call of that address, written as a literal.
fn judge(policy: &AddressPolicy, address: &str) -> Result<(), Refusal> {
    judge_named(policy, None, 443, address)
}

fn judge_named(policy: &AddressPolicy, name: Option<&str>, port: u16, address: &str) -> Result<(), Refusal> {
    let address: IpAddr = address.parse().unwrap_or_else(|_| panic!("{address} is no address"));
    policy.check_address(Target { name, port: Some(port) }, address)
}
