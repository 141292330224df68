use std::borrow::Cow;

/// How hyper begins its answer to a header that is too large, whichever line of it is.
pub(super) const TOO_LARGE: &[u8] = b"HTTP/1.1 431 Request Header Fields Too Large";
/// The same for a request line (RFC 9112 §3), in as many bytes: a reason may end with spaces.
const TARGET_TOO_LONG: &[u8] = b"HTTP/1.1 414 URI Too Long                   ";

/// Whether a target that is shorter is fine is judged elsewhere.
const LONG: usize = 4 * 1024;

/// Headers, which come line by line or in any pieces. Lines of a body are taken for lines of a header: at worst a request
/// that is fine is refused on a connection whose body looked like one that is not.
#[derive(Default)]
pub(super) struct Lines {
    /// The beginning of the line that is being read.
    start: [u8; 18],
    length: usize,
    /// Lines of this header that are complete.
    complete: usize,
    has_length: bool,
    has_encoding: bool,
    /// A header had `Content-Length` and `Transfer-Encoding`.
    pub(super) have_two_lengths: bool,
}

impl Lines {
    pub(super) fn read(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|it| *it == b'\n') {
            let (line, rest) = bytes.split_at(end);
            self.add(line);
            self.end();
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.add(bytes);
    }

    fn add(&mut self, part: &[u8]) {
        let kept = self.start.iter_mut().skip(self.length);
        kept.zip(part).for_each(|(own, byte)| *own = *byte);
        self.length += part.len();
    }

    fn end(&mut self) {
        let line = self.start.get(..self.length.min(self.start.len())).unwrap_or_default();
        let is = |name: &str| line.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()));
        match line {
            [] | [b'\r'] => *self = Self { have_two_lengths: self.have_two_lengths, ..Self::default() },
            _ => {
                self.has_length |= is("content-length:");
                self.has_encoding |= is("transfer-encoding:");
                self.have_two_lengths |= self.has_length && self.has_encoding;
                self.complete += 1;
                self.length = 0;
            }
        }
    }

    /// An answer as hyper would give it, if it knew which line was too long.
    pub(super) fn rightly<'b>(&self, answer: &'b [u8]) -> Cow<'b, [u8]> {
        match answer.strip_prefix(TOO_LARGE) {
            Some(rest) if self.complete == 0 && self.length > LONG => [TARGET_TOO_LONG, rest].concat().into(),
            _ => answer.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_in(parts: &[&str]) -> Lines {
        let mut lines = Lines::default();
        parts.iter().for_each(|it| lines.read(it.as_bytes()));
        lines
    }

    #[test]
    fn both_lengths_in_one_header_are_seen_in_any_pieces() {
        let with = |rest: &str| format!("POST / HTTP/1.1\r\nHost: x\r\n{rest}");
        let both = with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n");
        for at in 0..both.len() {
            let (first, second) = both.split_at(at);
            assert!(read_in(&[first, second]).have_two_lengths, "{at}");
        }
        assert!(read_in(&[&with("transfer-encoding: chunked\ncontent-length:3\n\n")]).have_two_lengths);
        assert!(!read_in(&[&with("Content-Length: 3\r\n\r\nTransfer-Encoding: x\r\n")]).have_two_lengths);
        assert!(!read_in(&[&with("Transfer-Encoding: chunked\r\n\r\n")]).have_two_lengths);
        assert!(!read_in(&[&with("X-Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n")]).have_two_lengths);
    }

    #[test]
    fn a_request_line_that_is_too_long_is_another_mistake_than_a_header() {
        assert_eq!(TOO_LARGE.len(), TARGET_TOO_LONG.len());
        let answer = [TOO_LARGE, b"\r\n\r\n"].concat();
        let long = "a".repeat(LONG);
        let (line, header) = (read_in(&["GET /", &long]), read_in(&["GET / HTTP/1.1\r\nX-A: ", &long]));
        assert!(line.rightly(&answer).starts_with(b"HTTP/1.1 414 ") && line.rightly(&answer).ends_with(b" \r\n\r\n"));
        assert_eq!(header.rightly(&answer), answer);
        assert_eq!(line.rightly(b"HTTP/1.1 200 OK"), b"HTTP/1.1 200 OK".as_slice());
    }
}
