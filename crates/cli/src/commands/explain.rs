use crate::args::Explain;
use crate::output::Failure;
use crate::{Ended, Exit, output};
use wayfarer_diagnostics::closest;

pub(crate) fn run(options: &Explain) -> Ended {
    match &options.slug {
        Some(slug) => page(slug),
        None => {
            output::result(&list());
            Ok(Exit::Fine)
        }
    }
}

fn page(slug: &str) -> Ended {
    if let Some(rule) = wayfarer_rules::find(slug) {
        output::result(rule.docs);
        return Ok(Exit::Fine);
    }
    let failure = Failure::new(format!("there is no rule `{slug}`"));
    let codes = wayfarer_rules::all().iter().map(|it| it.code);
    Err(match closest(slug, codes) {
        Some(close) => failure.help(format!("did you mean `{close}`?")),
        None => failure.help("`wayfarer explain` lists all rules"),
    })
}

fn list() -> String {
    let width = wayfarer_rules::all().iter().map(|it| it.code.len()).max().unwrap_or_default();
    wayfarer_rules::all().iter().map(|it| format!("{:width$}  {}\n", it.code, it.level.as_str())).collect()
}
