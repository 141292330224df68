//! `Content-Type`: which form the body has. RFC 9110 §8.3.1.

/// How to read a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// Any type with a boundary: `curl --form` with a urlencoded Content-Type sends that, and the client credentials
    /// article has such a script.
    Multipart { boundary: String },
    /// Anything else, JSON among it, and a header that is there twice.
    Other,
}

/// What the values of all `Content-Type` headers say.
pub(super) fn of<'a>(content_types: impl IntoIterator<Item = &'a [u8]>) -> Body {
    let mut content_types = content_types.into_iter();
    let (Some(value), None) = (content_types.next(), content_types.next()) else { return Body::Other };
    let Ok(text) = std::str::from_utf8(value) else { return Body::Other };
    let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
    match parameter(parameters, "boundary") {
        Some(boundary) => Body::Multipart { boundary },
        None if essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") => Body::Form,
        None => Body::Other,
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
