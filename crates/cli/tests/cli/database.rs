//! `--database`: a tenant in one file, and the way there and back.

use crate::http::{self, Answer};
use crate::sandbox::{Sandbox, Server};
use serde_json::json;
use std::fs;
use std::time::{Duration, Instant};

const CLIENT: &str = "3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521";
const POLICIES: [(&str, &str); 3] = [
    ("B2C_1A_CC_Base", "TrustFrameworkBase.xml"),
    ("B2C_1A_CC_Extensions", "TrustFrameworkExtensions.xml"),
    ("B2C_1A_ClientCredentials", "ClientCredentials.xml"),
];

fn ask(server: &Server) -> Answer {
    let form = format!(
        "grant_type=client_credentials&client_id={CLIENT}&client_secret=dev.ContosoClientCredentialsSecret000001\
         &scope=https://contoso.onmicrosoft.com/api/.default"
    );
    let path = "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/oauth2/v2.0/token";
    http::post_form(&server.address, path, &server.address, &form)
}

/// `fixtures/contoso` in a database of the test's own.
fn imported(sandbox: &Sandbox) -> String {
    let database = sandbox.path("t.sqlite").display().to_string();
    sandbox.wayfarer(&["tenant", "import", "fixtures/contoso", "--database", &database]).fine();
    database
}

#[test]
fn every_command_works_in_a_database() {
    let sandbox = Sandbox::new();
    let file = sandbox.path("t.sqlite").display().to_string();
    let url = format!("sqlite:{file}");
    let run = |arguments: &[&str]| sandbox.wayfarer(arguments);
    run(&["tenant", "create", "fabrikam.onmicrosoft.com", "--database", &url]).fine();
    run(&["app", "create", "api", "--database", &file]).fine();
    run(&["app", "--database", &file, "set-uri", "api", "api"]).fine();
    run(&["app", "add-role", "api", "app.read", "--database", &file]).fine();
    run(&["app", "create", "daemon", "--database", &file]).fine();
    run(&["app", "grant", "daemon", "api", "app.read", "--admin-consent", "--database", &file]).fine();
    let ended = run(&["run", "policies/client-credentials", "--database", &url, "--format", "json"]);
    ended.fine();
    assert_eq!(ended.json()["claims"]["scp"], "app.read");
    let human = run(&["run", "policies/client-credentials", "--database", &url]);
    assert!(human.fine().contains(&format!("wayfarer serve policies/client-credentials --database {url}")));
    let keys = run(&["key", "jwks", "policies/client-credentials", "--database", &file]);
    assert_eq!(keys.json()["keys"].as_array().map(Vec::len), Some(1));
    let shown = run(&["tenant", "show", "--database", &file, "--format", "json"]).json();
    assert_eq!((&shown["name"], &shown["place"]), (&json!("fabrikam.onmicrosoft.com"), &json!(file)));
    assert_eq!(shown["keys"], json!(["B2C_1A_TokenSigningKeyContainer"]));
    assert_eq!(shown["apps"].as_array().map(Vec::len), Some(2));
    assert!(!sandbox.home().exists(), "all of it is in the database");
}

#[test]
fn a_place_is_one_folder_or_one_database() {
    let sandbox = Sandbox::new();
    let database = imported(&sandbox);
    let list = |arguments: &[&str]| sandbox.wayfarer(&[&["app", "list"], arguments].concat());
    list(&["--database", &database, "--tenant", "fixtures/contoso"])
        .refused(2, &["leave `--tenant` or `--database` away"]);
    sandbox
        .wayfarer(&["app", "--tenant", "fixtures/contoso", "list", "--database", &database])
        .refused(2, &["leave `--tenant` or `--database` away"]);
    let refused = list(&["--database", "postgres://me:hush@host/db"]);
    refused.refused(2, &["PostgreSQL comes in a later version", "`sqlite:PATH` keeps a tenant in one file"]);
    assert!(!refused.stderr.contains("hush"), "{refused:#?}");
    list(&["--database", "fixtures/contoso"]).refused(2, &["that is a folder, which `--tenant` takes"]);
    list(&["--database", "no-such-file"])
        .refused(2, &["there is no database `no-such-file`", "wayfarer tenant import"]);
    list(&["--database", "README.md"]).refused(2, &["`README.md` is not a tenant database: it holds something else"]);
    let create = |arguments: &[&str]| sandbox.wayfarer(&[&["tenant", "create"], arguments].concat());
    create(&["folder", "a.onmicrosoft.com", "--database", &database]).refused(2, &["cannot be used with"]);
    create(&["contoso.onmicrosoft.com", "--database", &database]).refused(2, &["holds a tenant already"]);
    create(&["a.onmicrosoft.com"]).refused(2, &["DIR"]);
}

