use super::{Form, Kept, Member};

const fn set(graph: &'static [&'static str], portal: &'static [&'static str], form: Form) -> Member {
    Member { graph, portal, form, kept: Kept::Settable }
}

const fn same(path: &'static [&'static str], form: Form) -> Member {
    set(path, path, form)
}

const fn read_only(path: &'static [&'static str], form: Form) -> Member {
    Member { graph: path, portal: path, form, kept: Kept::ReadOnly }
}

/// All members, in the order in which Graph shows them.
pub(crate) static MEMBERS: &[Member] = &[
    read_only(&["id"], Form::Text),
    read_only(&["deletedDateTime"], Form::Text),
    read_only(&["appId"], Form::Text),
    read_only(&["applicationTemplateId"], Form::Text),
    read_only(&["disabledByMicrosoftStatus"], Form::Text),
    read_only(&["createdDateTime"], Form::Text),
    set(&["displayName"], &["name"], Form::Name),
    same(&["description"], Form::Text),
    same(&["groupMembershipClaims"], Form::Text),
    same(&["identifierUris"], Form::Uris),
    same(&["isDeviceOnlyAuthSupported"], Form::MaybeFlag),
    set(&["isFallbackPublicClient"], &["allowPublicClient"], Form::MaybeFlag),
    same(&["notes"], Form::Text),
    same(&["oauth2RequirePostResponse"], Form::Flag),
    read_only(&["publisherDomain"], Form::Text),
    same(&["serviceManagementReference"], Form::Text),
    same(&["signInAudience"], Form::Audience),
    same(&["tags"], Form::Texts),
    same(&["tokenEncryptionKeyId"], Form::Text),
    same(&["samlMetadataUrl"], Form::Text),
    same(&["defaultRedirectUri"], Form::Text),
    read_only(&["certification"], Form::Object),
    same(&["optionalClaims"], Form::Object),
    same(&["addIns"], Form::List),
    set(&["api", "acceptMappedClaims"], &["acceptMappedClaims"], Form::MaybeFlag),
    set(&["api", "knownClientApplications"], &["knownClientApplications"], Form::Guids),
    set(&["api", "requestedAccessTokenVersion"], &["accessTokenAcceptedVersion"], Form::Version),
    set(&["api", "oauth2PermissionScopes"], &["oauth2Permissions"], Form::Scopes),
    set(&["api", "preAuthorizedApplications"], &["preAuthorizedApplications"], Form::PreAuthorized),
    same(&["appRoles"], Form::Roles),
    set(&["info", "logoUrl"], &["logoUrl"], Form::Text),
    set(&["info", "marketingUrl"], &["informationalUrls", "marketing"], Form::Text),
    set(&["info", "privacyStatementUrl"], &["informationalUrls", "privacy"], Form::Text),
    set(&["info", "supportUrl"], &["informationalUrls", "support"], Form::Text),
    set(&["info", "termsOfServiceUrl"], &["informationalUrls", "termsOfService"], Form::Text),
    same(&["keyCredentials"], Form::Keys),
    same(&["parentalControlSettings"], Form::Object),
    same(&["passwordCredentials"], Form::Passwords),
    set(&["publicClient", "redirectUris"], &["replyUrlsWithType"], Form::RedirectUris("InstalledClient")),
    same(&["requiredResourceAccess"], Form::RequiredAccess),
    set(&["spa", "redirectUris"], &["replyUrlsWithType"], Form::RedirectUris("Spa")),
    set(&["web", "homePageUrl"], &["signInUrl"], Form::Text),
    set(&["web", "logoutUrl"], &["logoutUrl"], Form::Text),
    set(&["web", "redirectUris"], &["replyUrlsWithType"], Form::RedirectUris("Web")),
    set(&["web", "implicitGrantSettings", "enableAccessTokenIssuance"], &["oauth2AllowImplicitFlow"], Form::Flag),
    set(&["web", "implicitGrantSettings", "enableIdTokenIssuance"], &["oauth2AllowIdTokenImplicitFlow"], Form::Flag),
];
