//! The registry: one folder a rule, in alphabetical order.

mod client_credentials;
mod journey_copies;
mod overrides;
mod requested;
mod runs_twice;
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
    base_is_user_flow,
    base_missing,
    base_not_derivable,
    base_tenant_differs,
    bearer_claim_absent,
    chain_too_deep,
    claim_type_without_data_type,
    claims_transformation_signature,
    claimtype_retyped,
    client_credentials_first_step,
    client_credentials_interactive_step,
    client_credentials_last_step,
    client_credentials_output_unfillable,
    default_type_mismatch,
    development_mode,
    element_not_allowed,
    element_order,
    element_repeated,
    empty_element_has_space,
    enum_invalid,
    id_differs_only_by_case,
    id_duplicate,
    include_cycle,
    journey_copied_under_same_id,
    language_already_supported,
    metadata_invalid_value,
    metadata_key_duplicate,
    metadata_unknown_key,
    namespace_wrong,
    not_a_policy,
    not_yet_runnable,
    output_claim_missing,
    override_changes_step_type,
    override_drops_attributes,
    override_of_unknown_profile,
    partial_redefinition,
    policy_too_big,
    policyid_duplicate_in_set,
    policyid_without_prefix,
    precondition_arity,
    precondition_unknown_claim,
    publicpolicyuri_mismatch,
    recorder_half_on,
    ref_case_drift,
    required_attribute_missing,
    required_element_missing,
    required_key,
    required_metadata,
    resolver_unknown,
    rest_api_key,
    rest_header_name,
    rest_http,
    rest_insecure,
    rest_payload_claim,
    rest_placeholder,
    root_not_policy,
    schema_version_unsupported,
    send_claims_without_issuer,
    setting_case_drift,
    setting_env_drift,
    setting_regex_unsafe,
    setting_unresolved,
    setting_unused,
    step_missing,
    step_out_of_order,
    stray_root,
    stray_text,
    tenant_placeholder_left,
    token_lifetime_range,
    transformation_runs_twice,
    unreadable_file,
    unresolved_claim_type,
    unresolved_claims_exchange,
    unresolved_claims_transformation,
    unresolved_client_definition,
    unresolved_content_definition,
    unresolved_display_control,
    unresolved_localized_element,
    unresolved_localized_resources,
    unresolved_metadata_claim,
    unresolved_metadata_journey,
    unresolved_predicate,
    unresolved_predicate_validation,
    unresolved_sub_journey,
    unresolved_technical_profile,
    unresolved_user_journey,
    validation_profile_runs_twice,
    value_invalid,
    xml_malformed,
}
