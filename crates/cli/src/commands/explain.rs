use crate::args::Explain;
use crate::commands::explain_azure;
use crate::output::{Failure, HEADING, styled};
use crate::{Ended, Exit, known, output};
use wayfarer_builtins::transformations::{self, predicates};
use wayfarer_builtins::{DataType, reference};

pub(crate) fn run(options: &Explain) -> Ended {
    if let Some(text) = &options.azure {
        return explain_azure::run(options, text);
    }
    match &options.name {
        Some(name) => page(name),
        None => {
            output::result(&list());
            Ok(Exit::Fine)
        }
    }
}

fn page(name: &str) -> Ended {
    let rule = wayfarer_rules::find(name).map(|it| it.docs.to_owned());
    if let Some(text) = rule.or_else(|| reference::find(name)) {
        output::result(&text);
        return Ok(Exit::Fine);
    }
    let failure = Failure::new(format!("there is nothing called `{name}` to explain"));
    Err(match known::closest(name) {
        Some(close) => failure.help(format!("did you mean `{close}`?")),
        None => failure.help(
            "`wayfarer explain` lists all rules, claims transformations, claim resolvers, data types and predicates",
        ),
    })
}

fn list() -> String {
    let rules = wayfarer_rules::all().iter().map(|it| (it.code.to_owned(), it.level.as_str().to_owned()));
    let methods = transformations::all().iter().map(|it| (it.method.to_owned(), reference::summary(it)));
    let resolvers = wayfarer_builtins::resolvers::RESOLVERS.iter().map(|it| (it.text(), it.doc.to_owned()));
    let summed_up = |name: &str| {
        let page = reference::find(name).unwrap_or_default();
        (name.to_owned(), reference::first_sentence(&page))
    };
    let types = DataType::ALL.map(|it| summed_up(it.as_str()));
    let predicates = predicates::METHODS.iter().map(|(method, _)| summed_up(method));
    [
        section("Rules", &rules.collect::<Vec<_>>()),
        section("Claims transformations", &methods.collect::<Vec<_>>()),
        section("Claim resolvers", &resolvers.collect::<Vec<_>>()),
        section("Data types", &types),
        section("Predicates", &predicates.collect::<Vec<_>>()),
    ]
    .join("\n")
}

fn section(title: &str, rows: &[(String, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default().min(44);
    let row = |(name, text): &(String, String)| format!("  {}\n", format!("{name:width$}  {text}").trim_end());
    format!("{}\n{}", styled(HEADING, title), rows.iter().map(row).collect::<String>())
}
