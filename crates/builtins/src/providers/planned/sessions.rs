//! Session providers: reference "technical-profiles", B26.

use crate::providers::planned::Planned;
use crate::providers::spec::{flag, ignored};
use crate::providers::{Caller, Interaction, ProfileKind, ProviderSpec};

/// Default session.
pub(super) static SESSION_DEFAULT: Planned = Planned {
    kind: ProfileKind::SessionDefault,
    needs: "browser sessions",
    spec: ProviderSpec {
        title: "default session",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.SSO.DefaultSSOSessionProvider"),
        metadata: &[],
        keys: &[],
        interaction: Interaction::Session,
        callers: &[Caller::SessionManagement],
        docs: "",
    },
};

/// External login session.
pub(super) static SESSION_EXTERNAL_LOGIN: Planned = Planned {
    kind: ProfileKind::SessionExternalLogin,
    needs: "browser sessions",
    spec: ProviderSpec {
        title: "external login session",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.SSO.ExternalLoginSSOSessionProvider"),
        metadata: &[ignored("AlwaysFetchClaimsFromProvider", "documented as unused")],
        keys: &[],
        interaction: Interaction::Session,
        callers: &[Caller::SessionManagement],
        docs: "",
    },
};

/// No session.
pub(super) static SESSION_NOOP: Planned = Planned {
    kind: ProfileKind::SessionNoop,
    needs: "nothing",
    spec: ProviderSpec {
        title: "no session",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.SSO.NoopSSOSessionProvider"),
        metadata: &[],
        keys: &[],
        interaction: Interaction::Session,
        callers: &[Caller::SessionManagement],
        docs: "",
    },
};

/// Application session.
pub(super) static SESSION_OAUTH: Planned = Planned {
    kind: ProfileKind::SessionOAuth,
    needs: "browser sessions",
    spec: ProviderSpec {
        title: "application session",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.SSO.OAuthSSOSessionProvider"),
        metadata: &[],
        keys: &[],
        interaction: Interaction::Session,
        callers: &[Caller::SessionManagement],
        docs: "",
    },
};

/// SAML session.
pub(super) static SESSION_SAML: Planned = Planned {
    kind: ProfileKind::SessionSaml,
    needs: "browser sessions",
    spec: ProviderSpec {
        title: "SAML session",
        protocols: &["Proprietary"],
        handler: Some("Web.TPEngine.SSO.SamlSSOSessionProvider"),
        metadata: &[
            ignored("IncludeSessionIndex", "documented as unused"),
            flag("RegisterServiceProviders", "service providers are signed out too").default("true"),
        ],
        keys: &[],
        interaction: Interaction::Session,
        callers: &[Caller::SessionManagement],
        docs: "",
    },
};
