//! Lengths and positions as .NET counts them: in UTF-16 code units.

/// How many units a text has.
pub(crate) fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// Whether a text has more than `limit` units.
pub(crate) fn length_exceeds(text: &str, limit: usize) -> bool {
    // A unit is between one and three bytes.
    text.len() > limit && (text.len() > limit.saturating_mul(3) || length(text) > limit)
}

/// The byte position of a unit: `None` past the end or inside a surrogate pair.
pub(crate) fn byte_position(text: &str, unit: usize) -> Option<usize> {
    let mut at = 0;
    for (byte, character) in text.char_indices() {
        if at >= unit {
            return (at == unit).then_some(byte);
        }
        at += character.len_utf16();
    }
    (at == unit).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_counted_as_net_does() {
        assert_eq!(length("😀a"), 3);
        assert!(length_exceeds("ééé", 2));
        assert!(!length_exceeds("ééé", 3));
        assert_eq!(byte_position("a😀b", 1), Some(1));
        assert_eq!(byte_position("a😀b", 2), None, "inside the pair");
        assert_eq!(byte_position("a😀b", 3), Some(5));
        assert_eq!(byte_position("a😀b", 4), Some(6));
        assert_eq!(byte_position("a😀b", 5), None);
    }
}
