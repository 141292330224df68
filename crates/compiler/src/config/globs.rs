use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::ops::Range;
use toml::Spanned;

/// Patterns of paths: `*` stays within a folder, `**` doesn't, and the name of a folder means all that is in it.
#[derive(Debug)]
pub(super) struct Globs(GlobSet);

impl Globs {
    /// # Errors
    /// Where the first pattern is that is none, and why.
    pub(super) fn new(patterns: &[Spanned<String>]) -> Result<Self, (Range<usize>, String)> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            // Written on Windows or not, a pattern means the same everywhere.
            let text = pattern.get_ref().replace('\\', "/");
            let text = text.trim_start_matches("./").trim_end_matches('/');
            for text in [text.to_owned(), format!("{text}/**")] {
                let glob = GlobBuilder::new(&text).literal_separator(true).build();
                set.add(glob.map_err(|it| (pattern.span(), it.kind().to_string()))?);
            }
        }
        set.build().map(Self).map_err(|it| (0..0, it.to_string()))
    }

    /// Whether there is no pattern.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them is about a path, which is written with `/`.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}
