//! What `wayfarer deploy` is told.

use crate::args::{Format, Set};
use clap::Args;
use std::path::PathBuf;

const DEPLOY_HELP: &str = "\
The token is read from WAYFARER_GRAPH_TOKEN; it needs the permission Policy.ReadWrite.TrustFramework.

  export WAYFARER_GRAPH_TOKEN=$(az account get-access-token --resource https://graph.microsoft.com --query accessToken -o tsv)
  wayfarer deploy policies/ --environment Test --dry-run";

#[derive(Args)]
#[command(after_help = DEPLOY_HELP)]
pub(crate) struct Deploy {
    #[command(flatten)]
    pub(crate) set: Set,
    /// Where Microsoft Graph is
    #[arg(long, value_name = "URL", default_value = "https://graph.microsoft.com/beta")]
    pub(crate) graph: String,
    /// Only this policy (repeatable)
    #[arg(long, value_name = "ID")]
    pub(crate) policy: Vec<String>,
    /// Tell what would be uploaded, and upload nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Upload what didn't change, too
    #[arg(long)]
    pub(crate) force: bool,
    /// Trust the certificates in this PEM file beside the system's, such as that of a development CA
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}
