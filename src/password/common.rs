//! The shipped list of common passwords (A2).
//!
//! The list travels inside the binary as gzip (140 KiB) and is unpacked on first use, so that a start does not pay for
//! it. In memory it stays one sorted text with the place where each line begins, about 600 KiB; a look-up halves it.
//! Where it comes from, and how to make it anew, stands in `common/README.md`.

use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::GzDecoder;

const PACKED: &[u8] = include_bytes!("common/common.txt.gz");

/// The unpacked list may not grow past this; the shipped one is less than half of it.
const MAX_TEXT: u64 = 1 << 20;

/// At most so many characters before and after a listed word count as its decoration (`dragon2024!`).
const MAX_DECORATION: usize = 5;

/// A listed word shorter than this is not looked for inside a decorated password.
const MIN_HEART: usize = 4;

static LIST: LazyLock<CommonList> = LazyLock::new(CommonList::unpack);

/// Tells whether `password` is on the list of common passwords, or is a listed word with a few digits or marks around.
///
/// Case does not count. At most five characters that are not letters are taken off the ends before the second look,
/// so `Dragon2024!` is refused with `dragon`, while `dragon` inside a longer phrase is not.
pub fn is_common(password: &str) -> bool {
    let folded = zeroize::Zeroizing::new(password.to_lowercase());
    let list = &*LIST;
    if list.contains(&folded) {
        return true;
    }
    let heart = folded.trim_matches(|c: char| !c.is_alphabetic());
    let decoration = folded.chars().count().saturating_sub(heart.chars().count());
    if (1..=MAX_DECORATION).contains(&decoration) && list.contains_heart(heart) {
        return true;
    }
    // The heart may itself end in a digit that belongs to it (`abc123!`, `p@ssw0rd1`): only marks, then one by one.
    let marks_off = folded.trim_matches(|c: char| !c.is_alphanumeric());
    if marks_off.len() < folded.len() && list.contains_heart(marks_off) {
        return true;
    }
    let mut rest = marks_off;
    for _ in 0..MAX_DECORATION {
        let Some(end) = rest.chars().next_back().filter(|c| !c.is_alphabetic()) else {
            break;
        };
        rest = rest.get(..rest.len() - end.len_utf8()).unwrap_or_default();
        if list.contains_heart(rest) {
            return true;
        }
    }
    false
}

/// A sorted text of lines, and where each line begins.
struct CommonList {
    text: String,
    starts: Vec<u32>,
}

impl CommonList {
    /// Unpacks the shipped list. A list that cannot be read (which a test rules out) counts as empty.
    fn unpack() -> Self {
        let mut text = String::new();
        if let Err(error) = GzDecoder::new(PACKED).take(MAX_TEXT).read_to_string(&mut text) {
            tracing::error!(%error, "the list of common passwords cannot be read");
            text.clear();
        }
        text.shrink_to_fit();
        let mut starts = Vec::with_capacity(text.len() / 8);
        let mut next = 0_u32;
        for line in text.split_inclusive('\n') {
            starts.push(next);
            next = next.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        }
        starts.shrink_to_fit();
        Self { text, starts }
    }

    /// The line that begins at `start`, without its end.
    fn line(&self, start: u32) -> &str {
        let rest = usize::try_from(start).ok().and_then(|start| self.text.get(start..)).unwrap_or_default();
        rest.split('\n').next().unwrap_or_default()
    }

    fn contains(&self, folded: &str) -> bool {
        self.starts.binary_search_by(|start| self.line(*start).cmp(folded)).is_ok()
    }

    fn contains_heart(&self, heart: &str) -> bool {
        heart.chars().nth(MIN_HEART - 1).is_some() && self.contains(heart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A2: the shipped list is there, sorted, folded and without doubles, so that halving finds every entry.
    #[test]
    fn every_entry_is_found() {
        let list = &*LIST;
        assert!(list.starts.len() >= 49_000, "{} entries", list.starts.len());
        let mut before = "";
        for start in &list.starts {
            let line = list.line(*start);
            assert!(before < line, "{before:?} stands before {line:?}");
            assert_eq!(line, line.to_lowercase());
            assert!(is_common(line), "{line:?}");
            before = line;
        }
    }

    /// A2: capitals, and a few digits and marks around a listed word, do not make it uncommon.
    #[test]
    fn decorated_words_are_common() {
        for password in [
            "password",
            "PASSWORD",
            "Password1!",
            "P@ssw0rd",
            "P@ssw0rd1!",
            "Dragon2024!",
            "!!Sunshine!!",
            "Qwerty123!",
            "Welcome1",
            "abc123!",
            "Baseball#99",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    /// A2: a listed word inside a longer phrase, or far from the ends, is fine.
    #[test]
    fn phrases_are_not_common() {
        for password in [
            "",
            "!",
            "1!",
            "correct horse battery staple",
            "Dragon-eats-sunshine-4",
            "x7#Kq!v0Zr",
            "Dragon!48291-",
            "ÄÖÜ-ñandú-7",
        ] {
            assert!(!is_common(password), "{password}");
        }
    }
}
