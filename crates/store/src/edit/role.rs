use serde_json::json;

use crate::app::App;
use crate::guid::Guid;
use crate::tenant::Tenant;

use super::{EditError, list};

impl Tenant {
    /// Adds an app role for applications to `app`, enabled, with a new id. Its value is what `scp` will show.
    ///
    /// # Errors
    /// A value that Azure refuses (`graph.md` 1.2) or that the app has already; files that can't be read or written.
    pub fn add_role(&mut self, app: &str, value: &str, random: &mut dyn FnMut(&mut [u8])) -> Result<&App, EditError> {
        check_value(value)?;
        let id = Guid::random(random);
        self.edit(app, |manifest, _| {
            let roles = list(manifest, "appRoles")?;
            if roles.iter().any(|role| role["value"] == value) {
                return Err(EditError::invalid("role value", value, "is there already"));
            }
            roles.push(json!({
                "allowedMemberTypes": ["Application"],
                "displayName": value,
                "id": id,
                "isEnabled": true,
                "description": value,
                "value": value
            }));
            Ok(())
        })
        .map(|((), app)| app)
    }
}

fn check_value(value: &str) -> Result<(), EditError> {
    value_problem(value).map_or(Ok(()), |problem| Err(EditError::invalid("role value", value, problem)))
}

/// `graph.md` 1.2: printable ASCII without space, quote and backslash, at most 120 characters, no `.` in front.
pub(super) fn value_problem(value: &str) -> Option<String> {
    let allowed = |c: char| matches!(c, '\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
    match value {
        "" => Some("is empty".to_owned()),
        value if value.contains(char::is_whitespace) => {
            Some("contains a space, and `scp` separates values by spaces".to_owned())
        }
        value if value.starts_with('.') => Some("begins with `.`".to_owned()),
        value if value.chars().count() > 120 => Some("is longer than 120 characters".to_owned()),
        value => {
            let c = value.chars().find(|c| !allowed(*c))?;
            Some(format!("contains `{}`, which a role value can't", c.escape_debug()))
        }
    }
}
