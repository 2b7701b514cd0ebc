//! Long files and wild ones (A12).

use std::{
    io::{BufReader, Read},
    sync::atomic::{AtomicUsize, Ordering},
};

use proptest::prelude::*;

use super::*;
use crate::clock::Timestamp;

/// A file that is made while it is read, and counts how far ahead of its reader that is.
struct Made<F> {
    next: u64,
    most: u64,
    line: F,
    rest: Vec<u8>,
}

impl<F: Fn(u64) -> String> Read for Made<F> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.rest.is_empty() && self.next < self.most {
            self.rest = (self.line)(self.next).into_bytes();
            self.next += 1;
        }
        let taken = self.rest.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&self.rest[..taken]);
        self.rest.drain(..taken);
        Ok(taken)
    }
}

fn made(most: u64, line: impl Fn(u64) -> String) -> BufReader<impl Read> {
    BufReader::new(Made { next: 0, most, line, rest: Vec::new() })
}

/// A12: tens of thousands of users, batch by batch, each told of; one in a hundred is refused and stops nobody.
#[tokio::test]
async fn a_long_file_goes_through() {
    const MOST: u64 = 20_000;
    let core = TestCore::sqlite().await;
    let file = made(MOST, |n| match n % 100 {
        99 => "{\"email\":\"nobody\"}\n".to_owned(),
        98 => format!("{{\"email\":\"p{}@nordhavn.example\"}}\n", n - 1),
        _ => format!(
            "{{\"email\":\"p{n}@nordhavn.example\",\"email_verified\":true,\"external_ids\":{{\"crm\":\"{n}\"}}}}\n"
        ),
    });
    let mut reader = Reader::open(file, Format::Lines, None, core.now()).unwrap();
    let mut sums = std::collections::BTreeMap::new();
    loop {
        let entries: Vec<_> = std::iter::from_fn(|| reader.next_entry().unwrap()).take(500).collect();
        if entries.is_empty() {
            break;
        }
        for imported in import_users(&core.operator(), ImportUsers { entries, update: false }).await.unwrap() {
            *sums.entry(imported.outcome.word()).or_insert(0) += 1;
        }
    }
    assert_eq!(sums.into_iter().collect::<Vec<_>>(), [("created", 19_600), ("exists", 200), ("refused", 200)]);
    assert_eq!(count(&core, "SELECT COUNT(*) FROM users").await, 19_600);
}

/// A12: what one user says takes no more memory than it may, in every form; the next one is read.
#[test]
fn what_is_too_long_is_refused_alone() {
    let now = Timestamp::from_secs(1_800_000_000);
    let long = "x".repeat(300_000);
    let files = [
        (Format::Lines, format!("{{\"email\":\"{long}\"}}\n{{\"email\":\"a@b.example\"}}"), 2),
        (Format::Auth0, format!("[{{\"email\":\"{long}\"}},{{\"email\":\"a@b.example\"}}]"), 2),
        (
            Format::Keycloak,
            format!("{{\"x\":\"{long}\",\"users\":[{{\"email\":\"{long}\"}},{{\"email\":\"a@b.example\"}}]}}"),
            2,
        ),
        (Format::Csv, format!("email\n{long}\na@b.example\n"), 3),
        (Format::Csv, format!("email\n\"{long}\n{long}\"\na@b.example\n"), 4),
    ];
    for (format, file, last) in files {
        let mut reader = Reader::open(BufReader::with_capacity(100, file.as_bytes()), format, None, now).unwrap();
        let first = reader.next_entry().unwrap().unwrap();
        let Reading::Refused(refused) = &first.reading else { panic!("{format}: {first:?}") };
        assert!(refused[0].to_string().contains("is longer than 65536 bytes"), "{}", refused[0]);
        let second = reader.next_entry().unwrap().unwrap();
        assert_eq!(
            (second.place.number(), second.email().map(EmailAddress::as_str)),
            (last, Some("a@b.example")),
            "{format}"
        );
        assert!(reader.next_entry().unwrap().is_none());
    }
    // Where brackets do not match there is no telling where the next user begins.
    let mut reader = Reader::open(&b"[{\"email\":1}}, {}]"[..], Format::Keycloak, None, now).unwrap();
    assert!(matches!(reader.next_entry().unwrap().unwrap().reading, Reading::Refused(_)));
    assert!(reader.next_entry().unwrap_err().to_string().contains("a bracket too many behind element 1"));
    // A quote that is never closed takes the rest, and no memory.
    let file = made(1_000, |n| if n == 0 { "email\n\"".to_owned() } else { "x".repeat(10_000) });
    let mut reader = Reader::open(file, Format::Csv, None, now).unwrap();
    assert!(matches!(reader.next_entry().unwrap().unwrap().reading, Reading::Refused(_)));
    assert!(reader.next_entry().unwrap().is_none());
}

/// A12: an array is read as it comes, not as a whole.
#[test]
fn an_array_is_read_as_it_comes() {
    static READ: AtomicUsize = AtomicUsize::new(0);
    let file = made(1_000_000, |n| {
        READ.fetch_add(1, Ordering::Relaxed);
        if n == 0 {
            "{\"users\": [".to_owned()
        } else {
            format!("{{\"id\": \"{n}\", \"email\": \"p{n}@nordhavn.example\"}}, ")
        }
    });
    let mut reader = Reader::open(file, Format::Keycloak, None, Timestamp::from_secs(1_800_000_000)).unwrap();
    for _ in 0..100 {
        assert!(matches!(reader.next_entry().unwrap().unwrap().reading, Reading::User(_)));
    }
    assert!(READ.load(Ordering::Relaxed) < 110);
}

fn read_all(format: Format, bytes: &[u8]) {
    let input = BufReader::with_capacity(7, bytes);
    let Ok(mut reader) = Reader::open(input, format, None, Timestamp::from_secs(1_800_000_000)) else { return };
    // Whatever is read, each piece takes at least a byte of the file.
    for _ in 0..=bytes.len() {
        if !matches!(reader.next_entry(), Ok(Some(_))) {
            return;
        }
    }
    panic!("it never ends");
}

proptest! {
    /// A12: no file makes a reader panic or go on for ever.
    #[test]
    fn any_file_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in 0..5_usize) {
        read_all(Format::ALL[at], &bytes);
    }

    /// A12: nor one that looks nearly right.
    #[test]
    fn near_misses_are_read(
        text in "(\\{\"users\":)?\\[?(\\{(\"(email|id|credentials|identifiers|external_ids|lockoutend|mfa_factors|custom_password_hash)\":(\"[a-z@.{}\"\\\\]{0,9}\"|\\[\\{\\}\\]|-?[0-9]{1,20}|null|true),?){0,3}\\}[,\n]?){0,4}\\]?\\}?",
        at in 0..5_usize,
    ) {
        read_all(Format::ALL[at], text.as_bytes());
    }
}
