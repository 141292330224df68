use serde::{Deserialize, Deserializer, de};
use std::fmt;

/// The schema's simple type `DataType`: what a claim's value is. Two of the fourteen (`objectIdentity` and its
/// collection) are only names: no method uses them and no public policy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataType {
    /// `true` or `false`.
    Boolean,
    /// A day without a zone.
    Date,
    /// An instant; printed in UTC.
    DateTime,
    /// A span of time such as `P1Y2M`.
    Duration,
    /// 32 bits, signed.
    Int,
    /// 64 bits, signed.
    Long,
    /// Text; lengths and positions count UTF-16 code units, as .NET does.
    String,
    /// An ordered list of texts; duplicates stay.
    StringCollection,
    /// A list of federated identities in the old form.
    AlternativeSecurityIdCollection,
    /// A list of federated identities.
    UserIdentityCollection,
    /// One federated identity.
    UserIdentity,
    /// `+` and digits.
    PhoneNumber,
    /// In the schema only.
    ObjectIdentityCollection,
    /// In the schema only.
    ObjectIdentity,
}

impl DataType {
    /// All types, in the schema's order.
    pub const ALL: [Self; 14] = [
        Self::Boolean,
        Self::Date,
        Self::DateTime,
        Self::Duration,
        Self::Int,
        Self::Long,
        Self::String,
        Self::StringCollection,
        Self::AlternativeSecurityIdCollection,
        Self::UserIdentityCollection,
        Self::UserIdentity,
        Self::PhoneNumber,
        Self::ObjectIdentityCollection,
        Self::ObjectIdentity,
    ];

    /// The name as a policy writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "dateTime",
            Self::Duration => "duration",
            Self::Int => "int",
            Self::Long => "long",
            Self::String => "string",
            Self::StringCollection => "stringCollection",
            Self::AlternativeSecurityIdCollection => "alternativeSecurityIdCollection",
            Self::UserIdentityCollection => "userIdentityCollection",
            Self::UserIdentity => "userIdentity",
            Self::PhoneNumber => "phoneNumber",
            Self::ObjectIdentityCollection => "objectIdentityCollection",
            Self::ObjectIdentity => "objectIdentity",
        }
    }

    /// The type of that name; names are matched exactly, as the schema's enumeration is.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }
}

impl<'de> Deserialize<'de> for DataType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| de::Error::custom(format!("no data type `{name}`")))
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
