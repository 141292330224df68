use std::path::PathBuf;

/// Why settings could not be read. Nothing is judged then: any text might be another.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Nothing is at that path.
    #[error("there is no settings file `{}`", .0.display())]
    NotFound(PathBuf),
    /// Neither beside the policies nor above them.
    #[error(
        "there is no `appsettings.json` with environments in {}, nor in a folder above",
        folders.iter().map(|it| format!("`{}`", it.display())).collect::<Vec<_>>().join(", ")
    )]
    NotBeside {
        /// Where the search began.
        folders: Vec<PathBuf>,
    },
    /// The system, or its size, keeps it from being read.
    #[error("the settings file `{}` can't be read: {reason}", path.display())]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// It is not what a settings file should be.
    #[error("{place}: {message}")]
    Malformed {
        /// `path:line:column`.
        place: String,
        /// What is wrong there.
        message: String,
        /// What to do next.
        help: String,
    },
    /// No environment is called so.
    #[error("`{file}` has no environment `{name}`")]
    UnknownEnvironment {
        /// The settings file.
        file: String,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// There are several, and none was chosen.
    #[error("`{file}` has several environments, and none is chosen")]
    NoneChosen {
        /// The settings file.
        file: String,
        /// What there is.
        known: Vec<String>,
    },
}

impl SettingsError {
    /// What to do next.
    pub fn help(&self) -> String {
        match self {
            Self::NotFound(_) => "check the spelling of `--settings`".to_owned(),
            Self::NotBeside { .. } => {
                "name the settings file with `--settings FILE`, or leave `--environment` out".to_owned()
            }
            Self::Unreadable { .. } => "make the file readable, or name another with `--settings FILE`".to_owned(),
            Self::Malformed { help, .. } => help.clone(),
            Self::UnknownEnvironment { name, known, .. } => {
                match wayfarer_diagnostics::closest(name, known.iter().map(String::as_str)) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None if known.is_empty() => "its list `Environments` is empty".to_owned(),
                    None => format!("its environments are: {}", known.join(", ")),
                }
            }
            Self::NoneChosen { known, .. } => format!("choose one with `--environment`: {}", known.join(", ")),
        }
    }
}
