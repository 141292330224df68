use std::path::PathBuf;

/// Why `wayfarer.toml` could not be read. Nothing is judged then: a level might be another.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Nothing is at that path.
    #[error("there is no file `{}`", .0.display())]
    NotFound(PathBuf),
    /// The system, its size, or its encoding keeps it from being read.
    #[error("`{}` can't be read: {reason}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// It says something that it may not.
    #[error("{place}: {message}")]
    Malformed {
        /// `path:line:column`.
        place: String,
        /// What is wrong there.
        message: String,
        /// What to do next.
        help: String,
    },
    /// Two paths of one command have each its own.
    #[error("two files apply: `{}` and `{}`", first.display(), second.display())]
    Several {
        /// The one of a path before.
        first: PathBuf,
        /// Another one.
        second: PathBuf,
    },
}

impl ConfigError {
    /// What to do next.
    pub fn help(&self) -> String {
        match self {
            Self::NotFound(_) => "check the spelling of `--config`".to_owned(),
            Self::Unreadable { .. } => "make the file readable, as UTF-8".to_owned(),
            Self::Malformed { help, .. } => help.clone(),
            Self::Several { .. } => {
                "run the command once for each, or name the one that counts with `--config FILE`".to_owned()
            }
        }
    }
}
