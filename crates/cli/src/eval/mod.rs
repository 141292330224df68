//! `wayfarer eval`: what is given becomes a declaration, it runs, and the result is told. [`call`] runs a claims
//! transformation, [`predicate`] a predicate, [`report`] prints.

pub(crate) mod call;
pub(crate) mod predicate;
pub(crate) mod report;

use crate::args::Eval;
use crate::output::Failure;
use std::io::Read;
use wayfarer_builtins::transformations::TransformationError;

/// Larger files are no values.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// Why there is no result: something that a policy with the same would be refused for, or fail with.
pub(crate) struct Problem {
    /// One word for the kind.
    pub(crate) code: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// The key of an assertion's message to the user.
    pub(crate) key: Option<&'static str>,
    /// What to do.
    pub(crate) help: Option<String>,
}

impl Problem {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), key: None, help: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl From<TransformationError> for Problem {
    fn from(error: TransformationError) -> Self {
        let key = match &error {
            TransformationError::Assertion { key, .. } => Some(*key),
            _ => None,
        };
        Self { key, ..Self::new(error.code(), error.reason()) }
    }
}

/// Names and texts, those in files among them.
pub(crate) struct Given {
    pub(crate) inputs: Vec<(String, String)>,
    pub(crate) parameters: Vec<(String, String)>,
}

impl Given {
    pub(crate) fn read(options: &Eval) -> Result<Self, Failure> {
        let with_files = |texts: &[(String, String)], files: &[(String, String)]| {
            let read = files.iter().map(|(name, path)| Ok((name.clone(), file(path)?)));
            texts.iter().cloned().map(Ok).chain(read).collect::<Result<Vec<_>, Failure>>()
        };
        Ok(Self {
            inputs: with_files(&options.inputs, &options.input_files)?,
            parameters: with_files(&options.parameters, &options.parameter_files)?,
        })
    }
}

fn file(path: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = if path == "-" {
        std::io::stdin().take(FILE_LIMIT + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|it| it.take(FILE_LIMIT + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::new(format!("`{path}` can't be read: {error}")))?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(Failure::new(format!("`{path}` is larger than 64 MiB")).help("no claim is that large"));
    }
    String::from_utf8(bytes).map_err(|_| Failure::new(format!("`{path}` is not UTF-8")).help("write it as UTF-8"))
}
