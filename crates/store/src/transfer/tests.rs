use std::collections::BTreeMap;
use std::fs;

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::{Expiry, KeyUse};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/contoso")
}

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

/// A copy of `fixtures/contoso` that has all there can be: a pepper, keys of both kinds, and uploaded policies. One file
/// has a byte-order mark, one CRLF.
fn full(root: &Path) -> PathBuf {
    let folder = root.join("full");
    fs::create_dir_all(folder.join("apps")).unwrap();
    for name in ["tenant.toml", "baseline.toml"] {
        fs::copy(fixture().join(name), folder.join(name)).unwrap();
    }
    for app in fs::read_dir(fixture().join("apps")).unwrap().flatten() {
        let text = fs::read_to_string(app.path()).unwrap();
        fs::write(folder.join("apps").join(app.file_name()), format!("\u{feff}{}", text.replace('\n', "\r\n")))
            .unwrap();
    }
    let mut tenant = Tenant::load(&folder).unwrap();
    tenant.add_secret("my-api1", None, Expiry::two_years(now()), now(), &mut |it| it.fill(7)).unwrap();
    tenant.keys().get_or_create("B2C_1A_TokenSigningKeyContainer", KeyUse::Signature, now()).unwrap();
    tenant.keys().create_secret("B2C_1A_Api", &crate::Secret::new("of an API"), Timestamp::UNIX_EPOCH).unwrap();
    let state = Database::open_or_create(&folder.join(STATE_FILE)).unwrap();
    let mut change = state.change().unwrap();
    change.replace("policies/b2c_1a_x.xml", "\u{feff}<a>é</a>\r\n").unwrap();
    change.commit().unwrap();
    folder
}

/// Every file below a folder by its path there; of the state the documents.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut content = BTreeMap::new();
    for below in ["", "apps", "keys"] {
        for entry in fs::read_dir(folder.join(below)).into_iter().flatten().flatten().filter(|it| it.path().is_file()) {
            let name = format!("{below}/{}", entry.file_name().to_string_lossy());
            if !name.starts_with("/state.sqlite") {
                content.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    if let Some(state) = Database::open_existing(&folder.join(STATE_FILE)).unwrap() {
        let policies = Snapshot::of(&state, &[IN_STATE]).unwrap();
        content.extend(policies.iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())));
    }
    content
}

struct Places {
    root: TempDir,
    database: PathBuf,
}

impl Places {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        Self { database: root.path().join("t.sqlite"), root }
    }

    fn import(&self, folder: &Path, existing: Existing) -> Result<Transfer, TransferError> {
        Tenant::import(folder, &self.database, existing)
    }

    fn export(&self, name: &str, existing: Existing) -> Result<(Transfer, PathBuf), TransferError> {
        let folder = self.root.path().join(name);
        Tenant::export(&self.database, &folder, existing).map(|it| (it, folder))
    }
}

#[test]
fn a_round_trip_is_byte_identical() {
    let places = Places::new();
    let full = full(places.root.path());
    let imported = places.import(&full, Existing::Refuse).unwrap();
    let (exported, copy) = places.export("copy", Existing::Refuse).unwrap();
    assert_eq!(content(&full), content(&copy));
    assert_eq!(imported, exported);
    assert_eq!(imported.documents.len(), 10, "{imported:?}");
    assert!(imported.removed.is_empty() && imported.left_out.is_empty(), "{imported:?}");
    // And again, into another database.
    let again = places.root.path().join("again.sqlite");
    Tenant::import(&copy, &again, Existing::Refuse).unwrap();
    Tenant::export(&again, &places.root.path().join("last"), Existing::Refuse).unwrap();
    assert_eq!(content(&full), content(&places.root.path().join("last")));
}

#[test]
fn the_fixture_comes_back_as_it_was() {
    let places = Places::new();
    places.import(&fixture(), Existing::Refuse).unwrap();
    let (_, copy) = places.export("copy", Existing::Refuse).unwrap();
    let mut written = content(&copy);
    assert!(written.remove("keys/.gitignore").is_some(), "keys are never committed");
    written.remove("keys/.edit.lock");
    let mut fixture = content(&fixture());
    fixture.retain(|name, _| !name.starts_with("keys/"));
    written.retain(|name, _| !name.starts_with("keys/"));
    assert_eq!(written, fixture);
    assert!(!copy.join(STATE_FILE).exists(), "nothing was uploaded");
}

