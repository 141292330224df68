//! Resolvers inside a longer text: `LoadUri` and the parameters of content definitions (reference "claim-resolvers",
//! sections 1, 2 and 5).

use super::{Resolver, ResolverContext, ResolverError, parse};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What the text is: what a resolver yields is anybody's, and must not change the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A URL: values are percent-encoded.
    Url,
    /// A text that whoever uses it encodes as a whole.
    Text,
}

/// What RFC 3986 §2.3 leaves as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The text with every claim resolver in it replaced: by nothing where its source has nothing. Other braces stay. What a
/// resolver yields is not resolved again.
///
/// # Errors
/// A namespace has no such name.
pub fn resolve_within(text: &str, target: Target, context: &ResolverContext<'_>) -> Result<String, ResolverError> {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        resolved.push_str(before);
        let Some(end) = from.find('}') else {
            rest = from;
            break;
        };
        // The last brace before the closing one opens: in `{{Claim:x}` the first stands for itself.
        let open = from.get(..end).and_then(|it| it.rfind('{')).unwrap_or_default();
        let (literal, braces) = from.split_at(open);
        let (braces, after) = braces.split_at(end + 1 - open);
        resolved.push_str(literal);
        match parse(braces) {
            it @ (Resolver::Claim { .. } | Resolver::UnknownName { .. }) => {
                let value = it.resolve(context)?.unwrap_or_default();
                match target {
                    Target::Url => resolved.extend(utf8_percent_encode(&value, RESERVED)),
                    Target::Text => resolved.push_str(&value),
                }
            }
            Resolver::Literal(_) | Resolver::Braces { .. } => resolved.push_str(braces),
        }
        rest = after;
    }
    resolved.push_str(rest);
    Ok(resolved)
}
