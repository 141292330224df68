use crate::{Findings, Phase, Rule};
use wayfarer_builtins::DataType;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy};

pub static RULE: Rule = Rule {
    code: "user-input-type-mismatch",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for node in policy.own(Kind::ClaimType) {
        let claim_type = node.as_ref();
        let Some(control) = claim_type.child("UserInputType").map(|it| it.text()) else { continue };
        let Some(data_type) = claim_type.child("DataType").and_then(|it| DataType::from_name(it.text().value.trim()))
        else {
            continue;
        };
        let Some(fitting) = data_types_of(control.value.trim()).filter(|it| !it.contains(&data_type)) else { continue };
        let id = claim_type.attribute("Id").map_or("", |it| it.value);
        let message =
            format!("`{id}` is {data_type}, and its input control `{}` is not for that type", control.value.trim());
        let types: Vec<_> = fitting.iter().map(|it| it.as_str()).collect();
        let diagnostic = findings.report(control.span, message);
        match types[..] {
            [] => diagnostic
                .label("in the schema only")
                .help("take a control that the documentation has, such as `TextBox`"),
            _ => diagnostic
                .label(format!("works with {}", types.join(", ")))
                .help("take another control, or another data type"),
        };
    }
}

/// The types that a control takes: the documented ones, and those that it is seen with in public policies (reference
/// "claims", section 5). `CheckboxMultiSelect` of a boolean is seen, and fails when the page is shown (AADB2C90161).
fn data_types_of(control: &str) -> Option<&'static [DataType]> {
    use DataType::{
        AlternativeSecurityIdCollection, Boolean, Date, DateTime, Duration, Int, Long, PhoneNumber, String,
    };
    Some(match control {
        "TextBox" => &[Boolean, Int, String, Long, PhoneNumber],
        "EmailBox" | "Password" | "CheckboxMultiSelect" => &[String],
        "DateTimeDropdown" => &[Date, DateTime],
        "DropdownSingleSelect" | "RadioSingleSelect" => &[String, Boolean],
        "Readonly" | "Paragraph" => {
            &[Boolean, Date, DateTime, Duration, Int, Long, String, PhoneNumber, AlternativeSecurityIdCollection]
        }
        "Button" => &[],
        _ => return None,
    })
}
