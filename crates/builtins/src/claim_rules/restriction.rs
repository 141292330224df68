use crate::transformations::EnumerationItem;
use crate::transformations::regex::{Regex, RegexError};

/// `Restriction` (reference "claims", section 7): the schema allows one kind or the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// `Enumeration` elements, merged along the chain.
    Enumeration(Vec<EnumerationChoice>),
    /// `Pattern`
    Pattern(Pattern),
}

/// One `Enumeration` element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumerationChoice {
    /// What is shown and what is stored.
    pub item: EnumerationItem,
    /// `SelectByDefault`
    pub select_by_default: bool,
}

/// `Pattern`: searched for anywhere in the text, as an expression without anchors does (not documented, so chosen).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// `RegularExpression`
    pub regular_expression: String,
    /// `HelpText`
    pub help_text: Option<String>,
}

/// A pattern with its expression parsed.
#[derive(Debug)]
pub struct CompiledPattern {
    regex: Box<Regex>,
    /// `HelpText`
    pub help_text: Option<String>,
}

impl Pattern {
    /// Parses the expression.
    ///
    /// # Errors
    /// It is no expression.
    pub fn compile(&self) -> Result<CompiledPattern, RegexError> {
        let regex = Box::new(Regex::new(&self.regular_expression)?);
        Ok(CompiledPattern { regex, help_text: self.help_text.clone() })
    }
}

impl CompiledPattern {
    /// Whether a text matches; one that takes too many steps does not.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text).unwrap_or(false)
    }
}

impl Restriction {
    /// The enumeration; none where the restriction is a pattern.
    pub fn choices(&self) -> &[EnumerationChoice] {
        match self {
            Self::Enumeration(choices) => choices,
            Self::Pattern(_) => &[],
        }
    }
}
