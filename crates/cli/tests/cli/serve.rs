//! `wayfarer serve` over the wire: what B2C's clients send, and what they must get.

use crate::http::{self, connect, get, post, post_form, read_answer, send};
use crate::jwt;
use crate::sandbox::{Sandbox, Server, repository_file};
use serde_json::{Value, json};
use std::io::{Read, Write};

const CN: &str = "contoso.partner.onmschina.cn";
const CN_ID: &str = "b7d3c5f1-2e4a-4b6c-8d9e-0f1a2b3c4d31";
/// The article's request, step 3.
const FORM: &str = "grant_type=client_credentials&client_id=11112222-bbbb-3333-cccc-4444dddd5555&client_secret=FyX7Q~DuPJ...&scope=https%3A%2F%2Fcontoso.partner.onmschina.cn%2Fapi%2F.default";

/// The 21Vianet tenant of the article, with `B2C_1A_SUSI`, which names no journey for the grant, beside our own policy.
fn serve_cn(sandbox: &Sandbox) -> Server {
    let tenant = sandbox.tenant("contoso-cn");
    let susi = sandbox.policies("susi", |_, text| {
        let lines = text.lines().filter(|it| !it.contains("ClientCredentialsUserJourneyId"));
        lines.collect::<Vec<_>>().join("\n").replace("B2C_1A_ClientCredentials", "B2C_1A_SUSI")
    });
    sandbox.serve(&[&susi, "policies/client-credentials", "--tenant", &tenant])
}

fn keys(server: &Server, policy: &str) -> Value {
    let answer = get(&server.address, &format!("/{}/{policy}/discovery/v2.0/keys", server.tenant));
    assert_eq!(answer.status, 200, "{answer:#?}");
    answer.json()
}

#[test]
fn the_article_s_request_is_answered_literally() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    assert_eq!(server.tenant, CN);
    let answer =
        post_form(&server.address, &format!("/{CN}/B2C_1A_SUSI/oauth2/v2.0/token"), "contoso.b2clogin.cn", FORM);
    assert_eq!(answer.status, 200, "{answer:#?}");
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), (Some("no-store"), Some("no-cache")));
    let body = answer.json();
    let six = ["access_token", "token_type", "not_before", "expires_in", "expires_on", "resource"];
    assert_eq!(jwt::names(body.as_object().unwrap()), six);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(body["expires_on"].as_i64().unwrap(), body["not_before"].as_i64().unwrap() + 3600);
    assert_eq!(body["resource"], "00001111-aaaa-2222-bbbb-3333cccc4444");

    // The article's table of claims, and the issuer of that host and tenant.
    let claims = jwt::verified(&answer.token(), &keys(&server, "B2C_1A_SUSI"));
    let system = ["aud", "iss", "exp", "nbf", "sub", "scp", "azpacr", "oid", "tid", "ver", "azp", "iat"];
    assert_eq!(jwt::names(&claims), system, "no journey for the grant: system claims only");
    assert_eq!(claims["aud"], "00001111-aaaa-2222-bbbb-3333cccc4444");
    assert_eq!(claims["sub"], "f4d5e6f7-0819-42a3-9dc4-e5f607182935");
    assert_eq!(claims["azp"], "11112222-bbbb-3333-cccc-4444dddd5555");
    assert_eq!(claims["scp"], "app.read app.write");
    let issuer = claims["iss"].as_str().unwrap();
    assert_eq!(issuer.split_once("://").unwrap().1, format!("contoso.b2clogin.cn/{CN_ID}/v2.0/"));
}

