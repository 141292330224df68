//! What comes into a keyset: generated here, or uploaded. A message never repeats what was uploaded.

use base64::prelude::{BASE64_STANDARD, Engine};
use jiff::Timestamp;
use serde_json::{Map, Value};
use wayfarer_store::{
    ImportedKey, Key, KeySetError, KeySize, KeyType, KeyUse, Secret, Validity, import_certificate, import_keys,
};
use zeroize::Zeroizing;

use super::{invalid, only};
use crate::error::GraphError;

/// No password or API key is longer; all keys of a keyset stand in one file.
const LONGEST_SECRET: usize = 64 * 1024;

/// Makes a key out of the parameters of an action.
pub(super) type Make = fn(&Map<String, Value>, Timestamp) -> Result<Key, GraphError>;

/// The action of that name, which is given in lower case.
pub(super) fn action(name: &str) -> Option<Make> {
    match name {
        "generatekey" => Some(generate),
        "uploadsecret" => Some(secret),
        "uploadcertificate" => Some(certificate),
        "uploadpkcs12" => Some(pkcs12),
        _ => None,
    }
}

fn generate(body: &Map<String, Value>, now: Timestamp) -> Result<Key, GraphError> {
    only(body, &["use", "kty", "nbf", "exp"])?;
    let (usage, validity) = (usage(body)?, validity(body)?);
    let kty = body.get("kty").and_then(Value::as_str).unwrap_or_default();
    let key = match kty.to_ascii_uppercase().as_str() {
        "RSA" => Key::generate(KeySize::Rsa2048, usage, validity, now),
        "OCT" => Key::generate_secret(usage, validity, now),
        _ => return Err(invalid("kty", "must be `RSA` or `oct`")),
    };
    key.map_err(refused)
}

fn secret(body: &Map<String, Value>, now: Timestamp) -> Result<Key, GraphError> {
    only(body, &["use", "k", "nbf", "exp"])?;
    let (usage, validity) = (usage(body)?, validity(body)?);
    let secret = body.get("k").and_then(Value::as_str).filter(|it| !it.is_empty() && it.len() <= LONGEST_SECRET);
    let secret = secret.ok_or_else(|| invalid("k", "must be the secret, a text of at most 64 KB"))?;
    Key::secret(secret.as_bytes(), usage, validity, now).map_err(refused)
}

fn certificate(body: &Map<String, Value>, now: Timestamp) -> Result<Key, GraphError> {
    only(body, &["key"])?;
    let file = file(body)?;
    let imported = import_certificate(&file).map_err(|error| invalid("key", &error.to_string()))?;
    imported.into_key(KeyUse::Signature, now).map_err(refused)
}

fn pkcs12(body: &Map<String, Value>, now: Timestamp) -> Result<Key, GraphError> {
    only(body, &["key", "password"])?;
    let password = match body.get("password") {
        None | Some(Value::Null) => None,
        Some(Value::String(password)) => Some(Secret::new(password.as_str())),
        Some(_) => return Err(invalid("password", "must be a text")),
    };
    let imported = import_keys(&file(body)?, password.as_ref()).map_err(|error| invalid("key", &error.to_string()))?;
    let [key] = <[ImportedKey; 1]>::try_from(imported)
        .map_err(|all| invalid("key", &format!("holds {} keys: upload one at a time", all.len())))?;
    key.into_key(KeyUse::Signature, now).map_err(refused)
}

/// A JWK with its private members, as `keys` of a keyset has it. `Err` says what is wrong with it.
pub(super) fn jwk(jwk: &Value, now: Timestamp) -> Result<Key, String> {
    let text = Zeroizing::new(if jwk.is_object() { jwk.to_string() } else { String::new() });
    let imported = import_keys(text.as_bytes(), None).map_err(|error| error.to_string())?;
    let [imported] = <[ImportedKey; 1]>::try_from(imported).map_err(|_| "must be one JWK".to_owned())?;
    let usual = if imported.kty() == KeyType::Rsa { KeyUse::Signature } else { KeyUse::Encryption };
    let usage = imported.usage().unwrap_or(usual);
    let mut key = imported.into_key(usage, now).map_err(|error| error.to_string())?;
    key.enabled = match jwk["status"].as_str() {
        None | Some("enabled") => true,
        Some("disabled") => false,
        Some(_) => return Err("has a `status` that is neither `enabled` nor `disabled`".to_owned()),
    };
    Ok(key)
}

/// The bytes that `key` has in base64, however its lines are broken.
fn file(body: &Map<String, Value>) -> Result<Zeroizing<Vec<u8>>, GraphError> {
    let text = body.get("key").and_then(Value::as_str).unwrap_or_default();
    let text: Zeroizing<String> = Zeroizing::new(text.split_ascii_whitespace().collect());
    let file = BASE64_STANDARD.decode(text.as_bytes()).ok().filter(|it| !it.is_empty());
    file.map(Zeroizing::new).ok_or_else(|| invalid("key", "must be the content of the file in base64"))
}

fn usage(body: &Map<String, Value>) -> Result<KeyUse, GraphError> {
    match body.get("use").and_then(Value::as_str) {
        Some("sig") => Ok(KeyUse::Signature),
        Some("enc") => Ok(KeyUse::Encryption),
        _ => Err(invalid("use", "must be `sig` or `enc`")),
    }
}

fn validity(body: &Map<String, Value>) -> Result<Validity, GraphError> {
    Ok(Validity { nbf: date(body, "nbf")?, exp: date(body, "exp")? })
}

/// A NumericDate (RFC 7519 §2), whole seconds.
fn date(body: &Map<String, Value>, member: &str) -> Result<Option<i64>, GraphError> {
    let Some(value) = body.get(member).filter(|it| !it.is_null()) else { return Ok(None) };
    let date = value.as_i64().filter(|it| Timestamp::from_second(*it).is_ok() && *it >= 0);
    date.map(Some).ok_or_else(|| invalid(member, "must be a time in seconds since 1970"))
}

fn refused(error: KeySetError) -> GraphError {
    super::failure(error.into())
}
