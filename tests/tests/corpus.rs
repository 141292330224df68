//! The public policies under `$WAYFARER_CORPUS` (not in the repository): whatever is in them, each is read, merged,
//! judged and lowered without a panic, and every place that is told lies in its file.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;
use wayfarer_compiler::upload::{self, Refused};
use wayfarer_compiler::{Flow, Project, Scope, TenantIdentity};
use wayfarer_diagnostics::{Diagnostics, Severity, Sources, Span, render};
use wayfarer_rules::Phase;
use wayfarer_runtime::Disk;
use wayfarer_syntax::grammar::check_schema;
use wayfarer_syntax::{Document, Element};

/// Everything in one set; `None`, with a note, where the public policies are not at hand.
fn corpus() -> Option<&'static Project> {
    static PROJECT: OnceLock<Option<Project>> = OnceLock::new();
    let load = || {
        let folder = std::env::var_os("WAYFARER_CORPUS").filter(|it| !it.is_empty()).map(PathBuf::from)?;
        Some(
            Project::load(&Disk, &[folder], &[], Scope::All, None)
                .expect("WAYFARER_CORPUS names a folder with policies"),
        )
    };
    let project = PROJECT.get_or_init(load).as_ref();
    if project.is_none() {
        println!("not run: WAYFARER_CORPUS names no folder with the public policies");
    }
    project
}

/// The text of a span, which must lie in the file and cut no character.
#[track_caller]
fn text_of(document: &Document, span: Span) -> &str {
    assert_eq!(span.file, document.file());
    let range = span.start as usize..span.end as usize;
    document.text().get(range).unwrap_or_else(|| panic!("{span:?} is not in the file"))
}

fn check_element(document: &Document, element: Element<'_>) {
    let whole = text_of(document, element.span());
    // Where an end tag is missing, an element ends at what closes it instead.
    let ends = whole.ends_with('>') || !document.is_well_formed();
    assert!(whole.starts_with('<') && ends, "{whole}");
    assert!(whole.starts_with(text_of(document, element.start_tag())));
    assert_eq!(text_of(document, element.name_span()), element.qualified_name());
    for attribute in element.attributes() {
        let text = text_of(document, attribute.span());
        assert!(text.starts_with(attribute.name()), "{text}");
        let value = text_of(document, attribute.value_span());
        assert!(value.contains(['&', '\n', '\t', '\r']) || value == attribute.value(), "{value}");
    }
    if let Some(parent) = element.parent() {
        let (outer, inner) = (parent.span(), element.span());
        assert!(outer.start <= inner.start && inner.end <= outer.end);
    }
}

#[track_caller]
fn check_places(found: &Diagnostics, sources: &Sources) {
    for it in found.iter() {
        let spans = it.related.iter().map(|it| it.span).chain([it.primary.span]);
        for span in spans {
            let text = sources.file(span.file).expect("a file of this set").text();
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{} at {span:?}", it.message);
            assert!(sources.start(span) <= sources.end(span));
        }
    }
}

#[test]
fn every_span_lies_in_its_file() {
    let Some(project) = corpus() else { return };
    assert!(project.files().len() > 300, "{} files", project.files().len());
    for file in project.files() {
        file.document.elements().for_each(|it| check_element(&file.document, it));
        for comment in file.document.comments() {
            assert!(text_of(&file.document, comment.span()).starts_with("<!--"));
        }
    }
}

#[test]
fn every_policy_has_an_effective_policy() {
    let Some(project) = corpus() else { return };
    for file in project.files() {
        let policy = project.effective(file);
        assert_eq!(policy.id(), file.policy_id().unwrap_or_default());
        let depth = project.chain(file).len();
        assert!((1..=10).contains(&depth) && policy.chain().count() == depth, "{}", policy.id());
        // Merged once more, it is the same.
        let again = project.effective(file);
        assert_eq!(policy.unresolved_references().count(), again.unresolved_references().count());
    }
}

#[test]
fn every_finding_has_a_place_and_a_page() {
    let Some(project) = corpus() else { return };
    let found = project.check(Scope::All);
    check_places(&found, project.sources());
    for it in found.iter() {
        assert!(!it.message.is_empty() && !it.message.ends_with('.') && !it.message.contains('\n'), "{}", it.message);
        assert!(it.help.is_some() || !it.primary.message.is_empty(), "`{}` says neither where nor what to do", it.code);
    }
    let style = render::Style { colour: false, unicode: true, width: 100 };
    assert!(!render::human(&found, project.sources(), style).contains('\u{1b}'));
}