#[test]
fn every_form_of_the_url_gives_the_same_token() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    let keys = keys(&server, "B2C_1A_ClientCredentials");
    for path in [
        format!("/{CN}/B2C_1A_ClientCredentials/oauth2/v2.0/token"),
        format!("/{CN_ID}/B2C_1A_ClientCredentials/oauth2/v2.0/token"),
        format!("/{}/b2c_1a_clientcredentials/oauth2/v2.0/token", CN.to_uppercase()),
        format!("/{CN}/oauth2/v2.0/token?p=B2C_1A_ClientCredentials"),
        format!("/{CN_ID}/oauth2/v2.0/token?p=b2c_1a_clientcredentials"),
        format!("/tfp/{CN}/B2C_1A_ClientCredentials/oauth2/v2.0/token"),
        format!("/tfp/{CN_ID}/b2c_1a_clientcredentials/oauth2/v2.0/token"),
        format!("/te/{CN}/B2C_1A_ClientCredentials/oauth2/v2.0/token"),
        format!("/{CN}/B2C_1A_ClientCredentials/oauth2/v2.0/token?p=B2C_1A_ClientCredentials"),
    ] {
        let claims = jwt::verified(&post_form(&server.address, &path, "localhost", FORM).token(), &keys);
        assert_eq!(claims["iss"], format!("http://localhost/{CN_ID}/v2.0/"), "{path}");
        assert_eq!(claims["tfp"], "B2C_1A_ClientCredentials", "as the file writes it: {path}");
        assert_eq!(claims["gty"], "client_credentials");
    }
}

#[test]
fn a_user_flow_issues_system_claims_only() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    let answer = post_form(&server.address, &format!("/{CN}/B2C_1_susi/oauth2/v2.0/token"), "localhost", FORM);
    let claims = jwt::verified(&answer.token(), &keys(&server, "B2C_1_susi"));
    let system = ["aud", "iss", "exp", "nbf", "sub", "scp", "azpacr", "oid", "tid", "ver", "azp", "iat"];
    assert_eq!(jwt::names(&claims), system);
}

/// Reference "endpoints", section 2.1: what curl 7.88 sends for the article's script.
fn curl_form(boundary: &str, new_line: &str) -> String {
    let part = |name: &str, value: &str| {
        format!(
            "--{boundary}{new_line}Content-Disposition: attachment; name=\"{name}\"{new_line}{new_line}{value}{new_line}"
        )
    };
    part("grant_type", "client_credentials")
        + &part("client_id", "11112222-bbbb-3333-cccc-4444dddd5555")
        + &part("client_secret", "FyX7Q~DuPJ...")
        + &part("scope", "https://contoso.partner.onmschina.cn/api/.default")
        + &format!("--{boundary}--{new_line}")
}

#[test]
fn the_bytes_that_curl_sends_for_the_article_s_script() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    let boundary = "------------------------486b00c328f9d1e3";
    let path = format!("/{CN}/B2C_1A_ClientCredentials/oauth2/v2.0/token");
    let odd = format!("application/x-www-form-urlencoded; boundary={boundary}");
    let form = curl_form(boundary, "\r\n");
    assert_eq!(form.len(), 559, "the Content-Length that curl 7.88 told");
    let multipart = format!("multipart/form-data; boundary={boundary}");
    for (name, content_type, body) in [
        ("as captured", &odd, form.clone()),
        ("with an empty line first", &odd, format!("\r\n{form}")),
        ("as a browser", &multipart, form.replace("attachment", "form-data")),
    ] {
        let answer = post(
            &server.address,
            &path,
            &[
                ("Host", &server.address),
                ("User-Agent", "curl/7.88.1"),
                ("Accept", "*/*"),
                ("Content-Type", content_type),
            ],
            body.as_bytes(),
        );
        assert_eq!(jwt::read(&answer.token()).1["scp"], "app.read app.write", "{name}");
    }
}

#[test]
fn what_the_article_s_powershell_sends() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    // Windows PowerShell announces the body and waits; the scope is not percent-encoded.
    let body = "grant_type=client_credentials&scope=https://contoso.partner.onmschina.cn/api/.default&client_id=11112222-bbbb-3333-cccc-4444dddd5555&client_secret=FyX7Q~DuPJ...";
    let head = format!(
        "POST /{CN}/B2C_1A_SUSI/oauth2/v2.0/token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nHost: {}\r\nContent-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        server.address,
        body.len()
    );
    let mut stream = connect(&server.address);
    stream.write_all(head.as_bytes()).unwrap();
    let mut invited = [0; 25];
    stream.read_exact(&mut invited).unwrap();
    assert_eq!(&invited, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).unwrap();
    read_answer(&mut stream).token();
}

