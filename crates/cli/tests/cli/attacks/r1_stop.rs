//! R1: SIGTERM under load. No request that was sent stays without an answer; the end comes within five seconds, with exit
//! code 0, and `/readyz` tells it first.

use super::clients::{Client, Outcome, Tally, Way, busy};
use super::{DISCOVERY, get_request, report, serve, size, token_request, wait_until};
use crate::sandbox::{Sandbox, Server};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How one end went.
struct Ended {
    tally: Tally,
    /// What `/readyz` answered, each change once.
    readiness: Vec<u16>,
    took: Duration,
    code: Option<i32>,
}

fn end_under_load(mut server: Server, clients: usize, way: &Way) -> Ended {
    let (address, answers, probes) = (server.address.clone(), AtomicUsize::new(0), AtomicUsize::new(0));
    let requests = [token_request(), token_request(), token_request(), get_request(DISCOVERY)];
    let ask = |number: usize| {
        let request = &requests[number % requests.len()];
        busy(Client::new(&address, way.clone()), request, &answers, || false)
    };
    let ask = &ask;
    thread::scope(|scope| {
        let asking: Vec<_> = (0..clients).map(|number| scope.spawn(move || ask(number))).collect();
        let probing = scope.spawn(|| readiness(Client::new(&address, way.clone()), &probes));
        let is_busy = || answers.load(Ordering::Relaxed) >= 4 * clients && probes.load(Ordering::Relaxed) > 0;
        wait_until(Duration::from_secs(20), is_busy);
        let told = Instant::now();
        server.ask_to_end();
        let code = server.ended().code();
        let took = told.elapsed();
        let (mut tally, readiness) = probing.join().expect("the probe");
        asking.into_iter().for_each(|it| tally.add(it.join().expect("a client")));
        Ended { tally, readiness, took, code }
    })
}

/// Asks as supervisors do, each time on a connection of its own, until nobody listens.
fn readiness(mut client: Client, probes: &AtomicUsize) -> (Tally, Vec<u16>) {
    let (mut tally, mut all) = (Tally::default(), Vec::new());
    let request = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    loop {
        match client.ask(request) {
            Outcome::Answered(reply) => {
                all.push(reply.status);
                probes.fetch_add(1, Ordering::Relaxed);
            }
            Outcome::Lost(error) => tally.lost.push(format!("a probe: {error}")),
            Outcome::Unsent => tally.unsent += 1,
            Outcome::Refused => break,
        }
    }
    all.dedup();
    (tally, all)
}

/// A number of ends: none may lose a request.
fn ends(what: &str, rounds: usize, mut start: impl FnMut() -> Server, way: &Way) {
    let (mut all, mut slowest) = (Tally::default(), Duration::ZERO);
    for round in 0..rounds {
        let clients = [16, 32, 64][round % 3];
        let ended = end_under_load(start(), clients, way);
        let Ended { tally, readiness, took, code } = ended;
        assert_eq!(code, Some(0), "round {round}");
        assert!(tally.answered >= 4 * clients, "round {round}: only {} answers", tally.answered);
        assert_eq!(readiness, [200, 503], "round {round}: ready, then not ready, then gone");
        slowest = slowest.max(took);
        all.add(tally);
    }
    let Tally { answered, unsent, lost, odd, .. } = &all;
    let measured = format!(
        "{} lost, {} not 200, of {answered} answered ({unsent} could not be sent); exit code 0, slowest end {:.1} s",
        lost.len(),
        odd.len(),
        slowest.as_secs_f64()
    );
    report("R1", format!("SIGTERM under 16, 32, 64 busy clients{what}, {rounds} times"), measured, "0 lost, ≤ 5 s, 0");
    assert_eq!((lost.as_slice(), odd.as_slice()), (&[] as &[String], &[] as &[String]));
    assert!(slowest <= Duration::from_secs(5), "{slowest:?}");
}

#[test]
fn r1_a_stop_under_load_loses_no_request() {
    let sandbox = Sandbox::new();
    ends("", size(1, 100), || serve(&sandbox, &[]), &Way::Plain);
}

#[test]
fn r1_a_stop_under_load_loses_no_request_over_tls() {
    let sandbox = Sandbox::new();
    // The authority is made with the first start.
    drop(serve(&sandbox, &["--tls"]));
    let mut roots = rustls::RootCertStore::empty();
    for authority in certificates(&sandbox) {
        roots.add(authority).expect("the authority");
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("the versions").with_root_certificates(roots).with_no_client_auth();
    ends(" over TLS", size(1, 12), || serve(&sandbox, &["--tls"]), &Way::Tls(Arc::new(config)));
}

fn certificates(sandbox: &Sandbox) -> Vec<CertificateDer<'static>> {
    let path = sandbox.wayfarer(&["ca", "path"]).fine().trim_end().to_owned();
    let text = fs::read(path).expect("the certificate");
    CertificateDer::pem_slice_iter(&text).map(|it| it.expect("a certificate")).collect()
}

#[test]
fn r1_a_stop_at_the_first_moment_is_no_crash() {
    let sandbox = Sandbox::new();
    let rounds = size(3, 100);
    for _ in 0..rounds {
        // The line that says where it listens was written a moment ago.
        let mut server = serve(&sandbox, &[]);
        assert_eq!(server.terminate().code(), Some(0), "{}", server.log());
    }
    report("R1", "SIGTERM right after the start", format!("exit code 0, {rounds} times"), "0");
}
