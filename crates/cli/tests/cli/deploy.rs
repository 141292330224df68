//! `wayfarer deploy` against a server that speaks Graph's `trustFramework/policies` by script: reference "graph", 2.

use crate::http::{Asked, ClosedPort, Script, Scripted, post_form};
use crate::jwt;
use crate::sandbox::{Ended, Sandbox, Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const TOKEN: &str = "eyJ0eXAiOiJKV1QifQ.t0ken.s1gnature";
const BASE: &str = "B2C_1A_CC_Base";
const EXTENSIONS: &str = "B2C_1A_CC_Extensions";
const PARTY: &str = "B2C_1A_ClientCredentials";

/// A tenant's policies by id, as Graph has them.
#[derive(Clone, Default)]
struct Tenant(Arc<Mutex<BTreeMap<String, String>>>);

impl Tenant {
    /// Graph for this tenant; `special` answers first.
    fn graph(&self, special: impl Fn(&Asked) -> Option<Script> + Send + 'static) -> Scripted {
        let policies = Arc::clone(&self.0);
        Scripted::answering(move |asked| {
            if let Some(script) = special(asked) {
                return script;
            }
            let mut policies = policies.lock().expect("the policies");
            let id = id(asked).to_owned();
            if asked.head.starts_with("GET ") {
                return match policies.get(&id) {
                    Some(xml) => Script::new("200 OK", "application/xml", xml),
                    None => error("404 Not Found", "ResourceNotFound", "there is no such policy"),
                };
            }
            let is_new = policies.insert(id, asked.body.clone()).is_none();
            Script::new(if is_new { "201 Created" } else { "200 OK" }, "application/xml", &asked.body)
        })
    }

    fn of(&self, id: &str) -> String {
        self.0.lock().expect("the policies").get(id).cloned().unwrap_or_default()
    }

    fn change(&self, id: &str, change: impl Fn(&str) -> String) {
        let text = change(&self.of(id));
        self.0.lock().expect("the policies").insert(id.to_owned(), text);
    }
}

/// Of `GET /beta/trustFramework/policies/{id}/$value`.
fn id(asked: &Asked) -> &str {
    asked.head.split(' ').nth(1).and_then(|it| it.split('/').nth(4)).unwrap_or_default()
}

fn error(status: &str, code: &str, message: &str) -> Script {
    error_with(status, "X-Nothing: 1", code, message)
}

fn error_with(status: &str, header: &str, code: &str, message: &str) -> Script {
    let body = json!({ "error": { "code": code, "message": message, "innerError": { "request-id": "3f1e" } } });
    Script::with_header(status, "application/json", header, body.to_string())
}

/// `GET B2C_1A_X` of each request.
fn calls(graph: &Scripted) -> Vec<String> {
    let call = |it: &Asked| format!("{} {}", it.head.split(' ').next().unwrap_or_default(), id(it));
    graph.asked().iter().map(call).collect()
}

#[track_caller]
fn deploy(sandbox: &Sandbox, graph: &Scripted, arguments: &[&str]) -> Ended {
    let address = format!("http://{}/beta", graph.address);
    let ended = sandbox
        .wayfarer_in(&[("WAYFARER_GRAPH_TOKEN", TOKEN)], &[&["deploy", "--graph", &address], arguments].concat());
    assert!(!ended.stdout.contains("t0ken") && !ended.stderr.contains("t0ken"), "the token is told: {ended:#?}");
    ended
}

/// The sample's three policies, uploaded to a new tenant.
fn deployed() -> (Sandbox, Tenant, String) {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| text);
    let tenant = Tenant::default();
    deploy(&sandbox, &tenant.graph(|_| None), &[&policies]).fine();
    (sandbox, tenant, policies)
}

fn states(ended: &Ended) -> Vec<(String, String, Value)> {
    let json = ended.json();
    let text = |it: &Value| it.as_str().expect("a text").to_owned();
    let policies = json["policies"].as_array().expect("the policies");
    policies.iter().map(|it| (text(&it["policy"]), text(&it["state"]), it["reason"].clone())).collect()
}

