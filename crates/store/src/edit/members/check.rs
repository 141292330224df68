//! What one member may hold, by its form. Where Graph's rule is not documented, only the type is judged.

use serde_json::{Map, Value};

use crate::app::members::{Form, Member};
use crate::edit::EditError;
use crate::edit::create::{name_problem, uri_problem};
use crate::guid::Guid;

use super::{PERSONAL, permissions};

const AUDIENCES: [&str; 4] = ["AzureADMyOrg", "AzureADMultipleOrgs", PERSONAL, "PersonalMicrosoftAccount"];
/// Of redirect URIs per application (`graph.md` 5), and of what has no documented limit.
const MOST_TEXTS: usize = 1000;
const MOST_REDIRECT_URIS: usize = 100;
const LONGEST: usize = 8192;

/// A value and where it stands in the request.
pub(super) struct At<'a> {
    pub(super) path: String,
    pub(super) value: &'a Value,
}

pub(super) fn check(member: &Member, value: &Value) -> Result<(), EditError> {
    let at = At { path: member.name(), value };
    match member.form {
        Form::Name => at.text()?.map_or(Err(at.must("must be a text")), |name| at.no_problem(name_problem(name))),
        Form::Text => at.text().map(|_| ()),
        Form::Flag | Form::MaybeFlag => at.flag(),
        Form::Audience => at.one_of(&AUDIENCES),
        Form::Version => match value {
            Value::Null => Ok(()),
            version if *version == 1 || *version == 2 => Ok(()),
            _ => Err(at.must("must be 1, 2 or null")),
        },
        Form::Uris => at.unique_texts(MOST_TEXTS)?.iter().try_for_each(|(at, uri)| at.no_problem(uri_problem(uri))),
        Form::Texts => at.unique_texts(MOST_TEXTS).map(|_| ()),
        Form::Guids => at.items()?.iter().try_for_each(|it| it.guid().map(|_| ())),
        Form::Roles => permissions::check_roles(&at),
        Form::Scopes => permissions::check_scopes(&at),
        Form::PreAuthorized => at.items()?.iter().try_for_each(pre_authorized),
        Form::RequiredAccess => at.items()?.iter().try_for_each(required_access),
        Form::RedirectUris(_) => {
            at.unique_texts(MOST_REDIRECT_URIS)?.iter().try_for_each(|(at, uri)| at.no_problem(redirect_problem(uri)))
        }
        Form::Passwords => Ok(()),
        Form::Keys => at.items()?.iter().try_for_each(key_credential),
        Form::Object => at.object_or_null(),
        Form::List => at.items().map(|_| ()),
    }
}

fn pre_authorized(at: &At<'_>) -> Result<(), EditError> {
    at.only(&["appId", "delegatedPermissionIds"])?;
    at.get("appId").guid()?;
    at.get("delegatedPermissionIds").items()?.iter().try_for_each(|it| it.guid().map(|_| ()))
}

fn required_access(at: &At<'_>) -> Result<(), EditError> {
    at.only(&["resourceAppId", "resourceAccess"])?;
    at.get("resourceAppId").guid()?;
    at.get("resourceAccess").items()?.iter().try_for_each(|access| {
        access.only(&["id", "type"])?;
        access.get("id").guid()?;
        access.get("type").one_of(&["Role", "Scope"])
    })
}

/// Only certificates: what else a key credential can be has a private part, which is no business of a manifest.
fn key_credential(at: &At<'_>) -> Result<(), EditError> {
    let known = ["customKeyIdentifier", "displayName", "endDateTime", "key", "keyId", "startDateTime", "type", "usage"];
    at.only(&known)?;
    at.get("type").one_of(&["AsymmetricX509Cert"])?;
    at.get("usage").one_of(&["Verify", "Encrypt"])?;
    known.iter().try_for_each(|name| at.get(name).text().map(|_| ()))
}

