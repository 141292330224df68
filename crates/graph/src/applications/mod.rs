//! `applications`: app registrations. Source: `graph.md` 1.1, the pages "application", "Create application",
//! "Update application".
//!
//! A member that Graph does not have, or that is not kept here, is refused with 400: OData services refuse what their types
//! do not have; for applications it is not documented. Neither is the code for a body of another type (415 here), nor what
//! an id that is no GUID is answered with (404 here).
//! A deleted application is gone: there is no `directory/deletedItems`.

mod passwords;

use http::Method;
use serde_json::Value;
use wayfarer_store::{App, Tenant};

use crate::call::Call;
use crate::error::GraphError;
use crate::odata::{self, Collection, Options, keyed};
use crate::reply::Reply;
use crate::request::{Key, Segment};

const COLLECTION: Collection<'_> = Collection {
    path: "applications",
    context: "applications",
    filterable: &["appId", "displayName", "id", "identifierUris", "publisherDomain", "signInAudience", "tags"],
};

pub(crate) fn answer(call: &Call<'_>, segments: &[Segment]) -> Result<Reply, GraphError> {
    match keyed(segments)? {
        (None, _) => collection(call),
        (Some(key), []) => single(call, &key),
        (Some(key), [action]) => match odata::action(action).as_str() {
            "addpassword" => passwords::add(call, &key),
            "removepassword" => passwords::remove(call, &key),
            _ => Err(GraphError::bad_segment(&action.name)),
        },
        (Some(_), [_, beyond, ..]) => Err(GraphError::bad_segment(&beyond.name)),
    }
}

fn collection(call: &Call<'_>) -> Result<Reply, GraphError> {
    match *call.method() {
        Method::GET => COLLECTION.show(call, call.tenant()?.apps().iter().map(App::graph_members).collect()),
        Method::POST => create(call),
        _ => Err(GraphError::method("GET, POST")),
    }
}

fn create(call: &Call<'_>) -> Result<Reply, GraphError> {
    let (members, mut tenant) = (call.body()?, call.tenant()?);
    let app = call.with_random(|random| tenant.register_app(&members, call.context.now, random).cloned())?;
    let location = call.url(&format!("applications/{}", app.graph_id()));
    Ok(Reply::created(location, &shown(call, &app, &Options::default())?))
}

fn single(call: &Call<'_>, key: &Key) -> Result<Reply, GraphError> {
    let mut tenant = call.tenant()?;
    let app = find(&tenant, key)?;
    match *call.method() {
        Method::GET => Ok(Reply::ok(&shown(call, app, &Options::of_entity(call.request.query)?)?)),
        Method::PATCH => {
            let app_id = app.app_id;
            tenant.update_app(app_id, &call.body()?)?;
            Ok(Reply::no_content())
        }
        Method::DELETE => {
            let app_id = app.app_id;
            tenant.delete_app(app_id)?;
            Ok(Reply::no_content())
        }
        _ => Err(GraphError::method("GET, PATCH, DELETE")),
    }
}

/// The application that a key names: by object id, or by application id in its own form.
fn find<'a>(tenant: &'a Tenant, key: &Key) -> Result<&'a App, GraphError> {
    let (found, text) = match key {
        Key::Id(text) => (text.parse().ok().and_then(|id| tenant.app_of_object(id)), text),
        Key::AppId(text) => (text.parse().ok().and_then(|id| tenant.app(id)), text),
    };
    found.ok_or_else(|| GraphError::not_found("application", text))
}

fn shown(call: &Call<'_>, app: &App, options: &Options) -> Result<Value, GraphError> {
    let context = format!("applications{}/$entity", options.selection());
    Ok(odata::entity(call, &context, options.selected(app.graph_members())?))
}
