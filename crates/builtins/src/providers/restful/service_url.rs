//! `ServiceUrl`: an absolute URL; with `SendClaimsIn` = `Url` a template with `{claim}` in path and query.

use super::settings::SendClaimsIn;
use crate::providers::DeclaredClaim;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt;

/// A value, in whatever part of a URL: all but RFC 3986 "unreserved".
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The policy's own text: what no URL may hold as it is. `%` stays, so that what is encoded is not encoded twice.
const LITERAL: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// A `ServiceUrl`, ready to be filled in. `Debug` and `Display` show no query value: those are often keys.
pub(super) struct ServiceUrl {
    /// Scheme, host and port. INVARIANT: no claim can change them.
    origin: String,
    parts: Vec<Part>,
    shown: String,
}

enum Part {
    Literal(String),
    Claim { name: String, input: Option<usize>, position: Position },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Path,
    Query,
}

/// Why a template can't be filled in; names the placeholder, never a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FillError(pub(super) String);

impl ServiceUrl {
    /// Reads a URL; the error completes "`ServiceUrl` …".
    pub(super) fn parse(text: &str, send: SendClaimsIn, inputs: &[DeclaredClaim]) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err("has control characters");
        }
        let (scheme, rest) = text.split_once("://").ok_or("is no absolute URL")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let origin = origin(scheme, authority)?;
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let mut parts = Vec::new();
        read_parts(if path.is_empty() { "/" } else { path }, Position::Path, send, inputs, &mut parts);
        if let Some(query) = query {
            parts.push(Part::Literal("?".to_owned()));
            read_parts(query, Position::Query, send, inputs, &mut parts);
        }
        let shown = format!("{origin}{path}{}", query.map(shown_query).unwrap_or_default());
        Ok(Self { origin, parts, shown })
    }

    /// Placeholders that no input claim fills.
    pub(super) fn unknown_placeholders(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|it| match it {
            Part::Claim { name, input: None, .. } => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether a placeholder stands for the input claim at `index`.
    pub(super) fn has_placeholder(&self, index: usize) -> bool {
        self.parts.iter().any(|it| matches!(it, Part::Claim { input, .. } if *input == Some(index)))
    }

    /// Puts values into the template; `value` gives that of the input claim at an index.
    pub(super) fn fill(&self, value: impl Fn(usize) -> Option<String>) -> Result<String, FillError> {
        let mut out = String::new();
        let mut filled_path = false;
        for part in &self.parts {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Claim { name, input, position } => {
                    filled_path |= *position == Position::Path;
                    let value = input.and_then(&value).filter(|it| *position == Position::Query || !it.is_empty());
                    let value = value.ok_or_else(|| FillError(format!("`{{{name}}}` has no value")))?;
                    out.extend(utf8_percent_encode(&value, VALUE));
                }
            }
        }
        if filled_path && climbs(&out) {
            return Err(FillError("a value would make a `.` or `..` of a path segment".to_owned()));
        }
        Ok(format!("{}{out}", self.origin))
    }
}

fn origin(scheme: &str, authority: &str) -> Result<String, &'static str> {
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        return Err("is neither `http` nor `https`");
    }
    if authority.contains(['{', '}']) {
        return Err("has a placeholder in its host");
    }
    if authority.contains('@') {
        return Err("holds a user name or password");
    }
    let origin = url::Url::parse(&format!("{scheme}://{authority}")).map_err(|_| "has no valid host")?;
    // A backslash would count as a slash.
    if origin.path() != "/" {
        return Err("has no valid host");
    }
    Ok(origin.as_str().trim_end_matches('/').to_owned())
}

fn read_parts(text: &str, position: Position, send: SendClaimsIn, inputs: &[DeclaredClaim], out: &mut Vec<Part>) {
    let mut rest = text;
    while let Some((before, name, after)) = placeholder(rest).filter(|_| send == SendClaimsIn::Url) {
        out.push(literal(before));
        out.push(Part::Claim { name: name.to_owned(), input: input_named(inputs, name), position });
        rest = after;
    }
    out.push(literal(rest));
}

/// The first `{name}`, with what stands before and after it.
pub(super) fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

fn literal(text: &str) -> Part {
    Part::Literal(utf8_percent_encode(text, LITERAL).to_string())
}

/// The input claim with that partner name, else with that id (ids are compared without case).
fn input_named(inputs: &[DeclaredClaim], name: &str) -> Option<usize> {
    let partner = inputs.iter().position(|it| it.partner == name);
    partner.or_else(|| inputs.iter().position(|it| it.claim_type.eq_ignore_ascii_case(name)))
}

/// Whether a path has a segment that URL parsers take for "here" or "up".
fn climbs(path_and_query: &str) -> bool {
    let path = path_and_query.split('?').next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
    path.split('/').any(|it| matches!(it, "." | ".."))
}

/// `?name=…` for each parameter: values are often keys, such as `code` of Azure Functions.
fn shown_query(query: &str) -> String {
    let names = query.split('&').map(|it| it.split_once('=').map_or("…".to_owned(), |(name, _)| format!("{name}=…")));
    format!("?{}", names.collect::<Vec<_>>().join("&"))
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// One `name=value` of a query, encoded.
pub(super) fn query_pair(name: &str, value: &str) -> String {
    format!("{}={}", utf8_percent_encode(name, VALUE), utf8_percent_encode(value, VALUE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DataType;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    fn template() -> ServiceUrl {
        let names = ["a", "b"].map(|it| DeclaredClaim {
            claim_type: it.to_owned(),
            partner: it.to_owned(),
            data_type: DataType::String,
            always_use_default: false,
        });
        ServiceUrl::parse("https://api.contoso.com:8443/x/{a}/y?q={b}&r=1", SendClaimsIn::Url, &names).unwrap()
    }

    proptest! {
        /// As URL parsers read it, whatever the values are.
        #[test]
        fn values_change_nothing_but_their_own_place(a in any::<String>(), b in any::<String>()) {
            let values = [a.clone(), b.clone()];
            let Ok(filled) = template().fill(|index| values.get(index).cloned()) else {
                prop_assert!(a.is_empty() || matches!(a.as_str(), "." | ".."));
                return Ok(());
            };
            let url = url::Url::parse(&filled).unwrap();
            prop_assert!(filled.parse::<http::Uri>().is_ok());
            prop_assert_eq!((url.scheme(), url.host_str(), url.port()), ("https", Some("api.contoso.com"), Some(8443)));
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!((segments.len(), segments[0], segments[2]), (3, "x", "y"));
            prop_assert_eq!(percent_encoding::percent_decode_str(segments[1]).decode_utf8().unwrap(), a.as_str());
            let pairs: Vec<_> = url.query_pairs().collect();
            prop_assert_eq!(pairs, [("q".into(), b.as_str().into()), ("r".into(), "1".into())]);
            prop_assert_eq!(url.fragment(), None);
        }

        #[test]
        fn any_text_is_an_address_or_a_problem(text in any::<String>()) {
            for text in [text.clone(), format!("https://{text}"), format!("https://api.contoso.com/{text}")] {
                if let Ok(url) = ServiceUrl::parse(&text, SendClaimsIn::Url, &[]) {
                    let _ = url.fill(|_| None);
                }
            }
        }
    }
}
