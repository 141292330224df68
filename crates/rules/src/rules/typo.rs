//! Names that were misspelt.

use wayfarer_diagnostics::{Applicability, Fix, only_close};
use wayfarer_model::{Kind, Place, Policy, Text, escaped};

/// Writes the one candidate that can have been meant by a name of this chain's files. `None` where there is none, where
/// several can, and where references or comments stand in what is written. A person should look at it, unless case alone
/// differs.
pub(super) fn fix<'a>(policy: &Policy, name: Text<'_>, candidates: impl IntoIterator<Item = &'a str>) -> Option<Fix> {
    let meant = only_close(name.value, candidates)?;
    let same = meant.eq_ignore_ascii_case(name.value);
    let applicability = if same { Applicability::Safe } else { Applicability::Unsafe };
    is_plain(policy, name).then(|| {
        Fix::new(format!("write `{meant}`"), applicability).replace(name.span, escaped(meant, Place::Attribute))
    })
}

/// As [`fix`], for an id of the policy.
pub(super) fn fix_id(policy: &Policy, kind: Kind, name: Text<'_>) -> Option<Fix> {
    let ids = policy.ids(kind);
    let meant = only_close(name.value, ids.iter().map(|it| it.value))?;
    let declared = ids.iter().find(|it| it.value == meant)?;
    Some(fix(policy, name, [meant])?.repeating(declared.span))
}

/// Whether a name stands in its file as it is.
pub(super) fn is_plain(policy: &Policy, name: Text<'_>) -> bool {
    let file = policy.chain().find(|it| it.file() == name.span.file);
    file.is_some_and(|it| it.document().written(name.span) == name.value)
}
