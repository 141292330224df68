mod change;
mod import;
mod shown;

use crate::args::{Format, Key, KeyCommand, Set};
use crate::output::Failure;
use crate::{Ended, Exit, output, project, secrets, tenant};
use jiff::Timestamp;
use serde_json::Value;
use wayfarer_compiler::{Scope, TenantIdentity, user_flow};
use wayfarer_diagnostics::{FileId, Sources, Span};
use wayfarer_engine::plan::Action;
use wayfarer_oauth::metadata::jwks;
use wayfarer_store::{KeyError, KeyStatus, KeyStore, KeyUse, Rotation, Secret, Tenant, Validity};

/// The keys that a command is about.
struct Keys<'a> {
    store: &'a KeyStore,
    format: Format,
    now: Timestamp,
}

pub(crate) fn run(options: &Key) -> Ended {
    let tenant = tenant::load_with_keys(&options.tenant, &options.passphrase)?;
    let keys = Keys { store: tenant.keys(), format: options.format, now: Timestamp::now() };
    match &options.command {
        KeyCommand::List => keys.list()?,
        KeyCommand::Show { container } => keys.show(container)?,
        KeyCommand::Generate { container, size, r#use, nbf, exp } => {
            let second = |it: &Option<Timestamp>| it.map(Timestamp::as_second);
            let validity = Validity { nbf: second(nbf), exp: second(exp) };
            keys.generate(container, size.key_size().unwrap_or_default(), (*r#use).into(), validity)?;
        }
        KeyCommand::Import { container, file, password_file, r#use } => {
            keys.import(container, file, password_file.as_deref(), r#use.map(KeyUse::from))?;
        }
        KeyCommand::Rotate { container, lead, overlap, size } => {
            keys.rotate(container, Rotation { lead: *lead, overlap: *overlap }, size.key_size())?;
        }
        KeyCommand::Withdraw { container, kid, size } => keys.withdraw(container, kid, size.key_size())?,
        KeyCommand::Enable { container, kid } => keys.set_status(container, kid, KeyStatus::Enabled)?,
        KeyCommand::Disable { container, kid } => keys.set_status(container, kid, KeyStatus::Disabled)?,
        KeyCommand::Remove { container } => keys.remove(container)?,
        KeyCommand::Encrypt { old_passphrase_file } => keys.encrypt(old_passphrase_file.as_deref())?,
        KeyCommand::Decrypt => keys.decrypt()?,
        KeyCommand::SetSecret { container, replace: false } => keys.create_secret(container)?,
        KeyCommand::SetSecret { container, replace: true } => keys.replace_secret(container)?,
        KeyCommand::Jwks { set, policy } => {
            let container = container(&tenant, set, policy.as_deref())?;
            let found = keys.store.get_or_create(&container, KeyUse::Signature, keys.now).map_err(Failure::new)?;
            keys.print_json(&jwks(&found, keys.now));
        }
    }
    Ok(Exit::Fine)
}

impl Keys<'_> {
    fn create_secret(&self, container: &str) -> Result<(), Failure> {
        let created = self.store.create_secret(container, &standard_input()?, self.now);
        created.map_err(|error| match error {
            KeyError::Exists { .. } => {
                Failure::new(error).help("or give `--replace`: the secret is added to it, and counts from now on")
            }
            other => Failure::new(other),
        })?;
        output::remark(format_args!("`{container}` is in {}", self.store.place(container).display()));
        Ok(())
    }

    fn replace_secret(&self, container: &str) -> Result<(), Failure> {
        self.store.replace_secret(container, &standard_input()?, self.now).map_err(Failure::new)?;
        output::remark(format_args!(
            "the secret counts from now on; `{container}` is in {}",
            self.store.place(container).display()
        ));
        Ok(())
    }

    fn print_json(&self, value: &Value) {
        output::result(&format!("{value:#}\n"));
    }

    fn is_json(&self) -> bool {
        self.format == Format::Json
    }
}

fn standard_input() -> Result<Secret, Failure> {
    secrets::on_standard_input()?.ok_or_else(|| {
        Failure::new("standard input holds no secret").help("pipe the secret in: `… | wayfarer key set-secret NAME`")
    })
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
