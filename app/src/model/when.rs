//! A moment, as a page tells it.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// A moment for a page: exact for machines, near for people. Times of day are UTC, for we do not know the reader's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// RFC 3339, for the `datetime` attribute.
    pub exact: String,
    /// `20 minutes ago`, `today 14:02 UTC`, `yesterday 18:31 UTC`, `16 November`, `3 March 2024`.
    pub text: String,
    /// `16 November 2026, 14:02 UTC`, where there is room for it.
    pub full: String,
}

impl When {
    /// The moment `at`, told at the moment `now`.
    pub fn new(at: OffsetDateTime, now: OffsetDateTime) -> Self {
        let day = format_description!("[day padding:none] [month repr:long]");
        let day_year = format_description!("[day padding:none] [month repr:long] [year]");
        let clock = format_description!("[hour]:[minute] UTC");
        let write = |format: &[time::format_description::BorrowedFormatItem<'_>]| at.format(format).unwrap_or_default();
        let at_utc = at.to_offset(time::UtcOffset::UTC);
        let now = now.to_offset(time::UtcOffset::UTC);
        let age = now - at_utc;
        let text = if age.is_negative() && age.whole_seconds() < -60 {
            format!("{}, {}", write(day_year), write(clock))
        } else if age.whole_seconds() < 60 {
            "just now".to_owned()
        } else if age.whole_minutes() < 60 {
            format!("{} ago", super::problem::count(age.whole_minutes().unsigned_abs(), "minute"))
        } else if at_utc.date() == now.date() {
            format!("today {}", write(clock))
        } else if at_utc.date().next_day() == Some(now.date()) {
            format!("yesterday {}", write(clock))
        } else if at_utc.year() == now.year() {
            write(day)
        } else {
            write(day_year)
        };
        Self {
            exact: at_utc.format(&Rfc3339).unwrap_or_default(),
            full: format!("{}, {}", write(day_year), write(clock)),
            text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn moments_are_told_by_their_age() {
        let now = datetime!(2026-11-21 14:30 UTC);
        for (at, text) in [
            (datetime!(2026-11-21 14:29:30 UTC), "just now"),
            (datetime!(2026-11-21 14:29 UTC), "1 minute ago"),
            (datetime!(2026-11-21 14:10 UTC), "20 minutes ago"),
            (datetime!(2026-11-21 09:05 UTC), "today 09:05 UTC"),
            (datetime!(2026-11-20 18:31 UTC), "yesterday 18:31 UTC"),
            (datetime!(2026-11-02 18:31 UTC), "2 November"),
            (datetime!(2024-03-03 18:31 UTC), "3 March 2024"),
            (datetime!(2026-11-22 10:42 UTC), "22 November 2026, 10:42 UTC"),
        ] {
            assert_eq!(When::new(at, now).text, text);
        }
        let when = When::new(datetime!(2026-11-02 18:31 UTC), now);
        assert_eq!(when.exact, "2026-11-02T18:31:00Z");
        assert_eq!(when.full, "2 November 2026, 18:31 UTC");
    }
}
