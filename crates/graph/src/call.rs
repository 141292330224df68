use std::sync::Arc;

use http::Method;
use serde_json::{Map, Value};
use wayfarer_store::Tenant;

use crate::error::GraphError;
use crate::request::Version;
use crate::{Context, Request};

/// More than any document of a tenant needs: a request is read as a whole.
const MOST_JSON: usize = 1024 * 1024;

/// One request on its way through a resource.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) context: &'a Context<'a>,
    pub(crate) version: Version,
}

impl Call<'_> {
    pub(crate) fn method(&self) -> &Method {
        self.request.method
    }

    /// The tenant as it is now.
    pub(crate) fn tenant(&self) -> Result<Tenant, GraphError> {
        Ok(Tenant::open(Arc::clone(self.context.documents))?)
    }

    /// Does something with the source of chance, in the form that the store takes.
    pub(crate) fn with_random<T>(&self, use_it: impl FnOnce(&mut dyn FnMut(&mut [u8])) -> T) -> T {
        use_it(&mut |bytes: &mut [u8]| (self.context.random)(bytes))
    }

    /// Where a resource of this version is found: `https://localhost/graph/v1.0/applications`.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/{}/{path}", self.context.root, self.version.name())
    }

    /// The members of the body, which must be a JSON object.
    pub(crate) fn body(&self) -> Result<Map<String, Value>, GraphError> {
        self.accept_types(&["application/json"])?;
        self.limit_body(MOST_JSON)?;
        match serde_json::from_slice(self.request.body) {
            Ok(Value::Object(members)) => Ok(members),
            Ok(_) => Err(GraphError::bad_body("the body must be a JSON object")),
            // The parser tells what it expected and where; a value, which may be a secret, is not in its text.
            Err(error) => Err(GraphError::bad_body(format!("the body is no JSON: {error}"))),
        }
    }

    /// Refuses a body of another type. What has none at all is answered as Graph was seen to: 400, not 415.
    pub(crate) fn accept_types(&self, types: &[&str]) -> Result<(), GraphError> {
        let Some(given) = self.request.content_type else {
            return Err(GraphError::bad_body(format!(
                "the header `Content-Type` is missing: send {}",
                types.join(" or ")
            )));
        };
        let media_type = given.split(';').next().unwrap_or_default().trim();
        let accepted = types.iter().any(|it| it.eq_ignore_ascii_case(media_type));
        if accepted { Ok(()) } else { Err(GraphError::media_type(media_type, types)) }
    }

    pub(crate) fn limit_body(&self, most: usize) -> Result<(), GraphError> {
        if self.request.body.len() > most { Err(GraphError::too_large(most)) } else { Ok(()) }
    }
}
