//! The `wayfarer` binary from outside, as scripts, CI and HTTP clients meet it. Every test has its own folder and its own
//! `WAYFARER_HOME`; the working directory is the repository's root, so that paths read as in the documentation.

#[cfg(test)]
mod app;
#[cfg(test)]
mod app_files;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod baseline;
#[cfg(test)]
mod ca;
#[cfg(test)]
mod check;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod config;
#[cfg(test)]
mod curl;
#[cfg(test)]
mod database;
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod effective;
#[cfg(test)]
mod eval;
#[cfg(test)]
mod eval_vectors;
#[cfg(test)]
mod explain;
mod explain_azure;
#[cfg(test)]
mod fix;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod http;
#[cfg(test)]
mod init;
#[cfg(test)]
mod jwt;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod keys_served;
#[cfg(test)]
mod outbound;
#[cfg(test)]
mod preview;
#[cfg(test)]
mod public_policies;
#[cfg(test)]
mod rest;
#[cfg(test)]
mod run;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod serve_graph;
#[cfg(test)]
mod serve_refusals;
#[cfg(test)]
mod suppressions;
#[cfg(test)]
mod tenant_baseline;
#[cfg(test)]
mod token_endpoint;
#[cfg(test)]
mod writers;
