//! URI references by RFC 3986, as libxml2 reads them: namespace names and `xs:anyURI` are judged by it.

/// Whether the whole text is a URI reference (RFC 3986 §4.1). The empty text is one.
pub(crate) fn is_reference(text: &str) -> bool {
    let bytes = text.as_bytes();
    is_absolute(bytes).unwrap_or_else(|| is_relative(bytes)) || is_relative(bytes)
}

/// `scheme ":" hier-part`; `None` when there is no scheme.
fn is_absolute(text: &[u8]) -> Option<bool> {
    let colon = text.iter().position(|it| !(it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.')))?;
    let (scheme, rest) = (text.get(..colon)?, text.get(colon + 1..)?);
    if text.get(colon) != Some(&b':') || !scheme.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    Some(path_starts(rest).is_some_and(ends_well))
}

fn is_relative(text: &[u8]) -> bool {
    let first = text.iter().position(|it| matches!(it, b'/' | b'?' | b'#')).unwrap_or(text.len());
    // The first segment of a relative path holds no colon, else it would read as a scheme (§4.2).
    let colon = text.get(..first).is_some_and(|segment| segment.contains(&b':'));
    !colon && path_starts(text).is_some_and(ends_well)
}

/// Reads `["//" authority] path` and hands back what follows.
fn path_starts(text: &[u8]) -> Option<&[u8]> {
    match text.strip_prefix(b"//") {
        Some(rest) => {
            let rest = authority(rest)?;
            match rest.first() {
                Some(b'/') => Some(run(rest, b"/:@")),
                _ => Some(rest),
            }
        }
        None => Some(run(text, b"/:@")),
    }
}

/// `["?" query] ["#" fragment]` and then nothing.
fn ends_well(mut rest: &[u8]) -> bool {
    if let Some(query) = rest.strip_prefix(b"?") {
        rest = run(query, b"/?:@");
    }
    if let Some(fragment) = rest.strip_prefix(b"#") {
        rest = run(fragment, b"/?:@[]");
    }
    rest.is_empty()
}

fn authority(text: &[u8]) -> Option<&[u8]> {
    let after_user = run(text, b":");
    let host = after_user.strip_prefix(b"@").unwrap_or(text);
    let after_host = match host.strip_prefix(b"[") {
        Some(literal) => literal.get(literal.iter().position(|it| *it == b']')? + 1..)?,
        // An IPv4 address reads as a registered name, too.
        None => run(host, b""),
    };
    let Some(port) = after_host.strip_prefix(b":") else { return Some(after_host) };
    let digits = port.iter().take_while(|it| it.is_ascii_digit()).count();
    let number = std::str::from_utf8(port.get(..digits)?).ok()?;
    // libxml2 keeps the port in an `int`, and wants one after a colon.
    number.parse::<i32>().ok()?;
    port.get(digits..)
}

/// Skips unreserved characters, percent escapes, sub-delimiters and those of `more`.
fn run<'a>(mut text: &'a [u8], more: &[u8]) -> &'a [u8] {
    loop {
        text = match text {
            [b'%', a, b, rest @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => rest,
            [byte, rest @ ..] if is_plain(*byte) || more.contains(byte) => rest,
            _ => return text,
        };
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn references_are_judged_as_libxml2_judges_them() {
        for good in
            ["", "http://a/b", "rel", "//host", "urn:x:y", "?q", "#f", "a/b:c", "http://[::1]:80/", "mailto:a@b"]
        {
            assert!(is_reference(good), "{good}");
        }
        for bad in ["a b", "%", "%4", "1:x", "http://[::1", "#a#b", "\u{e4}", "http://h:x/"] {
            assert!(!is_reference(bad), "{bad}");
        }
    }
}
