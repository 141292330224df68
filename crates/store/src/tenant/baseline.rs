use std::collections::BTreeMap;

use serde::Deserialize;

use crate::guid::Guid;

/// `baseline.toml`: what policies refer to and a folder of files doesn't show. What it is silent about is not judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// All policy keys of the tenant.
    pub policy_keys: Option<Vec<String>>,
    /// The app `b2c-extensions-app`, which extension attributes belong to.
    pub extensions_app: Option<ExtensionsApp>,
    /// The extension attributes by name (`loyaltyNumber`), with their types.
    #[serde(default)]
    pub extension_attributes: BTreeMap<String, AttributeType>,
}

/// The two ids of the app that extension attributes belong to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtensionsApp {
    /// The application (client) id.
    pub client_id: Guid,
    /// The object id.
    pub object_id: Guid,
}

/// The type of an extension attribute, as Microsoft Graph and the portal name it.
/// <https://learn.microsoft.com/graph/api/resources/extensionproperty>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum AttributeType {
    /// True or false.
    Boolean,
    /// An instant.
    DateTime,
    /// 32 bits.
    #[serde(alias = "Int")]
    Integer,
    /// 64 bits.
    LargeInteger,
    /// Up to 256 characters.
    String,
}

impl AttributeType {
    /// As Microsoft Graph has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Boolean => "Boolean",
            Self::DateTime => "DateTime",
            Self::Integer => "Integer",
            Self::LargeInteger => "LargeInteger",
            Self::String => "String",
        }
    }
}
