use super::env::Env;
use super::failure::{Failure, TransformationError};
use super::signature::{Null, Transformation, position};
use super::{Declaration, DeclaredClaim};
use crate::{DataType, Identity, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A method with its parameters parsed, ready to be called any number of times. Cloning is cheap.
#[derive(Clone)]
pub struct Prepared(Arc<Inner>);

/// What a call does to one declared output claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The claim gets this value.
    Set(Value),
    /// The claim loses its value.
    Clear,
    /// The claim stays as it is.
    Untouched,
}

/// What a method does in one call.
pub(crate) type Run = Box<dyn Fn(&mut Call<'_>) -> Result<(), Failure> + Send + Sync>;

struct Inner {
    transformation: &'static Transformation,
    id: String,
    inputs: Vec<DeclaredInput>,
    /// For each slot of the signature, the declared input.
    input_positions: Vec<Option<usize>>,
    outputs: Vec<DeclaredOutput>,
    /// For each slot of the signature, the declared output.
    output_positions: Vec<Option<usize>>,
    run: Run,
}

struct DeclaredInput {
    slot: String,
    claim_type: String,
    data_type: DataType,
    null: Null,
}

struct DeclaredOutput {
    name: String,
    data_type: DataType,
}

impl Prepared {
    pub(crate) fn new(transformation: &'static Transformation, declaration: &Declaration, run: Run) -> Self {
        let null = |claim: &DeclaredClaim| {
            position(transformation.inputs, &claim.slot)
                .and_then(|at| transformation.inputs.get(at))
                .map_or(Null::Error, |it| it.null)
        };
        let find = |slots: &[super::Slot], claims: &[DeclaredClaim]| {
            (0..slots.len())
                .map(|at| claims.iter().position(|it| position(slots, &it.slot) == Some(at)))
                .collect::<Vec<_>>()
        };
        Self(Arc::new(Inner {
            transformation,
            id: declaration.id.clone(),
            inputs: declaration
                .inputs
                .iter()
                .map(|it| DeclaredInput {
                    slot: it.slot.clone(),
                    claim_type: it.claim_type.clone(),
                    data_type: it.data_type,
                    null: null(it),
                })
                .collect(),
            input_positions: find(transformation.inputs, &declaration.inputs),
            outputs: declaration
                .outputs
                .iter()
                .map(|it| DeclaredOutput { name: it.slot.clone(), data_type: it.data_type })
                .collect(),
            output_positions: find(transformation.outputs, &declaration.outputs),
            run,
        }))
    }

    /// The transformation that was prepared.
    pub fn transformation(&self) -> &'static Transformation {
        self.0.transformation
    }

    /// Runs it. `inputs` are the values of the declared input claims, in declaration order; the result has one entry
    /// for each declared output claim, in declaration order. Nothing is written when it fails.
    ///
    /// # Errors
    /// A needed input has no value, an assertion does not hold, or the method fails.
    pub fn run(&self, inputs: &[Option<Value>], env: &Env<'_>) -> Result<Vec<Output>, TransformationError> {
        let inner = &*self.0;
        for (index, declared) in inner.inputs.iter().enumerate() {
            match inputs.get(index).and_then(Option::as_ref) {
                None if declared.null == Null::Error => {
                    return Err(TransformationError::MissingInput {
                        transformation: inner.id.clone(),
                        method: inner.transformation.method,
                        slot: declared.slot.clone(),
                        claim_type: declared.claim_type.clone(),
                    });
                }
                Some(value) if value.data_type() != declared.data_type => {
                    let reason = format!("claim `{}` is not of its type {}", declared.claim_type, declared.data_type);
                    return Err(inner.error(Failure::Failed(Cow::Owned(reason))));
                }
                None | Some(_) => {}
            }
        }
        let mut call = Call { inner, inputs, env, outputs: vec![Output::Untouched; inner.outputs.len()] };
        match (inner.run)(&mut call) {
            Ok(()) => Ok(call.outputs),
            Err(failure) => Err(inner.error(failure)),
        }
    }
}

impl Inner {
    fn error(&self, failure: Failure) -> TransformationError {
        let (transformation, method) = (self.id.clone(), self.transformation.method);
        match failure {
            Failure::Assertion(it) => {
                TransformationError::Assertion { transformation, method, key: it.key, default_text: it.default_text }
            }
            Failure::Failed(reason) => TransformationError::Failed { transformation, method, reason },
        }
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prepared({} {})", self.0.transformation.method, self.0.id)
    }
}

