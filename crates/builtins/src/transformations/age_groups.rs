//! Age gating: which group a birth date and a country make, and whether a parent has to consent. What GetAgeGroup… have
//! in common.

use super::call::{Call, Run};
use super::failure::{Failure, ParameterFailure};
use super::signature::{DATE, STRING, Slot, required};
use crate::Value;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub(crate) const INPUTS: &[Slot] = &[
    required("dateOfBirth", DATE),
    required("countryCode", STRING),
    required("consentProvidedForMinor", STRING).nullable(),
];

/// The ages, in years, at which someone may consent and at which someone is of age.
#[derive(Clone, Copy)]
struct Thresholds {
    consent: Option<i32>,
    majority: i32,
}

/// Every other country.
const DEFAULT: Thresholds = Thresholds { consent: None, majority: 18 };

const COUNTRIES: &[(Thresholds, &[&str])] = &[
    (Thresholds { consent: None, majority: 20 }, &["TH", "TW"]),
    (Thresholds { consent: None, majority: 21 }, &["AE", "BH", "CM", "EG", "NA", "SG", "TD"]),
    (Thresholds { consent: Some(13), majority: 18 }, &["ES", "GB", "IE", "PL", "SE", "US"]),
    (Thresholds { consent: Some(14), majority: 18 }, &["AT", "BE", "KR"]),
    (
        Thresholds { consent: Some(16), majority: 18 },
        &[
            "BG", "CY", "CZ", "DE", "DK", "EE", "FR", "GR", "HR", "HU", "IT", "LT", "LU", "LV", "MT", "NL", "PT", "RO",
            "SI", "SK",
        ],
    ),
];

/// Prepares a method that calls the answer about consent `requires_consent`.
pub(crate) fn prepare(requires_consent: &'static str) -> Result<Run, ParameterFailure> {
    Ok(Box::new(move |call| run(call, requires_consent)))
}

fn run(call: &mut Call<'_>, requires_consent: &str) -> Result<(), Failure> {
    let birth = *call.needed_date("dateOfBirth")?;
    let today = TimeZone::UTC.to_datetime(call.env.now).date();
    if birth > today {
        return Err(Failure::new("the date of birth is in the future"));
    }
    let thresholds = thresholds(call.needed_text("countryCode")?);
    let below_consent = match thresholds.consent {
        Some(age) => is_younger(birth, age, today)?,
        None => false,
    };
    let group = if below_consent {
        "Minor"
    } else if is_younger(birth, thresholds.majority, today)? {
        "NotAdult"
    } else {
        "Adult"
    };
    call.set_text("ageGroup", group);
    call.set_boolean(requires_consent, below_consent);
    if let Some(consent) = call.text("consentProvidedForMinor") {
        call.set("consentProvidedForMinor", Value::String(consent.clone()));
    }
    Ok(())
}

fn thresholds(country: &str) -> Thresholds {
    let listed = |(_, countries): &&(Thresholds, &[&str])| countries.iter().any(|it| it.eq_ignore_ascii_case(country));
    COUNTRIES.iter().find(listed).map_or(DEFAULT, |(it, _)| *it)
}

/// Whether the birthday of that age is still to come. Who is born on 29 February has it on 28 February in other years.
fn is_younger(birth: Date, age: i32, today: Date) -> Result<bool, Failure> {
    let birthday = birth.checked_add(age.years()).map_err(|_| Failure::new("the date of birth is out of range"))?;
    Ok(today < birthday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_ends_the_younger_age() {
        let younger = |birth: &str, today: &str| is_younger(birth.parse().unwrap(), 16, today.parse().unwrap()).ok();
        assert_eq!(younger("2008-06-01", "2024-05-31"), Some(true));
        assert_eq!(younger("2008-06-01", "2024-06-01"), Some(false));
        assert_eq!(younger("2004-02-29", "2020-02-28"), Some(true), "2020 has the day");
        assert_eq!(younger("2004-02-29", "2020-02-29"), Some(false));
        let of_age = |today: &str| is_younger(Date::constant(2004, 2, 29), 18, today.parse().unwrap()).ok();
        assert_eq!(of_age("2022-02-27"), Some(true));
        assert_eq!(of_age("2022-02-28"), Some(false), "2022 has not");
    }
}
