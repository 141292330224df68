//! `schema_check check --schema-only --format json DIR`: what the command of that name prints, without the command line.
//! It exists so that the schema check can be measured against libxml2 on its own. With `--well-formed` the schema is left out.

#![expect(clippy::disallowed_methods, reason = "an example is the edge: it reads the files itself")]
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use wayfarer_diagnostics::{Diagnostics, Sources, render};
use wayfarer_syntax::{decode, parse};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let well_formed_only = arguments.iter().any(|it| it == "--well-formed");
    let skipped = ["check", "--schema-only", "--format", "json", "--well-formed"];
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    for folder in arguments.iter().filter(|it| !skipped.contains(&it.as_str())) {
        for path in xml_files(Path::new(folder))? {
            let bytes = fs::read(&path)?;
            let file = sources.add(path.display().to_string(), "");
            let (text, decoding) = decode(file, &bytes);
            sources.set_text(file, text.clone());
            let (document, parsing) = parse(file, text);
            let sound = decoding.is_empty() && parsing.is_empty();
            diagnostics.extend(decoding);
            diagnostics.extend(parsing);
            if sound && !well_formed_only {
                wayfarer_syntax::grammar::check_schema(&document, &mut diagnostics);
            }
        }
    }
    println!("{}", render::json(&diagnostics, &sources));
    Ok(())
}

fn xml_files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        if folder.is_file() {
            found.push(folder);
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|it| it == "xml") {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
