//! `<!-- wayfarer: allow SLUG -->`: findings that an author has looked at and keeps.

use super::{Base, PolicyFile, Project};
use std::collections::HashMap;
use std::ops::Range;
use wayfarer_diagnostics::{Diagnostic, Diagnostics, FileId, Span, closest};
use wayfarer_syntax::{Comment, Document, Element};

/// What comments begin with that are for Wayfarer.
const MARK: &str = "wayfarer:";

/// No policy is read where these are found, so nobody may look away.
const NEVER: [&str; 2] = ["xml-malformed", "unreadable-file"];

/// One slug of a comment.
struct Suppression<'d> {
    slug: &'d str,
    /// The slug in the comment.
    span: Span,
    /// Where a finding has to begin.
    about: Range<u32>,
    /// What that is, for people.
    place: &'static str,
    used: bool,
}

impl Suppression<'_> {
    fn allows(&self, it: &Diagnostic) -> bool {
        it.code == self.slug && self.about.contains(&it.primary.span.start) && !NEVER.contains(&it.code)
    }
}

/// Takes out of the findings of one file what its comments allow.
pub(super) fn allow(document: &Document, found: &mut Diagnostics) {
    let all = of(document, &mut Diagnostics::default());
    found.retain(|it| !all.iter().any(|own| own.allows(it)));
}

impl Project {
    /// Takes out what the comments of the policies allow, and tells which of them allow nothing, or no rule.
    pub(super) fn suppress(&self, found: &mut Diagnostics) {
        let mut own = Diagnostics::default();
        let mut all: HashMap<FileId, Vec<Suppression<'_>>> = HashMap::new();
        for file in self.files.iter().filter(|it| it.reported) {
            let list = of(&file.document, &mut own);
            if !list.is_empty() {
                all.insert(file.file, list);
            }
        }
        if all.is_empty() && own.is_empty() {
            return;
        }
        let mut allowed = |it: &Diagnostic| {
            let list = all.get_mut(&it.primary.span.file).map(Vec::as_mut_slice).unwrap_or_default();
            let mut allowing = list.iter_mut().filter(|own| own.allows(it)).peekable();
            let any = allowing.peek().is_some();
            allowing.for_each(|it| it.used = true);
            any
        };
        found.retain(|it| !allowed(it));
        own.retain(|it| !allowed(it));
        // The order of the files, whatever the map's is.
        for file in self.files.iter().filter(|it| it.reported) {
            let list = all.get(&file.file).map(Vec::as_slice).unwrap_or_default();
            self.tell_unused(file, list, &mut own);
        }
        for it in own.iter_mut() {
            let file = self.files.iter().find(|file| file.file == it.primary.span.file);
            it.policy = file.and_then(PolicyFile::policy_id).map(str::to_owned);
        }
        found.extend(own);
        found.sort_and_dedup();
    }

