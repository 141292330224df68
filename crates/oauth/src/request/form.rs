//! `application/x-www-form-urlencoded`, strictly UTF-8: the URL standard's own parser would replace bad bytes.

use percent_encoding::percent_decode;

use crate::error::TokenError;

use super::invalid;

/// Name and value of each parameter, in the order sent.
pub(super) fn parse(body: &[u8], most: usize) -> Result<Vec<(String, String)>, TokenError> {
    let mut parameters = Vec::new();
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        if parameters.len() == most {
            return Err(invalid("body").with_detail("too many parameters"));
        }
        let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (name, value) = pair.split_at(equals);
        let name = decode(name).ok_or_else(|| invalid("body").with_detail("a parameter name is not UTF-8"))?;
        let value = decode(value.get(1..).unwrap_or_default());
        let value = value.ok_or_else(|| invalid(&name).with_detail("the value is not UTF-8"))?;
        parameters.push((name, value));
    }
    Ok(parameters)
}

/// `+` is a space and `%XX` a byte; a `%` without two hexadecimal digits stays as it is. `None` if not UTF-8.
pub(super) fn decode(text: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).decode_utf8().ok().map(Into::into)
}
