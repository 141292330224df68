use crate::args::{Claim, Format};
use crate::output::{self, Failure, HEADING, QUIET, styled};
use crate::{Ended, Exit, project};
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json, json};
use wayfarer_builtins::claim_rules::{CompiledClaimRules, Entry, Judgement, Message, Necessity, UserInputType};
use wayfarer_builtins::transformations::EnumerationItem;
use wayfarer_builtins::{LocalizedResources, Value};
use wayfarer_compiler::{PolicyFile, Project, Scope};
use wayfarer_diagnostics::{Sources, Span, one_line, render};
use wayfarer_model::{ClaimType, Kind, NodeRef, Policy, Text};
use wayfarer_runtime::Clock;

pub(crate) fn run(options: &Claim) -> Ended {
    let project = project::load(&options.set, Scope::All)?;
    let file = project::choose(&project, options.policy.as_deref())?;
    if !project::has_sound_chain(&project, file) {
        return Ok(Exit::Findings);
    }
    let policy = project.effective(file);
    let claim_type = claim_type(&policy, &options.id)?;
    let rules = match project.claim_rules(file, &claim_type) {
        Ok(rules) => rules,
        Err(found) => {
            output::remark(render::human(&found, project.sources(), output::style()).trim_end());
            return Ok(Exit::Findings);
        }
    };
    let texts = options.language.as_deref().and_then(|it| localized(&project, file, it));
    let page = Page { claim_type: &claim_type, rules: &rules, policy: &policy, sources: project.sources(), texts };
    let judged = (!options.value.is_empty()).then(|| page.judge(options));
    match options.format {
        Format::Human => output::result(&page.human(judged.as_ref())),
        Format::Json => output::result(&format!("{:#}\n", page.json(judged.as_ref()))),
    }
    let is_refused = judged.is_some_and(|it| matches!(it.judgement, Judgement::Refused(_)));
    Ok(if is_refused { Exit::Findings } else { Exit::Fine })
}

fn claim_type(policy: &Policy, id: &str) -> Result<ClaimType, Failure> {
    policy.claim_type(id).ok_or_else(|| {
        let failure = Failure::new(format!("policy `{}` declares no claim type `{id}`", policy.id()));
        match policy.closest(Kind::ClaimType, id) {
            Some(close) => failure.help(format!("did you mean `{}`?", close.value)),
            None => failure.help("`wayfarer effective` prints the policy with all its claim types"),
        }
    })
}

/// The policy's own texts are the fallback, as on a page.
fn localized(project: &Project, file: &PolicyFile, language: &str) -> Option<LocalizedResources> {
    let texts = project.localized_texts(file, language);
    if texts.is_none() {
        output::remark(format_args!(
            "info: no content definition of this policy has texts in `{language}`; these are the policy's own"
        ));
    }
    texts
}

/// A claim type as a page has it.
struct Page<'a> {
    claim_type: &'a ClaimType,
    rules: &'a CompiledClaimRules,
    policy: &'a Policy,
    sources: &'a Sources,
    texts: Option<LocalizedResources>,
}

/// What was entered, and what became of it.
struct Judged<'a> {
    texts: &'a [String],
    judgement: Judgement,
}

/// One piece of the claim type: its name, its lines, and where each is written.
struct Piece {
    name: &'static str,
    lines: Vec<(String, Option<Span>)>,
}

