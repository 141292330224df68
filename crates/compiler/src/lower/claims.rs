use super::Lowering;
use wayfarer_builtins::Value;
use wayfarer_builtins::providers::{DeclaredClaim, ProfileKind};
use wayfarer_builtins::resolvers::{Place, PlaceRule, ResolvingFlag, parse, place_rule};
use wayfarer_engine::plan::{Claim, DefaultValue, InputClaim, OutputClaim};
use wayfarer_model::{ClaimReference, Text};

/// Where a row stands: it decides whether a resolver in its default is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) kind: &'a ProfileKind,
    pub(super) place: Place,
    pub(super) flag: ResolvingFlag,
    /// `Protocol/@Name` of the profile.
    pub(super) protocol: &'a str,
}

impl Lowering<'_> {
    pub(super) fn claim(&mut self, name: Text<'_>) -> Option<Claim> {
        let Some(claim_type) = self.policy.claim_type(name.value) else {
            self.error("unresolved-claim-type", name.span, format!("no `ClaimType` declares `{}`", name.value));
            return None;
        };
        let Some(data_type) = claim_type.data_type() else {
            let message = format!("claim type `{}` has no `DataType`", claim_type.id());
            self.error("claim-type-without-data-type", claim_type.span(), message);
            return None;
        };
        Some(Claim { id: claim_type.id().to_owned(), data_type })
    }

    fn default(&mut self, text: Option<Text<'_>>, claim: &Claim, row: Row<'_>) -> Option<DefaultValue> {
        let Text { value, span } = text?;
        let resolves = place_rule(row.kind, row.place, row.flag) == PlaceRule::Resolves;
        if resolves && parse(value).is_evaluated(row.place) {
            return Some(DefaultValue::Resolver(value.to_owned()));
        }
        match Value::parse(claim.data_type, value) {
            Ok(literal) => Some(DefaultValue::Literal(literal)),
            // The idiom `DefaultValue=""` only satisfies the upload: there is no empty number.
            Err(_) if value.is_empty() => None,
            Err(error) => {
                let message = format!("the default of `{}` is {error}", claim.id);
                self.error("default-type-mismatch", span, message);
                None
            }
        }
    }

    pub(super) fn input(
        &mut self,
        reference: &ClaimReference<'_>,
        row: Row<'_>,
    ) -> Option<(InputClaim, DeclaredClaim)> {
        let claim = self.claim(reference.claim_type)?;
        let default = self.default(reference.default_value(), &claim, row);
        let declared = self.declared(reference, &claim, row.protocol);
        let always_use_default = reference.always_use_default_value();
        let (required, span) = (reference.required(), reference.claim_type.span);
        Some((InputClaim { claim, default, always_use_default, required, span }, declared))
    }

    pub(super) fn output(
        &mut self,
        reference: &ClaimReference<'_>,
        row: Row<'_>,
    ) -> Option<(OutputClaim, DeclaredClaim)> {
        let claim = self.claim(reference.claim_type)?;
        let default = self.default(reference.default_value(), &claim, row);
        let declared = self.declared(reference, &claim, row.protocol);
        let partner = declared.partner.clone();
        let always_use_default = reference.always_use_default_value();
        let (required, span) = (reference.required(), reference.claim_type.span);
        Some((OutputClaim { claim, partner, default, always_use_default, required, span }, declared))
    }

    fn declared(&self, reference: &ClaimReference<'_>, claim: &Claim, protocol: &str) -> DeclaredClaim {
        DeclaredClaim {
            claim_type: claim.id.clone(),
            partner: self.policy.external_name(reference, protocol).0,
            data_type: claim.data_type,
            always_use_default: reference.always_use_default_value(),
        }
    }

    /// The token's claims.
    pub(super) fn relying_party_claims(&mut self) -> Vec<OutputClaim> {
        let Some(profile) = self.policy.relying_party().and_then(|it| it.technical_profile()) else {
            return Vec::new();
        };
        let protocol = profile.protocol().map_or("OpenIdConnect", |it| it.name.value);
        let (place, flag) = (Place::RelyingPartyOutput, ResolvingFlag::Unset);
        let row = Row { kind: &ProfileKind::Undeclared, place, flag, protocol };
        let rows: Vec<_> = profile.output_claims().collect();
        rows.iter().filter_map(|it| self.output(it, row)).map(|it| it.0).collect()
    }
}
