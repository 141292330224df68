//! R5: what is on disk changes under load, every second time to something broken. No request fails, what is broken is
//! told and not served, and memory does not grow.

use super::clients::{Client, Outcome, Tally, Way, busy};
use super::{memory as memory_of, mib, report, serve_from, size, token_request};
use crate::jwt;
use crate::sandbox::{Sandbox, Server, repository_file};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The service asks every two seconds where nothing tells it of a change.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is broken, where, and a word of what must be told.
const BROKEN: [(&str, &str, &str); 4] = [
    ("XML that is not well-formed", "policies/ClientCredentials.xml", "xml-malformed"),
    ("a policy that runs no more", "policies/ClientCredentials.xml", "`grantTyp`"),
    ("tenant.toml that is no TOML", "contoso/tenant.toml", "tenant.toml"),
    ("a manifest that is no JSON", "contoso/apps/ClientCredentials_app.json", "ClientCredentials_app.json"),
];

fn damaged(kind: usize, text: &str) -> String {
    match kind {
        0 => text[..text.len() / 2].to_owned(),
        1 => text.replace("\"grantType\"", "\"grantTyp\""),
        2 => text.replace("name = ", "name = = "),
        _ => text.replacen(':', ";", 1),
    }
}

/// The log as it grows.
struct Log {
    file: File,
}

impl Log {
    fn of(server: &Server) -> Self {
        Self { file: File::open(server.log_file()).expect("the log") }
    }

    /// What comes from here on, up to all of these texts.
    #[track_caller]
    fn until(&mut self, texts: &[&str]) -> String {
        let (start, mut all) = (Instant::now(), String::new());
        while !texts.iter().all(|it| all.contains(it)) {
            assert!(start.elapsed() < PATIENCE, "{texts:?} is not in: {all}");
            self.file.read_to_string(&mut all).expect("the log");
            super::pause(Duration::from_millis(1));
        }
        all
    }
}

struct Edited<'s> {
    sandbox: &'s Sandbox,
    extensions: String,
}

impl Edited<'_> {
    fn place(&self, name: &str) -> PathBuf {
        self.sandbox.path(name)
    }

    fn breaks(&self, kind: usize) {
        let path = self.place(BROKEN[kind].1);
        let text = fs::read_to_string(&path).expect("the file");
        let broken = damaged(kind, &text);
        assert_ne!(text, broken);
        fs::write(path, broken).expect("the file");
    }

    /// Everything is sound again, and the tokens' `features` is another.
    fn mends(&self, kind: usize, feature: &str) {
        let name = BROKEN[kind].1;
        let original = match name.split_once('/') {
            Some(("policies", file)) => format!("policies/client-credentials/{file}"),
            _ => format!("fixtures/{name}"),
        };
        fs::write(self.place(name), repository_file(&original)).expect("the file");
        let text = self.extensions.replace("DefaultValue=\"standard\"", &format!("DefaultValue=\"{feature}\""));
        assert_ne!(text, self.extensions);
        fs::write(self.place("policies/TrustFrameworkExtensions.xml"), text).expect("the extensions");
    }
}

fn feature(client: &mut Client) -> Value {
    match client.ask(&token_request()) {
        Outcome::Answered(reply) => {
            let answer: Value = serde_json::from_slice(&reply.body).expect("JSON");
            let token = answer["access_token"].as_str().unwrap_or_else(|| panic!("no token: {answer}"));
            jwt::read(token).1["features"].clone()
        }
        other => panic!("{other:?}"),
    }
}

/// One change that breaks something and one that mends it; gives how long the second took to be served.
fn change(round: usize, edited: &Edited<'_>, log: &mut Log, client: &mut Client) -> Duration {
    let kind = round % BROKEN.len();
    let before = feature(client);
    edited.breaks(kind);
    let told = log.until(&["not reloaded: what ran before goes on", BROKEN[kind].2]);
    assert_eq!(feature(client), before, "{}: {told}", BROKEN[kind].0);
    let start = Instant::now();
    let named = format!("set-{round}");
    edited.mends(kind, &named);
    while feature(client) != json!([named]) {
        assert!(start.elapsed() < PATIENCE, "{}", log.until(&[]));
    }
    start.elapsed()
}

#[test]
fn r5_reloads_under_load_fail_no_request() {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| text);
    let extensions = repository_file("policies/client-credentials/TrustFrameworkExtensions.xml");
    let server = serve_from(&sandbox, &policies, &[]);
    let (edited, mut log) = (Edited { sandbox: &sandbox, extensions }, Log::of(&server));
    let (is_over, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
    let rounds = size(4, 500);
    let (request, mut memory, mut slowest) = (token_request(), Vec::new(), Duration::ZERO);
    let tally = thread::scope(|scope| {
        let ask = || {
            let client = Client::new(&server.address, Way::Plain);
            busy(client, &request, &answers, || is_over.load(Ordering::Relaxed))
        };
        let asking: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        let _over = super::Over(&is_over);
        let mut client = Client::new(&server.address, Way::Plain);
        for round in 0..rounds {
            slowest = slowest.max(change(round, &edited, &mut log, &mut client));
            memory.push(memory_of(&server, "VmRSS"));
        }
        is_over.store(true, Ordering::Relaxed);
        let mut all = Tally::default();
        asking.into_iter().for_each(|it| all.add(it.join().expect("a client")));
        all
    });
    judge(rounds, &tally, &memory, slowest);
}

fn judge(rounds: usize, tally: &Tally, memory: &[Option<usize>], slowest: Duration) {
    let (failed, answered) = (tally.lost.len() + tally.odd.len() + tally.unsent, tally.answered);
    let measured =
        format!("{failed} failed of {answered}; slowest from write to served {:.2} s", slowest.as_secs_f64());
    report("R5", format!("{} reloads under load, half of them broken", 2 * rounds), measured, "0 failed");
    assert_eq!((tally.lost.as_slice(), tally.odd.as_slice(), tally.unsent), (&[] as &[String], &[] as &[String], 0));
    // The first tenth warms up allocator and caches.
    let Some((before, after)) = memory.get(rounds / 10).copied().flatten().zip(memory.last().copied().flatten()) else {
        return;
    };
    let growth = 100.0 * (after as f64 / before as f64 - 1.0);
    let measured = format!("{:.1} to {:.1} MiB, {growth:+.1} %", mib(before), mib(after));
    report("R5", "memory from a tenth of the reloads to their end", measured, "≤ +5 %");
    assert!(rounds < 100 || growth <= 5.0, "{growth} %");
}
