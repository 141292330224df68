//! Inputs that have a value on some paths and none on another: two rules tell of them, by whether a session is to blame.

use wayfarer_flow::{ClaimFlow, Need, NeedKind, PathTaken};

/// The needs of a journey that one path doesn't meet, with that path. Validations of a page are left out: what fails there
/// asks the user again.
pub(super) fn of(flow: &ClaimFlow) -> impl Iterator<Item = (&Need, &PathTaken)> {
    let needs = flow.needs.iter().filter(|it| it.kind != NeedKind::OptionalInput && !it.in_validation);
    needs.filter(|it| it.maybe || it.present).filter_map(|it| Some((it, it.absent_on.as_ref()?)))
}

/// What the reader of the claim does with it, for messages.
pub(super) fn verb(need: &Need) -> &'static str {
    if need.kind == NeedKind::RequiredInput { "requires" } else { "fails without" }
}
