//! What `wayfarer preview` tells of a token, ready to be printed in any format.

mod html;
mod human;
mod json;

pub(crate) use html::html;
pub(crate) use human::human;
pub(crate) use json::json;

use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_builtins::{DataType, Value};
use wayfarer_diagnostics::Sources;
use wayfarer_flow::{ClaimFlow, OriginKind, PathTaken, Presence, TokenClaim, TokenValue};
use wayfarer_model::NamedBy;
use wayfarer_oauth::token::{SystemClaim, is_protocol_owned};

/// A policy's tokens.
pub(crate) struct Preview {
    pub(crate) policy: String,
    pub(crate) journeys: Vec<Journey>,
}

/// The token of one journey.
pub(crate) struct Journey {
    /// Such as "client credentials journey".
    pub(crate) title: &'static str,
    pub(crate) id: String,
    pub(crate) claims: Vec<Claim>,
    pub(crate) system: Vec<&'static SystemClaim>,
    /// What concerns the journey as a whole.
    pub(crate) notes: Vec<String>,
}

/// A claim that the relying party puts in the token.
pub(crate) struct Claim {
    pub(crate) name: String,
    pub(crate) named_by: &'static str,
    pub(crate) claim: String,
    pub(crate) presence: Presence,
    pub(crate) json_type: &'static str,
    /// Its values in words, where they are known.
    pub(crate) values: Vec<String>,
    /// The only value, where it is known.
    pub(crate) constant: Option<String>,
    pub(crate) place: String,
    pub(crate) origins: Vec<Origin>,
    pub(crate) conditions: Vec<String>,
    pub(crate) remarks: Vec<String>,
}

pub(crate) struct Origin {
    /// Such as "default of technical profile `Setup`".
    pub(crate) what: String,
    pub(crate) step: String,
    pub(crate) place: String,
}

/// The word for whether a claim is there.
pub(crate) fn word(presence: Presence) -> &'static str {
    match presence {
        Presence::Always => "always",
        Presence::Maybe => "maybe",
        Presence::Never => "never",
    }
}

impl Preview {
    pub(crate) fn new(policy: &str, flows: &[ClaimFlow], sources: &Sources) -> Self {
        let journeys = flows.iter().map(|it| Journey::new(it, sources)).collect();
        Self { policy: policy.to_owned(), journeys }
    }
}

impl Journey {
    fn new(flow: &ClaimFlow, sources: &Sources) -> Self {
        let title = match flow.kind {
            JourneyKind::ClientCredentials => "client credentials journey",
            _ => "default user journey",
        };
        let mut notes = Vec::new();
        if !flow.completes {
            notes.push("no path of this journey issues a token".to_owned());
        } else if flow.runs_out {
            notes.push("on some path this journey ends without a token".to_owned());
        }
        if let Some(at) = flow.joined_at {
            let place = sources.place(at);
            notes.push(format!(
                "there are too many paths to follow each: from {place} on, claims that are always there may be told as maybe"
            ));
        }
        let system = wayfarer_oauth::token::system_claims(flow.kind == JourneyKind::ClientCredentials);
        let written = |it: &&'static SystemClaim| {
            // The policy's own row comes before these two.
            !(it.yields && flow.token.iter().any(|row| row.name == it.name && row.presence == Presence::Always))
        };
        let mut claims: Vec<Claim> = flow.token.iter().map(|it| Claim::new(it, flow, sources)).collect();
        for claim in claims.iter_mut().filter(|it| it.presence == Presence::Never) {
            let own = system.iter().find(|it| it.yields && it.name == claim.name);
            claim.remarks.extend(own.map(|it| format!("the service sets `{}` itself: {}", it.name, it.what)));
        }
        Self { title, id: flow.journey.clone(), claims, system: system.iter().filter(written).collect(), notes }
    }
}

impl Claim {
    fn new(row: &TokenClaim, flow: &ClaimFlow, sources: &Sources) -> Self {
        let owned = is_protocol_owned(&row.name);
        let presence = if owned { Presence::Never } else { row.presence };
        let texts: Vec<String> = row.values.iter().map(|it| value(it, row.data_type)).collect();
        let constant = match (presence, &row.values[..]) {
            (Presence::Always, [TokenValue::Text(_)]) => texts.first().cloned(),
            _ => None,
        };
        let origins = row.origins.iter().map(|it| Origin {
            what: origin(&it.kind),
            step: flow.step(it.step),
            place: sources.place(it.span),
        });
        Self {
            name: row.name.clone(),
            named_by: named_by(row.named_by),
            claim: row.claim.clone(),
            presence,
            json_type: json_type(row.data_type),
            constant,
            values: if presence == Presence::Never { Vec::new() } else { texts },
            place: sources.place(row.span),
            origins: origins.collect(),
            conditions: if presence == Presence::Maybe { row.conditions.clone() } else { Vec::new() },
            remarks: remarks(row, flow, owned),
        }
    }
}

