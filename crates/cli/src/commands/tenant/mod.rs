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
        Format::Human => {
            let (apps, keys, policies) =
                (number(moved, "apps", ".json"), number(moved, "keys", ".json"), number(moved, "policies", ".xml"));
            let policies =
                if policies == 1 { "1 uploaded policy".into() } else { format!("{policies} uploaded policies") };
            let (apps, keys, all) =
                (count(apps, "app"), count(keys, "key container"), count(moved.documents.len(), "document"));
            let (from, to) = (from.display(), to.display());
            format!("{all} of {from} are in {to}: {apps}, {keys}, {policies}\n")
        }
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

fn number(moved: &store::Transfer, folder: &str, ending: &str) -> usize {
    let is_it = |name: &&String| name.starts_with(&format!("{folder}/")) && name.ends_with(ending);
    moved.documents.iter().filter(is_it).count()
}
