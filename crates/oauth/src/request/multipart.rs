//! Multipart bodies. RFC 2046 §5.1.1, RFC 7578.
//!
//! Our own parser, because the body is one slice of at most 64 KiB: `multer` reads an async stream, and brings `http`,
//! `httparse`, `futures-util` and `spin` into a crate that has no I/O. This one takes `Content-Disposition: attachment`
//! as well as `form-data`, which `curl --form` with a urlencoded Content-Type sends, and text before the first
//! delimiter; everything else is strict.

use crate::error::{ProtocolError, TokenError};

use super::{invalid, media_type};

/// Name and value of each part, in the order sent.
pub(super) fn parse(body: &[u8], boundary: &str, most: usize) -> Result<Vec<(String, String)>, TokenError> {
    let malformed =
        |detail| TokenError::new(ProtocolError::MissingParameter { name: "grant_type" }).with_detail(detail);
    if boundary.is_empty() || boundary.len() > 70 {
        return Err(malformed("the boundary is not 1 to 70 characters (RFC 2046 §5.1.1)"));
    }
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter may begin the body, without a line break of its own.
    let start = body.strip_prefix(delimiter.trim_start().as_bytes());
    let start = start.or_else(|| split_at(body, delimiter.as_bytes()).map(|(_, rest)| rest));
    let mut rest = start.ok_or_else(|| malformed("the body does not contain its boundary"))?;
    let mut parameters = Vec::new();
    while !rest.starts_with(b"--") {
        if parameters.len() == most {
            return Err(invalid("body").with_detail("too many parameters"));
        }
        let (padding, part) = split_at(rest, b"\r\n").ok_or_else(|| malformed("a delimiter's line does not end"))?;
        if padding.iter().any(|byte| !matches!(byte, b' ' | b'\t')) {
            return Err(malformed("there is text behind a delimiter"));
        }
        let (part, after) =
            split_at(part, delimiter.as_bytes()).ok_or_else(|| malformed("the last part does not end"))?;
        parameters.push(parameter(part)?);
        rest = after;
    }
    Ok(parameters)
}

/// One part: headers, an empty line, the value.
fn parameter(part: &[u8]) -> Result<(String, String), TokenError> {
    let malformed =
        |detail| TokenError::new(ProtocolError::MissingParameter { name: "grant_type" }).with_detail(detail);
    let (headers, value) = split_at(part, b"\r\n\r\n").ok_or_else(|| malformed("a part has no empty line"))?;
    let headers = std::str::from_utf8(headers).map_err(|_| malformed("a part's headers are not UTF-8"))?;
    let name = headers.split("\r\n").find_map(field_name).ok_or_else(|| malformed("a part has no name"))?;
    match std::str::from_utf8(value) {
        Ok(value) => Ok((name, value.to_owned())),
        Err(_) => Err(invalid(&name).with_detail("the value is not UTF-8")),
    }
}

/// `name` of a `Content-Disposition` line.
fn field_name(line: &str) -> Option<String> {
    let (header, value) = line.split_once(':')?;
    let (disposition, parameters) = value.split_once(';')?;
    let known = ["form-data", "attachment"].iter().any(|known| disposition.trim().eq_ignore_ascii_case(known));
    let is_disposition = header.trim().eq_ignore_ascii_case("Content-Disposition") && known;
    is_disposition.then(|| media_type::parameter(parameters, "name"))?
}

/// What stands before and after the first `needle`.
fn split_at<'a>(text: &'a [u8], needle: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = text.windows(needle.len()).position(|window| window == needle)?;
    Some((text.get(..at)?, text.get(at + needle.len()..)?))
}
