//! S2: what `Debug` prints of everything that holds a secret. Such text ends in logs and panics.

use super::{CLIENT, FORM, SECRET, report};
use crate::sandbox::Sandbox;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde_json::{Map, json};
use std::fmt::Debug;
use std::path::Path;
use wayfarer_oauth::TokenRequest;
use wayfarer_oauth::grants::client_credentials;
use wayfarer_oauth::jose::{self, SigningKey};
use wayfarer_oauth::response::{Numbers, TokenResponse};
use wayfarer_oauth::token::Lifetime;
use wayfarer_runtime::{DevelopmentCa, Issued, PolicyKeys, Signed, SigningKeys};
use wayfarer_store::{Database, KeyUse, Secret, Tenant};

const CONTAINER: &str = "B2C_1A_TokenSigningKeyContainer";

/// Both forms of `Debug`, under the type's name.
fn shown<T: Debug>(value: &T) -> (&'static str, String) {
    (std::any::type_name::<T>(), format!("{value:?} {value:#?}"))
}

fn requests() -> Vec<TokenRequest> {
    let form = Some(b"application/x-www-form-urlencoded".as_slice());
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    let posted = TokenRequest::parse(form, None, FORM.as_bytes()).expect("a request");
    let in_header =
        TokenRequest::parse(form, Some(basic.as_bytes()), b"grant_type=client_credentials").expect("a request");
    vec![posted, in_header]
}

/// The tenant with its secrets, in memory and in a database.
fn stores(folder: &Path) -> Vec<(&'static str, String)> {
    let tenant = Tenant::load(folder).expect("the tenant");
    let app = tenant.find(CLIENT).expect("the app");
    let database = Database::open_or_create(&folder.join("state.sqlite")).expect("a database");
    let presented = tenant.present(&Secret::new(SECRET));
    vec![
        shown(&tenant),
        shown(app),
        shown(&app.password_credentials),
        shown(tenant.documents()),
        shown(tenant.keys()),
        shown(&database),
        shown(&presented),
        shown(&Secret::new(SECRET)),
    ]
}

#[test]
fn s2_debug_output_shows_no_secret() {
    let sandbox = Sandbox::new();
    let folder = sandbox.tenant("contoso");
    let (folder, now) = (Path::new(&folder), Timestamp::now());
    let mut all = stores(folder);
    let passphrase = Some(Secret::new("canary-passphrase-4711"));
    let tenant = Tenant::load(folder).expect("the tenant").with_key_passphrase(passphrase);
    let mut keyset = tenant.keys().get_or_create(CONTAINER, KeyUse::Signature, now).expect("keys");
    all.extend([shown(&tenant), shown(tenant.keys()), shown(&keyset)]);
    tenant.keys().unlock(&mut keyset, now).expect("the passphrase");
    let signing = SigningKeys::threaded(PolicyKeys::new(tenant.keys().clone()), 1);
    signing.policy_keys().prepare(CONTAINER, now).expect("keys");
    let key = SigningKey::new(&keyset.keys()[0]).expect("a key");
    let claims: Map<_, _> = [("canary".to_owned(), json!("canary-claim-4711"))].into_iter().collect();
    let token = jose::sign(&key, &claims).expect("a token");
    let app = tenant.find("ClientCredentials_app").expect("the client");
    let scope = Some("https://contoso.onmicrosoft.com/api/.default");
    let grant = client_credentials::authorize_without_secret(&tenant, app, scope).expect("a grant");
    let response = TokenResponse::new(token.clone(), &grant, Lifetime::new(now, 60), Numbers::Json);
    all.extend([shown(&keyset), shown(&keyset.keys()[0]), shown(&key), shown(&signing)]);
    all.push(shown(&Signed { token: token.clone(), claims: claims.clone() }));
    all.push(shown(&Issued { response, key, claims, dropped: Vec::new() }));
    all.extend(requests().iter().map(shown));
    all.push(shown(&DevelopmentCa::get_or_create(&sandbox.home(), now).expect("an authority")));

    let private = keyset.keys()[0].pkcs8().expect("a private key");
    let bytes = format!("{:?}", &private[private.len() / 2..private.len() / 2 + 8]);
    let text = BASE64_STANDARD.encode(private);
    let middle = &text[text.len() / 2..text.len() / 2 + 16];
    for (name, text) in &all {
        for secret in [
            SECRET,
            &bytes[1..bytes.len() - 1],
            middle,
            "canary-claim-4711",
            "canary-passphrase-4711",
            &token[..token.len() / 2],
        ] {
            assert!(!text.contains(secret), "{name} shows {secret}: {text}");
        }
    }
    report("S2", format!("`Debug` of {} values that hold secrets", all.len()), "0 found", "0");
}
