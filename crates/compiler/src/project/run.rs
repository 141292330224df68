use super::{PolicyFile, Project};
use crate::lower::{Flow, TenantIdentity};
use crate::parallel;
use std::collections::BTreeMap;
use wayfarer_diagnostics::{Diagnostics, Severity};
use wayfarer_engine::Plan;

/// What speaks against running a policy.
#[derive(Debug, Default)]
pub struct Objections {
    /// Errors that keep it from being run.
    pub errors: Diagnostics,
    /// Errors that only the analysis of all paths finds: Azure refuses the upload, and the path at hand may come through.
    pub of_paths: Diagnostics,
    /// How many tokens of a settings file are left as written.
    pub unresolved_settings: usize,
}

/// A policy that can be requested, and its plan where it can be run.
#[derive(Debug)]
pub struct Runnable<'p> {
    /// The policy.
    pub file: &'p PolicyFile,
    /// What speaks against it.
    pub objections: Objections,
    /// What is run; `None` where an error keeps it from that, which is then among the objections.
    pub plan: Option<Plan>,
}

impl Project {
    /// What speaks against running a policy, in it and in its base policies.
    pub fn objections(&self, file: &PolicyFile) -> Objections {
        let mut errors = self.check_chain(file);
        let is_left = |it: &&wayfarer_diagnostics::Diagnostic| {
            it.code == "setting-unresolved" && it.severity == Severity::Warning
        };
        let unresolved_settings = errors.iter().filter(is_left).count();
        errors.retain(|it| it.severity == Severity::Error);
        let is_of_paths = |code: &str| wayfarer_rules::find(code).is_some_and(wayfarer_rules::Rule::judges_paths);
        let mut of_paths = errors.clone();
        of_paths.retain(|it| is_of_paths(it.code));
        errors.retain(|it| !is_of_paths(it.code));
        Objections { errors, of_paths, unresolved_settings }
    }

    /// What keeps files from being read as policies, by file: they are not well-formed.
    pub fn malformed(&self) -> BTreeMap<&str, Diagnostics> {
        let mut all = BTreeMap::new();
        let mut found = self.as_read();
        found.retain(|it| it.code == "xml-malformed");
        for file in self.files.iter().filter(|it| it.reported) {
            let mut own = found.clone();
            own.retain(|it| it.primary.span.file == file.file);
            if !own.is_empty() {
                all.insert(self.sources.name(file.file), self.told(own));
            }
        }
        all
    }

    /// Every policy that can be requested, judged and lowered for a tenant, on all cores; in the order of the files.
    pub fn runnable(&self, flow: Flow, tenant: &TenantIdentity, rest: &BTreeMap<String, String>) -> Vec<Runnable<'_>> {
        let all: Vec<&PolicyFile> = self.relying_parties().collect();
        parallel::map(&all, |file| {
            let mut objections = self.objections(file);
            let lower = || self.plan(file, flow, tenant, rest);
            let plan = objections.errors.is_empty().then(lower).and_then(|it| match it {
                Ok(plan) => Some(plan),
                Err(found) => {
                    objections.errors = found;
                    None
                }
            });
            Runnable { file, objections, plan }
        })
    }

    /// Whether a policy declares the UserInfo endpoint (userinfo-endpoint).
    pub fn has_user_info(&self, file: &PolicyFile) -> bool {
        let policy = self.effective(file);
        policy.relying_party().is_some_and(|it| it.endpoints().any(|it| it.key.value == "UserInfo"))
    }
}
