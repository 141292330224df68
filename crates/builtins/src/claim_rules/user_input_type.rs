/// `UserInputType`: the control that collects or shows a claim (reference "claims", section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserInputType {
    /// One line of text.
    TextBox,
    /// Lists of day, month and year.
    DateTimeDropdown,
    /// One value of the enumeration.
    RadioSingleSelect,
    /// One value of the enumeration.
    DropdownSingleSelect,
    /// Any number of values of the enumeration.
    CheckboxMultiSelect,
    /// A line that shows no characters.
    Password,
    /// Shown, not editable.
    Readonly,
    /// In the schema only.
    Button,
    /// A line for an e-mail address.
    EmailBox,
    /// Shown as a block of text.
    Paragraph,
}

impl UserInputType {
    /// All, in the schema's order.
    pub const ALL: [Self; 10] = [
        Self::TextBox,
        Self::DateTimeDropdown,
        Self::RadioSingleSelect,
        Self::DropdownSingleSelect,
        Self::CheckboxMultiSelect,
        Self::Password,
        Self::Readonly,
        Self::Button,
        Self::EmailBox,
        Self::Paragraph,
    ];

    /// The name as a policy writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TextBox => "TextBox",
            Self::DateTimeDropdown => "DateTimeDropdown",
            Self::RadioSingleSelect => "RadioSingleSelect",
            Self::DropdownSingleSelect => "DropdownSingleSelect",
            Self::CheckboxMultiSelect => "CheckboxMultiSelect",
            Self::Password => "Password",
            Self::Readonly => "Readonly",
            Self::Button => "Button",
            Self::EmailBox => "EmailBox",
            Self::Paragraph => "Paragraph",
        }
    }

    /// The control of that name, matched exactly.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }

    /// Whether what is entered must be a value of the enumeration.
    pub fn selects(self) -> bool {
        matches!(self, Self::RadioSingleSelect | Self::DropdownSingleSelect | Self::CheckboxMultiSelect)
    }

    /// Whether the claim is only shown: what a page posts for it is ignored.
    pub fn is_shown_only(self) -> bool {
        matches!(self, Self::Readonly | Self::Paragraph | Self::Button)
    }
}