fn named_by(named_by: NamedBy) -> &'static str {
    match named_by {
        NamedBy::Row => "the row's `PartnerClaimType`",
        NamedBy::ClaimType => "the claim type's `DefaultPartnerClaimTypes`",
        NamedBy::Id => "the claim type's id",
    }
}

/// What a reader of the token should know of a row.
fn remarks(row: &TokenClaim, flow: &ClaimFlow, owned: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    let path = |taken: &Option<PathTaken>| taken.as_ref().map(|it| flow.path(it));
    if owned {
        remarks.push(format!("`{}` belongs to the protocol: what the policy says of it is dropped", row.name));
        return remarks;
    }
    let fills = row.default.as_deref().filter(|it| !it.is_empty());
    match (fills, row.always_use_default) {
        (Some(default), true) if row.is_set => {
            remarks.push(format!("`AlwaysUseDefaultValue` puts `{default}` in place of what the journey sets"));
        }
        (Some(default), false) if !row.is_set => {
            remarks.push(format!("nothing in this journey sets `{}`: `{default}` stands in for it", row.claim));
        }
        (Some(default), false) if row.unset_on.is_some() => {
            let path = path(&row.unset_on).unwrap_or_default();
            remarks.push(format!("the default `{default}` hides that the claim has no value after {path}"));
        }
        (Some(default), false) => {
            remarks.push(format!(
                "the default `{default}` is never used, and would hide it if the journey no longer set the claim"
            ));
        }
        (Some(default), true) => remarks.push(format!("always the row's `DefaultValue`, `{default}`")),
        _ => {}
    }
    if row.presence == Presence::Never {
        remarks.push(match (&row.unset_on, row.is_set) {
            (_, true) => "its value is always the empty text, which is not issued".to_owned(),
            (Some(_), false) if !flow.completes => "no path of the journey issues a token".to_owned(),
            (Some(_), false) => "nothing in this journey sets it".to_owned(),
            _ => "it never has a value at the end".to_owned(),
        });
    } else if row.presence == Presence::Maybe
        && row.conditions.is_empty()
        && let Some(path) = path(&row.unset_on)
    {
        remarks.push(format!("it may be missing after {path}"));
    }
    remarks
}

fn value(value: &TokenValue, data_type: Option<DataType>) -> String {
    match value {
        TokenValue::Text(text) => {
            let value = Value::parse(data_type.unwrap_or(DataType::String), text);
            let json = value.ok().and_then(|it| it.to_token_json());
            json.unwrap_or_else(|| text.as_str().into()).to_string()
        }
        TokenValue::Resolver(written) => format!("what `{written}` stands for"),
        TokenValue::Unknown => "known when it runs".to_owned(),
    }
}

fn origin(kind: &OriginKind) -> String {
    match kind {
        OriginKind::Default { technical_profile } => format!("default of an output claim of `{technical_profile}`"),
        OriginKind::InputDefault { technical_profile } => format!("default of an input claim of `{technical_profile}`"),
        OriginKind::Resolver { technical_profile, resolver } => {
            format!("claim resolver `{resolver}` in `{technical_profile}`")
        }
        OriginKind::Returned { technical_profile, provider, partner } => {
            format!("`{partner}` in the answer of `{technical_profile}` ({provider})")
        }
        OriginKind::Entered { technical_profile } => format!("what the user enters in `{technical_profile}`"),
        OriginKind::Session { technical_profile } => format!("the session of `{technical_profile}`"),
        OriginKind::Transformation { technical_profile, transformation, method } => {
            format!("claims transformation `{transformation}` ({method}), called by `{technical_profile}`")
        }
    }
}

/// How a token carries a data type (reference "claims", 2).
fn json_type(data_type: Option<DataType>) -> &'static str {
    match data_type {
        None => "unknown",
        Some(DataType::Boolean) => "boolean",
        Some(DataType::Int | DataType::Long) => "number",
        Some(DataType::DateTime) => "number, seconds since 1970",
        Some(DataType::Date) => "string, yyyy-MM-dd",
        Some(DataType::StringCollection) => "array of strings",
        Some(DataType::UserIdentity) => "object",
        Some(DataType::UserIdentityCollection | DataType::AlternativeSecurityIdCollection) => "array of objects",
        Some(_) => "string",
    }
}
