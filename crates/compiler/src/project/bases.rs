//! Who derives from whom. Equal ids in different folders are separate sets: a base is looked up in the file's own folder,
//! then upwards to the path given, then below the paths if it is unique there, then in the `--base` folders.

use super::{CHAIN_LIMIT, PolicyFile, Project, is_within};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use wayfarer_diagnostics::{Diagnostics, FileId, Severity, Span};
use wayfarer_model::{BaseGraph, is_user_flow};
use wayfarer_syntax::Element;
use wayfarer_syntax::grammar::check_schema;

/// What became of a file's `BasePolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// The file names none: it is the root of a chain.
    None,
    /// The index of the base's file.
    At(usize),
    /// It names one that isn't there (or more than one is).
    Missing,
    /// It is its own base.
    Cyclic,
    /// The chain is longer than the service allows.
    BeyondLimit,
}

impl Base {
    pub(super) fn index(self) -> Option<usize> {
        match self {
            Self::At(index) => Some(index),
            Self::None | Self::Missing | Self::Cyclic | Self::BeyondLimit => None,
        }
    }
}

pub(super) fn resolve(project: &mut Project) {
    let by_id = index(project);
    let mut found = Diagnostics::default();
    report_duplicates(project, &by_id, &mut found);
    let bases: Vec<Base> = (0..project.files.len()).map(|it| base_of(project, it, &by_id, &mut found)).collect();
    project.files.iter_mut().zip(bases).for_each(|(file, base)| file.base = base);
    report_stray_roots(project, &mut found);
    break_cycles(project, &mut found);
    cut_deep_chains(project, &mut found);
    report_unsound_bases(project, &mut found);
    project.of_set = found;
}

/// In a folder with several roots, those that nothing derives from and that can't be requested themselves: mostly a file
/// that was left over, or one that has lost its `BasePolicy`.
fn report_stray_roots(project: &Project, found: &mut Diagnostics) {
    let derived_from: HashSet<usize> = project.files.iter().filter_map(|it| it.base.index()).collect();
    let mut roots: HashMap<&Path, Vec<usize>> = HashMap::new();
    for (at, file) in project.files.iter().enumerate().filter(|(_, it)| it.base == Base::None) {
        roots.entry(&file.folder).or_default().push(at);
    }
    for (at, file) in project.files.iter().enumerate().filter(|(_, it)| it.reported && it.base == Base::None) {
        let Some(root) = file.document.root() else { continue };
        let others = roots.get(file.folder.as_path()).map_or(&[][..], Vec::as_slice);
        let other = others.iter().find(|it| derived_from.contains(it)).and_then(|it| project.files.get(*it));
        let is_used = derived_from.contains(&at) || root.child("RelyingParty").is_some();
        let (Some(other), Some(id)) = (other.filter(|_| !is_used), root.attribute("PolicyId")) else { continue };
        found
            .report(
                "stray-root",
                Severity::Warning,
                id.value_span(),
                format!("no policy derives from `{}`", id.value()),
            )
            .label("no base policy, no relying party, and no policy that needs it")
            .help("remove the file, or name its base policy in `BasePolicy`")
            .related(Span::file_start(other.file), "the root of this folder's policies")
            .policy(id.value());
    }
}

type ById = HashMap<String, Vec<usize>>;

fn index(project: &Project) -> ById {
    let mut by_id = ById::new();
    for (at, file) in project.files.iter().enumerate() {
        if let Some(id) = file.policy_id() {
            by_id.entry(id.to_lowercase()).or_default().push(at);
        }
    }
    by_id
}

fn report_duplicates(project: &Project, by_id: &ById, found: &mut Diagnostics) {
    for (at, file) in project.files.iter().enumerate().filter(|(_, it)| it.reported) {
        let Some(id) = file.document.root().and_then(|it| it.attribute("PolicyId")) else { continue };
        let same = by_id.get(&id.value().to_lowercase()).map_or(&[][..], Vec::as_slice);
        let twin = same
            .iter()
            .filter(|it| **it != at)
            .find_map(|it| project.files.get(*it).filter(|other| other.reported && other.folder == file.folder));
        if let Some(other) = twin {
            let message = format!("two files of this folder have the policy id `{}`", id.value());
            let elsewhere = other.document.root().and_then(|it| it.attribute("PolicyId")).map(|it| it.value_span());
            found
                .report("policyid-duplicate-in-set", Severity::Error, id.value_span(), message)
                .label("also in another file")
                .help("remove one of the files, or give it another id")
                .related(elsewhere.unwrap_or_else(|| Span::file_start(other.file)), "the same id here")
                .policy(id.value());
        }
    }
}

