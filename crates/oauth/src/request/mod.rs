//! The token request: body and `Authorization` header to parameters. `endpoints.md` 2.1 and 2.2.

mod basic;
mod form;
mod media_type;
mod multipart;

use std::fmt;

use wayfarer_store::Secret;

use crate::error::{ProtocolError, TokenError, UsedHeader};

/// More parameters than this are an attack, not a request.
const MOST_PARAMETERS: usize = 100;

/// A token request whose form was understood. What it asks for is not judged yet.
pub struct TokenRequest {
    parameters: Vec<(String, String)>,
    client_id: Option<String>,
    secrets: Vec<Secret>,
    used_header: UsedHeader,
}

impl TokenRequest {
    /// Reads the body of a POST, with the values of every header `Content-Type` and `Authorization`: all of them, since
    /// whoever takes the first of two may take another than a proxy before it. Nothing is ever read from the URL.
    ///
    /// # Errors
    /// A body of another form (AADB2C90083), one that is not UTF-8, repeats a parameter or has more than 100 of them
    /// (AADB2C90122), credentials in two places (AADB2C90122), a header that can't be read (AADB2C90081).
    pub fn parse<'a>(
        content_types: impl IntoIterator<Item = &'a [u8]>,
        authorizations: impl IntoIterator<Item = &'a [u8]>,
        body: &[u8],
    ) -> Result<Self, TokenError> {
        let authorizations: Vec<&[u8]> = authorizations.into_iter().collect();
        let used_header = if authorizations.is_empty() { UsedHeader::No } else { UsedHeader::Yes };
        parameters(content_types, body)
            .and_then(|parameters| Self::read(parameters, &authorizations, used_header))
            .map_err(|error| error.with_header(used_header))
    }

    fn read(
        mut parameters: Vec<(String, String)>,
        authorizations: &[&[u8]],
        used_header: UsedHeader,
    ) -> Result<Self, TokenError> {
        refuse_repeated(&parameters)?;
        parameters.retain(|(_, value)| !value.is_empty());
        let posted_secret = take(&mut parameters, "client_secret").map(Secret::new);
        let posted_id = parameters.iter().find(|(name, _)| name == "client_id").map(|(_, value)| value.clone());
        let header = match authorizations {
            [] => {
                let secrets = posted_secret.into_iter().collect();
                return Ok(Self { parameters, client_id: posted_id, secrets, used_header });
            }
            [header] => header,
            _ => return Err(invalid("Authorization").with_detail("more than one Authorization header")),
        };
        let credentials = basic::parse(header)?;
        // RFC 6749 §2.3: not more than one authentication method. An equal client_id beside the header is common.
        if posted_secret.is_some() {
            return Err(invalid("client_secret").with_detail("a secret in the body and in the Authorization header"));
        }
        if posted_id.is_some_and(|posted| !posted.eq_ignore_ascii_case(&credentials.client_id)) {
            return Err(invalid("client_id").with_detail("the client_id of the body is not that of the header"));
        }
        let client_id = Some(credentials.client_id).filter(|client_id| !client_id.is_empty());
        Ok(Self { parameters, client_id, secrets: credentials.secrets, used_header })
    }

    /// A request made inside this process, such as `wayfarer run`'s: it has passed no door, and has no secret.
    pub fn internal(client_id: &str, scope: &str, parameters: impl IntoIterator<Item = (String, String)>) -> Self {
        let own = [("grant_type", "client_credentials"), ("client_id", client_id), ("scope", scope)];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let parameters = own.chain(parameters).filter(|(_, value)| !value.is_empty()).collect();
        Self { parameters, client_id: Some(client_id.into()), secrets: vec![], used_header: UsedHeader::No }
    }

    /// `grant_type` as sent, white space included.
    pub fn grant_type(&self) -> Option<&str> {
        self.get("grant_type")
    }

    /// `client_id` as sent, in the body or in the header.
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// `scope` as sent.
    pub fn scope(&self) -> Option<&str> {
        self.get("scope")
    }

    /// The readings of the secret that was presented: one, or two when a Basic header can be read in two ways.
    pub fn secrets(&self) -> &[Secret] {
        &self.secrets
    }

    /// Any parameter by its exact name, except the secret.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// All parameters but the secret, in the order sent.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn used_header(&self) -> UsedHeader {
        self.used_header
    }
}

impl fmt::Debug for TokenRequest {
    /// Names only: any value may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.parameters.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("TokenRequest").field("parameters", &names).finish_non_exhaustive()
    }
}

fn parameters<'a>(
    content_types: impl IntoIterator<Item = &'a [u8]>,
    body: &[u8],
) -> Result<Vec<(String, String)>, TokenError> {
    // What B2C answers to a body that it does not understand (`errors.md` 5).
    let not_understood =
        |detail| TokenError::new(ProtocolError::MissingParameter { name: "grant_type" }).with_detail(detail);
    match media_type::of(content_types) {
        media_type::Body::Form => form::parse(body, MOST_PARAMETERS),
        media_type::Body::Multipart { boundary } => multipart::parse(body, &boundary, MOST_PARAMETERS),
        media_type::Body::Other => {
            Err(not_understood("the Content-Type is neither application/x-www-form-urlencoded nor one with a boundary"))
        }
    }
}

fn refuse_repeated(parameters: &[(String, String)]) -> Result<(), TokenError> {
    let mut names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair.first() == pair.last()).and_then(<[_]>::first) {
        Some(name) => Err(invalid(name).with_detail("the parameter is repeated (RFC 6749 §3.2)")),
        None => Ok(()),
    }
}

fn take(parameters: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let at = parameters.iter().position(|(own, _)| own == name)?;
    Some(parameters.remove(at).1)
}

fn invalid(name: &str) -> TokenError {
    ProtocolError::InvalidInput { name: name.chars().take(80).collect() }.into()
}

#[cfg(test)]
mod tests;