#[test]
fn basic_authentication_and_chunked_bodies() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    let path = format!("/{CN}/B2C_1A_SUSI/oauth2/v2.0/token");
    // printf '11112222-bbbb-3333-cccc-4444dddd5555:FyX7Q~DuPJ...' | base64
    let basic = "Basic MTExMTIyMjItYmJiYi0zMzMzLWNjY2MtNDQ0NGRkZGQ1NTU1OkZ5WDdRfkR1UEouLi4=";
    let body = "grant_type=client_credentials&scope=https%3A%2F%2Fcontoso.partner.onmschina.cn%2Fapi%2F.default";
    let type_ = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    post(&server.address, &path, &[("Host", "localhost"), type_, ("Authorization", basic)], body.as_bytes()).token();

    let (first, second) = FORM.split_at(70);
    let chunked = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    send(&server.address, chunked.as_bytes()).token();
}

#[test]
fn the_discovery_document_leads_to_token_and_keys() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    let answer = get(&server.address, &format!("/{CN}/B2C_1A_ClientCredentials/v2.0/.well-known/openid-configuration"));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let document = answer.json();
    // Reference "endpoints", section 1.3, in its order; a policy without UserInfo has no `userinfo_endpoint`.
    let members = [
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "end_session_endpoint",
        "jwks_uri",
        "response_modes_supported",
        "response_types_supported",
        "scopes_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
        "token_endpoint_auth_methods_supported",
        "claims_supported",
    ];
    assert_eq!(jwt::names(document.as_object().unwrap()), members);
    let origin = format!("http://{}", server.address);
    assert_eq!(document["issuer"], format!("{origin}/{CN_ID}/v2.0/"));
    assert_eq!(document["token_endpoint"], format!("{origin}/{CN}/b2c_1a_clientcredentials/oauth2/v2.0/token"));
    assert_eq!(document["jwks_uri"], format!("{origin}/{CN}/b2c_1a_clientcredentials/discovery/v2.0/keys"));
    assert_eq!(document["response_modes_supported"], json!(["query", "fragment", "form_post"]));
    let types = [
        "code",
        "code id_token",
        "code token",
        "code id_token token",
        "id_token",
        "id_token token",
        "token",
        "token id_token",
    ];
    assert_eq!(document["response_types_supported"], json!(types));
    assert_eq!(document["scopes_supported"], json!(["openid"]));
    assert_eq!(document["subject_types_supported"], json!(["pairwise"]));
    assert_eq!(document["id_token_signing_alg_values_supported"], json!(["RS256"]));
    assert_eq!(document["token_endpoint_auth_methods_supported"], json!(["client_secret_post", "client_secret_basic"]));
    let claims = [
        "tid",
        "tfp",
        "gty",
        "correlation_id",
        "ticket",
        "features",
        "iss",
        "iat",
        "exp",
        "aud",
        "acr",
        "nonce",
        "auth_time",
    ];
    assert_eq!(document["claims_supported"], json!(claims));

    // A client that knows the document alone.
    let path = |name: &str| document[name].as_str().unwrap().strip_prefix(&origin).unwrap().to_owned();
    let token = post_form(&server.address, &path("token_endpoint"), &server.address, FORM).token();
    let keys = get(&server.address, &path("jwks_uri"));
    assert_eq!((keys.status, keys.header("content-type")), (200, Some("application/json; charset=utf-8")));
    assert_eq!(jwt::verified(&token, &keys.json())["iss"], document["issuer"]);

    // With `?p=` the document's URLs have that form too.
    let query =
        get(&server.address, &format!("/{CN}/v2.0/.well-known/openid-configuration?p=B2C_1A_ClientCredentials")).json();
    assert_eq!(query["token_endpoint"], format!("{origin}/{CN}/oauth2/v2.0/token?p=b2c_1a_clientcredentials"));
    let token = query["token_endpoint"].as_str().unwrap().strip_prefix(&origin).unwrap().to_owned();
    post_form(&server.address, &token, &server.address, FORM).token();
}

