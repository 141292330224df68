//! S2: secrets stay in their files. A tenant is set up with secrets that can be found again, the service is asked in every
//! way that carries one, its files are broken where a secret stands, and then everything is searched that it wrote.

use super::raw::exchange;
use super::{CLIENT, FORM, SECRET, TOKEN, URLENCODED, report};
use crate::http::{ClosedPort, Script, Scripted, post, post_form};
use crate::sandbox::{Sandbox, Server, root};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What must be found nowhere: a name, and the bytes.
type Marker = (String, Vec<u8>);

fn marker(name: &str) -> String {
    format!("canary-{name}-4711")
}

/// A tenant of the fixture's names with a secret of its own: two files and keys.
struct Prepared {
    sandbox: Sandbox,
    tenant: String,
    markers: Vec<Marker>,
}

fn policies(sandbox: &Sandbox) -> String {
    let from = root().join("policies/client-credentials-rest");
    for file in ["TrustFrameworkBase.xml", "TrustFrameworkExtensions.xml", "ClientCredentials.xml"] {
        let text = fs::read_to_string(from.join(file)).expect("a policy");
        let keys = "</Metadata><CryptographicKeys><Key Id=\"BasicAuthenticationUsername\" StorageReferenceId=\"B2C_1A_RestUser\" /><Key Id=\"BasicAuthenticationPassword\" StorageReferenceId=\"B2C_1A_RestPassword\" /></CryptographicKeys><InputClaims>";
        let text = match file {
            "TrustFrameworkExtensions.xml" => {
                let basic = text.replace("AuthenticationType\">None", "AuthenticationType\">Basic");
                let (start, end) = basic.split_once("</Metadata>").expect("the metadata");
                format!("{start}{keys}{}", end.split_once("<InputClaims>").expect("claims").1)
            }
            _ => text,
        };
        sandbox.write(&format!("policies/{file}"), text);
    }
    sandbox.path("policies").display().to_string()
}

impl Prepared {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let tenant = sandbox.tenant("contoso");
        let mut markers = vec![(SECRET.to_owned(), SECRET.into())];
        for (container, name) in [("B2C_1A_RestUser", "rest-user"), ("B2C_1A_RestPassword", "rest-password")] {
            let set = ["key", "set-secret", container, "--tenant", &tenant];
            sandbox.wayfarer_reading(&set, &marker(name)).fine();
            markers.push((name.to_owned(), marker(name).into()));
        }
        let added = sandbox.wayfarer(&["app", "--tenant", &tenant, "--format", "json", "add-secret", CLIENT]);
        let secret = added.json()["secretText"].as_str().expect("a secret").to_owned();
        markers.push(("a client's secret".to_owned(), secret.into()));
        Self { sandbox, tenant, markers }
    }

    /// The secret that was made, as a client presents it.
    fn secret(&self) -> String {
        String::from_utf8(self.markers.last().expect("a secret").1.clone()).expect("text")
    }

    /// Adds what is in the secret files by now: the pepper, the private key in its forms.
    fn with_files(&self) -> Vec<Marker> {
        let mut all = self.markers.clone();
        for file in files(&self.sandbox.path("contoso/keys")) {
            let text = fs::read_to_string(&file).unwrap_or_default();
            let longest =
                text.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=_-".contains(c))).max_by_key(|it| it.len());
            let longest = longest.filter(|it| it.len() >= 32).unwrap_or_default();
            let name = file.display().to_string();
            if let Ok(bytes) = BASE64_STANDARD.decode(longest) {
                all.extend(
                    bytes
                        .get(bytes.len() / 2..bytes.len() / 2 + 16)
                        .map(|it| (format!("bytes of {name}"), it.to_vec())),
                );
            }
            // The middle of a private key is not in its public half.
            let middle = longest.get(longest.len() / 2..longest.len() / 2 + 16);
            all.extend(middle.map(|it| (name, it.as_bytes().to_vec())));
        }
        for name in PRESENTED {
            all.push((name.to_owned(), marker(name).into()));
            all.push((format!("{name} in Base64"), BASE64_STANDARD.encode(marker(name)).into()));
        }
        // The start of every token.
        all.push(("a token".to_owned(), b"eyJhbGciOi".to_vec()));
        all
    }
}

/// Secrets that clients send, right or wrong.
const PRESENTED: [&str; 10] =
    ["body", "basic", "query", "header", "bearer", "cookie", "assertion", "multipart", "json", "url"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().flat_map(|it| if it.path().is_dir() { files(&it.path()) } else { vec![it.path()] }).collect()
}

fn find<'m>(bytes: &[u8], markers: &'m [Marker]) -> Vec<&'m str> {
    let is_in =
        |(_, marker): &&Marker| !marker.is_empty() && bytes.windows(marker.len()).any(|it| it == marker.as_slice());
    markers.iter().filter(is_in).map(|(name, _)| name.as_str()).collect()
}

