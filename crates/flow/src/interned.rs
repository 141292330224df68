//! Claims and texts by number: the analysis copies and compares them all the time.

use indexmap::{IndexMap, IndexSet};
use wayfarer_builtins::DataType;
use wayfarer_model::Policy;

/// A claim type of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ClaimId(pub(crate) usize);

/// A text; [`Texts::UNKNOWN`] where it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TextId(pub(crate) u32);

/// What matters of a claim type.
#[derive(Clone, Debug)]
pub(crate) struct ClaimInfo {
    pub(crate) id: String,
    pub(crate) data_type: Option<DataType>,
    pub(crate) control: Option<String>,
}

/// The claims that the journey names.
#[derive(Default)]
pub(crate) struct Claims(IndexMap<String, ClaimInfo>);

impl Claims {
    /// A claim by the id that a policy writes, in any case. One that no claim type declares can never be set.
    pub(crate) fn intern(&mut self, policy: &Policy, id: &str) -> ClaimId {
        let key = id.to_ascii_lowercase();
        let entry = self.0.entry(key);
        let at = entry.index();
        entry.or_insert_with(|| {
            let declared = policy.claim_type(id);
            let declared = declared.as_ref();
            ClaimInfo {
                id: declared.map_or(id, |it| it.id()).to_owned(),
                data_type: declared.and_then(|it| it.data_type()),
                control: declared.and_then(|it| Some(it.node().child("UserInputType")?.text().value.to_owned())),
            }
        });
        ClaimId(at)
    }

    #[expect(clippy::indexing_slicing, reason = "INVARIANT: a `ClaimId` is only made by `intern`, which never removes")]
    pub(crate) fn info(&self, claim: ClaimId) -> &ClaimInfo {
        &self.0[claim.0]
    }

    pub(crate) fn id(&self, claim: ClaimId) -> &str {
        &self.info(claim).id
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Texts that claims hold or are compared with.
pub(crate) struct Texts(IndexSet<String>);

impl Texts {
    /// No text in particular.
    pub(crate) const UNKNOWN: TextId = TextId(0);

    pub(crate) fn new() -> Self {
        Self(IndexSet::from(["\0unknown".to_owned()]))
    }

    pub(crate) fn intern(&mut self, text: &str) -> TextId {
        let at = self.0.get_index_of(text).unwrap_or_else(|| self.0.insert_full(text.to_owned()).0);
        TextId(u32::try_from(at).unwrap_or(0))
    }

    pub(crate) fn get(&self, text: TextId) -> Option<&str> {
        if text == Self::UNKNOWN { None } else { self.0.get_index(text.0 as usize).map(String::as_str) }
    }
}