#[test]
fn the_published_keys_are_public() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    let keys = keys(&server, "B2C_1A_ClientCredentials");
    let [key] = &keys["keys"].as_array().unwrap()[..] else { panic!("{keys:#}") };
    // Section 1.4: the members of a generated key, in this order (`nbf` only with an activation date).
    let members: Vec<&str> = jwt::names(key.as_object().unwrap()).into_iter().filter(|it| *it != "nbf").collect();
    assert_eq!(members, ["kid", "use", "kty", "e", "n"]);
    assert_eq!((&key["e"], key["kid"].as_str().unwrap().len()), (&json!("AQAB"), 43));
    assert_eq!(jwt::base64url(key["n"].as_str().unwrap()).len(), 256, "2048 bits");
    // The same keys as on the command line, and the same key signs there.
    let tenant = sandbox.path("contoso-cn").display().to_string();
    let own = sandbox.wayfarer(&["key", "jwks", "policies/client-credentials", "--tenant", &tenant]).json();
    assert_eq!(own, keys);
    let run = sandbox.wayfarer(&["run", "policies/client-credentials", "--tenant", &tenant, "--format", "token"]);
    assert!(jwt::is_signed_by(run.fine().trim_end(), &keys));
}

#[test]
fn concurrent_clients_each_get_their_own_token() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    let path = format!("/{CN}/B2C_1A_ClientCredentials/oauth2/v2.0/token");
    let ids: std::collections::BTreeSet<String> = std::thread::scope(|scope| {
        let ask =
            || jwt::read(&post_form(&server.address, &path, "localhost", FORM).token()).1["correlation_id"].to_string();
        let asking: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        asking.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(ids.len(), 8, "a correlation id each");
}

#[test]
fn one_connection_serves_many_requests() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    let request = format!(
        "POST /{CN}/B2C_1A_SUSI/oauth2/v2.0/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{FORM}",
        FORM.len()
    );
    let mut stream = connect(&server.address);
    for _ in 0..3 {
        stream.write_all(request.as_bytes()).unwrap();
        read_answer(&mut stream).token();
    }
}

