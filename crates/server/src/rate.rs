use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use wayfarer_store::Guid;

/// The service's own limit: so many requests of one address in five minutes (service-limits).
pub const AZURE_RATE: NonZeroU32 = NonZeroU32::new(6000).unwrap();
/// The time in which they are counted.
const WINDOW: Duration = Duration::from_secs(300);
/// After so many requests those who have not asked for long are forgotten.
const TIDY: u32 = 50_000;

type Keyed<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

struct Limits {
    addresses: Keyed<IpAddr>,
    /// In a client's name, whoever it is: by address, so that nobody uses up what is another's.
    claimed: Keyed<(IpAddr, u64)>,
    /// By the client itself.
    proven: Keyed<Guid>,
}

/// How often one address, and one client, may ask.
pub(crate) struct Rates {
    limits: Option<Limits>,
    asked: AtomicU32,
}

impl Rates {
    /// So many requests in five minutes; `None` for any number.
    pub(crate) fn new(rate: Option<NonZeroU32>) -> Self {
        let quota = |rate: NonZeroU32| {
            Quota::with_period(WINDOW / rate.get()).map_or(Quota::per_second(rate), |it| it.allow_burst(rate))
        };
        let limits = rate.map(|it| Limits {
            addresses: Keyed::hashmap(quota(it)),
            claimed: Keyed::hashmap(quota(it)),
            proven: Keyed::hashmap(quota(it)),
        });
        Self { limits, asked: AtomicU32::new(0) }
    }

    /// Counts a request of an address; `Some` is how long it has to wait for its turn.
    pub(crate) fn address(&self, address: IpAddr) -> Option<Duration> {
        let Limits { addresses, claimed, proven } = self.limits.as_ref()?;
        if self.asked.fetch_add(1, Ordering::Relaxed) % TIDY == TIDY - 1 {
            addresses.retain_recent();
            claimed.retain_recent();
            proven.retain_recent();
        }
        wait(addresses, &network(address))
    }

    /// Counts a request in the name of a client, which may be anybody's.
    pub(crate) fn claimed(&self, address: IpAddr, client_id: &str) -> Option<Duration> {
        let mut hasher = DefaultHasher::new();
        client_id.to_ascii_lowercase().hash(&mut hasher);
        wait(&self.limits.as_ref()?.claimed, &(network(address), hasher.finish()))
    }

    /// Counts a request of a client that has proven who it is.
    pub(crate) fn proven(&self, client: Guid) -> Option<Duration> {
        wait(&self.limits.as_ref()?.proven, &client)
    }
}

fn wait<K: Clone + Hash + Eq>(limiter: &Keyed<K>, key: &K) -> Option<Duration> {
    limiter.check_key(key).err().map(|until| until.wait_time_from(limiter.clock().now()))
}

/// Whoever has an IPv6 address has all of its /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_its_number_an_address_waits_and_others_do_not() {
        let rates = Rates::new(NonZeroU32::new(3));
        let (one, other): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        for _ in 0..3 {
            assert_eq!(rates.address(one), None);
        }
        assert!(rates.address(one).is_some_and(|it| it <= WINDOW / 3));
        assert_eq!(rates.address(other), None);
        assert!((0..10_000).all(|_| Rates::new(None).address(one).is_none()));
    }

    #[test]
    fn nobody_uses_up_what_is_another_client_s() {
        let rates = Rates::new(NonZeroU32::new(2));
        let (evil, own): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let client: Guid = "11112222-bbbb-3333-cccc-4444dddd5555".parse().unwrap();
        let name = client.to_string();
        assert!((0..3).any(|_| rates.claimed(evil, &name.to_uppercase()).is_some()));
        assert!(rates.claimed(evil, &name).is_some());
        assert!(rates.claimed(own, &name).is_none() && rates.proven(client).is_none());
        assert!(rates.proven(client).is_none() && rates.proven(client).is_some(), "from any address");
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let rates = Rates::new(NonZeroU32::new(1));
        assert_eq!(rates.address("2001:db8::1".parse().unwrap()), None);
        assert!(rates.address("2001:db8::ffff:2".parse().unwrap()).is_some());
        assert_eq!(rates.address("2001:db8:0:1::1".parse().unwrap()), None);
    }
}
