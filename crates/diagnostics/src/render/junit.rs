use super::uri::slashed;
use crate::{Diagnostic, Diagnostics, FileId, Sources};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// JUnit's XML, as Jenkins, GitLab and Azure DevOps read it: a suite for each of `files`, with a test case for each finding,
/// or one that passes. What `fails` is a failure; other findings are skipped cases, for the format knows no warning.
pub fn junit(
    diagnostics: &Diagnostics,
    sources: &Sources,
    files: &[FileId],
    fails: impl Fn(&Diagnostic) -> bool,
) -> String {
    let mut by_file: BTreeMap<FileId, Vec<&Diagnostic>> = files.iter().map(|it| (*it, Vec::new())).collect();
    diagnostics.iter().for_each(|it| by_file.entry(it.primary.span.file).or_default().push(it));
    let failures = |found: &[&Diagnostic]| found.iter().filter(|it| fails(it)).count();
    let totals = |suites: &mut dyn Iterator<Item = &Vec<&Diagnostic>>| {
        let (mut tests, mut failed, mut skipped) = (0, 0, 0);
        for found in suites {
            tests += found.len().max(1);
            failed += failures(found);
            skipped += found.len() - failures(found);
        }
        format!("tests=\"{tests}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\"")
    };
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String can't fail.
    let _ = writeln!(out, "<testsuites name=\"wayfarer check\" {}>", totals(&mut by_file.values()));
    for (file, found) in &by_file {
        let name = escaped(&slashed(sources.name(*file)));
        let _ = writeln!(out, "  <testsuite name=\"{name}\" {}>", totals(&mut std::iter::once(found)));
        if found.is_empty() {
            let _ = writeln!(out, "    <testcase name=\"no findings\" classname=\"{name}\" file=\"{name}\"/>");
        }
        for it in found {
            case(&mut out, it, sources, &name, fails(it));
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn case(out: &mut String, it: &Diagnostic, sources: &Sources, file: &str, fails: bool) {
    let place = sources.start(it.primary.span);
    let (code, severity, message) = (it.code, it.severity.as_str(), escaped(&it.message));
    let name = format!("{code} at {}:{}", place.line, place.column);
    let line = place.line;
    let _ = writeln!(out, "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{line}\">");
    let _ = match fails {
        true => {
            let help = it.help.as_ref().map_or(String::new(), |it| format!("\n{}", escaped(it)));
            let text = format!("{file}:{line}:{}: {message}{help}", place.column);
            writeln!(out, "      <failure type=\"{severity}\" message=\"{message}\">{text}</failure>")
        }
        false => writeln!(out, "      <skipped message=\"{severity}: {message}\"/>"),
    };
    out.push_str("    </testcase>\n");
}

/// Text and attribute values alike. What XML 1.0 can't hold (most control characters, two non-characters) becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(it),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            it if it.is_control() => out.push('\u{FFFD}'),
            it => out.push(it),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Severity, Span};

    #[test]
    fn markup_and_control_characters_of_a_policy_stay_out_of_the_xml() {
        let mut sources = Sources::default();
        let file = sources.add("sub\\a&b.xml", "<a/>");
        let clean = sources.add("clean.xml", "");
        let mut found = Diagnostics::default();
        found.report("one", Severity::Error, Span::new(file, 0, 4), "no `<\"&>`").help("try \u{1b} ]]>");
        found.report("two", Severity::Warning, Span::new(file, 0, 4), "hm");
        let xml = junit(&found, &sources, &[file, clean], |it| it.severity == Severity::Error);
        let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"wayfarer check\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\">
  <testsuite name=\"sub/a&amp;b.xml\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"1\">
    <testcase name=\"one at 1:1\" classname=\"sub/a&amp;b.xml\" file=\"sub/a&amp;b.xml\" line=\"1\">
      <failure type=\"error\" message=\"no `&lt;&quot;&amp;&gt;`\">sub/a&amp;b.xml:1:1: no `&lt;&quot;&amp;&gt;`
try \u{FFFD} ]]&gt;</failure>
    </testcase>
    <testcase name=\"two at 1:1\" classname=\"sub/a&amp;b.xml\" file=\"sub/a&amp;b.xml\" line=\"1\">
      <skipped message=\"warning: hm\"/>
    </testcase>
  </testsuite>
  <testsuite name=\"clean.xml\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">
    <testcase name=\"no findings\" classname=\"clean.xml\" file=\"clean.xml\"/>
  </testsuite>
</testsuites>
";
        assert_eq!(xml, expected);
    }
}
