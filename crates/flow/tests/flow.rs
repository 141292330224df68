//! Claim flow, case by case: `cases.md` has journeys and what is known of their tokens.
//!
//! A case is a heading `## …`, a block `xml` with what the policy holds besides the prelude (the first block of the file), and
//! a block `text` with what is expected, a line each: `NAME PRESENCE [VALUE …]` of a token's claim, `path NAME: STEPS` where
//! its value is missing, `when NAME: CONDITION`, `need NAME STEP: KIND`, `step ORDER: ran|skipped|both|never`,
//! `completes`, `runs out`.

#![expect(clippy::disallowed_methods, reason = "a test is the edge: it reads the cases itself")]

use std::path::Path;
use std::sync::Arc;
use wayfarer_diagnostics::Sources;
use wayfarer_flow::{ClaimFlow, NeedKind, Presence, TokenValue};
use wayfarer_model::Policy;
use wayfarer_syntax::{POLICY_NAMESPACE, parse};

fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let open = format!("```{language}\n");
    text.split(&open).skip(1).filter_map(|it| it.split_once("```")).map(|it| it.0).collect()
}

fn policy(content: &str) -> Arc<Policy> {
    let text = format!(
        "<TrustFrameworkPolicy xmlns=\"{POLICY_NAMESPACE}\" PolicySchemaVersion=\"0.3.0.0\" \
         TenantId=\"contoso.onmicrosoft.com\" PolicyId=\"B2C_1A_Case\" \
         PublicPolicyUri=\"http://contoso.onmicrosoft.com/B2C_1A_Case\">{content}</TrustFrameworkPolicy>"
    );
    let mut sources = Sources::default();
    let file = sources.add("case.xml", text.as_str());
    let (document, found) = parse(file, Arc::from(text));
    assert!(!found.has_errors(), "{found:?}");
    Arc::new(Policy::derive(Arc::new(document), None))
}

/// The case laid over the prelude: both are policies, so that a case may give a claim type or a journey anew.
fn laid_over(prelude: &str, case: &str) -> Policy {
    let base = policy(prelude);
    let derived = policy(case);
    Policy::derive(Arc::clone(derived.document()), Some(base))
}

fn word(presence: Presence) -> &'static str {
    match presence {
        Presence::Always => "always",
        Presence::Maybe => "maybe",
        Presence::Never => "never",
    }
}

/// Everything that a case may ask for.
fn told(flow: &ClaimFlow) -> Vec<String> {
    let mut lines = Vec::new();
    for claim in &flow.token {
        let values = claim.values.iter().map(|it| match it {
            TokenValue::Text(text) => format!(" {text}"),
            TokenValue::Resolver(text) => format!(" {text}"),
            TokenValue::Unknown => " ?".to_owned(),
        });
        lines.push(format!("{} {}{}", claim.name, word(claim.presence), values.collect::<String>()));
        if let Some(path) = &claim.unset_on {
            lines.push(format!("path {}: {}", claim.name, flow.path(path)));
        }
        lines.extend(claim.conditions.iter().map(|it| format!("when {}: {it}", claim.name)));
    }
    for need in &flow.needs {
        let kind = match need.kind {
            NeedKind::RequiredInput => "required",
            NeedKind::OptionalInput => "optional",
            NeedKind::TransformationInput => "transformation",
        };
        let met = match (&need.absent_on, need.maybe, need.present) {
            (Some(_), false, false) => "never",
            (None, false, true) => "always",
            (Some(path), ..) => &format!("not on {}", flow.path(path)),
            (None, true, _) => "perhaps",
            (None, false, false) => "unseen",
        };
        lines.push(format!("need {} {}: {kind}, {met}", need.claim, flow.step(need.step)));
    }
    for step in &flow.steps {
        let ran = match (step.ran, step.skipped) {
            (true, true) => "both",
            (true, false) => "ran",
            (false, true) => "skipped",
            (false, false) => "never",
        };
        lines.push(format!("step {}: {ran}", step.order));
        if step.no_choice {
            lines.push(format!("step {}: no choice", step.order));
        }
    }
    lines.extend(flow.completes.then(|| "completes".to_owned()));
    lines.extend(flow.runs_out.then(|| "runs out".to_owned()));
    lines
}

