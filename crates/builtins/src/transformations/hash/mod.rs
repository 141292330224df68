use super::call::{Call, Run};
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{Content, STRING, Transformation, output, parameter, required};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::borrow::Cow;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "Hash",
    inputs: &[required("plaintext", STRING), required("salt", STRING)],
    parameters: &[parameter("randomizerSecret", STRING, Content::PolicyKey)],
    outputs: &[output("hash", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let container = preparation.text("randomizerSecret")?.to_owned();
    Ok(Box::new(move |call| hash(call, &container)))
}

/// HMAC-SHA-256, keyed with the secret, over the length of the salt, the salt and the plain text.
fn hash(call: &mut Call<'_>, container: &str) -> Result<(), Failure> {
    let (plaintext, salt) = (call.needed_text("plaintext")?, call.needed_text("salt")?);
    let secret = (call.env.keys)(container)
        .ok_or_else(|| Failure::Failed(Cow::Owned(format!("there is no policy key `{container}`"))))?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let mut context = hmac::Context::with_key(&key);
    // The length keeps apart what concatenation would confuse: salt "a" with "bc", and salt "ab" with "c".
    context.update(&u64::try_from(salt.len()).unwrap_or(u64::MAX).to_be_bytes());
    context.update(salt.as_bytes());
    context.update(plaintext.as_bytes());
    call.set_text("hash", BASE64.encode(context.sign()));
    Ok(())
}
