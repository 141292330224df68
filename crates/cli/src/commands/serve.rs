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
    CaOrigin, Clock, DevelopmentCa, Loopback, Outbound, PolicyKeys, Random, RealHost, SigningKeys,
    server_config_from_files,
};
use wayfarer_server::{Graph, Options, Parts, ReloadError, Service, follow, serve};
use wayfarer_store::{Tenant, machine_made};

pub(crate) fn run(options: &Serve) -> Ended {
    raise_limits();
    let tenant = tenant::load_with_keys(&options.tenant, &options.passphrase)?;
    let uploads = crate::serving::uploads(&tenant, options);
    let rest: BTreeMap<String, String> = options.rest.iter().cloned().collect();
    let loopback = Loopback::while_listening_on(options.listen.ip());
    let outbound = Outbound::guarded(loopback, options.allow_outbound.clone())
        .waiting(options.rest_timeout.map(Duration::from_secs));
    let keys = PolicyKeys::aside(tenant.keys().clone());
    let host = RealHost::new(Clock::System, Random::System, Arc::clone(&keys), outbound);
    // As many as there are cores: more signatures at once only wait for each other.
    let keys = SigningKeys::threaded(keys, available_parallelism().map_or(1, usize::from));
    let place = Place::new(options, &tenant)?;
    let graph = options.graph.then(|| graph(&tenant)).transpose()?;
    let source = Box::new(Disk::new(options, tenant));
    let parts = Parts { source, uploads, keys, host: Arc::new(host), rest, rate: options.rate_limit.0, graph };
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

/// A bearer token opens the whole tenant.
const SHORTEST_TOKEN: usize = 16;

/// The document that holds the bearer token of Graph.
const GRAPH_TOKEN: &str = "keys/graph-token";

/// Graph for whoever has the token: that of the environment, else the tenant's own, made at first use.
fn graph(tenant: &Tenant) -> Result<Graph, Failure> {
    if tenant.is_embedded() {
        let failure = Failure::new("Graph changes the tenant, and the built-in one can't be changed");
        return Err(failure.help(
            "name a tenant folder with `--tenant DIR` (`wayfarer init` makes one), or a database with `--database URL`",
        ));
    }
    if let Some(token) = std::env::var("WAYFARER_GRAPH_TOKEN").ok().filter(|it| !it.trim().is_empty()) {
        if token.trim().len() < SHORTEST_TOKEN {
            let failure = Failure::new("the token in WAYFARER_GRAPH_TOKEN can be guessed");
            return Err(
                failure.help(format!("take at least {SHORTEST_TOKEN} random characters, or none: one is made then"))
            );
        }
        return Ok(Graph::new(token.trim()));
    }
    let documents = tenant.documents();
    let known = documents.read(GRAPH_TOKEN).map_err(Failure::new)?;
    let token = match known {
        Some(token) => token,
        None => {
            let mut change = documents.change().map_err(Failure::new)?;
            change
                .create(GRAPH_TOKEN, machine_made(&mut |it| Random::System.fill(it)).expose())
                .map_err(Failure::new)?;
            let token = change.read(GRAPH_TOKEN).map_err(Failure::new)?;
            change.commit().map_err(Failure::new)?;
            token.ok_or_else(|| Failure::new("the token of Graph vanished while it was made"))?
        }
    };
    let place = documents.place(GRAPH_TOKEN);
    output::remark(format_args!(
        "the bearer token of Graph is in {}; WAYFARER_GRAPH_TOKEN names another",
        place.display()
    ));
    Ok(Graph::new(token.trim()))
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
    // Before anybody is told that the service is there.
    let stop = stop()?;
    output::result(&format!("listening on {}://{address}/{}\n", place.scheme(), place.tenant));
    if options.graph {
        output::remark(format_args!("Microsoft Graph: {}://{address}/graph/beta", place.scheme()));
        if place.tls.is_none() && !address.ip().is_loopback() {
            let warning = output::styled(output::WARNING, "warning");
            output::remark(format_args!("{warning}: its bearer token crosses the network in clear: add `--tls`"));
        }
    }
    let following = tokio::spawn({
        let service = Arc::clone(&service);
        async move {
            let making = Arc::clone(&service);
            let _ = tokio::task::spawn_blocking(move || making.make_keys()).await;
            follow(service).await;
        }
    });
    let options = Options { tls: place.tls, ..Options::default() };
    serve(listener, service, options, stop).await.map_err(Failure::new)?;
    following.abort();
    Ok(Exit::Fine)
}

/// Listens for Ctrl-C, and for what a supervisor sends. The future comes with the first of them; a second Ctrl-C ends the
/// process at once.
fn stop() -> Result<impl Future<Output = ()>, Failure> {
    #[cfg(unix)]
    let mut terminated = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).map_err(Failure::new)?
    };
    let (told, mut telling) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let mut before = false;
        while tokio::signal::ctrl_c().await.is_ok() {
            if before {
                std::process::exit(130);
            }
            before = true;
            let _ = told.send(()).await;
        }
    });
    #[cfg(windows)]
    let (mut terminated, mut closed) = {
        use tokio::signal::windows::{ctrl_break, ctrl_close};
        (ctrl_break().map_err(Failure::new)?, ctrl_close().map_err(Failure::new)?)
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! { _ = telling.recv() => {}, _ = terminated.recv() => {} }
        #[cfg(windows)]
        tokio::select! { _ = telling.recv() => {}, _ = terminated.recv() => {}, _ = closed.recv() => {} }
    })
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
