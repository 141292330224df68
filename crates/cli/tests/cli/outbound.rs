//! Which addresses the REST calls of a policy reach: `serve` refuses what is not public, `run` reaches everything.

use crate::http::{Answer, Script, Scripted, post_form};
use crate::sandbox::{Sandbox, Server, repository_file};
use serde_json::json;

const PATH: &str = "/contoso.onmicrosoft.com/B2C_1A_ClientCredentialsRest/oauth2/v2.0/token";
/// The fixture's app, as in `serve_refusals.rs`.
const FORM: &str = "grant_type=client_credentials&client_id=3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521&client_secret=dev.ContosoClientCredentialsSecret000001&scope=https%3A%2F%2Fcontoso.onmicrosoft.com%2Fapi%2F.default";

/// `policies/client-credentials-rest`, served with another `ServiceUrl`.
fn serve(sandbox: &Sandbox, service_url: &str, more: &[&str]) -> Server {
    for name in ["TrustFrameworkBase.xml", "TrustFrameworkExtensions.xml", "ClientCredentials.xml"] {
        let text = repository_file(&format!("policies/client-credentials-rest/{name}"));
        sandbox.write(
            &format!("policies/{name}"),
            text.replace("https://api.contoso.example/clients/describe", service_url),
        );
    }
    let (folder, tenant) = (sandbox.path("policies").display().to_string(), sandbox.tenant("contoso"));
    sandbox.serve(&[&[folder.as_str(), "--tenant", &tenant], more].concat())
}

fn ask(server: &Server) -> Answer {
    post_form(&server.address, PATH, "localhost", FORM)
}

fn api() -> Scripted {
    Scripted::start(Script::new("200 OK", "application/json", r#"{"customerId":"C-1"}"#))
}

/// What was served for those who asked, and what the log says.
#[track_caller]
fn refused(service_url: &str, reason: &str) {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, service_url, &[]);
    let answer = ask(&server);
    assert_eq!(answer.status, 400, "{service_url}: {answer:#?}");
    let json = answer.json();
    let description = json["error_description"].as_str().unwrap();
    let told =
        "AADB2C90075: Failed to establish connection to restful service end point. Restful service URL: \u{2026}\r\n";
    assert!(description.starts_with(told), "{service_url}: {description}");
    let log = server.log();
    assert!(log.contains("the call is not allowed") && log.contains(reason), "{service_url}: {log}");
    let host = service_url.trim_start_matches("http://").split('/').next().unwrap();
    for text in [host, "169.254", "10.0.0", "a9fe"] {
        assert!(!answer.body.contains(text), "`{text}` is told: {answer:#?}");
        assert!(!log.lines().any(|it| it.contains("not allowed") && it.contains(text)), "`{text}` is logged: {log}");
    }
}

#[test]
fn serve_refuses_what_is_not_public_and_names_no_address() {
    refused("http://169.254.169.254/", "link-local or metadata");
    refused("http://2852039166/latest/meta-data/", "link-local or metadata");
    refused("http://[::ffff:169.254.169.254]/", "link-local or metadata");
    refused("http://10.0.0.1/", "private network");
    refused("http://127.0.0.1:22/", "port belongs to another protocol");
}

#[test]
fn serve_on_loopback_calls_the_loopback() {
    let api = api();
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &format!("http://{}/describe", api.address), &[]);
    let claims = crate::jwt::read(&ask(&server).token()).1;
    assert_eq!((&claims["customer_id"], api.asked().len()), (&json!("C-1"), 1));
}

/// The unspecified address leads to this machine on some systems and nowhere on others; it is refused on all.
#[test]
fn an_entry_lets_a_refused_address_through() {
    let api = api();
    let port = api.address.rsplit(':').next().unwrap();
    let url = format!("http://0.0.0.0:{port}/");
    refused(&url, "not public");
    assert_eq!(api.asked().len(), 0);
    for entry in ["0.0.0.0", "0.0.0.0/8", &format!("0.0.0.0:{port}")] {
        let sandbox = Sandbox::new();
        let server = serve(&sandbox, &url, &["--allow-outbound", "api.local", "--allow-outbound", entry]);
        ask(&server);
        assert!(!server.log().contains("not allowed"), "{entry}: {}", server.log());
    }
}

#[test]
fn an_entry_that_is_none_is_refused_with_what_to_write() {
    let sandbox = Sandbox::new();
    for (entry, help) in [
        ("https://api.contoso.com/", "write the host without scheme, path and user name"),
        ("10.1.2.3/8", "write `10.0.0.0/8`"),
        ("api.contoso.com:0", "write a number from 1 to 65535"),
    ] {
        let ended = sandbox.wayfarer(&["serve", "policies/client-credentials-rest", "--allow-outbound", entry]);
        ended.refused(2, &["--allow-outbound <ENTRY>", help]);
    }
}

/// A proxy would resolve the name once more, out of reach of what was checked.
#[test]
fn a_proxy_of_the_environment_is_not_used() {
    let (api, proxy) = (api(), api());
    let rest = format!("TokenAugmentation=http://{}/describe", api.address);
    let proxy_url = format!("http://{}", proxy.address);
    let variables = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|it| (it, proxy_url.as_str()));
    let arguments = ["run", "policies/client-credentials-rest", "--format", "json", "--rest", &rest];
    let ended = Sandbox::new().wayfarer_in(&variables, &arguments);
    ended.fine();
    assert_eq!((api.asked().len(), proxy.asked().len()), (1, 0));
}
