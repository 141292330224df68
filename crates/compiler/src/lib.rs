//! From policy files to findings and plans: [`Project`] reads a set of files, finds each policy's chain, judges it, and
//! lowers a journey to a plan that the engine runs.
//!
//! [`upload`] judges a policy as the service does that takes it in.
//!
//! Never in here: lint logic (that is `wayfarer-rules`'), printing, and direct file access: files come through [`Files`].
//! Start reading at [`Project`].

mod baseline;
mod config;
mod files;
mod fix;
mod lower;
mod parallel;
mod project;
mod relative;
pub mod settings;
pub mod upload;

pub use baseline::{BASELINE, Baseline, Hidden};
pub use config::{CONFIG, Config, ConfigError};
pub use files::{Entry, FileError, Files, Listing};
pub use fix::{Fixed, FixedFile, fix};
pub use lower::{Flow, PLACEHOLDER_TENANT, TenantIdentity, user_flow};
pub use project::{BuiltFile, LoadError, Objections, PolicyFile, Project, Runnable, Scope, TenantBaseline};
pub use settings::{Settings, SettingsError};
