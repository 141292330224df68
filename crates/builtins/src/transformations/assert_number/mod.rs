use super::call::Run;
use super::failure::{Assertion, Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{BOOLEAN, Content, FLAG, INT, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "AssertNumber",
    inputs: &[required("inputClaim", INT)],
    parameters: &[
        parameter("CompareToValue", INT, Content::Text),
        parameter("Operator", STRING, Content::Words(WORDS)),
        parameter("throwError", BOOLEAN, FLAG).or("true"),
    ],
    outputs: &[output("outputClaim", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

const WORDS: &[&str] = &["LessThan", "GreaterThan", "GreaterThanOrEqual", "LessThanOrEqual", "Equal", "NotEqual"];

/// Compares the claim with the parameter.
type Operator = fn(&i32, &i32) -> bool;

const OPERATORS: &[(&str, Operator)] = &[
    ("LessThan", i32::lt),
    ("GreaterThan", i32::gt),
    ("GreaterThanOrEqual", i32::ge),
    ("LessThanOrEqual", i32::le),
    ("Equal", i32::eq),
    ("NotEqual", i32::ne),
];

static ASSERTED: Assertion =
    Assertion { key: "AssertNumberError", default_text: "The number you gave is not allowed here." };

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let operator = preparation.word("Operator", OPERATORS)?;
    let compared_to = preparation.int("CompareToValue")?;
    let throws = preparation.boolean("throwError")?;
    Ok(Box::new(move |call| {
        let holds = operator(call.needed_int("inputClaim")?, &compared_to);
        if holds && throws {
            return Err(Failure::Assertion(&ASSERTED));
        }
        call.set_boolean("outputClaim", holds);
        Ok(())
    }))
}
