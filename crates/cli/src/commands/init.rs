use crate::args::Init;
use crate::output::{self, HEADING, styled};
use crate::{Ended, Exit, init};
use std::path::Path;

pub(crate) fn run(options: &Init) -> Ended {
    let written = init::write(&options.folder, &options.tenant_name)?;
    let mut text: String = written.iter().map(|it| format!("{}\n", it.display())).collect();
    text.push_str(&format!("\n{}\n", styled(HEADING, "Next")));
    if options.folder != Path::new(".") {
        text.push_str(&format!("  cd {}\n", options.folder.display()));
    }
    text.push_str("  wayfarer check\n  wayfarer run policies --tenant tenant\n");
    text.push_str("\nREADME.md tells the rest.\n");
    output::result(&text);
    Ok(Exit::Fine)
}
