use crate::transformations::regex::{Regex, RegexError, Replacement};
use crate::transformations::utf16;

/// `Mask`: how a value is shown (reference "claims", section 6). Claim, tokens and what is posted stay as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mask {
    /// `Type="Simple"`: the text stands in the place of as many characters at the beginning.
    Simple(String),
    /// `Type="Regex"`: every match becomes the text.
    Regex {
        /// `Regex`
        expression: String,
        /// The element's text; `$1` and the like are .NET's substitutions.
        text: String,
    },
}

/// A mask with its expression parsed.
#[derive(Debug)]
pub enum CompiledMask {
    /// `Type="Simple"`
    Simple(String),
    /// `Type="Regex"`
    Regex {
        /// The expression.
        regex: Box<Regex>,
        /// What matches become.
        replacement: Replacement,
        /// The element's text.
        text: String,
    },
}

impl Mask {
    /// Parses the expression.
    ///
    /// # Errors
    /// It is no expression.
    pub fn compile(&self) -> Result<CompiledMask, RegexError> {
        Ok(match self {
            Self::Simple(text) => CompiledMask::Simple(text.clone()),
            Self::Regex { expression, text } => {
                let regex = Box::new(Regex::new(expression)?);
                CompiledMask::Regex { replacement: Replacement::new(text, &regex), regex, text: text.clone() }
            }
        })
    }
}

impl CompiledMask {
    /// What is shown instead of `value`. Nothing of a value is revealed where the mask can't be applied: it is shorter than
    /// a simple mask, or the expression reaches its limit of steps. Then the mask's own text is shown.
    pub fn shown(&self, value: &str) -> String {
        match self {
            Self::Simple(text) => match after(value, utf16::length(text)) {
                Some(rest) => format!("{text}{rest}"),
                None => text.clone(),
            },
            Self::Regex { regex, replacement, text } => {
                regex.replace(value, replacement).unwrap_or_else(|_| text.clone())
            }
        }
    }
}

/// What follows that many UTF-16 units. A character outside the basic plane that the mask ends in the middle of is hidden
/// whole.
fn after(value: &str, units: usize) -> Option<&str> {
    let at = utf16::byte_position(value, units).or_else(|| utf16::byte_position(value, units + 1))?;
    value.get(at..)
}
