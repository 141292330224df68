//! `servicePrincipals`: what a registration is in the tenant. Source: `graph.md` 1.3, the pages "servicePrincipal",
//! "Create serviceprincipal".
//!
//! Only `accountEnabled` is kept of it. Another member may be sent with the value that it has anyway; any other value is
//! refused with 400, since it would be lost. (Graph keeps more.)

mod view;

use http::Method;
use serde_json::{Map, Value};
use wayfarer_store::{App, EditError, Guid, Tenant};

use crate::app_role_assignments;
use crate::call::Call;
use crate::error::GraphError;
use crate::odata::{self, Collection, Options, keyed};
use crate::reply::Reply;
use crate::request::{Key, Segment};

const COLLECTION: Collection<'_> = Collection {
    path: "servicePrincipals",
    context: "servicePrincipals",
    filterable: &["accountEnabled", "appId", "displayName", "id", "servicePrincipalNames", "servicePrincipalType"],
};

pub(crate) fn answer(call: &Call<'_>, segments: &[Segment]) -> Result<Reply, GraphError> {
    match keyed(segments)? {
        (None, _) => collection(call),
        (Some(key), []) => single(call, &key),
        (Some(key), path @ [relation, ..]) => {
            let tenant = call.tenant()?;
            let (app, id) = find(&tenant, &key)?;
            let relation_of = app_role_assignments::Relation::named(&relation.name, app, id);
            let relation_of = relation_of.ok_or_else(|| GraphError::bad_segment(&relation.name))?;
            app_role_assignments::answer(call, &tenant, relation_of, path)
        }
    }
}

fn collection(call: &Call<'_>) -> Result<Reply, GraphError> {
    match *call.method() {
        Method::GET => {
            let tenant = call.tenant()?;
            let shown =
                tenant.apps().iter().filter_map(|app| Some(view::shown(&tenant, app, app.service_principal_id?)));
            COLLECTION.show(call, shown.collect())
        }
        Method::POST => create(call),
        _ => Err(GraphError::method("GET, POST")),
    }
}

fn create(call: &Call<'_>) -> Result<Reply, GraphError> {
    let (body, mut tenant) = (call.body()?, call.tenant()?);
    let text = body.get("appId").and_then(Value::as_str);
    let text =
        text.ok_or_else(|| GraphError::bad_request("`appId` must be given").with_details("InvalidValue", "appId"))?;
    let app = text.parse().ok().and_then(|app_id| tenant.app(app_id)).cloned();
    let unknown = || {
        let message = format!("`appId`: there is no application `{}`", text.chars().take(200).collect::<String>());
        GraphError::bad_request(message).with_details("NoBackingApplicationObject", "appId")
    };
    let app = app.ok_or_else(unknown)?;
    // Judged before anything is made: the id, which nobody can know yet, is no member to compare.
    let enabled = enabled_by(&tenant, &app, &body)?;
    let made = call.with_random(|random| tenant.create_service_principal(app.app_id, random).cloned());
    let made = made.map_err(|error| match error {
        EditError::Exists { .. } => GraphError::conflict("Request_MultipleObjectsWithSameKeyValue", error.to_string()),
        other => other.into(),
    })?;
    let id =
        made.service_principal_id.ok_or_else(|| GraphError::internal("a service principal was made and is gone"))?;
    if enabled == Some(false) {
        tenant.set_account_enabled(id, false)?;
    }
    let location = call.url(&format!("servicePrincipals/{id}"));
    let (app, id) = find(&tenant, &Key::Id(id.to_string()))?;
    Ok(Reply::created(location, &entity(call, &tenant, app, id, &Options::default())?))
}

fn single(call: &Call<'_>, key: &Key) -> Result<Reply, GraphError> {
    let mut tenant = call.tenant()?;
    let (app, id) = find(&tenant, key)?;
    match *call.method() {
        Method::GET => Ok(Reply::ok(&entity(call, &tenant, app, id, &Options::of_entity(call.request.query)?)?)),
        Method::PATCH => {
            if let Some(enabled) = enabled_by(&tenant, app, &call.body()?)? {
                tenant.set_account_enabled(id, enabled)?;
            }
            Ok(Reply::no_content())
        }
        Method::DELETE => {
            tenant.delete_service_principal(id)?;
            Ok(Reply::no_content())
        }
        _ => Err(GraphError::method("GET, PATCH, DELETE")),
    }
}

/// The service principal that a key names, by object id or by application id, and the app that it stands for.
fn find<'a>(tenant: &'a Tenant, key: &Key) -> Result<(&'a App, Guid), GraphError> {
    let (app, text) = match key {
        Key::Id(text) => (text.parse().ok().and_then(|id| tenant.app_of_service_principal(id)), text),
        Key::AppId(text) => (text.parse().ok().and_then(|id| tenant.app(id)), text),
    };
    let found = app.and_then(|app| Some((app, app.service_principal_id?)));
    found.ok_or_else(|| GraphError::not_found("service principal", text))
}

/// What a body says of `accountEnabled`, when it says nothing else that would be lost.
fn enabled_by(tenant: &Tenant, app: &App, body: &Map<String, Value>) -> Result<Option<bool>, GraphError> {
    let shown = view::shown(tenant, app, app.service_principal_id.unwrap_or(app.app_id));
    for (name, value) in body.iter().filter(|(name, _)| *name != "accountEnabled" && !name.contains('@')) {
        let problem = match shown.get(name) {
            Some(there) if there == value => continue,
            Some(_) => "is not kept here: only `accountEnabled` can be set",
            None => "is no member of a service principal that is kept here",
        };
        let name: String = name.chars().take(200).collect();
        return Err(GraphError::bad_request(format!("`{name}` {problem}")).with_details("InvalidValue", name));
    }
    match body.get("accountEnabled") {
        None => Ok(None),
        Some(Value::Bool(enabled)) => Ok(Some(*enabled)),
        Some(_) => {
            let error = GraphError::bad_request("`accountEnabled` must be `true` or `false`");
            Err(error.with_details("InvalidValue", "accountEnabled"))
        }
    }
}

fn entity(call: &Call<'_>, tenant: &Tenant, app: &App, id: Guid, options: &Options) -> Result<Value, GraphError> {
    let context = format!("servicePrincipals{}/$entity", options.selection());
    Ok(odata::entity(call, &context, options.selected(view::shown(tenant, app, id))?))
}
