use similar::TextDiff;

/// The unified diff of one file, with three lines around each change; empty where nothing changed. The name stands on
/// both sides as it is, so that `patch -p0` finds the file.
pub fn diff(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    TextDiff::from_lines(before, after).unified_diff().header(name, name).context_radius(3).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diff_holds_the_line_as_it_is_and_as_it_will_be() {
        let expected = "--- a.xml\n+++ a.xml\n@@ -1,3 +1,3 @@\n <a>\r\n-  <b x=\"True\"/>\r\n+  <b x=\"true\"/>\r\n </a>\n\
                        \\ No newline at end of file\n";
        let (before, after) = ("<a>\r\n  <b x=\"True\"/>\r\n</a>", "<a>\r\n  <b x=\"true\"/>\r\n</a>");
        assert_eq!(diff("a.xml", before, after), expected);
        assert_eq!(diff("a.xml", before, before), "");
    }
}
