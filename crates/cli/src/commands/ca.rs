use crate::args::CaCommand;
use crate::output::Failure;
use crate::{Ended, Exit, output, tenant};
use jiff::Timestamp;
use wayfarer_runtime::DevelopmentCa;

pub(crate) fn run(command: &CaCommand) -> Ended {
    let ca = DevelopmentCa::get_or_create(&tenant::home()?, Timestamp::now()).map_err(Failure::new)?;
    ca.warnings().iter().for_each(|it| output::remark(format_args!("warning: {it}")));
    match command {
        CaCommand::Path => output::result(&format!("{}\n", ca.certificate_path().display())),
        CaCommand::Trust => output::result(&ca.trust_instructions()),
    }
    Ok(Exit::Fine)
}
