//! One execution of a technical profile: reference "technical-profiles", A9.1 and A9.2.

use crate::world::*;
use wayfarer_builtins::providers::{InputValue, ProfileKind};
use wayfarer_builtins::transformations::{Declaration, DeclaredClaim, DeclaredParameter};
use wayfarer_builtins::{DataType, Value};
use wayfarer_engine::JourneyState;
use wayfarer_engine::plan::{DefaultValue, OutputClaim, Plan, TechnicalProfile};

/// A resolver whose source has nothing: the request has no such parameter.
const ABSENT: &str = "{OAUTH-KV:absent}";

fn journey(profile: TechnicalProfile) -> Plan {
    plan(vec![exchange(1, vec![profile]), send_claims(2)], Vec::new())
}

/// A9.1: held before, default, AlwaysUseDefaultValue; what the provider is handed, and what the bag holds then.
#[test]
fn input_claims() {
    let value = |it: &str| InputValue::Value(text(it));
    type Row = (Option<&'static str>, Option<DefaultValue>, bool, InputValue, Option<&'static str>);
    let table: [Row; 12] = [
        (None, None, false, InputValue::Absent, None),
        (Some("held"), None, false, value("held"), Some("held")),
        (None, literal("d"), false, value("d"), Some("d")),
        (Some("held"), literal("d"), false, value("held"), Some("held")),
        (Some(""), literal("d"), false, value(""), Some("")),
        (None, literal("d"), true, value("d"), Some("d")),
        (Some("held"), literal("d"), true, value("d"), Some("d")),
        (Some("held"), None, true, value("held"), Some("held")),
        (None, resolver("{OAUTH-KV:plan}"), false, value("gold"), Some("gold")),
        (Some("held"), resolver("{OAUTH-KV:plan}"), true, value("gold"), Some("gold")),
        // A resolver whose source has nothing yields nothing: the claim takes no part, or is cleared.
        (None, resolver(ABSENT), false, InputValue::Absent, None),
        (Some("held"), resolver(ABSENT), true, InputValue::Null, None),
    ];
    for (held, default, always, handed, after) in table {
        let what = format!("held {held:?}, default {default:?}, always {always}");
        let provider = Provider::default();
        let mut profile = profile("P", provider.clone());
        profile.input_claims = vec![input("c", default, always)];
        let held: Vec<_> = held.map(|it| ("c", it)).into_iter().collect();
        let run = run(&journey(profile), &held);
        assert!(run.ended.is_ok(), "{what}");
        assert_eq!(provider.calls().first().map(|it| it.inputs.clone()), Some(vec![handed]), "{what}");
        assert_eq!(run.bag("c"), after.map(text).as_ref(), "{what}");
    }
}

#[test]
fn a_required_input_claim_without_a_value_fails_before_the_call() {
    let provider = Provider::default();
    let mut failing = profile("P", provider.clone());
    let mut row = input("c", None, false);
    row.required = true;
    failing.input_claims = vec![row.clone()];
    let plan = journey(failing);
    let failed = run(&plan, &[]);
    assert_eq!(failed.failure().map(|it| it.1), Some(Some(1)));
    assert_eq!(failed.ended.as_ref().err().and_then(|it| it.technical_profile.as_deref()), Some("P"));
    assert!(provider.calls().is_empty());
    assert!(run(&plan, &[("c", "held")]).ended.is_ok());
    row.default = literal("d");
    let mut filled = profile("P", Provider::default());
    filled.input_claims = vec![row];
    assert!(run(&journey(filled), &[]).ended.is_ok(), "a default is a value");
}