/// One call: reads inputs by their slot, and writes outputs by theirs. Names are those of the signature.
pub(crate) struct Call<'a> {
    inner: &'a Inner,
    inputs: &'a [Option<Value>],
    pub env: &'a Env<'a>,
    outputs: Vec<Output>,
}

/// A getter for a slot of one type: the value, where there is one.
macro_rules! getters {
    ($($(#[$doc:meta])* $name:ident / $needed:ident: $variant:ident => $type:ty;)*) => {$(
        $(#[$doc])*
        pub(crate) fn $name(&self, slot: &str) -> Option<&'a $type> {
            match self.value(slot) {
                Some(Value::$variant(it)) => Some(it),
                _ => None,
            }
        }

        $(#[$doc])*
        pub(crate) fn $needed(&self, slot: &str) -> Result<&'a $type, Failure> {
            self.$name(slot).ok_or_else(|| no_value(slot))
        }
    )*};
}

impl<'a> Call<'a> {
    /// The value of an input, of any type.
    pub(crate) fn value(&self, slot: &str) -> Option<&'a Value> {
        let at = self.inner.transformation.inputs.iter().position(|it| it.name == slot)?;
        let index = (*self.inner.input_positions.get(at)?)?;
        self.inputs.get(index)?.as_ref()
    }

    getters! {
        /// A `string`.
        text / needed_text: String => String;
        /// A `boolean`.
        boolean / needed_boolean: Boolean => bool;
        /// An `int`.
        int / needed_int: Int => i32;
        /// A `date`.
        date / needed_date: Date => Date;
        /// A `dateTime`.
        date_time / needed_date_time: DateTime => Timestamp;
        /// A `phoneNumber`.
        phone_number / needed_phone_number: PhoneNumber => String;
        /// A `stringCollection`.
        strings / needed_strings: StringCollection => Vec<String>;
        /// A `userIdentity`.
        user_identity / needed_user_identity: UserIdentity => Identity;
        /// A `userIdentityCollection`.
        user_identities / needed_user_identities: UserIdentityCollection => Vec<Identity>;
        /// An `alternativeSecurityIdCollection`.
        alternative_security_ids / needed_alternative_security_ids: AlternativeSecurityIdCollection => Vec<Identity>;
    }

    /// The value of the declared input with that index.
    pub(crate) fn input(&self, index: usize) -> Option<&'a Value> {
        self.inputs.get(index)?.as_ref()
    }

    /// All declared inputs.
    pub(crate) fn inputs(&self) -> &'a [Option<Value>] {
        self.inputs
    }

    /// The declared outputs: index, name and data type.
    pub(crate) fn declared_outputs(&self) -> impl Iterator<Item = (usize, &'a str, DataType)> + use<'a> {
        self.inner.outputs.iter().enumerate().map(|(index, it)| (index, it.name.as_str(), it.data_type))
    }

    /// Writes the output of that slot; nothing happens when the policy does not declare it.
    pub(crate) fn set(&mut self, slot: &str, value: Value) {
        self.write(slot, Output::Set(value));
    }

    /// Writes a `string`.
    pub(crate) fn set_text(&mut self, slot: &str, text: impl Into<String>) {
        self.set(slot, Value::String(text.into()));
    }

    /// Writes a `boolean`.
    pub(crate) fn set_boolean(&mut self, slot: &str, value: bool) {
        self.set(slot, Value::Boolean(value));
    }

    /// Takes the output's value away.
    pub(crate) fn clear(&mut self, slot: &str) {
        self.write(slot, Output::Clear);
    }

    /// Writes the declared output with that index.
    pub(crate) fn set_declared(&mut self, index: usize, value: Value) {
        if let Some(it) = self.outputs.get_mut(index) {
            *it = Output::Set(value);
        }
    }

    fn write(&mut self, slot: &str, output: Output) {
        let Some(at) = self.inner.transformation.outputs.iter().position(|it| it.name == slot) else { return };
        let Some(Some(index)) = self.inner.output_positions.get(at) else { return };
        if let Some(it) = self.outputs.get_mut(*index) {
            *it = output;
        }
    }
}

/// A slot that the signature lets be absent was needed after all.
fn no_value(slot: &str) -> Failure {
    Failure::Failed(Cow::Owned(format!("input `{slot}` has no value")))
}
