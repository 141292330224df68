//! S4: requests whose bounds are in doubt, and bytes that are no request. Each is answered or its connection closed, and
//! what one client hides in a request is never read as another.

use super::raw::{CLOSED_BY, exchange, exchange_to_end};
use super::{FORM, TOKEN, URLENCODED, report, serve, token_request};
use crate::http::{get, post_form};
use crate::sandbox::Sandbox;

/// What a smuggler hides behind a request.
const HIDDEN: &str = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

fn post(headers: &str, body: &str) -> Vec<u8> {
    format!("POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {URLENCODED}\r\n{headers}\r\n{body}")
        .into_bytes()
}

fn chunked(body: &str) -> String {
    format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
}

#[test]
fn s4_two_lengths_are_refused_and_the_connection_ends() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let (body, length) = (chunked(FORM), format!("Content-Length: {}\r\n", FORM.len()));
    let encoding = "Transfer-Encoding: chunked\r\n";
    let orders =
        [format!("{length}{encoding}"), format!("{encoding}{length}"), format!("{encoding}Content-Length: 0\r\n")];
    let mut tried = 0;
    for headers in &orders {
        let whole = post(headers, &format!("{body}{HIDDEN}"));
        let ends =
            (0..whole.len()).filter(|at| whole[..*at].ends_with(b"\r\nC") || whole[..*at].ends_with(b"\r\nTrans"));
        let mut parts: Vec<Vec<&[u8]>> = ends.map(|at| vec![&whole[..at], &whole[at..]]).collect();
        parts.push(vec![&whole]);
        for parts in parts {
            let heard = exchange(&server.address, &parts);
            assert_eq!(
                (heard.statuses(), heard.is_closed),
                (vec![400], true),
                "{headers:?} in {} parts: {heard:#?}",
                parts.len()
            );
            tried += 1;
        }
    }
    report(
        "S4",
        "Content-Length and Transfer-Encoding, both orders, whole and in pieces",
        format!("400 + close, {tried} of {tried}"),
        "400 + close",
    );
}

/// Requests with lengths that others may read in another way.
fn doubtful() -> Vec<(&'static str, String, String)> {
    let chunks = chunked(FORM);
    let with = |name, headers: &str, body: &str| (name, format!("{headers}\r\n"), body.to_owned());
    vec![
        with("two lengths that differ", "Content-Length: 5\r\nContent-Length: 6", "abcdef"),
        with("a list of lengths", "Content-Length: 5, 5", "abcde"),
        with("a sign", "Content-Length: +5", "abcde"),
        with("a negative length", "Content-Length: -5", "abcde"),
        with("hexadecimal", "Content-Length: 0x5", "abcde"),
        with("beyond 64 bits", "Content-Length: 99999999999999999999", "abcde"),
        with("no number", "Content-Length: five", "abcde"),
        with("an empty length", "Content-Length:", "abcde"),
        with("a space before the colon", "Transfer-Encoding : chunked", &chunks),
        with("a folded line", "X-A: b\r\n Transfer-Encoding: chunked", &chunks),
        with("another coding", "Transfer-Encoding: gzip", &chunks),
        with("chunked not last", "Transfer-Encoding: chunked, gzip", &chunks),
        with("identity", "Transfer-Encoding: identity", FORM),
        with("nearly chunked", "Transfer-Encoding: xchunked", &chunks),
        with("a vertical tab", "Transfer-Encoding: \u{b}chunked", &chunks),
        with("a quoted coding", "Transfer-Encoding: \"chunked\"", &chunks),
        with("chunks of no size", "Transfer-Encoding: chunked", "\r\nabc\r\n0\r\n\r\n"),
        with("a negative chunk", "Transfer-Encoding: chunked", "-1\r\nabc\r\n0\r\n\r\n"),
        with("a chunk beyond 64 bits", "Transfer-Encoding: chunked", "ffffffffffffffff0\r\nabc\r\n0\r\n\r\n"),
        with("a chunk that is longer than it says", "Transfer-Encoding: chunked", "3\r\nabcdef\r\n0\r\n\r\n"),
        with("a chunk size with a prefix", "Transfer-Encoding: chunked", "0x3\r\nabc\r\n0\r\n\r\n"),
        with(
            "extensions without end",
            "Transfer-Encoding: chunked",
            &format!("3;{}\r\nabc\r\n0\r\n\r\n", "x".repeat(40_000)),
        ),
        with(
            "trailers without end",
            "Transfer-Encoding: chunked",
            &format!("3\r\na=b\r\n0\r\n{}\r\n", "X-A: b\r\n".repeat(10_000)),
        ),
    ]
}

