//! What no relying party of the set uses. Policies that share a root are judged together, and what only one of them uses is
//! used: a base policy may hold what some of its policies need.
//!
//! A name counts wherever it stands, whatever it means there: better to miss an unused definition than to name a used one.

use super::{Base, PolicyFile, Project};
use crate::parallel;
use std::collections::{BTreeMap, HashMap};
use wayfarer_diagnostics::{Diagnostics, Severity};
use wayfarer_model::{Element, Kind};

/// What the service uses by its name: the page of unhandled errors, and the profile of the engine itself.
const BY_CONVENTION: [&str; 2] = ["api.error", "TpEngine_c3bd4fe2-1775-4013-b91d-35f16d377d13"];

/// Longer texts are read for the words in them alone.
const LONGEST_NAME: usize = 200;

/// A definition with its overrides: where each file of the set writes it, base policies first.
struct Definition<'p> {
    kind: Kind,
    written: Vec<(&'p PolicyFile, Element<'p>)>,
    is_used: bool,
}

pub(super) fn judge(project: &Project) -> Diagnostics {
    let mut families: BTreeMap<usize, Vec<(usize, &PolicyFile)>> = BTreeMap::new();
    for file in &project.files {
        let chain = project.chain(file);
        let Some(root) = chain.last() else { continue };
        families.entry(root.file.index()).or_default().push((chain.len(), file));
    }
    let families: Vec<_> = families.into_values().collect();
    let judge = |files: &[(usize, &PolicyFile)]| {
        // Base policies first, each in the order of the set.
        let mut files = files.to_vec();
        files.sort_by_key(|it| it.0);
        let files: Vec<&PolicyFile> = files.into_iter().map(|it| it.1).collect();
        let is_known = |it: &&PolicyFile| it.document.is_well_formed() && !it.unresolved && it.reaches_its_root();
        let mut found = Diagnostics::default();
        if files.iter().all(is_known) {
            Family::of(&files).judge(&files, &mut found);
        }
        found
    };
    // The root is the one whose chain is itself; it remembers what was found, until a file of the family changes.
    let judged = parallel::map(&families, |files| match files.iter().find(|it| it.0 == 1) {
        Some((_, root)) => root.unused.get_or_init(|| judge(files)).clone(),
        None => judge(files),
    });
    let mut found = Diagnostics::default();
    judged.into_iter().for_each(|it| found.extend(it));
    found
}

impl PolicyFile {
    fn reaches_its_root(&self) -> bool {
        matches!(self.base, Base::None | Base::At(_))
    }

    fn relying_party(&self) -> Option<Element<'_>> {
        self.document.root()?.child("RelyingParty")
    }
}

/// Everything that policies with one root define.
struct Family<'p> {
    definitions: Vec<Definition<'p>>,
    /// By id in lower case; an id may name definitions of several kinds.
    by_id: HashMap<String, Vec<usize>>,
    /// A name in lower case while it is looked up.
    lower: String,
}

impl<'p> Family<'p> {
    fn of(files: &[&'p PolicyFile]) -> Self {
        let mut family = Self { definitions: Vec::new(), by_id: HashMap::new(), lower: String::new() };
        for file in files {
            for element in file.document.elements() {
                // Few elements have an id, and the kind takes longer to tell.
                let Some(id) = element.attribute("Id") else { continue };
                if let Some(kind) = Kind::of_definition(element) {
                    family.add(file, kind, id.value(), element);
                }
            }
        }
        family
    }

    fn add(&mut self, file: &'p PolicyFile, kind: Kind, id: &str, element: Element<'p>) {
        let same_id = self.by_id.entry(id.to_lowercase()).or_default();
        match same_id.iter().find(|it| self.definitions[**it].kind == kind) {
            Some(known) => self.definitions[*known].written.push((file, element)),
            None => {
                same_id.push(self.definitions.len());
                self.definitions.push(Definition { kind, written: vec![(file, element)], is_used: false });
            }
        }
    }

    fn judge(mut self, files: &[&'p PolicyFile], found: &mut Diagnostics) {
        let mut open: Vec<Element<'p>> = files.iter().filter_map(|it| it.relying_party()).collect();
        if open.is_empty() {
            return;
        }
        BY_CONVENTION.iter().for_each(|it| self.name(it, &mut open));
        while let Some(element) = open.pop() {
            self.read(element, &mut open);
        }
        for unused in self.definitions.iter().filter(|it| !it.is_used) {
            // What a base policy brings that is only looked up is not this set's concern.
            let Some((file, element)) = unused.written.first().filter(|it| it.0.reported) else { continue };
            let Some(id) = element.attribute("Id") else { continue };
            let message = format!("no relying party of this set uses {} `{}`", unused.kind.element(), id.value());
            found
                .report("unused-definition", Severity::Info, id.value_span(), message)
                .label("never used")
                .help("remove it, or leave it where a base policy is kept as it was shipped")
                .policy(file.policy_id().unwrap_or_default());
        }
    }

    /// Takes every name that an element and what is in it hold.
    fn read(&mut self, element: Element<'p>, open: &mut Vec<Element<'p>>) {
        let names_others = element.name().ends_with("Reference");
        for attribute in element.attributes().filter(|it| names_others || it.name() != "Id") {
            self.name(attribute.value(), open);
        }
        // What a page says names nothing; a claim in it stands in braces.
        let text = element.text();
        let is_shown = element.name() == "LocalizedString";
        if !is_shown {
            self.name(text.trim(), open);
        }
        if text.contains('{') || (!is_shown && text.contains([',', ' '])) {
            text.split(|it: char| !(it.is_alphanumeric() || "_-.".contains(it))).for_each(|it| self.name(it, open));
        }
        element.children().for_each(|it| self.read(it, open));
    }

    fn name(&mut self, name: &str, open: &mut Vec<Element<'p>>) {
        if name.is_empty() || name.len() > LONGEST_NAME {
            return;
        }
        self.lower.clear();
        if name.is_ascii() {
            self.lower.push_str(name);
            self.lower.make_ascii_lowercase();
        } else {
            self.lower.push_str(&name.to_lowercase());
        }
        for at in self.by_id.get(&self.lower).into_iter().flatten() {
            let definition = &mut self.definitions[*at];
            if !std::mem::replace(&mut definition.is_used, true) {
                open.extend(definition.written.iter().map(|it| it.1));
            }
        }
    }
}
