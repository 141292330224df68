use crate::args::Format;
use crate::output::{self, Failure, QUIET, WARNING, remark, styled};
use serde_json::json;
use std::sync::Arc;
use wayfarer_store::{Database, Reader, STATE_FILE, Tenant};

/// Prints what a tenant has. Of keys and policies only the names.
pub(super) fn show(tenant: &Tenant, format: Format) -> Result<(), Failure> {
    let place = tenant.documents().place("").display().to_string();
    let place = if tenant.is_embedded() { "built in".to_owned() } else { place };
    let keys = names(&**tenant.documents(), "keys", ".json")?;
    let policies = uploaded(tenant)?;
    let apps: Vec<String> = tenant.apps().iter().map(|it| format!("{} ({})", it.name, it.app_id)).collect();
    if format == Format::Json {
        let apps: Vec<_> = tenant.apps().iter().map(|it| json!({ "appId": it.app_id, "name": it.name })).collect();
        let shown = json!({
            "name": tenant.name(), "id": tenant.id(), "hosts": tenant.hosts(), "userFlows": tenant.user_flows(),
            "fixture": tenant.is_fixture(), "place": place, "apps": apps, "keys": keys, "uploadedPolicies": policies
        });
        output::result(&format!("{shown:#}\n"));
    } else {
        let mut text = String::new();
        let single = [("name", tenant.name().to_owned()), ("id", tenant.id().to_string()), ("place", place)];
        let single = single.map(|(name, value)| (name, vec![value]));
        let lists = [("host", tenant.hosts().to_vec()), ("user flow", tenant.user_flows().to_vec()), ("app", apps)];
        for (name, values) in
            single.into_iter().chain(lists).chain([("key container", keys), ("uploaded policy", policies)])
        {
            values.iter().for_each(|it| text += &format!("{}  {it}\n", styled(QUIET, format_args!("{name:15}"))));
        }
        output::result(&text);
    }
    tenant.warnings().iter().for_each(|it| remark(format_args!("{}: {it}", styled(WARNING, "warning"))));
    Ok(())
}

/// The ids of uploaded policies: in a database among the documents, beside a folder in its state.
fn uploaded(tenant: &Tenant) -> Result<Vec<String>, Failure> {
    let documents = Arc::clone(tenant.documents());
    let state = Database::open_existing(&documents.place(STATE_FILE)).map_err(Failure::new)?;
    match state {
        Some(state) => names(&state, "policies", ".xml"),
        None => names(&*documents, "policies", ".xml"),
    }
}

fn names(reader: &(impl Reader + ?Sized), folder: &str, ending: &str) -> Result<Vec<String>, Failure> {
    let names = reader.list(folder).map_err(Failure::new)?;
    let bare = |name: &String| Some(name.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(ending)?.to_owned());
    Ok(names.iter().filter_map(bare).collect())
}