#[test]
fn what_is_no_http_ends_no_service() {
    let sandbox = Sandbox::new();
    let server = serve_cn(&sandbox);
    for noise in [b"\x16\x03\x01\x02\0".as_slice(), b"hello\r\n\r\n", b"GET", b"GET / HTTP/9.9\r\n\r\n", &[0; 4096]] {
        let mut stream = connect(&server.address);
        stream.write_all(noise).unwrap();
        // The server may have closed it already.
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    let half = post(&server.address, &format!("/{CN}/B2C_1A_SUSI/oauth2/v2.0/token"), &[("Host", "localhost")], b"");
    assert_eq!(half.status, 400);
    post_form(&server.address, &format!("/{CN}/B2C_1A_SUSI/oauth2/v2.0/token"), "localhost", FORM).token();
}

#[test]
fn a_rest_step_is_called_for_each_token_and_its_refusal_is_the_client_s_answer() {
    let sandbox = Sandbox::new();
    let contract = r#"{"version":"1.0.0","status":409,"userMessage":"The contract of Contoso has ended"}"#;
    for (script, status, text) in [
        (http::Script::new("200 OK", "application/json", r#"{"customerId":"C-1042"}"#), 200, "access_token"),
        (
            http::Script::new("409 Conflict", "application/json", contract),
            400,
            "AADB2C90075: The contract of Contoso has ended\\r\\n",
        ),
    ] {
        let api = http::Scripted::start(script);
        let rest = format!("TokenAugmentation=http://{}/", api.address);
        let tenant = sandbox.tenant("contoso-cn");
        let server = sandbox.serve(&["policies/client-credentials-rest", "--tenant", &tenant, "--rest", &rest]);
        let path = format!("/{CN}/B2C_1A_ClientCredentialsRest/oauth2/v2.0/token");
        for _ in 0..2 {
            let answer = post_form(&server.address, &path, "localhost", FORM);
            assert!(answer.status == status && answer.body.contains(text), "{answer:#?}");
        }
        assert_eq!(api.asked().len(), 2);
        assert!(api.asked()[0].body.contains("\"clientId\":\"11112222-bbbb-3333-cccc-4444dddd5555\""));
    }
}

#[test]
fn a_custom_parameter_of_the_request_reaches_the_policy() {
    let sandbox = Sandbox::new();
    let folder = sandbox.policies("policies", |_, text| {
        text.replace("DefaultValue=\"standard\"", "DefaultValue=\"{OAUTH-KV:plan}\" AlwaysUseDefaultValue=\"true\"")
    });
    let tenant = sandbox.tenant("contoso-cn");
    let server = sandbox.serve(&[&folder, "--tenant", &tenant]);
    let path = format!("/{CN}/B2C_1A_ClientCredentials/oauth2/v2.0/token");
    let answer = post_form(&server.address, &path, "localhost", &format!("{FORM}&plan=gold%20%26%20more"));
    assert_eq!(jwt::read(&answer.token()).1["features"], json!(["gold & more"]));
}

#[test]
fn a_broken_policy_fails_by_name_and_its_neighbours_serve() {
    let sandbox = Sandbox::new();
    let text = repository_file("policies/client-credentials/ClientCredentials.xml");
    let broken = text.replace("B2C_1A_ClientCredentials", "B2C_1A_Broken").replace("\"grantType\"", "\"grantTyp\"");
    let folder = sandbox.policies("policies", |_, text| text);
    sandbox.write("policies/broken.xml", broken);
    let tenant = sandbox.tenant("contoso-cn");
    let server = sandbox.serve(&[&folder, "--tenant", &tenant]);
    assert!(server.log().contains("B2C_1A_Broken") && server.log().contains("`grantTyp`"), "{}", server.log());
    let path = |policy: &str| format!("/{CN}/{policy}/oauth2/v2.0/token");
    let answer = post_form(&server.address, &path("B2C_1A_Broken"), "localhost", FORM);
    assert_eq!((answer.status, answer.body.contains("AADB2C90085")), (400, true), "{answer:#?}");
    post_form(&server.address, &path("B2C_1A_ClientCredentials"), "localhost", FORM).token();
}

#[cfg(unix)]
#[test]
fn sigterm_ends_it_well() {
    let sandbox = Sandbox::new();
    let mut server = serve_cn(&sandbox);
    let path = format!("/{CN}/B2C_1A_SUSI/oauth2/v2.0/token");
    post_form(&server.address, &path, "localhost", FORM).token();
    // A client that keeps its connection open between requests does not keep the service alive.
    let mut idle = connect(&server.address);
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{FORM}",
        FORM.len()
    );
    idle.write_all(request.as_bytes()).unwrap();
    read_answer(&mut idle).token();
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log());
    assert_eq!(idle.read(&mut [0; 1]).unwrap(), 0, "the connection was closed");
}

#[cfg(unix)]
#[test]
fn a_client_that_never_finishes_its_request_does_not_keep_it_alive() {
    let sandbox = Sandbox::new();
    let mut server = serve_cn(&sandbox);
    let path = format!("/{CN}/B2C_1A_SUSI/oauth2/v2.0/token");
    let (mut silent, mut half_head, mut half_body) =
        (connect(&server.address), connect(&server.address), connect(&server.address));
    half_head.write_all(b"POST / HTTP/1.1\r\nHost: localhost\r\n").unwrap();
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
    half_body.write_all(head.as_bytes()).unwrap();
    // It is being served once it is invited to send the body.
    half_body.read_exact(&mut [0; 25]).unwrap();
    half_body.write_all(b"grant_type").unwrap();
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log());
    for client in [&mut silent, &mut half_head, &mut half_body] {
        assert_eq!(client.read(&mut [0; 1]).unwrap_or(0), 0, "the connection was closed");
    }
}

#[test]
fn two_policies_of_one_id_are_not_served() {
    let sandbox = Sandbox::new();
    let folder = sandbox.policies("again", |_, text| text);
    sandbox.wayfarer(&["serve", "policies/client-credentials", &folder, "--listen", "127.0.0.1:0"]).refused(
        2,
        &[
            "policy `B2C_1A_ClientCredentials` is in this set 2 times",
            "policies/client-credentials/ClientCredentials.xml",
            "serve one of these folders",
        ],
    );
}

#[test]
fn an_address_in_use_is_told() {
    let sandbox = Sandbox::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    sandbox
        .wayfarer(&["serve", "policies/client-credentials", "--listen", &address])
        .refused(2, &[&format!("can't listen on {address}"), "choose another address with `--listen`"]);
}
