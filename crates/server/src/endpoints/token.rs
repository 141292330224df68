use super::{Answer, Connection, Origin, body, respond};
use crate::live::{Live, Policy};
use crate::{Service, log};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use hyper::body::Incoming;
use std::net::IpAddr;
use std::time::Duration;
use wayfarer_oauth::{ProtocolError, TokenError, TokenRequest, grants};
use wayfarer_runtime::{Client, Granted, Recording, issue};
use wayfarer_store::Guid;

/// Larger request bodies are refused (not documented, so chosen: reference "endpoints", 2.1).
const BODY_LIMIT: usize = 64 * 1024;

/// A request, and all that it is judged by.
pub(super) struct Asked<'a> {
    pub(super) service: &'a Service,
    pub(super) live: &'a Live,
    pub(super) policy: &'a Policy,
    pub(super) origin: &'a Origin,
    pub(super) connection: &'a Connection,
}

/// Why there is no token.
enum Refusal {
    /// The body is too large, or does not come.
    Body(StatusCode),
    /// The client asks too often.
    Throttled(Duration),
    /// What RFC 6749 §5.2 tells.
    Token(TokenError),
}

impl<E: Into<TokenError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Token(error.into())
    }
}

pub(super) async fn answer(asked: &Asked<'_>, request: Request<Incoming>) -> Answer {
    let cors = cors(asked.live, request.headers());
    let mut answer = if request.method() == Method::OPTIONS && cors.is_some() {
        let mut answer = respond::preflight();
        respond::set(&mut answer, header::ACCESS_CONTROL_ALLOW_METHODS, "POST, OPTIONS");
        answer
    } else {
        let correlation_id = asked.service.correlation_id();
        match granted(asked, request, correlation_id).await {
            Ok(body) => respond::private_json(StatusCode::OK, body),
            Err(refusal) => refused(asked, refusal, correlation_id),
        }
    };
    if let Some(origin) = cors {
        answer.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        respond::set(&mut answer, header::VARY, "Origin");
    }
    answer
}

/// The page's origin, where an app registered a single-page redirect URI on it (reference "endpoints", 2.1).
fn cors(live: &Live, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    live.is_spa_origin(origin.to_str().ok()?).then(|| origin.clone())
}

async fn granted(asked: &Asked<'_>, request: Request<Incoming>, correlation_id: Guid) -> Result<String, Refusal> {
    let Asked { service, live, policy, origin, connection } = asked;
    if request.method() != Method::POST {
        return Err(ProtocolError::NotPost.into());
    }
    let (parts, body) = request.into_parts();
    let body = body::read(body, BODY_LIMIT, connection).await.map_err(Refusal::Body)?;
    let all = |name: HeaderName| parts.headers.get_all(name).iter().map(HeaderValue::as_bytes);
    let request = TokenRequest::parse(all(header::CONTENT_TYPE), all(header::AUTHORIZATION), &body)?;
    if let Some(wait) = request.client_id().and_then(|it| service.rates().claimed(connection.peer.ip(), it)) {
        return Err(Refusal::Throttled(wait));
    }
    let grant = grants::client_credentials::authorize(&live.tenant, &policy.id, &request, service.host().now())?;
    if let Some(wait) = service.rates().proven(grant.client_app_id) {
        return Err(Refusal::Throttled(wait));
    }
    let plan =
        policy.plan.as_ref().map_err(|reason| TokenError::new(ProtocolError::Internal).with_detail(reason.clone()))?;
    let ip_address = ip_address(&parts.headers, connection);
    let client = Client { origin: &origin.url, host: origin.host(), ip_address: Some(&ip_address), correlation_id };
    let (tenant, keys, host) = (&live.tenant, service.keys(), service.host());
    let granted = Granted { plan, tenant, grant: &grant, request: &request, client, keys, host };
    let (issued, _) = issue(granted, Recording::Off).await;
    Ok(issued?.response.body())
}

/// `{Context:IPAddress}`: what the caller says in `X-Forwarded-For` comes first (claim-resolver-overview).
fn ip_address(headers: &HeaderMap, connection: &Connection) -> String {
    let forwarded = headers.get("x-forwarded-for").and_then(|it| it.to_str().ok());
    let first = forwarded.and_then(|it| it.split(',').next()).and_then(|it| it.trim().parse::<IpAddr>().ok());
    first.unwrap_or_else(|| connection.peer.ip()).to_canonical().to_string()
}

fn refused(asked: &Asked<'_>, refusal: Refusal, correlation_id: Guid) -> Answer {
    let error = match refusal {
        Refusal::Body(code) => return respond::status(code),
        Refusal::Throttled(wait) => return respond::throttled(asked.service, wait),
        Refusal::Token(error) => error,
    };
    let detail = error.detail().unwrap_or_default();
    log::request(correlation_id, &asked.policy.id, &format!("{}: {detail}", error.public().aadb2c()));
    let code = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut answer = respond::private_json(code, error.body(correlation_id, asked.service.host().now()));
    if let Some(challenge) = error.www_authenticate() {
        respond::set(&mut answer, header::WWW_AUTHENTICATE, challenge);
    }
    answer
}
