use super::xml::XSI;
use super::{Foreign, Piece};
use crate::{Kind, Node, NodeRef, Policy};
use indexmap::IndexMap;
use wayfarer_diagnostics::Span;
use wayfarer_syntax::Element;
use wayfarer_syntax::grammar::{self, Content};

/// The namespace of `xml:` attributes, which is declared everywhere.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Writes out a policy and its bases as one tree that needs no base: it parses and merges to the same policy.
pub fn effective(policy: &Policy) -> Piece {
    let mut root = Piece { name: "TrustFrameworkPolicy".to_owned(), ..Piece::default() };
    if let Some(element) = policy.document().root() {
        root.attributes = attributes(std::iter::once(element), element);
        root.origins = vec![element.start_tag()];
        let own = |name| element.child(name).map(|it| piece(Node::written(policy.document(), it).as_ref()));
        root.children.extend(own("PolicyConstraints"));
    }
    for (section, item) in [("Contacts", "Contact"), ("DocumentReferences", "DocumentReference")] {
        root.children.extend(by_id(policy, section, item));
    }
    root.children.extend(building_blocks(policy));
    root.children.extend(claims_providers(policy));
    root.children.extend(section("UserJourneys", definitions(policy, Kind::UserJourney)));
    root.children.extend(section("SubJourneys", definitions(policy, Kind::SubJourney)));
    root.children.extend(policy.relying_party().map(|it| piece(it.node())));
    root
}

/// A section with its items; none when there are no items, since the schema wants at least one.
fn section(name: &str, children: Vec<Piece>) -> Option<Piece> {
    (!children.is_empty()).then(|| Piece { name: name.to_owned(), children, ..Piece::default() })
}

fn definitions(policy: &Policy, kind: Kind) -> Vec<Piece> {
    policy.all(kind).into_iter().map(|it| piece(it.as_ref())).collect()
}

/// Sections whose merging is not documented: united by `Id`, the derived entry wins.
fn by_id(policy: &Policy, section_name: &'static str, item: &str) -> Option<Piece> {
    let mut entries: IndexMap<String, Piece> = IndexMap::new();
    let chain: Vec<&Policy> = policy.chain().collect();
    for policy in chain.into_iter().rev() {
        let section = policy.document().root().and_then(|it| it.child(section_name));
        for element in section.into_iter().flat_map(|it| it.children_named(item).collect::<Vec<_>>()) {
            let id = element.attribute("Id").map_or("", |it| it.value()).to_lowercase();
            entries.insert(id, piece(Node::written(policy.document(), element).as_ref()));
        }
    }
    section(section_name, entries.into_values().collect())
}

fn building_blocks(policy: &Policy) -> Option<Piece> {
    let plain = [
        ("ClaimsSchema", Kind::ClaimType),
        ("Predicates", Kind::Predicate),
        ("InputValidations", Kind::InputValidation),
        ("PredicateValidations", Kind::PredicateValidation),
        ("ClaimsTransformations", Kind::ClaimsTransformation),
        ("ClientDefinitions", Kind::ClientDefinition),
        ("ContentDefinitions", Kind::ContentDefinition),
    ];
    let mut blocks: Vec<Piece> =
        plain.into_iter().filter_map(|(name, kind)| section(name, definitions(policy, kind))).collect();
    blocks.extend(localization(policy));
    blocks.extend(section("DisplayControls", definitions(policy, Kind::DisplayControl)));
    section("BuildingBlocks", blocks)
}

fn localization(policy: &Policy) -> Option<Piece> {
    let mut localization = piece(policy.localization()?);
    // What has no `Id` can't be told apart and stays as the merged element has it.
    localization.children.retain(|it| it.name != "LocalizedResources" || it.attribute("Id").is_none());
    localization.children.extend(definitions(policy, Kind::LocalizedResources));
    Some(localization)
}

/// Providers are only containers: each profile stands in the provider that declared it first, unless a derived
/// provider gives it another domain.
fn claims_providers(policy: &Policy) -> Option<Piece> {
    let mut groups: IndexMap<(Span, String), (Piece, Vec<Piece>)> = IndexMap::new();
    for node in policy.all(Kind::TechnicalProfile) {
        let providers: Vec<Element<'_>> =
            node.contributors().filter_map(|it| it.element().parent()?.parent()).collect();
        let Some(first) = providers.last() else { continue };
        let domain_of =
            |it: &Element<'_>| it.child("Domain").map(|it| it.text().to_owned()).filter(|it| !it.is_empty());
        let changed = providers.iter().take(providers.len() - 1).find(|it| domain_of(it).is_some());
        let header = changed.unwrap_or(first);
        let domain = changed.and_then(domain_of).unwrap_or_default();
        let key = (header.start_tag(), domain);
        let (_, profiles) = groups.entry(key).or_insert_with(|| (provider(*header), Vec::new()));
        profiles.push(piece(node.as_ref()));
    }
    let providers = groups.into_values().map(|(mut provider, profiles)| {
        let profiles = Piece { name: "TechnicalProfiles".to_owned(), children: profiles, ..Piece::default() };
        provider.children.push(profiles);
        provider
    });
    section("ClaimsProviders", providers.collect())
}

