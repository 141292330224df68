use std::borrow::Cow;
use std::fmt;

/// The `error` member of an answer. RFC 6749 §5.2 and §4.1.2.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OAuthError {
    /// `access_denied`.
    AccessDenied,
    /// `invalid_client`.
    InvalidClient,
    /// `invalid_grant`.
    InvalidGrant,
    /// `invalid_request`.
    InvalidRequest,
    /// `server_error`.
    ServerError,
    /// `temporarily_unavailable`.
    TemporarilyUnavailable,
    /// `unauthorized_client`.
    UnauthorizedClient,
    /// `unsupported_grant_type`.
    UnsupportedGrantType,
}

impl OAuthError {
    /// As it stands in the answer.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
        }
    }

    /// The value that goes with an AADB2C code. Source: `errors.md` 6; a code that is not there is `server_error`,
    /// which is a choice.
    fn of(code: u32) -> Self {
        match code {
            90008
            | 90010
            | 90012..=90014
            | 90043
            | 90055
            | 90079
            | 90083
            | 90084
            | 90107
            | 90110
            | 90115
            | 90117
            | 90120
            | 90122
            | 90146
            | 90184
            | 90205
            | 90226
            | 99005
            | 99013
            | 99027
            | 99059 => Self::InvalidRequest,
            90018 | 90068 | 90081 => Self::InvalidClient,
            90080 | 90085 | 90087 | 90088 | 90090 | 90128 | 90129 | 90182 | 90183 | 90279 => Self::InvalidGrant,
            90086 => Self::UnsupportedGrantType,
            90057 | 90058 | 90092 | 90224 | 90248 => Self::UnauthorizedClient,
            90052..=90054 | 90091 | 90111 | 90114 | 90118 | 90225 | 90273 => Self::AccessDenied,
            90035 | 90229 | 90244 => Self::TemporarilyUnavailable,
            _ => Self::ServerError,
        }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const WRONG_SECRET: &str = "The specified client_secret does not match the expected value for this client. \
                            Please correct the client_secret and try again.";

/// What a client is told when the client credentials grant fails: one variant per row of `errors.md` 5. `Display` is
/// the message without its code, in the live service's spelling.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// AADB2C90008.
    #[error("The request does not contain a client id parameter.")]
    ClientIdMissing,
    /// AADB2C90010.
    #[error("The request does not contain a scope parameter.")]
    ScopeMissing,
    /// AADB2C90055.
    #[error(
        "The scope '{scope}' provided in request must specify a resource, such as 'https://example.com/calendar.read'."
    )]
    ScopeWithoutResource {
        /// As sent.
        scope: String,
    },
    /// AADB2C90068.
    #[error(
        "The provided application with ID '{client_id}' is not valid against this service. \
         Please use an application created via the B2C portal and try again."
    )]
    NotForThisService {
        /// The application id.
        client_id: String,
    },
    /// AADB2C90079.
    #[error("Clients must send a client_secret when redeeming a confidential grant.")]
    SecretMissing,
    /// AADB2C90018 or AADB2C90081. One variant, because making the one must not take longer than making the other.
    #[error("{}", reason.message(client_id, tenant))]
    NotAuthenticated {
        /// Which of the two.
        reason: NotAuthenticated,
        /// As sent.
        client_id: String,
        /// The tenant's name.
        tenant: String,
    },
    /// AADB2C90081 for an `Authorization` header without readable Basic credentials (a choice).
    #[error("{}", WRONG_SECRET)]
    UnreadableCredentials,
    /// AADB2C90083.
    #[error("The request is missing required parameter: {name}.")]
    MissingParameter {
        /// The parameter.
        name: &'static str,
    },
    /// AADB2C90084.
    #[error("Public clients should not send a client_secret when redeeming a publicly acquired grant.")]
    PublicClientSecret,
    /// AADB2C90085: the token endpoint's catch-all. The reason belongs into the detail.
    #[error("The service has encountered an internal error. Please reauthenticate and try again.")]
    Internal,
    /// AADB2C90086.
    #[error("The supplied grant_type [{value}] is not supported.")]
    UnsupportedGrantType {
        /// As sent, white space included.
        value: String,
    },
    /// AADB2C90092.
    #[error(
        "The provided application with ID '{client_id}' is disabled for the tenant '{tenant}'. \
         Please enable the application and try again."
    )]
    ClientDisabled {
        /// The application id.
        client_id: String,
        /// The tenant's name.
        tenant: String,
    },
    /// AADB2C90117.
    #[error("The scope '{scope}' provided in the request is not supported.")]
    UnsupportedScope {
        /// The offending scope.
        scope: String,
    },
    /// AADB2C90122: used for input that no other code fits, such as a repeated parameter (a choice).
    #[error(
        "Input for '{name}' received in the request has failed HTTP request validation. \
         Ensure that the input does not contain characters such as < or &."
    )]
    InvalidInput {
        /// The parameter, or `body`.
        name: String,
    },
    /// AADB2C90146.
    #[error(
        "The scope '{scope}' provided in request specifies more than one resource for an access token, \
         which is not supported."
    )]
    SeveralResources {
        /// As sent.
        scope: String,
    },
    /// AADB2C90229. Its text is not documented: this is that of AADB2C90244.
    #[error("There are too many requests at this moment. Please wait for some time and try again.")]
    Throttled,
    /// AADB2C90226.
    #[error("The specified token exchange is only supported over HTTP POST.")]
    NotPost,
    /// AADB2C99005.
    #[error("The request contains an invalid scope parameter which includes an illegal character '{character}'.")]
    IllegalScopeCharacter {
        /// The character.
        character: char,
    },
    /// AADB2C99027.
    #[error(
        "Policy '{policy}' does not contain a AuthorizationTechnicalProfile with a corresponding ClientAssertionType."
    )]
    ClientAssertion {
        /// The policy id.
        policy: String,
    },
    /// What a policy did to the request: a failed REST call, a missing key, a raised error.
    #[error("{message}")]
    Policy {
        /// The number after `AADB2C`.
        code: u32,
        /// The message without its code.
        message: String,
    },
}

