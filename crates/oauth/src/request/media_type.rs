//! `Content-Type`: which form the body has. RFC 9110 §8.3.1.

/// How to read a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`, or any form type with a boundary: `curl --form` with a urlencoded Content-Type sends
    /// that, and the client credentials article has such a script.
    Multipart { boundary: String },
    /// Anything else, JSON among it.
    Other,
}

pub(super) fn of(content_type: Option<&[u8]>) -> Body {
    let Some(text) = content_type.and_then(|value| std::str::from_utf8(value).ok()) else { return Body::Other };
    let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
    let is = |name: &str| essence.trim().eq_ignore_ascii_case(name);
    let (form, multipart) = (is("application/x-www-form-urlencoded"), is("multipart/form-data"));
    match parameter(parameters, "boundary") {
        Some(boundary) if form || multipart => Body::Multipart { boundary },
        None if form => Body::Form,
        _ => Body::Other,
    }
}

/// The value of a parameter in `; name=value; name="quoted \"value\""`.
pub(super) fn parameter(parameters: &str, wanted: &str) -> Option<String> {
    let mut rest = parameters;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        let (name, after) = rest.split_once('=')?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted_string(quoted)?,
            None => {
                let (value, after) = after.split_once(';').unwrap_or((after, ""));
                (value.trim_end().to_owned(), after)
            }
        };
        // A parameter without a value may stand before the name.
        let name = name.rsplit(';').next().unwrap_or_default();
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = after;
    }
}

/// The text up to the closing quote, and what follows it.
fn quoted_string(quoted: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, quoted.get(at + 1..)?)),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}
