//! Sends the exchanges of one file, one after the other, to one tenant.

mod shelf;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::prelude::{BASE64_STANDARD, Engine};
use http::Method;
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;
use wayfarer_graph::{Context, Request, Response, answer};
use wayfarer_store::{Database, Documents, Folder, Secret, Tenant};

pub use shelf::Shelf;

pub const ROOT: &str = "https://localhost/graph";
pub const NOW: &str = "2026-03-01T12:00:00.75Z";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// A tenant of `fixtures/` to begin with; without one there are no apps.
    pub tenant: Option<String>,
    exchange: Vec<Exchange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    name: String,
    request: String,
    #[serde(default)]
    body: String,
    content_type: Option<String>,
    status: u16,
    answer: Option<String>,
    text: Option<String>,
    #[serde(default)]
    lacks: Vec<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    save: BTreeMap<String, String>,
    #[serde(default)]
    hides: Vec<String>,
}

/// A tenant somewhere, and what keeps it there.
pub struct Place {
    pub documents: Arc<dyn Documents>,
    _folder: TempDir,
}

/// One of each kind, with the same documents.
pub fn places(tenant: Option<&str>) -> Vec<Place> {
    vec![
        place(tenant, |it| Arc::new(Folder::new(it))),
        place(tenant, |it| Arc::new(Database::open_or_create(&it.join("tenant.sqlite")).unwrap())),
    ]
}

/// A tenant in a folder, with no apps.
pub fn folder() -> Place {
    place(None, |it| Arc::new(Folder::new(it)))
}

fn place(tenant: Option<&str>, kind: fn(&Path) -> Arc<dyn Documents>) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let documents = kind(folder.path());
    fill(&*documents, tenant);
    Place { documents, _folder: folder }
}

fn fill(documents: &dyn Documents, tenant: Option<&str>) {
    let mut change = documents.change().unwrap();
    match tenant {
        Some(tenant) => {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(tenant);
            for name in ["tenant.toml".to_owned()].into_iter().chain(names(&from, "apps")) {
                change.replace(&name, &std::fs::read_to_string(from.join(&name)).unwrap()).unwrap();
            }
        }
        None => {
            let text =
                "name = \"contoso.onmicrosoft.com\"\nid = \"aaaabbbb-0000-cccc-1111-dddd2222eeee\"\nhosts = [\"h\"]\n";
            change.replace("tenant.toml", text).unwrap();
        }
    }
    change.commit().unwrap();
}

fn names(from: &Path, folder: &str) -> Vec<String> {
    let files = std::fs::read_dir(from.join(folder)).unwrap();
    files.map(|it| format!("{folder}/{}", it.unwrap().file_name().to_str().unwrap())).collect()
}

/// Key files of the store's tests, in base64, by their names.
fn key_files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/src/keys/import/vectors");
    let file = |name: &str| (name.to_owned(), BASE64_STANDARD.encode(std::fs::read(folder.join(name)).unwrap()));
    ["modern.p12", "ec.p12", "rsa.crt", "rsa-public.key", "certificate-only.p12"].map(file).into()
}

/// Randomness that never repeats and is no secret.
pub fn random(bytes: &mut [u8]) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    for chunk in bytes.chunks_mut(8) {
        let mixed = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
        chunk.copy_from_slice(&mixed[..chunk.len()]);
    }
}

pub fn send(documents: &Arc<dyn Documents>, shelf: &Shelf, request: &Request<'_>) -> Response {
    let context = Context {
        documents,
        policies: shelf,
        root: ROOT,
        now: NOW.parse().unwrap(),
        passphrase: None,
        random: &random,
    };
    answer(request, &context)
}

pub fn run(file: &Path, script: &Script, place: &Place) {
    let mut run = Run {
        file,
        place,
        shelf: Shelf::default(),
        known: key_files(),
        hidden: vec![],
        secrets: vec![],
        now: Cell::new(""),
    };
    for exchange in &script.exchange {
        run.now.set(&exchange.name);
        run.exchange(exchange);
    }
    run.check_secrets();
}

struct Run<'a> {
    file: &'a Path,
    place: &'a Place,
    shelf: Shelf,
    /// What earlier answers said, by name.
    known: BTreeMap<String, String>,
    /// What no answer may hold from now on.
    hidden: Vec<String>,
    /// Every secret that was told.
    secrets: Vec<(String, String)>,
    now: Cell<&'a str>,
}

impl<'a> Run<'a> {
    fn place(&self) -> String {
        format!("{}: {}: {:?}", self.file.display(), self.now.get(), self.place.documents.place(""))
    }

