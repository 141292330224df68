//! How names compare: as in a JavaScript regular expression with the flag `i`, by which the extension looks for tokens.

/// A name such that two names that match without regard to case are equal: each character in upper case, where that is one
/// character and where it doesn't make an ASCII letter of another (ECMA-262, `Canonicalize` without the flag `u`).
pub(super) fn fold(name: &str) -> String {
    name.chars().map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        // Characters outside the basic plane are two units there, and neither has a case.
        (Some(one), None) if u32::from(c) <= 0xFFFF && (c.is_ascii() || !one.is_ascii()) => one,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_folded_as_javascript_does() {
        assert_eq!(fold("FacebookAppId"), fold("FACEBOOKappid"));
        assert_eq!(fold("Größe"), fold("GRÖßE"), "ö has one upper-case character");
        assert_ne!(fold("ß"), fold("SS"), "ß has two");
        assert_ne!(fold("ſettings"), fold("settings"), "a long s is not the letter s");
        assert_ne!(fold("𐐨"), fold("𐐀"), "outside the basic plane nothing is folded");
    }
}
