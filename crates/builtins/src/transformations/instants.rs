//! Dates and instants within the range of .NET's `DateTime`: the years 1 to 9999, in ticks of 100 nanoseconds.

use super::failure::Failure;
use crate::{DataType, Value};
use jiff::Timestamp;

const NANOSECONDS: i128 = 1_000_000_000;
/// 0001-01-01T00:00:00Z
const FIRST: i128 = -62_135_596_800 * NANOSECONDS;
/// 9999-12-31T23:59:59.9999999Z
const LAST: i128 = 253_402_300_800 * NANOSECONDS - 100;

/// An instant as text, ISO 8601; without an offset it counts as UTC.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    match Value::parse(DataType::DateTime, text) {
        Ok(Value::DateTime(it)) => Some(it),
        _ => None,
    }
}

/// Ticks since 1970.
pub(crate) fn ticks(instant: Timestamp) -> i128 {
    instant.as_nanosecond().div_euclid(100)
}

/// Ticks since 1970 of the instant that many seconds later.
pub(crate) fn ticks_after(instant: Timestamp, seconds: i32) -> Result<i128, Failure> {
    let nanoseconds = instant.as_nanosecond() + i128::from(seconds) * NANOSECONDS;
    if (FIRST..=LAST).contains(&nanoseconds) {
        Ok(nanoseconds.div_euclid(100))
    } else {
        Err(Failure::new("the time span leads outside the years 1 to 9999"))
    }
}
