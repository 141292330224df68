use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use crate::DataType;

/// One method of `ClaimsTransformation`: what a policy must declare, and what then happens.
pub struct Transformation {
    /// The name in `TransformationMethod`.
    pub method: &'static str,
    /// `InputClaims`, in the documented order.
    pub inputs: &'static [Slot],
    /// `InputParameters`.
    pub parameters: &'static [ParameterSlot],
    /// `OutputClaims`. A policy may leave any of them undeclared (reference, A13).
    pub outputs: &'static [Slot],
    /// Whether a current page of the service's documentation describes it.
    pub documented: bool,
    /// The page of the method.
    pub docs: &'static str,
    /// Its cases, in the language-neutral form of `vectors.toml`.
    pub vectors: &'static str,
    pub(crate) prepare: fn(&Preparation<'_>) -> Result<Run, ParameterFailure>,
}

/// A claim that a method reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The `TransformationClaimType`.
    pub name: &'static str,
    /// Further names that mean the same slot.
    pub aliases: &'static [&'static str],
    /// The types that the declared claim type may have.
    pub types: Types,
    /// How the policy must declare it.
    pub presence: Presence,
    /// What an absent value does. Says nothing about outputs.
    pub null: Null,
    /// The input whose declared type this output must share.
    pub same_type_as: Option<&'static str>,
}

/// A literal that a method takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterSlot {
    /// The `Id`.
    pub name: &'static str,
    /// The `DataType`s that it may be declared with.
    pub types: Types,
    /// How the policy must declare it.
    pub presence: Presence,
    /// What stands in for it when it is not declared, where that is a text.
    pub default: Option<&'static str>,
    /// What its text is.
    pub content: Content,
}

/// The data types that a slot accepts, by how sure it is that the service accepts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types {
    /// Documented, or common in public policies. The first is what a new policy should use.
    pub documented: &'static [DataType],
    /// Accepted here, with a remark: neither documented nor seen in public policies.
    pub undocumented: &'static [DataType],
    /// Accepted at upload, and then every call fails with a cast error (reference, R4).
    pub cast_error: &'static [DataType],
}

/// How a policy must declare a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Must be declared; a missing one is refused at upload.
    Required,
    /// May be left undeclared.
    Optional,
    /// Stands for any number of names that begin with this text (`""`: any name).
    Variadic(&'static str),
}

/// What a declared input without a value does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Null {
    /// The transformation fails (reference, R6).
    Error,
    /// The method has a meaning for it; its page says which.
    Tolerated,
}

/// What the text of a parameter is, for completion, hover and checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Any text.
    Text,
    /// One of these words, in any letter case.
    Words(&'static [&'static str]),
    /// A .NET composite format with this many arguments (`None`: as many as there are input claims).
    Format(Option<usize>),
    /// A .NET regular expression.
    Regex,
    /// The name of a policy key container.
    PolicyKey,
    /// The `StringId` of a localized string.
    StringId,
}

/// `string` only.
pub(crate) const STRING: Types = Types::only(&[DataType::String]);
/// `boolean` only.
pub(crate) const BOOLEAN: Types = Types::only(&[DataType::Boolean]);
/// `int` only.
pub(crate) const INT: Types = Types::only(&[DataType::Int]);
/// `long` only.
pub(crate) const LONG: Types = Types::only(&[DataType::Long]);
/// `date` only.
pub(crate) const DATE: Types = Types::only(&[DataType::Date]);
/// `dateTime` only.
pub(crate) const DATE_TIME: Types = Types::only(&[DataType::DateTime]);
/// `stringCollection` only.
pub(crate) const STRING_COLLECTION: Types = Types::only(&[DataType::StringCollection]);
/// `phoneNumber` only.
pub(crate) const PHONE_NUMBER: Types = Types::only(&[DataType::PhoneNumber]);
/// `userIdentity` only.
pub(crate) const USER_IDENTITY: Types = Types::only(&[DataType::UserIdentity]);
/// `userIdentityCollection` only.
pub(crate) const USER_IDENTITIES: Types = Types::only(&[DataType::UserIdentityCollection]);
/// `alternativeSecurityIdCollection` only.
pub(crate) const ALTERNATIVE_SECURITY_IDS: Types = Types::only(&[DataType::AlternativeSecurityIdCollection]);
/// Every type; a text first, which is what a new policy mostly has.
pub(crate) const ANY: Types = Types::only(&[
    DataType::String,
    DataType::Boolean,
    DataType::Date,
    DataType::DateTime,
    DataType::Duration,
    DataType::Int,
    DataType::Long,
    DataType::StringCollection,
    DataType::AlternativeSecurityIdCollection,
    DataType::UserIdentityCollection,
    DataType::UserIdentity,
    DataType::PhoneNumber,
    DataType::ObjectIdentityCollection,
    DataType::ObjectIdentity,
]);
/// A flag that the service reads as text: declared `boolean` it passes upload and fails when it runs.
pub(crate) const BOOLEAN_TEXT: Types =
    Types { documented: &[DataType::String], undocumented: &[], cast_error: &[DataType::Boolean] };

