//! `trustFramework/keySets`: policy keys. Source: `graph.md` 3, the pages of "trustFrameworkKeySet" and "trustFrameworkKey".
//!
//! Private parts go in and never come out: `k` is always `null`, and `d`, `p`, `q` … are in no answer. Not documented, and
//! decided here: a keyset that is there already is 409 `Conflict`; a keyset without an active key has none to get, 404.

mod key;
mod upload;

use http::Method;
use serde_json::{Map, Value};
use wayfarer_store::{KeyError, KeySet, KeySetError, KeyStatus, KeyStore};

use crate::call::Call;
use crate::error::GraphError;
use crate::odata::{self, Collection, Entity, Options, keyed};
use crate::reply::Reply;
use crate::request::{Key, Segment};

const COLLECTION: Collection<'_> =
    Collection { path: "trustFramework/keySets", context: "trustFramework/keySets", filterable: &["id"] };

/// What every container's name begins with.
const PREFIX: &str = "B2C_1A_";

pub(super) fn answer(call: &Call<'_>, segments: &[Segment]) -> Result<Reply, GraphError> {
    let (key, rest) = keyed(segments)?;
    let id = match key {
        None => return collection(call),
        Some(Key::AppId(id)) => return Err(GraphError::bad_segment(&id)),
        Some(Key::Id(id)) => id,
    };
    match rest {
        [] => single(call, &id),
        [first, ..] if first.name.eq_ignore_ascii_case("keys_v2") => keys(call, &id, rest),
        [action] => act(call, &id, action),
        [_, beyond, ..] => Err(GraphError::bad_segment(&beyond.name)),
    }
}

fn collection(call: &Call<'_>) -> Result<Reply, GraphError> {
    match *call.method() {
        Method::GET => {
            let store = store(call);
            let sets = store.containers()?.into_iter().map(|it| store.get(&it));
            let sets = sets.collect::<Result<Vec<_>, _>>()?;
            // One may go while the list is read.
            COLLECTION.show(call, sets.iter().flatten().map(shown).collect())
        }
        Method::POST => create(call),
        _ => Err(GraphError::method("GET, POST")),
    }
}

fn create(call: &Call<'_>) -> Result<Reply, GraphError> {
    let (body, store) = (call.body()?, store(call));
    only(&body, &["id", "keys"])?;
    let id = body.get("id").and_then(Value::as_str).filter(|it| !it.is_empty());
    let id = prefixed(id.ok_or_else(|| invalid("id", "must be given"))?);
    let keys = with_keys(call, KeySet::new(id.clone()), &body)?;
    // Some places don't tell cases apart, so no two names differ by that alone.
    if store.containers()?.iter().any(|it| it.eq_ignore_ascii_case(&id)) {
        return Err(conflict(&id));
    }
    store.create(&keys).map_err(|error| match error {
        KeyError::Exists { container } => conflict(&container),
        KeyError::Container { .. } => invalid("id", "is no name of a keyset: letters, digits, `_` and `-` are"),
        other => failure(other),
    })?;
    let location = format!("/trustFramework/keySets('{id}')");
    Ok(Reply::created(location, &entity(call, &keys, &Options::default())?))
}

fn single(call: &Call<'_>, id: &str) -> Result<Reply, GraphError> {
    let (store, found) = (store(call), find(call, id)?);
    match *call.method() {
        Method::GET => {
            let options = Options::of_entity(call.request.query)?;
            Ok(Reply::ok(&entity(call, &found, &options)?))
        }
        Method::PUT => {
            let body = call.body()?;
            only(&body, &["id", "keys"])?;
            let named = body.get("id").filter(|it| !it.is_null());
            if named.is_some_and(|it| it.as_str().is_none_or(|it| !prefixed(it).eq_ignore_ascii_case(id))) {
                return Err(invalid("id", "is not the keyset that the URL names"));
            }
            let new = with_keys(call, KeySet::new(found.container()), &body)?;
            let replaced = new.clone();
            let change = |keys: &mut KeySet| {
                *keys = replaced;
                Ok(())
            };
            store.change(found.container(), change).map_err(failure)?;
            Ok(Reply::ok(&entity(call, &new, &Options::default())?))
        }
        Method::DELETE => {
            store.remove(found.container()).map_err(failure)?;
            Ok(Reply::no_content())
        }
        _ => Err(GraphError::method("GET, PUT, DELETE")),
    }
}

/// `…/{id}/generateKey` and its like.
fn act(call: &Call<'_>, id: &str, segment: &Segment) -> Result<Reply, GraphError> {
    let action = odata::action(segment);
    if action == "getactivekey" {
        return active(call, id);
    }
    let make = upload::action(&action).ok_or_else(|| GraphError::bad_segment(&segment.name))?;
    if call.method() != Method::POST {
        return Err(GraphError::method("POST"));
    }
    let found = find(call, id)?;
    // Made before the keyset is taken: making an RSA key takes a while, and others wait for the tenant.
    let new = make(&call.body()?, call.context.now)?;
    let shown = key::shown(&new);
    store(call).change(found.container(), |keys| keys.add(new)).map_err(failure)?;
    Ok(Reply::ok(&odata::entity(call, key::CONTEXT, shown)))
}

fn active(call: &Call<'_>, id: &str) -> Result<Reply, GraphError> {
    if call.method() != Method::GET {
        return Err(GraphError::method("GET"));
    }
    let keys = find(call, id)?;
    let active = keys.active_of_any_kind(call.context.now);
    let active = active.ok_or_else(|| GraphError::not_found("active key in the keyset", keys.container()))?;
    Ok(Reply::ok(&odata::entity(call, key::CONTEXT, key::shown(active))))
}

