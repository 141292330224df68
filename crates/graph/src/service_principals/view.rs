use serde_json::{Value, json};
use wayfarer_store::{App, Guid, Tenant};

use crate::odata::Entity;

/// A service principal as Graph shows it: mostly what its application says.
pub(super) fn shown(tenant: &Tenant, app: &App, id: Guid) -> Entity {
    let members = app.graph_members();
    let of_app = |path: &[&str]| {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(members.get(*first)?, |value, name| value.get(*name)).cloned()
    };
    let of_app = |path: &[&str]| of_app(path).unwrap_or_default();
    let names = std::iter::once(app.app_id.to_string()).chain(app.identifier_uris.iter().cloned());
    let replies = [&app.web_redirect_uris, &app.spa_redirect_uris, &app.public_client_redirect_uris];
    let shown = json!({
        "id": id,
        "deletedDateTime": null,
        "accountEnabled": app.account_enabled,
        "alternativeNames": [],
        "appDisplayName": app.name,
        "appDescription": of_app(&["description"]),
        "appId": app.app_id,
        "applicationTemplateId": null,
        "appOwnerOrganizationId": tenant.id(),
        "appRoleAssignmentRequired": false,
        "createdDateTime": of_app(&["createdDateTime"]),
        "description": null,
        "disabledByMicrosoftStatus": app.disabled_by_microsoft_status,
        "displayName": app.name,
        "homepage": of_app(&["web", "homePageUrl"]),
        "loginUrl": null,
        "logoutUrl": of_app(&["web", "logoutUrl"]),
        "notes": null,
        "notificationEmailAddresses": [],
        "preferredSingleSignOnMode": null,
        "replyUrls": replies.into_iter().flatten().collect::<Vec<_>>(),
        "servicePrincipalNames": names.collect::<Vec<_>>(),
        "servicePrincipalType": "Application",
        "signInAudience": app.sign_in_audience,
        "tags": [],
        "tokenEncryptionKeyId": null,
        "addIns": [],
        "appRoles": of_app(&["appRoles"]),
        "info": of_app(&["info"]),
        "keyCredentials": [],
        "oauth2PermissionScopes": of_app(&["api", "oauth2PermissionScopes"]),
        "passwordCredentials": []
    });
    match shown {
        Value::Object(members) => members,
        _ => Entity::new(),
    }
}
