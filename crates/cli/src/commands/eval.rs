use crate::args::Eval;
use crate::eval::{Given, call, predicate, report};
use crate::output::Failure;
use crate::{Ended, known};
use wayfarer_builtins::transformations;
use wayfarer_diagnostics::closest;

pub(crate) fn run(options: &Eval) -> Ended {
    if let Some(transformation) = transformations::find(&options.method) {
        let given = Given::read(options)?;
        return match call::run(transformation, options, &given)? {
            Ok(outputs) => report::outputs(transformation, &outputs, options.format),
            Err(problem) => report::problem(&problem, options.format),
        };
    }
    if let Some(method) = predicate::find(&options.method) {
        let given = Given::read(options)?;
        return match predicate::run(method, options, &given)? {
            Ok(holds) => report::verdict(holds, options.format),
            Err(problem) => report::problem(&problem, options.format),
        };
    }
    let failure = Failure::new(format!("there is no claims transformation method or predicate `{}`", options.method));
    Err(match closest(&options.method, known::eval()) {
        Some(close) => failure.help(format!("did you mean `{close}`?")),
        None => failure.help("`wayfarer explain` lists all of them"),
    })
}
