//! Which app asks, and whether it is that app. `endpoints.md` 2.2.
//!
//! An unknown client takes the same steps as a known one with a wrong secret, so that the time tells nothing that the
//! answer does not: `examples/timing.rs` measures it.

use std::hint::black_box;

use jiff::Timestamp;
use wayfarer_store::{App, Guid, PresentedSecret, SecretDigest, Tenant};

use crate::error::{NotAuthenticated, ProtocolError, TokenError};
use crate::request::TokenRequest;

/// The app that the request names and proves to be.
pub(super) fn client<'a>(
    tenant: &'a Tenant,
    policy_id: &str,
    request: &TokenRequest,
    now: Timestamp,
) -> Result<&'a App, TokenError> {
    let client_id = request.client_id().ok_or(ProtocolError::ClientIdMissing)?;
    let presented: Vec<PresentedSecret> = request.secrets().iter().map(|secret| tenant.present(secret)).collect();
    let lookup = Lookup::new(tenant, client_id.parse().ok());
    let Some(judged) = lookup.judged else { return Err(refused(false, "", tenant, client_id)) };
    let proof = Proof { policy_id, request, presented: &presented, comparisons: lookup.comparisons, now };
    let objection = black_box(check_usable(tenant, judged).err().or_else(|| proof.check_method(judged).err()));
    let secret = black_box(proof.check_secret(judged));
    // INVARIANT: what is found of a stand-in is never the answer.
    if lookup.is_known & secret.is_ok() & objection.is_none() {
        return Ok(judged);
    }
    match objection.filter(|_| lookup.is_known) {
        Some(objection) => Err(objection),
        None => Err(refused(lookup.is_known, secret.err().unwrap_or_default(), tenant, client_id)),
    }
}

/// The same work whether or not the client is known.
fn refused(is_known: bool, wrong: &'static str, tenant: &Tenant, client_id: &str) -> TokenError {
    let unknown = (NotAuthenticated::UnknownClient, "no app of the tenant has that client id");
    let (reason, detail) = if is_known { (NotAuthenticated::WrongSecret, wrong) } else { unknown };
    let (client_id, tenant) = (client_id.chars().take(200).collect(), tenant.name().to_owned());
    TokenError::new(ProtocolError::NotAuthenticated { reason, client_id, tenant }).with_detail(detail)
}

/// What all apps were looked through for, to the last of them.
struct Lookup<'a> {
    /// The client, or an app that stands in for a client that there is not: one that could have been.
    judged: Option<&'a App>,
    is_known: bool,
    /// As many comparisons as the app with the most secrets needs.
    comparisons: usize,
}

impl<'a> Lookup<'a> {
    fn new(tenant: &'a Tenant, client_id: Option<Guid>) -> Self {
        let nobody = tenant.apps().len();
        let (mut client, mut stand_in, mut comparisons) = (nobody, nobody, 1);
        for (at, app) in tenant.apps().iter().enumerate() {
            comparisons = comparisons.max(app.password_credentials.len());
            stand_in = if stand_in == nobody && is_usual(app) { at } else { stand_in };
            client = select(Some(app.app_id) == client_id, at, client);
        }
        let is_known = client != nobody;
        Self { judged: tenant.apps().get(select(is_known, client, stand_in)), is_known, comparisons }
    }
}

/// `if condition { one } else { other }`, but without a branch, which would take longer where the processor guesses wrong.
fn select(condition: bool, one: usize, other: usize) -> usize {
    let mask = black_box(usize::from(condition)).wrapping_neg();
    (one & mask) | (other & !mask)
}

/// Nothing but its secret decides whether this app is let in.
fn is_usual(app: &App) -> bool {
    let has_secret = app.password_credentials.iter().any(|credential| credential.digest.is_some());
    has_secret && is_for_this_service(app) && is_enabled(app)
}

/// What a client is judged by.
struct Proof<'a> {
    policy_id: &'a str,
    request: &'a TokenRequest,
    presented: &'a [PresentedSecret],
    comparisons: usize,
    now: Timestamp,
}

impl Proof<'_> {
    /// A secret was sent, and the client may have one.
    fn check_method(&self, client: &App) -> Result<(), TokenError> {
        if self.request.get("client_assertion").is_some() || self.request.get("client_assertion_type").is_some() {
            return Err(ProtocolError::ClientAssertion { policy: self.policy_id.into() }.into());
        }
        if self.presented.is_empty() {
            return Err(ProtocolError::SecretMissing.into());
        }
        if is_public(client) {
            return Err(ProtocolError::PublicClientSecret.into());
        }
        Ok(())
    }

    /// Any of the app's secrets that is inside its time matches. `Err` is the reason, for the log only.
    fn check_secret(&self, client: &App) -> Result<(), &'static str> {
        let mut outcome = match client.password_credentials[..] {
            [] => Err("the app has no client secret"),
            _ => Err("no client secret of the app is the one that was sent"),
        };
        for at in 0..self.comparisons {
            // From the first one again after the last: so many comparisons, whoever the client is.
            let credential = client.password_credentials.get(at % client.password_credentials.len().max(1));
            let matched = self.matches_any(credential.and_then(|it| it.digest.as_ref()));
            let Some(credential) = credential.filter(|_| matched) else { continue };
            outcome = match (credential.start, credential.end) {
                (_, Some(end)) if end <= self.now => outcome.or(Err("the client secret has expired")),
                (Some(start), _) if start > self.now => outcome.or(Err("the client secret is not valid yet")),
                _ => Ok(()),
            };
        }
        outcome
    }

    /// All readings are compared, so that the time does not tell which one matched.
    fn matches_any(&self, digest: Option<&SecretDigest>) -> bool {
        self.presented.iter().fold(false, |matched, secret| matched | secret.matches(digest))
    }
}

/// The app may be used at all: by this service, and by its administrator's will.
pub(super) fn check_usable(tenant: &Tenant, client: &App) -> Result<(), TokenError> {
    let client_id = || client.app_id.to_string();
    if !is_for_this_service(client) {
        let detail = "signInAudience is PersonalMicrosoftAccount: B2C policies need AzureADandPersonalMicrosoftAccount";
        return Err(TokenError::new(ProtocolError::NotForThisService { client_id: client_id() }).with_detail(detail));
    }
    if !is_enabled(client) {
        let detail = "accountEnabled is false, or disabledByMicrosoftStatus is set";
        let public = ProtocolError::ClientDisabled { client_id: client_id(), tenant: tenant.name().into() };
        return Err(TokenError::new(public).with_detail(detail));
    }
    Ok(())
}

fn is_for_this_service(app: &App) -> bool {
    app.sign_in_audience.as_deref() != Some("PersonalMicrosoftAccount")
}

fn is_enabled(app: &App) -> bool {
    app.account_enabled && app.disabled_by_microsoft_status.is_none()
}

/// A native or single-page app. One that was given a secret as well is a confidential client (a choice).
fn is_public(client: &App) -> bool {
    let redirects = !client.spa_redirect_uris.is_empty() || !client.public_client_redirect_uris.is_empty();
    let confidential = !client.password_credentials.is_empty() || !client.web_redirect_uris.is_empty();
    !confidential && (redirects || client.is_fallback_public_client)
}