#[test]
fn every_relying_party_is_lowered_or_refused_by_name() {
    let Some(project) = corpus() else { return };
    let tenant = TenantIdentity {
        name: "contoso.onmicrosoft.com".to_owned(),
        object_id: "775527ff-9a37-4307-8b3d-cc311f58d925".to_owned(),
    };
    let mut lowered = 0;
    for file in project.relying_parties() {
        check_places(&project.check_chain(file), project.sources());
        for flow in [Flow::ClientCredentials, Flow::Default] {
            match project.plan(file, flow, &tenant, &BTreeMap::new()) {
                Ok(plan) => {
                    assert_eq!(plan.policy, file.policy_id().unwrap_or_default());
                    lowered += 1;
                }
                Err(found) => {
                    assert!(!found.is_empty(), "{:?} is refused without a reason", file.policy_id());
                    check_places(&found, project.sources());
                }
            }
        }
    }
    assert!(lowered > 0);
}

/// `expected_errors.toml`
#[derive(serde::Deserialize)]
struct ExpectedErrors {
    expected: Vec<Expected>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rule: String,
    reason: String,
    files: Vec<String>,
}

/// What the schema says is held to libxml2 elsewhere.
fn is_beyond_schema(code: &str) -> bool {
    wayfarer_rules::find(code).is_some_and(|it| !matches!(it.phase, Phase::Syntax))
}

#[test]
fn every_error_beyond_the_schema_is_one_that_azure_would_give() {
    let Some(project) = corpus() else { return };
    let listed: ExpectedErrors = toml::from_str(include_str!("expected_errors.toml")).expect("a list of errors");
    let mut expected = BTreeSet::new();
    for it in listed.expected {
        assert!(it.reason.len() > 20 && is_beyond_schema(&it.rule), "{} {}", it.rule, it.reason);
        expected.extend(it.files.into_iter().map(|file| (it.rule.clone(), file)));
    }
    let folder = std::env::var("WAYFARER_CORPUS").unwrap_or_default();
    let found = project.check(Scope::All);
    let errors = found.iter().filter(|it| it.severity == Severity::Error && is_beyond_schema(it.code));
    let errors: BTreeSet<_> = errors
        .map(|it| {
            let file = project.sources().name(it.primary.span.file).replace('\\', "/");
            let file = file.strip_prefix(folder.trim_end_matches('/')).unwrap_or(&file);
            (it.code.to_owned(), file.trim_start_matches('/').to_owned())
        })
        .collect();
    let new: Vec<_> = errors.difference(&expected).collect();
    assert!(new.is_empty(), "not in expected_errors.toml, with the reason why Azure would say so: {new:#?}");
    let gone: Vec<_> = expected.difference(&errors).collect();
    assert!(gone.is_empty(), "in expected_errors.toml, and not told any more: {gone:#?}");
}

/// An upload is refused for its form where the schema check finds something, and only there; whatever else is wrong is said in
/// words that have no place left open.
#[test]
fn every_upload_is_judged_in_words() {
    let Some(project) = corpus() else { return };
    let tenant = TenantIdentity { name: "contoso.onmicrosoft.com".to_owned(), object_id: String::new() };
    let mut refused = (0, 0);
    for file in project.files().iter().filter(|it| it.document.is_well_formed()) {
        let mut found = Diagnostics::default();
        check_schema(&file.document, &mut found);
        // The service writes it itself.
        found.retain(|it| !(it.code == "required-attribute-missing" && it.message.contains("PublicPolicyUri")));
        let form = upload::judge_form(file.document.text().as_bytes(), &tenant);
        assert_eq!(form.is_ok(), found.is_empty(), "{}", project.sources().name(file.file));
        let judged = upload::judge(project, file, &tenant);
        for message in judged.as_ref().err().map_or(&[][..], Refused::messages) {
            assert!(!message.contains("\"\"") || message.contains("invalid value"), "{message}");
        }
        refused = (refused.0 + usize::from(form.is_err()), refused.1 + usize::from(judged.is_err()));
    }
    assert!(refused.0 > 10 && refused.1 > refused.0, "{refused:?}");
}
