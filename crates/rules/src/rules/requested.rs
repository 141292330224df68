//! Names that the upload does not check: what a base policy writes may be declared by whatever derives from it, so only a
//! policy that can be requested tells whether they resolve.

use wayfarer_model::{Element, Policy};

/// Every element of the chain's files, when the policy can be requested and no base is missing; else none.
pub(super) fn elements(policy: &Policy) -> impl Iterator<Item = Element<'_>> {
    let is_judged = policy.relying_party().is_some() && policy.is_complete();
    policy.chain().filter(move |_| is_judged).flat_map(|it| it.document().elements())
}
