//! Does the time that client authentication takes tell anything? `cargo run --release -p wayfarer-oauth --example timing`
//!
//! Two kinds of refused requests of one length are read and judged in an order drawn at random, a hundred thousand of each,
//! and the two sets of times are compared with Welch's t-test, as dudect does (Reparaz, Balasch, Verbauwhede 2017): over
//! all times, and over those below a percentile of both sets, since interruptions hide small differences. A t of 4.5 or
//! more is a leak, and fails. The controls show what the machine adds, and that a leak would be seen.

#![expect(clippy::disallowed_methods, reason = "an example is the edge: it measures the time itself")]
#![expect(clippy::print_stdout, reason = "the table is what it is for")]

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use wayfarer_oauth::TokenRequest;
use wayfarer_oauth::grants::client_credentials::authorize;
use wayfarer_store::Tenant;

const TRIES: usize = 100_000;
/// dudect's bar.
const LEAK: f64 = 4.5;
/// Of both sets together; 100 leaves nothing out.
const PERCENTILES: [usize; 6] = [100, 99, 95, 90, 75, 50];

/// An app with one secret, which is `partly`, and one with three.
const ONE_SECRET: &str = "00000000-0000-4000-8000-000000000003";
const THREE_SECRETS: &str = "00000000-0000-4000-8000-000000000002";
const EARLY_IN_THE_LIST: &str = "00000000-0000-4000-8000-000000000012";
const NOBODY: &str = "99999999-0000-4000-8000-000000000003";

/// What is compared: two requests that differ in one thing.
struct Comparison {
    name: &'static str,
    one: Attempt,
    other: Attempt,
    expected: Expected,
}

/// Body and `Authorization` header.
type Attempt = (String, Option<String>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Same,
    Different,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/grants/client_credentials/vectors");
    let tenant = Tenant::load(&folder)?;
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    println!("{TRIES} tries each, {} apps; |t| of all times, then of those below a percentile", tenant.apps().len());
    println!("{:<48} {:>7} {:>7}  {}", "", "ns", "ns", PERCENTILES.map(|it| format!("{it:>6}")).join(" "));
    let mut surprises = Vec::new();
    for comparison in comparisons() {
        let (one, other) = measure(&tenant, &comparison, &mut draw)?;
        let t = PERCENTILES.map(|percentile| cropped(&one, &other, percentile).abs());
        let row = t.map(|it| format!("{it:>6.2}")).join(" ");
        println!("{:<48} {:>7} {:>7}  {row}", comparison.name, median(&one), median(&other));
        if t.iter().any(|it| *it >= LEAK) != (comparison.expected == Expected::Different) {
            surprises.push(comparison.name);
        }
    }
    if surprises.is_empty() { Ok(()) } else { Err(format!("not as it should be: {}", surprises.join("; ")).into()) }
}

fn comparisons() -> Vec<Comparison> {
    let same = |name, one, other| Comparison { name, one, other, expected: Expected::Same };
    let wrong = |client_id| form(client_id, "wrong!");
    vec![
        same("control: the same request", wrong(ONE_SECRET), wrong(ONE_SECRET)),
        Comparison {
            name: "control: no secret to compare",
            one: wrong(ONE_SECRET),
            other: form(ONE_SECRET, ""),
            expected: Expected::Different,
        },
        same("unknown client, wrong secret", wrong(NOBODY), wrong(ONE_SECRET)),
        same("unknown client, wrong secret, in the header", basic(NOBODY, "wrong!"), basic(ONE_SECRET, "wrong!")),
        same("unknown client, client with three secrets", wrong(NOBODY), wrong(THREE_SECRETS)),
        same("unknown client, an early client of the list", wrong(NOBODY), wrong(EARLY_IN_THE_LIST)),
        same("last byte wrong, first byte wrong", form(ONE_SECRET, "partlz"), form(ONE_SECRET, "zartly")),
        same(
            "last byte wrong, first byte wrong, in the header",
            basic(ONE_SECRET, "partlz"),
            basic(ONE_SECRET, "zartly"),
        ),
    ]
}

fn form(client_id: &str, secret: &str) -> Attempt {
    (format!("{REST}&client_id={client_id}&client_secret={secret}"), None)
}

fn basic(client_id: &str, secret: &str) -> Attempt {
    use base64::prelude::{BASE64_STANDARD, Engine};
    (REST.to_owned(), Some(format!("Basic {}", BASE64_STANDARD.encode(format!("{client_id}:{secret}")))))
}

const REST: &str = "grant_type=client_credentials&scope=https://contoso.onmicrosoft.com/api/.default";

/// The nanoseconds of each try. Both requests lie in the same place in memory when they are read.
fn measure(
    tenant: &Tenant,
    comparison: &Comparison,
    draw: &mut Draw,
) -> Result<(Vec<u64>, Vec<u64>), Box<dyn std::error::Error>> {
    let now = "2025-06-01T00:00:00Z".parse()?;
    let (mut body, mut header) = (Vec::new(), Vec::new());
    let (mut one, mut other) = (Vec::with_capacity(TRIES), Vec::with_capacity(TRIES));
    while one.len() < TRIES || other.len() < TRIES {
        let is_one = draw.coin();
        let (from, into) = if is_one { (&comparison.one, &mut one) } else { (&comparison.other, &mut other) };
        body.clear();
        body.extend_from_slice(from.0.as_bytes());
        header.clear();
        header.extend_from_slice(from.1.as_deref().unwrap_or_default().as_bytes());
        let authorization = from.1.as_ref().map(|_| header.as_slice());
        let start = Instant::now();
        let request = TokenRequest::parse([FORM], black_box(authorization), black_box(&body));
        let answer = request.and_then(|it| authorize(tenant, "B2C_1A_SUSI", &it, now));
        let refused = black_box(&answer).is_err();
        drop(answer);
        let took = start.elapsed();
        assert!(refused, "{}: a token was granted", comparison.name);
        if into.len() < TRIES {
            into.push(u64::try_from(took.as_nanos())?);
        }
    }
    Ok((one, other))
}

const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// Welch's t of the times below a percentile of both sets.
fn cropped(one: &[u64], other: &[u64], percentile: usize) -> f64 {
    let mut all: Vec<u64> = one.iter().chain(other).copied().collect();
    all.sort_unstable();
    let most = all.get((all.len() * percentile / 100).saturating_sub(1)).copied().unwrap_or(u64::MAX);
    let below = |times: &[u64]| moments(times.iter().copied().filter(|time| *time <= most));
    let ((count, mean, variance), (other_count, other_mean, other_variance)) = (below(one), below(other));
    (mean - other_mean) / (variance / count + other_variance / other_count).sqrt()
}

/// Count, mean and variance, by Welford's method.
fn moments(times: impl Iterator<Item = u64>) -> (f64, f64, f64) {
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for time in times {
        #[expect(clippy::cast_precision_loss, reason = "nanoseconds of one try are far below 2^52")]
        let time = time as f64;
        count += 1.0;
        let distance = time - mean;
        mean += distance / count;
        squares += distance * (time - mean);
    }
    (count, mean, squares / (count - 1.0))
}

fn median(times: &[u64]) -> u64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Chance enough for an order (xorshift64).
struct Draw(u64);

impl Draw {
    fn coin(&mut self) -> bool {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 63 == 1
    }
}
