use super::*;

const FORM: &[u8] = b"application/x-www-form-urlencoded";

fn parse(content_type: &str, body: &[u8]) -> Result<TokenRequest, TokenError> {
    TokenRequest::parse([content_type.as_bytes()], [], body)
}

fn code(content_type: &str, body: &[u8]) -> Option<u32> {
    parse(content_type, body).err().map(|error| error.code())
}

/// Byte for byte what curl 7.88.1 sends for the article's script, `--form` with the urlencoded Content-Type given by
/// hand; other versions are said to begin the body with an empty line.
#[test]
fn the_articles_curl_script_sends_multipart_under_a_form_type() {
    let boundary = "------------------------1878d7a03e2f2a43";
    let content_type = format!("application/x-www-form-urlencoded; boundary={boundary}");
    let part = |(name, value): (&str, &str)| {
        format!("--{boundary}\r\nContent-Disposition: attachment; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts = [
        ("grant_type", "client_credentials"),
        ("client_id", "11112222-bbbb-3333-cccc-4444dddd5555"),
        ("client_secret", "FyX7Q~DuPJ..."),
        ("scope", "https://contoso.partner.onmschina.cn/api/.default"),
    ];
    let body = format!("{}--{boundary}--\r\n", parts.map(part).concat());
    assert_eq!(body.len(), 559, "the captured Content-Length");
    for body in [body.clone(), format!("\r\n{body}")] {
        let request = parse(&content_type, body.as_bytes()).unwrap();
        assert_eq!(request.grant_type(), Some("client_credentials"));
        assert_eq!(request.client_id(), Some("11112222-bbbb-3333-cccc-4444dddd5555"));
        assert_eq!(request.scope(), Some("https://contoso.partner.onmschina.cn/api/.default"));
        assert_eq!(request.secrets().first().map(Secret::expose), Some("FyX7Q~DuPJ..."));
    }
}

/// Half-broken requests of every kind end in an answer: a fixed stream of edits on well-formed ones.
#[test]
fn no_bytes_make_it_panic() {
    let multipart = b"--x\r\nContent-Disposition: form-data; name=\"a\\\"b\"\r\n\r\nv\r\n--x--".as_slice();
    let seeds: [(&[u8], &[u8]); 3] = [
        (b"multipart/form-data; a; boundary=\"x\"; c=d", multipart),
        (FORM, b"grant_type=client_credentials&client_id=%C3%A9&scope=a+b&&=%2"),
        (
            b"application/x-www-form-urlencoded; boundary=x",
            b"\r\n--x \r\nContent-Disposition:attachment;name=a\r\n\r\n\r\n--x--",
        ),
    ];
    let header = b"Basic MDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAyOndyb25n";
    let mut state = 1u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut edited = |text: &[u8]| {
        let mut text = text.to_vec();
        for _ in 0..next(4) {
            let at = next(text.len());
            match next(3) {
                0 => text[at] = u8::try_from(next(256)).unwrap(),
                1 => text.truncate(at + 1),
                _ => text.insert(at, b"\"\\;=-%\r\n"[next(8)]),
            }
        }
        text
    };
    for round in 0..30_000 {
        let (content_type, body) = seeds[round % seeds.len()];
        let (content_type, header, body) = (edited(content_type), edited(header), edited(body));
        let _ = TokenRequest::parse([content_type.as_slice()], (round % 2 == 0).then_some(header.as_slice()), &body);
    }
}

/// RFC 7578 §4, with what RFC 2046 allows around it.
#[test]
fn proper_multipart() {
    let body = b"preamble\r\n--a b \r\nContent-Type: text/plain; charset=utf-8\r\ncontent-disposition: form-data; filename=\"x;name=y\"; name=\"a \\\"quoted\\\" name\"\r\n\r\nline 1\r\nline 2\r\n--a b\r\nContent-Disposition: form-data; name=empty\r\n\r\n\r\n--a b--\r\nepilogue";
    let request = parse("multipart/form-data; charset=utf-8; Boundary=\"a b\"", body).unwrap();
    assert_eq!(request.parameters().collect::<Vec<_>>(), [("a \"quoted\" name", "line 1\r\nline 2")]);
}

#[test]
fn broken_multipart_is_not_understood() {
    let good = "--x\r\nContent-Disposition: form-data; name=\"scope\"\r\n\r\nv\r\n--x--";
    assert_eq!(code("multipart/form-data; boundary=x", good.as_bytes()), None);
    for end in 0..good.len() - 1 {
        assert_eq!(code("multipart/form-data; boundary=x", &good.as_bytes()[..end]), Some(90083), "{end}");
    }
    assert_eq!(code("multipart/form-data", good.as_bytes()), Some(90083));
    assert_eq!(code("multipart/form-data; boundary=\"\"", good.as_bytes()), Some(90083));
    assert_eq!(code("multipart/form-data; boundary=y", good.as_bytes()), Some(90083));
    assert_eq!(code("multipart/form-data; boundary=x", good.replace("form-data", "inline").as_bytes()), Some(90083));
}

#[test]
fn form_bodies() {
    let request = parse("application/x-www-form-urlencoded;charset=UTF-8", b"a=1+2%C3%A9&b&&=x&c=%zz").unwrap();
    let parameters: Vec<_> = request.parameters().collect();
    assert_eq!(parameters, [("a", "1 2é"), ("", "x"), ("c", "%zz")]);
    for other in ["application/json", "text/plain", "application/json; boundary=x", "", "\u{e9}"] {
        assert_eq!(code(other, b"grant_type=client_credentials"), Some(90083), "{other}");
    }
    assert_eq!(TokenRequest::parse([], [], b"a=1").unwrap_err().code(), 90083);
    assert_eq!(TokenRequest::parse([b"\xff".as_slice()], [], b"a=1").unwrap_err().code(), 90083);
}

#[test]
fn what_is_refused() {
    let form = "application/x-www-form-urlencoded";
    assert_eq!(code(form, b"scope=a&%73cope=b"), Some(90122));
    assert_eq!(code(form, b"scope=&scope=b"), Some(90122));
    assert_eq!(code(form, b"a=\xff"), Some(90122));
    assert_eq!(code(form, b"%ff=a"), Some(90122));
    let many = |count: usize| (0..count).map(|at| format!("p{at}=1")).collect::<Vec<_>>().join("&");
    assert_eq!(code(form, many(100).as_bytes()), None);
    assert_eq!(code(form, many(101).as_bytes()), Some(90122));
}

#[test]
fn parameters_leave_out_the_secret() {
    let body = b"grant_type=x&client_id=y&client_secret=s&campaignId=7";
    let request = parse("application/x-www-form-urlencoded", body).unwrap();
    let parameters: Vec<_> = request.parameters().collect();
    assert_eq!(parameters, [("grant_type", "x"), ("client_id", "y"), ("campaignId", "7")]);
    assert_eq!(request.get("client_secret"), None);
    assert!(!format!("{request:?}").contains('7'));
}

#[test]
fn basic_credentials() {
    let read = |header: &[u8]| TokenRequest::parse([FORM], [header], b"a=1");
    // RFC 7617 §2: Aladdin / open sesame.
    let request = read(b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==").unwrap();
    assert_eq!(request.client_id(), Some("Aladdin"));
    assert_eq!(request.secrets().iter().map(Secret::expose).collect::<Vec<_>>(), ["open sesame"]);
    // "a:b+c%21" has two readings.
    let request = read(b"Basic YTpiK2MlMjE=").unwrap();
    assert_eq!(request.secrets().iter().map(Secret::expose).collect::<Vec<_>>(), ["b c!", "b+c%21"]);
    // "id:" has no secret.
    assert!(read(b"Basic aWQ6").unwrap().secrets().is_empty());
    for bad in [&b"Basic"[..], b"Basic !", b"Basic YWJj", b"Digest x", b"", b"\xff"] {
        let error = read(bad).unwrap_err();
        assert_eq!((error.code(), error.status()), (90081, 401), "{bad:?}");
    }
}

/// RFC 9110 §5.3: neither header may be there twice, so no choice between two is the right one.
#[test]
fn a_header_that_is_there_twice_is_refused() {
    let basic = b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".as_slice();
    let error = TokenRequest::parse([FORM], [basic, basic], b"a=1").unwrap_err();
    assert_eq!((error.code(), error.status()), (90122, 400));
    assert_eq!(TokenRequest::parse([FORM, FORM], [], b"a=1").unwrap_err().code(), 90083);
}
