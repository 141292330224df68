use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use wayfarer_store::{AppRoleAssignment, Guid};

/// The id of an assignment in the form that Graph's have: 32 bytes as base64url, the first half the principal's id. The
/// second half stands for what is assigned, so that no id has to be kept.
pub(super) fn of(principal: Guid, assignment: AppRoleAssignment) -> String {
    let assigned = [assignment.resource_app_id.to_bytes_le(), assignment.app_role_id.to_bytes_le()].concat();
    let assigned = digest(&SHA256, &assigned);
    let assigned = assigned.as_ref().iter().take(16).copied();
    let bytes: Vec<u8> = principal.to_bytes_le().into_iter().chain(assigned).collect();
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The principal of the example of the page "List appRoleAssignments".
    #[test]
    fn the_first_half_is_the_principal() {
        let guid = |text: &str| text.parse::<Guid>().unwrap();
        let principal = guid("8e881353-1735-45af-af21-ee1344582a4d");
        let role = guid("d6a15e20-f83c-4264-8e61-5082688e14c8");
        let one = of(principal, AppRoleAssignment { resource_app_id: principal, app_role_id: role });
        assert!(one.starts_with("UxOIjjUXr0WvIe4TRFgqT") && one.len() == 43, "{one}");
        let other = of(principal, AppRoleAssignment { resource_app_id: role, app_role_id: principal });
        assert_ne!(one, other);
    }
}
