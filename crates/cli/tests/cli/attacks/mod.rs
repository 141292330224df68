//! Attacks on the running service, and its endurance: the rows R1, R4, R5, S2 and S4 of the battery, hostile HTTP, and
//! tricks with paths. A test's name begins with its row.
//!
//! By default every battery is small; with `WAYFARER_ENDURANCE=full` the same code runs it at the size that the figures
//! ask for (`tests/attacks/run`). What was measured is printed as a row of a table: `-- --nocapture` shows it.

mod clients;
mod http;
mod paths;
#[cfg(unix)]
mod r1_stop;
mod r4_rotation;
mod r5_reload;
mod raw;
mod s2_debug;
mod s2_secrets;
mod s4_framing;
mod s4_limits;
#[cfg(target_os = "linux")]
mod s4_many;
mod s4_slow;

use crate::sandbox::{Sandbox, Server};
use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

const TENANT: &str = "contoso.onmicrosoft.com";
const TOKEN: &str = "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/oauth2/v2.0/token";
const DISCOVERY: &str = "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/v2.0/.well-known/openid-configuration";
const KEYS: &str = "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/discovery/v2.0/keys";
const URLENCODED: &str = "application/x-www-form-urlencoded";
const CLIENT: &str = "3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521";
const SECRET: &str = "dev.ContosoClientCredentialsSecret000001";
/// The request that the fixture's app may make.
const FORM: &str = "grant_type=client_credentials&client_id=3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521&client_secret=dev.ContosoClientCredentialsSecret000001&scope=https%3A%2F%2Fcontoso.onmicrosoft.com%2Fapi%2F.default";

fn is_full() -> bool {
    std::env::var("WAYFARER_ENDURANCE").is_ok_and(|it| it == "full")
}

/// How many of something: in a usual run, and when the whole battery was asked for.
fn size(usual: usize, full: usize) -> usize {
    if is_full() { full } else { usual }
}

/// Prints a row of the table.
fn report(row: &str, what: impl Display, measured: impl Display, asked: impl Display) {
    println!("| {row} | {what} | {measured} | {asked} |");
}

/// The fixture's tenant and our policy, for any number of requests.
fn serve(sandbox: &Sandbox, more: &[&str]) -> Server {
    serve_from(sandbox, "policies/client-credentials", more)
}

/// The same with policies of the test's own.
fn serve_from(sandbox: &Sandbox, policies: &str, more: &[&str]) -> Server {
    let tenant = sandbox.tenant("contoso");
    sandbox.serve(&[&[policies, "--tenant", &tenant, "--rate-limit", "off"], more].concat())
}

/// `VmRSS`, `VmHWM` of the service in KiB, where the system tells it.
fn memory(server: &Server, member: &str) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix(member)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

fn mib(kib: usize) -> f64 {
    kib as f64 / 1024.0
}

/// A request on a connection that stays.
fn token_request() -> Vec<u8> {
    token_request_with("")
}

/// The same with more header lines, each with its end.
fn token_request_with(lines: &str) -> Vec<u8> {
    let length = FORM.len();
    let head = format!(
        "POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {URLENCODED}\r\n{lines}Content-Length: {length}\r\n\r\n"
    );
    (head + FORM).into_bytes()
}

fn get_request(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// Ends what runs beside a test, though the test fails in its midst.
struct Over<'o>(&'o AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Lets time pass while others work.
fn pause(time: Duration) {
    let (_open, never) = mpsc::channel::<()>();
    let _ = never.recv_timeout(time);
}

/// Waits until that is so; `false` when it takes too long.
fn wait_until(patience: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while !is_so() {
        if start.elapsed() > patience {
            return false;
        }
        pause(Duration::from_millis(2));
    }
    true
}
