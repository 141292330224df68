use std::time::Duration;

/// What one client may take of the service. Azure's own figures are not documented but for the rate, so these are chosen:
/// the reference "limits", section 7, row S4.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest header of a request, its request line included, in bytes: more is answered with 431.
    pub header: usize,
    /// The most lines in a header: more is answered with 431.
    pub header_lines: usize,
    /// How long the handshake of TLS may take.
    pub handshake_time: Duration,
    /// How long a connection may be without a whole request header.
    pub header_time: Duration,
    /// How long the body of a request may take: longer is answered with 408.
    pub body_time: Duration,
    /// How long an answer may wait for a client that does not read.
    pub write_time: Duration,
    /// Connections at a time; more wait to be accepted.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: 16 * 1024,
            header_lines: 100,
            handshake_time: Duration::from_secs(3),
            header_time: Duration::from_secs(7),
            body_time: Duration::from_secs(8),
            write_time: Duration::from_secs(8),
            connections: 16 * 1024,
        }
    }
}
