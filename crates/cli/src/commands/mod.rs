//! One file a command.

pub(crate) mod app;
pub(crate) mod build;
pub(crate) mod ca;
pub(crate) mod check;
pub(crate) mod claim;
pub(crate) mod completions;
pub(crate) mod deploy;
pub(crate) mod diff;
pub(crate) mod effective;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod explain_azure;
pub(crate) mod init;
pub(crate) mod key;
pub(crate) mod preview;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod tenant;
