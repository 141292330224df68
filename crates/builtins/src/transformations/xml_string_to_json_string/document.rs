//! A small XML document, read strictly: what .NET's parser refuses must not get through, and what it would expand
//! (document types, entities) is refused.

use super::super::failure::Failure;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// How deep elements may nest: the tree is written and dropped recursively.
const DEPTH_LIMIT: usize = 128;
/// How many attributes an element may have.
const ATTRIBUTE_LIMIT: usize = 256;

pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
    /// Written as `<name/>`.
    pub self_closing: bool,
}

pub(super) enum Node {
    Element(Element),
    Text(String),
    CData(String),
    Instruction { target: String, content: String },
    Declaration(Vec<(String, String)>),
}

/// The nodes of a document: its root element, with what stands before and after.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, Failure> {
    if !text.chars().all(is_xml_character) {
        return Err(Failure::new("the text holds a character that XML does not allow"));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut first = text.starts_with("<?xml");
    let mut parser = Parser { nodes: Vec::new(), open: Vec::new(), text: Text::default(), has_root: false };
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    loop {
        let event = reader.read_event().map_err(|_| malformed())?;
        if matches!(event, Event::Eof) {
            break;
        }
        parser.event(event, first)?;
        first = false;
    }
    parser.end_text()?;
    if !parser.open.is_empty() || !parser.has_root {
        return Err(malformed());
    }
    Ok(parser.nodes)
}

fn malformed() -> Failure {
    Failure::new("the text is not well-formed XML")
}

struct Parser {
    nodes: Vec<Node>,
    open: Vec<Element>,
    text: Text,
    has_root: bool,
}

/// Character data since the last tag. White space alone is dropped, unless some of it was written as a reference.
#[derive(Default)]
struct Text {
    content: String,
    significant: bool,
}

impl Parser {
    fn event(&mut self, event: Event<'_>, first: bool) -> Result<(), Failure> {
        match event {
            Event::Start(start) => {
                self.end_text()?;
                let element = self.element(&start)?;
                if self.open.len() >= DEPTH_LIMIT {
                    return Err(Failure::new("the XML nests deeper than 128 elements"));
                }
                self.open.push(element);
            }
            Event::Empty(start) => {
                self.end_text()?;
                let mut element = self.element(&start)?;
                element.self_closing = true;
                self.push(Node::Element(element));
            }
            Event::End(_) => {
                self.end_text()?;
                let element = self.open.pop().ok_or_else(malformed)?;
                self.push(Node::Element(element));
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                if text.contains("]]>") {
                    return Err(malformed());
                }
                self.text.significant |= !text.chars().all(is_white_space);
                self.text.content.push_str(&text);
            }
            Event::GeneralRef(reference) => {
                self.text.content.push(character(&reference)?);
                self.text.significant = true;
            }
            Event::CData(data) => {
                self.end_text()?;
                if self.open.is_empty() {
                    return Err(malformed());
                }
                self.push(Node::CData(data.xml10_content().into_owned()));
            }
            Event::PI(instruction) => {
                self.end_text()?;
                let target = name(instruction.target())?;
                if target.eq_ignore_ascii_case("xml") {
                    return Err(malformed());
                }
                let content = instruction.content().trim_start().to_owned();
                self.push(Node::Instruction { target, content });
            }
            Event::Decl(declaration) if first => {
                let mut attributes = vec![("version".to_owned(), declaration.version().map_err(|_| malformed())?.into_owned())];
                for (name, value) in [("encoding", declaration.encoding()), ("standalone", declaration.standalone())] {
                    if let Some(value) = value {
                        attributes.push((name.to_owned(), value.map_err(|_| malformed())?.into_owned()));
                    }
                }
                self.push(Node::Declaration(attributes));
            }
            Event::Decl(_) => return Err(malformed()),
            Event::DocType(_) => return Err(Failure::new("the XML has a document type declaration, which is refused")),
            Event::Comment(_) | Event::Eof => self.end_text()?,
        }
        Ok(())
    }

    fn element(&mut self, start: &BytesStart<'_>) -> Result<Element, Failure> {
        if self.open.is_empty() && std::mem::replace(&mut self.has_root, true) {
            return Err(Failure::new("the XML has two root elements"));
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| malformed())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| malformed())?;
            if attribute.value.contains('<') || !value.chars().all(is_xml_character) {
                return Err(malformed());
            }
            attributes.push((name(attribute.key.as_ref())?, value.into_owned()));
            if attributes.len() > ATTRIBUTE_LIMIT {
                return Err(Failure::new("an element has more than 256 attributes"));
            }
        }
        Ok(Element { name: name(start.name().as_ref())?, attributes, children: Vec::new(), self_closing: false })
    }

    fn end_text(&mut self) -> Result<(), Failure> {
        let text = std::mem::take(&mut self.text);
        match self.open.last_mut() {
            Some(parent) if text.significant => parent.children.push(Node::Text(text.content)),
            None if text.significant => return Err(malformed()),
            Some(_) | None => {}
        }
        Ok(())
    }

    fn push(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.nodes.push(node),
        }
    }
}

/// A character reference or one of the five entities that XML itself has.
fn character(reference: &BytesRef<'_>) -> Result<char, Failure> {
    if let Some(it) = reference.resolve_char_ref().map_err(|_| malformed())? {
        return if is_xml_character(it) { Ok(it) } else { Err(malformed()) };
    }
    match reference.xml10_content().as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => Err(Failure::new("the XML refers to an entity that is not declared")),
    }
}

fn name(text: &str) -> Result<String, Failure> {
    let starts = text.starts_with(|it: char| it.is_alphabetic() || matches!(it, '_' | ':'));
    let holds = |it: char| it.is_alphanumeric() || matches!(it, '_' | ':' | '-' | '.' | '\u{b7}') || !it.is_ascii();
    if starts && text.chars().all(holds) { Ok(text.to_owned()) } else { Err(malformed()) }
}

fn is_white_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// XML 1.0, section 2.2.
fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}
