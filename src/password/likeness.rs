//! Is a password the person's e-mail address in disguise? (A2)
//!
//! Both are compared without regard to case and reduced to their letters and digits, so that `Anna.Berg` in the address
//! is seen in `anna-berg`. A password is too close when
//! 1. it *is* the address or the part before the `@`,
//! 2. it *contains* that part (of four or more characters), and what remains without it has fewer than eight,
//! 3. it differs from the address, or from that part (of six or more characters), in at most two letters or digits.
//!
//! A long phrase that happens to hold a short name is not punished: what is left of it is strong by itself.

use zeroize::Zeroizing;

/// A part shorter than this is too common a piece of other words to be looked for.
const MIN_CONTAINED: usize = 4;
/// What has to remain of a password when the part of the address is taken out.
const MIN_REMAINDER: usize = 8;
/// A part shorter than this is not compared letter by letter: two changes would reach too many words.
const MIN_COMPARED: usize = 6;
/// So many letters may be added, left out or changed before a password counts as different.
const MAX_CHANGES: usize = 2;
/// Longer texts are not compared: no password that the policy accepts is longer by more than the changes.
const MAX_COMPARED: usize = 400;

/// Tells whether `password` is equal or close to `email`, by the rules of this module.
///
/// Without an address (an empty `email`), nothing is close.
pub fn is_close_to_email(password: &str, email: &str) -> bool {
    let email = email.trim().to_lowercase();
    if email.is_empty() {
        return false;
    }
    let local = email.rsplit_once('@').map_or(email.as_str(), |(local, _)| local);
    let folded = Zeroizing::new(password.to_lowercase());
    if *folded == email || *folded == local {
        return true;
    }
    let word = Zeroizing::new(letters(&folded));
    let (address, local) = (letters(&email), letters(local));
    contains_too_much(&word, &local) || differs_little(&word, &address) || differs_little(&word, &local)
}

/// The letters and digits of a folded text.
fn letters(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn contains_too_much(word: &str, local: &str) -> bool {
    let part = local.chars().count();
    part >= MIN_CONTAINED && word.contains(local) && word.chars().count().saturating_sub(part) < MIN_REMAINDER
}

fn differs_little(word: &str, other: &str) -> bool {
    let (word_len, other_len) = (word.chars().count(), other.chars().count());
    (MIN_COMPARED..=MAX_COMPARED).contains(&other_len)
        && word_len.abs_diff(other_len) <= MAX_CHANGES
        && distance(word, other) <= MAX_CHANGES
}

/// The Levenshtein distance: how many characters must be added, left out or changed to turn one text into the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = i; // the cell above and to the left
        let mut left = i + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (b, above) in other.iter().zip(row.iter().skip(1)) {
            let cell = (diagonal + usize::from(a != *b)).min(above + 1).min(left + 1);
            diagonal = *above;
            left = cell;
            next.push(cell);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_changes() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("same", "same", 0),
            ("größe", "grosse", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }

    /// A2: "not equal or close to the e-mail".
    #[test]
    fn close_passwords_are_seen() {
        for (password, email) in [
            ("ada@example.org", "ada@example.org"),
            ("ADA@Example.ORG", "ada@example.org"),
            ("ada", "ada@example.org"),
            ("anna.berg", "Anna.Berg@example.org"),
            ("AnnaBerg-2024", "anna.berg@example.org"),
            ("!!anna_berg1", "anna.berg@example.org"),
            ("Anna.Borg", "anna.berg@example.org"),
            ("ada@exampel.org", "ada@example.org"),
            ("Ada-Example-Org!", "ada@example.org"),
            ("Müller1!", "müller@example.org"),
            ("JOANNA-1!", "anna@example.org"),
        ] {
            assert!(is_close_to_email(password, email), "{password} {email}");
        }
    }

    /// A2: a phrase that only happens to hold a short name stays allowed, and no address means nothing to be close to.
    #[test]
    fn other_passwords_are_not_close() {
        for (password, email) in [
            ("Joanna sings at nine-9", "anna@example.org"),
            ("adamant-Rock-77", "ada@example.org"),
            ("completely-Different-1", "anna.berg@example.org"),
            ("", "anna.berg@example.org"),
            ("anything-1A", ""),
            ("!!!!!!!!", "@"),
            ("x", "@@@"),
        ] {
            assert!(!is_close_to_email(password, email), "{password} {email}");
        }
    }
}