    fn exchange(&mut self, exchange: &'a Exchange) {
        let request = self.filled(&exchange.request);
        let (method, url) = request.split_once(' ').unwrap();
        let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
        let body = self.filled(&exchange.body);
        let json = (!body.is_empty()).then_some("application/json");
        let content_type = exchange.content_type.as_deref().or(json).filter(|it| *it != "none");
        let request = Request {
            method: &Method::from_bytes(method.as_bytes()).unwrap(),
            path,
            query,
            content_type,
            client_request_id: Some("client-7"),
            body: body.as_bytes(),
        };
        self.hidden.extend(exchange.hides.iter().cloned());
        let response = send(&self.place.documents, &self.shelf, &request);
        self.check(exchange, &response);
    }

    fn check(&mut self, exchange: &Exchange, response: &Response) {
        let (place, text) = (self.place(), String::from_utf8(response.body().to_vec()).unwrap());
        assert_eq!(response.status().as_u16(), exchange.status, "{place}: {text}");
        assert_eq!(response.headers()["client-request-id"], "client-7", "{place}");
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        for (name, pointer) in &exchange.save {
            let value = answer.pointer(pointer).and_then(Value::as_str);
            let value = value.unwrap_or_else(|| panic!("{place}: no {pointer} in {answer:#}"));
            self.known.insert(name.clone(), value.to_owned());
        }
        for (name, expected) in &exchange.headers {
            assert_eq!(response.headers()[name.as_str()], self.filled(expected), "{place}: {name}");
        }
        if let Some(expected) = &exchange.text {
            assert_eq!(text, self.filled(expected), "{place}");
        }
        for hidden in &self.hidden {
            assert!(!text.contains(hidden.as_str()), "{place}: {hidden} is told");
        }
        for (_, secret) in &self.secrets {
            assert!(!text.contains(secret.as_str()), "{place}: a secret is told again");
        }
        if let Some(expected) = &exchange.answer {
            let expected: Value =
                serde_json::from_str(&self.filled(expected)).unwrap_or_else(|it| panic!("{place}: {it}"));
            assert_eq!(difference("", &answer, &expected), None, "{place}: {answer:#}");
        }
        for pointer in &exchange.lacks {
            assert!(answer.pointer(pointer).is_none_or(Value::is_null), "{place}: {pointer} in {answer:#}");
        }
        if let Some(secret) = answer["secretText"].as_str() {
            self.secrets.push((answer["keyId"].as_str().unwrap().to_owned(), secret.to_owned()));
        }
        let failed = response.status().is_server_error();
        assert_eq!(response.extensions().get::<wayfarer_graph::Detail>().is_some(), failed, "{place}");
    }

    fn filled(&self, text: &str) -> String {
        self.known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
    }

    /// What was told as a secret is recognised, and stands in no document.
    fn check_secrets(&self) {
        let documents = &*self.place.documents;
        let tenant = Tenant::open(Arc::clone(&self.place.documents)).unwrap();
        for (key_id, secret) in &self.secrets {
            let credentials = tenant.apps().iter().flat_map(|app| &app.password_credentials);
            let kept = credentials.into_iter().find(|it| it.key_id.to_string() == *key_id);
            if let Some(kept) = kept {
                assert!(tenant.present(&Secret::new(secret.as_str())).matches(kept.digest.as_ref()), "{key_id}");
            }
            for name in ["apps", "keys"].into_iter().flat_map(|it| documents.list(it).unwrap()) {
                assert!(!documents.read(&name).unwrap().unwrap().contains(secret.as_str()), "{name} has a secret");
            }
        }
    }
}

/// Where `answer` is not as `expected`: an object may have more members, a list is as long. `"*"` is any text, and a text
/// that begins with `~` stands somewhere in the other.
fn difference(path: &str, answer: &Value, expected: &Value) -> Option<String> {
    match (answer, expected) {
        (Value::String(_), Value::String(any)) if any == "*" => None,
        (Value::String(text), Value::String(part)) if part.starts_with('~') => {
            (!text.contains(&part[1..])).then(|| format!("{path}: {text} has no {part}"))
        }
        (Value::Object(answer), Value::Object(expected)) => expected.iter().find_map(|(name, value)| {
            let path = format!("{path}/{name}");
            match answer.get(name) {
                Some(found) => difference(&path, found, value),
                None => Some(format!("{path} is missing")),
            }
        }),
        (Value::Array(answer), Value::Array(expected)) if answer.len() == expected.len() => {
            let pairs = answer.iter().zip(expected).enumerate();
            pairs.into_iter().find_map(|(at, (answer, expected))| difference(&format!("{path}/{at}"), answer, expected))
        }
        _ => (answer != expected).then(|| format!("{path}: {answer} is not {expected}")),
    }
}