#[test]
fn a_tenant_is_replaced_only_when_that_is_asked_for() {
    let places = Places::new();
    let full = full(places.root.path());
    places.import(&full, Existing::Refuse).unwrap();
    let refused = places.import(&fixture(), Existing::Refuse).unwrap_err();
    assert!(matches!(refused, TransferError::Exists { .. }), "{refused}");
    assert_eq!(places.export("as-before", Existing::Refuse).unwrap().0.documents.len(), 10);

    let replaced = places.import(&fixture(), Existing::Replace).unwrap();
    let gone = ["keys/B2C_1A_Api.json", "keys/B2C_1A_TokenSigningKeyContainer.json", "keys/client-secrets.pepper"];
    assert_eq!(replaced.removed, [gone.as_slice(), &["policies/b2c_1a_x.xml"]].concat());
    let refused = places.export("as-before", Existing::Refuse).unwrap_err();
    assert!(matches!(refused, TransferError::Exists { .. }), "{refused}");
    let (replaced, folder) = places.export("as-before", Existing::Replace).unwrap();
    assert_eq!(replaced.removed.len(), 4, "{replaced:?}");
    assert!(!content(&folder).contains_key("policies/b2c_1a_x.xml") && !folder.join("keys/B2C_1A_Api.json").exists());
    assert!(Tenant::load(&folder).unwrap().warnings().is_empty());
}

#[test]
fn uploaded_policies_alone_are_a_tenant_that_is_not_replaced() {
    let places = Places::new();
    let full = full(places.root.path());
    places.import(&full, Existing::Refuse).unwrap();
    let folder = places.root.path().join("state-only");
    fs::create_dir(&folder).unwrap();
    fs::copy(full.join(STATE_FILE), folder.join(STATE_FILE)).unwrap();
    assert!(matches!(places.export("state-only", Existing::Refuse).unwrap_err(), TransferError::Exists { .. }));
    assert!(!folder.join("keys").exists(), "nothing was written");
}

#[test]
fn what_is_no_document_is_told_and_left() {
    let places = Places::new();
    let full = full(places.root.path());
    for name in ["README.md", ".gitignore", "users.json", "apps/notes.txt", "apps/nul.json", "keys/cert.pfx"] {
        fs::write(full.join(name), b"\xff").unwrap();
    }
    fs::create_dir_all(full.join("docs/more")).unwrap();
    let transfer = places.import(&full, Existing::Refuse).unwrap();
    let told: Vec<_> = transfer.left_out.iter().map(|it| it.strip_prefix(&full).unwrap().to_path_buf()).collect();
    let expected =
        [".gitignore", "README.md", "apps/notes.txt", "apps/nul.json", "docs", "keys/cert.pfx", "users.json"];
    assert_eq!(told, expected.map(PathBuf::from));
    assert_eq!(transfer.documents.len(), 10);
}

#[test]
fn a_broken_tenant_is_not_imported_and_no_database_made() {
    let places = Places::new();
    let full = full(places.root.path());
    let import = |folder: &Path| places.import(folder, Existing::Replace).unwrap_err().to_string();
    assert!(import(&places.root.path().join("none")).contains("is not a folder"));
    assert!(import(&full.join("apps")).contains("holds no `tenant.toml`"));
    fs::write(full.join("apps/broken.json"), "{").unwrap();
    assert!(import(&full).contains("broken.json:1:1:"));
    assert!(!places.database.exists());
    let exported = places.export("copy", Existing::Refuse).unwrap_err().to_string();
    assert!(exported.contains("t.sqlite` holds no tenant"), "{exported}");
    assert!(!places.root.path().join("copy").exists());
}

#[test]
fn a_secret_that_was_moved_is_still_known() {
    let places = Places::new();
    let folder = full(places.root.path());
    let mut tenant = Tenant::load(&folder).unwrap();
    let secret = tenant.add_secret("my-api1", None, Expiry::two_years(now()), now(), &mut |it| it.fill(9)).unwrap();
    places.import(&folder, Existing::Refuse).unwrap();
    let moved = Tenant::open(Arc::new(Database::open_existing(&places.database).unwrap().unwrap())).unwrap();
    let known = moved.find("my-api1").unwrap().password_credentials.iter().find(|it| it.key_id == secret.key_id);
    assert!(moved.present(&secret.secret_text).matches(known.unwrap().digest.as_ref()));
}

#[cfg(unix)]
#[test]
fn keys_are_the_owners_alone_in_every_place() {
    use std::os::unix::fs::PermissionsExt;
    let places = Places::new();
    let full = full(places.root.path());
    places.import(&full, Existing::Refuse).unwrap();
    let (_, copy) = places.export("copy", Existing::Refuse).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&copy.join("keys")), mode(&places.database), mode(&copy.join(STATE_FILE))), (0o700, 0o600, 0o600));
    for name in ["B2C_1A_Api.json", "B2C_1A_TokenSigningKeyContainer.json", "client-secrets.pepper"] {
        assert_eq!(mode(&copy.join("keys").join(name)), 0o600, "{name}");
    }
    let usual = places.root.path().join("usual");
    fs::write(&usual, "").unwrap();
    assert_eq!(mode(&copy.join("tenant.toml")), mode(&usual), "what is no secret is as the umask has it");
}