fn base_element(project: &Project, at: usize) -> Option<Element<'_>> {
    project.files.get(at)?.document.root()?.child("BasePolicy")
}

fn base_of(project: &Project, at: usize, by_id: &ById, found: &mut Diagnostics) -> Base {
    let Some(element) = base_element(project, at) else { return Base::None };
    let id = element.child("PolicyId").map_or("", |it| it.text().trim());
    let candidates = by_id.get(&id.to_lowercase()).map_or(&[][..], Vec::as_slice);
    match look_up(project, at, candidates) {
        Ok(base) => Base::At(base),
        Err(ambiguous) => {
            // `base-is-user-flow` says what is wrong there.
            if project.files.get(at).is_some_and(|it| it.reported) && !is_user_flow(id) {
                report_missing(project, at, element, id, &ambiguous, found);
            }
            Base::Missing
        }
    }
}

/// The index of the base, or the candidates between which nothing decides (none of them: it is missing).
fn look_up(project: &Project, at: usize, candidates: &[usize]) -> Result<usize, Vec<usize>> {
    let Some(file) = project.files.get(at) else { return Err(Vec::new()) };
    let folder_of = |it: &usize| project.files.get(*it).map(|it| it.folder.as_path());
    // Another file of the folder comes before the file itself, so that of two equal ids none is its own base by accident.
    let in_folder = |folder: &Path| {
        let mut same = candidates.iter().copied().filter(|it| folder_of(it) == Some(folder));
        same.clone().find(|it| *it != at).or_else(|| same.next())
    };
    let upwards = file.folder.ancestors().take_while(|it| is_within(it, &file.root));
    if let Some(base) = upwards.map(in_folder).find_map(|it| it) {
        return Ok(base);
    }
    let reported = |it: &usize| project.files.get(*it).is_some_and(|it| it.reported);
    let below_root = |it: &usize| folder_of(it).is_some_and(|it| is_within(it, &file.root));
    let groups: [Vec<usize>; 3] = [
        candidates.iter().copied().filter(|it| reported(it) && below_root(it)).collect(),
        candidates.iter().copied().filter(|it| reported(it)).collect(),
        candidates.iter().copied().filter(|it| !reported(it)).collect(),
    ];
    for group in groups {
        match group[..] {
            [] => {}
            [only] => return Ok(only),
            // A tie below the path may still be decided by nothing else: saying so beats guessing.
            _ => return Err(group),
        }
    }
    Err(Vec::new())
}

fn report_missing(
    project: &Project,
    at: usize,
    element: Element<'_>,
    id: &str,
    ambiguous: &[usize],
    found: &mut Diagnostics,
) {
    let place = element.child("PolicyId").and_then(|it| it.text_span()).unwrap_or_else(|| element.start_tag());
    let message = match (id, ambiguous) {
        ("", _) => "`BasePolicy` names no policy".to_owned(),
        (_, []) => format!("base policy `{id}` is not in this set"),
        _ => format!("base policy `{id}` is in this set {} times, and none is nearer than the others", ambiguous.len()),
    };
    let diagnostic = found.report("base-missing", Severity::Error, place, message);
    diagnostic
        .label("no policy of this id was found")
        .help("add the file, or name its folder with `--base DIR`")
        .refused_as("base-missing", &[("base", id)]);
    if let Some(policy) = project.files.get(at).and_then(|it| it.policy_id()) {
        diagnostic.policy(policy);
    }
    if !ambiguous.is_empty() {
        diagnostic.label("which of them is meant is open").help("check one folder at a time");
    }
    for other in ambiguous.iter().take(4).filter_map(|it| project.files.get(*it)) {
        diagnostic.related(Span::file_start(other.file), "one of them");
    }
}

fn break_cycles(project: &mut Project, found: &mut Diagnostics) {
    let mut graph = BaseGraph::new(project.files.len());
    for (at, file) in project.files.iter().enumerate() {
        if let Base::At(base) = file.base {
            graph.derives(at, base);
        }
    }
    for cycle in graph.cycles() {
        for at in &cycle {
            report_cycle(project, *at, &cycle, found);
        }
        for at in cycle {
            project.files[at].base = Base::Cyclic;
        }
    }
}

