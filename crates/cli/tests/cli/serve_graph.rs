//! `serve --graph`: what Microsoft Graph changes is what the next request gets.

use crate::http::{self, Answer};
use crate::jwt::read as parts;
use crate::sandbox::{Sandbox, Server};
use serde_json::{Value, json};

/// A service with Graph, and the token that it made for its callers.
fn serve(sandbox: &Sandbox, policies: &str) -> (Server, String) {
    let tenant = sandbox.tenant("contoso");
    let server = sandbox.serve(&[policies, "--tenant", &tenant, "--graph"]);
    let token = sandbox.read("contoso/keys/graph-token");
    (server, token)
}

#[track_caller]
fn call(server: &Server, token: &str, method: &str, path: &str, media_type: &str, body: &[u8]) -> Answer {
    let (address, length) = (&server.address, body.len());
    let head = format!(
        "{method} /graph/beta/{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    http::send(address, &[head.as_bytes(), body].concat())
}

#[track_caller]
fn json_call(server: &Server, token: &str, method: &str, path: &str, body: &Value) -> Value {
    let answer = call(server, token, method, path, "application/json", body.to_string().as_bytes());
    assert!((200..300).contains(&answer.status), "{method} {path}: {answer:#?}");
    if answer.body.is_empty() { Value::Null } else { answer.json() }
}

fn ask(server: &Server, policy: &str, id: &str, secret: &str, scope: &str) -> Answer {
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope={scope}");
    let path = format!("/contoso.onmicrosoft.com/{policy}/oauth2/v2.0/token");
    http::post_form(&server.address, &path, &server.address, &form)
}

fn ask_contoso(server: &Server, policy: &str) -> Answer {
    let (id, secret) = ("3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521", "dev.ContosoClientCredentialsSecret000001");
    ask(server, policy, id, secret, "https://contoso.onmicrosoft.com/api/.default")
}

/// The article's steps 1 to 3, by Graph alone.
#[test]
fn the_article_s_steps_end_with_a_token() {
    let sandbox = Sandbox::new();
    let (server, token) = serve(&sandbox, "policies/client-credentials");
    let role = "d6a15e20-f83c-4264-8e61-5082688e14c8";
    let api = json_call(
        &server,
        &token,
        "POST",
        "applications",
        &json!({
            "displayName": "orders", "identifierUris": ["https://contoso.onmicrosoft.com/orders"],
            "appRoles": [{ "id": role, "value": "orders.read", "displayName": "Read", "description": "Reads orders.",
                "isEnabled": true, "allowedMemberTypes": ["Application"] }]
        }),
    );
    let client = json_call(
        &server,
        &token,
        "POST",
        "applications",
        &json!({
            "displayName": "daemon", "api": { "requestedAccessTokenVersion": 2 }
        }),
    );
    let text = |it: &Value| it.as_str().expect("a text").to_owned();
    let principal = |app: &Value| {
        text(&json_call(&server, &token, "POST", "servicePrincipals", &json!({ "appId": app["appId"] }))["id"])
    };
    let (api_principal, client_principal) = (principal(&api), principal(&client));
    let path = format!("applications/{}/addPassword", text(&client["id"]));
    let password =
        json_call(&server, &token, "POST", &path, &json!({ "passwordCredential": { "displayName": "one" } }));
    let (id, secret) = (text(&client["appId"]), text(&password["secretText"]));
    let scope = "https://contoso.onmicrosoft.com/orders/.default";
    let before = parts(&ask(&server, "B2C_1A_ClientCredentials", &id, &secret, scope).token()).1;
    assert_eq!((before.get("scp"), &before["sub"], &before["aud"]), (None, &json!(client_principal), &api["appId"]));

    json_call(
        &server,
        &token,
        "POST",
        &format!("servicePrincipals/{client_principal}/appRoleAssignments"),
        &json!({
            "principalId": client_principal, "resourceId": api_principal, "appRoleId": role
        }),
    );
    let granted = parts(&ask(&server, "B2C_1A_ClientCredentials", &id, &secret, scope).token()).1;
    assert_eq!(granted["scp"], "orders.read");

    let key = json!({ "keyId": password["keyId"] });
    json_call(&server, &token, "POST", &format!("applications/{}/removePassword", text(&client["id"])), &key);
    let refused = ask(&server, "B2C_1A_ClientCredentials", &id, &secret, scope);
    assert_eq!((refused.status, refused.json()["error"].clone()), (400, json!("invalid_client")));
    let shown = call(&server, &token, "GET", "applications", "application/json", b"");
    assert!(!shown.body.contains(&secret) && !server.log().contains(&secret), "a secret is told once");
}

#[test]
fn an_uploaded_policy_serves_the_next_request_and_lasts() {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| text);
    let (mut server, token) = serve(&sandbox, &policies);
    let xml = sandbox.read("policies/ClientCredentials.xml");
    let new = xml.replace("B2C_1A_ClientCredentials", "B2C_1A_New");
    let path = "trustFramework/policies/B2C_1A_New/$value";
    assert_eq!(ask_contoso(&server, "B2C_1A_New").status, 404);
    assert_eq!(call(&server, &token, "PUT", path, "application/xml", new.as_bytes()).status, 201);
    assert_eq!(parts(&ask_contoso(&server, "b2c_1a_new").token()).1["ver"], "2.0");

    // An upload takes the place of the file of its id, until it is deleted.
    let own = "trustFramework/policies/B2C_1A_ClientCredentials/$value";
    let changed = xml.replace("PartnerClaimType=\"gty\"", "PartnerClaimType=\"kind\"");
    assert_ne!(changed, xml);
    assert_eq!(call(&server, &token, "PUT", own, "application/xml", changed.as_bytes()).status, 200);
    assert!(parts(&ask_contoso(&server, "B2C_1A_ClientCredentials").token()).1.contains_key("kind"));
    assert_eq!(call(&server, &token, "GET", own, "", b"").body, changed);

    drop(server);
    let tenant = sandbox.path("contoso");
    server = sandbox.serve(&[&policies, "--tenant", tenant.to_str().expect("a path"), "--graph"]);
    assert!(parts(&ask_contoso(&server, "B2C_1A_ClientCredentials").token()).1.contains_key("kind"));
    let deleted = call(&server, &token, "DELETE", "trustFramework/policies/B2C_1A_ClientCredentials", "", b"");
    assert_eq!(deleted.status, 204, "{deleted:#?}");
    assert!(parts(&ask_contoso(&server, "B2C_1A_ClientCredentials").token()).1.contains_key("gty"));
    assert_eq!(call(&server, &token, "DELETE", "trustFramework/policies/B2C_1A_CC_Base", "", b"").status, 400);
}