impl Page<'_> {
    fn judge<'o>(&self, options: &'o Claim) -> Judged<'o> {
        let texts: Vec<&str> = options.value.iter().map(String::as_str).collect();
        let now = options.now.map_or(Clock::System, Clock::Fixed).now();
        let entry = Entry {
            texts: &texts,
            necessity: Necessity::Optional,
            localization: self.texts.as_ref(),
            today: TimeZone::UTC.to_datetime(now).date(),
        };
        Judged { texts: &options.value, judgement: self.rules.judge(&entry) }
    }

    fn human(&self, judged: Option<&Judged<'_>>) -> String {
        let declared = self.rules.declared();
        let mut text = format!("{}  {}\n", styled(HEADING, &declared.claim_type), declared.data_type);
        for origin in self.claim_type.node().elements() {
            text.push_str(&format!("  {}\n", styled(QUIET, self.place(origin.start_tag()))));
        }
        for piece in self.pieces() {
            for (at, (line, span)) in piece.lines.into_iter().enumerate() {
                let line = one_line(line);
                let name = if at == 0 { piece.name } else { "" };
                let place = span.map(|it| format!("  {}", styled(QUIET, self.place(it)))).unwrap_or_default();
                text.push_str(&format!("  {name:<16}{line}{place}\n"));
            }
        }
        if let Some(judged) = judged {
            text.push_str(&self.human_judgement(judged));
        }
        text
    }

    fn human_judgement(&self, judged: &Judged<'_>) -> String {
        let entered =
            judged.texts.iter().map(|it| format!("`{}`", one_line(it.clone()))).collect::<Vec<_>>().join(", ");
        let mut text = format!("\n{} {entered}: ", styled(HEADING, "value"));
        match &judged.judgement {
            Judgement::Ignored => {
                let control = self.rules.declared().user_input_type.map_or("", UserInputType::as_str);
                text.push_str(&format!("ignored when a page posts it, since a `{control}` claim is only shown\n"));
                match self.held(judged) {
                    Ok(value) => text.push_str(&self.human_value(&value)),
                    Err(error) => text.push_str(&format!("  {error}\n")),
                }
            }
            Judgement::Accepted(None) => text.push_str(
                "accepted as left empty: the claim gets no value (refused where a profile requires the claim)\n",
            ),
            Judgement::Accepted(Some(value)) => {
                text.push_str("accepted\n");
                text.push_str(&self.human_value(value));
            }
            Judgement::Refused(messages) => {
                let mut causes: Vec<_> = messages.iter().map(|it| it.cause.as_str()).collect();
                causes.dedup();
                text.push_str(&format!("refused ({}); the user reads:\n", causes.join(", ")));
                messages.iter().for_each(|it| text.push_str(&human_message(it)));
            }
        }
        text
    }

    fn human_value(&self, value: &Value) -> String {
        let token = match value.to_token_json() {
            _ if self.is_password() => "left out: no token carries a password".to_owned(),
            Some(json) => json.to_string(),
            None => "left out, since it is empty".to_owned(),
        };
        let shown = match self.rules.declared().user_input_type {
            Some(UserInputType::Password) => "not shown".to_owned(),
            Some(it) if it.is_shown_only() => self.rules.shown(value),
            _ => format!("{} (where it can't be edited)", self.rules.shown(value)),
        };
        let rows = [("claim", value.to_json().to_string()), ("token", token), ("page", shown)];
        rows.into_iter().map(|(name, it)| format!("  {name:<16}{}\n", one_line(it))).collect()
    }

    /// The value of a claim that is only shown, if it holds what was given.
    fn held(&self, judged: &Judged<'_>) -> Result<Value, wayfarer_builtins::ParseValueError> {
        Value::parse(self.rules.declared().data_type, judged.texts.first().map_or("", String::as_str))
    }

    fn is_password(&self) -> bool {
        self.rules.declared().user_input_type == Some(UserInputType::Password)
    }

    fn json(&self, judged: Option<&Judged<'_>>) -> Json {
        let declared = self.rules.declared();
        let mut object = Map::new();
        object.insert("claim".to_owned(), json!(declared.claim_type));
        object.insert("policy".to_owned(), json!(self.policy.id()));
        object.insert("dataType".to_owned(), json!(declared.data_type.as_str()));
        object.insert("userInputType".to_owned(), json!(declared.user_input_type.map(UserInputType::as_str)));
        let choices = self.rules.choices(self.texts.as_ref());
        let choices = choices.iter().map(|it| json!({ "text": it.text, "value": it.value }));
        object.insert("enumeration".to_owned(), Json::Array(choices.collect()));
        let partners = self.partner_names().map(|(protocol, name)| (protocol.to_owned(), json!(name.value)));
        object.insert("partnerNames".to_owned(), Json::Object(partners.collect()));
        let pieces = self.pieces().into_iter().map(|piece| {
            let lines =
                piece.lines.iter().map(|(text, span)| json!({ "text": text.trim(), "origin": self.origin(*span) }));
            json!({ "name": piece.name, "lines": lines.collect::<Vec<_>>() })
        });
        object.insert("pieces".to_owned(), Json::Array(pieces.collect()));
        let origins = self.claim_type.node().elements().map(|it| self.origin(Some(it.start_tag())));
        object.insert("origins".to_owned(), Json::Array(origins.collect()));
        if let Some(judged) = judged {
            object.insert("judgement".to_owned(), self.json_judgement(judged));
        }
        Json::Object(object)
    }

    fn json_judgement(&self, judged: &Judged<'_>) -> Json {
        let entered = judged.texts;
        match &judged.judgement {
            Judgement::Ignored => self.json_value(entered, "ignored", self.held(judged).ok().as_ref()),
            Judgement::Accepted(value) => self.json_value(entered, "accepted", value.as_ref()),
            Judgement::Refused(messages) => {
                let messages = messages
                    .iter()
                    .map(|it| json!({ "cause": it.cause.as_str(), "heading": it.heading, "lines": it.lines }));
                json!({ "entered": entered, "outcome": "refused", "messages": messages.collect::<Vec<_>>() })
            }
        }
    }

    fn json_value(&self, entered: &[String], outcome: &str, value: Option<&Value>) -> Json {
        let visible = value.filter(|_| !self.is_password());
        json!({
            "entered": entered,
            "outcome": outcome,
            "value": value.map(Value::to_json),
            "token": visible.and_then(Value::to_token_json),
            "shown": visible.map(|it| self.rules.shown(it)),
        })
    }

    fn pieces(&self) -> Vec<Piece> {
        let node = self.claim_type.node();
        let mut pieces = Vec::new();
        for (name, element) in
            [("data type", "DataType"), ("display name", "DisplayName"), ("control", "UserInputType")]
        {
            pieces.extend(self.text_piece(name, element));
        }
        pieces.extend(self.text_piece("help", "UserHelpText"));
        pieces.extend(self.text_piece("admin help", "AdminHelpText"));
        let partners = self.partner_names().map(|(protocol, it)| (format!("{protocol}: {}", it.value), Some(it.span)));
        pieces.push(Piece { name: "partner names", lines: partners.collect() });
        pieces.push(Piece { name: "restriction", lines: self.restriction() });
        for (name, reference, kind) in [
            ("predicates", "PredicateValidationReference", Kind::PredicateValidation),
            ("validation", "InputValidationReference", Kind::InputValidation),
        ] {
            let id = node.child(reference).and_then(|it| it.attribute("Id"));
            let validation = id.and_then(|it| self.policy.get(kind, it.value));
            let lines = validation.map(|it| self.validation(it.as_ref())).unwrap_or_default();
            pieces.push(Piece { name, lines });
        }
        if let Some(mask) = node.child("Mask") {
            let of = mask.attribute("Regex").map(|it| format!(" for each match of `{}`", it.value)).unwrap_or_default();
            let kind = mask.attribute("Type").map_or("", |it| it.value);
            let line = format!("{kind}: `{}`{of}", mask.text().value);
            pieces.push(Piece { name: "mask", lines: vec![(line, Some(mask.span()))] });
        }
        pieces.retain(|it| !it.lines.is_empty());
        pieces
    }

    /// `DefaultPartnerClaimTypes`: protocol and name.
    fn partner_names(&self) -> impl Iterator<Item = (&str, Text<'_>)> {
        let rows = self.claim_type.node().items("DefaultPartnerClaimTypes", "Protocol");
        rows.filter_map(|it| Some((it.attribute("Name")?.value, it.attribute("PartnerClaimType")?)))
    }

    /// The text of a child element, in the page's language.
    fn text_piece(&self, name: &'static str, element: &str) -> Option<Piece> {
        let child = self.claim_type.node().child(element);
        let id = self.claim_type.id();
        let is_text = !matches!(element, "DataType" | "UserInputType");
        let localized = self.texts.as_ref().filter(|_| is_text).and_then(|it| it.string("ClaimType", id, element));
        let text = localized.or_else(|| child.map(|it| it.text().value.trim()))?;
        let span = match localized {
            Some(text) => self.localized_place(element, text),
            None => child.map(NodeRef::span),
        };
        Some(Piece { name, lines: vec![(text.to_owned(), span)] })
    }

    /// Where the policy localizes a text of the claim type.
    fn localized_place(&self, string_id: &str, text: &str) -> Option<Span> {
        let is_it =
            |it: &NodeRef<'_>| self.localizes_claim(*it) && has(*it, "StringId", string_id) && it.text().value == text;
        self.localized_resources()
            .flat_map(|it| it.items("LocalizedStrings", "LocalizedString"))
            .find(is_it)
            .map(NodeRef::span)
    }

    fn localized_item_place(&self, item: &EnumerationItem) -> Option<Span> {
        let lists = self.localized_resources().flat_map(|it| it.items("LocalizedCollections", "LocalizedCollection"));
        let items = lists.filter(|it| self.localizes_claim(*it)).flat_map(|it| it.children_named("Item"));
        let is_it = |it: &NodeRef<'_>| has(*it, "Value", &item.value) && has(*it, "Text", &item.text);
        items.filter(is_it).map(NodeRef::span).next()
    }

    fn localized_resources(&self) -> impl Iterator<Item = NodeRef<'_>> {
        self.policy.all(Kind::LocalizedResources).into_iter().map(|it| it.as_ref())
    }

    fn localizes_claim(&self, node: NodeRef<'_>) -> bool {
        let id = self.claim_type.id();
        has(node, "ElementType", "ClaimType")
            && node.attribute("ElementId").is_some_and(|it| it.value.eq_ignore_ascii_case(id))
    }

    fn restriction(&self) -> Vec<(String, Option<Span>)> {
        if let Some(items) = self.texts.as_ref().and_then(|it| it.restriction(self.claim_type.id())) {
            let line = |it: &EnumerationItem| format!("`{}`, shown as `{}`", it.value, it.text);
            return items.iter().map(|it| (line(it), self.localized_item_place(it))).collect();
        }
        let Some(restriction) = self.claim_type.node().child("Restriction") else { return Vec::new() };
        let text = |node: NodeRef<'_>, name| node.attribute(name).map_or_else(String::new, |it| it.value.to_owned());
        let of = |it: NodeRef<'_>| match it.name() {
            "Pattern" => {
                let mut line = format!("pattern `{}`", text(it, "RegularExpression"));
                let own = text(it, "HelpText");
                let id = self.claim_type.id();
                let localized = self.texts.as_ref().and_then(|it| it.string("ClaimType", id, "PatternHelpText"));
                let help = localized.unwrap_or(&own);
                if !help.is_empty() {
                    line.push_str(&format!(": {help}"));
                }
                (line, Some(it.span()))
            }
            _ => {
                let selected = matches!(text(it, "SelectByDefault").as_str(), "true" | "1");
                let selected = if selected { ", selected by default" } else { "" };
                (format!("`{}`, shown as `{}`{selected}", text(it, "Value"), text(it, "Text")), Some(it.span()))
            }
        };
        restriction.children().map(of).collect()
    }

    fn validation(&self, validation: NodeRef<'_>) -> Vec<(String, Option<Span>)> {
        let id = |node: NodeRef<'_>| node.attribute("Id").map_or_else(String::new, |it| it.value.to_owned());
        let mut lines = vec![(format!("`{}`", id(validation)), Some(validation.span()))];
        let groups = validation.items("PredicateGroups", "PredicateGroup");
        let references = groups.flat_map(|group| {
            group.children_named("PredicateReferences").map(move |it| (format!("group `{}`: ", id(group)), it))
        });
        let direct = validation.children_named("PredicateReferences").map(|it| (String::new(), it));
        for (group, references) in references.chain(direct) {
            let needed = references.attribute("MatchAtLeast").map_or("all", |it| it.value);
            lines.push((format!("  {group}{needed} of"), Some(references.span())));
            for reference in references.children_named("PredicateReference") {
                let Some(predicate) = self.policy.get(Kind::Predicate, &id(reference)) else { continue };
                let predicate = predicate.as_ref();
                let method = predicate.attribute("Method").map_or("", |it| it.value);
                let parameters = predicate.items("Parameters", "Parameter");
                let parameters: String = parameters.map(|it| format!(" {}=`{}`", id(it), it.text().value)).collect();
                lines.push((format!("    `{}`: {method}{parameters}", id(predicate)), Some(predicate.span())));
            }
        }
        lines
    }

    /// `path:line`
    fn place(&self, span: Span) -> String {
        format!("{}:{}", self.sources.name(span.file), self.sources.start(span).line)
    }

    fn origin(&self, span: Option<Span>) -> Json {
        let Some(span) = span else { return Json::Null };
        let start = self.sources.start(span);
        json!({ "filename": self.sources.name(span.file), "location": { "line": start.line, "column": start.column } })
    }
}

fn has(node: NodeRef<'_>, attribute: &str, value: &str) -> bool {
    node.attribute(attribute).is_some_and(|it| it.value == value)
}

fn human_message(message: &Message) -> String {
    let heading = message.heading.iter().map(|it| format!("  {}\n", one_line(it.clone())));
    let indent = if message.heading.is_some() { "  - " } else { "" };
    heading.chain(message.lines.iter().map(|it| format!("  {indent}{}\n", one_line(it.clone())))).collect()
}
