use super::{PolicyFile, Project, Scope, tenant, unused};
use crate::lower::{self, Flow};
use crate::parallel;
use crate::settings::holds_token;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use wayfarer_diagnostics::{Diagnostic, Diagnostics, Fix, Span};

/// Shorter texts stand everywhere: taking them out would hide messages and no secret.
const SHORTEST_SECRET: usize = 4;

impl Project {
    /// Everything that is wrong with the set, by place; each finding once, though bases are judged again for every
    /// policy that derives from them.
    pub fn check(&self, scope: Scope) -> Diagnostics {
        let mut found = self.judge_all(scope, &AtomicUsize::new(0));
        self.renumber(&mut found);
        self.told(found)
    }

    /// The same without what comments in the policies allow, and with what is wrong with these comments. `judged` counts the
    /// policies that are done, of [`Self::looked_at`].
    pub fn check_suppressed(&self, scope: Scope, judged: &AtomicUsize) -> Diagnostics {
        let mut found = self.judge_all(scope, judged);
        if scope == Scope::All {
            self.suppress(&mut found);
        }
        self.renumber(&mut found);
        self.told(found)
    }

    fn judge_all(&self, scope: Scope, judged: &AtomicUsize) -> Diagnostics {
        let mut found = self.as_read();
        if scope == Scope::All {
            let reported: Vec<&PolicyFile> = self.files.iter().filter(|it| it.reported).collect();
            let judge = |it: &&PolicyFile| {
                let found = self.check_policy(it);
                judged.fetch_add(1, Ordering::Relaxed);
                found
            };
            parallel::map(&reported, judge).into_iter().for_each(|it| found.extend(it));
            found.extend(unused::judge(self));
            self.forget_unknown(&mut found);
        }
        found.sort_and_dedup();
        found
    }

    /// What is wrong with one policy and the chain under it, for whoever wants to run it.
    pub fn check_chain(&self, file: &PolicyFile) -> Diagnostics {
        let chain = self.chain(file);
        let files: HashSet<_> = chain.iter().map(|it| it.file).collect();
        let mut found = self.as_read();
        found.retain(|it| files.contains(&it.primary.span.file));
        chain.iter().for_each(|it| found.extend(self.check_policy(it)));
        self.forget_unknown(&mut found);
        found.sort_and_dedup();
        self.told(found)
    }

    /// What reading the set told.
    pub(super) fn as_read(&self) -> Diagnostics {
        let mut found = self.diagnostics.clone();
        found.extend(self.of_set.clone());
        self.files.iter().filter(|it| it.reported).for_each(|it| found.extend(it.found.clone()));
        found
    }

    /// What is wrong with a value that isn't known yet is not known either: where a token stands for it, only that is told.
    pub(super) fn forget_unknown(&self, found: &mut Diagnostics) {
        let unresolved: HashMap<_, _> =
            self.files.iter().filter(|it| it.unresolved).map(|it| (it.file, it.document.text())).collect();
        if unresolved.is_empty() {
            return;
        }
        found.retain(|it| {
            let Span { file, start, end } = it.primary.span;
            let about = unresolved.get(&file).and_then(|it| it.get(start as usize..end as usize)).unwrap_or_default();
            // A larger place, such as a start tag, holds more than the value.
            let is_value = !about.contains('<') && holds_token(about);
            !is_value || it.code.starts_with("setting-") || it.code == "xml-malformed"
        });
    }

    /// Takes away the fixes that can't be written: into a file that is only looked up or not well-formed, and over what
    /// stands for a setting.
    fn keep_writable_fixes(&self, found: &mut Diagnostics) {
        let malformed = found.iter().filter(|it| it.code == "xml-malformed").map(|it| it.primary.span.file);
        let looked_up = self.files.iter().filter(|it| !it.reported).map(|it| it.file);
        let kept_out: HashSet<_> = malformed.chain(looked_up).chain(self.settings_files.iter().copied()).collect();
        for it in found.iter_mut() {
            let is_writable = |fix: &Fix| {
                fix.is_writable(&self.sources) && !fix.edits.iter().any(|it| kept_out.contains(&it.span.file))
            };
            it.fix = it.fix.take().filter(is_writable);
        }
    }

    /// Findings as they may be shown.
    pub(super) fn told(&self, mut found: Diagnostics) -> Diagnostics {
        self.keep_writable_fixes(&mut found);
        for secret in self.secrets.iter().filter(|it| it.len() >= SHORTEST_SECRET) {
            // Long values are cut in messages.
            let secret: String = secret.chars().take(60).collect();
            let hide = |text: &mut String| {
                if text.contains(&secret) {
                    *text = text.replace(&secret, "[redacted]");
                }
            };
            for it in found.iter_mut() {
                hide(&mut it.message);
                it.help.iter_mut().for_each(hide);
                hide(&mut it.primary.message);
                it.related.iter_mut().for_each(|it| hide(&mut it.message));
                it.refusal.iter_mut().flat_map(|it| &mut it.values).for_each(|it| hide(&mut it.1));
            }
        }
        found
    }

    /// Judged once; a change of the chain forgets it.
    fn check_policy(&self, file: &PolicyFile) -> Diagnostics {
        file.judged.get_or_init(|| self.judge_for_report(file)).clone()
    }

    fn judge_for_report(&self, file: &PolicyFile) -> Diagnostics {
        let mut found = self.judge(file);
        // Findings lie in the chain, and the set may be large.
        let looked_up: HashSet<_> = self.chain(file).into_iter().filter(|it| !it.reported).map(|it| it.file).collect();
        if found.iter().any(|it| looked_up.contains(&it.primary.span.file)) {
            self.move_out_of_bases(file, &looked_up, &mut found);
        }
        found
    }

    fn judge(&self, file: &PolicyFile) -> Diagnostics {
        let policy = self.effective(file);
        let mut found = Diagnostics::default();
        wayfarer_rules::check(&policy, &mut found);
        if let Some(tenant) = &self.tenant {
            tenant::judge(file, tenant, &mut found);
        }
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
