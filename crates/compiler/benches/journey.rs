//! What a token costs besides its signature: reading and merging a chain, lowering its journey, and one run of it.
//!
//! The chain is `policies/client-credentials` of this repository; with `$WAYFARER_CORPUS` also the largest of the public
//! starter pack. `cargo bench -p wayfarer-compiler`

#![expect(clippy::disallowed_methods, reason = "a benchmark is the edge: it reads the policies itself")]

use async_trait::async_trait;
use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use std::{env, fs};
use wayfarer_builtins::{Host, HostError, Secret};
use wayfarer_compiler::{Entry, FileError, Files, Flow, Listing, Project, Scope, TenantIdentity};
use wayfarer_diagnostics::Sources;
use wayfarer_engine::{JourneyState, Outcome, Plan, Request, Trace, advance};
use wayfarer_model::Policy;
use wayfarer_syntax::{decode, parse};

fn chains(criterion: &mut Criterion) {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/client-credentials");
    let names = ["TrustFrameworkBase.xml", "TrustFrameworkExtensions.xml", "ClientCredentials.xml"];
    chain(criterion, "client-credentials", &own, &names);
    if let Some(corpus) = env::var_os("WAYFARER_CORPUS") {
        let pack = PathBuf::from(corpus).join("starterpack/SocialAndLocalAccountsWithMfa");
        let names = [
            "TrustFrameworkBase.xml",
            "TrustFrameworkLocalization.xml",
            "TrustFrameworkExtensions.xml",
            "SignUpOrSignin.xml",
        ];
        chain(criterion, "starter pack", &pack, &names);
    }
}

/// From bytes to the effective policy, root first.
fn chain(criterion: &mut Criterion, name: &str, folder: &Path, names: &[&str]) {
    let files: Vec<Vec<u8>> = names.iter().filter_map(|it| fs::read(folder.join(it)).ok()).collect();
    if files.len() != names.len() {
        return;
    }
    let file = Sources::default().add("bench.xml", "");
    let merged = || {
        files.iter().fold(None, |base, bytes| {
            let (document, _) = parse(file, decode(file, bytes).0);
            Some(Arc::new(Policy::derive(Arc::new(document), base)))
        })
    };
    criterion.bench_function(&format!("parse and merge {name}"), |it| it.iter(|| black_box(merged())));
}

fn journey(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/client-credentials");
    let project = Project::load(&Disk, &[folder], &[], Scope::All, None).ok();
    let Some(project) = project else { return };
    let Some(file) = project.relying_parties().next() else { return };
    let tenant = TenantIdentity { name: "contoso.onmicrosoft.com".to_owned(), object_id: "guid".to_owned() };
    let lower = || project.plan(file, Flow::ClientCredentials, &tenant, &BTreeMap::new());
    criterion.bench_function("lower the journey", |it| it.iter(|| black_box(lower().is_ok())));
    let Ok(plan) = lower() else { return };
    let request = Request { correlation_id: "one".to_owned(), host: "localhost".to_owned(), ..Request::default() };
    assert!(run(&plan, &request), "the journey completes");
    criterion.bench_function("run the journey", |it| it.iter(|| black_box(run(&plan, &request))));
}

fn run(plan: &Plan, request: &Request) -> bool {
    let (mut state, mut trace) = (JourneyState::default(), Trace::default());
    let run = pin!(advance(plan, &mut state, request, &Still, &mut trace));
    matches!(run.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Outcome::Complete(_)))
}

/// A world with one moment, and nothing to call.
struct Still;

#[async_trait]
impl Host for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    async fn http(&self, _: http::Request<Bytes>, _: Duration) -> Result<http::Response<Bytes>, HostError> {
        Err(HostError::Dns)
    }

    async fn policy_key(&self, container: &str) -> Result<Secret, HostError> {
        Err(HostError::KeyMissing(container.to_owned()))
    }
}

/// The disk, as far as one folder needs it.
struct Disk;

impl Files for Disk {
    fn entry(&self, path: &Path) -> Option<Entry> {
        path.exists().then(|| if path.is_dir() { Entry::Folder } else { Entry::File })
    }

    fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, FileError> {
        fs::read(path).map_err(|error| FileError::Unreadable(error.to_string()))
    }

    fn xml_files(&self, folder: &Path, _: bool) -> Listing {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path());
        let mut files: Vec<_> = entries.filter(|it| it.extension().is_some_and(|it| it == "xml")).collect();
        files.sort();
        Listing { files, unreadable: Vec::new() }
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }
}

criterion_group!(benches, chains, journey);
criterion_main!(benches);
