use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use super::EditError;

/// The end of a client secret's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    end: Timestamp,
}

impl Expiry {
    /// Two years from `now`, which is what Azure takes when nothing is said.
    pub fn two_years(now: Timestamp) -> Self {
        Self { end: after(now, 2.years()).unwrap_or(Timestamp::MAX) }
    }

    /// `12h`, `90d` or `2y` from `now`, or a date such as `2027-01-31`, meaning its first moment in UTC.
    ///
    /// # Errors
    /// Another form, a time that has passed, a time beyond the year 9999.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, EditError> {
        let invalid = |problem| EditError::invalid("expiry", text, problem);
        let end = duration(text, now).or_else(|| first_moment(text)).ok_or_else(|| {
            invalid("is neither a duration such as `90d`, `2y` or `12h` nor a date such as `2027-01-31`")
        })?;
        if end <= now { Err(invalid("has passed already")) } else { Ok(Self { end: whole_seconds(end) }) }
    }

    /// The moment from which the secret is no longer valid.
    pub fn end(self) -> Timestamp {
        self.end
    }
}

fn duration(text: &str, now: Timestamp) -> Option<Timestamp> {
    let unit = text.chars().next_back()?;
    let count = text.strip_suffix(unit)?;
    let count: i32 = count.bytes().all(|byte| byte.is_ascii_digit()).then(|| count.parse().ok())??;
    let span = match unit {
        'h' => Span::new().try_hours(count),
        'd' => Span::new().try_days(count),
        'y' => Span::new().try_years(count),
        _ => return None,
    };
    after(now, span.ok()?)
}

fn after(now: Timestamp, span: Span) -> Option<Timestamp> {
    now.to_zoned(TimeZone::UTC).checked_add(span).ok().map(|end| whole_seconds(end.timestamp()))
}

fn first_moment(text: &str) -> Option<Timestamp> {
    let form = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date: Date = form.then(|| text.parse().ok())??;
    date.to_zoned(TimeZone::UTC).ok().map(|start| start.timestamp())
}

fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_dates() {
        let now: Timestamp = "2026-02-28T10:00:00.5Z".parse().unwrap();
        let end = |text| Expiry::parse(text, now).map(|expiry| expiry.end().to_string()).ok();
        assert_eq!(end("12h").as_deref(), Some("2026-02-28T22:00:00Z"));
        assert_eq!(end("90d").as_deref(), Some("2026-05-29T10:00:00Z"));
        assert_eq!(end("2y").as_deref(), Some("2028-02-28T10:00:00Z"));
        assert_eq!(end("2027-01-31").as_deref(), Some("2027-01-31T00:00:00Z"));
        assert_eq!(Expiry::two_years(now).end().to_string(), "2028-02-28T10:00:00Z");
        for bad in
            ["", "d", "0d", "-1d", "+1d", "1w", "é", "2026-02-28", "2020-01-01", "2027-13-01", "99999999999y", "9999y"]
        {
            assert_eq!(end(bad), None, "{bad}");
        }
    }
}
