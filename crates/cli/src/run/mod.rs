//! What `wayfarer run` shows: one report, two renderings.

pub(crate) mod human;
pub(crate) mod json;

use crate::args;
use jiff::Timestamp;
use wayfarer_diagnostics::{FileId, Sources};
use wayfarer_engine::Plan;
use wayfarer_oauth::TokenError;
use wayfarer_runtime::{Issued, Record};
use wayfarer_store::{App, Guid, Tenant};

/// What was run, for whom.
pub(crate) struct Setting<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) sources: &'a Sources,
    /// The chain, root first: policy id and file.
    pub(crate) chain: Vec<(String, FileId)>,
    pub(crate) tenant: &'a Tenant,
    pub(crate) client: &'a App,
    pub(crate) scope: &'a str,
    pub(crate) options: &'a args::Run,
}

/// How it went.
pub(crate) struct Report<'a> {
    pub(crate) setting: Setting<'a>,
    pub(crate) issued: Result<Issued, TokenError>,
    pub(crate) record: Record,
    pub(crate) correlation_id: Guid,
    pub(crate) now: Timestamp,
}
