//! `wayfarer`: the command line. It reads arguments and the environment, calls the other crates and prints what they say.
//!
//! Never in here: analysis. Results go to stdout, everything else to stderr; exit codes are [`Exit`]'s. Start reading at
//! [`args`], then the file of a command under `commands`.

mod args;
mod azure;
mod baseline;
mod commands;
mod deploy;
mod eval;
mod fix;
mod init;
mod known;
mod output;
mod preview;
mod progress;
mod project;
mod run;
mod secrets;
mod serving;
mod tenant;

use args::{Arguments, Command};
use clap::Parser;
use output::Failure;
use std::process::ExitCode;

/// How a command ends. A crash of ours exits with 101, so that a typo never looks like a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Fine.
    Fine,
    /// Findings, or a journey that failed.
    Findings,
    /// It could not run: usage, configuration, files.
    CouldNotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::CouldNotRun => Self::from(2),
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    output::colour(arguments.color);
    let ended = match arguments.command {
        Command::Check(options) => commands::check::run(&options),
        Command::Run(options) => commands::run::run(&options),
        Command::Serve(options) => commands::serve::run(&options),
        Command::App(options) => commands::app::run(&options),
        Command::Tenant(options) => commands::tenant::run(&options),
        Command::Key(options) => commands::key::run(&options),
        Command::Ca { command } => commands::ca::run(&command),
        Command::Eval(options) => commands::eval::run(&options),
        Command::Explain(options) => commands::explain::run(&options),
        Command::Effective(options) => commands::effective::run(&options),
        Command::Claim(options) => commands::claim::run(&options),
        Command::Diff(options) => commands::diff::run(&options),
        Command::Preview(options) => commands::preview::run(&options),
        Command::Build(options) => commands::build::run(&options),
        Command::Deploy(options) => commands::deploy::run(&options),
        Command::Init(options) => commands::init::run(&options),
        Command::Completions { shell } => commands::completions::run(shell),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::failure(&failure);
            Exit::CouldNotRun.into()
        }
    }
}

/// What a command gives back: how it ended, or why it could not run.
pub(crate) type Ended = Result<Exit, Failure>;
