//! The reference pages: what `wayfarer explain` prints and `docs/reference/` holds. They are made of the statics that
//! checker and runtime read, of each method's `docs.md` and `vectors.toml`, and of the two pages beside this file.

mod resolver;
mod transformation;

use crate::DataType;
use crate::resolvers::{self, RESOLVERS, Resolver};
use crate::transformations::{self, Transformation, predicates};

const DATA_TYPES: &str = include_str!("data-types.md");
const PREDICATES: &str = include_str!("predicates.md");

/// One file of `docs/reference/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its path in that folder.
    pub path: String,
    /// Its text, Markdown.
    pub text: String,
}

/// All files of `docs/reference/`.
pub fn pages() -> Vec<Page> {
    let page = |path: &str, text: String| Page { path: path.to_owned(), text };
    let mut pages = vec![
        page("README.md", index()),
        page("data-types.md", DATA_TYPES.to_owned()),
        page("predicates.md", PREDICATES.to_owned()),
        page("resolvers.md", resolver::page()),
    ];
    let methods = transformations::all().iter();
    pages.extend(methods.map(|it| page(&format!("transformations/{}.md", it.method), transformation::page(it))));
    pages
}

/// The page of a claims transformation, a claim resolver (with or without its braces), a data type or a predicate's
/// method, in any letter case.
pub fn find(name: &str) -> Option<String> {
    if let Some(method) = transformations::find(name) {
        return Some(transformation::page(method));
    }
    if let Some((method, _)) = predicates::METHODS.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)) {
        return section(PREDICATES, method);
    }
    if let Some(data_type) = DataType::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(name)) {
        return section(DATA_TYPES, data_type.as_str());
    }
    let bare = name.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(name);
    match resolvers::parse(&format!("{{{bare}}}")) {
        Resolver::Claim { spec, .. } => Some(resolver::section(spec, 1)),
        _ => None,
    }
}

/// The names of claim resolvers, without braces.
pub fn resolver_names() -> Vec<String> {
    RESOLVERS.iter().map(|it| it.text().trim_matches(['{', '}']).to_owned()).collect()
}

/// The section of a page as a page of its own.
fn section(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("\n## {name}\n"))?;
    let text = rest.split_once("\n## ").map_or(rest, |(text, _)| text);
    Some(format!("# {name}\n{text}"))
}

fn index() -> String {
    let mut text = String::from(
        "# Reference\n\nThese pages are generated: `wayfarer explain NAME` prints each of them. The rules of `check` are in [`docs/rules`](../rules).\n\n",
    );
    text.push_str(
        "- [Data types](data-types.md)\n- [Claim resolvers](resolvers.md)\n- [Predicates](predicates.md)\n\n",
    );
    text.push_str("## Claims transformations\n\n| method | what it does |\n|---|---|\n");
    for it in transformations::all() {
        text.push_str(&format!("| [`{0}`](transformations/{0}.md) | {1} |\n", it.method, summary(it)));
    }
    text
}

/// The first sentence of a method's page.
pub fn summary(transformation: &Transformation) -> String {
    first_sentence(transformation.docs)
}

/// The first sentence of the page that [`find`] gives.
pub fn first_sentence(page: &str) -> String {
    let text = page.split("\n\n").nth(1).unwrap_or_default().trim().replace('\n', " ");
    text.split_once(". ").map_or(text.trim_end_matches('.'), |(first, _)| first).to_owned()
}

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Text as code, whatever it holds; for cells.
fn code(text: &str) -> String {
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    cell(&format!("{fence}{blank}{text}{blank}{fence}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    #[test]
    fn every_name_has_a_page() {
        let methods = transformations::all().iter().map(|it| it.method.to_owned());
        let predicates = predicates::METHODS.iter().map(|(it, _)| (*it).to_owned());
        let types = DataType::ALL.into_iter().map(|it| it.to_string());
        for name in methods.chain(predicates).chain(types).chain(resolver_names()) {
            for name in [name.to_uppercase(), name] {
                let page = find(&name).unwrap_or_else(|| panic!("{name} has no page"));
                assert!(page.starts_with("# ") && page.ends_with('\n') && page.lines().count() > 2, "{name}: {page}");
            }
        }
        assert!(find("{OIDC:ClientId}").is_some() && find("Claim:email").is_some());
        assert!(find("OIDC:x").is_none() && find("x").is_none() && find("").is_none() && find("{").is_none());
    }

    #[test]
    fn the_predicates_of_the_page_have_their_parameters() {
        for (method, ids) in predicates::METHODS {
            let page = section(PREDICATES, method).unwrap();
            assert!(ids.iter().all(|id| page.contains(&format!("\n| `{id}` |"))), "{method}");
        }
    }

    /// The rows of the tables under a heading whose first cell is `first`, without the code marks.
    fn rows(page: &str, first: &str) -> Vec<Vec<String>> {
        let cells = |line: &str| {
            let line = line.trim_matches('|').replace("\\|", "\u{0}");
            line.split('|').map(|it| it.trim().trim_matches('`').replace('\u{0}', "|")).collect::<Vec<String>>()
        };
        let head = format!("\n| {first} |");
        let tables = page.split(&head).skip(1);
        tables.flat_map(|it| it.lines().skip(2).take_while(|it| it.starts_with('|')).map(cells)).collect()
    }

    #[test]
    fn the_tables_of_the_data_types_say_what_is_read() {
        let mut checked = 0;
        for data_type in DataType::ALL {
            let page = section(DATA_TYPES, data_type.as_str()).unwrap();
            for row in rows(&page, "text") {
                let [text, expected] = &row[..] else { panic!("{row:?}") };
                let value = Value::parse(data_type, text);
                assert_eq!(value.is_err(), expected.starts_with("refused"), "{data_type} {text:?}");
                let shown = value.map(|it| it.to_text().to_lowercase()).unwrap_or_default();
                let exact = !matches!(data_type, DataType::Duration) && !expected.starts_with("refused");
                assert!(!exact || shown == expected.to_lowercase(), "{data_type} {text:?}: {shown}");
                checked += 1;
            }
        }
        assert!(checked >= 15, "{checked} rows");
    }

    #[test]
    fn the_tables_of_the_predicates_are_their_verdicts() {
        let mut checked = 0;
        for (method, ids) in predicates::METHODS {
            let page = section(PREDICATES, method).unwrap();
            for row in rows(&page, "value") {
                let (Some((verdict, row)), true) = (row.split_last(), row.len() == ids.len() + 2) else {
                    panic!("{row:?}")
                };
                let value = if row[0] == "the empty text" { "" } else { &row[0] };
                let parameters = ids.iter().map(|it| (*it).to_owned());
                // Both ranges list `Maximum` after `Minimum`, as the table does.
                let predicate = predicates::Predicate::new(method, parameters.zip(row[1..].iter().cloned()).collect());
                let holds = predicate.compile().unwrap().holds(value, jiff::civil::Date::constant(2024, 6, 1));
                assert_eq!(holds.to_string(), *verdict, "{method} {row:?}");
                checked += 1;
            }
        }
        assert!(checked >= 12, "{checked} rows");
    }

    #[test]
    fn code_is_code_in_a_table() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
    }
}
