use crate::args::{Flow, Run, RunFormat};
use crate::commands::key::{is_user_flow, nowhere};
use crate::output::{self, Failure};
use crate::run::{Report, Setting, human, json};
use crate::{Ended, Exit, project, tenant};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use wayfarer_compiler::{self as compiler, PolicyFile, Project, Scope, TenantIdentity, user_flow};
use wayfarer_diagnostics::{Diagnostics, Severity, Sources, render};
use wayfarer_engine::Plan;
use wayfarer_oauth::{TokenRequest, grants::client_credentials};
use wayfarer_runtime::{Client, Clock, Granted, Outbound, PolicyKeys, Random, RealHost, Recording, SigningKeys, issue};
use wayfarer_store::{App, Guid, Tenant};

pub(crate) fn run(options: &Run) -> Ended {
    let tenant = tenant::load_with_keys(&options.tenant, &options.passphrase)?;
    tenant.warnings().iter().for_each(|it| output::remark(format_args!("warning: {it}")));
    if let Some(id) = options.policy.as_deref().filter(|id| is_user_flow(&tenant, id)) {
        let plan = user_flow(id, &tenant::identity(&tenant), nowhere());
        return execute(options, &tenant, &plan, &Sources::default(), Vec::new());
    }
    let project = project::load(&options.set, Scope::All)?;
    let rest: BTreeMap<String, String> = options.rest.iter().cloned().collect();
    let identity = tenant::identity(&tenant);
    let chosen = match &options.policy {
        Some(id) => project::find(&project, id)?,
        None => match only_that_runs(&project, options.flow, &identity, &rest) {
            Ok(file) => file,
            Err(failure) => return explain(&project, failure),
        },
    };
    let found = project::what_stops_a_run(&project, chosen);
    if !found.is_empty() {
        return refuse(
            &project,
            &found,
            "Azure would not accept this policy, or no run of it could succeed; nothing was run",
        );
    }
    let flow = flow_of(&project, chosen, options.flow);
    let plan = match project.plan(chosen, flow, &identity, &rest) {
        Ok(plan) => plan,
        Err(found) => return refuse(&project, &found, "this journey can't be run"),
    };
    if flow == compiler::Flow::Default {
        return Err(Failure::new(format!(
            "journey `{}` starts with a user's sign-in, which can't be run yet",
            plan.journey
        ))
        .help("`--flow client-credentials` runs the grant that has no user"));
    }
    unused_overrides(&project, chosen, &rest);
    tell_tenant(&project, chosen, &tenant, options);
    let chain: Vec<_> = project.chain(chosen).into_iter().rev().collect();
    let chain = chain.into_iter().map(|it| (it.policy_id().unwrap_or_default().to_owned(), it.file)).collect();
    execute(options, &tenant, &plan, project.sources(), chain)
}

/// No policy could be chosen: where files are broken, that is why.
fn explain(project: &Project, failure: Failure) -> Ended {
    let mut found = project.check(Scope::All);
    found.retain(|it| it.severity == Severity::Error);
    if found.is_empty() {
        return Err(failure);
    }
    output::failure(&failure);
    refuse(project, &found, "these errors are in the set; nothing was run")
}

fn refuse(project: &Project, found: &Diagnostics, why: &str) -> Ended {
    output::remark(render::human(found, project.sources(), output::style()).trim_end());
    output::remark("");
    output::remark(format_args!("{}: {why}", output::styled(output::ERROR, "error")));
    Ok(Exit::Findings)
}

/// Client credentials where the issuer names a journey for it, else the default journey.
fn flow_of(project: &Project, file: &PolicyFile, asked: Option<Flow>) -> compiler::Flow {
    match asked {
        Some(Flow::ClientCredentials) => compiler::Flow::ClientCredentials,
        Some(Flow::Default) => compiler::Flow::Default,
        None => {
            let issuer = project.effective(file).token_issuer();
            let named = issuer.is_some_and(|it| it.client_credentials_journey().is_some());
            if named { compiler::Flow::ClientCredentials } else { compiler::Flow::Default }
        }
    }
}

fn only_that_runs<'a>(
    project: &'a Project,
    flow: Option<Flow>,
    tenant: &TenantIdentity,
    rest: &BTreeMap<String, String>,
) -> Result<&'a PolicyFile, Failure> {
    let all: Vec<&PolicyFile> = project.relying_parties().collect();
    let runs = |it: &&&PolicyFile| {
        let flow = flow_of(project, it, flow);
        flow == compiler::Flow::ClientCredentials && project.plan(it, flow, tenant, rest).is_ok()
    };
    let running: Vec<&PolicyFile> = all.iter().filter(runs).copied().collect();
    match (&running[..], &all[..]) {
        ([only], _) | ([], [only]) => Ok(only),
        (_, []) => {
            Err(Failure::new("the set has no relying-party policy").help("name the folder that holds one, or its file"))
        }
        ([], _) => Err(Failure::new(format!(
            "no relying-party policy of this set runs without a user:\n{}",
            list(project, &all)
        ))
        .help("choose one with `--policy ID`, and `--flow client-credentials` for a token with system claims only")),
        (several, _) => Err(Failure::new(format!("several policies of this set run:\n{}", list(project, several)))
            .help("choose one with `--policy ID`")),
    }
}