#[test]
fn a_new_tenant_gets_all_policies_base_first() {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| text);
    let tenant = Tenant::default();
    let graph = tenant.graph(|_| None);
    let ended = deploy(&sandbox, &graph, &[&policies]);
    let lines: Vec<&str> = ended.fine().lines().map(|it| it.split(": http").next().unwrap_or_default()).collect();
    let line = |id: &str| format!("+ {id:<40} created");
    assert_eq!(lines, [&*line(BASE), &line(EXTENSIONS), &line(PARTY), "3 policy files uploaded, 0 unchanged"]);
    let asked = graph.asked();
    let order = ["GET", "PUT"].iter().flat_map(|verb| [BASE, EXTENSIONS, PARTY].map(|it| format!("{verb} {it}")));
    assert_eq!(calls(&graph), order.collect::<Vec<_>>());
    for it in &asked {
        let head = it.head.to_lowercase();
        assert!(it.head.contains("/$value HTTP/1.1"), "{head}");
        assert!(head.contains(&format!("authorization: bearer {}", TOKEN.to_lowercase())), "{head}");
    }
    let put = asked.iter().filter(|it| it.head.starts_with("PUT ")).collect::<Vec<_>>();
    assert!(put.iter().all(|it| it.head.to_lowercase().contains("\ncontent-type: application/xml\r")), "{put:#?}");
    assert_eq!(put[2].body, std::fs::read_to_string(sandbox.path("policies/ClientCredentials.xml")).unwrap());
}

#[test]
fn only_what_differs_by_meaning_is_uploaded() {
    let (sandbox, tenant, policies) = deployed();
    // The service lays files out anew and fills in what is missing.
    tenant.change(EXTENSIONS, |text| text.replace("\n", "\r\n").replace("  <", "\t<"));
    let graph = tenant.graph(|_| None);
    let ended = deploy(&sandbox, &graph, &[&policies, "--format", "json"]);
    ended.fine();
    assert!(states(&ended).iter().all(|it| it.1 == "unchanged"), "{ended:#?}");
    assert!(calls(&graph).iter().all(|it| it.starts_with("GET ")));

    tenant.change(PARTY, |text| {
        text.replace("ClientCredentials\">", "ClientCredentials\" DeploymentMode=\"Development\">")
    });
    let ended = deploy(&sandbox, &graph, &[&policies, "--format", "json"]);
    let state = |id: &str, state: &str, reason: Value| (id.to_owned(), state.to_owned(), reason);
    let expected = [
        state(BASE, "unchanged", Value::Null),
        state(EXTENSIONS, "unchanged", Value::Null),
        state(PARTY, "replaced", json!("changed")),
    ];
    assert_eq!(states(&ended), expected);
    assert_eq!(calls(&graph).last().map(String::as_str), Some("PUT B2C_1A_ClientCredentials"));
    assert!(!tenant.of(PARTY).contains("Development"));
}

#[test]
fn a_relying_party_comes_again_when_its_base_changed() {
    let (sandbox, tenant, policies) = deployed();
    tenant.change(BASE, |text| text.replace("<DataType>string", "<DataType>int"));
    let graph = tenant.graph(|_| None);
    let ended = deploy(&sandbox, &graph, &[&policies]);
    let text = ended.fine();
    assert!(text.contains(&format!("~ {BASE:<40} replaced\n")), "{text}");
    assert!(text.contains(&format!("= {EXTENSIONS:<40} unchanged\n")), "{text}");
    assert!(text.contains(&format!("~ {PARTY:<40} replaced: its base policy `{BASE}` changed\n")), "{text}");
    assert_eq!(calls(&graph)[3..], [format!("PUT {BASE}"), format!("PUT {PARTY}")]);
}

