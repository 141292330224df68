use crate::ClaimsBag;
use crate::plan::{Enabled, Precondition, Test};
use wayfarer_builtins::Value;

/// Why the step is skipped: the first precondition whose test gives what `ExecuteActionsIf` asks for.
///
/// A `ClaimEquals` on an absent claim is ignored for both values of `ExecuteActionsIf`, so it never skips
/// (documentation page userjourneys; azure-docs issue 80264).
pub(crate) fn skips(preconditions: &[Precondition], bag: &ClaimsBag) -> Option<String> {
    preconditions.iter().find_map(|it| {
        let result = match &it.test {
            Test::ClaimsExist(claim) => bag.contains_key(claim),
            Test::ClaimEquals(claim, literal) => bag.get(claim)?.to_text() == *literal,
        };
        (result == it.execute_actions_if).then(|| describe(it))
    })
}

fn describe(precondition: &Precondition) -> String {
    match (&precondition.test, precondition.execute_actions_if) {
        (Test::ClaimsExist(claim), true) => format!("`{claim}` exists"),
        (Test::ClaimsExist(claim), false) => format!("`{claim}` does not exist"),
        (Test::ClaimEquals(claim, literal), true) => format!("`{claim}` is `{literal}`"),
        (Test::ClaimEquals(claim, literal), false) => format!("`{claim}` is not `{literal}`"),
    }
}

/// Whether a profile takes part (reference "technical-profiles", A7). An absent collection counts as empty, and values
/// compare ordinally: neither is documented.
pub(crate) fn is_enabled(enabled: &Enabled, bag: &ClaimsBag) -> bool {
    let contains = |claim: &String, item: &String| match bag.get(claim) {
        Some(Value::StringCollection(items)) => items.contains(item),
        _ => false,
    };
    match enabled {
        Enabled::Always => true,
        Enabled::Never => false,
        Enabled::OnClaimsExistence(claim, None) => bag.contains_key(claim),
        Enabled::OnClaimsExistence(claim, Some(value)) => bag.get(claim).is_some_and(|it| it.to_text() == *value),
        Enabled::OnItemExistence(claim, item) => contains(claim, item),
        Enabled::OnItemAbsence(claim, item) => !contains(claim, item),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bag(claim: &str, value: Option<Value>) -> ClaimsBag {
        value.map(|it| (claim.to_owned(), it)).into_iter().collect()
    }

    fn exist(if_true: bool) -> Precondition {
        Precondition { test: Test::ClaimsExist("c".into()), execute_actions_if: if_true }
    }

    fn equals(if_true: bool, literal: &str) -> Precondition {
        Precondition { test: Test::ClaimEquals("c".into(), literal.into()), execute_actions_if: if_true }
    }

    /// The table of the reference "journeys", section 5: whether the step runs for c absent, `""`, `A` and `a`.
    #[test]
    fn strings_skip_as_the_table_says() {
        let text = |it: &str| Some(Value::String(it.into()));
        let states = [None, text(""), text("A"), text("a")];
        let table: [(&[Precondition], [bool; 4]); 6] = [
            (&[exist(true)], [true, false, false, false]),
            (&[exist(false)], [false, true, true, true]),
            (&[equals(true, "A")], [true, true, false, true]),
            (&[equals(false, "A")], [true, false, true, false]),
            (&[exist(false), equals(false, "A")], [false, false, true, false]),
            (&[exist(true), equals(true, "A")], [true, false, false, false]),
        ];
        for (preconditions, runs) in table {
            let seen = states.clone().map(|it| skips(preconditions, &bag("c", it)).is_none());
            assert_eq!(seen, runs, "{preconditions:?}");
        }
    }

    #[test]
    fn booleans_compare_as_dotnet_prints_them() {
        let states = [None, Some(Value::Boolean(true)), Some(Value::Boolean(false))];
        let table = [
            (equals(true, "True"), [true, false, true]),
            (equals(true, "true"), [true, true, true]),
            (equals(false, "True"), [true, true, false]),
            (equals(false, "true"), [true, false, false]),
        ];
        for (precondition, runs) in table {
            let seen = states.clone().map(|it| skips(std::slice::from_ref(&precondition), &bag("c", it)).is_none());
            assert_eq!(seen, runs, "{precondition:?}");
        }
    }

    #[test]
    fn an_absent_collection_counts_as_empty() {
        let (claim, item) = ("c".to_owned(), "x".to_owned());
        let empty = ClaimsBag::new();
        assert!(!is_enabled(&Enabled::OnItemExistence(claim.clone(), item.clone()), &empty));
        assert!(is_enabled(&Enabled::OnItemAbsence(claim, item), &empty));
    }
}
