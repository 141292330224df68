use crate::kind::{Key, Kind};
use crate::merge;
use crate::node::{Node, NodeRef, Text};
use crate::references::{Reference, of_element};
use crate::view::{ClaimType, ClaimsTransformation, RelyingParty, TechnicalProfile, UserJourney};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::sync::{Arc, OnceLock};
use wayfarer_diagnostics::{FileId, Span, closest};
use wayfarer_syntax::{Document, Element, ElementId};

/// One policy file laid over its base policies.
///
/// Nothing can be removed by a derived policy, so whatever resolves in a base still resolves here.
pub struct Policy {
    document: Arc<Document>,
    base: Option<Arc<Policy>>,
    /// What this file defines or touches, merged with what the bases say of it; indexed by `Kind as usize`.
    own: [IndexMap<Key, Node, RandomState>; Kind::ALL.len()],
    localization: Option<Node>,
    relying_party: Option<Node>,
    /// The references of this file that name nothing: element, and which of its references.
    unresolved: OnceLock<Vec<(ElementId, usize)>>,
    /// The profile that issues its tokens: every rule on a journey asks for it.
    pub(crate) token_issuer: OnceLock<Option<TechnicalProfile>>,
}

impl Policy {
    /// Lays a file over its base. The document may be malformed or break the schema: what can be read is taken.
    pub fn derive(document: Arc<Document>, base: Option<Arc<Policy>>) -> Self {
        let mut policy = Self {
            document,
            base,
            own: Default::default(),
            localization: None,
            relying_party: None,
            unresolved: OnceLock::new(),
            token_issuer: OnceLock::new(),
        };
        let document = Arc::clone(&policy.document);
        let Some(root) = document.root() else { return policy };
        for section in root.children() {
            match section.name() {
                "BuildingBlocks" => section.children().for_each(|it| policy.add_container(it)),
                "ClaimsProviders" => policy.add_claims_providers(section),
                "UserJourneys" | "SubJourneys" => policy.add_container(section),
                "RelyingParty" => policy.relying_party = Some(policy.over(section, Self::relying_party_node)),
                _ => {}
            }
        }
        policy
    }

    fn add_claims_providers(&mut self, section: Element<'_>) {
        for provider in section.children_named("ClaimsProvider") {
            provider.children_named("TechnicalProfiles").for_each(|it| self.add_container(it));
        }
    }

    fn add_container(&mut self, container: Element<'_>) {
        if container.name() == "Localization" {
            self.localization = Some(self.over(container, Self::localization_node));
        }
        let Some(kind) = Kind::of_container(container) else { return };
        for element in container.children_named(kind.element()) {
            let Some(id) = element.attribute("Id") else { continue };
            let node = Node::written(&self.document, element);
            let merged = match self.get(kind, id.value()) {
                Some(base) => merge::definition(&node, base),
                None => node,
            };
            self.own[kind as usize].insert(Key::of(id.value()), merged);
        }
    }

    fn over(&self, element: Element<'_>, of_base: fn(&Self) -> Option<&Node>) -> Node {
        let node = Node::written(&self.document, element);
        match self.base.as_deref().and_then(of_base) {
            Some(base) => merge::into(&node, base),
            None => node,
        }
    }

    fn relying_party_node(&self) -> Option<&Node> {
        self.relying_party.as_ref().or_else(|| self.base.as_deref()?.relying_party_node())
    }

    fn localization_node(&self) -> Option<&Node> {
        self.localization.as_ref().or_else(|| self.base.as_deref()?.localization_node())
    }

    /// The file that this policy is written in.
    pub fn file(&self) -> FileId {
        self.document.file()
    }

    /// The tree of that file.
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// The policy that this one derives from.
    pub fn base(&self) -> Option<&Arc<Policy>> {
        self.base.as_ref()
    }

    /// This policy, its base, and so on to the root of the chain.
    pub fn chain(&self) -> impl Iterator<Item = &Policy> {
        std::iter::successors(Some(self), |it| it.base.as_deref())
    }

    /// Whether every base policy that the chain names was found. Where one is missing, nothing can be said of names that
    /// it may define.
    pub fn is_complete(&self) -> bool {
        self.chain().all(|it| it.base.is_some() || it.base_policy_id().is_none())
    }

