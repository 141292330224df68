//! `ResolveJsonPathsInJsonTokens`: `contacts[0].person.emails[0].email` (reference "technical-profiles", B1.4).

use serde_json::Value as Json;

/// What the path leads to; `None` where a step is missing. The old form `data.0.to` finds no item of an array: it does
/// not work in the service either (azure-docs issue 62187).
pub(super) fn find<'a>(json: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(json, |json, step| step_into(json, step))
}

/// A member name, positions in brackets, or both: `value[0][1]`, `[0]`.
fn step_into<'a>(json: &'a Json, step: &str) -> Option<&'a Json> {
    let (member, mut positions) = step.split_at(step.find('[').unwrap_or(step.len()));
    let mut json = if member.is_empty() && !positions.is_empty() { json } else { json.as_object()?.get(member)? };
    while let Some(rest) = positions.strip_prefix('[') {
        let (position, after) = rest.split_once(']')?;
        json = json.as_array()?.get(position.parse::<usize>().ok()?)?;
        positions = after;
    }
    positions.is_empty().then_some(json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_to_members_and_items() {
        let json = json!({
            "contacts": [{ "person": { "emails": [{ "email": "a@contoso.com" }] } }],
            "elements": [{ "handle~": { "emailAddress": "b@contoso.com" } }],
            "grid": [[1, 2], [3, 4]],
            "data": { "0": "zero" },
            "name": "n",
        });
        let cases = [
            ("contacts[0].person.emails[0].email", Some(json!("a@contoso.com"))),
            ("elements[0].handle~.emailAddress", Some(json!("b@contoso.com"))),
            ("grid[1][0]", Some(json!(3))),
            ("data.0", Some(json!("zero"))),
            ("name", Some(json!("n"))),
            ("contacts.0.person", None),
            ("contacts[1].person", None),
            ("contacts[-1]", None),
            ("contacts[0", None),
            ("contacts[0]x", None),
            ("name.x", None),
            ("name[0]", None),
            ("Name", None),
            ("", None),
            ("..", None),
        ];
        for (path, expected) in cases {
            assert_eq!(find(&json, path), expected.as_ref(), "{path}");
        }
        assert_eq!(find(&json!([{ "a": 1 }]), "[0].a"), Some(&json!(1)));
    }
}
