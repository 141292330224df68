//! Requests to Microsoft Graph from outside the crate, as the server hands them in.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "a test is the edge: it makes tenants and reads the exchanges itself")]

mod exchanges;
mod hostile;
mod keys;
mod runner;
