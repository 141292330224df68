use super::{Claim, Journey, Preview, word};
use wayfarer_flow::Presence;

/// A page of its own: no script, nothing loaded from elsewhere, light and dark as the reader has it.
pub(crate) fn html(preview: &Preview) -> String {
    let journeys: String = preview.journeys.iter().map(journey).collect();
    let policy = escaped(&preview.policy);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Claims of {policy}</title>\n<style>\n{}</style>\n</head>\n<body>\n\
         <header><h1>{policy}</h1><p>Which claims its tokens will carry, told without running it.</p></header>\n\
         <main>\n{journeys}</main>\n</body>\n</html>\n",
        include_str!("preview.css")
    )
}

fn journey(it: &Journey) -> String {
    let notes: String = it.notes.iter().map(|it| format!("<p class=\"note\">{}</p>\n", marked(it))).collect();
    let claims: String = it.claims.iter().map(row).collect();
    let system: String = it
        .system
        .iter()
        .map(|it| {
            let presence = if it.always { Presence::Always } else { Presence::Maybe };
            format!(
                "<tr><td>{}</td><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
                badge(presence),
                escaped(it.name),
                escaped(it.json_type),
                marked(it.what)
            )
        })
        .collect();
    let head =
        |last: &str| format!("<thead><tr><th>There</th><th>Claim</th><th>JSON</th><th>{last}</th></tr></thead>\n");
    format!(
        "<section>\n<h2>{} <code>{}</code></h2>\n{notes}<table>\n{}<tbody>\n{claims}</tbody>\n</table>\n\
         <h3>The service’s own claims</h3>\n<table>\n{}<tbody>\n{system}</tbody>\n</table>\n</section>\n",
        capital(it.title),
        escaped(&it.id),
        head("Value and origin"),
        head("What it is"),
    )
}

fn row(it: &Claim) -> String {
    let mut cell = String::new();
    match &it.constant {
        Some(value) => cell.push_str(&format!("<p class=\"value\"><code>{}</code></p>\n", escaped(value))),
        None if it.values.len() > 1 => {
            cell.push_str(&format!("<p>One of: {}</p>\n", marked(&it.values.join("; "))));
        }
        None => {}
    }
    for remark in &it.remarks {
        cell.push_str(&format!("<p class=\"remark\">{}</p>\n", marked(&sentence(remark))));
    }
    for condition in &it.conditions {
        cell.push_str(&format!("<p>When {}</p>\n", marked(condition)));
    }
    if !it.origins.is_empty() {
        let origins = it.origins.iter().map(|it| {
            format!(
                "<li>{}, {} <span class=\"place\">{}</span></li>\n",
                marked(&it.what),
                escaped(&it.step),
                escaped(&it.place)
            )
        });
        cell.push_str(&format!("<ul>\n{}</ul>\n", origins.collect::<String>()));
    }
    cell.push_str(&format!(
        "<p class=\"quiet\">Claim <code>{}</code>, named by {} <span class=\"place\">{}</span></p>",
        escaped(&it.claim),
        marked(it.named_by),
        escaped(&it.place)
    ));
    format!(
        "<tr><td>{}</td><td><code>{}</code></td><td>{}</td><td>{cell}</td></tr>\n",
        badge(it.presence),
        escaped(&it.name),
        escaped(it.json_type)
    )
}

fn badge(presence: Presence) -> String {
    let word = word(presence);
    format!("<span class=\"badge {word}\">{word}</span>")
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|it| it.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

fn sentence(text: &str) -> String {
    format!("{}.", capital(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Text with names between back quotes.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| if at % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) })
        .collect()
}