    /// `BasePolicy/PolicyId`
    pub fn base_policy_id(&self) -> Option<Text<'_>> {
        let id = self.document.root()?.child("BasePolicy")?.child("PolicyId")?;
        Some(Text { value: id.text().trim(), span: id.text_span().unwrap_or_else(|| id.start_tag()) })
    }

    /// An attribute of the root element. Root attributes are not inherited.
    pub fn root_attribute(&self, name: &str) -> Option<Text<'_>> {
        let attribute = self.document.root()?.attribute(name)?;
        Some(Text { value: attribute.value(), span: attribute.value_span() })
    }

    /// `PolicyId`, or the empty text when the file has none.
    pub fn id(&self) -> &str {
        self.root_attribute("PolicyId").map_or("", |it| it.value)
    }

    /// Where to report what concerns the policy as a whole.
    pub fn span(&self) -> Span {
        let id = self.root_attribute("PolicyId").map(|it| it.span);
        id.or_else(|| Some(self.document.root()?.start_tag())).unwrap_or_else(|| Span::file_start(self.file()))
    }

    /// The effective definition of that id.
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Node> {
        let key = Key::of(id);
        self.chain().find_map(|it| it.own[kind as usize].get(&key))
    }

    /// The definitions that this file itself makes or touches, merged with its bases'.
    pub fn own(&self, kind: Kind) -> impl Iterator<Item = &Node> {
        self.own[kind as usize].values()
    }

    /// Every effective definition of a kind: the root policy's first.
    pub fn all(&self, kind: Kind) -> Vec<&Node> {
        let chain: Vec<&Policy> = self.chain().collect();
        let mut effective: IndexMap<&Key, &Node, RandomState> = IndexMap::default();
        for policy in chain.into_iter().rev() {
            effective.extend(policy.own[kind as usize].iter());
        }
        effective.into_values().collect()
    }

    /// The references that this file makes to names that neither it nor its bases define; looked up once. Nothing where a
    /// base is missing: it may define them.
    pub fn unresolved_references(&self) -> impl Iterator<Item = Reference<'_>> {
        let found = self.unresolved.get_or_init(|| self.look_up_references());
        found.iter().filter_map(|(element, at)| of_element(self.document.element(*element)?).nth(*at))
    }

    fn look_up_references(&self) -> Vec<(ElementId, usize)> {
        if !self.is_complete() {
            return Vec::new();
        }
        let numbered = self.document.elements().flat_map(|it| of_element(it).enumerate());
        let unresolved = numbered.filter(|(_, it)| self.get(it.kind, it.name.value).is_none());
        unresolved.map(|(at, it)| (it.element.id(), at)).collect()
    }

    /// The ids of every definition of a kind.
    pub fn ids(&self, kind: Kind) -> Vec<Text<'_>> {
        self.all(kind).iter().filter_map(|it| it.as_ref().attribute("Id")).collect()
    }

    /// The id that was most likely meant where `name` resolves to nothing.
    pub fn closest(&self, kind: Kind, name: &str) -> Option<Text<'_>> {
        let ids = self.ids(kind);
        let best = closest(name, ids.iter().map(|it| it.value))?;
        ids.into_iter().find(|it| it.value == best)
    }

    /// A claim type by id.
    pub fn claim_type(&self, id: &str) -> Option<ClaimType> {
        self.get(Kind::ClaimType, id).cloned().map(ClaimType::new)
    }

    /// A claims transformation by id.
    pub fn claims_transformation(&self, id: &str) -> Option<ClaimsTransformation> {
        self.get(Kind::ClaimsTransformation, id).cloned().map(ClaimsTransformation::new)
    }

    /// A user journey by id.
    pub fn user_journey(&self, id: &str) -> Option<UserJourney> {
        self.get(Kind::UserJourney, id).cloned().map(UserJourney::new)
    }

    /// A sub journey by id: it has steps, as a user journey has.
    pub fn sub_journey(&self, id: &str) -> Option<UserJourney> {
        self.get(Kind::SubJourney, id).cloned().map(UserJourney::new)
    }

    /// A technical profile by id, laid over the profiles that it includes.
    ///
    /// Inheritance comes before inclusion, so an override of an included profile reaches every profile that includes it
    /// (reference "inheritance", 2.4). A loop of inclusions ends where it closes. What `IncludeClaimsFromTechnicalProfile`
    /// names adds its input and output claims, and nothing else.
    pub fn technical_profile(&self, id: &str) -> Option<TechnicalProfile> {
        let merged = self.with_includes(id)?;
        let claims = merged.as_ref().child("IncludeClaimsFromTechnicalProfile");
        let Some(source) = claims.and_then(|it| self.with_includes(it.text().value.trim())) else {
            return Some(TechnicalProfile::new(merged));
        };
        let is_claims = |it: &NodeRef<'_>| matches!(it.name(), "InputClaims" | "OutputClaims");
        let children = source.as_ref().children().filter(is_claims).map(NodeRef::to_node).collect();
        let claims = Node::merged(std::slice::from_ref(&source), &[], children);
        Some(TechnicalProfile::new(merge::into(&merged, &claims)))
    }

    /// A profile laid over the profiles that it includes, whole.
    fn with_includes(&self, id: &str) -> Option<Node> {
        let mut including = vec![self.get(Kind::TechnicalProfile, id)?];
        let mut seen = vec![Key::of(id)];
        while let Some(next) = including.last().and_then(|it| it.as_ref().child("IncludeTechnicalProfile")) {
            let Some(name) = next.attribute("ReferenceId").map(|it| it.value) else { break };
            let key = Key::of(name);
            let Some(included) = self.get(Kind::TechnicalProfile, name).filter(|_| !seen.contains(&key)) else { break };
            including.push(included);
            seen.push(key);
        }
        including.into_iter().rev().cloned().reduce(|under, over| merge::into(&over, &under))
    }

    /// The relying party of this policy or the nearest base that has one.
    pub fn relying_party(&self) -> Option<RelyingParty> {
        self.relying_party_node().cloned().map(RelyingParty::new)
    }

    /// The merged `Localization` element.
    pub fn localization(&self) -> Option<NodeRef<'_>> {
        self.localization_node().map(Node::as_ref)
    }
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policy").field("id", &self.id()).field("base", &self.base).finish_non_exhaustive()
    }
}
