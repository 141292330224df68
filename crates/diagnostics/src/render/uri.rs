//! How files are named where backslashes and blanks may not be.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The unreserved characters of RFC 3986 §2.3, and the slash.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A path with forward slashes, without `./` before it.
pub(super) fn slashed(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut rest = path.as_str();
    while let Some(it) = rest.strip_prefix("./") {
        rest = it.trim_start_matches('/');
    }
    rest.to_owned()
}

/// A path as a URI: a relative reference, or `file:` for an absolute one.
pub(super) fn uri(path: &str) -> String {
    let path = slashed(path);
    // Windows' own spelling of a path that is not cut: `\\?\C:\policies`.
    let path = path.strip_prefix("//?/").unwrap_or(&path);
    let encoded = |it: &str| utf8_percent_encode(it, ENCODED).to_string();
    if let Some(host) = path.strip_prefix("//") {
        return format!("file://{}", encoded(host));
    }
    if path.starts_with('/') {
        return format!("file://{}", encoded(path));
    }
    match path.split_once(":/") {
        Some((drive, rest)) if drive.len() == 1 => format!("file:///{drive}:/{}", encoded(rest)),
        _ => encoded(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_all_systems_become_uris() {
        // RFC 8089, sections 2 and appendix E.
        for (path, expected) in [
            ("policies/a.xml", "policies/a.xml"),
            ("./policies/a.xml", "policies/a.xml"),
            ("../a.xml", "../a.xml"),
            (r"policies\sub\a.xml", "policies/sub/a.xml"),
            (r".\a.xml", "a.xml"),
            ("my policies/ä#1%.xml", "my%20policies/%C3%A4%231%25.xml"),
            ("a:b.xml", "a%3Ab.xml"),
            ("/home/me/a b.xml", "file:///home/me/a%20b.xml"),
            (r"C:\my policies\a.xml", "file:///C:/my%20policies/a.xml"),
            (r"\\?\C:\a.xml", "file:///C:/a.xml"),
            (r"\\server\share\a.xml", "file://server/share/a.xml"),
        ] {
            assert_eq!(uri(path), expected, "{path}");
        }
    }
}
