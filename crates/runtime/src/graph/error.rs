use serde_json::Value;
use std::error::Error as _;
use std::time::Duration;

/// What Graph answered instead of a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphAnswer {
    /// The status.
    pub status: u16,
    /// `error.code`, such as `AADB2C`; empty where the answer is not Graph's.
    pub code: String,
    /// `error.message`.
    pub message: String,
    /// The id under which Microsoft finds the request.
    pub request_id: Option<String>,
}

impl GraphAnswer {
    /// Reads the error envelope (reference "graph", 2.3).
    pub(super) fn read(status: u16, body: &[u8], token: &str) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let error = json.get("error");
        let text = |name: &str| error.and_then(|it| it.get(name)).and_then(Value::as_str).unwrap_or_default();
        // Nobody has seen Graph repeat a token; another server may.
        let shown = |it: &str| if token.is_empty() { it.to_owned() } else { it.replace(token, "[redacted]") };
        let inner = ["innerError", "innererror"].iter().find_map(|it| error?.get(it));
        let id = inner.and_then(|it| it.get("request-id")).and_then(Value::as_str);
        Self {
            status,
            code: shown(text("code")),
            message: shown(text("message")),
            request_id: id.filter(|it| !it.is_empty()).map(shown),
        }
    }

    fn told(&self) -> String {
        match (self.code.is_empty(), self.message.is_empty()) {
            (true, _) => format!("status {}, without an error of Graph's", self.status),
            (false, true) => format!("{} {}", self.status, self.code),
            (false, false) => format!("{} {}: {}", self.status, self.code, self.message),
        }
    }
}

/// Why a call of Graph gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// The address is none.
    #[error("this is not an address of Graph: {reason}")]
    InvalidAddress {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The address is another machine's, without TLS.
    #[error("the token may not go to `{host}` in clear: `http` is for this machine only")]
    ClearText {
        /// The host.
        host: String,
    },
    /// It can't be sent.
    #[error("the token has characters that no token has")]
    InvalidToken,
    /// What should be certificates holds none.
    #[error("there is no certificate in it")]
    InvalidAuthority,
    /// TLS could not be set up.
    #[error("no connection can be made: {0}")]
    Client(String),
    /// Nothing came in time. Whether an upload was taken is not known.
    #[error("`{host}` did not answer within {} seconds", .after.as_secs())]
    Timeout {
        /// The host.
        host: String,
        /// How long was waited.
        after: Duration,
    },
    /// Nothing came at all.
    #[error("`{host}` can't be reached: {reason}")]
    Connection {
        /// The host.
        host: String,
        /// What the system or TLS says.
        reason: String,
    },
    /// It sends elsewhere; nobody goes there with a token.
    #[error("`{host}` redirects to `{to}`, and redirects are not followed")]
    Redirected {
        /// The host.
        host: String,
        /// The host that it names.
        to: String,
    },
    /// The answer doesn't end.
    #[error("the answer has more than {limit} bytes")]
    TooLarge {
        /// How many are read.
        limit: usize,
    },
    /// 401: no token, an expired one, or one for something else.
    #[error("the token is not accepted ({})", .0.told())]
    Unauthorized(GraphAnswer),
    /// 403: the token lacks a permission.
    #[error("the token has not the permission that is needed ({})", .0.told())]
    Forbidden(GraphAnswer),
    /// 429 or 503.
    #[error("the service is busy ({})", .answer.told())]
    Busy {
        /// How long it asks to wait.
        after: Option<Duration>,
        /// What it says.
        answer: GraphAnswer,
    },
    /// 400: the service doesn't take what it was given.
    #[error("the service refuses it ({})", .0.told())]
    Refused(GraphAnswer),
    /// Anything else.
    #[error("the service answers with an error ({})", .0.told())]
    Unexpected(GraphAnswer),
}

/// The innermost cause, which is what people can act on.
pub(super) fn connection(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut last = None;
    while let Some(it) = cause {
        last = Some(it.to_string());
        cause = it.source();
    }
    last.unwrap_or_else(|| "the exchange was interrupted".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_read_and_a_token_in_it_is_not_told() {
        let body = r#"{"error":{"code":"AADB2C","message":"no: t0ken","innerError":{"date":"2021-05-18T19:03:10","request-id":"1f2e"}}}"#;
        let answer = GraphAnswer::read(400, body.as_bytes(), "t0ken");
        assert_eq!(answer.told(), "400 AADB2C: no: [redacted]");
        assert_eq!(answer.request_id.as_deref(), Some("1f2e"));
        for body in ["", "<html>t0ken</html>", "[]", "{\"error\":\"no\"}"] {
            let answer = GraphAnswer::read(502, body.as_bytes(), "t0ken");
            assert_eq!(answer.told(), "status 502, without an error of Graph's", "{body}");
        }
    }
}
