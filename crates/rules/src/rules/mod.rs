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
    attribute_unknown,
    base_cycle,
    base_missing,
    bearer_claim_absent,
    chain_too_deep,
    claim_type_without_data_type,
    claims_transformation_signature,
    client_credentials_first_step,
    client_credentials_interactive_step,
    client_credentials_last_step,
    client_credentials_output_unfillable,
    default_type_mismatch,
    element_not_allowed,
    element_order,
    element_repeated,
    empty_element_has_space,
    enum_invalid,
    id_duplicate,
    metadata_invalid_value,
    metadata_unknown_key,
    namespace_wrong,
    not_a_policy,
    not_yet_runnable,
    output_claim_missing,
    policy_too_big,
    policyid_duplicate_in_set,
    precondition_arity,
    required_attribute_missing,
    required_element_missing,
    required_key,
    required_metadata,
    rest_api_key,
    rest_header_name,
    rest_http,
    rest_insecure,
    rest_payload_claim,
    rest_placeholder,
    root_not_policy,
    send_claims_without_issuer,
    setting_case_drift,
    setting_env_drift,
    setting_regex_unsafe,
    setting_unresolved,
    setting_unused,
    step_missing,
    step_out_of_order,
    stray_text,
    tenant_placeholder_left,
    token_lifetime_range,
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
    value_invalid,
    xml_malformed,
}
