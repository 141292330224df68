//! What a token costs: the journey of `policies/client-credentials` without its signature, the same with it, and the bare
//! RSA signature that is its physical limit. Read the ratios within one run.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that can't run has nothing to measure")]

use criterion::{Criterion, criterion_group, criterion_main};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use wayfarer_compiler::{Flow, Project, Scope, TenantIdentity};
use wayfarer_engine::{JourneyState, Request, Trace, advance};
use wayfarer_oauth::{TokenRequest, grants::client_credentials, jose};
use wayfarer_runtime::{
    Client, Clock, Disk, Granted, Outbound, PolicyKeys, Random, RealHost, Recording, SigningKeys, issue,
};
use wayfarer_store::{Guid, embedded_contoso};

/// This journey calls nobody, so its future never waits.
fn finish<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the journey waits for something"),
    }
}

fn tokens(criterion: &mut Criterion) {
    let home = tempfile::tempdir().unwrap();
    let tenant = embedded_contoso(home.path()).unwrap();
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/client-credentials"));
    let project = Project::load(&Disk, &[folder], &[], Scope::All, None).unwrap();
    let file = project.find("B2C_1A_ClientCredentials").next().unwrap();
    let identity = TenantIdentity { name: tenant.name().to_owned(), object_id: tenant.id().to_string() };
    let plan = project.plan(file, Flow::ClientCredentials, &identity, &BTreeMap::new()).unwrap();
    let keys = PolicyKeys::new(tenant.keys().clone());
    let host = RealHost::new(Clock::System, Random::System, Arc::clone(&keys), Outbound::default());
    let keys = SigningKeys::new(keys);
    let app = client_credentials::default_client(&tenant).unwrap();
    let scope = client_credentials::default_scope(&tenant, app).unwrap();
    let grant = client_credentials::authorize_without_secret(&tenant, app, Some(&scope)).unwrap();
    let request = TokenRequest::internal(&app.app_id.to_string(), &scope, []);
    let correlation_id: Guid = "11111111-2222-4333-8444-555555555555".parse().unwrap();
    let client = Client {
        origin: "https://contoso.b2clogin.com",
        host: "contoso.b2clogin.com",
        ip_address: None,
        correlation_id,
    };

    let (plan, tenant, keys) = (&plan, &tenant, &keys);
    let granted = Granted { plan, tenant, grant: &grant, request: &request, client, keys, host: &host };
    let mut group = criterion.benchmark_group("token");
    group.bench_function("journey without signature", |bencher| {
        bencher.iter(|| {
            let (mut state, mut trace) = (JourneyState::default(), Trace::off());
            black_box(finish(advance(plan, &mut state, &Request::default(), &host, &mut trace)));
        });
    });
    group.bench_function("token with signature", |bencher| {
        bencher.iter(|| {
            let (issued, _) = finish(issue(granted, Recording::Off));
            black_box(issued.unwrap());
        });
    });
    let container = "B2C_1A_TokenSigningKeyContainer";
    let key = finish(keys.active(container, jiff::Timestamp::now())).unwrap();
    let (issued, _) = finish(issue(granted, Recording::Off));
    let claims = issued.unwrap().claims;
    group.bench_function("signature alone", |bencher| bencher.iter(|| black_box(jose::sign(&key, &claims).unwrap())));
    group.finish();
}

criterion_group!(benches, tokens);
criterion_main!(benches);
