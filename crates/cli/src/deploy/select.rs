//! Which policies are uploaded, and in which order.

use super::{State, Upload};
use crate::output::Failure;
use crate::project;
use std::collections::{BTreeMap, HashMap, HashSet};
use wayfarer_compiler::{BuiltFile, PolicyFile, Project};
use wayfarer_diagnostics::FileId;

/// The policies of the set, or those of these ids; base policies stand before what derives from them.
pub(crate) fn files<'p>(project: &'p Project, ids: &[String]) -> Result<Vec<&'p PolicyFile>, Failure> {
    let files = match ids {
        [] => project.files().iter().filter(|it| it.reported).collect(),
        _ => ids.iter().map(|it| project::find(project, it)).collect::<Result<Vec<_>, _>>()?,
    };
    if files.is_empty() {
        return Err(Failure::new("there is no policy in this set").help("name the folder that holds your policies"));
    }
    each_id_once(project, &files)?;
    one_tenant(&files)?;
    Ok(base_first(project, &files))
}

/// A tenant has one policy of an id: of two the last one would stay.
fn each_id_once(project: &Project, files: &[&PolicyFile]) -> Result<(), Failure> {
    let mut known: HashMap<String, &PolicyFile> = HashMap::new();
    for file in files {
        let id = file.policy_id().unwrap_or_default();
        let other = known.insert(id.to_lowercase(), file).filter(|it| it.file != file.file);
        if let Some(other) = other {
            let places = [other, file].map(|it| format!("  {}", project.sources().name(it.file))).join("\n");
            return Err(Failure::new(format_args!("policy `{id}` is in this set several times:\n{places}"))
                .help("name the folder of the one that is meant"));
        }
    }
    Ok(())
}

fn one_tenant(files: &[&PolicyFile]) -> Result<(), Failure> {
    let tenant = |it: &&PolicyFile| Some(it.document.root()?.attribute("TenantId")?.value().trim().to_lowercase());
    let named: BTreeMap<String, ()> = files.iter().filter_map(tenant).map(|it| (it, ())).collect();
    if named.len() < 2 {
        return Ok(());
    }
    let tenants: Vec<String> = named.into_keys().map(|it| format!("`{it}`")).collect();
    Err(Failure::new(format_args!("these policies are of several tenants: {}", tenants.join(", ")))
        .help("name the folder of one, or choose policies with `--policy ID`"))
}

/// Each after its bases; else in the order of the set.
fn base_first<'p>(project: &'p Project, files: &[&'p PolicyFile]) -> Vec<&'p PolicyFile> {
    let wanted: HashSet<FileId> = files.iter().map(|it| it.file).collect();
    let mut placed = HashSet::new();
    let chains = files.iter().flat_map(|it| project.chain(it).into_iter().rev().collect::<Vec<_>>());
    chains.filter(|it| wanted.contains(&it.file) && placed.insert(it.file)).collect()
}

/// The policies with what is uploaded of them.
pub(crate) fn uploads<'p>(files: Vec<&'p PolicyFile>, built: Vec<BuiltFile<'p>>) -> Vec<Upload<'p>> {
    let mut by_file: HashMap<FileId, BuiltFile<'p>> = built.into_iter().map(|it| (it.policy.file, it)).collect();
    let upload = |file: &'p PolicyFile| {
        let id = file.policy_id().unwrap_or_default();
        Some(Upload { id, built: by_file.remove(&file.file)?, state: State::Unknown })
    };
    files.into_iter().filter_map(upload).collect()
}
