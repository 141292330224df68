//! The JSON schema of `wayfarer.toml`, which editors complete and check by.

use super::content::{Content, Level, WORDS};
use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::path::Path;

/// The schema of a table from slugs to levels.
pub(super) struct LevelsOfRules;

impl JsonSchema for LevelsOfRules {
    fn schema_name() -> Cow<'static, str> {
        "Levels".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let level = generator.subschema_for::<Level>();
        let rule = |it: &wayfarer_rules::Rule| {
            let mut level = level.clone();
            let about = format!("{}. (default: {})", it.summary(), it.level.as_str());
            level.insert("description".to_owned(), about.into());
            (it.code.to_owned(), level.to_value())
        };
        let rules: serde_json::Map<_, _> = wayfarer_rules::all().iter().map(|it| rule(it)).collect();
        json_schema!({ "type": "object", "properties": rules, "additionalProperties": false })
    }
}

/// TOML has no null: what may be absent is absent.
fn without_null(schema: &mut Schema) {
    transform_subschemas(&mut without_null, schema);
    let is_null = |it: &serde_json::Value| it == "null" || it["type"] == "null";
    for list in ["type", "anyOf"] {
        let rest: Vec<_> = schema.get(list).and_then(|it| it.as_array()).into_iter().flatten().cloned().collect();
        let rest: Vec<_> = rest.into_iter().filter(|it| !is_null(it)).collect();
        match (list, &rest[..]) {
            ("type", [only]) => drop(schema.insert(list.to_owned(), only.clone())),
            ("anyOf", [only]) => {
                schema.remove(list);
                schema.insert("allOf".to_owned(), vec![only.clone()].into());
            }
            _ => {}
        }
    }
    if schema.get("default").is_some_and(|it| it.is_null()) {
        schema.remove("default");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "this test compares a file of the repository, and writes it when asked")]
fn the_schema_in_docs_is_the_one_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/wayfarer.schema.json");
    // The draft that the TOML extensions of editors know.
    let settings = SchemaSettings::draft07().with_transform(without_null as fn(&mut Schema));
    let schema = format!("{:#}\n", settings.into_generator().into_root_schema_for::<Content>().to_value());
    if std::env::var_os("WAYFARER_WRITE_PAGES").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == schema, "{} is another: run this test with WAYFARER_WRITE_PAGES=1", path.display());
    for word in WORDS {
        assert!(schema.contains(&format!("\"{word}\"")), "`{word}` is no word of the schema");
    }
}