#[test]
fn relying_parties_that_are_not_uploaded_are_told() {
    let (sandbox, tenant, policies) = deployed();
    tenant.change(BASE, |text| text.replace("<DataType>string", "<DataType>int"));
    let graph = tenant.graph(|_| None);
    let ended = deploy(&sandbox, &graph, &[&policies, "--policy", "b2c_1a_cc_base", "--dry-run"]);
    assert!(ended.fine().contains("would be replaced"), "{ended:#?}");
    let warning =
        format!("`{BASE}` changed, and relying parties are judged only when they are uploaded: `{PARTY}` are not");
    assert!(ended.stderr.contains(&warning), "{ended:#?}");
    assert_eq!(calls(&graph), [format!("GET {BASE}")]);
    // Those of the tenant that the set doesn't have are not known.
    let ended = deploy(&sandbox, &graph, &[&format!("{policies}/TrustFrameworkBase.xml")]);
    ended.fine();
    assert!(ended.stderr.contains("those of the tenant that derive from it are not"), "{ended:#?}");
}

#[test]
fn a_dry_run_uploads_nothing_and_force_uploads_all() {
    let (sandbox, tenant, policies) = deployed();
    tenant.change(PARTY, |_| "<a/>".to_owned());
    let graph = tenant.graph(|_| None);
    let ended = deploy(&sandbox, &graph, &[&policies, "--dry-run"]);
    assert!(ended.fine().contains("1 policy file would be uploaded, 2 unchanged: http://"), "{ended:#?}");
    assert!(calls(&graph).iter().all(|it| it.starts_with("GET ")));
    assert_eq!(tenant.of(PARTY), "<a/>");

    let graph = tenant.graph(|_| None);
    let ended = deploy(&sandbox, &graph, &[&policies, "--force"]);
    assert!(ended.fine().contains("3 policy files uploaded, 0 unchanged"), "{ended:#?}");
    assert_eq!(calls(&graph), [BASE, EXTENSIONS, PARTY].map(|it| format!("PUT {it}")));
}

#[test]
fn a_refusal_stops_and_leads_to_the_place() {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| text);
    let message = format!(
        "Validation failed: 2 validation error(s) found in policy \"{}\" of tenant \"contoso.onmicrosoft.com\".{}{}",
        EXTENSIONS.to_uppercase(),
        "Tenant \"contoso.onmicrosoft.com\" does not have CryptographicKey referenced by storageReferenceId \"B2C_1A_TokenSigningKeyContainer\".",
        "Something that nobody has seen.",
    );
    let refuse = move |it: &Asked| {
        (it.head.starts_with("PUT ") && id(it) == EXTENSIONS).then(|| error("400 Bad Request", "AADB2C", &message))
    };
    let graph = Tenant::default().graph(refuse);
    let ended = deploy(&sandbox, &graph, &[&policies]);
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert!(ended.stdout.contains("1 policy file uploaded, 0 unchanged, 1 failed, 1 not reached"), "{ended:#?}");
    for text in [
        "error: `B2C_1A_CC_Extensions` (",
        "policies/TrustFrameworkExtensions.xml) was refused: 400 AADB2C\n",
        "\n  Validation failed: 2 validation error(s) found in policy \"B2C_1A_CC_EXTENSIONS\" of tenant \"contoso.onmicrosoft.com\".\n",
        "\n  Something that nobody has seen.\n",
        "request 3f1e",
        // What `explain --azure` knows of the one that it knows: the key stands in the base.
        "policy-key-missing\n",
        "policies/TrustFrameworkBase.xml:",
        "uploaded before it, and kept: `B2C_1A_CC_Base`",
    ] {
        assert!(ended.stderr.contains(text), "`{text}` is missing: {ended:#?}");
    }
    assert_eq!(calls(&graph).last().map(String::as_str), Some("PUT B2C_1A_CC_Extensions"));

    let ended = deploy(&sandbox, &graph, &[&policies, "--format", "json"]);
    let json = ended.json();
    assert_eq!((ended.code, &json["error"]), (1, &Value::Null));
    let refusal = &json["refusal"];
    assert_eq!(
        (&refusal["policy"], &refusal["status"], &refusal["request_id"]),
        (&json!(EXTENSIONS), &json!(400), &json!("3f1e"))
    );
    assert_eq!(refusal["messages"].as_array().map(Vec::len), Some(3));
    assert_eq!(refusal["causes"][0]["name"], "policy-key-missing");
    assert_eq!(json["policies"][2]["state"], "due", "{json:#}");
}

