use crate::args::Serve;
use crate::commands::run::block_on_all;
use crate::output::{self, Failure};
use crate::serving::Disk;
use crate::{Ended, Exit, tenant};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;
use tokio::net::TcpListener;
use wayfarer_runtime::{Clock, Outbound, Random, RealHost, SigningKeys};
use wayfarer_server::{Options, Parts, ReloadError, Service, follow, serve};

pub(crate) fn run(options: &Serve) -> Ended {
    raise_limits();
    let tenant = tenant::load(options.tenant.as_deref())?;
    let uploads = crate::serving::uploads(&tenant, options)?;
    let rest: BTreeMap<String, String> = options.rest.iter().cloned().collect();
    let outbound = Outbound { timeout: options.rest_timeout.map(Duration::from_secs) };
    let host = RealHost::new(Clock::System, Random::System, tenant.keys().clone(), outbound);
    // As many as there are cores: more signatures at once only wait for each other.
    let keys = SigningKeys::threaded(tenant.keys().clone(), available_parallelism().map_or(1, usize::from));
    let name = tenant.name().to_owned();
    let source = Box::new(Disk::new(options, tenant)?);
    let parts = Parts { source, uploads, keys, host: Arc::new(host), rest, rate: options.rate_limit.0 };
    let service = Service::start(parts).map_err(failure)?;
    announce(&service);
    block_on_all(listen(options, service, &name))?
}

fn failure(error: ReloadError) -> Failure {
    Failure::new(error)
}

async fn listen(options: &Serve, service: Arc<Service>, tenant: &str) -> Ended {
    let listener = TcpListener::bind(options.listen).await.map_err(|error| {
        Failure::new(format!("can't listen on {}: {error}", options.listen))
            .help("choose another address with `--listen`")
    })?;
    let address = listener.local_addr().map_err(Failure::new)?;
    output::result(&format!("listening on http://{address}/{tenant}\n"));
    let following = tokio::spawn({
        let service = Arc::clone(&service);
        async move {
            let making = Arc::clone(&service);
            let _ = tokio::task::spawn_blocking(move || making.make_keys()).await;
            follow(service).await;
        }
    });
    serve(listener, service, Options::default(), stopped()).await.map_err(Failure::new)?;
    following.abort();
    Ok(Exit::Fine)
}

/// Ctrl-C, or what a supervisor sends. A second Ctrl-C ends the process at once.
async fn stopped() {
    let interrupted = async { tokio::signal::ctrl_c().await.unwrap_or(()) };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! { () = interrupted => {}, _ = terminated.recv() => {} }
            return;
        }
    }
    interrupted.await;
}

/// As many connections as the system lets us have: its default is small for the sake of programs that use `select`.
fn raise_limits() {
    #[cfg(unix)]
    let _ = rlimit::increase_nofile_limit(u64::MAX);
}

fn announce(service: &Service) {
    for (id, journey) in service.policies() {
        match journey {
            Ok(journey) => output::remark(format_args!("{id}: {journey}")),
            Err(reason) => output::remark(format_args!("{id}: {} {reason}", output::styled(output::ERROR, "fails:"))),
        }
    }
}
