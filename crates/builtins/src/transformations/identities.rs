//! Federated identities: one as JSON text, and lists of them.

use super::failure::Failure;
use super::json_text::push_quoted;
use super::ordinal::Comparison;
use crate::{DataType, Identity, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// The identity of a user at an issuer; the id is given in clear.
pub(crate) fn new(issuer: &str, user_id: &str) -> Identity {
    Identity { issuer: issuer.to_owned(), issuer_user_id: BASE64.encode(user_id) }
}

/// The text that a string claim holds for an identity: the same as that of a `userIdentity`.
pub(crate) fn to_text(identity: &Identity) -> String {
    let mut text = String::from(r#"{"issuer":"#);
    push_quoted(&mut text, &identity.issuer);
    text.push_str(r#","issuerUserId":"#);
    push_quoted(&mut text, &identity.issuer_user_id);
    text.push('}');
    text
}

/// Reads the text of a string claim: that of a `userIdentity`, in its newer or older form.
pub(crate) fn from_text(text: &str) -> Result<Identity, Failure> {
    match Value::parse(DataType::UserIdentity, text) {
        Ok(Value::UserIdentity(it)) => Ok(it),
        _ => Err(Failure::new("the item is not the JSON of an identity")),
    }
}

/// The list with the identity as its last, unless it holds it already.
pub(crate) fn with(list: Option<&Vec<Identity>>, identity: Identity) -> Vec<Identity> {
    let mut list = list.cloned().unwrap_or_default();
    if !list.contains(&identity) {
        list.push(identity);
    }
    list
}

/// The list without the identities of an issuer, in whatever letter case it is written.
pub(crate) fn without(list: &[Identity], issuer: &str) -> Vec<Identity> {
    list.iter().filter(|it| !Comparison::OrdinalIgnoreCase.equal(&it.issuer, issuer)).cloned().collect()
}

/// The issuers, each once, in the order in which they first stand.
pub(crate) fn issuers(list: &[Identity]) -> Value {
    let mut seen = std::collections::HashSet::new();
    Value::StringCollection(list.iter().map(|it| &it.issuer).filter(|it| seen.insert(*it)).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_text_is_read_back_and_that_of_the_value(issuer in ".{0,12}", user in ".{0,12}") {
            let identity = new(&issuer, &user);
            let text = to_text(&identity);
            proptest::prop_assert_eq!(from_text(&text).ok().unwrap().decoded_user_id(), Some(user));
            if !issuer.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
                proptest::prop_assert_eq!(Value::UserIdentity(identity).to_text(), text);
            }
        }
    }
}
