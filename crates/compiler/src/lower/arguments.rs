//! The claims of a claims transformation, with what their claim types say of values: two methods read it of their output.

use super::Lowering;
use wayfarer_builtins::transformations::DeclaredClaim;
use wayfarer_model::TransformationArgument;

impl Lowering<'_> {
    pub(super) fn argument(&mut self, row: &TransformationArgument<'_>) -> Option<DeclaredClaim> {
        let claim = self.claim(row.claim_type)?;
        let mut declared = DeclaredClaim::new(row.slot.value, claim.id, claim.data_type);
        let claim_type = self.policy.claim_type(row.claim_type.value)?;
        declared.enumeration = claim_type.enumeration();
        declared.predicate_validation = self.predicate_validation(&claim_type);
        Some(declared)
    }
}