/// A provider's own rows, without its profiles.
fn provider(element: Element<'_>) -> Piece {
    let mut provider = shallow(std::iter::once(element), element);
    provider.children = element.children().filter(|it| it.name() != "TechnicalProfiles").map(written).collect();
    provider
}

fn written(element: Element<'_>) -> Piece {
    let mut piece = shallow(std::iter::once(element), element);
    piece.children = element.children().map(written).collect();
    text(&mut piece, element, element);
    piece
}

/// A merged element with all that is in it. The parser's limit on nesting bounds the recursion.
pub(super) fn piece(node: NodeRef<'_>) -> Piece {
    let mut piece = shallow(node.elements(), node.element());
    piece.children = node.children().map(self::piece).collect();
    let with_text = node.elements().find(|it| !it.text().is_empty()).unwrap_or_else(|| node.element());
    text(&mut piece, with_text, node.element());
    if piece.name == "OrchestrationSteps" {
        piece.remark = repeated_exchange(&piece);
    }
    piece
}

fn shallow<'a>(elements: impl Iterator<Item = Element<'a>>, top: Element<'a>) -> Piece {
    let elements: Vec<Element<'a>> = elements.collect();
    let foreign = (!top.is_policy()).then(|| Foreign {
        qualified_name: top.qualified_name().to_owned(),
        namespace: top.namespace().unwrap_or_default().to_owned(),
    });
    let origins = elements.iter().map(|it| it.start_tag()).collect();
    Piece {
        name: top.name().to_owned(),
        foreign,
        attributes: attributes(elements.into_iter(), top),
        origins,
        ..Piece::default()
    }
}

/// Of several contributors the most derived one that has an attribute decides. Attributes of a namespace keep their
/// prefix, and its declaration comes with them; where the prefix means something else here, they get another.
fn attributes<'a>(elements: impl Iterator<Item = Element<'a>>, top: Element<'a>) -> Vec<(String, String, Span)> {
    let mut found: Vec<(String, String, Span)> = Vec::new();
    let mut bound = vec![("xsi".to_owned(), XSI)];
    if let Some((prefix, _)) = top.qualified_name().split_once(':').filter(|_| !top.is_policy()) {
        bound.retain(|(known, _)| known != prefix);
        bound.push((prefix.to_owned(), top.namespace().unwrap_or_default()));
    }
    for attribute in elements.flat_map(|it| it.attributes().collect::<Vec<_>>()) {
        let place = attribute.value_span();
        let name = match attribute.namespace().filter(|it| *it != XML) {
            None => attribute.name().to_owned(),
            Some(namespace) => {
                let known = bound.iter().position(|(_, it)| *it == namespace).unwrap_or_else(|| {
                    let written = attribute.name().split_once(':').map_or("", |(prefix, _)| prefix);
                    let mut prefix = written.to_owned();
                    while bound.iter().any(|(known, _)| *known == prefix) {
                        prefix.push('_');
                    }
                    found.push((format!("xmlns:{prefix}"), namespace.to_owned(), place));
                    bound.push((prefix, namespace));
                    bound.len() - 1
                });
                let prefix = bound.get(known).map_or("", |(prefix, _)| prefix.as_str());
                format!("{prefix}:{}", attribute.local_name())
            }
        };
        if !found.iter().any(|(own, ..)| *own == name) {
            found.push((name, attribute.value().to_owned(), place));
        }
    }
    let order = grammar::declaration(top).map_or(&[][..], |it| it.ty.attributes);
    found.sort_by_key(|(name, ..)| order.iter().position(|it| it.name == name).unwrap_or(usize::MAX));
    found
}

/// The text between child elements is white space, or has been reported.
fn text(piece: &mut Piece, element: Element<'_>, top: Element<'_>) {
    let content = grammar::declaration(top).map(|it| it.ty.content);
    let holds_text = !matches!(content, Some(Content::Empty | Content::Sequence(_) | Content::Choice(_)));
    if piece.children.is_empty() && holds_text && !element.text().is_empty() {
        piece.text = Some((element.text().to_owned(), element.text_span().unwrap_or_else(|| element.start_tag())));
    }
}

/// Exchange ids are unique in a file, and merging by `Order` can bring two together (reference "inheritance", 2.5).
fn repeated_exchange(steps: &Piece) -> Option<String> {
    let mut seen: IndexMap<&str, &str> = IndexMap::new();
    for step in &steps.children {
        let order = step.attribute("Order").unwrap_or_default();
        let lists = step.children.iter().filter(|it| it.name == "ClaimsExchanges");
        for id in lists.flat_map(|it| &it.children).filter_map(|it| it.attribute("Id")) {
            if let Some(other) = seen.insert(id, order) {
                return Some(format!(
                    "merging gives steps {other} and {order} an exchange of the id {id}: the schema wants it once"
                ));
            }
        }
    }
    None
}