/// The words of a flag.
pub(crate) const FLAG: Content = Content::Words(&["true", "false"]);
/// The words of `stringComparison`.
pub(crate) const COMPARISON: Content = Content::Words(&["Ordinal", "OrdinalIgnoreCase"]);

impl Types {
    /// These types, all documented.
    pub(crate) const fn only(documented: &'static [DataType]) -> Self {
        Self { documented, undocumented: &[], cast_error: &[] }
    }

    /// These documented ones, and those that are merely accepted.
    pub(crate) const fn and(self, undocumented: &'static [DataType]) -> Self {
        Self { undocumented, ..self }
    }

    /// The type that a new policy should use.
    pub fn usual(&self) -> DataType {
        self.documented.first().copied().unwrap_or(DataType::String)
    }

    /// Whether a declaration with this type passes the upload.
    pub fn accepts(&self, data_type: DataType) -> bool {
        [self.documented, self.undocumented, self.cast_error].iter().any(|it| it.contains(&data_type))
    }
}

/// A slot that must be declared and must have a value.
pub(crate) const fn required(name: &'static str, types: Types) -> Slot {
    Slot { name, aliases: &[], types, presence: Presence::Required, null: Null::Error, same_type_as: None }
}

/// A slot that may be left undeclared; where it is declared it need not have a value.
pub(crate) const fn optional(name: &'static str, types: Types) -> Slot {
    Slot { name, aliases: &[], types, presence: Presence::Optional, null: Null::Tolerated, same_type_as: None }
}

/// Any number of slots whose names begin with `prefix`; `name` is how pages call them.
pub(crate) const fn variadic(name: &'static str, prefix: &'static str, types: Types) -> Slot {
    Slot { name, aliases: &[], types, presence: Presence::Variadic(prefix), null: Null::Error, same_type_as: None }
}

/// A claim that is written.
pub(crate) const fn output(name: &'static str, types: Types) -> Slot {
    optional(name, types)
}

impl Slot {
    /// It must be declared, but need not have a value.
    pub(crate) const fn nullable(self) -> Self {
        Self { null: Null::Tolerated, ..self }
    }

    /// It has further names.
    pub(crate) const fn alias(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Its declared type must be the one of that input.
    pub(crate) const fn same_type_as(self, input: &'static str) -> Self {
        Self { same_type_as: Some(input), ..self }
    }
}

/// A parameter that must be declared.
pub(crate) const fn parameter(name: &'static str, types: Types, content: Content) -> ParameterSlot {
    ParameterSlot { name, types, presence: Presence::Required, default: None, content }
}

impl ParameterSlot {
    /// It may be left undeclared.
    pub(crate) const fn optional(self) -> Self {
        Self { presence: Presence::Optional, ..self }
    }

    /// It may be left undeclared and then counts as `default`.
    pub(crate) const fn or(self, default: &'static str) -> Self {
        Self { presence: Presence::Optional, default: Some(default), ..self }
    }

    /// It stands for any number of parameters whose ids begin with `prefix`.
    pub(crate) const fn variadic(self, prefix: &'static str) -> Self {
        Self { presence: Presence::Variadic(prefix), ..self }
    }
}

/// What the check needs to know about a claim slot and a parameter slot alike.
pub(crate) trait Named {
    fn name(&self) -> &'static str;
    fn aliases(&self) -> &'static [&'static str];
    fn presence(&self) -> Presence;
    fn types(&self) -> &Types;
}

impl Named for Slot {
    fn name(&self) -> &'static str {
        self.name
    }
    fn aliases(&self) -> &'static [&'static str] {
        self.aliases
    }
    fn presence(&self) -> Presence {
        self.presence
    }
    fn types(&self) -> &Types {
        &self.types
    }
}

impl Named for ParameterSlot {
    fn name(&self) -> &'static str {
        self.name
    }
    fn aliases(&self) -> &'static [&'static str] {
        &[]
    }
    fn presence(&self) -> Presence {
        self.presence
    }
    fn types(&self) -> &Types {
        &self.types
    }
}

/// The slot that a declared name means: by name or alias in any letter case, else the first variadic one that fits.
pub(crate) fn position<S: Named>(slots: &[S], name: &str) -> Option<usize> {
    let named = |it: &S| {
        !matches!(it.presence(), Presence::Variadic(_))
            && (it.name().eq_ignore_ascii_case(name) || it.aliases().iter().any(|it| it.eq_ignore_ascii_case(name)))
    };
    let fits = |it: &S| match it.presence() {
        Presence::Variadic(prefix) => name.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix)),
        Presence::Required | Presence::Optional => false,
    };
    slots.iter().position(named).or_else(|| slots.iter().position(fits))
}
