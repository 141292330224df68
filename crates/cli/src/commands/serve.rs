use crate::args::Serve;
use crate::commands::key::nowhere;
use crate::commands::run::block_on;
use crate::output::{self, Failure};
use crate::{Ended, Exit, project, tenant};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use wayfarer_compiler::{Flow, PolicyFile, Project, Scope, TenantIdentity, user_flow};
use wayfarer_diagnostics::render;
use wayfarer_runtime::{Clock, Loopback, Outbound, Random, RealHost, SigningKeys};
use wayfarer_server::{Policy, Service, serve};

pub(crate) fn run(options: &Serve) -> Ended {
    let tenant = tenant::load(options.tenant.as_deref())?;
    tenant.warnings().iter().for_each(|it| output::remark(format_args!("warning: {it}")));
    let project = project::load(&options.set, Scope::All)?;
    refuse_repeated(&project)?;
    let identity = tenant::identity(&tenant);
    let rest: BTreeMap<String, String> = options.rest.iter().cloned().collect();
    let mut policies: Vec<Policy> =
        project.relying_parties().map(|it| policy(&project, it, &identity, &rest)).collect();
    policies.extend(tenant.user_flows().iter().map(|it| user_flow_policy(it, &identity)));
    announce(&policies);
    let loopback = Loopback::while_listening_on(options.listen.ip());
    let outbound = Outbound::guarded(loopback, options.allow_outbound.clone())
        .waiting(options.rest_timeout.map(Duration::from_secs));
    let host = RealHost::new(Clock::System, Random::System, tenant.keys().clone(), outbound);
    let keys = SigningKeys::new(tenant.keys().clone());
    let name = tenant.name().to_owned();
    let service = Arc::new(Service::new(tenant, keys, Arc::new(host), policies));
    block_on(listen(options, service, &name))?
}

/// A tenant has one policy of an id.
fn refuse_repeated(project: &Project) -> Result<(), Failure> {
    for file in project.relying_parties() {
        let id = file.policy_id().unwrap_or_default();
        let same: Vec<_> = project
            .relying_parties()
            .filter(|it| it.policy_id().is_some_and(|own| own.eq_ignore_ascii_case(id)))
            .collect();
        if same.len() > 1 {
            let places: Vec<_> = same.iter().map(|it| format!("  {}", project.sources().name(it.file))).collect();
            let message = format!("policy `{id}` is in this set {} times:\n{}", same.len(), places.join("\n"));
            return Err(Failure::new(message).help("serve one of these folders"));
        }
    }
    Ok(())
}

async fn listen(options: &Serve, service: Arc<Service>, tenant: &str) -> Ended {
    let listener = TcpListener::bind(options.listen).await.map_err(|error| {
        Failure::new(format!("can't listen on {}: {error}", options.listen))
            .help("choose another address with `--listen`")
    })?;
    let address = listener.local_addr().map_err(Failure::new)?;
    output::result(&format!("listening on http://{address}/{tenant}\n"));
    serve(listener, service, stopped()).await.map_err(Failure::new)?;
    Ok(Exit::Fine)
}

/// Ctrl-C, or what a supervisor sends.
async fn stopped() {
    let interrupted = async { tokio::signal::ctrl_c().await.unwrap_or(()) };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! { () = interrupted => {}, _ = terminated.recv() => {} }
            return;
        }
    }
    interrupted.await;
}

/// A policy with errors is known and fails by name: a client must not get a token that Azure would not give.
fn policy(project: &Project, file: &PolicyFile, tenant: &TenantIdentity, rest: &BTreeMap<String, String>) -> Policy {
    let found = project::what_stops_a_run(project, file);
    let plan = if found.is_empty() { project.plan(file, Flow::ClientCredentials, tenant, rest) } else { Err(found) };
    let plan = plan.map_err(|found| {
        output::remark(render::human(&found, project.sources(), output::style()).trim_end());
        let reasons: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
        reasons.join("; ")
    });
    let id = file.policy_id().unwrap_or_default().to_owned();
    Policy { id, issuer: project.token_issuer(file).ok(), plan, claims: project.token_claims(file) }
}

fn user_flow_policy(id: &str, tenant: &TenantIdentity) -> Policy {
    let plan = user_flow(id, tenant, nowhere());
    let issuer = plan.steps.iter().find_map(|it| match &it.action {
        wayfarer_engine::plan::Action::SendClaims(issuer) => Some(issuer.clone()),
        _ => None,
    });
    Policy { id: id.to_owned(), issuer, plan: Ok(plan), claims: Vec::new() }
}

fn announce(policies: &[Policy]) {
    for policy in policies {
        match &policy.plan {
            Ok(plan) => output::remark(format_args!("{}: {}", policy.id, plan.journey)),
            Err(reason) => {
                output::remark(format_args!("{}: {} {reason}", policy.id, output::styled(output::ERROR, "fails:")));
            }
        }
    }
}
