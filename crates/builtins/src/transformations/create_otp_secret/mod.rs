use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, output};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CreateOtpSecret",
    inputs: &[],
    parameters: &[],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

/// RFC 4648, section 6, in lower case.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let mut bytes = [0_u8; 16];
        (call.env.random)(&mut bytes);
        // Five bits of each byte: 80 random bits, the same as base32 of ten bytes.
        let secret: String = bytes.iter().map(|it| char::from(ALPHABET[usize::from(it & 31)])).collect();
        call.set_text("outputClaim", secret);
        Ok(())
    }))
}