fn list(project: &Project, files: &[&PolicyFile]) -> String {
    let rows =
        files.iter().map(|it| format!("  {} ({})", it.policy_id().unwrap_or("?"), project.sources().name(it.file)));
    rows.collect::<Vec<_>>().join("\n")
}

/// A misspelt profile in `--rest` would silently call the policy's own address.
fn unused_overrides(project: &Project, file: &PolicyFile, rest: &BTreeMap<String, String>) {
    let policy = project.effective(file);
    for profile in rest.keys().filter(|it| policy.technical_profile(it).is_none()) {
        output::remark(format_args!("warning: --rest: the policy has no technical profile `{profile}`"));
    }
}

/// A policy written for another tenant runs all the same; its own tenant name is what it shows.
fn tell_tenant(project: &Project, file: &PolicyFile, tenant: &Tenant, options: &Run) {
    let policy = project.effective(file);
    let written = policy.root_attribute("TenantId").map_or("", |it| it.value);
    if written.is_empty() || written.eq_ignore_ascii_case(tenant.name()) {
        return;
    }
    if written.eq_ignore_ascii_case(compiler::PLACEHOLDER_TENANT) {
        if options.tenant.is_given() {
            return;
        }
        output::remark(format_args!("info: `{written}` counts as the running tenant, {}", tenant.name()));
    } else {
        output::remark(format_args!("warning: the policy is written for `{written}` and runs in `{}`", tenant.name()));
    }
}

fn execute(
    options: &Run,
    tenant: &Tenant,
    plan: &Plan,
    sources: &Sources,
    chain: Vec<(String, wayfarer_diagnostics::FileId)>,
) -> Ended {
    let client_app = client(tenant, options.client.as_deref())?;
    let scope = match &options.scope {
        Some(scope) => scope.clone(),
        None => client_credentials::default_scope(tenant, client_app).map_err(Failure::new)?,
    };
    let clock = options.now.map_or(Clock::System, Clock::Fixed);
    let random = options.seed.map_or(Random::System, Random::seeded);
    let mut id_source = |bytes: &mut [u8]| random.fill(bytes);
    let correlation_id = Guid::random(&mut id_source);
    let outbound = Outbound::open().waiting(options.rest_timeout.map(Duration::from_secs));
    let request = TokenRequest::internal(&client_app.app_id.to_string(), &scope, options.param.iter().cloned());
    let policy_keys = PolicyKeys::new(tenant.keys().clone());
    let host = RealHost::new(clock, random, Arc::clone(&policy_keys), outbound);
    let keys = SigningKeys::new(policy_keys);
    let name = tenant.hosts().first().map_or("localhost", String::as_str);
    let origin = format!("https://{name}");
    let asking = Client { origin: &origin, host: name, ip_address: Some("127.0.0.1"), correlation_id };
    // A place that can't be written is not the journey's failure.
    if let Some(container) = signing_container(plan) {
        keys.policy_keys().prepare(container, clock.now()).map_err(Failure::new)?;
    }
    let granted = client_credentials::authorize_without_secret(tenant, client_app, Some(&scope));
    let (issued, record) = match granted {
        Ok(grant) => {
            let (grant, request, keys) = (&grant, &request, &keys);
            let granted = Granted { plan, tenant, grant, request, client: asking, keys, host: &host };
            block_on(issue(granted, Recording::Full))?
        }
        Err(error) => (Err(error), Default::default()),
    };
    let setting = Setting { plan, sources, chain, tenant, client: client_app, scope: &scope, options };
    let report = Report { setting, issued, record, correlation_id, now: clock.now() };
    match options.format {
        RunFormat::Human => output::result(&human::render(&report)),
        RunFormat::Json => output::result(&format!("{:#}\n", json::render(&report))),
        RunFormat::Token => match &report.issued {
            Ok(issued) => {
                output::result(&format!("{}\n", issued.response.access_token));
            }
            Err(error) => output::remark(format_args!("{}: {error}", output::styled(output::ERROR, "error"))),
        },
    }
    Ok(if report.issued.is_ok() { Exit::Fine } else { Exit::Findings })
}

fn signing_container(plan: &Plan) -> Option<&str> {
    plan.steps.iter().rev().find_map(|it| match &it.action {
        wayfarer_engine::plan::Action::SendClaims(issuer) => Some(issuer.signing_key.as_str()),
        _ => None,
    })
}

fn client<'a>(tenant: &'a Tenant, asked: Option<&str>) -> Result<&'a App, Failure> {
    match asked {
        Some(name) => tenant
            .find(name)
            .map_err(|error| Failure::new(error).help("`wayfarer app list` shows the apps of a tenant")),
        None => client_credentials::default_client(tenant).map_err(Failure::new),
    }
}

/// On threads of its own number, for what serves many at once.
pub(crate) fn block_on_all<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(format!("no asynchronous runtime: {error}")))?;
    let result = runtime.block_on(future);
    // A look-up of a name, or a set that is read again, keeps nobody waiting.
    runtime.shutdown_background();
    Ok(result)
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| Failure::new(format!("no asynchronous runtime: {error}")))?.block_on(future))
}
