//! Text → resolver: reference "claim-resolvers", sections 1 and 3.9.

use super::Place;
use super::table::{Namespace, ResolverSpec};

/// What an attribute's text is.
#[derive(Clone, Copy, Debug)]
pub enum Resolver<'a> {
    /// Text that stands for itself, even if a part of it is in braces.
    Literal(&'a str),
    /// A claim resolver.
    Claim {
        /// Which one.
        spec: &'static ResolverSpec,
        /// The name as written: the claim type of `{Claim:…}`, the parameter of `{OAUTH-KV:…}`.
        name: &'a str,
    },
    /// A namespace that exists and a name that it doesn't have: AADB2C90044.
    UnknownName {
        /// The namespace.
        namespace: Namespace,
        /// The name as written.
        name: &'a str,
    },
    /// Something else in braces.
    Braces {
        /// What it is.
        braces: Braces<'a>,
        /// The whole text.
        text: &'a str,
    },
}

/// Braces that are no claim resolver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Braces<'a> {
    /// `{policy}`: the policy's id.
    Policy,
    /// `{tenant}`: the tenant's name.
    Tenant,
    /// `{service:…}`: a constant of the service.
    Service,
    /// `{RelyingPartyTenantId}`: a placeholder of `FormatStringClaim`.
    RelyingPartyTenantId,
    /// `{property:NAME}`: a property of an Application Insights event.
    Property(&'a str),
    /// `{Settings:NAME}`: replaced when policies are built, never by the service.
    Settings(&'a str),
    /// `{TRUSTFRAMEWORK}`: the tenant of the base policy, in directory metadata.
    TrustFramework,
    /// `{RELYINGPARTY}`: the tenant of the relying party, in directory metadata.
    RelyingParty,
    /// `{0}`: a position in a format.
    Position(u32),
    /// `{NAME:…}` with a namespace that nobody knows.
    UnknownNamespace(&'a str),
    /// `{name}`: a claim in a `ServiceUrl`, or a place for the author to fill in.
    Name(&'a str),
}

/// Reads the text of an attribute or element. Only a text that is one resolver from brace to brace is one.
pub fn parse(text: &str) -> Resolver<'_> {
    let inner = text.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let Some(inner) = inner.filter(|it| !it.contains('}')) else {
        return Resolver::Literal(text);
    };
    let prefix = inner.split_once(':');
    if let Some((namespace, name)) = prefix.and_then(|(before, name)| Some((Namespace::from_name(before)?, name))) {
        // `{Policy:}` names nothing: the grammar wants at least one character.
        return match ResolverSpec::find(namespace, name) {
            _ if name.is_empty() => Resolver::Literal(text),
            Some(spec) => Resolver::Claim { spec, name },
            None => Resolver::UnknownName { namespace, name },
        };
    }
    if !is_one_name(inner) {
        return Resolver::Literal(text);
    }
    Resolver::Braces { braces: prefix.map_or_else(|| plain(inner), |(before, name)| prefixed(before, name)), text }
}

impl Resolver<'_> {
    /// Whether the service tries to evaluate it in a place where resolvers work. Unknown names count: they fail when the
    /// profile runs (AADB2C90044). `{policy}` means the policy's id in the relying party's claims only (reference
    /// "claim-resolvers", 3.9).
    pub fn is_evaluated(&self, place: Place) -> bool {
        match self {
            Self::Claim { .. } | Self::UnknownName { .. } => true,
            Self::Braces { braces: Braces::Policy, .. } => place == Place::RelyingPartyOutput,
            Self::Braces { .. } | Self::Literal(_) => false,
        }
    }
}

/// JSON such as `{"key":"email"}` is a literal, and so is a text of several resolvers.
fn is_one_name(inner: &str) -> bool {
    !inner.is_empty() && !inner.contains(['{', '}', '"', '\'', ',']) && inner.trim() == inner
}

fn plain(inner: &str) -> Braces<'_> {
    match inner.parse() {
        Ok(position) => Braces::Position(position),
        Err(_) if inner.eq_ignore_ascii_case("policy") => Braces::Policy,
        Err(_) if inner.eq_ignore_ascii_case("tenant") => Braces::Tenant,
        Err(_) if inner.eq_ignore_ascii_case("RelyingPartyTenantId") => Braces::RelyingPartyTenantId,
        Err(_) if inner.eq_ignore_ascii_case("TRUSTFRAMEWORK") => Braces::TrustFramework,
        Err(_) if inner.eq_ignore_ascii_case("RELYINGPARTY") => Braces::RelyingParty,
        Err(_) => Braces::Name(inner),
    }
}

fn prefixed<'a>(namespace: &'a str, name: &'a str) -> Braces<'a> {
    match namespace {
        _ if namespace.eq_ignore_ascii_case("Settings") => Braces::Settings(name),
        _ if namespace.eq_ignore_ascii_case("property") => Braces::Property(name),
        _ if namespace.eq_ignore_ascii_case("service") => Braces::Service,
        other => Braces::UnknownNamespace(other),
    }
}