/// A9.2: held before, returned, default, AlwaysUseDefaultValue; what the bag holds then.
#[test]
fn output_claims() {
    type Row = (Option<&'static str>, Option<&'static str>, Option<DefaultValue>, bool, Option<&'static str>);
    let table: [Row; 16] = [
        (None, None, None, false, None),
        (Some("held"), None, None, false, Some("held")),
        (None, Some("r"), None, false, Some("r")),
        (Some("held"), Some("r"), None, false, Some("r")),
        (None, None, literal("d"), false, Some("d")),
        (None, Some("r"), literal("d"), false, Some("r")),
        // The default does not apply to a claim that was set before.
        (Some("held"), None, literal("d"), false, Some("held")),
        (Some("held"), Some("r"), literal("d"), false, Some("r")),
        (Some(""), None, literal("d"), false, Some("")),
        (None, Some("r"), literal("d"), true, Some("d")),
        (Some("held"), Some("r"), literal("d"), true, Some("d")),
        (Some("held"), Some("r"), None, true, Some("r")),
        (None, None, resolver("{OIDC:ClientId}"), false, Some("the-client")),
        (Some("held"), Some("r"), resolver("{OIDC:ClientId}"), true, Some("the-client")),
        // A resolver whose source has nothing leaves the claim as it is.
        (None, None, resolver(ABSENT), false, None),
        (Some("held"), None, resolver(ABSENT), true, Some("held")),
    ];
    for (held, returned, default, always, after) in table {
        let what = format!("held {held:?}, returned {returned:?}, default {default:?}, always {always}");
        let returned: Vec<_> = returned.map(|it| (0, text(it))).into_iter().collect();
        let mut profile = profile("P", Provider::returning(&returned));
        profile.output_claims = vec![output("c", default, always)];
        let held: Vec<_> = held.map(|it| ("c", it)).into_iter().collect();
        let run = run(&journey(profile), &held);
        assert!(run.ended.is_ok(), "{what}");
        assert_eq!(run.bag("c"), after.map(text).as_ref(), "{what}");
    }
}

/// Reference "claims", 10.2 and the last row of 10.4.
#[test]
fn a_required_output_claim_that_the_answer_lacks_is_an_error() {
    let table = [
        (ProfileKind::Restful, None, None, Some("held"), true),
        (ProfileKind::Restful, None, literal("d"), None, false),
        (ProfileKind::Restful, Some("r"), None, None, false),
        // Nobody answers these: the claim may come from a transformation.
        (ProfileKind::ClaimsTransformation, None, None, None, false),
        (ProfileKind::Setup, None, None, None, false),
    ];
    for (kind, returned, default, held, fails) in table {
        let what = format!("{kind:?}, returned {returned:?}, default {default:?}");
        let returned: Vec<_> = returned.map(|it| (0, text(it))).into_iter().collect();
        let mut row = output("c", default, false);
        row.required = true;
        let profile =
            TechnicalProfile { kind, output_claims: vec![row], ..profile("P", Provider::returning(&returned)) };
        let held: Vec<_> = held.map(|it| ("c", it)).into_iter().collect();
        let run = run(&journey(profile), &held);
        assert_eq!(run.failure(), fails.then_some(("AADB2C90037", Some(1))), "{what}");
    }
}

/// Reference "claims", section 5; "claim-resolvers", 3.4.
#[test]
fn a_password_is_neither_resolved_nor_issued() {
    let mut reader = profile("P", Provider::default());
    reader.output_claims = vec![output("copy", resolver("{Claim:SECRET}"), true)];
    let mut plan = plan(vec![exchange(1, vec![reader]), send_claims(2)], vec![output("secret", None, false)]);
    plan.names.passwords = vec!["secret".to_owned()];
    let run = run(&plan, &[("secret", "marker")]);
    assert_eq!(run.bag("copy"), None);
    assert_eq!(run.ended.ok(), Some(vec![("secret_partner".to_owned(), None)]));
}

#[test]
fn the_default_of_a_password_is_sent_and_not_kept() {
    let provider = Provider::default();
    let mut sender = profile("P", provider.clone());
    sender.input_claims = vec![input("secret", literal("marker"), false)];
    let mut plan = journey(sender);
    plan.names.passwords = vec!["secret".to_owned()];
    let run = run(&plan, &[]);
    let sent: Vec<_> = provider.calls().into_iter().flat_map(|it| it.inputs).collect();
    assert_eq!((sent, run.bag("secret")), (vec![InputValue::Value(text("marker"))], None));
}

#[test]
fn returned_values_belong_to_their_rows() {
    let mut profile = profile("P", Provider::returning(&[(2, text("third")), (0, text("first"))]));
    profile.output_claims = vec![output("a", None, false), output("b", literal("d"), false), output("c", None, false)];
    let run = run(&journey(profile), &[]);
    assert_eq!(run.bag("a"), Some(&text("first")));
    assert_eq!(run.bag("b"), Some(&text("d")));
    assert_eq!(run.bag("c"), Some(&text("third")));
    let changes: Vec<_> = run.trace.steps[0].changes.iter().map(|it| it.claim.as_str()).collect();
    assert_eq!(changes, ["a", "b", "c"], "in the order of the policy");
}

#[test]
fn a_resolvers_text_is_read_as_the_claims_type() {
    let with = |data_type: DataType, written: &str| {
        let mut profile = profile("P", Provider::default());
        profile.output_claims =
            vec![typed("n", DataType::String, literal("42"), false), typed("c", data_type, resolver(written), true)];
        run(&journey(profile), &[])
    };
    assert_eq!(with(DataType::Int, "{Claim:n}").bag("c"), Some(&Value::Int(42)));
    assert_eq!(with(DataType::Long, "{Claim:N}").bag("c"), Some(&Value::Long(42)), "ids are compared without case");
    assert_eq!(with(DataType::Boolean, "{Claim:n}").failure().map(|it| it.1), Some(Some(1)), "it does not fit");
    let unknown = with(DataType::String, "{Context:Nothing}");
    assert_eq!(unknown.failure(), Some(("AADB2C90044", Some(1))), "a resolver that does not exist");
}

#[test]
fn what_the_provider_is_told() {
    let provider = Provider::default();
    let run = run(&journey(profile("P", provider.clone())), &[]);
    assert!(run.ended.is_ok());
    let calls = provider.calls();
    let expected = Seen {
        exchange: "PExchange".to_owned(),
        step: 1,
        tenant: "contoso.onmicrosoft.com".to_owned(),
        inputs: Vec::new(),
    };
    assert_eq!(calls, [expected]);
    let step = &run.trace.steps[0];
    assert_eq!((step.claims_exchange.as_deref(), step.technical_profile.as_deref()), (Some("PExchange"), Some("P")));
}

/// Stages 2, 3, 5, 7, 8: each sees what the ones before wrote.
#[test]
fn transformations_write_at_once() {
    let provider = Provider::returning(&[(0, text("returned"))]);
    let mut profile = profile("P", provider.clone());
    profile.input_claims_transformations = vec![format_string("a", "<{0}>", "b"), format_string("b", "[{0}]", "c")];
    profile.input_claims = vec![input("c", None, false), input("r", None, false)];
    profile.output_claims = vec![output("r", None, false)];
    profile.output_claims_transformations = vec![format_string("r", "({0})", "b"), format_string("b", "{{{0}}}", "d")];
    let run = run(&journey(profile), &[("a", "1")]);
    let handed = provider.calls().first().map(|it| it.inputs.clone());
    assert_eq!(handed, Some(vec![InputValue::Value(text("[<1>]")), InputValue::Absent]));
    assert_eq!(run.bag("r"), Some(&text("returned")));
    assert_eq!(run.bag("b"), Some(&text("(returned)")), "the later one wins");
    assert_eq!(run.bag("d"), Some(&text("{(returned)}")));
    let written: Vec<_> = run.trace.steps[0].changes.iter().map(|it| it.claim.as_str()).collect();
    assert_eq!(written, ["b", "c", "r", "b", "d"]);
    let first = &run.trace.steps[0].changes[0];
    assert_eq!((first.before.as_ref(), first.after.as_ref()), (None, Some(&text("<1>"))));
    assert!(first.by.contains("FormatStringClaim"), "{}", first.by);
}

#[test]
fn a_repeated_transformation_runs_twice() {
    let mut profile = profile("P", Provider::default());
    profile.output_claims_transformations = vec![format_string("a", "{0}!", "a"), format_string("a", "{0}!", "a")];
    assert_eq!(run(&journey(profile), &[("a", "x")]).bag("a"), Some(&text("x!!")));
}

/// An assertion that does not hold fails the profile, and with it the journey; the stages behind it do not run.
#[test]
fn a_failing_transformation_ends_the_journey() {
    let declaration = Declaration {
        id: "AssertEqual".to_owned(),
        inputs: vec![
            DeclaredClaim::new("inputClaim1", "a", DataType::String),
            DeclaredClaim::new("inputClaim2", "b", DataType::String),
        ],
        parameters: vec![DeclaredParameter::new("stringComparison", DataType::String, "ordinal")],
        outputs: Vec::new(),
    };
    let assertion = || transformation("AssertStringClaimsAreEqual", &declaration, Vec::new());
    let provider = Provider::default();
    let mut early = profile("Early", provider.clone());
    early.input_claims_transformations = vec![assertion()];
    let journey_of = |profile| plan(vec![noop(1), exchange(2, vec![profile]), send_claims(3)], Vec::new());
    let plan = journey_of(early);
    let failed = run(&plan, &[("a", "1"), ("b", "2")]);
    assert_eq!(failed.failure().map(|it| it.1), Some(Some(2)));
    let error = failed.ended.as_ref().err();
    assert_eq!(error.and_then(|it| it.technical_profile.as_deref()), Some("Early"));
    assert!(
        error.is_some_and(|it| it.detail.contains("AssertEqual") && !it.message.contains("AssertEqual")),
        "{error:?}"
    );
    assert!(provider.calls().is_empty(), "the call comes after it");
    assert!(run(&plan, &[("a", "1"), ("b", "1")]).ended.is_ok());
    let mut late = profile("Late", Provider::returning(&[(0, text("set"))]));
    late.output_claims = vec![output("c", None, false)];
    late.output_claims_transformations = vec![assertion(), format_string("a", "{0}", "never")];
    let failed = run(&journey_of(late), &[("a", "1"), ("b", "2")]);
    assert_eq!(failed.failure().map(|it| it.1), Some(Some(2)));
    assert_eq!((failed.bag("c"), failed.bag("never")), (Some(&text("set")), None));
}

/// `Hash` reads its key at the moment of use, and fails by the container's name when there is none.
#[test]
fn policy_keys_of_transformations() {
    let declaration = Declaration {
        id: "HashIt".to_owned(),
        inputs: vec![
            DeclaredClaim::new("plaintext", "a", DataType::String),
            DeclaredClaim::new("salt", "b", DataType::String),
        ],
        parameters: vec![DeclaredParameter::new("randomizerSecret", DataType::String, "B2C_1A_Secret")],
        outputs: vec![DeclaredClaim::new("hash", "h", DataType::String)],
    };
    let journey_with = || {
        let mut profile = profile("P", Provider::default());
        profile.output_claims_transformations =
            vec![transformation("Hash", &declaration, vec!["B2C_1A_Secret".to_owned()])];
        journey(profile)
    };
    let bag =
        || JourneyState { next: 0, bag: [("a", "x"), ("b", "y")].map(|(id, it)| (id.to_owned(), text(it))).into() };
    let missing = resume(&journey_with(), bag(), &World::default());
    assert_eq!(missing.failure(), Some(("AADB2C90073", Some(1))));
    assert!(missing.ended.as_ref().is_err_and(|it| it.message.contains("'B2C_1A_Secret'")));
    let world = World { keys: [("B2C_1A_Secret".to_owned(), "s3cret".to_owned())].into() };
    let hashed = resume(&journey_with(), bag(), &world);
    assert!(hashed.bag("h").is_some());
    assert!(!format!("{:?}", hashed.trace).contains("s3cret"));
}

/// The relying party's rows: the claim, else the default; AlwaysUseDefaultValue first. What has no value is left out.
#[test]
fn token_claims() {
    let rows: Vec<OutputClaim> = vec![
        output("held", None, false),
        output("absent", None, false),
        output("defaulted", literal("d"), false),
        output("kept", literal("d"), false),
        output("always", literal("d"), true),
        output("policy", resolver("{policy}"), false),
        output("tenant", resolver("{Policy:TenantObjectId}"), true),
        output("nothing", resolver(ABSENT), false),
        output("dropped", resolver(ABSENT), true),
    ];
    let plan = plan(vec![send_claims(1)], rows);
    let run = run(&plan, &[("kept", "k"), ("held", "h"), ("always", "a"), ("dropped", "x"), ("other", "o")]);
    let expected = [
        ("held_partner", Some("h")),
        ("absent_partner", None),
        ("defaulted_partner", Some("d")),
        ("kept_partner", Some("k")),
        ("always_partner", Some("d")),
        ("policy_partner", Some("B2C_1A_Policy")),
        ("tenant_partner", Some("11111111-2222-3333-4444-555555555555")),
        ("nothing_partner", None),
        ("dropped_partner", None),
    ];
    let expected: Vec<_> = expected.iter().map(|(name, value)| ((*name).to_owned(), value.map(text))).collect();
    assert_eq!(run.ended.ok(), Some(expected), "in the order of the policy, and nothing else of the bag");
    assert_eq!(run.state.bag.get("defaulted"), None, "a default of the relying party sets no claim");
}
