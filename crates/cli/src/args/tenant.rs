use super::Format;
use super::place::{DatabaseUrl, TenantPlace};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use wayfarer_store::TenantName;

#[derive(Args)]
pub(crate) struct Tenant {
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    pub(crate) format: Format,
    #[command(subcommand)]
    pub(crate) command: TenantCommand,
}

#[derive(Subcommand)]
pub(crate) enum TenantCommand {
    /// Make a tenant without apps, in a folder or in a database
    #[command(allow_missing_positional = true)]
    Create {
        /// The folder that it is to be
        #[arg(value_name = "DIR", required_unless_present = "database", conflicts_with = "database")]
        folder: Option<PathBuf>,
        /// Its name, such as contoso.onmicrosoft.com
        name: TenantName,
        /// The database that is to hold it: sqlite:PATH, or just the path of the file
        #[arg(long, value_name = "URL")]
        database: Option<DatabaseUrl>,
    },
    /// Put a tenant folder into a database, with its keys and the policies that were uploaded: all of it or nothing
    Import(Transfer),
    /// Write the tenant in a database to a folder, with its keys and the policies that were uploaded
    Export(Transfer),
    /// Show what a tenant has
    Show {
        #[command(flatten)]
        place: TenantPlace,
    },
}

#[derive(Args)]
pub(crate) struct Transfer {
    /// The tenant folder
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The database: sqlite:PATH, or just the path of the file
    #[arg(long, value_name = "URL")]
    pub(crate) database: DatabaseUrl,
    /// Replace the whole tenant that is there already
    #[arg(long)]
    pub(crate) replace: bool,
}
