//! What was wrong with a form, as closed codes with their words.

use super::{FURTHER, entry_of};

/// A thing that was wrong with a form: where, and in which words.
pub trait Problem {
    /// The `id` of the field it belongs to; `None` when it concerns the form as a whole.
    fn field(&self) -> Option<&'static str>;
    /// What happened and what to do next.
    fn words(&self) -> String;
}

/// Why nobody may pass for a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Hold {
    /// A limit on tries was reached.
    TooManyTries {
        /// Seconds until the next try counts.
        seconds: u64,
    },
    /// The service has more to do than it can; nothing was changed.
    Busy {
        /// Seconds after which trying again is worth it.
        seconds: u64,
    },
}

impl Hold {
    /// What happened and when to come back.
    pub fn words(self) -> String {
        match self {
            Self::TooManyTries { seconds } => {
                format!("Too many tries from here. Try again in {}.", span(seconds))
            }
            Self::Busy { seconds } => {
                format!(
                    "Many people are at the door just now, and nothing was changed. Try again in {}.",
                    span(seconds)
                )
            }
        }
    }
}

/// The first sentence of a text, without its full stop.
pub(crate) fn first_sentence(words: &str) -> &str {
    words.split_once(". ").map_or(words, |(first, _)| first).trim_end_matches('.')
}

/// The problem in short, for a list: the field and the first sentence.
pub(crate) fn in_short(problem: &impl Problem) -> String {
    let words = problem.words();
    let Some(label) = problem.field().map(label_of) else {
        return words;
    };
    format!("{label}: {}", small(first_sentence(&words)))
}

/// What the field with this id is called in a list of problems.
fn label_of(field: &str) -> &'static str {
    match field {
        "email" => "E-mail",
        "username" => "Username",
        "name" => "Display name",
        "given_name" => "Given name",
        "family_name" => "Family name",
        "locale" => "Language",
        "zone" => "Time zone",
        "picture" => "Picture",
        "current" => "Present password",
        "again" => "Once more",
        "code" | "user_code" | "recovery_code" => "Code",
        "label" | "client_name" | "organization_name" | "role_name" => "Name",
        "slug" | "confirm" => "Short name",
        "max_members" => "Places",
        "methods" => "What counts",
        "grace" => "Days of grace",
        "member" => "Member",
        "role" => "Role",
        "permission" | "permissions" => "Permission",
        "resource_type" => "Type",
        "reason" => "Reason",
        "ends" => "Last day",
        "description" => "Description",
        "inherits" => "Inherits",
        "exempt" => "Not asked",
        "redirect_uris" => "Addresses",
        "client_id" => "Client id",
        FURTHER => "Further settings",
        _ => entry_of(field).map_or("Password", |entry| entry.label),
    }
}

/// A span of time in words, rounded up: `40 seconds`, `2 minutes`, `1 hour`.
pub(crate) fn span(seconds: u64) -> String {
    let (n, unit) = match seconds {
        0..=1 => (1, "second"),
        2..=90 => (seconds, "second"),
        3600 => (1, "hour"),
        91..=5400 => (seconds.div_ceil(60), "minute"),
        5401..=172_800 => (seconds.div_ceil(3600), "hour"),
        _ => (seconds.div_ceil(86_400), "day"),
    };
    count(n, unit)
}

/// `1 session`, `3 sessions`.
pub(crate) fn count(n: u64, unit: &str) -> String {
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

/// The text with its first letter as a small one.
pub(crate) fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(char::to_lowercase).into_iter().flatten().chain(letters).collect()
}

/// The text with its first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(char::to_uppercase).into_iter().flatten().chain(letters).collect()
}

/// A number as text writes it: in words up to ten.
pub(crate) fn number(n: usize) -> String {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(n).map_or_else(|| n.to_string(), |w| (*w).to_owned())
}

/// The words for the problems of one field, or nothing.
pub(crate) fn words_for<P: Problem>(problems: &[P], field: &str) -> Option<String> {
    let words: Vec<String> = problems.iter().filter(|p| p.field() == Some(field)).map(Problem::words).collect();
    if words.is_empty() { None } else { Some(words.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_rounded_up_and_in_words() {
        for (seconds, text) in [
            (0, "1 second"),
            (1, "1 second"),
            (40, "40 seconds"),
            (91, "2 minutes"),
            (900, "15 minutes"),
            (3600, "1 hour"),
            (5401, "2 hours"),
            (86_400, "24 hours"),
            (200_000, "3 days"),
        ] {
            assert_eq!(span(seconds), text);
        }
    }
}
