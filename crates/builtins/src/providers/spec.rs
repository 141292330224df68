//! What a provider declares about itself; checker, completion, hover, reference pages and runtime all read it.

/// One kind of technical profile, as data.
#[derive(Debug)]
pub struct ProviderSpec {
    /// What people call it, such as `RESTful service`.
    pub title: &'static str,
    /// The schema's `Protocol Name` values that it goes with.
    pub protocols: &'static [&'static str],
    /// The class in `Protocol Handler`, up to the first comma; only `Proprietary` profiles have one.
    pub handler: Option<&'static str>,
    /// Every metadata key that is known for it.
    pub metadata: &'static [MetadataKey],
    /// Every cryptographic key that it can use.
    pub keys: &'static [KeySlot],
    /// Whether the user takes part.
    pub interaction: Interaction,
    /// Who may call it.
    pub callers: &'static [Caller],
    /// The reference page, in Markdown.
    pub docs: &'static str,
}

/// Whether the user takes part in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interaction {
    /// Nobody is asked: the call can run in a journey without a browser.
    None,
    /// A page is shown.
    Page,
    /// The browser is sent to another site and comes back.
    Redirect,
    /// Not called by a step: it keeps a session.
    Session,
    /// The last step: it makes the answer to the application.
    Issuer,
}

/// What may refer to a technical profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A `ClaimsExchange` step.
    ClaimsExchange,
    /// An exchange of a `CombinedSignInAndSignUp` step.
    CombinedSignInAndSignUp,
    /// A `ValidationTechnicalProfile`.
    ValidationTechnicalProfile,
    /// An action of a display control.
    DisplayControl,
    /// A `SendClaims` step.
    SendClaims,
    /// A `GetClaims` step.
    GetClaims,
    /// `UseTechnicalProfileForSessionManagement`.
    SessionManagement,
    /// An `AuthorizationTechnicalProfile` of a journey.
    Authorization,
}

/// A metadata item that a provider reads.
#[derive(Clone, Copy, Debug)]
pub struct MetadataKey {
    /// The key as written; one that ends in `*` stands for every key that begins so.
    pub name: &'static str,
    /// Whether the profile can't work without it.
    pub required: bool,
    /// What it may hold.
    pub value: MetadataValue,
    /// What counts when it is absent.
    pub default: Option<&'static str>,
    /// One line for hover and reference pages.
    pub doc: &'static str,
}

/// What a metadata item may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataValue {
    /// Any text.
    Text,
    /// `true`, `false`, `1` or `0`, in any case.
    Boolean,
    /// A whole number between the two, inclusive.
    Integer(i64, i64),
    /// One of these words, in any case.
    OneOf(&'static [&'static str]),
    /// An absolute `http` or `https` URL.
    Url,
    /// The id of a claim type.
    ClaimType,
    /// The id of a content definition.
    ContentDefinition,
    /// The id of a user journey.
    UserJourney,
    /// Read, and never used.
    Ignored,
}

/// A cryptographic key that a provider can use.
#[derive(Clone, Copy, Debug)]
pub struct KeySlot {
    /// The `Id` of the `Key`; `*` where the policy chooses it.
    pub id: &'static str,
    /// Whether the profile can't work without it, given `when`.
    pub required: bool,
    /// The metadata under which it is used, such as `AuthenticationType=Basic`; empty for always.
    pub when: &'static str,
    /// One line for hover and reference pages.
    pub doc: &'static str,
}

/// A metadata key that holds any text and may be absent.
pub(crate) const fn key(name: &'static str, doc: &'static str) -> MetadataKey {
    MetadataKey { name, required: false, value: MetadataValue::Text, default: None, doc }
}

/// A boolean metadata key, `false` when absent.
pub(crate) const fn flag(name: &'static str, doc: &'static str) -> MetadataKey {
    key(name, doc).value(MetadataValue::Boolean).default("false")
}

/// A metadata key that is seen in real policies and does nothing.
pub(crate) const fn ignored(name: &'static str, doc: &'static str) -> MetadataKey {
    key(name, doc).value(MetadataValue::Ignored)
}

/// A cryptographic key that is always needed.
pub(crate) const fn required_key(id: &'static str, doc: &'static str) -> KeySlot {
    KeySlot { id, required: true, when: "", doc }
}

/// A cryptographic key that may be absent.
pub(crate) const fn optional_key(id: &'static str, when: &'static str, doc: &'static str) -> KeySlot {
    KeySlot { id, required: false, when, doc }
}

impl MetadataKey {
    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(crate) const fn value(self, value: MetadataValue) -> Self {
        Self { value, ..self }
    }

    pub(crate) const fn default(self, text: &'static str) -> Self {
        Self { default: Some(text), ..self }
    }

    /// Whether a policy that writes `name` means this key. Keys are compared exactly: the service does not trim them.
    pub fn matches(&self, name: &str) -> bool {
        self.name.strip_suffix('*').map_or(self.name == name, |prefix| name.starts_with(prefix))
    }
}

impl ProviderSpec {
    /// The metadata key of that name.
    pub fn metadata_key(&self, name: &str) -> Option<&'static MetadataKey> {
        self.metadata.iter().find(|it| it.matches(name))
    }
}
