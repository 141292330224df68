//! `trustFramework/policies`: policies as files. Source: `graph.md` 2.1, 2.3.
//!
//! What is not documented, and decided here: an id in the URL that is not the file's is 400; a file above the cap is 413; a
//! base that others inherit from is not deleted, 400; `POST` of a policy that is there is 400 with Azure's own message.

mod document;
mod place;

use http::{Method, StatusCode};
use serde_json::json;

use crate::call::Call;
use crate::error::GraphError;
use crate::odata::{self, Collection, Entity, Options, keyed};
use crate::reply::Reply;
use crate::request::{Key, Segment};

use document::Document;
pub use place::{Policies, PolicyError, Put, Upload};

/// `graph.md` 5: the size of a policy file.
const MOST: usize = 1024 * 1024;
/// What an upload may say that it is. Graph documents the first; the others are XML as well, and some clients say so.
const TYPES: [&str; 3] = ["application/xml", "text/xml", "application/octet-stream"];

const COLLECTION: Collection<'_> =
    Collection { path: "trustFramework/policies", context: "trustFramework/policies", filterable: &["id"] };

pub(super) fn answer(call: &Call<'_>, segments: &[Segment]) -> Result<Reply, GraphError> {
    match keyed(segments)? {
        (None, _) => collection(call),
        (Some(Key::AppId(id)), _) => Err(GraphError::bad_segment(&id)),
        (Some(Key::Id(id)), []) => single(call, &id),
        (Some(Key::Id(id)), [value]) if value.name.eq_ignore_ascii_case("$value") => content(call, &id),
        (Some(_), [beyond, ..]) => Err(GraphError::bad_segment(&beyond.name)),
    }
}

fn collection(call: &Call<'_>) -> Result<Reply, GraphError> {
    match *call.method() {
        Method::GET => {
            let ids = call.context.policies.list().map_err(|error| failure(call, "", error))?;
            COLLECTION.show(call, ids.iter().map(|id| shown(id)).collect())
        }
        Method::POST => create(call),
        _ => Err(GraphError::method("GET, POST")),
    }
}

fn single(call: &Call<'_>, id: &str) -> Result<Reply, GraphError> {
    match *call.method() {
        Method::GET => {
            let id = written_id(call, id)?;
            let options = Options::of_entity(call.request.query)?;
            let context = format!("trustFramework/policies{}/$entity", options.selection());
            Ok(Reply::ok(&odata::entity(call, &context, options.selected(shown(&id))?)))
        }
        Method::DELETE => {
            call.context.policies.delete(id).map_err(|error| failure(call, id, error))?;
            Ok(Reply::no_content())
        }
        _ => Err(GraphError::method("GET, DELETE")),
    }
}

/// `…/{id}/$value`
fn content(call: &Call<'_>, id: &str) -> Result<Reply, GraphError> {
    match *call.method() {
        Method::GET => {
            let text = call.context.policies.read(id).map_err(|error| failure(call, id, error))?;
            let text = text.ok_or_else(|| GraphError::not_found("policy", id))?;
            Ok(Reply::xml(StatusCode::OK, None, text))
        }
        Method::PUT => replace(call, id),
        _ => Err(GraphError::method("GET, PUT")),
    }
}

fn create(call: &Call<'_>) -> Result<Reply, GraphError> {
    let document = uploaded(call)?;
    let id = document.policy_id().ok_or_else(|| GraphError::policy("The file contains invalid XML".to_owned()))?;
    let (_, text) = store(call, &id, &document, Upload::Create)?;
    Ok(Reply::xml(StatusCode::CREATED, Some(format!("/trustFramework/policies/{id}/")), text))
}

fn replace(call: &Call<'_>, id: &str) -> Result<Reply, GraphError> {
    let document = uploaded(call)?;
    let own = document.policy_id();
    if let Some(own) = own.as_deref().filter(|own| !own.eq_ignore_ascii_case(id)) {
        let message = format!("the `PolicyId` of the file is `{}` and not `{id}`, which the URL names", shortened(own));
        return Err(GraphError::policy(message));
    }
    // A file without an id is judged like any other: it has a place to be judged for.
    let (put, text) = store(call, own.as_deref().unwrap_or(id), &document, Upload::CreateOrReplace)?;
    let status = if put == Put::Created { StatusCode::CREATED } else { StatusCode::OK };
    Ok(Reply::xml(status, None, text))
}

fn uploaded<'a>(call: &Call<'a>) -> Result<Document<'a>, GraphError> {
    call.accept_types(&TYPES)?;
    call.limit_body(MOST)?;
    Ok(Document::new(call.request.body))
}

/// Uploads a file, its `PublicPolicyUri` filled in, and gives what is kept.
fn store(call: &Call<'_>, id: &str, document: &Document<'_>, upload: Upload) -> Result<(Put, Vec<u8>), GraphError> {
    let tenant = call.tenant()?;
    let text = document.with_public_policy_uri(tenant.name(), id);
    let policies = call.context.policies;
    let put = policies.put(id, &text, upload).map_err(|error| failure(call, id, error))?;
    // What is kept may be in another encoding than what came.
    let kept = policies.read(id).map_err(|error| failure(call, id, error))?;
    Ok((put, kept.unwrap_or(text)))
}

/// The id of a policy as its file writes it.
fn written_id(call: &Call<'_>, id: &str) -> Result<String, GraphError> {
    let ids = call.context.policies.list().map_err(|error| failure(call, id, error))?;
    ids.into_iter().find(|it| it.eq_ignore_ascii_case(id)).ok_or_else(|| GraphError::not_found("policy", id))
}

fn shown(id: &str) -> Entity {
    [("id".to_owned(), json!(id))].into_iter().collect()
}

fn failure(call: &Call<'_>, id: &str, error: PolicyError) -> GraphError {
    let tenant = match call.tenant() {
        Ok(tenant) => tenant,
        Err(error) => return error,
    };
    match error {
        PolicyError::Invalid { messages } => refused(id, tenant.name(), &messages),
        PolicyError::Exists => {
            let tenant = tenant.name();
            let message = format!(
                "Tenant \"{tenant}\" already has a policy with id \"{id}\". Another policy with the same id cannot be stored"
            );
            refused(id, tenant, &[message])
        }
        PolicyError::NotFound => GraphError::not_found("policy", id),
        PolicyError::Inherited { by } => {
            let by = by.iter().take(10).map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
            GraphError::policy(format!("`{}` is the base of {by}: delete those first", shortened(id)))
        }
        PolicyError::Unavailable { detail } => GraphError::internal(detail),
    }
}

/// The envelope of a refused upload, literally: tools cut the messages out of it. The id is upper-cased here and nowhere
/// else, and the first message follows the period at once.
fn refused(id: &str, tenant: &str, messages: &[String]) -> GraphError {
    let (count, id) = (messages.len(), id.to_uppercase());
    let messages = messages.concat();
    GraphError::policy(format!(
        "Validation failed: {count} validation error(s) found in policy \"{id}\" of tenant \"{tenant}\".{messages}"
    ))
}

fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
