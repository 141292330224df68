mod files;
mod show;

use crate::args::{App, AppCommand, Format};
use crate::output::Failure;
use crate::{Ended, Exit, output, tenant};
use jiff::Timestamp;
use serde_json::json;
use show::{list, show, show_secret};
use wayfarer_runtime::Random;
use wayfarer_store::{self as store, AdminConsent, Existing, Expiry, Tenant};

pub(crate) fn run(options: &App) -> Ended {
    let (now, mut random) = (Timestamp::now(), |bytes: &mut [u8]| Random::System.fill(bytes));
    let changed = || tenant::load_to_change(&options.tenant);
    match &options.command {
        AppCommand::List => list(&tenant::load(&options.tenant)?, options.format),
        AppCommand::Show { app } => {
            let tenant = tenant::load(&options.tenant)?;
            show(&tenant, tenant.find(app).map_err(Failure::new)?, options.format);
        }
        AppCommand::Export { app, out } => files::export(&tenant::load(&options.tenant)?, app, out.as_deref())?,
        AppCommand::Import { file, replace } => {
            files::import(&mut changed()?, file, existing(*replace), options, &mut random)?;
        }
        AppCommand::Remove { app } => remove(&mut changed()?, app, options.format)?,
        AppCommand::RemoveSecret { app, key_id } => {
            let mut tenant = changed()?;
            let id = tenant.find(app).map_err(Failure::new)?.app_id;
            tenant.remove_secret(id, *key_id).map_err(Failure::new)?;
            done(&tenant, id, options.format);
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

pub(super) fn existing(replace: bool) -> Existing {
    if replace { Existing::Replace } else { Existing::Refuse }
}

fn remove(tenant: &mut Tenant, app: &str, format: Format) -> Result<(), Failure> {
    let app = tenant.find(app).map_err(Failure::new)?;
    let (id, name) = (app.app_id, app.name.clone());
    tenant.delete_app(id).map_err(Failure::new)?;
    output::result(&match format {
        Format::Human => format!("removed {name} ({id})\n"),
        Format::Json => format!("{:#}\n", json!({ "appId": id, "name": name })),
    });
    Ok(())
}