#[test]
fn s4_doubtful_lengths_hide_no_request() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let all = doubtful();
    for (name, headers, body) in &all {
        let heard = exchange(&server.address, &[&post(headers, &format!("{body}{HIDDEN}"))]);
        assert!(heard.is_closed && heard.took <= CLOSED_BY, "{name}: {heard:#?}");
        assert!([vec![400], vec![413], vec![]].contains(&heard.statuses()), "{name}: {heard:#?}");
        assert!(!heard.text.contains("ok\n"), "{name}: {heard:#?}");
    }
    // HTTP/1.0 knows no chunks.
    let old = String::from_utf8(post("Transfer-Encoding: chunked\r\n", &chunked(FORM)))
        .expect("text")
        .replacen("1.1", "1.0", 1);
    let heard = exchange(&server.address, &[old.as_bytes()]);
    assert!(heard.is_closed && !heard.statuses().contains(&200), "{heard:#?}");
    post_form(&server.address, TOKEN, "localhost", FORM).token();
    report(
        "S4",
        "lengths that others may read differently",
        format!("refused and closed, {} of {}", all.len() + 1, all.len() + 1),
        "answered or closed ≤ 10 s",
    );
}

/// No answer, but the connection is closed.
const CLOSED: u16 = 0;

/// Bytes, and the answers that are right.
fn odd() -> Vec<(&'static str, Vec<u8>, Vec<u16>)> {
    let healthz = |line: &str, headers: &str| format!("{line}\r\n{headers}Connection: close\r\n\r\n").into_bytes();
    let host = "Host: localhost\r\n";
    let discovery = super::DISCOVERY;
    let absolute = |authority: &str| healthz(&format!("GET http://{authority}{discovery} HTTP/1.1"), host);
    let get = format!("GET {discovery} HTTP/1.1");
    vec![
        ("a NUL in the path", healthz("GET /a\0b HTTP/1.1", host), vec![400]),
        ("a NUL in a header", healthz(&get, "Host: localhost\r\nX-A: b\0c\r\n"), vec![400]),
        ("a NUL in a header's name", healthz(&get, "Host: localhost\r\nX\0A: b\r\n"), vec![400]),
        ("bare line feeds", format!("{get}\nHost: localhost\nConnection: close\n\n").into_bytes(), vec![200, 400]),
        ("a bare carriage return", healthz(&get, "Host: localhost\r\nX-A: b\rc\r\n"), vec![400]),
        ("an absolute target", absolute("localhost"), vec![200]),
        ("an absolute target elsewhere", absolute("attacker.example"), vec![404]),
        ("an absolute target with a user", absolute("user:canary-4711@localhost"), vec![400]),
        ("two hosts", healthz(&get, "Host: localhost\r\nHost: localhost\r\n"), vec![400]),
        ("two hosts that differ", healthz(&get, "Host: localhost\r\nHost: attacker.example\r\n"), vec![400]),
        ("no host", healthz(&get, ""), vec![400]),
        ("an empty host", healthz(&get, "Host:\r\n"), vec![400, 404]),
        ("an unknown host", healthz(&get, "Host: attacker.example\r\n"), vec![404]),
        ("a host with a path", healthz(&get, "Host: localhost/../x\r\n"), vec![400, 404]),
        ("a host with a user", healthz(&get, "Host: canary-4711@localhost\r\n"), vec![400, 404]),
        ("a host that ends in a known one", healthz(&get, "Host: xlocalhost\r\n"), vec![404]),
        ("a host that begins as a known one", healthz(&get, "Host: localhost.attacker.example\r\n"), vec![404]),
        (
            "a host with bytes",
            [b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\nConnection: close\r\n\r\n".as_slice()].concat(),
            vec![400, 404],
        ),
        ("HTTP/1.0", healthz(&format!("GET {discovery} HTTP/1.0"), ""), vec![200]),
        ("HTTP/1.0 with a host", healthz(&format!("GET {discovery} HTTP/1.0"), host), vec![200]),
        ("HTTP/0.9", format!("GET {discovery}\r\n\r\n").into_bytes(), vec![400]),
        ("HTTP/1.2", healthz(&format!("GET {discovery} HTTP/1.2"), host), vec![400, 505]),
        ("HTTP/2's preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), vec![CLOSED]),
        ("CONNECT", healthz("CONNECT localhost:443 HTTP/1.1", host), vec![400, 404, 405]),
        (
            "TRACE",
            healthz(&format!("TRACE {discovery} HTTP/1.1"), "Host: localhost\r\nX-A: canary-4711\r\n"),
            vec![405, 501],
        ),
        ("OPTIONS of all", healthz("OPTIONS * HTTP/1.1", host), vec![200, 204, 404]),
        ("an unknown method", healthz(&format!("FOO {discovery} HTTP/1.1"), host), vec![405, 501]),
        (
            "a method of 10,000 letters",
            healthz(&format!("{} / HTTP/1.1", "A".repeat(10_000)), host),
            vec![400, 404, 405, 501],
        ),
        ("a header without a colon", healthz(&get, "Host: localhost\r\nnonsense\r\n"), vec![400]),
        ("a header without a name", healthz(&get, "Host: localhost\r\n: b\r\n"), vec![400]),
        ("a space in a header's name", healthz(&get, "Host: localhost\r\nX A: b\r\n"), vec![400]),
        ("a folded header", healthz(&get, "Host: localhost\r\nX-A: b\r\n c\r\n"), vec![400]),
        ("a header of other letters", healthz(&get, "Host: localhost\r\nX-A: b\u{e4}\r\n"), vec![200, 400]),
        ("an expectation nobody knows", healthz(&get, "Host: localhost\r\nExpect: 200-ok\r\n"), vec![200, 417]),
        (
            "an upgrade to HTTP/2",
            healthz(&get, "Host: localhost\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"),
            vec![200],
        ),
        ("an upgrade to a web socket", healthz(&get, "Host: localhost\r\nUpgrade: websocket\r\n"), vec![200]),
        ("a client hello", [b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03".as_slice(), &[7; 600]].concat(), vec![400]),
        ("zeros", vec![0; 4096], vec![400]),
        ("another protocol", b"EHLO attacker.example\r\n\r\n".to_vec(), vec![400]),
        ("a target without a slash", healthz("GET healthz HTTP/1.1", host), vec![400, 404]),
        (
            "a GET with a body",
            format!("{get}\r\nHost: localhost\r\nContent-Length: 9\r\nConnection: close\r\n\r\nabcdefghi").into_bytes(),
            vec![200],
        ),
    ]
}

#[test]
fn s4_bytes_that_are_no_request_are_answered_or_closed() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let all = odd();
    for (name, bytes, right) in &all {
        let heard = exchange(&server.address, &[bytes]);
        assert!(heard.is_closed && heard.took <= CLOSED_BY, "{name}: {heard:#?}");
        let statuses = heard.statuses();
        assert!(statuses.len() <= 1, "{name}: {heard:#?}");
        let status = statuses.first().copied().unwrap_or(CLOSED);
        assert!(right.contains(&status), "{name}: not {right:?}: {heard:#?}");
        assert!(!heard.text.contains("canary-4711"), "{name}: {heard:#?}");
    }
    assert!(!server.log().contains("canary-4711"), "{}", server.log());
    post_form(&server.address, TOKEN, "localhost", FORM).token();
    report(
        "S4",
        "bytes that are no request, or an odd one",
        format!("the right answer or closed, {} of {}", all.len(), all.len()),
        "answered or closed ≤ 10 s",
    );
}

#[test]
fn s4_a_client_that_sends_everything_and_closes_its_side_is_answered() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let heard = exchange_to_end(&server.address, &token_request());
    assert_eq!(heard.statuses(), [200], "{heard:#?}");
    // Half a request and the end.
    let whole = token_request();
    for end in [1, 20, 100, whole.len() - 1] {
        let heard = exchange_to_end(&server.address, &whole[..end]);
        assert!(heard.is_closed && !heard.statuses().contains(&200), "{end}: {heard:#?}");
    }
}

#[test]
fn s4_pipelined_requests_are_answered_in_their_order() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let one = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let many = 200;
    let mut bytes = one("/healthz").repeat(many) + &one("/nothing") + &one("/readyz");
    bytes += "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let heard = exchange(&server.address, &[bytes.as_bytes()]);
    let mut expected = vec![200; many];
    expected.extend([404, 200, 200]);
    assert_eq!((heard.statuses(), heard.is_closed), (expected, true));
    assert_eq!(get(&server.address, "/healthz").status, 200);
    report("S4", format!("{} pipelined requests", many + 3), "answered in order", "answered");
}
