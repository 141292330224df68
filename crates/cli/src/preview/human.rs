use super::{Claim, Journey, Preview, word};
use crate::output::{ADDED, HEADING, QUIET, REMOVED, WARNING, styled};
use wayfarer_flow::Presence;

/// For the terminal.
pub(crate) fn human(preview: &Preview) -> String {
    let mut text = String::new();
    for journey in &preview.journeys {
        text.push_str(&format!("{} · {} `{}`\n", styled(HEADING, &preview.policy), journey.title, journey.id));
        for note in &journey.notes {
            text.push_str(&format!("{}: {note}\n", styled(WARNING, "note")));
        }
        text.push('\n');
        let width = journey.claims.iter().map(|it| it.name.chars().count()).max().unwrap_or_default().min(40);
        for claim in &journey.claims {
            text.push_str(&row(claim, width));
        }
        text.push_str(&system(journey));
        text.push('\n');
    }
    text
}

fn row(claim: &Claim, width: usize) -> String {
    let style = match claim.presence {
        Presence::Always => ADDED,
        Presence::Maybe => WARNING,
        Presence::Never => REMOVED,
    };
    let presence = styled(style, format_args!("{:6}", word(claim.presence)));
    let value = claim.constant.as_ref().map(|it| format!("  {it}")).unwrap_or_default();
    let mut text = format!("  {presence}  {:width$}  {}{value}\n", claim.name, claim.json_type);
    let mut line = |it: String| text.push_str(&format!("          {it}\n"));
    for remark in &claim.remarks {
        line(remark.clone());
    }
    for condition in &claim.conditions {
        line(format!("when {condition}"));
    }
    if claim.constant.is_none() && claim.values.len() > 1 {
        line(format!("one of: {}", claim.values.join("; ")));
    }
    for origin in &claim.origins {
        line(format!("from {}, {} {}", origin.what, origin.step, styled(QUIET, format_args!("({})", origin.place))));
    }
    let named = format!("claim `{}`, named by {} ({})", claim.claim, claim.named_by, claim.place);
    line(styled(QUIET, named));
    text
}

fn system(journey: &Journey) -> String {
    let mut text = format!("\n  {}\n", styled(HEADING, "the service's own claims"));
    let width = journey.system.iter().map(|it| it.name.len()).max().unwrap_or_default();
    for claim in &journey.system {
        let presence = if claim.always { "always" } else { "maybe" };
        text.push_str(&format!("  {presence:6}  {:width$}  {}\n", claim.name, styled(QUIET, claim.what)));
    }
    text
}