#[test]
fn a_token_that_is_not_enough() {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| text);
    let always = |status: &'static str, code: &'static str| {
        Tenant::default().graph(move |_| Some(error(status, code, &format!("not with {TOKEN}"))))
    };
    let graph = always("401 Unauthorized", "InvalidAuthenticationToken");
    deploy(&sandbox, &graph, &[&policies, "--force"]).refused_after(
        2,
        &["the token is not accepted (401 InvalidAuthenticationToken: not with [redacted])", "about an hour"],
    );
    let graph = always("403 Forbidden", "Authorization_RequestDenied");
    deploy(&sandbox, &graph, &[&policies]).refused_after(
        2,
        &["403 Authorization_RequestDenied", "Policy.ReadWrite.TrustFramework", "B2C IEF Policy Administrator"],
    );
    assert_eq!(graph.asked().len(), 1, "nobody tries again");
    let ended = deploy(&sandbox, &graph, &[&policies, "--format", "json"]);
    assert_eq!(ended.code, 2);
    assert!(ended.json()["error"].as_str().is_some_and(|it| it.contains("403")), "{ended:#?}");
}

#[test]
fn a_busy_service_is_waited_for() {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| text);
    let times = Arc::new(Mutex::new(0));
    let busy = |status: &'static str, header: &'static str, most: usize| {
        let times = Arc::clone(&times);
        *times.lock().unwrap() = 0;
        Tenant::default().graph(move |_| {
            let mut times = times.lock().unwrap();
            *times += 1;
            (*times <= most).then(|| error_with(status, header, "TooManyRequests", "slowly"))
        })
    };
    let graph = busy("429 Too Many Requests", "Retry-After: 0", 2);
    let ended = deploy(&sandbox, &graph, &[&policies]);
    ended.fine();
    assert_eq!(
        ended.stderr.matches("the service is busy (429 TooManyRequests: slowly): waiting 0 s").count(),
        2,
        "{ended:#?}"
    );
    assert_eq!(graph.asked().len(), 8);
    // Not for ever, not for long, and not where nobody says that it will pass.
    let graph = busy("503 Service Unavailable", "Retry-After: 0", 100);
    deploy(&sandbox, &graph, &[&policies]).refused_after(2, &["the service is busy (503", "try again later"]);
    assert_eq!(graph.asked().len(), 5);
    for header in ["Retry-After: 3600", "X-Nothing: 1"] {
        let graph = busy("503 Service Unavailable", header, 100);
        deploy(&sandbox, &graph, &[&policies]).refused_after(2, &["the service is busy (503"]);
        assert_eq!(graph.asked().len(), 1, "{header}");
    }
}

#[test]
fn a_token_goes_nowhere_else() {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| text);
    let elsewhere = Scripted::start(Script::new("200 OK", "application/xml", "<a/>"));
    let location = format!("Location: http://{}/beta", elsewhere.address);
    let graph = Tenant::default().graph(move |_| Some(Script::with_header("302 Found", "text/plain", &location, "")));
    deploy(&sandbox, &graph, &[&policies])
        .refused_after(2, &["redirects to `127.0.0.1`, and redirects are not followed"]);
    assert!(elsewhere.asked().is_empty());

    let run = |address: &str| {
        sandbox.wayfarer_in(&[("WAYFARER_GRAPH_TOKEN", TOKEN)], &["deploy", &policies, "--graph", address])
    };
    run("http://graph.microsoft.com/beta")
        .refused(2, &["the token may not go to `graph.microsoft.com` in clear", "https://"]);
    run("graph").refused(2, &["not an address of Graph", "https://graph.microsoft.com/beta"]);
    run("https://u:secret@graph.microsoft.com/beta").refused(2, &["has a user or a password in it"]);
}

