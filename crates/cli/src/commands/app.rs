use crate::args::{App, AppCommand, Format};
use crate::output::{Failure, QUIET, styled};
use crate::{Ended, Exit, output, tenant};
use jiff::Timestamp;
use serde_json::{Value, json};
use wayfarer_runtime::Random;
use wayfarer_store::{self as store, AdminConsent, Expiry, NewSecret, Tenant};

pub(crate) fn run(options: &App) -> Ended {
    let (now, mut random) = (Timestamp::now(), |bytes: &mut [u8]| Random::System.fill(bytes));
    let folder = options.tenant.as_deref();
    let changed = || tenant::load_to_change(folder);
    match &options.command {
        AppCommand::List => list(&tenant::load(folder)?, options.format),
        AppCommand::Show { app } => {
            let tenant = tenant::load(folder)?;
            show(&tenant, tenant.find(app).map_err(Failure::new)?, options.format);
        }
        AppCommand::Create { name } => {
            let mut tenant = changed()?;
            let id = tenant.create_app(name, now, &mut random).map_err(Failure::new)?.app_id;
            done(&tenant, id, options.format);
        }
        AppCommand::SetUri { app, uri } => {
            let mut tenant = changed()?;
            let id = tenant.set_uri(app, uri).map_err(Failure::new)?.app_id;
            done(&tenant, id, options.format);
        }
        AppCommand::SetVersion { app, version } => {
            let mut tenant = changed()?;
            let id = tenant.set_version(app, *version).map_err(Failure::new)?.app_id;
            done(&tenant, id, options.format);
        }
        AppCommand::AddRole { app, value } => {
            let mut tenant = changed()?;
            let id = tenant.add_role(app, value, &mut random).map_err(Failure::new)?.app_id;
            done(&tenant, id, options.format);
        }
        AppCommand::AddSecret { app, expires, description } => {
            let expiry = Expiry::parse(expires, now).map_err(Failure::new)?;
            let secret = changed()?.add_secret(app, description.as_deref(), expiry, now, &mut random);
            show_secret(&secret.map_err(Failure::new)?, options.format);
        }
        AppCommand::Grant { app, api, roles, admin_consent } => {
            let mut tenant = changed()?;
            let consent = if *admin_consent { AdminConsent::Granted } else { AdminConsent::NotYet };
            let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
            let id = tenant.grant(app, api, &roles, consent, &mut random).map_err(Failure::new)?.app_id;
            done(&tenant, id, options.format);
            if !admin_consent {
                output::remark("configured, not granted: tokens carry the roles after `--admin-consent`");
            }
        }
    }
    Ok(Exit::Fine)
}

fn done(tenant: &Tenant, id: store::Guid, format: Format) {
    if let Some(app) = tenant.app(id) {
        show(tenant, app, format);
    }
}

fn list(tenant: &Tenant, format: Format) {
    if format == Format::Json {
        let manifests = tenant.apps().iter().map(|it| it.manifest().clone());
        return output::result(&format!("{:#}\n", Value::Array(manifests.collect())));
    }
    let width = tenant.apps().iter().map(|it| it.name.chars().count()).max().unwrap_or_default();
    let rows =
        tenant.apps().iter().map(|it| format!("{}  {:width$}  {}\n", it.app_id, it.name, it.identifier_uris.join(" ")));
    output::result(&rows.collect::<String>());
}

fn show(tenant: &Tenant, app: &store::App, format: Format) {
    if format == Format::Json {
        return output::result(&format!("{:#}\n", app.manifest()));
    }
    let row = |name: &str, value: String| format!("{}  {value}\n", styled(QUIET, format_args!("{name:22}")));
    let mut text = row("name", app.name.clone()) + &row("application (client) id", app.app_id.to_string());
    let principal = app.service_principal_id.map_or_else(|| "none".to_owned(), |it| it.to_string());
    text += &row("service principal id", principal);
    text += &row("access token version", app.access_token_version.map_or_else(|| "1".to_owned(), |it| it.to_string()));
    app.identifier_uris.iter().for_each(|it| text += &row("Application ID URI", it.clone()));
    app.app_roles.iter().for_each(|it| text += &row("app role", it.value.clone().unwrap_or_default()));
    for it in &app.password_credentials {
        let hint = it.hint.as_deref().unwrap_or("???");
        let end = it.end.map_or_else(|| "never".to_owned(), |it| it.strftime("%Y-%m-%d").to_string());
        text += &row("client secret", format!("{hint}… expires {end}"));
    }
    for api in &app.required_resource_access {
        let name =
            tenant.app(api.resource_app_id).map_or_else(|| api.resource_app_id.to_string(), |it| it.name.clone());
        for access in &api.resource_access {
            let known =
                tenant.app(api.resource_app_id).and_then(|it| it.app_roles.iter().find(|role| role.id == access.id));
            let role = known.and_then(|it| it.value.clone()).unwrap_or_else(|| access.id.to_string());
            let granted = if app.has_assignment(api.resource_app_id, access.id) { "granted" } else { "not granted" };
            text += &row("permission", format!("{name} {role} ({granted})"));
        }
    }
    output::result(&text);
}

/// The one time that a secret is shown.
fn show_secret(secret: &NewSecret, format: Format) {
    let time = |it: Timestamp| it.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let text = match format {
        Format::Human => format!("{}\n", secret.secret_text.expose()),
        Format::Json => {
            let credential = json!({
                "keyId": secret.key_id.to_string(),
                "hint": secret.hint,
                "startDateTime": time(secret.start),
                "endDateTime": time(secret.end),
                "secretText": secret.secret_text.expose(),
            });
            format!("{credential:#}\n")
        }
    };
    output::result(&text);
    output::remark(format_args!("valid until {}; keep it, it can't be shown again", secret.end.strftime("%Y-%m-%d")));
}