/// `…/{id}/keys_v2` and `…/{id}/keys_v2/{kid}`
fn keys(call: &Call<'_>, id: &str, segments: &[Segment]) -> Result<Reply, GraphError> {
    let keys = find(call, id)?;
    let (kid, rest) = keyed(segments)?;
    if let Some(beyond) = rest.first() {
        return Err(GraphError::bad_segment(&beyond.name));
    }
    let context = format!("trustFramework/keySets('{}')/keys_v2", keys.container());
    match (kid, call.method()) {
        (None, &Method::GET) => {
            let path = format!("trustFramework/keySets/{}/keys_v2", keys.container());
            let collection = Collection { path: &path, context: &context, filterable: &["kid"] };
            collection.show(call, keys.keys().iter().map(key::shown).collect())
        }
        (None, _) => Err(GraphError::method("GET")),
        (Some(Key::AppId(kid)), _) => Err(GraphError::bad_segment(&kid)),
        (Some(Key::Id(kid)), &Method::GET) => {
            let found = keys.keys().iter().find(|it| it.kid == kid);
            let found = found.ok_or_else(|| GraphError::not_found("key", &kid))?;
            Ok(Reply::ok(&odata::entity(call, &format!("{context}/$entity"), key::shown(found))))
        }
        (Some(Key::Id(kid)), &Method::PATCH) => set_status(call, &keys, &kid),
        (Some(_), _) => Err(GraphError::method("GET, PATCH")),
    }
}

fn set_status(call: &Call<'_>, keys: &KeySet, kid: &str) -> Result<Reply, GraphError> {
    let body = call.body()?;
    only(&body, &["status"])?;
    let status = match body.get("status").and_then(Value::as_str) {
        Some("enabled") => KeyStatus::Enabled,
        Some("disabled") => KeyStatus::Disabled,
        _ => return Err(invalid("status", "must be `enabled` or `disabled`")),
    };
    let change = |keys: &mut KeySet| keys.set_status(kid, status);
    store(call).change(keys.container(), change).map_err(failure)?;
    Ok(Reply::no_content())
}

fn store(call: &Call<'_>) -> KeyStore {
    KeyStore::new(std::sync::Arc::clone(call.context.documents)).with_passphrase(call.context.passphrase.cloned())
}

/// The keyset of that id, compared without regard to case as all of Graph's paths are.
fn find(call: &Call<'_>, id: &str) -> Result<KeySet, GraphError> {
    let store = store(call);
    let container = store.containers()?.into_iter().find(|it| it.eq_ignore_ascii_case(id));
    let keys = container.map(|it| store.get(&it)).transpose()?.flatten();
    keys.ok_or_else(|| GraphError::not_found("keyset", id))
}

/// The service adds the prefix where it is missing.
fn prefixed(id: &str) -> String {
    match id.split_at_checked(PREFIX.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(PREFIX) => format!("{PREFIX}{rest}"),
        _ => format!("{PREFIX}{id}"),
    }
}

/// The keyset with the JWKs that a body has under `keys`.
fn with_keys(call: &Call<'_>, mut set: KeySet, body: &Map<String, Value>) -> Result<KeySet, GraphError> {
    let keys = match body.get("keys") {
        None | Some(Value::Null) => return Ok(set),
        Some(Value::Array(keys)) => keys,
        Some(_) => return Err(invalid("keys", "must be a list")),
    };
    for (at, jwk) in keys.iter().enumerate() {
        let key = upload::jwk(jwk, call.context.now).map_err(|problem| invalid(&format!("keys[{at}]"), &problem))?;
        set.add(key).map_err(|error| failure(error.into()))?;
    }
    Ok(set)
}

fn shown(keys: &KeySet) -> Entity {
    let list: Vec<Value> = keys.keys().iter().map(|it| Value::from(key::shown(it))).collect();
    [("id".to_owned(), Value::from(keys.container())), ("keys".to_owned(), list.into())].into_iter().collect()
}

fn entity(call: &Call<'_>, keys: &KeySet, options: &Options) -> Result<Value, GraphError> {
    let context = format!("trustFramework/keySets{}/$entity", options.selection());
    Ok(odata::entity(call, &context, options.selected(shown(keys))?))
}

fn only(body: &Map<String, Value>, known: &[&str]) -> Result<(), GraphError> {
    let unknown = body.keys().find(|name| !known.contains(&name.as_str()) && !name.contains('@'));
    unknown.map_or(Ok(()), |name| Err(invalid(name, "is not known here")))
}

fn conflict(id: &str) -> GraphError {
    GraphError::conflict("Conflict", format!("there is a keyset `{id}` already"))
}

fn invalid(member: &str, problem: &str) -> GraphError {
    let member: String = member.chars().take(200).collect();
    GraphError::bad_request(format!("`{member}` {problem}")).with_details("InvalidValue", member)
}

/// What the store says of a change. A keyset that can't be opened or written is nothing that the client could mend.
fn failure(error: KeyError) -> GraphError {
    let message = error.to_string();
    match error {
        KeyError::Unknown { container } => GraphError::not_found("keyset", &container),
        KeyError::KeySet(error) => match error {
            KeySetError::Unknown { kid, .. } => GraphError::not_found("key", &kid),
            KeySetError::Exists { .. }
            | KeySetError::Full { .. }
            | KeySetError::Large { .. }
            | KeySetError::OtherKind { .. }
            | KeySetError::Validity { .. } => GraphError::bad_request(message),
            _ => GraphError::internal(message),
        },
        _ => GraphError::internal(message),
    }
}