#[test]
fn a_folder_and_a_database_hold_the_same() {
    let sandbox = Sandbox::new();
    let database = imported(&sandbox);
    let folder = sandbox.path("copy").display().to_string();
    let export =
        |more: &[&str]| sandbox.wayfarer(&[&["tenant", "export", &folder, "--database", &database], more].concat());
    assert!(export(&[]).fine().starts_with(&format!("6 documents of {database} are in {folder}: 2 apps, 0 key")));
    for name in ["tenant.toml", "baseline.toml", "apps/my-api1.json", "apps/ClientCredentials_app.wayfarer.toml"] {
        let original = fs::read(format!("{}/../../fixtures/contoso/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert_eq!(fs::read(sandbox.path("copy").join(name)).unwrap(), original, "{name}");
    }
    export(&[]).refused(2, &["holds a tenant already, and nothing was written", "`--replace` puts the whole tenant"]);
    sandbox.write("copy/apps/mine.json", r#"{"appId":"11112222-bbbb-3333-cccc-4444dddd5555","name":"mine"}"#);
    sandbox.write("copy/README.md", "# Mine");
    let replaced = export(&["--replace", "--format", "json"]);
    assert_eq!(replaced.json()["removed"], json!(["apps/mine.json"]));
    assert!(replaced.stderr.contains("removed apps/mine.json") && sandbox.path("copy/README.md").exists());

    let import =
        |more: &[&str]| sandbox.wayfarer(&[&["tenant", "import", &folder, "--database", &database], more].concat());
    import(&[]).refused(2, &["holds a tenant already, and nothing was written", "`--replace`"]);
    let told = import(&["--replace"]);
    told.fine();
    let left_out = format!("left out {}: no document of a tenant", sandbox.path("copy").join("README.md").display());
    assert!(told.stderr.contains(&left_out), "{told:#?}");
    sandbox.write("copy/apps/broken.json", "{");
    import(&["--replace"]).refused(2, &["broken.json:1:1"]);
    assert_eq!(sandbox.wayfarer(&["app", "list", "--database", &database]).fine().lines().count(), 2);
}

#[test]
fn a_broken_database_is_refused_and_left_as_it_is() {
    let sandbox = Sandbox::new();
    let database = imported(&sandbox);
    let whole = fs::read(&database).unwrap();
    let mut torn = whole.clone();
    torn[8192..12288].fill(0xa5);
    let mut newer = whole.clone();
    // `user_version`: https://www.sqlite.org/fileformat.html, 1.3
    newer[60..64].copy_from_slice(&2u32.to_be_bytes());
    for (bytes, why) in [
        (&whole[..whole.len() / 2], "it is damaged"),
        (&torn, "restore it from a backup"),
        (&newer, "it has form 2 and this wayfarer knows 1: use a newer wayfarer"),
        (&[], "another program made it"),
    ] {
        fs::write(&database, bytes).unwrap();
        let refused = sandbox.wayfarer(&["app", "create", "x", "--database", &database]);
        refused.refused(2, &["is not a tenant database", why]);
        sandbox
            .wayfarer(&["tenant", "import", "fixtures/contoso", "--replace", "--database", &database])
            .refused(2, &[why]);
        assert_eq!(fs::read(&database).unwrap(), bytes);
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let database = imported(&sandbox);
    let server = sandbox.serve(&["policies/client-credentials", "--database", &database]);
    assert_eq!(ask(&server).status, 200);
    for name in ["t.sqlite", "t.sqlite-wal", "t.sqlite-shm"] {
        assert_eq!(fs::metadata(sandbox.path(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_database_is_judged_by_too() {
    let sandbox = Sandbox::new();
    let database = imported(&sandbox);
    let policies =
        sandbox.policies("p", |_, text| text.replace("B2C_1A_TokenSigningKeyContainer", "B2C_1A_NoSuchContainer"));
    let check = |database: &str| sandbox.wayfarer(&["check", &policies, "--format", "concise", "--database", database]);
    let found = check(&database);
    assert!(found.code == 1 && found.stdout.contains("has no policy key `B2C_1A_NoSuchContainer`"), "{found:#?}");
    let other = sandbox.path("other.sqlite").display().to_string();
    sandbox.wayfarer(&["tenant", "create", "a.onmicrosoft.com", "--database", &other]).fine();
    check(&other).refused(2, &["other.sqlite` holds no `baseline.toml`"]);
}

#[test]
fn a_service_needs_nothing_but_its_database() {
    let sandbox = Sandbox::new();
    let database = imported(&sandbox);
    sandbox.wayfarer(&["serve", "--database", &database]).refused(2, &["the database holds no policies", "name PATH"]);
    let server = sandbox.serve(&["--database", &database, "--graph"]);
    let token = {
        sandbox
            .wayfarer(&["tenant", "export", &sandbox.path("token").display().to_string(), "--database", &database])
            .fine();
        sandbox.read("token/keys/graph-token")
    };
    for (id, file) in POLICIES {
        let xml = crate::sandbox::repository_file(&format!("policies/client-credentials/{file}"));
        let request = format!(
            "PUT /graph/beta/trustFramework/policies/{id}/$value HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{xml}",
            server.address,
            xml.len()
        );
        let answer = http::send(&server.address, request.as_bytes());
        assert!(matches!(answer.status, 200 | 201), "{id}: {answer:#?}");
    }
    ask(&server).token();
    drop(server);

    // Without Graph and without a folder, from the file alone; then from a folder that it was exported to.
    let server = sandbox.serve(&["--database", &database]);
    ask(&server).token();
    drop(server);
    let shown = sandbox.wayfarer(&["tenant", "show", "--database", &database, "--format", "json"]).json();
    let ids = POLICIES.map(|(id, _)| id.to_lowercase());
    let mut uploaded: Vec<&str> =
        shown["uploadedPolicies"].as_array().unwrap().iter().filter_map(|it| it.as_str()).collect();
    uploaded.sort_unstable_by_key(|it| ids.iter().position(|id| id == it));
    assert_eq!(uploaded, ids);
    let folder = sandbox.path("folder").display().to_string();
    let told = sandbox.wayfarer(&["tenant", "export", &folder, "--database", &database]);
    assert!(told.fine().contains("3 uploaded policies"), "{told:#?}");
    fs::create_dir(sandbox.path("empty")).unwrap();
    let empty = sandbox.path("empty").display().to_string();
    let server = sandbox.serve(&[&empty, "--tenant", &folder]);
    ask(&server).token();
}

#[test]
fn a_service_sees_what_others_change_in_its_database() {
    let sandbox = Sandbox::new();
    let database = imported(&sandbox);
    let server = sandbox.serve(&["policies/client-credentials", "--database", &database, "--rate-limit", "off"]);
    ask(&server).token();
    sandbox.wayfarer(&["app", "remove", CLIENT, "--database", &database]).fine();
    let started = Instant::now();
    while ask(&server).status == 200 {
        assert!(started.elapsed() < Duration::from_secs(30), "{}", server.log());
    }
    let refused = ask(&server);
    assert!(refused.status == 400 && refused.body.contains(CLIENT), "{refused:#?}");
}
