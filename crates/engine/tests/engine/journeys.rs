//! Steps in their order: which run, which are skipped, and how a journey ends.

use crate::world::*;
use wayfarer_builtins::Value;
use wayfarer_engine::plan::{Enabled, Precondition, Step, Test};
use wayfarer_engine::{JourneyState, StepTrace};

/// A step whose profile sets a claim to `yes`.
fn sets(order: u32, claim: &str) -> Step {
    let mut profile = profile(claim, Provider::default());
    profile.output_claims = vec![output(claim, literal("yes"), true)];
    exchange(order, vec![profile])
}

#[test]
fn steps_run_one_after_the_other_until_claims_are_sent() {
    let plan = plan(vec![sets(1, "a"), noop(2), sets(3, "b"), send_claims(4), sets(5, "late")], Vec::new());
    let run = run(&plan, &[]);
    assert!(run.ended.is_ok());
    let trace: Vec<_> = run.trace.steps.iter().map(|it| (it.order, it.step_type)).collect();
    assert_eq!(trace, [(1, "ClaimsExchange"), (2, "Noop"), (3, "ClaimsExchange"), (4, "SendClaims")]);
    assert_eq!(run.state.bag.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(run.trace.steps.last().and_then(|it| it.technical_profile.as_deref()), Some("JwtIssuer"));
}

#[test]
fn preconditions_see_what_earlier_steps_set() {
    let skips = |steps| run(&plan(steps, Vec::new()), &[]).skipped();
    assert_eq!(skips(vec![sets(1, "a"), skip_if_exists(sets(2, "b"), "a", true), send_claims(3)]), [2]);
    assert_eq!(skips(vec![sets(1, "a"), skip_if_exists(sets(2, "b"), "a", false), send_claims(3)]), [0_u32; 0]);
    assert_eq!(skips(vec![skip_if_exists(sets(1, "b"), "a", false), sets(2, "a"), send_claims(3)]), [1]);
    let chained = vec![
        skip_if_exists(sets(1, "a"), "x", false),
        skip_if_exists(sets(2, "b"), "a", false),
        skip_if_exists(sets(3, "c"), "b", false),
        send_claims(4),
    ];
    assert_eq!(skips(chained), [1, 2, 3], "what a skipped step would have set is not there");
}

/// The step runs only if none of its preconditions is satisfied; a ClaimEquals on an absent claim never is.
#[test]
fn several_preconditions() {
    let step = |preconditions| Step { preconditions, ..sets(1, "ran") };
    let exists = |claim: &str, on| Precondition { test: Test::ClaimsExist(claim.into()), execute_actions_if: on };
    let equals = |claim: &str, to: &str, on| Precondition {
        test: Test::ClaimEquals(claim.into(), to.into()),
        execute_actions_if: on,
    };
    let only_when_equal = || vec![exists("c", false), equals("c", "A", false)];
    let ran = |preconditions, bag: &[(&str, &str)]| {
        let plan = plan(vec![step(preconditions), send_claims(2)], Vec::new());
        run(&plan, bag).bag("ran").is_some()
    };
    let table: [(&[(&str, &str)], bool); 4] =
        [(&[], false), (&[("c", "A")], true), (&[("c", "a")], false), (&[("c", "")], false)];
    for (bag, expected) in table {
        assert_eq!(ran(only_when_equal(), bag), expected, "{bag:?}");
    }
    assert!(ran(vec![equals("c", "A", false), equals("c", "A", true)], &[]), "both are ignored");
    assert!(!ran(vec![exists("x", true), exists("c", true)], &[("c", "1")]), "one is enough");
}

#[test]
fn a_skipped_send_claims_step_leaves_the_journey_without_an_end() {
    let plan = plan(vec![sets(1, "a"), skip_if_exists(send_claims(2), "a", true)], Vec::new());
    let run = run(&plan, &[]);
    assert_eq!(run.failure(), Some(("AADB2C90040", None)));
    assert_eq!(run.skipped(), [2]);
}

#[test]
fn a_journey_without_send_claims() {
    for steps in [Vec::new(), vec![noop(1)], vec![sets(1, "a"), sets(2, "b")]] {
        let run = run(&plan(steps, Vec::new()), &[]);
        assert_eq!(run.failure(), Some(("AADB2C90040", None)));
        let expected = "User journey 'Journey' does not contain a send claims step.";
        assert_eq!(run.ended.err().map(|it| it.message).as_deref(), Some(expected));
    }
}

/// A7: which profiles take part.
#[test]
fn enabled_for_user_journeys() {
    let items = |items: &[&str]| Value::StringCollection(items.iter().map(|it| (*it).to_owned()).collect());
    let c = || "c".to_owned();
    let x = || "x".to_owned();
    let table: [(Enabled, Option<Value>, bool); 17] = [
        (Enabled::Always, None, true),
        (Enabled::Never, None, false),
        (Enabled::Never, Some(text("x")), false),
        (Enabled::OnClaimsExistence(c(), None), None, false),
        (Enabled::OnClaimsExistence(c(), None), Some(text("")), true),
        (Enabled::OnClaimsExistence(c(), Some(x())), None, false),
        (Enabled::OnClaimsExistence(c(), Some(x())), Some(text("x")), true),
        (Enabled::OnClaimsExistence(c(), Some(x())), Some(text("X")), false),
        (Enabled::OnItemExistence(c(), x()), None, false),
        (Enabled::OnItemExistence(c(), x()), Some(items(&[])), false),
        (Enabled::OnItemExistence(c(), x()), Some(items(&["y", "x"])), true),
        (Enabled::OnItemExistence(c(), x()), Some(items(&["X"])), false),
        (Enabled::OnItemAbsence(c(), x()), None, true),
        (Enabled::OnItemAbsence(c(), x()), Some(items(&[])), true),
        (Enabled::OnItemAbsence(c(), x()), Some(items(&["y"])), true),
        (Enabled::OnItemAbsence(c(), x()), Some(items(&["y", "x"])), false),
        (Enabled::OnItemAbsence(c(), x()), Some(items(&["X"])), true),
    ];
    for (enabled, held, runs) in table {
        let provider = Provider::default();
        let mut parked = profile("P", provider.clone());
        parked.enabled = enabled.clone();
        let plan = plan(vec![exchange(1, vec![parked]), send_claims(2)], Vec::new());
        let bag = held.clone().map(|it| ("c".to_owned(), it)).into_iter().collect();
        let run = resume(&plan, JourneyState { next: 0, bag }, &World::default());
        assert!(run.ended.is_ok(), "a step without a profile is skipped");
        assert_eq!(provider.calls().len(), usize::from(runs), "{enabled:?} with {held:?}");
        assert_eq!(run.skipped().is_empty(), runs, "{enabled:?} with {held:?}");
    }
}

#[test]
fn several_exchanges_need_a_choice() {
    let parked = |id: &str| {
        let mut it = profile(id, Provider::default());
        it.enabled = Enabled::Never;
        it
    };
    let (a, b) = (Provider::default(), Provider::default());
    let two = plan(vec![noop(1), exchange(2, vec![profile("A", a.clone()), profile("B", b.clone())])], Vec::new());
    let failed = run(&two, &[]);
    assert_eq!(failed.failure(), Some(("AADB2C90304", Some(2))));
    let message = failed.ended.err().map(|it| it.message).unwrap_or_default();
    assert_eq!(
        message,
        "User journey went into a bad state. Claims exchange with id '' could not be found in orchestration step '2'."
    );
    assert!(a.calls().is_empty() && b.calls().is_empty(), "none of them runs");
    // What is not enabled is no choice.
    let one = Provider::default();
    let only =
        plan(vec![exchange(1, vec![parked("A"), profile("B", one.clone()), parked("C")]), send_claims(2)], Vec::new());
    assert!(run(&only, &[]).ended.is_ok());
    assert_eq!(one.calls().first().map(|it| it.exchange.clone()).as_deref(), Some("BExchange"));
    let none = plan(vec![exchange(1, vec![parked("A"), parked("C")]), send_claims(2)], Vec::new());
    assert_eq!(run(&none, &[]).skipped(), [1]);
    assert_eq!(run(&plan(vec![exchange(1, Vec::new()), send_claims(2)], Vec::new()), &[]).skipped(), [1]);
}

#[test]
fn a_failing_provider_ends_the_journey_with_its_code_step_and_profile() {
    let mut failing = profile("Rest", Provider::failing("AADB2C90075"));
    failing.output_claims = vec![output("c", literal("d"), true)];
    failing.output_claims_transformations = vec![format_string("a", "{0}", "d")];
    let plan = plan(vec![sets(1, "a"), exchange(3, vec![failing]), sets(5, "b"), send_claims(6)], Vec::new());
    let run = run(&plan, &[]);
    assert_eq!(run.failure(), Some(("AADB2C90075", Some(3))));
    let error = run.ended.as_ref().err();
    assert_eq!(error.and_then(|it| it.technical_profile.as_deref()), Some("Rest"));
    assert_eq!(error.map(|it| (it.message.as_str(), it.detail.as_str())), Some(("the service said no", "500")));
    assert_eq!(run.state.bag.keys().collect::<Vec<_>>(), ["a"], "no output, no transformation, no later step");
    let orders: Vec<_> = run.trace.steps.iter().map(|it: &StepTrace| it.order).collect();
    assert_eq!(orders, [1, 3], "the failing step is in the trace");
}

#[test]
fn the_text_for_users_is_preferred() {
    let mut provider = Provider::failing("AADB2C90075");
    if let Some(error) = &mut provider.error {
        error.user_message = Some("come back tomorrow".to_owned());
    }
    let plan = plan(vec![exchange(1, vec![profile("Rest", provider)])], Vec::new());
    assert_eq!(run(&plan, &[]).ended.err().map(|it| it.message).as_deref(), Some("come back tomorrow"));
}

/// Nothing survives between two calls but the state, and that goes through JSON.
#[test]
fn the_state_survives_serialization() {
    let bag = [
        ("text", text("é\"\n")),
        ("empty", text("")),
        ("number", Value::Int(-7)),
        ("long", Value::Long(i64::MAX)),
        ("flag", Value::Boolean(false)),
        ("list", Value::StringCollection(vec!["a".into(), "a".into()])),
    ];
    let bag = bag.map(|(id, it)| (id.to_owned(), it));
    let state = JourneyState { next: 1, bag: bag.into() };
    let written = serde_json::to_string(&state).unwrap();
    let read: JourneyState = serde_json::from_str(&written).unwrap();
    assert_eq!((read.next, &read.bag), (state.next, &state.bag));
    assert!(read.bag.keys().eq(state.bag.keys()), "in the same order");
    // A replica goes on where the first one stopped.
    let plan = plan(vec![sets(1, "never"), sets(2, "a"), send_claims(3)], vec![output("text", None, false)]);
    let run = resume(&plan, read, &World::default());
    assert_eq!(run.ended.ok(), Some(vec![("text_partner".to_owned(), Some(text("é\"\n")))]));
    assert_eq!((run.state.next, run.state.bag.get("never")), (3, None));
    let done = resume(&plan, JourneyState { next: 9, bag: Default::default() }, &World::default());
    assert_eq!(done.failure(), Some(("AADB2C90040", None)), "past the end there is nothing to run");
}
