//! What no relying party of a set uses: the page of `unused-definition`.

use crate::memory::{Content, Memory, policy, told};
use wayfarer_compiler::Scope;

const BASE: &str = r#"<BuildingBlocks><ClaimsSchema>
<ClaimType Id="used"><DisplayName>U</DisplayName><DataType>string</DataType></ClaimType>
<ClaimType Id="ofPrecondition"><DisplayName>U</DisplayName><DataType>string</DataType></ClaimType>
<ClaimType Id="dead"><DisplayName>U</DisplayName><DataType>string</DataType></ClaimType>
</ClaimsSchema></BuildingBlocks>
<ClaimsProviders><ClaimsProvider><DisplayName>P</DisplayName><TechnicalProfiles>
<TechnicalProfile Id="Included"><DisplayName>I</DisplayName></TechnicalProfile>
<TechnicalProfile Id="Called"><DisplayName>C</DisplayName><IncludeTechnicalProfile ReferenceId="included" /></TechnicalProfile>
<TechnicalProfile Id="DeadToo"><DisplayName>D</DisplayName><OutputClaims><OutputClaim ClaimTypeReferenceId="dead" /></OutputClaims></TechnicalProfile>
</TechnicalProfiles></ClaimsProvider></ClaimsProviders>
<UserJourneys>
<UserJourney Id="SignIn"><OrchestrationSteps>
<OrchestrationStep Order="1" Type="ClaimsExchange"><Preconditions><Precondition Type="ClaimsExist" ExecuteActionsIf="true"><Value>ofPrecondition</Value><Action>SkipThisOrchestrationStep</Action></Precondition></Preconditions><ClaimsExchanges><ClaimsExchange Id="E" TechnicalProfileReferenceId="Called" /></ClaimsExchanges></OrchestrationStep>
</OrchestrationSteps></UserJourney>
<UserJourney Id="Reset"><OrchestrationSteps><OrchestrationStep Order="1" Type="Noop" /></OrchestrationSteps></UserJourney>
</UserJourneys>"#;

fn relying_party(journey: &str) -> String {
    format!(
        "<RelyingParty><DefaultUserJourney ReferenceId=\"{journey}\" /><TechnicalProfile Id=\"PolicyProfile\"><OutputClaims>\
         <OutputClaim ClaimTypeReferenceId=\"used\" /></OutputClaims></TechnicalProfile></RelyingParty>"
    )
}

/// The ids that are told, of a base and policies `id content` over it.
fn unused(derived: &[(&str, &str, String)]) -> Vec<String> {
    let mut memory = Memory::of([("set/base.xml", policy("B2C_1A_Base", None, BASE))]);
    for (id, base, content) in derived {
        memory.add(&format!("set/{id}.xml"), Content::Text(policy(id, Some(base), content).into_bytes()));
    }
    let project = memory.load(&["set"], &[], Scope::All).unwrap_or_else(|error| unreachable!("{error}"));
    let found = project.check(Scope::All);
    assert_eq!(
        told(&project, &found, &["unused-definition"]).len(),
        found.iter().filter(|it| it.code == "unused-definition").count()
    );
    let unused = found.iter().filter(|it| it.code == "unused-definition");
    unused.filter_map(|it| it.message.rsplit('`').nth(1).map(str::to_owned)).collect()
}

#[test]
fn what_no_relying_party_reaches_is_told() {
    let derived = [("B2C_1A_A", "B2C_1A_Base", relying_party("SignIn"))];
    assert_eq!(unused(&derived), ["dead", "DeadToo", "Reset"]);
}

#[test]
fn what_one_of_several_reaches_is_used() {
    let derived =
        [("B2C_1A_A", "B2C_1A_Base", relying_party("SignIn")), ("B2C_1A_B", "B2C_1A_Base", relying_party("Reset"))];
    assert_eq!(unused(&derived), ["dead", "DeadToo"]);
}

#[test]
fn a_set_without_a_relying_party_is_not_judged() {
    assert_eq!(unused(&[]), [""; 0]);
    // Nor one in which a base policy is missing: what is there may use it.
    let derived = [("B2C_1A_A", "B2C_1A_Nowhere", relying_party("SignIn"))];
    assert_eq!(unused(&derived), [""; 0]);
}
