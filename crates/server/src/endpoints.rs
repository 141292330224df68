use crate::service::{Policy, Service};
use crate::url::{self, Operation, Target};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use wayfarer_oauth::metadata::{Discovery, UserInfo, discovery, jwks};
use wayfarer_oauth::token::Issuer;
use wayfarer_oauth::{ProtocolError, TokenError, TokenRequest, grants};
use wayfarer_runtime::{Client, issuance_claim_pattern, issue};
use wayfarer_store::Guid;

/// Larger request bodies are refused (not documented, so chosen: reference "endpoints", 2.1).
const BODY_LIMIT: usize = 64 * 1024;

/// The page for an unknown tenant or policy (reference "errors", section 4).
const NOT_FOUND: &str = include_str!("not_found.html");

/// The routes: every URL of B2C has the policy somewhere in it, so one handler takes them apart.
pub fn router(service: Arc<Service>) -> Router {
    Router::new().fallback(answer).with_state(service)
}

/// How long requests under way may take after the service was told to stop: a client that never sends the rest of its
/// request must not keep the process alive.
const GRACE: Duration = Duration::from_secs(5);

/// Serves on a listener until `stop` ends; requests under way are finished if they don't take longer than five seconds.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    service: Arc<Service>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let app = router(service).into_make_service_with_connect_info::<SocketAddr>();
    let (told, stopping) = tokio::sync::oneshot::channel();
    let stop = async {
        stop.await;
        let _ = told.send(());
    };
    let out_of_patience = async {
        // The sender goes away unused only when serving has ended by itself.
        if stopping.await.is_ok() {
            tokio::time::sleep(GRACE).await;
        }
    };
    tokio::select! {
        ended = axum::serve(listener, app).with_graceful_shutdown(stop).into_future() => ended,
        () = out_of_patience => Ok(()),
    }
}

async fn answer(
    State(service): State<Arc<Service>>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let target = url::parse(request.uri().path(), request.uri().query());
    let Some(target) = target.filter(|it| service.tenant.is_called(&it.tenant)) else { return not_found() };
    let Some(policy) = service.policy(&target.policy) else { return not_found() };
    match target.operation {
        Operation::Token => token(&service, policy, caller, request).await,
        Operation::Discovery | Operation::Keys if request.method() == Method::OPTIONS => preflight(),
        Operation::Discovery | Operation::Keys if !is_read(request.method()) => status(StatusCode::METHOD_NOT_ALLOWED),
        Operation::Discovery => document(&service, policy, &target, request.headers()),
        Operation::Keys => keys(&service, policy),
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// The scheme and host that the client used: they begin `iss` and every URL of the discovery document.
fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

fn document(service: &Service, policy: &Policy, target: &Target, headers: &HeaderMap) -> Response {
    let origin = origin(headers);
    let pattern = policy.issuer.as_ref().map(|it| issuance_claim_pattern(it.pattern)).unwrap_or_default();
    let issuer = Issuer { origin: &origin, tenant_id: service.tenant.id(), policy_id: &policy.id, pattern };
    let style = target.style;
    let about = Discovery {
        issuer,
        tenant_segment: &target.tenant,
        style,
        user_info: UserInfo::Absent,
        claims: &policy.claims,
    };
    public_json(Value::Object(discovery(&about)).to_string())
}

fn keys(service: &Service, policy: &Policy) -> Response {
    let now = service.host.now();
    let Some(issuer) = &policy.issuer else { return not_found() };
    match service.keys.keyset(&issuer.signing_key, now) {
        Ok(keyset) => public_json(jwks(&keyset, now).to_string()),
        Err(error) => {
            log(service.correlation_id(), &policy.id, &error.to_string());
            status(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

async fn token(service: &Service, policy: &Policy, caller: SocketAddr, request: Request) -> Response {
    let correlation_id = service.correlation_id();
    match granted(service, policy, caller, request, correlation_id).await {
        Ok(body) => private_json(StatusCode::OK, body),
        Err(Refusal::TooLarge) => status(StatusCode::PAYLOAD_TOO_LARGE),
        Err(Refusal::Token(error)) => {
            log(correlation_id, &policy.id, &format!("{}: {}", error.public().aadb2c(), error.detail().unwrap_or("")));
            refused(&error, correlation_id, service)
        }
    }
}

enum Refusal {
    TooLarge,
    Token(TokenError),
}

impl<E: Into<TokenError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Token(error.into())
    }
}

async fn granted(
    service: &Service,
    policy: &Policy,
    caller: SocketAddr,
    request: Request,
    correlation_id: Guid,
) -> Result<String, Refusal> {
    if request.method() != Method::POST {
        return Err(ProtocolError::NotPost.into());
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else { return Err(Refusal::TooLarge) };
    let header = |name: HeaderName| parts.headers.get(name).map(HeaderValue::as_bytes);
    let request = TokenRequest::parse(header(header::CONTENT_TYPE), header(header::AUTHORIZATION), &body)?;
    let grant = grants::client_credentials::authorize(&service.tenant, &policy.id, &request, service.host.now())?;
    let plan =
        policy.plan.as_ref().map_err(|reason| TokenError::new(ProtocolError::Internal).with_detail(reason.clone()))?;
    let origin = origin(&parts.headers);
    let host = origin.trim_start_matches("http://");
    let ip_address = caller.ip().to_string();
    let client = Client { origin: &origin, host, ip_address: Some(&ip_address), correlation_id };
    let (issued, _) =
        issue(plan, &service.tenant, &grant, &request, &client, &service.keys, service.host.as_ref()).await;
    Ok(Value::Object(issued?.response).to_string())
}

fn refused(error: &TokenError, correlation_id: Guid, service: &Service) -> Response {
    let code = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = private_json(code, error.body(correlation_id, service.host.now()));
    if let Some(challenge) = error.www_authenticate() {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    response
}

/// One line a refused request: ids and codes, never a value.
#[expect(clippy::print_stderr, reason = "the service's log is stderr until it has one of its own")]
fn log(correlation_id: Guid, policy: &str, what: &str) {
    eprintln!("{correlation_id} {policy} {what}");
}

fn private_json(code: StatusCode, body: String) -> Response {
    let mut response = json(code, body);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn public_json(body: String) -> Response {
    let mut response = json(StatusCode::OK, body);
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn json(code: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = code;
    let media_type = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    response
}

fn preflight() -> Response {
    let mut response = status(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, OPTIONS"));
    response
}

fn status(code: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = code;
    response
}

fn not_found() -> Response {
    let mut response = Response::new(Body::from(NOT_FOUND));
    *response.status_mut() = StatusCode::NOT_FOUND;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html"),
        (header::CACHE_CONTROL, "private"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_XSS_PROTECTION, "1; mode=block"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
