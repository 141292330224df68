//! The edge: the real [`Host`](wayfarer_builtins::Host) with its HTTP client, clock and random source, the disk, and
//! [`issue`], which takes a granted request through its journey to a signed token.
//!
//! Never in here: decisions. What may be granted is `wayfarer-oauth`'s, what a journey does is the engine's. `run` and
//! `serve` share all of this, so what an author sees in one is what a client gets from the other.

mod disk;
mod graph;
mod host;
mod issue;
mod outbound;
mod output;
mod random;
mod rewrite;
mod signing;
mod staged;
mod tls;

pub use disk::Disk;
pub use graph::{Graph, GraphAnswer, GraphError, Stored};
pub use host::{Clock, RealHost};
pub use issue::{Client, Granted, Issued, Record, Recording, Row, issuance_claim_pattern, issue};
pub use outbound::{AllowEntry, AllowEntryError, Loopback, Outbound};
pub use output::{OutputError, OutputFolder};
pub use random::Random;
pub use rewrite::{RewriteError, rewrite};
pub use signing::{Signed, SigningError, SigningKeys};
pub use tls::{
    CaError, CaOrigin, CertificateError, DevelopmentCa, IssueError, ServerCertificate, server_config_from_files,
};