/// Every way in which a client may show a secret, right and wrong ones; gives all answers but the tokens.
fn present(server: &Server, token: &str, secret: &str) -> String {
    let host = ("Host", "localhost");
    let form = FORM.replace(SECRET, secret);
    let wrong = |name: &str| FORM.replace(SECRET, &marker(name));
    let without = FORM.replace(&format!("&client_secret={SECRET}"), "");
    let basic = |secret: &str| format!("Basic {}", BASE64_STANDARD.encode(format!("{CLIENT}:{secret}")));
    let mut answers = Vec::new();
    let mut ask = |path: &str, headers: &[(&str, &str)], body: &str| {
        answers.push(post(
            &server.address,
            path,
            &[&[host, ("Content-Type", URLENCODED)], headers].concat(),
            body.as_bytes(),
        ));
    };
    ask(token, &[], &wrong("body"));
    ask(token, &[("Authorization", &basic(&marker("basic")))], &without.replace(&format!("client_id={CLIENT}&"), ""));
    ask(token, &[("Authorization", &basic(secret))], &form);
    ask(&format!("{token}?client_secret={}", marker("query")), &[], &without);
    ask(
        &format!("/contoso.onmicrosoft.com/{}/oauth2/v2.0/token?client_secret={}", marker("query"), marker("query")),
        &[],
        &form,
    );
    let (header, bearer, cookie) =
        (marker("header"), format!("Bearer {}", marker("bearer")), format!("a={}", marker("cookie")));
    let headers =
        [("X-Api-Key", header.as_str()), ("X-Forwarded-For", &header), ("Cookie", &cookie), ("Origin", &header)];
    ask(token, &headers, &wrong("body"));
    ask(token, &[("Authorization", &bearer)], &without);
    ask(token, &[("Authorization", &format!("Basic {}", marker("basic")))], &without);
    let assertion = marker("assertion");
    let jwt_bearer = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    ask(token, &[], &format!("{without}&client_assertion_type={jwt_bearer}&client_assertion={assertion}"));
    ask(token, &[], &format!("{form}&client_secret={}", marker("body")));
    ask(token, &[], &format!("{form}&X={}", marker("body")));
    ask(token, &[], &format!("{}%00%ff", wrong("body")));
    answers.push(post(
        &server.address,
        token,
        &[host, ("Content-Type", "application/json")],
        json(&marker("json")).as_bytes(),
    ));
    let multipart = [host, ("Content-Type", "multipart/form-data; boundary=b")];
    let part =
        format!("--b\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\n{}\r\n", marker("multipart"));
    answers.push(post(&server.address, token, &multipart, part.as_bytes()));
    answers.push(post(&server.address, token, &multipart, format!("{part}--b--\r\n").as_bytes()));
    let mut text: Vec<String> = answers.iter().filter(|it| it.status != 200).map(|it| format!("{it:?}")).collect();
    assert!(text.len() >= 12, "{text:#?}");
    let url = format!(
        "GET http://user:{}@localhost/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        marker("url")
    );
    text.push(exchange(&server.address, &[url.as_bytes()]).text);
    text.join("\n")
}

fn json(secret: &str) -> String {
    format!("{{\"grant_type\":\"client_credentials\",\"client_secret\":\"{secret}\"}}")
}

/// Breaks what is read again while the service runs, each time where a secret stands.
fn break_files(prepared: &Prepared, server: &Server) {
    let original = |name: &str| fs::read_to_string(prepared.sandbox.path(name)).expect("a file");
    let app = "contoso/apps/ClientCredentials_app.wayfarer.toml";
    let key = "contoso/keys/B2C_1A_TokenSigningKeyContainer.json";
    let manifest = "contoso/apps/ClientCredentials_app.json";
    let pepper = "contoso/keys/client-secrets.pepper";
    let secret = format!("development_secret = \"{SECRET}\"");
    for (name, from, to) in [
        (app, secret.as_str(), format!("{secret} x")),
        (app, &secret, format!("development_secret = [\"{SECRET}\"]")),
        (app, &secret, format!("developmental_secret = \"{SECRET}\"")),
        (app, &secret, format!("{secret}\n{secret}")),
        (app, "[[secrets]]", format!("secrets = \"{SECRET}\"\n[[secret]]")),
        (manifest, "\"passwordCredentials\": [", format!("\"passwordCredentials\": \"{SECRET}\", \"x\": [")),
        (manifest, "\"value\": null", format!("\"value\": [\"{SECRET}\"]")),
        (key, "\"pkcs8\": \"", "\"pkcs8\": \"*".to_owned()),
        (key, "\"pkcs8\"", "\"pkcs9\"".to_owned()),
        (key, "\"enabled\"", "\"enabled\"".to_owned()),
        (pepper, "", "*".to_owned()),
    ] {
        let text = original(name);
        let broken = if from.is_empty() { format!("{to}{text}") } else { text.replacen(from, &to, 1) };
        let before = server.log().len();
        fs::write(prepared.sandbox.path(name), broken).expect("the file");
        super::wait_until(Duration::from_secs(4), || server.log().len() > before);
        fs::write(prepared.sandbox.path(name), text).expect("the file");
    }
}

