//! Plans of real policies, run: what lowering hands to the engine is what the engine needs.

use crate::memory::{Content, Memory, policy};
use crate::pages::BASE;
use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use wayfarer_builtins::{Host, HostError, Secret, Value};
use wayfarer_compiler::{Flow, Scope, TenantIdentity};
use wayfarer_engine::{JourneyState, Outcome, Request, Trace, advance};

/// A world with one moment, and nothing to call.
struct Still;

#[async_trait]
impl Host for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    async fn http(&self, _: http::Request<Bytes>, _: Duration) -> Result<http::Response<Bytes>, HostError> {
        Err(HostError::Dns)
    }

    async fn policy_key(&self, container: &str) -> Result<Secret, HostError> {
        Err(HostError::KeyMissing(container.to_owned()))
    }
}

/// Runs the client credentials journey of a policy that derives from the base of the examples: the bag at its end.
fn bag_of(content: &str) -> BTreeMap<String, Value> {
    let mut memory = Memory::of([("set/base.xml", BASE.to_owned())]);
    memory.add("set/x.xml", Content::Text(policy("B2C_1A_X", Some("B2C_1A_Base"), content).into_bytes()));
    let project = memory.load(&["set"], &[], Scope::All).unwrap_or_else(|error| unreachable!("{error}"));
    let Some(file) = project.find("B2C_1A_X").next() else { unreachable!("the policy") };
    let plan = project.plan(file, Flow::ClientCredentials, &TenantIdentity::default(), &BTreeMap::new());
    let plan = plan.unwrap_or_else(|found| unreachable!("{found:?}"));
    let (mut state, mut trace, request) = (JourneyState::default(), Trace::default(), Request::default());
    let ended = {
        let run = pin!(advance(&plan, &mut state, &request, &Still, &mut trace));
        run.poll(&mut Context::from_waker(Waker::noop()))
    };
    assert!(matches!(ended, Poll::Ready(Outcome::Complete(_))), "{ended:?}");
    state.bag.into_iter().collect()
}

/// Reference "claims-transformations", CopyClaimIfPredicateMatch: the output claim type's predicate validation decides.
#[test]
fn a_claim_is_copied_if_the_predicates_of_the_output_claim_type_match() {
    let content = |input: &str| {
        format!(
            "<BuildingBlocks><ClaimsSchema>\
             <ClaimType Id=\"entered\"><DisplayName>e</DisplayName><DataType>string</DataType></ClaimType>\
             <ClaimType Id=\"phone\"><DisplayName>p</DisplayName><DataType>string</DataType><PredicateValidationReference Id=\"PHONE\" /></ClaimType>\
             </ClaimsSchema>\
             <Predicates><Predicate Id=\"IsPhone\" Method=\"MatchesRegex\"><Parameters><Parameter Id=\"RegularExpression\">^\\+[0-9]{{4,16}}$</Parameter></Parameters></Predicate>\
             <Predicate Id=\"IsShort\" Method=\"IsLengthRange\"><Parameters><Parameter Id=\"Minimum\">1</Parameter><Parameter Id=\"Maximum\">3</Parameter></Parameters></Predicate></Predicates>\
             <PredicateValidations><PredicateValidation Id=\"phone\"><PredicateGroups><PredicateGroup Id=\"g\"><PredicateReferences MatchAtLeast=\"1\">\
             <PredicateReference Id=\"isphone\" /><PredicateReference Id=\"IsShort\" /></PredicateReferences></PredicateGroup></PredicateGroups></PredicateValidation></PredicateValidations>\
             <ClaimsTransformations><ClaimsTransformation Id=\"Copy\" TransformationMethod=\"CopyClaimIfPredicateMatch\">\
             <InputClaims><InputClaim ClaimTypeReferenceId=\"entered\" TransformationClaimType=\"inputClaim\" /></InputClaims>\
             <OutputClaims><OutputClaim ClaimTypeReferenceId=\"phone\" TransformationClaimType=\"outputClaim\" /></OutputClaims></ClaimsTransformation></ClaimsTransformations></BuildingBlocks>\
             <ClaimsProviders><ClaimsProvider><DisplayName>p</DisplayName><TechnicalProfiles><TechnicalProfile Id=\"Augment\">\
             <OutputClaims><OutputClaim ClaimTypeReferenceId=\"entered\" DefaultValue=\"{input}\" /></OutputClaims>\
             <OutputClaimsTransformations><OutputClaimsTransformation ReferenceId=\"Copy\" /></OutputClaimsTransformations></TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders>"
        )
    };
    for (input, copied) in [("+11234567890", true), ("bob@contoso.com", false), ("911", true), ("9111", false)] {
        let phone = bag_of(&content(input)).remove("phone");
        assert_eq!(phone, copied.then(|| Value::String(input.to_owned())), "{input}");
    }
}

/// Reference "claims", 7: the method matches the `Text` of an item and returns its `Value`.
#[test]
fn a_value_is_looked_up_in_the_restriction_of_the_output_claim_type() {
    let content = |input: &str| {
        format!(
            "<BuildingBlocks><ClaimsSchema>\
             <ClaimType Id=\"name\"><DisplayName>n</DisplayName><DataType>string</DataType></ClaimType>\
             <ClaimType Id=\"code\"><DisplayName>c</DisplayName><DataType>string</DataType><Restriction><Enumeration Text=\"Bellevue\" Value=\"bel\" /><Enumeration Text=\"Redmond\" Value=\"red\" /></Restriction></ClaimType>\
             </ClaimsSchema>\
             <ClaimsTransformations><ClaimsTransformation Id=\"Map\" TransformationMethod=\"GetMappedValueFromLocalizedCollection\">\
             <InputClaims><InputClaim ClaimTypeReferenceId=\"name\" TransformationClaimType=\"mapFromClaim\" /></InputClaims>\
             <OutputClaims><OutputClaim ClaimTypeReferenceId=\"code\" TransformationClaimType=\"restrictionValueClaim\" /></OutputClaims></ClaimsTransformation></ClaimsTransformations></BuildingBlocks>\
             <ClaimsProviders><ClaimsProvider><DisplayName>p</DisplayName><TechnicalProfiles><TechnicalProfile Id=\"Augment\">\
             <OutputClaims><OutputClaim ClaimTypeReferenceId=\"name\" DefaultValue=\"{input}\" /></OutputClaims>\
             <OutputClaimsTransformations><OutputClaimsTransformation ReferenceId=\"Map\" /></OutputClaimsTransformations></TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders>"
        )
    };
    for (input, code) in [("Redmond", Some("red")), ("Bellevue", Some("bel")), ("red", None)] {
        let found = bag_of(&content(input)).remove("code");
        assert_eq!(found, code.map(|it| Value::String(it.to_owned())), "{input}");
    }
}
