//! A row of `rows/*.toml`, and the bytes that it sends.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) const TOKEN: &str = "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/oauth2/v2.0/token";
pub(super) const URLENCODED: &str = "application/x-www-form-urlencoded";

/// The secret holds every character that a careless client sends wrongly.
pub(super) const SECRET: &str = "daemon secret+&%41";

const GOOD: [(&str, &str); 4] = [
    ("grant_type", "client_credentials"),
    ("client_id", "00000000-0000-4000-8000-000000000002"),
    ("client_secret", SECRET),
    ("scope", "https://contoso.onmicrosoft.com/api/.default"),
];

/// One request and its answer; `rows/README.md` says what the keys mean.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Row {
    pub(super) name: String,
    method: Option<String>,
    path: Option<String>,
    query: Option<String>,
    set: BTreeMap<String, String>,
    drop: Vec<String>,
    append: String,
    body: Option<String>,
    latin1: bool,
    multipart: Option<Multipart>,
    pad_to: Option<usize>,
    count: usize,
    basic: Option<String>,
    headers: Vec<(String, String)>,
    content_type: Option<String>,
    pub(super) answer: String,
    pub(super) told: Option<String>,
    pub(super) scp: Option<String>,
    pub(super) aud: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Multipart {
    boundary: String,
    #[serde(default = "form_data")]
    disposition: String,
    #[serde(default)]
    preamble: String,
    #[serde(default)]
    epilogue: String,
}

fn form_data() -> String {
    "form-data".to_owned()
}

impl Row {
    /// A row of a request that is made elsewhere.
    pub(super) fn expecting(answer: &str, told: Option<&str>) -> Self {
        Self { answer: answer.to_owned(), told: told.map(str::to_owned), ..Self::default() }
    }

    pub(super) fn method(&self) -> &str {
        self.method.as_deref().unwrap_or("POST")
    }

    /// The whole request, byte by byte.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let body = self.body();
        let query = self.query.as_ref().map(|it| format!("?{it}")).unwrap_or_default();
        let mut head = format!(
            "{} {}{query} HTTP/1.1\r\nHost: localhost\r\n",
            self.method(),
            self.path.as_deref().unwrap_or(TOKEN)
        );
        let content_type = expanded(self.content_type.as_deref().unwrap_or(URLENCODED));
        let basic =
            self.basic.as_ref().map(|it| ("Authorization".to_owned(), format!("Basic {}", STANDARD.encode(it))));
        let content_type = Some(("Content-Type".to_owned(), content_type)).filter(|(_, it)| !it.is_empty());
        for (name, value) in content_type.iter().chain(&basic).chain(&self.headers) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()));
        [self.encoded(&head), body].concat()
    }

    fn body(&self) -> Vec<u8> {
        let parameters = self.parameters();
        let mut text = match (&self.body, &self.multipart) {
            (Some(body), _) => expanded(body),
            (None, Some(multipart)) => multipart.body(&parameters),
            (None, None) => form(&parameters),
        };
        text.push_str(&expanded(&self.append));
        if let Some(length) = self.pad_to {
            text.push_str("&padding=");
            text.push_str(&"x".repeat(length - text.len()));
        }
        self.encoded(&text)
    }

    fn parameters(&self) -> Vec<(String, String)> {
        let credentials = ["client_id", "client_secret"];
        let given = |name: &str| self.set.contains_key(name);
        let dropped = |name: &str| {
            let in_header = self.basic.is_some() && credentials.contains(&name);
            !given(name) && (in_header || self.drop.iter().any(|it| it == name))
        };
        let good = GOOD.iter().filter(|(name, _)| !dropped(name));
        let good = good.map(|(name, value)| (*name, self.set.get(*name).map_or(*value, String::as_str)));
        let more = self.set.iter().filter(|(name, _)| GOOD.iter().all(|(it, _)| it != name));
        let all = good.chain(more.map(|(name, value)| (name.as_str(), value.as_str())));
        let mut all: Vec<(String, String)> = all.map(|(name, value)| (name.to_owned(), expanded(value))).collect();
        all.extend((all.len()..self.count).map(|at| (format!("p{at}"), String::new())));
        all
    }

    fn encoded(&self, text: &str) -> Vec<u8> {
        match self.latin1 {
            true => text.chars().map(|it| u8::try_from(it).expect("a character of Latin-1")).collect(),
            false => text.as_bytes().to_vec(),
        }
    }
}

impl Multipart {
    fn body(&self, parameters: &[(String, String)]) -> String {
        let Self { disposition, preamble, epilogue, .. } = self;
        let boundary = expanded(&self.boundary);
        let part = |(name, value): &(String, String)| {
            format!("--{boundary}\r\nContent-Disposition: {disposition}; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        format!("{preamble}{}--{boundary}--\r\n{epilogue}", parameters.iter().map(part).collect::<String>())
    }
}

pub(super) fn form(parameters: &[(String, String)]) -> String {
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    pairs.join("&")
}

/// The good request of the app `daemon`, with these parameters beside its own.
pub(super) fn good_form(more: &[(&str, &str)]) -> String {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    form(&GOOD.iter().chain(more).map(own).collect::<Vec<_>>())
}

fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// `{60000}` is so many letters, `{10000 scopes}` so many scopes of one resource.
pub(super) fn expanded(text: &str) -> String {
    let Some((before, rest)) = text.split_once('{') else { return text.to_owned() };
    let Some((inside, after)) = rest.split_once('}') else { return text.to_owned() };
    let number = |digits: &str| digits.parse::<usize>().ok();
    let long = match inside.strip_suffix(" scopes") {
        Some(digits) => number(digits).map(|it| (0..it).map(|at| format!("x/{at:x}")).collect::<Vec<_>>().join(" ")),
        None => number(inside).map(|it| "x".repeat(it)),
    };
    match long {
        Some(long) => format!("{before}{long}{}", expanded(after)),
        None => text.to_owned(),
    }
}
