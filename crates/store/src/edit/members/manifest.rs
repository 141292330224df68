//! A whole manifest that comes from elsewhere, judged by the rules for its members.

use serde_json::Value;

use crate::app::members::{Form, MEMBERS, Member};
use crate::app::{App, Dialect};
use crate::edit::EditError;
use crate::tenant::Tenant;

use super::{check, permissions};

/// What others rely on. The rest is kept as Azure showed it: it knows more forms than are checked here.
const JUDGED: [Form; 6] = [Form::Name, Form::Uris, Form::Roles, Form::Scopes, Form::Version, Form::RequiredAccess];

impl Tenant {
    /// What Azure would refuse about the manifest of `app`, told in the words of its dialect.
    pub(in crate::edit) fn check_manifest(&self, app: &App) -> Result<(), EditError> {
        let dialect = Dialect::of(app.manifest());
        let judged = MEMBERS.iter().filter(|member| JUDGED.contains(&member.form));
        let read: Vec<(&'static Member, Value)> =
            judged.map(|member| (member, member.read(app.manifest(), dialect))).collect();
        for (member, value) in &read {
            check::check(member, value).map_err(|error| in_words_of(dialect, member, error))?;
        }
        permissions::check_together(&read.iter().map(|(member, value)| (*member, value)).collect::<Vec<_>>())?;
        app.identifier_uris.iter().try_for_each(|uri| self.refuse_taken_uri(app.app_id, uri))
    }
}

fn in_words_of(dialect: Dialect, member: &Member, error: EditError) -> EditError {
    match error {
        EditError::Member { member: path, problem } if dialect == Dialect::Portal => {
            let inside = path.strip_prefix(&member.name()).unwrap_or_default();
            EditError::Member { member: format!("{}{inside}", member.portal.join(".")), problem }
        }
        other => other,
    }
}
