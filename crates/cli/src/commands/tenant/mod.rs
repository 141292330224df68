mod show;

use crate::args::{DatabaseUrl, Format, Tenant, TenantCommand, Transfer};
use crate::commands::app::existing;
use crate::output::{Failure, count, remark};
use crate::{Ended, Exit, output, tenant};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use wayfarer_runtime::Random;
use wayfarer_store::{self as store, Database, Documents, Existing, Folder, TenantName, TransferError};

pub(crate) fn run(options: &Tenant) -> Ended {
    match &options.command {
        TenantCommand::Create { folder, name, database } => {
            let made = create(folder.as_deref(), database.as_ref(), name)?;
            show::show(&made, options.format)?;
        }
        TenantCommand::Import(transfer) => {
            let (folder, database) = (&transfer.folder, transfer.database.path()?);
            let moved = store::Tenant::import(folder, &database, existing(transfer.replace));
            report(&moved.map_err(|it| failure(it, transfer))?, folder, &database, options.format);
        }
        TenantCommand::Export(transfer) => {
            let (folder, database) = (&transfer.folder, transfer.database.path()?);
            let moved = store::Tenant::export(&database, folder, existing(transfer.replace));
            report(&moved.map_err(|it| failure(it, transfer))?, &database, folder, options.format);
        }
        TenantCommand::Show { place } => show::show(&tenant::load(place)?, options.format)?,
    }
    Ok(Exit::Fine)
}

fn create(folder: Option<&Path>, database: Option<&DatabaseUrl>, name: &TenantName) -> Result<store::Tenant, Failure> {
    let documents: Arc<dyn Documents> = match database {
        Some(database) => Arc::new(Database::open_or_create(&database.path()?).map_err(Failure::new)?),
        None => Arc::new(Folder::new(folder.unwrap_or(Path::new(".")))),
    };
    store::Tenant::create(documents, name, &mut |bytes| Random::System.fill(bytes)).map_err(Failure::new)
}

fn failure(error: TransferError, transfer: &Transfer) -> Failure {
    let exists = matches!(error, TransferError::Exists { .. }) && existing(transfer.replace) == Existing::Refuse;
    let failure = Failure::new(error);
    if exists { failure.help("`--replace` puts the whole tenant in its place") } else { failure }
}

fn report(moved: &store::Transfer, from: &Path, to: &Path, format: Format) {
    output::result(&match format {
        Format::Human => human(moved, from, to),
        Format::Json => {
            let left_out: Vec<String> = moved.left_out.iter().map(|it| it.display().to_string()).collect();
            let told = json!({ "documents": moved.documents, "removed": moved.removed, "leftOut": left_out });
            format!("{told:#}\n")
        }
    });
    for name in &moved.removed {
        remark(format_args!("removed {name}: the tenant has it no more"));
    }
    for path in &moved.left_out {
        remark(format_args!("left out {}: no document of a tenant", path.display()));
    }
}

fn human(moved: &store::Transfer, from: &Path, to: &Path) -> String {
    let number = |folder: &str, ending: &str| {
        let is_it = |name: &&String| name.starts_with(folder) && name.ends_with(ending);
        moved.documents.iter().filter(is_it).count()
    };
    let policies = match number("policies/", ".xml") {
        1 => "1 uploaded policy".to_owned(),
        number => format!("{number} uploaded policies"),
    };
    format!(
        "{} of {} are in {}: {}, {}, {policies}\n",
        count(moved.documents.len(), "document"),
        from.display(),
        to.display(),
        count(number("apps/", ".json"), "app"),
        count(number("keys/", ".json"), "key container"),
    )
}
