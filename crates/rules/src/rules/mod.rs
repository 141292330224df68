//! The registry: one folder a rule, in alphabetical order.

mod client_credentials;
mod unresolved;

use crate::Rule;

/// Declares the module of each rule and lists its static value.
macro_rules! rules {
    ($($folder:ident),* $(,)?) => {
        $(mod $folder;)*

        pub(crate) static ALL: &[&Rule] = &[$(&$folder::RULE),*];
    };
}

rules! {
    base_cycle,
    base_missing,
    chain_too_deep,
    client_credentials_first_step,
    client_credentials_interactive_step,
    client_credentials_last_step,
    client_credentials_output_unfillable,
    not_a_policy,
    not_yet_runnable,
    policy_too_big,
    policyid_duplicate_in_set,
    step_missing,
    step_out_of_order,
    unreadable_file,
    unresolved_claim_type,
    unresolved_claims_transformation,
    unresolved_client_definition,
    unresolved_content_definition,
    unresolved_display_control,
    unresolved_localized_resources,
    unresolved_metadata_journey,
    unresolved_predicate,
    unresolved_predicate_validation,
    unresolved_sub_journey,
    unresolved_technical_profile,
    unresolved_user_journey,
    xml_malformed,
}
