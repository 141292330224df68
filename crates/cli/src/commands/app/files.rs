use crate::args::{App, Format};
use crate::output::{self, Failure, count, remark};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use wayfarer_store::{AppFile, EditError, Existing, ImportedApp, Tenant};

/// As many manifests as a tenant may have apps are far smaller.
const LIMIT: u64 = 64 * 1024 * 1024;

/// What names standard input.
const STDIN: &str = "-";

/// Prints the manifest of an app, or writes it to a file.
pub(super) fn export(tenant: &Tenant, app: &str, out: Option<&Path>) -> Result<(), Failure> {
    let app = tenant.find(app).map_err(Failure::new)?;
    let text = format!("{:#}\n", app.shared_manifest());
    let Some(path) = out else {
        output::result(&text);
        return Ok(());
    };
    fs::write(path, text).map_err(|error| Failure::new(format!("cannot write `{}`: {error}", path.display())))?;
    remark(format_args!("the manifest of {} is in {}", app.name, path.display()));
    Ok(())
}

/// Takes over the apps in a file.
pub(super) fn import(
    tenant: &mut Tenant,
    file: &Path,
    existing: Existing,
    options: &App,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<(), Failure> {
    let files = read(file)?;
    let imported = tenant.import_apps(&files, existing, random).map_err(failure)?;
    output::result(&match options.format {
        Format::Human => imported.iter().map(row).collect(),
        Format::Json => format!("{:#}\n", json!({ "apps": imported.iter().map(told).collect::<Vec<_>>() })),
    });
    imported.iter().filter(|it| it.lost_secrets > 0).for_each(|it| tell_secrets(it, options));
    Ok(())
}

fn row(app: &ImportedApp) -> String {
    let how = if app.replaced { "replaced" } else { "new" };
    format!("{}  {}  ({how})\n", app.app_id, app.name)
}

fn told(app: &ImportedApp) -> Value {
    json!({
        "appId": app.app_id, "name": app.name, "replaced": app.replaced, "lostSecrets": app.lost_secrets
    })
}

fn tell_secrets(app: &ImportedApp, options: &App) {
    let (secrets, id) = (count(app.lost_secrets, "client secret"), app.app_id);
    let quoted = |it: String| if it.contains(' ') { format!("\"{it}\"") } else { it };
    let place = options.tenant.argument(quoted);
    remark(format_args!(
        "{}: {secrets} can't be checked here, as a manifest holds none; make a new one with\n  \
         wayfarer app add-secret {id}{place}",
        app.name
    ));
}

fn failure(error: EditError) -> Failure {
    let exists = matches!(&error, EditError::Import { why, .. } if matches!(**why, EditError::Exists { .. }));
    let failure = Failure::new(error);
    if exists { failure.help("`--replace` puts the manifests of the file in their place") } else { failure }
}

/// The apps in a file, with what the side file beside it says of the only one.
fn read(file: &Path) -> Result<Vec<AppFile>, Failure> {
    let mut apps = AppFile::read(file, &text(file)?).map_err(Failure::new)?;
    let side = side_file(file);
    if file == Path::new(STDIN) || !side.is_file() {
        return Ok(apps);
    }
    match apps.pop() {
        Some(only) if apps.is_empty() => Ok(vec![only.with_side_file(&side, &text(&side)?).map_err(Failure::new)?]),
        last => {
            remark(format_args!("{} tells of one app, and is not read: there are several", side.display()));
            Ok(apps.into_iter().chain(last).collect())
        }
    }
}

/// `NAME.wayfarer.toml` beside `NAME.json`.
fn side_file(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}.wayfarer.toml"))
}

fn text(file: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = match file {
        file if file == Path::new(STDIN) => io::stdin().lock().take(LIMIT + 1).read_to_end(&mut bytes),
        file => File::open(file).and_then(|it| it.take(LIMIT + 1).read_to_end(&mut bytes)),
    };
    read.map_err(|error| Failure::new(format!("cannot read `{}`: {error}", file.display())))?;
    if bytes.len() as u64 > LIMIT {
        return Err(
            Failure::new(format!("`{}` is larger than {LIMIT} bytes", file.display())).help("import fewer apps")
        );
    }
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(format!("`{}` is not UTF-8", file.display()))
            .help("save it as UTF-8; `wayfarer app export APP --out FILE` writes it so")
    })
}
