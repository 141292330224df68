//! What lasts: tenants on disk, app registrations, client-secret digests and policy keys.
//!
//! Never in it: OAuth rules (who may have a token, what a scope means), printing, clocks. It touches files; time and
//! randomness are handed in. Start reading at [`Tenant`], then [`App`], then [`KeyStore`]; all of them are made from
//! [`Documents`], which lie in a folder or in a database.
//!
//! # A tenant folder
//!
//! ```text
//! tenant.toml                    name, id, hosts, user_flows, fixture
//! baseline.toml                  what else policies refer to, see below; may be absent
//! apps/NAME.json                 an app manifest, as the portal's editor or Microsoft Graph shows it (never reordered)
//! apps/NAME.wayfarer.toml        what a manifest can't hold, see below
//! keys/B2C_1A_….json             policy keys, one keyset per container, made at first use
//! keys/client-secrets.pepper     the HMAC key of the secret digests, made with the first secret
//! state.sqlite                   a database with the policies that were uploaded, as `policies/ID.xml`
//! ```
//!
//! A database holds the same texts under the same names, and uploaded policies among them. [`Tenant::import`] and
//! [`Tenant::export`] move all of it, byte for byte.
//!
//! The side file of a manifest, every part optional:
//!
//! ```toml
//! service_principal_id = "GUID"       # object id of the service principal: `oid` and the documented `sub`
//! account_enabled = true              # false: the app is disabled
//!
//! [[app_role_assignments]]            # what admin consent made; `requiredResourceAccess` alone grants nothing
//! resource_app_id = "GUID"            # application id of the API
//! app_role_id = "GUID"
//!
//! [[secrets]]                         # one per `passwordCredentials` entry that can be checked
//! key_id = "GUID"
//! digest = "base64url"                # HMAC-SHA-256 under keys/client-secrets.pepper
//! development_secret = "…"            # instead of `digest`, and only where tenant.toml says `fixture = true`
//! ```
//!
//! The baseline, every part optional:
//!
//! ```toml
//! policy_keys = ["B2C_1A_TokenSigningKeyContainer"]   # all of them
//!
//! [extensions_app]                    # b2c-extensions-app
//! client_id = "GUID"
//! object_id = "GUID"
//!
//! [extension_attributes]              # Boolean, DateTime, Integer, LargeInteger or String
//! loyaltyNumber = "String"
//! ```
//!
//! A keyset is `{"keys":[…]}`, of RSA keys or of secrets:
//!
//! ```text
//! {"kid","use":"sig"|"enc","kty":"RSA","nbf"?,"exp"?,"enabled"?,"created"?,"x5c"?:["base64"],"pkcs8":"base64"}
//! {"kid"?,"use"?,"kty":"oct","nbf"?,"exp"?,"enabled"?,"created"?,"k":"base64url"}
//! ```
//!
//! A certificate that came without its private key has `e`, `n` and `x5c` alone.
//!
//! Under a passphrase `encrypted_pkcs8` stands for `pkcs8` or `k`, with `e` and `n` beside it for an RSA key: a PKCS#8
//! `EncryptedPrivateKeyInfo` in base64, which `base64 -d | openssl pkcs8 -inform DER` reads.

mod app;
mod documents;
mod edit;
mod files;
mod guid;
mod keys;
mod private;
mod secret;
mod tenant;
mod transfer;

pub use app::{
    App, AppRole, AppRoleAssignment, PasswordCredential, RequiredResourceAccess, ResourceAccess, ResourceAccessType,
};
pub use documents::{Change, Database, Documents, Folder, Reader, Revision, StoreError, Text};
pub use edit::{AdminConsent, AppFile, EditError, Expiry, ImportedApp, Lifetime, NewSecret, TenantName, machine_made};
pub use files::Access;
pub use guid::{Guid, GuidError};
pub use keys::{
    Ending, ImportError, ImportedKey, Key, KeyError, KeySet, KeySetError, KeySize, KeyStatus, KeyStore, KeyType,
    KeyUse, Rotated, Rotation, Successor, Validity, import_certificate, import_keys,
};
pub use private::PrivateFolder;
pub use secret::{PresentedSecret, Secret, SecretDigest};
pub use tenant::{AttributeType, Baseline, ExtensionsApp, FindError, LoadError, STATE_FILE, Tenant, embedded_contoso};
pub use transfer::{Existing, Transfer, TransferError};
