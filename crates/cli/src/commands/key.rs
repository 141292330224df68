use crate::args::{Key, KeyCommand, Set};
use crate::output::Failure;
use crate::{Ended, Exit, output, project, tenant};
use jiff::Timestamp;
use std::io::Read;
use wayfarer_compiler::{Scope, TenantIdentity, user_flow};
use wayfarer_diagnostics::{FileId, Sources, Span};
use wayfarer_engine::plan::Action;
use wayfarer_oauth::metadata::jwks;
use wayfarer_runtime::SigningKeys;
use wayfarer_store::{Secret, Tenant};

/// A secret is a line, not a file.
const SECRET_LIMIT: u64 = 64 * 1024;

pub(crate) fn run(options: &Key) -> Ended {
    match &options.command {
        KeyCommand::Jwks { set, policy } => {
            let tenant = tenant::load(&options.tenant)?;
            let container = container(&tenant, set, policy.as_deref())?;
            let now = Timestamp::now();
            let keyset = SigningKeys::new(tenant.keys().clone()).keyset(&container, now).map_err(Failure::new)?;
            output::result(&format!("{:#}\n", jwks(&keyset, now)));
        }
        KeyCommand::SetSecret { container } => {
            let tenant = tenant::load(&options.tenant)?;
            tenant.keys().create_secret(container, &read_secret()?).map_err(Failure::new)?;
            output::remark(format_args!("`{container}` is in {}", tenant.keys().place(container).display()));
        }
    }
    Ok(Exit::Fine)
}

/// The container whose keys verify the policy's tokens.
fn container(tenant: &Tenant, set: &Set, policy: Option<&str>) -> Result<String, Failure> {
    if let Some(id) = policy.filter(|id| is_user_flow(tenant, id)) {
        return Ok(user_flow_container(id, &tenant::identity(tenant)));
    }
    let project = project::load(set, Scope::All)?;
    let file = project::choose(&project, policy)?;
    project.token_issuer(file).map(|it| it.signing_key).map_err(|found| {
        let why: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
        Failure::new(format!("the policy issues no tokens: {}", why.join("; ")))
            .help("`wayfarer check` shows the places")
    })
}

pub(crate) fn is_user_flow(tenant: &Tenant, id: &str) -> bool {
    tenant.user_flows().iter().any(|it| it.eq_ignore_ascii_case(id))
}

fn user_flow_container(id: &str, identity: &TenantIdentity) -> String {
    let plan = user_flow(id, identity, nowhere());
    let issuer = plan.steps.iter().find_map(|it| match &it.action {
        Action::SendClaims(issuer) => Some(issuer.signing_key.clone()),
        _ => None,
    });
    issuer.unwrap_or_default()
}

/// A user flow is written in no file.
pub(crate) fn nowhere() -> Span {
    let file: FileId = Sources::default().add("", "");
    Span::file_start(file)
}

fn read_secret() -> Result<Secret, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(SECRET_LIMIT).read_to_string(&mut text);
    read.map_err(|error| Failure::new(format!("the secret can't be read from standard input: {error}")))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(Failure::new("standard input holds no secret")
            .help("pipe the secret in: `… | wayfarer key set-secret NAME`"));
    }
    Ok(Secret::new(secret))
}
