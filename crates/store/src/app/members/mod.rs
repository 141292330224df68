//! The members of an application, and where each dialect of a manifest has them. Source: `graph.md` 1.1.

mod form;
mod table;

use serde_json::{Map, Value, json};

use crate::app::{App, Dialect};

pub(crate) use form::Form;
pub(crate) use table::MEMBERS;

/// One member, as a path in each dialect. A member that the portal's editor does not know keeps Graph's path there.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) graph: &'static [&'static str],
    pub(crate) portal: &'static [&'static str],
    pub(crate) form: Form,
    pub(crate) kept: Kept,
}

/// Who sets a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Whoever changes the application.
    Settable,
    /// The directory alone.
    ReadOnly,
}

impl App {
    /// The registration as Microsoft Graph shows an application, whatever dialect its manifest has. Secrets, and the
    /// values of key credentials, are not in it; neither is what the manifest holds beyond the members that Graph knows.
    pub fn graph_members(&self) -> Map<String, Value> {
        let dialect = Dialect::of(self.manifest());
        let mut shown = json!({});
        for member in MEMBERS {
            if let Some(place) = place(&mut shown, member.graph) {
                *place = member.read(self.manifest(), dialect);
            }
        }
        // A manifest without an object id is addressed by its application id.
        shown["id"] = json!(self.graph_id());
        shown["appId"] = json!(self.app_id);
        match shown {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }
}

impl Member {
    /// As it is written in a request: `api.requestedAccessTokenVersion`.
    pub(crate) fn name(&self) -> String {
        self.graph.join(".")
    }

    /// What Graph shows of it. Where the manifest's own dialect says nothing, the other one is looked at too, as reading
    /// a manifest does.
    pub(crate) fn read(&self, manifest: &Value, dialect: Dialect) -> Value {
        if let Form::RedirectUris(platform) = self.form {
            return form::redirect_uris(manifest, self.graph, platform);
        }
        let (own, other) = self.paths(dialect);
        let found = [own, other].into_iter().map(|path| at(manifest, path)).find(|it| !it.is_null());
        found.map_or_else(|| self.form.absent(), |value| self.form.shown(value))
    }

    /// Sets it, in the manifest's dialect and nowhere else. `value` is what Graph takes, and has been checked. `None`: the
    /// manifest has something else than an object on the way to it.
    pub(crate) fn write(&self, manifest: &mut Value, dialect: Dialect, value: &Value) -> Option<()> {
        let value = if value.is_null() { self.form.absent() } else { value.clone() };
        if let Form::RedirectUris(platform) = self.form {
            return self.write_redirect_uris(manifest, dialect, platform, value);
        }
        let (own, other) = self.paths(dialect);
        *place(manifest, own)? = self.form.written(value, dialect);
        if own != other {
            forget(manifest, other);
        }
        Some(())
    }

    /// The portal keeps those of all platforms in one list.
    fn write_redirect_uris(&self, manifest: &mut Value, dialect: Dialect, platform: &str, uris: Value) -> Option<()> {
        if dialect == Dialect::Portal {
            forget(manifest, self.graph);
            return form::set_redirect_uris(manifest, platform, &uris);
        }
        if !at(manifest, self.portal).is_null() {
            form::set_redirect_uris(manifest, platform, &json!([]))?;
        }
        *place(manifest, self.graph)? = uris;
        Some(())
    }

    fn paths(&self, dialect: Dialect) -> (&'static [&'static str], &'static [&'static str]) {
        match dialect {
            Dialect::Graph => (self.graph, self.portal),
            Dialect::Portal => (self.portal, self.graph),
        }
    }
}

/// What stands at a path; `null` where nothing does.
pub(crate) fn at<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(value, |value, name| &value[*name])
}

/// The place at a path, made where it is missing; `None` where something else than an object is in the way.
fn place<'a>(value: &'a mut Value, path: &[&str]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, name| {
        if value.is_null() {
            *value = json!({});
        }
        Some(value.as_object_mut()?.entry(*name).or_insert(Value::Null))
    })
}

/// Takes away what stands at a path.
fn forget(value: &mut Value, path: &[&str]) {
    let Some((last, folders)) = path.split_last() else { return };
    let folder = folders.iter().try_fold(value, |value, name| value.get_mut(*name));
    if let Some(members) = folder.and_then(Value::as_object_mut) {
        members.shift_remove(*last);
    }
}

#[cfg(test)]
mod tests;
