use super::{PolicyFile, Project, Scope};
use crate::lower::{self, Flow};
use std::collections::HashSet;
use wayfarer_diagnostics::{Diagnostic, Diagnostics, Span};

impl Project {
    /// Everything that is wrong with the set, by place; each finding once, though bases are judged again for every
    /// policy that derives from them.
    pub fn check(&self, scope: Scope) -> Diagnostics {
        let mut found = self.diagnostics.clone();
        if scope == Scope::SchemaOnly {
            found.sort_and_dedup();
            return found;
        }
        for file in self.files.iter().filter(|it| it.reported) {
            found.extend(self.check_policy(file));
        }
        found.sort_and_dedup();
        found
    }

    /// What is wrong with one policy and the chain under it, for whoever wants to run it.
    pub fn check_chain(&self, file: &PolicyFile) -> Diagnostics {
        let chain = self.chain(file);
        let files: HashSet<_> = chain.iter().map(|it| it.file).collect();
        let mut found = self.diagnostics.clone();
        found.retain(|it| files.contains(&it.primary.span.file));
        chain.iter().for_each(|it| found.extend(self.check_policy(it)));
        found.sort_and_dedup();
        found
    }

    fn check_policy(&self, file: &PolicyFile) -> Diagnostics {
        let mut found = self.judge(file);
        let looked_up: HashSet<_> = self.files.iter().filter(|it| !it.reported).map(|it| it.file).collect();
        if found.iter().any(|it| looked_up.contains(&it.primary.span.file)) {
            self.move_out_of_bases(file, &looked_up, &mut found);
        }
        found
    }

    fn judge(&self, file: &PolicyFile) -> Diagnostics {
        let policy = self.effective(file);
        let mut found = Diagnostics::default();
        wayfarer_rules::check(&policy, &mut found);
        for flow in [Flow::ClientCredentials, Flow::Default] {
            found.extend(lower::judge(&policy, flow));
        }
        found
    }

    /// Base policies that are only looked up are not reported. What is wrong with them alone is dropped; what this policy
    /// made wrong is told at its `PolicyId`.
    fn move_out_of_bases(
        &self,
        file: &PolicyFile,
        looked_up: &HashSet<wayfarer_diagnostics::FileId>,
        found: &mut Diagnostics,
    ) {
        let identity = |it: &Diagnostic| (it.code, it.primary.span, it.message.clone());
        let bases = self.chain(file).into_iter().skip(1).find(|it| !it.reported);
        let known: HashSet<_> = bases.map(|it| self.judge(it).iter().map(identity).collect()).unwrap_or_default();
        found.retain(|it| !(looked_up.contains(&it.primary.span.file) && known.contains(&identity(it))));
        let place = file.document.root().and_then(|it| it.attribute("PolicyId")).map(|it| it.value_span());
        let place = place.unwrap_or_else(|| Span::file_start(file.file));
        for it in found.iter_mut().filter(|it| looked_up.contains(&it.primary.span.file)) {
            let inherited = std::mem::replace(&mut it.primary.span, place);
            let label = std::mem::replace(&mut it.primary.message, "inherited by this policy".to_owned());
            it.related(inherited, label);
        }
    }
}
