//! The page of a claims transformation: what it does, its signature, and its cases.

use super::{cell, code};
use crate::DataType;
use crate::transformations::vectors::Case;
use crate::transformations::{Content, Null, ParameterSlot, Presence, Slot, Transformation, Types};

const SIGNATURE_NOTE: &str = "\
No current page of the service's documentation describes this method; its signature is that of public policies.\n\n";

pub(super) fn page(transformation: &Transformation) -> String {
    let docs = transformation.docs;
    // The signature stands before the first section.
    let (introduction, sections) = docs.split_at(docs.find("\n## ").map_or(docs.len(), |it| it + 1));
    format!("{introduction}{}{sections}{}", signature(transformation), cases(transformation))
}

fn signature(it: &Transformation) -> String {
    let mut text = String::from("## Signature\n\n");
    if !it.documented {
        text.push_str(SIGNATURE_NOTE);
    }
    if it.inputs.is_empty() && it.parameters.is_empty() {
        text.push_str("It takes no input claims and no parameters.\n\n");
    }
    if !it.inputs.is_empty() {
        text.push_str("| input claim | data type | declared | without a value |\n|---|---|---|---|\n");
        text.extend(it.inputs.iter().map(input));
        text.push('\n');
    }
    if !it.parameters.is_empty() {
        text.push_str("| input parameter | data type | declared | text |\n|---|---|---|---|\n");
        text.extend(it.parameters.iter().map(parameter));
        text.push('\n');
    }
    if it.outputs.is_empty() {
        text.push_str("It has no output claims.\n\n");
    } else {
        text.push_str("| output claim | data type |\n|---|---|\n");
        text.extend(it.outputs.iter().map(output));
        text.push('\n');
    }
    text
}

fn input(slot: &Slot) -> String {
    let null = match slot.null {
        Null::Error => "the call fails",
        Null::Tolerated => "see below",
    };
    format!("| {} | {} | {} | {null} |\n", claim(slot), types(&slot.types), presence(slot.presence))
}

fn output(slot: &Slot) -> String {
    let types = match slot.same_type_as {
        Some(input) => format!("that of `{input}`"),
        None => types(&slot.types),
    };
    format!("| {} | {types} |\n", claim(slot))
}

fn claim(slot: &Slot) -> String {
    let aliases = slot.aliases.iter().map(|it| format!(" or {}", code(it)));
    format!("{}{}", name(slot.name, slot.presence), aliases.collect::<String>())
}

fn parameter(slot: &ParameterSlot) -> String {
    let declared = match slot.default {
        Some(default) => format!("optional, default {}", code(default)),
        None => presence(slot.presence).to_owned(),
    };
    format!(
        "| {} | {} | {declared} | {} |\n",
        name(slot.name, slot.presence),
        types(&slot.types),
        content(slot.content)
    )
}

fn name(name: &str, presence: Presence) -> String {
    match presence {
        Presence::Variadic(prefix) => {
            let what = name.trim_start_matches(prefix).trim_matches(['<', '>']);
            if prefix.is_empty() { format!("*{}*", what) } else { format!("`{prefix}`*{what}*") }
        }
        Presence::Required | Presence::Optional => code(name),
    }
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Variadic(_) => "any number",
    }
}

fn content(content: Content) -> String {
    match content {
        Content::Text => "any".to_owned(),
        Content::Words(words) => words.iter().map(|it| code(it)).collect::<Vec<_>>().join(", "),
        Content::Format(Some(1)) => "a .NET composite format with `{0}`".to_owned(),
        Content::Format(_) => "a .NET composite format with `{0}`, `{1}` and so on".to_owned(),
        Content::Regex => "a .NET regular expression".to_owned(),
        Content::PolicyKey => "the name of a policy key container".to_owned(),
        Content::StringId => "the `StringId` of a localized string".to_owned(),
    }
}

