use super::Format;
use super::place::TenantPlace;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use wayfarer_store::Guid;

#[derive(Args)]
pub(crate) struct App {
    #[command(flatten)]
    pub(crate) tenant: TenantPlace,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    pub(crate) format: Format,
    #[command(subcommand)]
    pub(crate) command: AppCommand,
}

/// APP and API are an application id or a name.
#[derive(Subcommand)]
pub(crate) enum AppCommand {
    /// Register an app
    Create {
        /// Its name
        name: String,
    },
    /// Set the Application ID URI, such as https://contoso.onmicrosoft.com/api (or just its last part)
    SetUri {
        /// The app
        app: String,
        /// The URI
        uri: String,
    },
    /// Set accessTokenAcceptedVersion
    SetVersion {
        /// The app
        app: String,
        /// 1 or 2; client credentials need 2
        version: i64,
    },
    /// Define an app role that applications can be granted
    AddRole {
        /// The API
        app: String,
        /// The role's value, such as app.read: it appears in `scp`
        value: String,
    },
    /// Make a client secret; it is shown once
    AddSecret {
        /// The app
        app: String,
        /// How long it is valid, such as 90d or 2y, or until which day
        #[arg(long, value_name = "D", default_value = "2y")]
        expires: String,
        /// A description
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
    },
    /// Configure application permissions, and grant them with --admin-consent
    Grant {
        /// The app that calls
        app: String,
        /// The API that it calls
        api: String,
        /// The values of the API's roles
        #[arg(required = true)]
        roles: Vec<String>,
        /// Grant admin consent; without it the permissions are configured only
        #[arg(long)]
        admin_consent: bool,
    },
    /// Take over apps with their ids: a manifest as the portal or Microsoft Graph shows it, or an array of them, as `app list
    /// --format json` prints; NAME.wayfarer.toml beside NAME.json tells the service principal and the grants
    Import {
        /// The file; `-` is standard input
        file: PathBuf,
        /// Replace apps that are there already
        #[arg(long)]
        replace: bool,
    },
    /// Print the manifest of an app, without any secret
    Export {
        /// The app
        app: String,
        /// Write it to this file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take an app away, with its secrets and what others were granted for it
    Remove {
        /// The app
        app: String,
    },
    /// Take a client secret away
    RemoveSecret {
        /// The app
        app: String,
        /// Its keyId, as the manifest has it
        key_id: Guid,
    },
    /// List the registrations
    List,
    /// Show one registration
    Show {
        /// The app
        app: String,
    },
}
