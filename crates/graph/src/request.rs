use http::Method;
use percent_encoding::percent_decode_str;

use crate::error::GraphError;

/// What a client asks.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path as the client sent it, such as `/graph/beta/trustFramework/policies/B2C_1A_X/$value`.
    pub path: &'a str,
    /// What follows the `?`, as the client sent it.
    pub query: Option<&'a str>,
    /// The header `Content-Type`.
    pub content_type: Option<&'a str>,
    /// The header `client-request-id`, which answers repeat.
    pub client_request_id: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// Whether a path is Graph's: its first segment is `graph`, in any case.
pub fn is_graph(path: &str) -> bool {
    path.split('/').find(|it| !it.is_empty()).is_some_and(|it| it.eq_ignore_ascii_case("graph"))
}

/// The two versions that are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    Beta,
}

impl Version {
    /// As it stands in a URL.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

/// One segment of a path: `applications`, `applications(appId='…')`, `keySets('B2C_1A_X')`, or a key alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The decoded text before a parenthesis. Names are compared without regard to case, keys are not names.
    pub(crate) name: String,
    /// What the parentheses hold.
    pub(crate) key: Option<Key>,
}

/// A key in parentheses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// `('…')`: the object's own id.
    Id(String),
    /// `(appId='…')`, the alternate key of applications and service principals.
    AppId(String),
}

/// A path taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) version: Version,
    pub(crate) segments: Vec<Segment>,
}

impl Route {
    pub(crate) fn of(request: &Request<'_>) -> Result<Self, GraphError> {
        let malformed = || GraphError::bad_segment(request.path);
        let texts = request.path.split('/').filter(|it| !it.is_empty());
        let texts = texts.map(|it| percent_decode_str(it).decode_utf8().ok());
        let texts = texts.collect::<Option<Vec<_>>>().ok_or_else(malformed)?;
        let [graph, version, rest @ ..] = &texts[..] else { return Err(malformed()) };
        if !graph.eq_ignore_ascii_case("graph") {
            return Err(malformed());
        }
        let version = [Version::V1, Version::Beta].into_iter().find(|it| it.name().eq_ignore_ascii_case(version));
        let version = version.ok_or_else(|| GraphError::bad_version(version_text(&texts)))?;
        let segments = rest.iter().map(|it| segment(it).ok_or_else(|| GraphError::bad_segment(it)));
        Ok(Self { version, segments: segments.collect::<Result<_, _>>()? })
    }
}

fn version_text<'a>(texts: &'a [std::borrow::Cow<'_, str>]) -> &'a str {
    texts.get(1).map(AsRef::as_ref).unwrap_or_default()
}

fn segment(text: &str) -> Option<Segment> {
    let Some((name, rest)) = text.split_once('(') else {
        return Some(Segment { name: text.to_owned(), key: None });
    };
    let key = rest.strip_suffix(')')?;
    let key = match key.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("appId") => Key::AppId(unquoted(value.trim())?),
        Some(_) if !key.starts_with('\'') => return None,
        _ => Key::Id(unquoted(key)?),
    };
    Some(Segment { name: name.to_owned(), key: Some(key) })
}

/// The text in single quotes, where two stand for one.
fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    (!inner.replace("''", "").contains('\'')).then(|| inner.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str) -> Option<Route> {
        let request =
            Request { method: &Method::GET, path, query: None, content_type: None, client_request_id: None, body: &[] };
        Route::of(&request).ok()
    }

    #[test]
    fn the_forms_of_a_path() {
        let read = route("/GRAPH/Beta/applications(appId='a')/x%20y").unwrap();
        assert_eq!(read.version, Version::Beta);
        assert_eq!(read.segments[0], Segment { name: "applications".into(), key: Some(Key::AppId("a".into())) });
        assert_eq!(read.segments[1], Segment { name: "x y".into(), key: None });
        let read = route("/graph//v1.0/keySets('it''s=b')/").unwrap();
        assert_eq!(read.segments[0], Segment { name: "keySets".into(), key: Some(Key::Id("it's=b".into())) });
        for bad in ["/", "/graph", "/graph/v2.0/applications", "/graph/v1.0/a(appId=b)", "/graph/v1.0/a(b='c')"] {
            assert_eq!(route(bad), None, "{bad}");
        }
        for bad in ["/graph/v1.0/a('b", "/graph/v1.0/a('b'c')", "/graph/v1.0/%ff", "/v1.0/applications"] {
            assert_eq!(route(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_graphs() {
        assert!(is_graph("/graph/v1.0") && is_graph("//Graph") && is_graph("/GRAPH/"));
        assert!(!is_graph("/") && !is_graph("/graphs/v1.0") && !is_graph("/contoso/graph"));
    }
}
