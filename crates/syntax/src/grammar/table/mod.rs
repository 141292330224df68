//! The grammar itself: every type of the schema, in the order that a policy has them. The facts are those of
//! `TrustFrameworkPolicy_0.3.0.0.xsd`; types that nothing there refers to are left out.

mod building_blocks;
mod journeys;
mod pages;
mod relying_party;
mod root;
mod technical_profiles;
mod text;

pub(super) use root::TRUST_FRAMEWORK_POLICY;
