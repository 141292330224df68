//! S4: clients that take their time, in virtual time. The same over real sockets, in real time, is among the attacks on the
//! binary.

use super::Limits;
use super::accept::{Options, Server};
use crate::source::{Loaded, Source};
use crate::{Parts, ReloadError, Service, Uploaded, Uploads};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Instant, interval, timeout};
use wayfarer_compiler::{Objections, Project, Scope};
use wayfarer_diagnostics::Diagnostics;
use wayfarer_runtime::{Clock, Disk, Outbound, PolicyKeys, Random, RealHost, SigningKeys};
use wayfarer_store::{Tenant, embedded_contoso};

const TOKEN: &str = "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/oauth2/v2.0/token";
/// Whatever a client does, its connection is closed by then.
const CLOSED_BY: Duration = Duration::from_secs(10);

/// The repository's policies and the built-in tenant.
struct Repository {
    tenant: Tenant,
}

impl Source for Repository {
    fn load(&self, _: &Uploaded) -> Result<Loaded, ReloadError> {
        let policies = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/client-credentials"));
        let project = Project::load(&Disk, &[policies], &[], Scope::All, None).expect("the policies");
        Ok(Loaded { tenant: self.tenant.clone(), project })
    }

    fn tenant(&self) -> Result<Tenant, ReloadError> {
        Ok(self.tenant.clone())
    }

    fn stamp(&self) -> u64 {
        0
    }

    fn watched(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    fn show(&self, _: &Diagnostics, _: &Project) -> String {
        String::new()
    }

    fn announce(&self, _: &Loaded, _: &[Objections]) {}
}

fn server(home: &Path) -> Server {
    let tenant = embedded_contoso(home).expect("the tenant");
    let keys = PolicyKeys::new(tenant.keys().clone());
    let host = RealHost::new(Clock::System, Random::System, Arc::clone(&keys), Outbound::default());
    let keys = SigningKeys::new(keys);
    let uploads = Uploads::in_file(home.join("state.sqlite"));
    let source = Box::new(Repository { tenant });
    let parts = Parts { source, uploads, keys, host: Arc::new(host), rest: BTreeMap::new(), rate: None, graph: None };
    Server::new(Service::start(parts).expect("the service"), Options::default())
}

/// What a client does at once, and then each second.
struct Slow {
    name: &'static str,
    first: String,
    each_second: &'static str,
    reads: Reads,
}

#[derive(Clone, Copy, PartialEq)]
enum Reads {
    Everything,
    Nothing,
}

fn slow() -> Vec<Slow> {
    let post = |headers: &str, body: &str| {
        let of_type = "Content-Type: application/x-www-form-urlencoded";
        format!("POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\n{of_type}\r\n{headers}\r\n{body}")
    };
    let of =
        |name, first: &str, each_second| Slow { name, first: first.to_owned(), each_second, reads: Reads::Everything };
    let whole = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    vec![
        of("no bytes", "", ""),
        of("half a header", "GET / HTTP/1.1\r\nHost: localhost\r\n", ""),
        of("a header byte each second", "GET / HTTP/1.1\r\nX-A: ", "x"),
        of("a header line each second", "GET / HTTP/1.1\r\n", "X-A: b\r\n"),
        of("an empty line each second", "", "\r\n"),
        of("half a body", &post("Content-Length: 100\r\n", "a=b"), ""),
        of("a body byte each second", &post("Content-Length: 100\r\n", "a=b"), "x"),
        of("a chunk each second", &post("Transfer-Encoding: chunked\r\n", ""), "1\r\nx\r\n"),
        of("a body that was announced", &post("Content-Length: 100\r\nExpect: 100-continue\r\n", ""), ""),
        of("a request, and then nothing", whole, ""),
        of("a request, and then half of one", &format!("{whole}GET / HT"), ""),
        Slow { reads: Reads::Nothing, ..of("no answer is read", &whole.repeat(200), "") },
    ]
}

/// How long the connection lasts.
async fn lasts(mut client: DuplexStream, slow: &Slow) -> Duration {
    let start = Instant::now();
    // The service may not read all of it.
    let _ = timeout(Duration::from_secs(1), client.write_all(slow.first.as_bytes())).await;
    let mut second = interval(Duration::from_secs(1));
    let mut buffer = [0; 1024];
    while start.elapsed() < 3 * CLOSED_BY {
        tokio::select! {
            read = client.read(&mut buffer), if slow.reads == Reads::Everything => {
                if matches!(read, Ok(0) | Err(_)) {
                    break;
                }
            }
            _ = second.tick() => {
                if client.write_all(slow.each_second.as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    }
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn s4_slow_clients_are_closed_within_ten_seconds() {
    let home = tempfile::tempdir().expect("a folder");
    let server = server(home.path());
    for slow in slow() {
        let (ours, theirs) = duplex(4096);
        let begun = Instant::now();
        let serving = async {
            server.converse(ours, ([127, 0, 0, 1], 1).into(), "http").await;
            begun.elapsed()
        };
        let (served, lasted) = tokio::join!(serving, async {
            match slow.reads {
                Reads::Everything => lasts(theirs, &slow).await,
                // It is there until the service has given up.
                Reads::Nothing => {
                    let mut theirs = theirs;
                    let _ = timeout(CLOSED_BY, theirs.write_all(slow.first.as_bytes())).await;
                    let _ = timeout(2 * CLOSED_BY, std::future::pending::<()>()).await;
                    Duration::ZERO
                }
            }
        });
        assert!(lasted <= CLOSED_BY, "{}: closed after {lasted:?}", slow.name);
        // A body that comes too late is listened to a moment longer, so that its client reads the answer.
        assert!(served <= CLOSED_BY + Duration::from_secs(2), "{}: given up after {served:?}", slow.name);
        let patience = Limits::default().header_time.min(Limits::default().body_time);
        assert!(served >= patience, "{}: a client has its time: {served:?}", slow.name);
    }
}
