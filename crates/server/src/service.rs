use crate::connections::Drain;
use crate::graph::Graph;
use crate::live::{Compiled, Live, Texts, compile, signing_containers};
use crate::log;
use crate::rate::Rates;
use crate::source::{Loaded, Source};
use crate::uploads::Uploads;
use arc_swap::{ArcSwap, Guard};
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wayfarer_builtins::Host;
use wayfarer_runtime::SigningKeys;
use wayfarer_store::{Documents, Guid, StoreError};

/// The running service: what it serves now, and all that stays when that changes.
pub struct Service {
    live: ArcSwap<Live>,
    keys: SigningKeys,
    host: Arc<dyn Host>,
    rates: Rates,
    drain: Arc<Drain>,
    source: Box<dyn Source>,
    /// What the source's stamp was at the start.
    stamp: u64,
    uploads: Uploads,
    rest: BTreeMap<String, String>,
    graph: Option<Graph>,
    /// One change of what is served at a time.
    changing: Mutex<()>,
}

/// What a service is made of.
pub struct Parts {
    /// Where policies and tenant are read.
    pub source: Box<dyn Source>,
    /// Where uploaded policies are kept.
    pub uploads: Uploads,
    /// Signing keys.
    pub keys: SigningKeys,
    /// Time, chance, and the way out.
    pub host: Arc<dyn Host>,
    /// Addresses that are called instead of a technical profile's own.
    pub rest: BTreeMap<String, String>,
    /// How many requests one address, and one client, may send in five minutes; `None` for any number.
    pub rate: Option<NonZeroU32>,
    /// Microsoft Graph, where it is asked for.
    pub graph: Option<Graph>,
}

/// What is served can't be changed to what was read.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// The tenant or the policies can't be read.
    #[error("{0}")]
    Unreadable(String),
    /// The state can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Policies that run would not run any more.
    #[error("{report}")]
    Unsound {
        /// What is wrong with them, for a person.
        report: String,
    },
}

impl Service {
    /// Reads and compiles what the source has. What is wrong with policies is told on stderr, and doesn't keep the others
    /// from being served.
    ///
    /// # Errors
    /// The tenant or the policies can't be read.
    pub fn start(parts: Parts) -> Result<Arc<Self>, ReloadError> {
        let Parts { source, uploads, keys, host, rest, rate, graph } = parts;
        // Before it is read: what changes from here on is read once more.
        let stamp = source.stamp();
        let loaded = source.load(&uploads.all()?)?;
        let compiled = compile(&loaded, &rest, texts(graph.as_ref()));
        for (_, found) in &compiled.found {
            log::line(source.show(found, &loaded.project));
        }
        source.announce(&loaded, &compiled.objections);
        let live = ArcSwap::from_pointee(compiled.live);
        let (rates, drain, changing) = (Rates::new(rate), Arc::<Drain>::default(), Mutex::default());
        Ok(Arc::new(Self { live, keys, host, rates, drain, source, stamp, uploads, rest, graph, changing }))
    }

    /// Makes the keys that sign, where they are missing, before a client waits for one.
    pub fn make_keys(&self) {
        let live = self.live.load();
        for container in signing_containers(&live) {
            if let Err(error) = self.keys.policy_keys().prepare(container, self.host.now()) {
                log::line(error);
            }
        }
    }

    /// Reads everything again and serves it from the next request on, if all that runs now still runs. Otherwise the
    /// policies stay as they were; the tenant's registrations and keys are served as they are now in any case, since a
    /// secret that was taken away must not outlive the mistake in a policy.
    ///
    /// # Errors
    /// Why the policies stayed, for a person.
    pub fn reload(&self) -> Result<(), ReloadError> {
        let _alone = self.alone();
        self.refresh_keys();
        let loaded = self.source.load(&self.uploads.all()?)?;
        let compiled = self.compiled(&loaded);
        let before = self.live.load();
        let broken = compiled.found.iter().filter(|(what, _)| before.would_lose(what));
        let report: Vec<String> = broken.map(|(_, found)| self.source.show(found, &loaded.project)).collect();
        if report.is_empty() {
            self.live.store(Arc::new(compiled.live));
            return Ok(());
        }
        self.live.store(Arc::new(before.with_tenant(loaded.tenant)));
        Err(ReloadError::Unsound { report: report.join("\n") })
    }

    fn refresh_keys(&self) {
        if let Err(error) = self.keys.policy_keys().refresh(self.host.now()) {
            log::line(error);
        }
    }

    fn compiled(&self, loaded: &Loaded) -> Compiled {
        compile(loaded, &self.rest, texts(self.graph.as_ref()))
    }

    /// Serves what was read with an upload. What derives from it isn't judged again and may fail from now on, as in Azure;
    /// any other policy that runs now and would not run any more goes on as it was. For whoever is [`Self::alone`].
    pub(crate) fn replace(&self, loaded: &Loaded, upload: &str) {
        let mut compiled = self.compiled(loaded);
        for (_, found) in &compiled.found {
            log::line(self.source.show(found, &loaded.project));
        }
        compiled.live.keep(&self.live.load(), upload);
        self.live.store(Arc::new(compiled.live));
    }

    /// Serves the tenant's registrations and keys as they are now.
    pub(crate) fn tenant_changed(&self) {
        let _alone = self.alone();
        self.refresh_keys();
        match self.source.tenant() {
            Ok(tenant) => self.live.store(Arc::new(self.live.load().with_tenant(tenant))),
            Err(error) => log::line(error),
        }
    }

    /// The tenant's documents.
    pub(crate) fn documents(&self) -> Arc<dyn Documents> {
        Arc::clone(self.live.load().tenant.documents())
    }

    pub(crate) fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    pub(crate) fn graph(&self) -> Option<&Graph> {
        self.graph.as_ref()
    }

    /// Nobody else changes what is served until this is dropped.
    pub(crate) fn alone(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The stamp of what was read at the start.
    pub(crate) fn stamp_at_start(&self) -> u64 {
        self.stamp
    }

    /// Where policies and tenant come from.
    pub fn source(&self) -> &dyn Source {
        &*self.source
    }

    /// The policies that are served, each with the journey that the grant runs, or why it can't.
    pub fn policies(&self) -> Vec<(String, Result<String, String>)> {
        let live = self.live.load();
        let journey = |it: &crate::live::Policy| it.plan.as_ref().map(|it| it.journey.clone()).map_err(Clone::clone);
        live.policies().map(|it| (it.id.clone(), journey(it))).collect()
    }

    pub(crate) fn live(&self) -> Guard<Arc<Live>> {
        self.live.load()
    }

    pub(crate) fn keys(&self) -> &SigningKeys {
        &self.keys
    }

    pub(crate) fn host(&self) -> &dyn Host {
        &*self.host
    }

    pub(crate) fn rates(&self) -> &Rates {
        &self.rates
    }

    pub(crate) fn drain(&self) -> &Arc<Drain> {
        &self.drain
    }

    /// A new correlation id.
    pub(crate) fn correlation_id(&self) -> Guid {
        Guid::random(&mut |bytes| self.host.random(bytes))
    }
}

fn texts(graph: Option<&Graph>) -> Texts {
    if graph.is_some() { Texts::Kept } else { Texts::Forgotten }
}