fn report_cycle(project: &Project, at: usize, cycle: &[usize], found: &mut Diagnostics) {
    let Some((file, element)) = project.files.get(at).zip(base_element(project, at)) else { return };
    if !file.reported {
        return;
    }
    let id = file.policy_id().unwrap_or_default();
    let message = match cycle {
        [_] => format!("policy `{id}` is its own base policy"),
        _ => format!("policy `{id}` derives from itself, through {} policies", cycle.len()),
    };
    let place = element.child("PolicyId").and_then(|it| it.text_span()).unwrap_or_else(|| element.start_tag());
    let diagnostic = found.report("base-cycle", Severity::Error, place, message);
    diagnostic
        .label("leads back to this policy")
        .help("derive from another base policy, or from none")
        .policy(id)
        .refused();
    for other in cycle.iter().filter(|it| **it != at).take(4) {
        if let Some(element) = base_element(project, *other) {
            diagnostic.related(element.start_tag(), "part of the cycle");
        }
    }
}

/// Reports chains over the limit, and ends those that are far beyond it, so that nothing deeper is ever merged.
fn cut_deep_chains(project: &mut Project, found: &mut Diagnostics) {
    let depths = depths(project);
    for (at, depth) in depths.iter().enumerate().filter(|(_, it)| **it > CHAIN_LIMIT) {
        let Some((file, element)) = project.files.get(at).zip(base_element(project, at)) else { continue };
        if file.reported {
            let message = format!("the chain of this policy has {depth} policies; the service allows {CHAIN_LIMIT}");
            found
                .report("chain-too-deep", Severity::Error, element.start_tag(), message)
                .label(format!("level {depth}"))
                .help("merge some of the levels")
                .refused()
                .policy(file.policy_id().unwrap_or_default());
        }
    }
    for (file, depth) in project.files.iter_mut().zip(depths) {
        if depth > CHAIN_LIMIT {
            file.base = Base::BeyondLimit;
        }
    }
}

/// Bases that are only looked up are not judged; but what is wrong with their form, or still to be filled in, changes what
/// is inherited, so whoever derives from one hears of it.
fn report_unsound_bases(project: &Project, found: &mut Diagnostics) {
    let mut judged: HashMap<FileId, Diagnostics> = HashMap::new();
    for file in project.files.iter().filter(|it| it.reported) {
        let looked_up = project.chain(file).into_iter().skip(1).take_while(|it| !it.reported);
        for base in looked_up {
            let wrong = judged.entry(base.file).or_insert_with(|| wrong_with(project, base));
            let Some(first) = wrong.iter().next() else { continue };
            let element = file.document.root().and_then(|it| it.child("BasePolicy"));
            let named = element.and_then(|it| it.child("PolicyId")?.text_span().or(Some(it.start_tag())));
            let id = base.policy_id().unwrap_or_default();
            let message = match wrong.has_errors() {
                true => format!("base policy `{id}` is not sound: {}", first.message),
                false => format!("base policy `{id}` is not built: {}", first.message),
            };
            let severity = if wrong.has_errors() { Severity::Error } else { Severity::Warning };
            let diagnostic =
                found.report("base-unsound", severity, named.unwrap_or_else(|| Span::file_start(file.file)), message);
            diagnostic
                .label("what it declares may be missing here")
                .help(format!("check it, too: `wayfarer check {}`", project.sources.name(base.file)))
                .related(first.primary.span, format!("the first of {}", wrong.len()))
                .refused()
                .policy(file.policy_id().unwrap_or_default());
        }
    }
}

/// What is wrong with the form of a file that was only looked up.
fn wrong_with(project: &Project, base: &PolicyFile) -> Diagnostics {
    let mut wrong = base.found.clone();
    check_schema(&base.document, &mut wrong);
    if base.unresolved {
        let token = "it holds tokens without a value";
        wrong.report("setting-unresolved", Severity::Warning, Span::file_start(base.file), token);
    }
    project.forget_unknown(&mut wrong);
    wrong.sort_and_dedup();
    wrong
}

/// How many policies each file's chain has, itself included; each link is walked once.
fn depths(project: &Project) -> Vec<usize> {
    let mut depths = vec![0; project.files.len()];
    for start in 0..depths.len() {
        let mut path = Vec::new();
        let mut at = Some(start);
        while let Some(index) = at.filter(|it| depths[*it] == 0) {
            path.push(index);
            at = match project.files[index].base {
                Base::At(base) => Some(base),
                _ => None,
            };
        }
        let mut depth = at.map_or(0, |it| depths[it]);
        for index in path.into_iter().rev() {
            depth += 1;
            depths[index] = depth;
        }
    }
    depths
}
