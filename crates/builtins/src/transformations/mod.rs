//! The claims transformations: one folder a method, with its code, its page and its cases.
//!
//! A method is pure: it sees its inputs, its parameters and [`Env`], and nothing else. Start at [`Transformation`],
//! then read `create_string_claim/`. Rule numbers (R1 to R16) and ambiguities (A1 to A13) are those of the reference
//! "claims transformations".

mod age_groups;
mod call;
mod calling_codes;
mod check;
mod composite_format;
mod declaration;
mod env;
mod failure;
mod identities;
mod instants;
mod json_pairs;
mod json_text;
mod ordinal;
pub mod predicates;
mod preparation;
mod random;
pub mod regex;
mod result_size;
mod signature;
#[cfg(test)]
mod tests;
mod trial;
pub(crate) mod utf16;
pub mod vectors;

pub use call::{Output, Prepared};
pub use check::{SignatureList, SignatureProblem, SignatureProblemKind};
pub use declaration::{Declaration, DeclaredClaim, DeclaredParameter, EnumerationItem};
pub use env::{AbsentRightOperand, Env, Fallback, Localization, NoLocalization, NoMatch, Options, Remark};
pub use failure::TransformationError;
use regex::RegexErrorCause;
pub use signature::{Content, Null, ParameterSlot, Presence, Slot, Transformation, Types};
pub use trial::Trial;

/// The list of methods: the folders beside this file, in alphabetical order.
macro_rules! methods {
    ($($folder:ident,)*) => {
        $(mod $folder;)*
        static ALL: &[&Transformation] = &[$(&$folder::TRANSFORMATION,)*];
    };
}

methods! {
    add_item_to_alternative_security_id_collection,
    add_item_to_string_collection,
    add_item_to_user_identity_collection,
    add_parameter_to_string_collection,
    adjust_number,
    and_claims,
    assert_boolean_claim_is_equal_to_value,
    assert_date_time_is_greater_than,
    assert_number,
    assert_string_claims_are_equal,
    build_uri,
    change_case,
    compare_boolean_claim_to_value,
    compare_claims,
    compare_claim_to_value,
    convert_date_time_to_date_claim,
    convert_date_to_date_time_claim,
    convert_number_to_string_claim,
    convert_phone_number_claim_to_string,
    convert_string_to_phone_number_claim,
    copy_claim,
    copy_claim_if_predicate_match,
    create_alternative_security_id,
    create_json_array,
    create_otp_secret,
    create_random_string,
    create_string_claim,
    create_user_identity,
    date_time_comparison,
    does_claim_exist,
    format_localized_string,
    format_string_claim,
    format_string_multiple_claims,
    generate_json,
    get_age_group_and_consent_provided,
    get_age_group_consent_provided_and_requires_consent,
    get_claim_from_json,
    get_claims_from_json_array,
    get_claims_from_json_array_v2,
    get_current_date_time,
    get_identity_providers_from_alternative_security_id_collection_transformation,
    get_issuers_from_user_identity_collection_transformation,
    get_localized_strings_transformation,
    get_mapped_value_from_localized_collection,
    get_national_number_and_country_code_from_phone_number_string,
    get_numeric_claim_from_json,
    get_single_item_from_json,
    get_single_item_from_string_collection,
    get_single_value_from_json_array,
    guid_and_random_generator,
    hash,
    is_terms_of_use_consent_required,
    lookup_value,
    not_claims,
    null_claim,
    or_claims,
    parse_domain,
    remove_alternative_security_id_by_identity_provider,
    remove_user_identity_from_collection_by_issuer,
    set_claim_if_booleans_match,
    set_claims_if_regex_match,
    set_claims_if_strings_are_equal,
    set_claims_if_strings_match,
    string_collection_contains,
    string_collection_contains_claim,
    string_contains,
    string_join,
    string_replace,
    string_split,
    string_substring,
    xml_string_to_json_string,
}

/// All methods, in alphabetical order.
pub fn all() -> &'static [&'static Transformation] {
    ALL
}

/// The method of that name, in any letter case (reference, R2).
pub fn find(method: &str) -> Option<&'static Transformation> {
    ALL.iter().copied().find(|it| it.method.eq_ignore_ascii_case(method))
}

impl Transformation {
    /// Compares a declaration with the signature, as the service does at upload (reference, R3).
    pub fn check(&self, declaration: &Declaration) -> Vec<SignatureProblem> {
        check::check(self, declaration)
    }

    /// The input that a declared name means, in any letter case.
    pub fn input(&self, name: &str) -> Option<&'static Slot> {
        signature::position(self.inputs, name).and_then(|at| self.inputs.get(at))
    }

    /// The parameter that a declared id means, in any letter case.
    pub fn parameter(&self, id: &str) -> Option<&'static ParameterSlot> {
        signature::position(self.parameters, id).and_then(|at| self.parameters.get(at))
    }

    /// The output that a declared name means, in any letter case.
    pub fn output(&self, name: &str) -> Option<&'static Slot> {
        signature::position(self.outputs, name).and_then(|at| self.outputs.get(at))
    }

    /// Reads the parameters once. Much of what fails here passes the service's upload and fails there at each call; a
    /// caller that wants the same keeps the error and raises it when the transformation is called.
    ///
    /// # Errors
    /// The declaration does not have the signature, or a parameter's text can't be used.
    pub fn prepare(&'static self, declaration: &Declaration) -> Result<Prepared, TransformationError> {
        if let Some(problem) = self.check(declaration).into_iter().find(SignatureProblem::is_error) {
            return Err(TransformationError::Signature {
                transformation: declaration.id.clone(),
                method: self.method,
                problem,
            });
        }
        let preparation = preparation::Preparation { transformation: self, declaration };
        match (self.prepare)(&preparation) {
            Ok(run) => Ok(Prepared::new(self, declaration, run)),
            Err(it) => {
                let (transformation, method) = (declaration.id.clone(), self.method);
                let (parameter, reason) = (it.parameter, it.reason);
                Err(match it.cause {
                    RegexErrorCause::Invalid => {
                        TransformationError::Parameter { transformation, method, parameter, reason }
                    }
                    RegexErrorCause::Unsupported => {
                        TransformationError::Unsupported { transformation, method, parameter, reason }
                    }
                })
            }
        }
    }
}

impl std::fmt::Debug for Transformation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Transformation({})", self.method)
    }
}
