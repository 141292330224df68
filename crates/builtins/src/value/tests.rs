use super::*;
use serde::Deserialize;

/// `data_types.toml`: a text of a type, and the value's text form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextCase {
    name: Option<String>,
    data_type: String,
    text: String,
    /// The text form of the value; without it the text is no value.
    value: Option<String>,
    /// Another text of the same value.
    same_as: Option<String>,
    /// The length in UTF-16 units.
    length: Option<usize>,
}

/// `token.toml`: a value and how a token carries it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenCase {
    name: Option<String>,
    data_type: String,
    /// The value's text.
    text: Option<String>,
    /// The value's JSON, for what has no text.
    json: Option<Json>,
    /// What the token carries; without it the claim is left out.
    token: Option<Json>,
}

#[derive(Deserialize)]
struct Cases<T> {
    case: Vec<T>,
}

fn cases<T: serde::de::DeserializeOwned>(toml: &str) -> Vec<T> {
    toml::from_str::<Cases<T>>(toml).unwrap_or_else(|error| panic!("{error}")).case
}

fn data_type(name: &str) -> DataType {
    DataType::from_name(name).unwrap_or_else(|| panic!("{name}"))
}

/// Reference "claims", section 1.
#[test]
fn texts_are_read_in_the_lexical_form_of_their_type() {
    for case in cases::<TextCase>(include_str!("data_types.toml")) {
        let what = format!("{} `{}` {:?}", case.data_type, case.text, case.name);
        let read = |text: &str| Value::parse(data_type(&case.data_type), text).ok();
        assert_eq!(read(&case.text).map(|it| it.to_text()), case.value, "{what}");
        if let Some(other) = &case.same_as {
            assert!(read(&case.text).is_some() && read(&case.text) == read(other), "{what}");
        }
        if let Some(length) = case.length {
            assert_eq!(crate::transformations::utf16::length(&case.text), length, "{what}");
        }
    }
}

/// Reference "claims", section 2.
#[test]
fn tokens_carry_typed_json_and_leave_empties_out() {
    for case in cases::<TokenCase>(include_str!("token.toml")) {
        let data_type = data_type(&case.data_type);
        let what = format!("{data_type} {:?} {:?}", case.text, case.name);
        let value = match (&case.text, &case.json) {
            (Some(text), _) => Some(Value::parse(data_type, text).unwrap_or_else(|error| panic!("{what}: {error}"))),
            (None, Some(json)) => Value::from_json(data_type, json).unwrap_or_else(|error| panic!("{what}: {error}")),
            (None, None) => None,
        };
        assert_eq!(value.and_then(|it| it.to_token_json()), case.token, "{what}");
    }
}

#[test]
fn json_of_partners_becomes_claims_of_the_declared_type() {
    let read = |data_type, json: Json| Value::from_json(data_type, &json).map(|it| it.map(|it| it.to_text()));
    assert_eq!(read(DataType::String, json!(1)), Ok(Some("1".to_owned())));
    assert_eq!(read(DataType::String, json!(true)), Ok(Some("true".to_owned())));
    assert_eq!(read(DataType::Boolean, json!("true")), Ok(Some("True".to_owned())));
    assert_eq!(read(DataType::Int, json!(7)), Ok(Some("7".to_owned())));
    assert!(read(DataType::Int, json!(3_000_000_000_u64)).is_err());
    assert_eq!(read(DataType::String, Json::Null), Ok(None));
    assert_eq!(read(DataType::StringCollection, json!(["a", "b"])), Ok(Some("[\"a\",\"b\"]".to_owned())));
    assert!(read(DataType::Int, json!([1])).is_err());
}

#[test]
fn debug_shows_no_value() {
    assert_eq!(format!("{:?}", Value::String("x@contoso.com".into())), "string([redacted])");
}
