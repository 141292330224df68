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
use wayfarer_runtime::{
    CaOrigin, Clock, DevelopmentCa, Outbound, Random, RealHost, SigningKeys, server_config_from_files,
};
use wayfarer_server::{Options, Parts, ReloadError, Service, follow, serve};
use wayfarer_store::Tenant;

pub(crate) fn run(options: &Serve) -> Ended {
    raise_limits();
    let tenant = tenant::load(options.tenant.as_deref())?;
    let uploads = crate::serving::uploads(&tenant, options)?;
    let rest: BTreeMap<String, String> = options.rest.iter().cloned().collect();
    let outbound = Outbound { timeout: options.rest_timeout.map(Duration::from_secs) };
    let host = RealHost::new(Clock::System, Random::System, tenant.keys().clone(), outbound);
    // As many as there are cores: more signatures at once only wait for each other.
    let keys = SigningKeys::threaded(tenant.keys().clone(), available_parallelism().map_or(1, usize::from));
    let place = Place::new(options, &tenant)?;
    let source = Box::new(Disk::new(options, tenant)?);
    let parts = Parts { source, uploads, keys, host: Arc::new(host), rest, rate: options.rate_limit.0 };
    let service = Service::start(parts).map_err(failure)?;
    announce(&service);
    block_on_all(listen(options, service, place))?
}

/// Where clients find the service.
struct Place {
    tenant: String,
    tls: Option<Arc<rustls::ServerConfig>>,
}

impl Place {
    fn new(options: &Serve, tenant: &Tenant) -> Result<Self, Failure> {
        Ok(Self { tenant: tenant.name().to_owned(), tls: tls(options, tenant)? })
    }

    fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }
}

fn tls(options: &Serve, tenant: &Tenant) -> Result<Option<Arc<rustls::ServerConfig>>, Failure> {
    let warn = |it: &String| output::remark(format_args!("{}: {it}", output::styled(output::WARNING, "warning")));
    let now = Clock::System.now();
    if let Some((certificate, key)) = options.tls_cert.as_deref().zip(options.tls_key.as_deref()) {
        let served = server_config_from_files(certificate, key, tenant.hosts(), now).map_err(Failure::new)?;
        served.warnings.iter().for_each(warn);
        return Ok(Some(served.config));
    }
    if !options.tls {
        return Ok(None);
    }
    let ca = DevelopmentCa::get_or_create(&tenant::home()?, now).map_err(Failure::new)?;
    ca.warnings().iter().for_each(warn);
    if ca.origin() != CaOrigin::Found {
        output::remark(format_args!(
            "made a development certificate authority; trust it with\n  {}",
            ca.trust_command()
        ));
        output::remark("`wayfarer ca trust` tells that again, with what Node.js, Python and curl need");
    }
    ca.server_config(tenant.hosts(), Clock::System).map(Some).map_err(Failure::new)
}

fn failure(error: ReloadError) -> Failure {
    Failure::new(error)
}

async fn listen(options: &Serve, service: Arc<Service>, place: Place) -> Ended {
    let listener = TcpListener::bind(options.listen).await.map_err(|error| {
        Failure::new(format!("can't listen on {}: {error}", options.listen))
            .help("choose another address with `--listen`")
    })?;
    let address = listener.local_addr().map_err(Failure::new)?;
    output::result(&format!("listening on {}://{address}/{}\n", place.scheme(), place.tenant));
    let following = tokio::spawn({
        let service = Arc::clone(&service);
        async move {
            let making = Arc::clone(&service);
            let _ = tokio::task::spawn_blocking(move || making.make_keys()).await;
            follow(service).await;
        }
    });
    let options = Options { tls: place.tls, ..Options::default() };
    serve(listener, service, options, stopped()).await.map_err(Failure::new)?;
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
