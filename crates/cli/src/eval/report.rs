//! What is printed: JSON for scripts, and the same for people.

use super::Problem;
use super::call::Outputs;
use crate::args::Format;
use crate::output::{self, ADDED, ERROR, HEADING, QUIET, REMOVED, styled};
use crate::{Ended, Exit};
use serde_json::{Map, Value as Json, json};
use wayfarer_builtins::transformations::{Output, Transformation};

/// What a transformation wrote. What it leaves alone is not in the JSON; what it takes away is `null`.
pub(crate) fn outputs(transformation: &Transformation, outputs: &Outputs, format: Format) -> Ended {
    let text = match format {
        Format::Json => {
            let written = outputs.iter().filter_map(|(claim, output)| match output {
                Output::Set(value) => Some((claim.slot.clone(), value.to_json())),
                Output::Clear => Some((claim.slot.clone(), Json::Null)),
                Output::Untouched => None,
            });
            line(&json!({ "outputs": Json::Object(written.collect::<Map<_, _>>()) }))
        }
        Format::Human if transformation.outputs.is_empty() => {
            format!("{} the assertion holds; it writes no claim\n", styled(ADDED, "passed"))
        }
        Format::Human if outputs.is_empty() => {
            format!("{}\n", styled(QUIET, "no output is declared: `--type NAME=DATATYPE` declares one"))
        }
        Format::Human => {
            outputs.iter().map(|(claim, output)| row(&claim.slot, claim.data_type.as_str(), output)).collect()
        }
    };
    output::result(&text);
    Ok(Exit::Fine)
}

fn row(name: &str, data_type: &str, output: &Output) -> String {
    let (name, data_type) = (styled(HEADING, name), styled(QUIET, data_type));
    match output {
        Output::Set(value) => format!("{name} = {}  {data_type}\n", value.to_json()),
        Output::Clear => format!("{name} {}  {data_type}\n", styled(REMOVED, "loses its value")),
        Output::Untouched => format!("{name} {}  {data_type}\n", styled(QUIET, "stays as it is")),
    }
}

/// The verdict of a predicate.
pub(crate) fn verdict(holds: bool, format: Format) -> Ended {
    output::result(&match format {
        Format::Json => line(&json!({ "outputs": { "result": holds } })),
        Format::Human => format!("{}\n", styled(if holds { ADDED } else { REMOVED }, holds)),
    });
    Ok(Exit::Fine)
}

/// Why there is no result.
pub(crate) fn problem(problem: &Problem, format: Format) -> Ended {
    match format {
        Format::Json => {
            let mut error = json!({ "code": problem.code, "message": problem.message });
            for (name, text) in [("key", problem.key), ("help", problem.help.as_deref())] {
                if let (Some(text), Some(members)) = (text, error.as_object_mut()) {
                    members.insert(name.to_owned(), Json::String(text.to_owned()));
                }
            }
            output::result(&line(&json!({ "error": error })));
        }
        Format::Human => {
            let code = styled(ERROR, format_args!("error[{}]", problem.code));
            output::remark(format_args!("{code}: {}", problem.message));
            if let Some(key) = problem.key {
                output::remark(format_args!("       a policy gives another text under the key `{key}`"));
            }
            if let Some(help) = &problem.help {
                output::remark(format_args!("{}: {help}", styled(HEADING, "help")));
            }
        }
    }
    Ok(Exit::Findings)
}

fn line(json: &Json) -> String {
    format!("{json}\n")
}