#[test]
fn what_is_not_there_is_told() {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| text);
    sandbox
        .wayfarer(&["deploy", &policies])
        .refused(2, &["WAYFARER_GRAPH_TOKEN is not set", "az account get-access-token"]);
    let run = |arguments: &[&str]| {
        sandbox.wayfarer_in(&[("WAYFARER_GRAPH_TOKEN", TOKEN)], &[&["deploy", &*policies], arguments].concat())
    };
    run(&["--ca", "nowhere.pem"]).refused(2, &["`nowhere.pem` can't be read", "--ca"]);
    run(&["--ca", "Cargo.toml"]).refused(2, &["`Cargo.toml`: there is no certificate in it"]);
    run(&["--policy", "B2C_1A_ClientCredential"])
        .refused(2, &["there is no policy `B2C_1A_ClientCredential`", "did you mean `B2C_1A_ClientCredentials`?"]);
    let nobody = ClosedPort::new();
    let ended = run(&["--graph", &format!("http://{}/beta", nobody.address)]);
    ended.refused_after(2, &["`127.0.0.1` can't be reached", "check `--graph`"]);
    // An address that answers 404 to everything has no policies to replace.
    let graph = Scripted::start(Script::new("404 Not Found", "text/html", "<html>"));
    deploy(&sandbox, &graph, &[&policies])
        .refused_after(2, &["status 404, without an error of Graph's", "check `--graph`"]);
}

#[test]
fn what_check_finds_is_not_uploaded() {
    let sandbox = Sandbox::new();
    let graph = Tenant::default().graph(|_| None);
    let broken = sandbox.policies("broken", |_, text| text.replace("Type=\"SendClaims\"", "Type=\"Noop\""));
    let ended = deploy(&sandbox, &graph, &[&broken, "--force"]);
    ended.refused(1, &["journey-without-send-claims", "nothing was uploaded"]);
    let ended = deploy(&sandbox, &graph, &[&broken, "--format", "json"]);
    assert_eq!((ended.code, ended.json()["policies"].clone()), (1, json!([])));
    assert!(ended.stdout.contains("journey-without-send-claims"));
    // What is wrong with others is theirs.
    let ended = deploy(&sandbox, &graph, &[&broken, "--policy", PARTY]);
    assert_eq!(ended.code, 1, "its chain is broken");
    assert!(graph.asked().is_empty());

    let tokens = sandbox.policies("tokens", |_, text| text.replace("contoso.onmicrosoft.com", "{Settings:Tenant}"));
    deploy(&sandbox, &graph, &[&tokens]).refused(1, &["nothing was uploaded"]);
    let settings =
        r#"{ "Environments": [{ "Name": "Test", "Tenant": "fabrikam.onmicrosoft.com", "PolicySettings": {} }] }"#;
    sandbox.write("tokens/appsettings.json", settings);
    deploy(&sandbox, &graph, &[&tokens, "--environment", "Test"]).fine();
    let put = graph.asked().into_iter().rfind(|it| it.head.starts_with("PUT ")).expect("an upload");
    assert!(put.body.contains("TenantId=\"fabrikam.onmicrosoft.com\"") && !put.body.contains("{Settings"), "{put:#?}");
}

#[test]
fn one_tenant_has_one_policy_of_an_id() {
    let sandbox = Sandbox::new();
    let graph = Tenant::default().graph(|_| None);
    sandbox.policies("all/test", |_, text| text);
    sandbox.policies("all/live", |_, text| text);
    let all = sandbox.path("all").display().to_string();
    deploy(&sandbox, &graph, &[&all]).refused(
        2,
        &["policy `B2C_1A_ClientCredentials` is in this set several times", "all/live/ClientCredentials.xml"],
    );
    sandbox.policies("all/live", |_, text| {
        text.replace("contoso.onmicrosoft.com", "fabrikam.onmicrosoft.com").replace("B2C_1A_C", "B2C_1A_Live_C")
    });
    deploy(&sandbox, &graph, &[&all])
        .refused(2, &["of several tenants: `contoso.onmicrosoft.com`, `fabrikam.onmicrosoft.com`"]);
    assert!(graph.asked().is_empty());
}

