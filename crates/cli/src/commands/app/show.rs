use crate::args::Format;
use crate::output::{self, QUIET, styled};
use jiff::Timestamp;
use serde_json::{Value, json};
use wayfarer_store::{App, NewSecret, Tenant};

pub(super) fn list(tenant: &Tenant, format: Format) {
    if format == Format::Json {
        let manifests = tenant.apps().iter().map(|it| it.manifest().clone());
        return output::result(&format!("{:#}\n", Value::Array(manifests.collect())));
    }
    let width = tenant.apps().iter().map(|it| it.name.chars().count()).max().unwrap_or_default();
    let rows =
        tenant.apps().iter().map(|it| format!("{}  {:width$}  {}\n", it.app_id, it.name, it.identifier_uris.join(" ")));
    output::result(&rows.collect::<String>());
}

pub(super) fn show(tenant: &Tenant, app: &App, format: Format) {
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
pub(super) fn show_secret(secret: &NewSecret, format: Format) {
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
