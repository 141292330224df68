//! One file of a set changes, as it does while somebody writes: only what hangs on it is judged again.

use super::load::{Examined, Reading, Use};
use super::{Project, Scope, bases};
use crate::settings::Settings;
use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use wayfarer_diagnostics::FileId;

impl Project {
    /// Takes other bytes for a policy file of the set; `settings` are those that the set was loaded with. The next
    /// [`Project::check`] judges the policies anew whose chain holds the file, or became another one; everything else is
    /// remembered. `false` where the file is no policy of this set, before or after: load the set again then.
    pub fn change(&mut self, file: FileId, bytes: &[u8], settings: Option<&Settings>) -> bool {
        let Some(at) = self.files.iter().position(|it| it.file == file) else { return false };
        let Some(old) = self.files.get(at) else { return false };
        let purpose = if old.reported { Use::Reported } else { Use::LookedUp };
        let name = old.relative.file_name().map(Path::new).unwrap_or(&old.relative).to_owned();
        let reading = Reading { scope: Scope::All, settings, settings_files: &self.settings_files };
        let Examined::Read(content) = reading.examine(file, &name, purpose, bytes) else { return false };
        if content.no_policy {
            return false;
        }
        let before = self.chains();
        self.sources.set_text(file, content.written);
        self.sources.set_replaced(file, content.built.as_ref().map(|it| it.replaced.clone()).unwrap_or_default());
        if let Some(entry) = self.files.get_mut(at) {
            entry.document = Arc::new(content.document);
            entry.found = content.found;
            entry.encoding = content.encoding;
            entry.unresolved = content.built.is_some_and(|it| it.uses.iter().any(|it| it.unresolved.is_some()));
            entry.builds = content.builds;
        }
        bases::resolve(self);
        let after = self.chains();
        let mut roots = HashSet::new();
        for ((entry, before), after) in self.files.iter_mut().zip(before).zip(after) {
            if before != after || after.contains(&at) {
                entry.effective = OnceLock::new();
                entry.judged = OnceLock::new();
                roots.extend(before.last().copied().into_iter().chain(after.last().copied()));
            }
        }
        for (_, root) in self.files.iter_mut().enumerate().filter(|(at, _)| roots.contains(at)) {
            root.unused = OnceLock::new();
        }
        true
    }

    /// The chain of each file, as positions in the set.
    fn chains(&self) -> Vec<Vec<usize>> {
        let chain = |at: usize| {
            let next = |it: &usize| self.files.get(*it)?.base.index();
            // A loop has been broken, and a chain beyond the limit ends: both were told.
            std::iter::successors(Some(at), next).take(self.files.len()).collect()
        };
        (0..self.files.len()).map(chain).collect()
    }
}
