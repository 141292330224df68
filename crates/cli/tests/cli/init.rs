//! `wayfarer init`: what it writes checks clean, runs and is served; what is there stays.

use crate::http::post_form;
use crate::jwt;
use crate::sandbox::Sandbox;
use serde_json::json;
use std::fs;

const NAME: &str = "fabrikam.onmicrosoft.com";

/// The paths below a folder, without the keys.
fn below(sandbox: &Sandbox, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(sandbox.path(folder)) else { return found };
    for entry in entries.flatten() {
        let name = entry.file_name().into_string().unwrap();
        match entry.path().is_dir() {
            true if name != "keys" => found.extend(below(sandbox, &format!("{folder}/{name}"))),
            true => {}
            false => found.push(format!("{folder}/{name}")),
        }
    }
    found.sort();
    found
}

#[test]
fn what_it_writes_checks_clean_and_runs() {
    let sandbox = Sandbox::new();
    let folder = sandbox.path("new").display().to_string();
    let ended = sandbox.wayfarer(&["init", &folder, "--tenant-name", NAME]);
    for text in [&*format!("cd {folder}\n"), "wayfarer check\n", "wayfarer run policies --tenant tenant\n"] {
        assert!(ended.fine().contains(text), "{}", ended.stdout);
    }
    let written = [
        "new/README.md",
        "new/policies/ClientCredentials.xml",
        "new/policies/TrustFrameworkBase.xml",
        "new/policies/TrustFrameworkExtensions.xml",
        "new/tenant/apps/my-api.json",
        "new/tenant/apps/my-api.wayfarer.toml",
        "new/tenant/apps/my-client.json",
        "new/tenant/apps/my-client.wayfarer.toml",
        "new/tenant/tenant.toml",
        "new/wayfarer.toml",
    ];
    assert_eq!(below(&sandbox, "new"), written);
    for path in written {
        assert!(!fs::read_to_string(sandbox.path(path)).unwrap().contains("contoso.onmicrosoft.com"), "{path}");
    }
    assert_eq!(sandbox.wayfarer(&["check", &folder, "--deny", "warnings", "--format", "json"]).fine(), "[]\n");
    let (policies, tenant) = (format!("{folder}/policies"), format!("{folder}/tenant"));
    let run = sandbox.wayfarer(&["run", &policies, "--tenant", &tenant, "--format", "json"]);
    run.fine();
    let claims = &run.json()["claims"];
    assert_eq!((&claims["scp"], &claims["features"]), (&json!("app.read app.write"), &json!(["standard"])));
    let ticket = claims["ticket"].as_str().unwrap();
    assert!(ticket.starts_with("ticket-") && ticket.ends_with("@fabrikam.onmicrosoft.com"), "{ticket}");
}

#[test]
fn what_it_writes_is_served() {
    let sandbox = Sandbox::new();
    let folder = sandbox.path("new").display().to_string();
    sandbox.wayfarer(&["init", &folder, "--tenant-name", NAME]).fine();
    let (policies, tenant) = (format!("{folder}/policies"), format!("{folder}/tenant"));
    let secret = sandbox.wayfarer(&["app", "add-secret", "my-client", "--tenant", &tenant]);
    let client = sandbox.wayfarer(&["app", "show", "my-client", "--tenant", &tenant, "--format", "json"]).json();
    let id = client["appId"].as_str().unwrap();
    let readme = fs::read_to_string(sandbox.path("new/README.md")).unwrap();
    assert!(readme.contains(&format!("client_id={id}")), "{readme}");
    let server = sandbox.serve(&[&policies, "--tenant", &tenant]);
    assert_eq!(server.tenant, NAME);
    let form = format!(
        "grant_type=client_credentials&client_id={id}&client_secret={}&scope=https%3A%2F%2F{NAME}%2Fmy-api%2F.default",
        secret.fine().trim().replace('~', "%7E")
    );
    let path = format!("/{NAME}/B2C_1A_ClientCredentials/oauth2/v2.0/token");
    let answer = post_form(&server.address, &path, "fabrikam.b2clogin.com", &form);
    assert_eq!(answer.status, 200, "{answer:#?}");
    assert!(jwt::names(answer.json().as_object().unwrap()).contains(&"access_token"));
}

#[test]
fn nothing_is_written_over() {
    let sandbox = Sandbox::new();
    sandbox.write("new/README.md", "mine");
    sandbox.write("new/policies/ClientCredentials.xml", "mine too");
    sandbox.write("new/policies/Other.xml", "no matter");
    let folder = sandbox.path("new").display().to_string();
    let ended = sandbox.wayfarer(&["init", &folder]);
    ended.refused(
        2,
        &["writes over nothing", "new/README.md", "new/policies/ClientCredentials.xml", "help: name a folder"],
    );
    assert!(
        !ended.stderr.contains("Other.xml") && !ended.stderr.contains("TrustFrameworkBase.xml"),
        "{}",
        ended.stderr
    );
    assert_eq!(below(&sandbox, "new").len(), 3);
    assert_eq!(fs::read_to_string(sandbox.path("new/README.md")).unwrap(), "mine");
    let again = sandbox.path("twice").display().to_string();
    sandbox.wayfarer(&["init", &again]).fine();
    sandbox.wayfarer(&["init", &again]).refused(2, &["twice/tenant", "twice/wayfarer.toml"]);
}

#[test]
fn a_name_that_no_tenant_has_is_refused_before_anything_is_written() {
    let sandbox = Sandbox::new();
    for name in ["fabrikam", "", "a b.com", "https://fabrikam.onmicrosoft.com", "../x.com", "a\"b.com"] {
        let folder = sandbox.path("new").display().to_string();
        let ended = sandbox.wayfarer(&["init", &folder, "--tenant-name", name]);
        ended.refused(2, &["is not a domain name", "help: name your tenant"]);
        assert!(!sandbox.path("new").exists(), "{name}");
    }
    let file = sandbox.write("file", "");
    sandbox.wayfarer(&["init", &file]).refused(2, &["is no folder", "help: name a folder"]);
}