fn redirect_problem(uri: &str) -> Option<&'static str> {
    let scheme = uri.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |it: &str| {
        it.starts_with(|c: char| c.is_ascii_alphabetic())
            && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    match uri {
        _ if !scheme.is_some_and(is_scheme) => Some("is not an absolute URI"),
        uri if uri.chars().any(|c| c.is_whitespace() || c.is_control()) => Some("holds a space"),
        uri if uri.contains('#') => Some("must not have a fragment"),
        uri if uri.len() > 2048 => Some("is longer than 2048 characters"),
        _ => None,
    }
}

impl<'a> At<'a> {
    pub(super) fn must(&self, problem: &str) -> EditError {
        EditError::member(self.path.clone(), problem)
    }

    pub(super) fn no_problem(&self, problem: Option<impl AsRef<str>>) -> Result<(), EditError> {
        problem.map_or(Ok(()), |it| Err(self.must(it.as_ref())))
    }

    pub(super) fn get(&self, name: &str) -> At<'a> {
        At { path: format!("{}.{name}", self.path), value: &self.value[name] }
    }

    /// Refuses members that are not known: they would be kept and mean nothing.
    pub(super) fn only(&self, names: &[&str]) -> Result<&'a Map<String, Value>, EditError> {
        let object = self.value.as_object().ok_or_else(|| self.must("must be an object"))?;
        let unknown = object.keys().find(|name| !name.contains('@') && !names.contains(&name.as_str()));
        unknown.map_or(Ok(object), |name| Err(self.get(name).must("is not known")))
    }

    pub(super) fn text(&self) -> Result<Option<&'a str>, EditError> {
        match self.value {
            Value::Null => Ok(None),
            Value::String(text) if text.len() > LONGEST => Err(self.must("is too long")),
            Value::String(text) => Ok(Some(text)),
            _ => Err(self.must("must be a text")),
        }
    }

    pub(super) fn flag(&self) -> Result<(), EditError> {
        let is_flag = self.value.is_null() || self.value.is_boolean();
        if is_flag { Ok(()) } else { Err(self.must("must be `true` or `false`")) }
    }

    pub(super) fn guid(&self) -> Result<Guid, EditError> {
        let guid = self.value.as_str().and_then(|it| it.parse().ok());
        guid.ok_or_else(|| self.must("must be a GUID"))
    }

    pub(super) fn one_of(&self, allowed: &[&str]) -> Result<(), EditError> {
        let is_allowed = self.value.as_str().is_some_and(|it| allowed.contains(&it));
        if is_allowed { Ok(()) } else { Err(self.must(&format!("must be one of {}", allowed.join(", ")))) }
    }

    fn object_or_null(&self) -> Result<(), EditError> {
        let fits = self.value.is_null() || self.value.is_object();
        if fits { Ok(()) } else { Err(self.must("must be an object")) }
    }

    /// The items of a list. `null` is none: whoever sends it means that.
    pub(super) fn items(&self) -> Result<Vec<At<'a>>, EditError> {
        if self.value.is_null() {
            return Ok(vec![]);
        }
        let items = self.value.as_array().ok_or_else(|| self.must("must be a list"))?;
        if items.len() > MOST_TEXTS {
            return Err(self.must(&format!("has more than {MOST_TEXTS} items")));
        }
        let at = |(at, value): (usize, &'a Value)| At { path: format!("{}[{at}]", self.path), value };
        Ok(items.iter().enumerate().map(at).collect())
    }

    /// The texts of a list that has each of them once.
    fn unique_texts(&self, most: usize) -> Result<Vec<(At<'a>, &'a str)>, EditError> {
        let mut texts: Vec<(At<'a>, &'a str)> = Vec::new();
        for item in self.items()? {
            let text = item.text()?.ok_or_else(|| item.must("must be a text"))?;
            if texts.iter().any(|(_, other)| *other == text) {
                return Err(item.must("is there twice"));
            }
            texts.push((item, text));
        }
        if texts.len() > most {
            return Err(self.must(&format!("has more than {most} items")));
        }
        Ok(texts)
    }
}
