//! Several messages in one text.

/// The messages of an answer, each by itself and once: the service writes them without anything between, and many twice.
pub fn messages(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let mut start = 0;
    for end in ends(text).chain([text.len()]) {
        let message = text.get(start..end).unwrap_or_default().trim();
        if !message.is_empty() && !found.contains(&message) {
            found.push(message);
        }
        start = end;
    }
    found
}

/// Where a word with a capital follows a full stop or a quotation without a blank. What stands in quotes is never cut.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let mut is_quoted = false;
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        is_quoted ^= byte == b'"';
        let ends = matches!(byte, b'.' | b'"' | b'}') && !is_quoted;
        (ends && begins_sentence(text.as_bytes().get(at + 1..)?)).then_some(at + 1)
    })
}

/// A word and a blank: the name of a class goes on with a dot.
fn begins_sentence(text: &[u8]) -> bool {
    let letters = text.iter().take_while(|it| it.is_ascii_alphabetic()).count();
    text.first().is_some_and(u8::is_ascii_uppercase) && text.get(letters) == Some(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_cut_where_the_service_glues_them() {
        let one = "TechnicalProfile \"F. Book\" in policy \"P\" of tenant \"t.com\" defines an invalid value \"\" for the metadata item \"client_id.\"";
        let other = "Output Claim 'x' is not supported in provider 'Web.TPEngine.Azure' of policy 'P'. If it is a claim with default value, add it.";
        let last = "Claim type \"c\" is the output claim of the relying party's technical profile.";
        let head = "Validation failed: 3 validation error(s) found in policy \"P\" of tenant \"t.com\".";
        let text = format!("{head}{one}{other}{last}{one}{other}{last}");
        assert_eq!(messages(&text), [head, one, other, last]);
    }

    #[test]
    fn what_is_one_message_stays_one() {
        for text in ["", " ", "one", "A.B c", "a \"quotation. Here \" and more.", "end.\u{20ac}Und"] {
            assert_eq!(messages(text).concat(), text.trim());
        }
    }
}
