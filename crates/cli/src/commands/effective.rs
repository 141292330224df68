use crate::args::{Effective, EffectiveFormat};
use crate::{Ended, Exit, output, project};
use serde_json::json;
use wayfarer_compiler::Scope;
use wayfarer_model::effective::{Origins, effective, to_json, to_xml};

pub(crate) fn run(options: &Effective) -> Ended {
    let project = project::load(&options.set, Scope::All)?;
    let file = project::choose(&project, options.policy.as_deref())?;
    if !project::has_sound_chain(&project, file) {
        return Ok(Exit::Findings);
    }
    let tree = effective(&project.effective(file));
    for (remark, place) in tree.remarks() {
        let place = place.map(|it| format!("{}: ", project.sources().place(it))).unwrap_or_default();
        output::remark(format_args!("{place}{}: {remark}", output::styled(output::WARNING, "warning")));
    }
    match options.format {
        EffectiveFormat::Xml => {
            let origins = if options.origins { Origins::Shown(project.sources()) } else { Origins::Hidden };
            output::result(&to_xml(&tree, origins));
        }
        EffectiveFormat::Json => {
            let chain: Vec<_> = project
                .chain(file)
                .into_iter()
                .rev()
                .map(|it| json!({ "policy": it.policy_id(), "filename": project.sources().name(it.file) }))
                .collect();
            let policy = file.policy_id();
            let object = json!({ "policy": policy, "chain": chain, "element": to_json(&tree, project.sources()) });
            output::result(&format!("{object:#}\n"));
        }
    }
    Ok(Exit::Fine)
}
