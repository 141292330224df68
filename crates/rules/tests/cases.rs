//! The examples of every rule, executed: those of its page (`docs.md`, "Example") and the cases beside it (`tests.md`).
//!
//! A case is a heading `## …` and one or more `xml` blocks, each a policy that derives from the block before; blocks before
//! the first heading are the bases of all cases. A comment `<!-- error: [code] -->` (`warning`, `info`) asks for exactly one
//! finding of that severity on its line; no other finding of this rule may be there. In a page's example a block without
//! such a comment is the base of the next one.

#![expect(clippy::disallowed_methods, reason = "a test is the edge: it reads the cases itself")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use wayfarer_diagnostics::{Diagnostics, FileId, Sources};
use wayfarer_model::Policy;
use wayfarer_rules::{Phase, Rule};
use wayfarer_syntax::grammar::check_schema;
use wayfarer_syntax::{POLICY_NAMESPACE, parse};

/// `line severity [code]` of each finding or expectation; lines count from 1 in the block.
type Findings = Vec<(usize, String)>;

/// The `xml` blocks under each heading of a Markdown text; what stands before the first heading has none.
fn sections(markdown: &str) -> Vec<(String, Vec<String>)> {
    let mut sections = vec![(String::new(), Vec::new())];
    let mut block: Option<String> = None;
    for line in markdown.lines() {
        match (&mut block, line) {
            (None, "```xml") => block = Some(String::new()),
            (Some(text), "```") => {
                let text = std::mem::take(text);
                if let Some((_, blocks)) = sections.last_mut() {
                    blocks.push(text);
                }
                block = None;
            }
            (Some(text), _) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, _) => {
                if let Some(heading) = line.strip_prefix("## ") {
                    sections.push((heading.to_owned(), Vec::new()));
                }
            }
        }
    }
    assert!(block.is_none(), "a block is not closed");
    sections
}

/// A block as a policy: what is no whole one is put into a root, without moving a line.
fn policy_text(block: &str, nth: usize) -> String {
    if block.starts_with("<TrustFramework") {
        return block.to_owned();
    }
    format!(
        "<TrustFrameworkPolicy xmlns=\"{POLICY_NAMESPACE}\" PolicySchemaVersion=\"0.3.0.0\" TenantId=\"contoso.onmicrosoft.com\" \
         PolicyId=\"B2C_1A_{nth}\" PublicPolicyUri=\"http://contoso.onmicrosoft.com/{nth}\">{block}</TrustFrameworkPolicy>"
    )
}

/// What the comments of a block ask for.
fn expected(block: &str) -> Findings {
    let mut expected = Findings::new();
    for (at, line) in block.lines().enumerate() {
        for comment in line.split("<!--").skip(1).filter_map(|it| it.split_once("-->")).map(|it| it.0.trim()) {
            let is_expectation = ["error:", "warning:", "info:"].iter().any(|it| comment.starts_with(it));
            if is_expectation {
                expected.push((at + 1, comment.to_owned()));
            }
        }
    }
    expected
}

/// Every finding of one rule in one file.
fn found(rule: &Rule, diagnostics: &Diagnostics, sources: &Sources, file: FileId) -> Findings {
    let of_rule = diagnostics.iter().filter(|it| it.code == rule.code && it.primary.span.file == file);
    let line = |span| sources.start(span).line as usize;
    of_rule.map(|it| (line(it.primary.span), format!("{}: [{}]", it.severity.as_str(), it.code))).collect()
}

/// Judges blocks, each derived from the one before.
fn check(rule: &Rule, blocks: &[String], place: &str) {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let mut base: Option<Arc<Policy>> = None;
    let mut files = Vec::new();
    for (nth, block) in blocks.iter().enumerate() {
        let text: Arc<str> = policy_text(block, nth).into();
        let file = sources.add(format!("block {}", nth + 1), Arc::clone(&text));
        let (document, malformed) = parse(file, text);
        match rule.phase {
            Phase::Syntax => {
                diagnostics.extend(malformed);
                check_schema(&document, &mut diagnostics);
            }
            Phase::Policy(_) | Phase::Flow(_) => {
                assert!(malformed.is_empty(), "{place}: block {} is malformed: {malformed:?}", nth + 1);
                let policy = Arc::new(Policy::derive(Arc::new(document), base.take()));
                wayfarer_rules::check(&policy, &mut diagnostics);
                base = Some(policy);
            }
            Phase::Set => {}
        }
        files.push(file);
    }
    // A base is judged again for each policy that derives from it, and told once.
    diagnostics.sort_and_dedup();
    for (nth, (file, block)) in files.into_iter().zip(blocks).enumerate() {
        let seen = found(rule, &diagnostics, &sources, file);
        assert_eq!(seen, expected(block), "{place}, block {}: found, and expected by its comments", nth + 1);
    }
}

fn folder_of(rule: &Rule) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules").join(rule.code.replace('-', "_"))
}

#[test]
fn the_examples_of_the_pages_show_what_they_say() {
    let mut judged = 0;
    for rule in wayfarer_rules::all().iter().filter(|it| !matches!(it.phase, Phase::Set)) {
        let sections = sections(rule.docs);
        let example = sections.iter().find(|(heading, _)| heading == "Example").map(|(_, blocks)| blocks.clone());
        let blocks = example.unwrap_or_default();
        assert!(!blocks.is_empty(), "the page of {} has no example in XML", rule.code);
        // A block without a finding is the base of the next one.
        let mut chain = Vec::new();
        for block in blocks {
            let fires = !expected(&block).is_empty();
            chain.push(block);
            if fires {
                check(rule, &std::mem::take(&mut chain), &format!("the page of {}", rule.code));
                judged += 1;
            }
        }
        assert!(chain.is_empty(), "an example of {} shows no finding", rule.code);
    }
    assert!(judged >= 18 + 14, "{judged} examples: eighteen rules on policies, fourteen on syntax");
}

#[test]
fn the_cases_beside_the_rules() {
    for rule in wayfarer_rules::all().iter().filter(|it| matches!(it.phase, Phase::Policy(_) | Phase::Flow(_))) {
        let path = folder_of(rule).join("tests.md");
        let text = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        let mut sections = sections(&text).into_iter();
        let (_, bases) = sections.next().unwrap_or_default();
        let mut asked = (false, false);
        for (heading, blocks) in sections {
            let place = format!("{}: {heading}", path.display());
            assert!(!blocks.is_empty(), "{place}: a case without XML");
            let fires = blocks.iter().any(|it| !expected(it).is_empty());
            asked = (asked.0 || fires, asked.1 || !fires);
            check(rule, &[bases.clone(), blocks].concat(), &place);
        }
        assert_eq!(asked, (true, true), "{}: cases that fire, and cases that don't", path.display());
    }
}
