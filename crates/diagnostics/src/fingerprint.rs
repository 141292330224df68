use crate::{Diagnostic, Diagnostics, FileId, Sources};
use std::collections::HashMap;

/// A longer marked text says where an element begins; what is far inside it changes for other reasons.
const MARKED: usize = 120;

/// What each finding is known by from one run to the next, as 16 hexadecimal digits: its rule, its file (as `name` has it),
/// its message, the marked text, and how many such there are before it. Lines may move and other findings come and go.
/// The policy is left out: a base is judged for each policy that derives from it, and told once, for any of them.
pub fn fingerprints(diagnostics: &Diagnostics, sources: &Sources, name: impl Fn(FileId) -> String) -> Vec<String> {
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let mut of = |it: &Diagnostic| {
        let file = name(it.primary.span.file);
        let hash = [it.code, &file, &it.message, &marked(it, sources)].into_iter().fold(FNV_OFFSET, field);
        let nth = seen.entry(hash).or_default();
        *nth += 1;
        format!("{:016x}", field(hash, &nth.to_string()))
    };
    diagnostics.iter().map(&mut of).collect()
}

/// The text under a finding, whatever its layout.
fn marked(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let span = sources.written(diagnostic.primary.span);
    let text = sources.file(span.file).and_then(|it| it.text().get(span.start as usize..span.end as usize));
    let words = text.unwrap_or_default().split_whitespace();
    words.flat_map(|it| it.chars().chain([' '])).take(MARKED).collect()
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// FNV-1a of one more field, with its end. Committed files hold what comes out, so it may be no hash that a library may
/// change; nobody attacks it.
/// <http://www.isthe.com/chongo/tech/comp/fnv/>
fn field(hash: u64, text: &str) -> u64 {
    text.bytes().chain([0xFF]).fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Severity, Span};

    fn of(text: &str, findings: &[(&str, &'static str)]) -> Vec<String> {
        let mut sources = Sources::default();
        let file = sources.add("a.xml", text);
        let mut diagnostics = Diagnostics::default();
        let mut from = 0;
        for (marked, code) in findings {
            let at = from + text[from..].find(marked).unwrap();
            from = at + 1;
            let span = Span::new(file, at, at + marked.len());
            diagnostics.report(code, Severity::Error, span, "no such thing");
        }
        fingerprints(&diagnostics, &sources, |it| sources.name(it).to_owned())
    }

    #[test]
    fn fnv_1a_is_the_published_one() {
        // <http://www.isthe.com/chongo/src/fnv/test_fnv.c>: "foobar", here without the end of a field.
        let hash = "foobar".bytes().fold(FNV_OFFSET, |hash, it| (hash ^ u64::from(it)).wrapping_mul(FNV_PRIME));
        assert_eq!(hash, 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_finding_keeps_its_fingerprint_when_lines_move_and_others_go() {
        let both = of("<a x='1'/>\n<b/>", &[("<a x='1'/>", "one"), ("<b/>", "two")]);
        assert_eq!(
            of("\n\n<a  x='1'/>\n<b/>", &[("<a  x='1'/>", "one"), ("<b/>", "two")]),
            both,
            "moved, laid out anew"
        );
        assert_eq!(of("<b/>", &[("<b/>", "two")]), both[1..], "another one is mended");
    }

    #[test]
    fn findings_are_told_apart_by_rule_by_text_and_by_number() {
        let all = of("<a/> <b/> <a/> <a/>", &[("<a/>", "one"), ("<b/>", "one"), ("<a/>", "one"), ("<a/>", "two")]);
        let once: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(once.len(), 4, "{all:?}");
    }
}
