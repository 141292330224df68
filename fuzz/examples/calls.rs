//! Writes the cases of all claims transformations as seeds of the target `transformation`, into the folder that is named.

use std::path::PathBuf;
use wayfarer_builtins::transformations::all;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    std::fs::create_dir_all(&folder)?;
    for transformation in all() {
        for (index, case) in transformation.cases().expect("vectors").iter().enumerate() {
            let name = format!("{}-{index}", transformation.method);
            std::fs::write(folder.join(name), wayfarer_fuzz::write(transformation, case))?;
        }
    }
    Ok(())
}
