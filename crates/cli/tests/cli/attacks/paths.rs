//! Tricks with paths: what names no policy of the tenant is the 404 page, what is no URL is 400, and never is anything
//! read from the disk for it.

use super::raw::exchange;
use super::{FORM, TENANT, URLENCODED, report, serve};
use crate::sandbox::Sandbox;

const POLICY: &str = "B2C_1A_ClientCredentials";
const OPERATIONS: [&str; 3] = ["oauth2/v2.0/token", "v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"];
/// Files that lie near: the tenant's, and those that every system has.
const FILES: [&str; 5] =
    ["etc/passwd", "tenant.toml", "keys/B2C_1A_TokenSigningKeyContainer.json", "windows/win.ini", ".git/config"];

/// Ways to write a step up and a separator.
fn steps() -> Vec<String> {
    let ups = [
        "..",
        "%2e%2e",
        "%2E.",
        ".%2e",
        "%252e%252e",
        "..;",
        "...",
        "%c0%ae%c0%ae",
        "%e0%80%ae%e0%80%ae",
        "\u{ff0e}\u{ff0e}",
        "..%00",
        "..%20",
        "%u002e%u002e",
    ];
    let separators = ["/", "%2f", "%2F", "%5c", "\\", "%252f", "%c0%af", "%c1%9c", "//", "/./", "%u2215"];
    ups.iter().flat_map(|up| separators.iter().map(move |it| format!("{up}{it}"))).collect()
}

fn traversals() -> Vec<String> {
    let mut all = Vec::new();
    for step in steps() {
        for file in FILES {
            let up = step.repeat(6);
            all.push(format!("/{up}{file}"));
            all.push(format!("/{TENANT}/{up}{file}"));
            all.push(format!("/{TENANT}/{POLICY}/{up}{file}"));
            all.push(format!("/{TENANT}/{up}{file}/oauth2/v2.0/token"));
        }
        all.push(format!("/{TENANT}/{step}{POLICY}x/oauth2/v2.0/token"));
        all.push(format!("/{TENANT}/oauth2/v2.0/token?p={step}{POLICY}"));
    }
    all
}

/// Names that are nearly right.
fn near() -> Vec<String> {
    let mut all = Vec::new();
    for operation in OPERATIONS {
        for policy in [
            "%00",
            "%0d%0a",
            "%7f",
            "%1b[2J",
            "%0aX-A:%20b",
            "%e2%80%ae",
            "%ff",
            "%",
            "%2",
            "%zz",
            " ",
            "%20",
            "+",
            ".",
            "%2e",
            ";a=b",
            ";",
            "%3b",
            "%3f",
            "#",
            "%23",
            "*",
            "'--",
            "<script>",
            "${x}",
            "{{x}}",
            "\u{130}",
        ] {
            // Before, within and behind the name.
            all.push(format!("/{TENANT}/{policy}{POLICY}/{operation}"));
            all.push(format!("/{TENANT}/B2C_1A_{policy}ClientCredentials/{operation}"));
            all.push(format!("/{TENANT}/{POLICY}{policy}/{operation}"));
            all.push(format!("/{TENANT}{policy}/{POLICY}/{operation}"));
            all.push(format!("/{TENANT}/{POLICY}/{operation}{policy}"));
        }
        for path in [
            format!("/{TENANT}/{POLICY}/{operation}/x"),
            format!("/{TENANT}/{POLICY}/x/../{operation}"),
            format!("/{TENANT}/{POLICY}/./{operation}"),
            format!("/{TENANT}/{POLICY}/{}", operation.replace('/', "%2f")),
            format!("/{TENANT}/{POLICY}/{}", operation.replace('/', "%5c")),
            format!("/{TENANT}%2f{POLICY}/{operation}"),
            format!("/tfp/tfp/{TENANT}/{POLICY}/{operation}"),
            format!("/{TENANT}/{POLICY}/{POLICY}/{operation}"),
            format!("/{TENANT}/B2C_1A_CC_Base/{operation}"),
            format!("/{TENANT}/{POLICY}.xml/{operation}"),
            format!("/{TENANT}/{operation}"),
            format!("/{TENANT}/{operation}?p="),
            format!("/{TENANT}/{operation}?p=%00{POLICY}"),
            format!("/{TENANT}/{operation}?p={POLICY}%0d%0a"),
            format!("/{TENANT}/{operation}?p={POLICY}&p=B2C_1A_Other").replace(POLICY, "B2C_1A_Nothing"),
            format!("/{TENANT}/{operation}?q={POLICY}"),
            format!("/{TENANT}/{operation}?{}", "p&".repeat(2000)),
            format!("//attacker.example/{TENANT}/{POLICY}/{operation}"),
        ] {
            all.push(path);
        }
    }
    all.extend([
        String::from("/"),
        "//".into(),
        "/.".into(),
        "/..".into(),
        "/%2f".into(),
        "/healthz/".into(),
        "/healthz/x".into(),
        "/HEALTHZ".into(),
        "/readyz;x".into(),
        "/graph/".into(),
        format!("/{}", "a/".repeat(2000)),
    ]);
    all
}

/// One that another reading of the specification allows: the name is the policy's after all.
fn may_be_served(path: &str) -> bool {
    let trailing = ["#", "?"];
    trailing.iter().any(|it| path.ends_with(it))
}

#[test]
fn paths_that_name_nothing_are_404_or_400_and_never_a_file() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let all: Vec<String> = traversals().into_iter().chain(near()).collect();
    let mut seen = std::collections::BTreeMap::new();
    for chunk in all.chunks(100) {
        for path in chunk {
            let request = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {URLENCODED}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{FORM}",
                FORM.len()
            );
            let heard = exchange(&server.address, &[request.as_bytes()]);
            let [status] = heard.statuses()[..] else { panic!("{path:?}: {heard:#?}") };
            *seen.entry(status).or_insert(0) += 1;
            if status == 404 {
                assert!(heard.body().contains("404 - File or directory not found."), "{path:?}: {heard:#?}");
            } else if !may_be_served(path) {
                assert_eq!(status, 400, "{path:?}: {heard:#?}");
            }
            for text in ["root:", "775527ff", "pkcs8", "[fonts]", "[core]"] {
                assert!(status == 200 || !heard.text.contains(text), "{path:?}: {heard:#?}");
            }
        }
    }
    let log = server.log();
    assert!(!log.contains('\u{1b}') && !log.contains("X-A: b") && !log.contains("panicked"), "{log}");
    report(
        "paths",
        format!("{} paths", all.len()),
        format!("by status: {seen:?}"),
        "404 page or 400, never 5xx, never a file",
    );
}

#[test]
fn paths_of_other_case_and_slashes_name_the_same_policy() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    for path in [
        format!("/{TENANT}/{POLICY}/oauth2/v2.0/token"),
        format!("/{}/{}/OAUTH2/V2.0/TOKEN", TENANT.to_uppercase(), POLICY.to_lowercase()),
        format!("/TFP/{TENANT}/{POLICY}/oauth2/v2.0/token"),
        format!("/{TENANT}/%422C_1A_ClientCredentials/oauth2/v2.0/token"),
    ] {
        crate::http::post_form(&server.address, &path, "localhost", FORM).token();
    }
}
