//! Every rule that a policy can break, one folder each: code, documentation and cases. `wayfarer check`, `explain` and
//! the pages under `docs/rules/` read the same static value.
//!
//! Never in here: parsing and I/O. A rule looks at an effective policy and reports; rules that need more than one policy
//! (a missing base) or less (XML) are judged where that is known, and have only their page here: see [`Phase`].
//! Start reading at [`Rule`]; adding one is a folder under `rules/` and a line in its list.

pub mod azure;
mod rules;

use wayfarer_diagnostics::{Diagnostic, Diagnostics, Severity, Span};
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

/// A rule: its name says what is wrong and is at once code, folder, page and suppression comment.
pub struct Rule {
    /// The slug.
    pub code: &'static str,
    /// How bad a finding is, unless the rule says otherwise in a single case.
    pub level: Severity,
    /// What it does, why it is bad, an example, how to fix it.
    pub docs: &'static str,
    /// Who judges it.
    pub phase: Phase,
}

impl Rule {
    /// What it looks for, as its page has it.
    pub fn description(&self) -> String {
        let text = self.docs.split("## What it does").nth(1).unwrap_or_default();
        text.split("\n## ").next().unwrap_or_default().trim().replace('\n', " ")
    }

    /// The first sentence of [`Self::description`], without its period.
    pub fn summary(&self) -> String {
        let text = self.description();
        text.split_once(". ").map_or(text.trim_end_matches('.'), |(first, _)| first).to_owned()
    }
}

/// Where a rule is judged.
#[derive(Clone, Copy)]
pub enum Phase {
    /// By `wayfarer-syntax`, on one file: well-formedness and schema.
    Syntax,
    /// By `wayfarer-compiler`, on the set of files, or while a journey is compiled.
    Set,
    /// Here, on one effective policy.
    Policy(fn(&Policy, &mut Findings<'_>)),
    /// Here, on the claim flow of each journey that a relying party can be asked for.
    Flow(fn(&Policy, &ClaimFlow, &mut Findings<'_>)),
}

impl Rule {
    /// Whether it tells what an analysis of all paths finds. The service may refuse such a policy; a journey that runs here
    /// shows by itself whether it comes through.
    pub fn judges_paths(&self) -> bool {
        matches!(self.phase, Phase::Flow(_))
    }
}

/// Where a rule reports: code and policy are filled in.
pub struct Findings<'a> {
    rule: &'static Rule,
    policy: &'a str,
    diagnostics: &'a mut Diagnostics,
}

impl Findings<'_> {
    /// Reports at the rule's level.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.report_as(self.rule.level, span, message)
    }

    /// Reports at another level than the rule's.
    pub fn report_as(&mut self, level: Severity, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = self.diagnostics.report(self.rule.code, level, span, message);
        diagnostic.policy(self.policy)
    }
}

/// Every rule, by code.
pub fn all() -> &'static [&'static Rule] {
    rules::ALL
}

/// The rule of that code.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().iter().copied().find(|it| it.code == code)
}

/// Judges one effective policy by every rule of [`Phase::Policy`].
pub fn check(policy: &Policy, diagnostics: &mut Diagnostics) {
    let (flows, id) = (flows(policy), policy.id());
    for rule in all() {
        let findings = &mut Findings { rule, policy: id, diagnostics };
        match rule.phase {
            Phase::Policy(check) => check(policy, findings),
            Phase::Flow(check) => flows.iter().for_each(|it| check(policy, it, findings)),
            Phase::Syntax | Phase::Set => {}
        }
    }
}

/// The claim flow of the client credentials journey and of the default journey, of a policy that has a relying party of its
/// own. Where a base is missing nothing can be said.
fn flows(policy: &Policy) -> Vec<ClaimFlow> {
    let own = policy.document().root().is_some_and(|it| it.child("RelyingParty").is_some());
    if !own || !policy.is_complete() {
        return Vec::new();
    }
    [ClaimFlow::client_credentials(policy), ClaimFlow::default_journey(policy)].into_iter().flatten().collect()
}
