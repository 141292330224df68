//! `addPassword` and `removePassword`. The secret is in the answer to the first, and nowhere else ever.

use http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use wayfarer_store::{EditError, Guid, Lifetime};

use crate::call::Call;
use crate::error::GraphError;
use crate::reply::Reply;
use crate::request::Key;

pub(super) fn add(call: &Call<'_>, key: &Key) -> Result<Reply, GraphError> {
    if call.method() != Method::POST {
        return Err(GraphError::method("POST"));
    }
    let mut tenant = call.tenant()?;
    let app_id = super::find(&tenant, key)?.app_id.to_string();
    let body = call.body()?;
    let wanted = Wanted::of(&body)?;
    let lifetime = Lifetime::new(wanted.start, wanted.end, call.context.now)?;
    let name = wanted.display_name.as_deref();
    let made = call.with_random(|random| tenant.add_secret_for(&app_id, name, lifetime, random))?;
    Ok(Reply::ok(&json!({
        "@odata.context": call.url("$metadata#microsoft.graph.passwordCredential"),
        "customKeyIdentifier": null,
        "endDateTime": made.end.to_string(),
        "keyId": made.key_id,
        "startDateTime": made.start.to_string(),
        "secretText": made.secret_text.expose(),
        "hint": made.hint,
        "displayName": name
    })))
}

pub(super) fn remove(call: &Call<'_>, key: &Key) -> Result<Reply, GraphError> {
    if call.method() != Method::POST {
        return Err(GraphError::method("POST"));
    }
    let mut tenant = call.tenant()?;
    let app_id = super::find(&tenant, key)?.app_id;
    let body = call.body()?;
    if let Some(unknown) = body.keys().find(|name| *name != "keyId" && !name.contains('@')) {
        return Err(invalid(unknown, "is not known here"));
    }
    let key_id = body.get("keyId").and_then(Value::as_str).and_then(|it| it.parse::<Guid>().ok());
    let key_id = key_id.ok_or_else(|| invalid("keyId", "must be the GUID of a password credential"))?;
    // A missing credential is a wrong value, as the object that the URL names is there. Graph's status is not documented.
    tenant.remove_secret(app_id, key_id).map_err(|error| match error {
        EditError::Missing { .. } => invalid("keyId", "is none of this application's password credentials"),
        other => other.into(),
    })?;
    Ok(Reply::no_content())
}

/// What a client may say of a secret that is to be made.
struct Wanted {
    display_name: Option<String>,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl Wanted {
    fn of(body: &Map<String, Value>) -> Result<Self, GraphError> {
        if let Some(unknown) = body.keys().find(|name| *name != "passwordCredential" && !name.contains('@')) {
            return Err(invalid(unknown, "is not known here: send `passwordCredential`"));
        }
        let nothing = Map::new();
        let credential = match body.get("passwordCredential") {
            None | Some(Value::Null) => &nothing,
            Some(Value::Object(credential)) => credential,
            Some(_) => return Err(invalid("passwordCredential", "must be an object")),
        };
        let settable = ["displayName", "startDateTime", "endDateTime"];
        // Clients that send whole objects send the rest as `null`.
        let refused = |(name, value): &(&String, &Value)| {
            !settable.contains(&name.as_str()) && !name.contains('@') && !value.is_null()
        };
        if let Some((name, _)) = credential.iter().find(refused) {
            return Err(invalid(&format!("passwordCredential.{name}"), "can't be set"));
        }
        let display_name = match credential.get("displayName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name.clone()),
            Some(_) => return Err(invalid("passwordCredential.displayName", "must be a text")),
        };
        Ok(Self { display_name, start: time(credential, "startDateTime")?, end: time(credential, "endDateTime")? })
    }
}

fn time(credential: &Map<String, Value>, member: &str) -> Result<Option<Timestamp>, GraphError> {
    let Some(value) = credential.get(member).filter(|it| !it.is_null()) else { return Ok(None) };
    let time = value.as_str().and_then(|it| it.parse().ok());
    let problem = "must be a time such as `2027-01-31T00:00:00Z`";
    time.map(Some).ok_or_else(|| invalid(&format!("passwordCredential.{member}"), problem))
}

fn invalid(member: &str, problem: &str) -> GraphError {
    let member: String = member.chars().take(200).collect();
    GraphError::bad_request(format!("`{member}` {problem}")).with_details("InvalidValue", member)
}
