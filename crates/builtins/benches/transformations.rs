//! One call of each claims transformation: the first case of its vectors that succeeds, prepared before. A method without
//! such a case ends the benchmark, so that none is left out unseen.
//!
//! `cargo bench -p wayfarer-builtins --bench transformations -- CompareClaims`

#![expect(clippy::expect_used, reason = "a benchmark that leaves methods out would measure too little")]

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use wayfarer_builtins::Secret;
use wayfarer_builtins::transformations::{Env, Options, all};

fn transformations(criterion: &mut Criterion) {
    for method in all() {
        let cases = method.cases().expect("vectors");
        let case = cases.iter().find(|it| it.error.is_none()).expect("a case that succeeds");
        let (declaration, inputs) = case.declare(method).expect("values");
        let prepared = method.prepare(&declaration).expect("a case that succeeds");
        let env = Env {
            now: jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * 365 * 54),
            random: &|bytes| bytes.fill(7),
            technical_profile: "TestProfile",
            relying_party_tenant: "contoso.onmicrosoft.com",
            trust_framework_tenant: "contoso.onmicrosoft.com",
            authenticator_issuer: "Contoso demo",
            keys: &|_| Some(Secret::new("secret")),
            localization: &case.texts(),
            options: Options::default(),
            remark: &|_| {},
        };
        prepared.run(&inputs, &env).expect("a case that succeeds");
        criterion.bench_function(method.method, |bencher| {
            bencher.iter(|| black_box(prepared.run(black_box(&inputs), &env)));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(std::time::Duration::from_millis(100))
        .measurement_time(std::time::Duration::from_millis(300));
    targets = transformations
}
criterion_main!(benches);