/// Why a client is not taken for the one that it says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAuthenticated {
    /// The tenant has no such app.
    UnknownClient,
    /// The secret is none of the app's, or outside its time.
    WrongSecret,
}

impl NotAuthenticated {
    fn message(self, client_id: &str, tenant: &str) -> Cow<'static, str> {
        match self {
            Self::UnknownClient => {
                format!("The client id '{client_id}' specified in the request is not registered in tenant '{tenant}'.")
                    .into()
            }
            Self::WrongSecret => WRONG_SECRET.into(),
        }
    }
}

impl ProtocolError {
    /// The number after `AADB2C`.
    pub fn code(&self) -> u32 {
        match self {
            Self::ClientIdMissing => 90008,
            Self::ScopeMissing => 90010,
            Self::NotAuthenticated { reason: NotAuthenticated::UnknownClient, .. } => 90018,
            Self::ScopeWithoutResource { .. } => 90055,
            Self::NotForThisService { .. } => 90068,
            Self::SecretMissing => 90079,
            Self::NotAuthenticated { reason: NotAuthenticated::WrongSecret, .. } | Self::UnreadableCredentials => 90081,
            Self::MissingParameter { .. } => 90083,
            Self::PublicClientSecret => 90084,
            Self::Internal => 90085,
            Self::UnsupportedGrantType { .. } => 90086,
            Self::ClientDisabled { .. } => 90092,
            Self::UnsupportedScope { .. } => 90117,
            Self::InvalidInput { .. } => 90122,
            Self::SeveralResources { .. } => 90146,
            Self::Throttled => 90229,
            Self::NotPost => 90226,
            Self::IllegalScopeCharacter { .. } => 99005,
            Self::ClientAssertion { .. } => 99027,
            Self::Policy { code, .. } => *code,
        }
    }

    /// The code as it is shown: `AADB2C90081`.
    pub fn aadb2c(&self) -> String {
        format!("AADB2C{}", self.code())
    }

    /// The OAuth error that goes with the code.
    pub fn error(&self) -> OAuthError {
        OAuthError::of(self.code())
    }
}