#[test]
fn s2_no_secret_is_in_what_the_service_writes() {
    let prepared = Prepared::new();
    let sandbox = &prepared.sandbox;
    let policies = policies(sandbox);
    let echo = format!("{{\"customerId\":\"{}\"}}", "C-1");
    let api = Scripted::start(Script::new("200 OK", "application/json", echo));
    let rest = format!("TokenAugmentation=http://{}/", api.address);
    let arguments = [&policies, "policies/client-credentials", "--tenant", &prepared.tenant, "--rest", &rest];
    let mut server = sandbox.serve_in(&[("WAYFARER_LOOK", "at me")], &arguments);
    let token = TOKEN.replace("B2C_1A_ClientCredentials", "B2C_1A_ClientCredentialsRest");
    let secret = prepared.secret();
    // The secrets are the right ones, and the API was shown its own.
    post_form(&server.address, &token, "localhost", FORM).token();
    post_form(&server.address, &token, "localhost", &FORM.replace(SECRET, &secret)).token();
    let user = BASE64_STANDARD.encode(format!("{}:{}", marker("rest-user"), marker("rest-password")));
    assert!(api.asked()[0].head.contains(&user), "{:?}", api.asked());

    let mut answers = present(&server, &token, &secret) + &present(&server, TOKEN, &secret);
    break_files(&prepared, &server);
    answers += &present(&server, &token, &secret);
    let markers = prepared.with_files();
    assert!(markers.len() >= 25, "{} markers", markers.len());
    assert_eq!(find(answers.as_bytes(), &markers), Vec::<&str>::new(), "in the answers");
    search_process(&server, &markers);
    server.kill();
    let (stdout, log) = (server.rest_of_stdout(), server.log());
    assert!(log.contains("AADB2C90081") && !log.contains("panicked"), "{log}");
    assert_eq!((find(stdout.as_bytes(), &markers), find(log.as_bytes(), &markers)), (vec![], vec![]), "{stdout}{log}");
    let searched = search_files(&prepared, &markers);
    report(
        "S2",
        format!("{} markers in answers, stdout, stderr, environment, command line, {searched} files", markers.len()),
        "0 found",
        "0",
    );
}

/// Environment and command line hold what the user put there, and nothing else.
fn search_process(server: &Server, markers: &[Marker]) {
    for file in ["environ", "cmdline"] {
        let Ok(bytes) = fs::read(format!("/proc/{}/{file}", server.id())) else { return };
        assert!(bytes.len() > 10, "{file} was read");
        assert_eq!(find(&bytes, markers), Vec::<&str>::new(), "in {file}");
    }
}

/// Every file of the sandbox but those that hold secrets: `keys/`, and the side file of a fixture's app.
fn search_files(prepared: &Prepared, markers: &[Marker]) -> usize {
    let root = prepared.sandbox.path("");
    let holds_secrets =
        |it: &Path| it.starts_with(root.join("contoso/keys")) || it.ends_with("ClientCredentials_app.wayfarer.toml");
    let others: Vec<PathBuf> = files(&root).into_iter().filter(|it| !holds_secrets(it)).collect();
    assert!(others.len() >= 8, "{others:?}");
    for file in &others {
        let bytes = fs::read(file).expect("a file");
        assert_eq!(find(&bytes, markers), Vec::<&str>::new(), "in {}", file.display());
    }
    others.len()
}

#[test]
fn s2_failing_calls_tell_no_credentials() {
    let prepared = Prepared::new();
    let policies = policies(&prepared.sandbox);
    let markers = prepared.with_files();
    let token = TOKEN.replace("B2C_1A_ClientCredentials", "B2C_1A_ClientCredentialsRest");
    // An API that says what it was sent.
    let seen = format!("{{\"seen\":\"{}\"}}", marker("rest-password"));
    let closed = ClosedPort::new();
    let apis = [
        Scripted::start(Script::new("401 Unauthorized", "application/json", &seen)),
        Scripted::start(Script::new("500 Internal Server Error", "text/plain", &seen)),
        Scripted::start(Script::with_header(
            "302 Found",
            "text/plain",
            &format!("Location: http://{}/{}", closed.address, marker("rest-password")),
            &seen,
        )),
        Scripted::start(Script::new("200 OK", "application/json", marker("rest-password"))),
        Scripted::start(Script::new(
            "200 OK",
            "application/json",
            format!("{{\"quota\":\"{}\"}}", marker("rest-password")),
        )),
    ];
    let mut addresses: Vec<String> = apis.iter().map(|it| it.address.clone()).collect();
    addresses.push(closed.address.clone());
    for address in addresses {
        let rest = format!("TokenAugmentation=http://{address}/x?code={}", marker("url"));
        let server = prepared.sandbox.serve(&[&policies, "--tenant", &prepared.tenant, "--rest", &rest]);
        let answer = post_form(&server.address, &token, "localhost", FORM);
        // A body that is no JSON returns nothing, which is no failure.
        let told = format!("{}{}", if answer.status == 200 { "" } else { &answer.body }, server.log());
        assert_eq!(find(told.as_bytes(), &markers), Vec::<&str>::new(), "{told}");
    }
    report("S2", "REST calls that fail in 6 ways, credentials echoed", "0 found in answers and log", "0");
}