/// `wayfarer serve` with Graph, and the token for it.
fn serve(sandbox: &Sandbox, more: &[&str]) -> (Server, String) {
    let tenant = sandbox.tenant("contoso");
    let fixed = ["policies/client-credentials", "--tenant", &tenant, "--graph"];
    let server = sandbox.serve(&[&fixed, more].concat());
    let token = sandbox.read("contoso/keys/graph-token").trim().to_owned();
    (server, token)
}

/// What the next token of the sample says of its grant, which the base policy sets.
fn grant_type(server: &Server) -> Value {
    let form = "grant_type=client_credentials&client_id=3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521\
                &client_secret=dev.ContosoClientCredentialsSecret000001&scope=https%3A%2F%2Fcontoso.onmicrosoft.com%2Fapi%2F.default";
    let path = format!("/{}/{PARTY}/oauth2/v2.0/token", server.tenant);
    jwt::read(&post_form(&server.address, &path, "localhost", form).token()).1["gty"].clone()
}

#[test]
fn the_service_here_serves_what_was_deployed_and_refuses_as_azure_does() {
    let sandbox = Sandbox::new();
    let (server, token) = serve(&sandbox, &[]);
    let graph = format!("http://{}/graph/beta", server.address);
    let run = |policies: &str| {
        sandbox.wayfarer_in(&[("WAYFARER_GRAPH_TOKEN", &token)], &["deploy", policies, "--graph", &graph])
    };
    let ended = run("policies/client-credentials");
    assert!(ended.fine().contains("0 policy files uploaded, 3 unchanged"), "{ended:#?}");
    assert_eq!(grant_type(&server), "client_credentials");
    let changed = sandbox
        .policies("changed", |_, text| text.replace("DefaultValue=\"client_credentials\"", "DefaultValue=\"machine\""));
    let ended = run(&changed);
    assert!(ended.fine().contains("2 policy files uploaded, 1 unchanged"), "{ended:#?}");
    assert_eq!(grant_type(&server), "machine");
    assert!(run(&changed).fine().contains("3 unchanged"), "it gives back what it was given");

    let elsewhere =
        sandbox.policies("elsewhere", |_, text| text.replace("contoso.onmicrosoft", "fabrikam.onmicrosoft"));
    let ended = run(&elsewhere);
    let message = "\n  TenantId in the policy xml 'fabrikam.onmicrosoft.com' is not same as the one in login tenant 'contoso.onmicrosoft.com'.\n";
    ended.refused_after(1, &[message, "tenant-differs\n", "nothing was uploaded before it"]);
    assert_eq!(grant_type(&server), "machine");
    let ended = sandbox.wayfarer_in(&[("WAYFARER_GRAPH_TOKEN", "another")], &["deploy", &changed, "--graph", &graph]);
    ended.refused_after(2, &["the token is not accepted (401"]);
}

#[test]
fn a_development_authority_is_trusted_when_it_is_named() {
    let sandbox = Sandbox::new();
    let (server, token) = serve(&sandbox, &["--tls"]);
    let port = server.address.rsplit(':').next().unwrap_or_default();
    let graph = format!("https://localhost:{port}/graph/beta");
    let run = |more: &[&str]| {
        let fixed = ["deploy", "policies/client-credentials", "--graph", &graph];
        sandbox.wayfarer_in(&[("WAYFARER_GRAPH_TOKEN", &token)], &[&fixed, more].concat())
    };
    run(&[]).refused_after(2, &["`localhost` can't be reached", "--ca FILE"]);
    let authority = sandbox.wayfarer(&["ca", "path"]);
    let ended = run(&["--ca", authority.fine().trim()]);
    assert!(ended.fine().contains("3 unchanged"), "{ended:#?}");
}
