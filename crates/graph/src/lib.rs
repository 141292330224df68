//! The part of Microsoft Graph by which a tenant's registrations, grants, policies and keys are managed: a request in,
//! a response out.
//!
//! Never in it: sockets, clocks, chance, axum types, who may call (the server compares the bearer token, with
//! [`BearerToken`]), and what makes a policy sound (that is [`Policies`]' answer). Start reading at [`answer`]; then one
//! folder a resource.
//!
//! Facts are those of the reference "graph". Texts of messages are our own, except those of policy validation, which
//! tools read; codes and statuses are Graph's. Where Graph's answer is not documented, the place that decides says so.

mod app_role_assignments;
mod applications;
mod bearer;
mod call;
mod context;
mod error;
mod odata;
mod reply;
mod request;
mod service_principals;
mod trust_framework;

pub use bearer::BearerToken;
pub use context::Context;
pub use error::{Detail, unauthenticated};
pub use request::{Request, is_graph};
pub use trust_framework::policies::{Policies, PolicyError, Put, Upload};

use bytes::Bytes;

use call::Call;
use error::GraphError;
use reply::Reply;
use request::{Route, Version};

/// What the server sends back: a status, headers, and the whole body.
pub type Response = http::Response<Bytes>;

/// Answers a request whose bearer token was accepted. It reads and writes files or a database, and may wait for a key to
/// be generated: call it where blocking is allowed.
///
/// A response that hides the reason of a failure from the client has it as an extension, [`Detail`], for the log.
pub fn answer(request: &Request<'_>, context: &Context<'_>) -> Response {
    match Route::of(request).and_then(|route| dispatch(request, context, &route)) {
        Ok(reply) => reply.response(request.client_request_id, context),
        Err(error) => error.response(request.client_request_id, context),
    }
}

/// Names are compared without regard to case: scripts write `trustframework` and `serviceprincipals`.
fn dispatch(request: &Request<'_>, context: &Context<'_>, route: &Route) -> Result<Reply, GraphError> {
    let call = Call { request, context, version: route.version };
    let [first, rest @ ..] = &route.segments[..] else { return Err(GraphError::bad_segment("")) };
    match first.name.to_ascii_lowercase().as_str() {
        "applications" => applications::answer(&call, &route.segments),
        "serviceprincipals" => service_principals::answer(&call, &route.segments),
        "trustframework" if route.version == Version::Beta => trust_framework::answer(&call, rest),
        "trustframework" => Err(GraphError::only_in_beta(&first.name)),
        _ => Err(GraphError::bad_segment(&first.name)),
    }
}