    fn tell_unused(&self, file: &PolicyFile, list: &[Suppression<'_>], found: &mut Diagnostics) {
        if !list.iter().any(|it| !it.used) || !self.is_whole(file) {
            return;
        }
        let exempt = list.iter().filter(|it| it.slug == "suppression-unused");
        let exempt: Vec<Range<u32>> = exempt.map(|it| it.about.clone()).collect();
        for it in list.iter().filter(|it| !it.used && !depends_on_the_command(it.slug)) {
            let is_exempt =
                exempt.iter().any(|about| about.contains(&it.span.start)) || it.slug == "suppression-unused";
            if is_exempt {
                continue;
            }
            found
                .report(
                    "suppression-unused",
                    level_of("suppression-unused"),
                    it.span,
                    format!("nothing to allow: no `{}` {}", it.slug, it.place),
                )
                .label("allows nothing")
                .help("take it out, or move it before the element or to the end of the line that it is about");
        }
    }

    /// Whether everything was judged that a finding in the file may come from.
    fn is_whole(&self, file: &PolicyFile) -> bool {
        let chain = self.chain(file);
        let ends = chain.last().is_some_and(|it| matches!(it.base, Base::None));
        ends && chain.iter().all(|it| it.document.is_well_formed())
    }
}

/// Whether these findings come and go with the options of the command.
fn depends_on_the_command(slug: &str) -> bool {
    let of_the_tenant = ["unresolved-policy-key", "extensions-app-mismatch", "extension-attribute-type"];
    slug.starts_with("setting-") || slug == "tenant-placeholder-left" || of_the_tenant.contains(&slug)
}

fn level_of(slug: &str) -> wayfarer_diagnostics::Severity {
    wayfarer_rules::find(slug).map_or(wayfarer_diagnostics::Severity::Warning, |it| it.level)
}

/// Every slug that the comments of a file allow; what is no slug is reported.
fn of<'d>(document: &'d Document, found: &mut Diagnostics) -> Vec<Suppression<'d>> {
    let mut all = Vec::new();
    let marked = document.comments().filter(|it| it.text().trim_start().starts_with(MARK)).peekable();
    let mut elements: Vec<Element<'d>> = Vec::new();
    for comment in marked {
        if elements.is_empty() {
            elements = document.elements().collect();
        }
        let text = comment.text();
        let Some(list) = list_of(text) else {
            let said = text.trim().chars().take(60).collect::<String>();
            found
                .report(
                    "suppression-unknown",
                    level_of("suppression-unknown"),
                    comment.span(),
                    format!("`{said}` allows nothing"),
                )
                .label("not understood")
                .help("write `<!-- wayfarer: allow SLUG -->`, several with commas, a reason after a colon");
            continue;
        };
        let (about, place) = about(document, comment, &elements);
        for slug in list.split(',').map(str::trim) {
            // Both are slices of one text.
            let at = comment.span().start as usize + "<!--".len() + (slug.as_ptr() as usize - text.as_ptr() as usize);
            let span = Span::new(document.file(), at, at + slug.len());
            if wayfarer_rules::find(slug).is_some() {
                all.push(Suppression { slug, span, about: about.clone(), place, used: false });
            } else {
                unknown(slug, span, found);
            }
        }
    }
    all
}

/// What stands between `allow` and a reason.
fn list_of(comment: &str) -> Option<&str> {
    let rest = comment.trim_start().strip_prefix(MARK)?.trim_start().strip_prefix("allow")?;
    let list = rest.split(':').next().unwrap_or_default();
    (list.starts_with(char::is_whitespace) && !list.trim().is_empty()).then_some(list)
}

fn unknown(slug: &str, span: Span, found: &mut Diagnostics) {
    let message = format!("there is no rule `{slug}` to allow");
    let finding = found.report("suppression-unknown", level_of("suppression-unknown"), span, message);
    finding.label("allows nothing");
    match closest(slug, wayfarer_rules::all().iter().map(|it| it.code)) {
        Some(close) => finding.help(format!("did you mean `{close}`?")),
        None => finding.help("`wayfarer explain` lists all rules"),
    };
}

/// Where the findings begin that a comment is about.
fn about<'d>(document: &'d Document, comment: Comment<'d>, elements: &[Element<'d>]) -> (Range<u32>, &'static str) {
    let Span { start, end, .. } = comment.span();
    if document.root().is_none_or(|root| end <= root.span().start) {
        return (0..u32::MAX, "in this file");
    }
    let text = document.text();
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let before = text.get(..start as usize).unwrap_or_default();
    let line = offset(before.rfind('\n').map_or(0, |it| it + 1));
    // The elements stand in the order in which they begin.
    let open = elements.partition_point(|it| it.span().start < start);
    if before.get(line as usize..).is_some_and(|it| it.trim().is_empty()) {
        let within = elements.get(open.wrapping_sub(1)).copied();
        let within = std::iter::successors(within, |it| it.parent()).find(|it| it.span().end >= end);
        let next = elements.get(open).filter(|it| it.parent() == within);
        return match next {
            Some(next) => (next.span().start..next.span().end, "in the element that follows"),
            None => (0..0, "here: no element follows"),
        };
    }
    // A start tag of several lines belongs to the line that it ends on.
    let tag = elements.get(elements.partition_point(|it| it.span().start < line).wrapping_sub(1));
    let tag = tag.map(|it| it.start_tag()).filter(|it| it.end > line && it.end <= start);
    let rest = text.get(end as usize..).unwrap_or_default();
    let line_end = end.saturating_add(offset(rest.find('\n').unwrap_or(rest.len())));
    (tag.map_or(line, |it| it.start)..line_end, "on this line")
}