#[test]
fn what_is_known_of_each_case() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases.md");
    let text = std::fs::read_to_string(path).expect("the cases").replace("\r\n", "\n");
    let mut cases = text.split("\n## ");
    let prelude = blocks(cases.next().expect("the prelude"), "xml")[0];
    let mut number = 0;
    for case in cases {
        let name = case.lines().next().unwrap_or_default();
        let flow = ClaimFlow::default_journey(&laid_over(prelude, blocks(case, "xml")[0])).expect(name);
        let told = told(&flow);
        for expected in blocks(case, "text")[0].lines().filter(|it| !it.is_empty()) {
            let is_absence = expected.strip_prefix("no ");
            match is_absence {
                Some(line) => assert!(!told.iter().any(|it| it.starts_with(line)), "{name}: {expected}\n{told:#?}"),
                None => assert!(told.iter().any(|it| it == expected), "{name}: {expected}\n{told:#?}"),
            }
            number += 1;
        }
    }
    assert!(number > 60, "{number} expectations");
}

/// Sixty preconditions on sixty claims are 2^60 paths: it ends, and tells that it gave up.
#[test]
fn it_ends_on_every_journey_and_tells_where_precision_was_given_up() {
    let claims: String =
        (0..60).map(|it| format!("<ClaimType Id=\"c{it}\"><DataType>string</DataType></ClaimType>")).collect();
    let outputs: String = (0..60).map(|it| format!("<OutputClaim ClaimTypeReferenceId=\"c{it}\" />")).collect();
    let step = |order: usize, claim: usize| {
        format!(
            "<OrchestrationStep Order=\"{order}\" Type=\"ClaimsExchange\"><Preconditions><Precondition Type=\"ClaimsExist\" \
             ExecuteActionsIf=\"true\"><Value>c{claim}</Value><Action>SkipThisOrchestrationStep</Action></Precondition>\
             </Preconditions><ClaimsExchanges><ClaimsExchange Id=\"e{order}\" TechnicalProfileReferenceId=\"Set\" />\
             </ClaimsExchanges></OrchestrationStep>"
        )
    };
    let steps: String = (0..60).map(|it| step(it + 2, it)).collect();
    let policy = policy(&format!(
        "<BuildingBlocks><ClaimsSchema>{claims}<ClaimType Id=\"x\"><DataType>string</DataType></ClaimType></ClaimsSchema>\
         </BuildingBlocks><ClaimsProviders><ClaimsProvider><DisplayName>A</DisplayName><TechnicalProfiles>\
         <TechnicalProfile Id=\"Get\"><Protocol Name=\"Proprietary\" Handler=\"Web.TPEngine.Providers.RestfulProvider, \
         Web.TPEngine\" /><OutputClaims>{outputs}</OutputClaims></TechnicalProfile><TechnicalProfile Id=\"Set\">\
         <Protocol Name=\"None\" /><OutputClaims><OutputClaim ClaimTypeReferenceId=\"x\" DefaultValue=\"1\" /></OutputClaims>\
         </TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders><UserJourneys><UserJourney Id=\"J\">\
         <OrchestrationSteps><OrchestrationStep Order=\"1\" Type=\"ClaimsExchange\"><ClaimsExchanges><ClaimsExchange Id=\"e\" \
         TechnicalProfileReferenceId=\"Get\" /></ClaimsExchanges></OrchestrationStep>{steps}<OrchestrationStep Order=\"99\" \
         Type=\"SendClaims\" /></OrchestrationSteps></UserJourney></UserJourneys><RelyingParty><DefaultUserJourney \
         ReferenceId=\"J\" /><TechnicalProfile Id=\"PolicyProfile\"><Protocol Name=\"OpenIdConnect\" /><OutputClaims>\
         <OutputClaim ClaimTypeReferenceId=\"x\" /></OutputClaims></TechnicalProfile></RelyingParty>"
    ));
    let flow = ClaimFlow::default_journey(&policy).expect("a journey");
    assert!(flow.joined_at.is_some());
    assert_eq!(flow.token[0].presence, Presence::Maybe);
}
