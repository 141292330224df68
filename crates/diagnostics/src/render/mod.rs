//! One file a format. Each turns findings and their [`Sources`](crate::Sources) into text; none of them prints.

mod concise;
mod diff;
mod github;
mod human;
mod json;
mod junit;
mod sarif;
mod uri;

pub use concise::concise;
pub use diff::diff;
pub use github::github;
pub use human::{Style, human};
pub use json::json;
pub use junit::junit;
pub use sarif::{RulePage, sarif};

/// Where the page of a rule is found: a reference relative to the root of Wayfarer's repository, whose `docs/rules/`
/// holds the same text that `wayfarer explain CODE` prints.
pub fn page_of(code: &str) -> String {
    format!("docs/rules/{code}.md")
}