/// Reference "graph", 2.3: Azure's own error body, and what ran before goes on.
#[test]
fn an_unsound_upload_is_refused_in_azure_s_words() {
    let sandbox = Sandbox::new();
    let policies = sandbox.policies("policies", |_, text| text);
    let (server, token) = serve(&sandbox, &policies);
    let xml = sandbox.read("policies/ClientCredentials.xml");
    let broken = xml.replace("ClaimTypeReferenceId=\"grantType\"", "ClaimTypeReferenceId=\"nobody\"");
    let path = "trustFramework/policies/B2C_1A_ClientCredentials/$value";
    let refused = call(&server, &token, "PUT", path, "application/xml", broken.as_bytes());
    let error = refused.json()["error"].clone();
    assert_eq!((refused.status, &error["code"]), (400, &json!("AADB2C")));
    let expected = "Validation failed: 1 validation error(s) found in policy \"B2C_1A_CLIENTCREDENTIALS\" of tenant \
        \"contoso.onmicrosoft.com\".Policy \"B2C_1A_ClientCredentials\" of tenant \"contoso.onmicrosoft.com\" makes a \
        reference to ClaimType with id \"nobody\" but neither the policy nor any of its base policies contain such an element.";
    assert_eq!(error["message"], expected);
    assert_eq!(ask_contoso(&server, "B2C_1A_ClientCredentials").status, 200);
}

#[test]
fn nobody_calls_graph_without_the_token_or_where_it_is_not_asked_for() {
    let sandbox = Sandbox::new();
    let (server, token) = serve(&sandbox, "policies/client-credentials");
    let with = |value: &str| {
        let request =
            format!("GET /graph/beta/applications HTTP/1.1\r\nHost: localhost\r\n{value}Connection: close\r\n\r\n");
        http::send(&server.address, request.as_bytes())
    };
    for wrong in ["", "Authorization: Bearer\r\n", "Authorization: Bearer x\r\n", "Authorization: Basic eA==\r\n"] {
        let answer = with(wrong);
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer")), "{wrong}");
        assert_eq!(answer.json()["error"]["code"], "InvalidAuthenticationToken");
    }
    assert_eq!(with(&format!("Authorization: Bearer {token}\r\n")).status, 200);
    let plain = sandbox.serve(&["policies/client-credentials"]);
    assert_eq!(http::get(&plain.address, "/graph/beta/applications").status, 404);
    sandbox.wayfarer(&["serve", "policies", "--graph"]).refused(2, &["the built-in one can't be changed"]);
}

/// What Graph makes is encrypted where the service has a passphrase, signs, and is never shown.
#[test]
fn keys_of_graph_are_encrypted_with_the_service_s_passphrase() {
    let sandbox = Sandbox::new();
    let (tenant, passphrase) = (sandbox.tenant("contoso"), sandbox.write("passphrase", "test passphrase\n"));
    let with = ["--tenant", &tenant, "--passphrase-file", &passphrase];
    let server = sandbox.serve(&[["policies/client-credentials", "--graph"].as_slice(), &with].concat());
    let token = sandbox.read("contoso/keys/graph-token");
    let first = parts(&ask_contoso(&server, "B2C_1A_ClientCredentials").token()).0["kid"].clone();
    let signing = "trustFramework/keySets/B2C_1A_TokenSigningKeyContainer";
    let long_ago = json!({"use": "sig", "kty": "RSA", "nbf": 1_000_000_000});
    let key = json_call(&server, &token, "POST", &format!("{signing}/generateKey"), &long_ago);
    let signer = parts(&ask_contoso(&server, "B2C_1A_ClientCredentials").token()).0["kid"].clone();
    assert!(signer == key["kid"] && signer != first, "the next request sees it");
    json_call(&server, &token, "POST", "trustFramework/keySets", &json!({"id": "Api"}));
    let secret = json!({"use": "enc", "k": "canary"});
    json_call(&server, &token, "POST", "trustFramework/keySets/B2C_1A_Api/uploadSecret", &secret);
    for container in ["B2C_1A_TokenSigningKeyContainer", "B2C_1A_Api"] {
        let file = sandbox.read(&format!("contoso/keys/{container}.json"));
        // `printf canary | base64` without padding
        let clear = ["\"pkcs8\"", "\"k\"", "Y2FuYXJ5"];
        assert!(file.contains("encrypted_pkcs8") && !clear.iter().any(|it| file.contains(it)), "{file}");
    }
}
