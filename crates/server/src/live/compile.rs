use super::{Live, Policy, stored};
use crate::Loaded;
use std::collections::{BTreeMap, BTreeSet};
use wayfarer_compiler::{Flow, Objections, Project, Runnable, TenantIdentity, user_flow};
use wayfarer_diagnostics::{Diagnostics, FileId, Sources, Span};
use wayfarer_engine::plan::{Action, Issuer, Plan};
use wayfarer_store::Tenant;

/// A set that was compiled, and what a person should know of it.
pub(crate) struct Compiled {
    pub(crate) live: Live,
    /// What is wrong, by what it keeps from running.
    pub(crate) found: Vec<(String, Diagnostics)>,
    /// What speaks against policies that run all the same.
    pub(crate) objections: Vec<Objections>,
}

/// Compiles what was read. A policy with errors is known and fails by name: a client must not get a token that Azure
/// would not give.
pub(crate) fn compile(loaded: &Loaded, rest: &BTreeMap<String, String>, texts: Texts) -> Compiled {
    let Loaded { tenant, project, .. } = loaded;
    let identity = identity(tenant);
    // What was in a file that is not well-formed is not known: it fails by its own name.
    let malformed = project.malformed().into_iter();
    let mut found: Vec<_> = malformed.map(|(name, found)| (name.to_owned(), found)).collect();
    let runnable = project.runnable(Flow::ClientCredentials, &identity, rest);
    let mut objections = Vec::new();
    let policy = |it| policy(project, it, &mut found, &mut objections);
    let mut policies: Vec<Policy> = runnable.into_iter().map(policy).collect();
    policies.extend(tenant.user_flows().iter().map(|it| user_flow_policy(it, &identity)));
    let failing: BTreeSet<String> = found.iter().map(|(what, _)| what.clone()).collect();
    let stored = if texts == Texts::Kept { stored(project) } else { BTreeMap::new() };
    Compiled { live: Live::new(tenant.clone(), policies, stored, failing), found, objections }
}

/// Whether the texts of policies are kept, because somebody may list, read and replace them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Texts {
    Kept,
    Forgotten,
}

/// The containers whose keys sign: made before the first client waits for one.
pub(crate) fn signing_containers(live: &Live) -> BTreeSet<&str> {
    live.policies().filter_map(|it| it.issuer.as_ref()).map(|it| it.signing_key.as_str()).collect()
}

fn identity(tenant: &Tenant) -> TenantIdentity {
    TenantIdentity { name: tenant.name().to_owned(), object_id: tenant.id().to_string() }
}

fn policy(
    project: &Project,
    runnable: Runnable<'_>,
    found: &mut Vec<(String, Diagnostics)>,
    remarks: &mut Vec<Objections>,
) -> Policy {
    let Runnable { file, objections, plan } = runnable;
    let id = file.policy_id().unwrap_or_default().to_owned();
    let reasons: Vec<&str> = objections.errors.iter().map(|it| it.message.as_str()).collect();
    let plan = plan.ok_or_else(|| reasons.join("; "));
    match plan {
        Ok(_) => remarks.push(objections),
        Err(_) => found.push((id.to_lowercase(), objections.errors)),
    }
    let (issuer, claims) = (project.token_issuer(file).ok(), project.token_claims(file));
    Policy { id, issuer, plan, claims, user_info: project.has_user_info(file) }
}

fn user_flow_policy(id: &str, tenant: &TenantIdentity) -> Policy {
    let plan = user_flow(id, tenant, nowhere());
    let issuer = issuer(&plan).cloned();
    Policy { id: id.to_owned(), issuer, plan: Ok(plan), claims: Vec::new(), user_info: false }
}

fn issuer(plan: &Plan) -> Option<&Issuer> {
    plan.steps.iter().find_map(|it| match &it.action {
        Action::SendClaims(issuer) => Some(issuer),
        _ => None,
    })
}

/// A user flow is written in no file.
fn nowhere() -> Span {
    let file: FileId = Sources::default().add("", "");
    Span::file_start(file)
}
