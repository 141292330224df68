//! The page of the claim resolvers.

use super::code;
use crate::resolvers::{JourneyKind, Namespace, PlaceNote, RESOLVERS, ResolverSpec, ResultType};

const INTRODUCTION: &str = "\
# Claim resolvers

A text such as `{Policy:PolicyId}` that stands for something of the request, the policy or the journey. It works only
where the whole text is one resolver, in any letter case; inside a `LoadUri` and a content definition's parameters it may
also be a part of the text. An unknown name in a known namespace is an error (AADB2C90044). What a resolver gives is
never resolved again.

| place | evaluated |
|---|---|
| `DefaultValue` of the relying party's `OutputClaim` | always |
| `LoadUri` of a `ContentDefinition`, `Parameter` of `ContentDefinitionParameters` | always |
| `DefaultValue` of an `InputClaim` of Application Insights, OAuth 2, OpenID Connect and SAML identity providers | always (but for the first, not documented) |
| `DefaultValue` of other technical profiles' `InputClaim` and `OutputClaim` | with the metadata item `IncludeClaimResolvingInClaimsHandling` set to `true` |
| `PartnerClaimType` of an `OutputClaim` of OAuth 2 and OpenID Connect identity providers | only `{oauth2:…}` |
| a `PersistedClaim`, other metadata, `InputParameter`, `LocalizedString`, `Precondition` | never: the text stays as it is |

A value that is there already is kept unless the claim also has `AlwaysUseDefaultValue=\"true\"`. A resolver whose source
has nothing gives no value, and the claim is not made (not documented).
";

pub(super) fn page() -> String {
    let mut text = INTRODUCTION.to_owned();
    for namespace in Namespace::ALL {
        for spec in RESOLVERS.iter().filter(|it| it.namespace == namespace) {
            text.push('\n');
            text.push_str(&section(spec, 2));
        }
    }
    text
}

/// One resolver, under a heading of that level.
pub(super) fn section(spec: &ResolverSpec, level: usize) -> String {
    // What is named by code alone is a member of the request.
    let doc = if spec.doc.starts_with('`') { format!("the request's {}", spec.doc) } else { spec.doc.to_owned() };
    let mut characters = doc.chars();
    let doc: String = characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect();
    let mut rows = vec![("result", result(spec.result).to_owned()), ("journeys", journeys(spec.journeys))];
    if spec.place == PlaceNote::PartnerClaimType {
        let note = "only as `PartnerClaimType` of an `OutputClaim` of the identity provider's own technical profile";
        rows.push(("place", note.to_owned()));
    }
    if !spec.example.is_empty() {
        rows.push(("example", code(spec.example)));
    }
    let rows: String = rows.iter().map(|(name, it)| format!("| {name} | {it} |\n")).collect();
    format!("{} {}\n\n{doc}.\n\n| | |\n|---|---|\n{rows}", "#".repeat(level), spec.text())
}

fn result(result: ResultType) -> &'static str {
    match result {
        ResultType::Text => "a text, read as the claim's data type",
        ResultType::Integer => "a whole number: the claim is an `int` or a `long`",
    }
}

fn journeys(kinds: &[JourneyKind]) -> String {
    if kinds == JourneyKind::ALL {
        return "all".to_owned();
    }
    let name = |it: &JourneyKind| match it {
        JourneyKind::Authorize => "authorization requests",
        JourneyKind::ClientCredentials => "the client credentials grant",
        JourneyKind::Password => "the password grant",
        JourneyKind::Refresh => "the refresh token grant",
        JourneyKind::SamlSso => "SAML requests",
        JourneyKind::UserInfo => "UserInfo",
    };
    let names: Vec<&str> = kinds.iter().map(name).collect();
    format!("{}; elsewhere there is no value", names.join(", "))
}