fn types(types: &Types) -> String {
    if types.documented.len() == DataType::ALL.len() {
        return "any".to_owned();
    }
    let names = |list: &[DataType]| list.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ");
    let mut text = names(types.documented);
    let further: Vec<DataType> =
        types.undocumented.iter().copied().filter(|it| !types.documented.contains(it)).collect();
    if types.documented.len() + further.len() == DataType::ALL.len() {
        text.push_str("; not documented: any other");
    } else if !further.is_empty() {
        text.push_str(&format!("; not documented: {}", names(&further)));
    }
    if !types.cast_error.is_empty() {
        text.push_str(&format!("; {} passes the upload, and then every call fails", names(types.cast_error)));
    }
    text
}

fn cases(transformation: &Transformation) -> String {
    let mut text = String::from("\n## Cases\n\n| case | given | result |\n|---|---|---|\n");
    for case in transformation.cases().unwrap_or_default() {
        text.push_str(&format!("| {} | {} | {} |\n", cell(&case.name), given(&case), result(&case)));
    }
    text
}

/// `NAME` = value, as JSON writes it.
fn assigned(name: &str, value: &impl serde::Serialize) -> String {
    format!("{} = {}", code(name), code(&serde_json::to_string(value).unwrap_or_default()))
}

/// Policy text as it is, unless quotes are needed to see it.
fn written(name: &str, text: &str) -> String {
    let quoted = text.is_empty() || text.trim() != text || text.contains(char::is_control);
    if quoted { assigned(name, &text) } else { format!("{} = {}", code(name), code(text)) }
}

fn given(case: &Case) -> String {
    let mut parts: Vec<String> = case.inputs.iter().map(|(name, it)| assigned(name, it)).collect();
    parts.extend(case.declared.iter().map(|it| format!("{} has no value", code(it))));
    parts.extend(case.undeclared.iter().map(|it| format!("{} is not declared", code(it))));
    let text = |it: &toml::Value| it.as_str().unwrap_or_default().to_owned();
    parts.extend(case.parameters.iter().map(|(id, it)| written(id, &text(it))));
    parts.extend(case.repeated_parameters.iter().map(|(id, it)| format!("once more {}", written(id, &text(it)))));
    let types = case.types.iter().chain(&case.parameter_types);
    parts.extend(types.map(|(name, it)| format!("{} is of type {it}", code(name))));
    parts.extend(case.now.map(|it| format!("now {}", code(&it.to_string()))));
    parts.extend(case.relying_party_tenant.as_ref().map(|it| format!("tenant {}", code(it))));
    parts.extend(case.keys.iter().map(|(container, secret)| format!("key {}", written(container, secret))));
    parts.extend(case.strings.iter().map(|(id, it)| format!("localized {}", written(id, it))));
    parts.extend(case.default_strings.iter().map(|(id, it)| format!("in the default language {}", written(id, it))));
    let items = |list: &[(String, String)], what: &str| {
        list.iter().map(|(text, value)| format!("{what} {} → {}", code(text), code(value))).collect::<Vec<_>>()
    };
    parts.extend(items(&case.enumeration, "item"));
    parts.extend(items(case.localized_enumeration.as_deref().unwrap_or_default(), "localized item"));
    for (method, parameters) in case.predicates.iter().flatten() {
        let parameters = parameters.iter().map(|(id, it)| written(id, it)).collect::<Vec<_>>().join(", ");
        parts.push(format!("{method} with {parameters}"));
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

fn result(case: &Case) -> String {
    match (&case.error, &case.key) {
        (Some(_), Some(key)) => return format!("an assertion: {}", code(key)),
        (Some(error), None) => {
            return match error.as_str() {
                "signature" => "refused at upload".to_owned(),
                "parameter" => "an error: the parameter".to_owned(),
                "missing-input" => "an error: no value".to_owned(),
                _ => "an error".to_owned(),
            };
        }
        (None, _) => {}
    }
    let mut parts: Vec<String> = case.outputs.iter().map(|(name, it)| assigned(name, it)).collect();
    parts.extend(case.matches.iter().map(|(name, it)| format!("{} matches {}", code(name), code(it))));
    parts.extend(case.cleared.iter().map(|it| format!("{} loses its value", code(it))));
    parts.extend(case.untouched.iter().map(|it| format!("{} stays as it is", code(it))));
    if parts.is_empty() { "nothing is written".to_owned() } else { parts.join(", ") }
}
