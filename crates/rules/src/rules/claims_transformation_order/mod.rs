use crate::rules::claim_sources::{ClaimSource, ClaimSources};
use crate::{Findings, Phase, Rule};
use std::collections::{HashMap, HashSet};
use wayfarer_builtins::transformations::{self, Null};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{ClaimsTransformation, Kind, Node, NodeRef, Policy, Text};

pub static RULE: Rule = Rule {
    code: "claims-transformation-order",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

const LISTS: [[&str; 2]; 2] = [
    ["InputClaimsTransformations", "InputClaimsTransformation"],
    ["OutputClaimsTransformations", "OutputClaimsTransformation"],
];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    if policy.relying_party().is_none() || !policy.is_complete() {
        return;
    }
    let mut candidates = Vec::new();
    for profile in policy.all(Kind::TechnicalProfile).into_iter().map(Node::as_ref) {
        for [wrapper, item] in LISTS {
            let run = profile.items(wrapper, item).filter_map(|it| it.attribute("ReferenceId"));
            candidates_of(policy, profile, &run.collect::<Vec<_>>(), &mut candidates);
        }
    }
    let sources = ClaimSources::of(policy, candidates.iter().map(|it| it.claim.to_lowercase()));
    for it in candidates {
        if it.is_only_written_later(sources.of_claim(&it.claim)) {
            it.report(findings);
        }
    }
}

/// A transformation that needs a claim which later ones of the same list set, and none before.
struct Candidate<'p> {
    claim: String,
    reader: Text<'p>,
    profile: &'p str,
    writers: Vec<Text<'p>>,
}

/// The first such transformation of each claim; a list may be long.
fn candidates_of<'p>(policy: &Policy, profile: NodeRef<'p>, run: &[Text<'p>], candidates: &mut Vec<Candidate<'p>>) {
    if run.len() < 2 {
        return;
    }
    let declared: Vec<_> = run.iter().map(|it| policy.claims_transformation(it.value)).collect();
    let mut writers: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, transformation) in declared.iter().enumerate() {
        for row in transformation.iter().flat_map(ClaimsTransformation::output_claims) {
            writers.entry(row.claim_type.value.to_lowercase()).or_default().push(at);
        }
    }
    for (at, (name, transformation)) in run.iter().zip(&declared).enumerate() {
        for claim in transformation.iter().flat_map(needed) {
            let key = claim.value.to_lowercase();
            if writers.get(&key).and_then(|it| it.first()).is_none_or(|first| *first <= at) {
                continue;
            }
            let writers = writers.remove(&key).unwrap_or_default();
            candidates.push(Candidate {
                claim: claim.value.to_owned(),
                reader: *name,
                profile: profile.attribute("Id").map_or("", |it| it.value),
                writers: writers.into_iter().filter_map(|it| run.get(it).copied()).collect(),
            });
        }
    }
}

impl Candidate<'_> {
    fn is_only_written_later(&self, sources: &[ClaimSource<'_>]) -> bool {
        let writers: HashSet<String> = self.writers.iter().map(|it| it.value.to_lowercase()).collect();
        sources.iter().all(|it| match it {
            ClaimSource::PassedOn => true,
            ClaimSource::Transformation(id) => writers.contains(&id.to_lowercase()),
            ClaimSource::Other => false,
        })
    }

    fn report(&self, findings: &mut Findings<'_>) {
        let [writer, ..] = self.writers[..] else { return };
        let (reads, writes) = (self.reader.value, writer.value);
        let message = format!("`{reads}` needs `{}`, which only `{writes}` sets, and that runs after it", self.claim);
        findings
            .report(self.reader.span, message)
            .label(format!("runs before `{writes}` in `{}`", self.profile))
            .help(format!("move `{writes}` before it"))
            .related(writer.span, "sets the claim");
    }
}

/// The inputs without which the transformation fails.
fn needed(transformation: &ClaimsTransformation) -> impl Iterator<Item = Text<'_>> {
    let method = transformation.method().and_then(|it| transformations::find(it.value));
    let needs = move |slot: &str| method.and_then(|it| it.input(slot)).is_some_and(|it| it.null == Null::Error);
    transformation.input_claims().filter(move |it| needs(it.slot.value)).map(|it| it.claim_type)
}
