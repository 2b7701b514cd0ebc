//! Every parser of this room, and some of others, against text that somebody else wrote (DESIGN §5): what is known to be tricky
//! (`corpus/`), the same bent and broken at random, and plain noise.
//!
//! Not panicking is the least of it. What was accepted keeps its limits, means the same when it is written down
//! and read again, and shows no secret in `Debug`.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::*;

/// What breaks things when it is put somewhere: separators, escapes, ends, numbers at their limits, text that looks
/// like other text.
const BITS: [&str; 44] = [
    "",
    "\0",
    "%",
    "%00",
    "%zz",
    "%2e",
    "%C3%A9",
    "%ff",
    "&",
    "=",
    "+",
    " ",
    "  ",
    "\t",
    "\r\n",
    "\"",
    "\\",
    "'",
    "<",
    "#",
    "?",
    "/",
    "/../",
    "//",
    "@",
    "*",
    ":",
    ":0",
    ",",
    ".",
    "..",
    "[",
    "]",
    "{",
    "}",
    "null",
    "-1",
    "1e400",
    "18446744073709551616",
    "é",
    "\u{202e}",
    "\u{ff0e}",
    "AAAA",
    "none",
];

/// One way to break a text.
#[derive(Debug, Clone)]
enum Change {
    /// Takes a piece out.
    Cut(Index, Index),
    /// Puts something in.
    Insert(Index, &'static str),
    /// Says a piece again, and again.
    Repeat(Index, Index, usize),
    /// Ends early and goes on with another text.
    Splice(Index, Index, Index),
    /// One character becomes another.
    Swap(Index, char),
    /// Letters change their case.
    Shout(Index, Index),
}

impl Change {
    fn any() -> impl Strategy<Value = Self> {
        let at = any::<Index>;
        prop_oneof![
            (at(), at()).prop_map(|(from, to)| Self::Cut(from, to)),
            (at(), prop::sample::select(&BITS[..])).prop_map(|(at, bit)| Self::Insert(at, bit)),
            (at(), at(), prop::sample::select(&[1, 2, 40, 400][..]))
                .prop_map(|(from, to, times)| Self::Repeat(from, to, times)),
            (at(), at(), at()).prop_map(|(end, other, start)| Self::Splice(end, other, start)),
            (at(), any::<char>()).prop_map(|(at, new)| Self::Swap(at, new)),
            (at(), at()).prop_map(|(from, to)| Self::Shout(from, to)),
        ]
    }

    fn apply(&self, text: &str, corpus: &[&str]) -> String {
        let chars: Vec<char> = text.chars().collect();
        let place = |index: &Index| index.index(chars.len() + 1);
        let range = |a: &Index, b: &Index| (place(a).min(place(b)), place(a).max(place(b)));
        let text = |chars: &[char]| chars.iter().collect::<String>();
        match self {
            Self::Cut(a, b) => {
                let (from, to) = range(a, b);
                text(&chars[..from]) + &text(&chars[to..])
            }
            Self::Insert(at, bit) => text(&chars[..place(at)]) + bit + &text(&chars[place(at)..]),
            Self::Repeat(a, b, times) => {
                let (from, to) = range(a, b);
                text(&chars[..to]) + &text(&chars[from..to]).repeat(*times) + &text(&chars[to..])
            }
            Self::Splice(end, other, start) => {
                let other: Vec<char> = corpus[other.index(corpus.len())].chars().collect();
                text(&chars[..place(end)]) + &text(&other[start.index(other.len() + 1)..])
            }
            Self::Swap(at, new) if !chars.is_empty() => {
                let mut changed = chars.clone();
                changed[at.index(chars.len())] = *new;
                text(&changed)
            }
            Self::Swap(..) => String::new(),
            Self::Shout(a, b) => {
                let (from, to) = range(a, b);
                text(&chars[..from]) + &text(&chars[from..to]).to_uppercase() + &text(&chars[to..])
            }
        }
    }
}

/// Runs `check` on the corpus, on what becomes of it, and on noise. Nothing is written to disk: what is found goes into
/// the corpus by hand.
fn fuzz(corpus: &'static str, check: fn(&str)) {
    let lines: Vec<&str> = corpus.lines().filter(|line| !line.starts_with('#')).chain([""]).collect();
    for line in &lines {
        check(line);
    }
    let bent = (any::<Index>(), prop::collection::vec(Change::any(), 1..5)).prop_map({
        let lines = lines.clone();
        move |(line, changes)| {
            let start = lines[line.index(lines.len())].to_owned();
            let bent = changes.iter().fold(start, |text, change| change.apply(&text, &lines));
            // Limits lie at 64 KiB at most; beyond twice that there is nothing new.
            bent.chars().take(128 * 1024).collect::<String>()
        }
    });
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    // More for whoever sets PROPTEST_CASES and has time.
    config.cases = config.cases.max(400);
    let run = |text: String| {
        check(&text);
        Ok(())
    };
    TestRunner::new(config.clone()).run(&bent, run).unwrap_or_else(|failure| panic!("{failure}"));
    TestRunner::new(config).run(&any::<String>(), run).unwrap_or_else(|failure| panic!("{failure}"));
}

/// A value that is stored as JSON is read back as itself.
fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let stored = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&stored).unwrap(), value, "{stored}");
}

fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

macro_rules! fuzzed {
    ($($(#[$doc:meta])* $name:ident($($corpus:literal),+) $check:expr)+) => {
        $($(#[$doc])*
        #[test]
        fn $name() {
            $(fuzz(include_str!(concat!("../corpus/", $corpus)), $check);)+
        })+
    };
}

// After the macro, which they are written with.
mod addresses;
mod elsewhere;
mod forms;
mod tokens;
mod words;
