//! The article's requests with the real curl, where there is one.

use crate::jwt;
use crate::sandbox::{Sandbox, Server};
use serde_json::Value;
use std::process::Command;

/// Runs curl; `None`, with a note, where there is no curl. A curl that fails fails the test.
fn curl(arguments: &[&str]) -> Option<Value> {
    match Command::new("curl")
        .args(["--silent", "--show-error", "--max-time", "30", "--noproxy", "*"])
        .args(arguments)
        .output()
    {
        Ok(output) => {
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("no JSON ({error}): {text}")))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("not run: there is no curl here");
            None
        }
        Err(error) => panic!("curl can't be started: {error}"),
    }
}

fn server(sandbox: &Sandbox) -> Server {
    let tenant = sandbox.tenant("contoso-cn");
    sandbox.serve(&["policies/client-credentials", "--tenant", &tenant])
}

#[track_caller]
fn has_a_token(answer: &Value, keys: &Value) {
    let token = answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer:#}"));
    let claims = jwt::verified(token, keys);
    assert_eq!(claims["azp"], "11112222-bbbb-3333-cccc-4444dddd5555");
    assert_eq!(claims["scp"], "app.read app.write");
}

#[test]
fn the_article_s_curl_script_gets_a_token() {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    let policy = format!("http://{}/contoso.partner.onmschina.cn/B2C_1A_ClientCredentials", server.address);
    let Some(keys) = curl(&[&format!("{policy}/discovery/v2.0/keys")]) else { return };
    let token = format!("{policy}/oauth2/v2.0/token");
    // Step 3.1, letter by letter: --form with an explicit Content-Type.
    let form = curl(&[
        "--location",
        "--request",
        "POST",
        &token,
        "--header",
        "Content-Type: application/x-www-form-urlencoded",
        "--form",
        "grant_type=\"client_credentials\"",
        "--form",
        "client_id=\"11112222-bbbb-3333-cccc-4444dddd5555\"",
        "--form",
        "client_secret=\"FyX7Q~DuPJ...\"",
        "--form",
        "scope=\"https://contoso.partner.onmschina.cn/api/.default\"",
    ]);
    has_a_token(&form.expect("curl is there"), &keys);
    // Step 3: the body as the article shows it, without the line breaks that it has for the reader.
    let plain = curl(&[
        "--header",
        "Content-Type: application/x-www-form-urlencoded",
        "--header",
        "Expect: 100-continue",
        "--data",
        "grant_type=client_credentials&client_id=11112222-bbbb-3333-cccc-4444dddd5555&client_secret=FyX7Q~DuPJ...&scope=https%3A%2F%2Fcontoso.partner.onmschina.cn%2Fapi%2F.default",
        &token,
    ]);
    has_a_token(&plain.expect("curl is there"), &keys);
}

#[test]
fn the_commands_that_run_prints_work() {
    let sandbox = Sandbox::new();
    let run = sandbox.wayfarer(&["run", "policies/client-credentials"]);
    let line = run.fine().lines().find_map(|it| it.trim().strip_prefix("curl ")).expect("a curl command").to_owned();
    let server = sandbox.serve(&["policies/client-credentials"]);
    let line = line.replace("127.0.0.1:8464", &server.address);
    // Words of a shell, with the double quotes that the line uses.
    let words: Vec<&str> = line
        .split('"')
        .enumerate()
        .flat_map(|(at, it)| if at % 2 == 1 { vec![it] } else { it.split_whitespace().collect() })
        .collect();
    let Some(answer) = curl(&words) else { return };
    assert!(answer["access_token"].is_string(), "{answer:#}");
}
