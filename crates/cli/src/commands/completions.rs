use crate::args::Arguments;
use crate::{Ended, Exit, output};
use clap::CommandFactory;
use clap_complete::Shell;

pub(crate) fn run(shell: Shell) -> Ended {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "wayfarer", &mut script);
    output::result(&String::from_utf8_lossy(&script));
    Ok(Exit::Fine)
}
