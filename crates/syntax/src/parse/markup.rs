//! Markup that is no tag: the XML declaration, processing instructions, comments, DOCTYPE, and what is none of them.

use super::{Parser, offset};
use crate::chars;
use crate::report::shown;

impl Parser<'_> {
    /// `<!--…-->`
    pub(super) fn comment(&mut self, start: usize, end: usize) -> usize {
        self.flush_text();
        // The `--` that ends the comment may not follow a hyphen: `--->` is refused, too.
        let stop = end.saturating_sub(3);
        let inner = self.text.as_bytes().get(start + 4..end.saturating_sub(2)).unwrap_or_default();
        if let Some(found) = memchr::memmem::find(inner, b"--") {
            let at = start + 4 + found;
            self.error(at, at + 2, "`--` is not allowed inside a comment")
                .label("ends no comment")
                .help("write something else than two hyphens, such as `- -`");
        }
        debug_assert!(stop >= start);
        self.comments.push((offset(start), offset(end)));
        end
    }

    /// `<?…?>`
    pub(super) fn instruction(&mut self, start: usize, end: usize) -> usize {
        self.flush_text();
        let name_end = chars::name_end(self.text, start + 2);
        let name = self.slice(start + 2, name_end);
        let after = self.byte(name_end);
        if name == "xml" && chars::is_space(after) {
            if start == 0 {
                self.declaration(name_end, end);
            } else {
                let message = "an XML declaration stands only at the very start of a file";
                self.error(start, end, message).label("not the start of the file").help("remove it");
            }
            return end;
        }
        let message = match name {
            "" => "a processing instruction needs a name",
            "xml" if start == 0 => "the XML declaration lacks its version",
            _ if name.eq_ignore_ascii_case("xml") => "no processing instruction may have the name `xml`",
            _ if name.contains(':') => "the name of a processing instruction holds no colon",
            _ if !chars::is_space(after) && name_end + 2 != end => {
                "white space belongs after the name of a processing instruction"
            }
            _ => return end,
        };
        let help = "a policy needs no processing instruction: remove it";
        self.error(start, end, message).label("this processing instruction").help(help);
        end
    }

    /// The inside of `<?xml version="1.0" encoding="utf-8" standalone="yes"?>` (XML 1.0 §2.8).
    fn declaration(&mut self, start: usize, end: usize) {
        if let Err((at, stop, message)) = self.read_declaration(start, end.saturating_sub(2)) {
            self.error(at, stop.max(at), message)
                .label("in the XML declaration")
                .help("write `<?xml version=\"1.0\" encoding=\"utf-8\"?>`");
        }
    }

    fn read_declaration(&self, start: usize, end: usize) -> Result<(), (usize, usize, String)> {
        let mut at = start;
        let mut last = "";
        loop {
            let spaced = self.skip_space(at).min(end);
            if spaced >= end {
                let missing = last.is_empty().then(|| (end, end, "the XML declaration lacks its version".to_owned()));
                return missing.map_or(Ok(()), Err);
            }
            if spaced == at {
                return Err((at, at, "white space belongs between the parts of the XML declaration".to_owned()));
            }
            let name_end = chars::name_end(self.text, spaced).min(end);
            let name = self.slice(spaced, name_end);
            let order = match (last, name) {
                ("", "version") | ("version", "encoding") | ("version" | "encoding", "standalone") => Ok(()),
                ("", _) => Err("the XML declaration begins with its version".to_owned()),
                (_, "version" | "encoding" | "standalone") => Err(format!("`{name}` stands in the wrong place")),
                _ => Err("only version, encoding and standalone belong here".to_owned()),
            };
            // Where no name begins, the one character is what is wrong.
            let character = self.slice(spaced, end).chars().next().map_or(0, char::len_utf8);
            order.map_err(|message| (spaced, name_end.max(spaced + character), message))?;
            let equals = self.skip_space(name_end);
            let quote = self.skip_space(equals + 1);
            let mark = self.byte(quote);
            if self.byte(equals) != b'=' || !matches!(mark, b'"' | b'\'') || quote >= end {
                return Err((spaced, name_end, format!("`{name}` needs a value in quotes")));
            }
            let close = self.find_any(mark, mark, quote + 1);
            if close >= end {
                return Err((quote, end, format!("the value of `{name}` is not closed")));
            }
            let value = self.slice(quote + 1, close);
            if let Some(message) = wrong_value(name, value) {
                return Err((quote + 1, close, message));
            }
            last = name;
            at = close + 1;
        }
    }

    /// `<!DOCTYPE …>`, refused wherever it stands.
    pub(super) fn doctype(&mut self, start: usize, end: usize) -> usize {
        self.flush_text();
        if !self.doctype {
            self.doctype = true;
            self.error(start, end, "a DOCTYPE is not allowed in a policy")
                .label("document type declaration")
                .help("remove it: entities can blow a file up to gigabytes or read other files, so nothing of it is ever read");
        }
        end
    }

    /// What quick-xml can't make a token of. Hands back where reading goes on.
    pub(super) fn broken_markup(&mut self, start: usize) -> usize {
        let rest = self.slice(start, self.text.len());
        let all = self.text.len();
        let here = |text: &str| rest.get(..text.len()).is_some_and(|it| it.eq_ignore_ascii_case(text));
        if rest.starts_with("</") {
            return self.end_tag(start);
        }
        if !rest.starts_with("<!") && !rest.starts_with("<?") {
            return self.start_tag(start);
        }
        self.flush_text();
        if rest.starts_with("<!--") {
            self.error(start, start + 4, "the comment is never closed").label("begins here").help("end it with `-->`");
            return all;
        }
        if rest.starts_with("<![CDATA[") {
            let diagnostic = self.error(start, start + 9, "the CDATA section is never closed");
            diagnostic.label("begins here").help("end it with `]]>`");
            return all;
        }
        let stop = match self.find_any(b'>', b'<', start + 1) {
            stop if self.byte(stop) == b'>' => stop + 1,
            stop => stop,
        };
        if here("<!DOCTYPE") {
            return self.doctype(start, stop);
        }
        if rest.starts_with("<?") {
            self.error(start, start + 2, "the processing instruction is never closed")
                .label("begins here")
                .help("end it with `?>`, or remove it");
        } else {
            self.error(start, stop, "this is no markup that XML knows")
                .label("neither a comment nor a CDATA section")
                .help("write `&lt;` for the character `<` itself");
        }
        stop
    }
}

fn wrong_value(name: &str, value: &str) -> Option<String> {
    match name {
        "version" => {
            let digits = value.strip_prefix("1.").is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
            (!digits).then(|| format!("`{}` is not a version of XML that can be read", shown(value)))
        }
        "encoding" => {
            let legal = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'-');
            let good = value.starts_with(|it: char| it.is_ascii_alphabetic()) && value.bytes().all(legal);
            (!good).then(|| format!("`{}` is not the name of an encoding", shown(value)))
        }
        _ => (!matches!(value, "yes" | "no")).then(|| format!("standalone is `yes` or `no`, not `{}`", shown(value))),
    }
}
