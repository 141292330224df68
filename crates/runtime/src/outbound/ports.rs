//! Ports at which no REST API is, but services that a request could be made to mean something to.

/// The "bad ports" of the Fetch standard (<https://fetch.spec.whatwg.org/#port-blocking>), which browsers refuse too.
const BLOCKED: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

pub(super) fn is_blocked(port: u16) -> bool {
    BLOCKED.binary_search(&port).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_shells_and_port_zero_are_blocked_and_the_web_is_not() {
        assert!(BLOCKED.is_sorted(), "the search relies on it");
        for port in [0, 21, 22, 23, 25, 53, 110, 389, 465, 587, 636, 6000, 6667, 10080] {
            assert!(is_blocked(port), "{port}");
        }
        for port in [80, 443, 3000, 5000, 5001, 7071, 8000, 8080, 8443, 8464, 49152, 65535] {
            assert!(!is_blocked(port), "{port}");
        }
    }
}
