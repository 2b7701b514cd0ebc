//! Cutting a file into users, one at a time.
//!
//! However long the file, and whatever it says, no more than one user and the buffer of the input are in memory. A user may
//! have 64 KiB; a longer one is refused and the next is read.

mod elements;
mod lines;
mod table;

use std::{
    fmt,
    io::{self, BufRead},
};

use serde_json::{Map, Value};

use self::{elements::Elements, lines::Lines, table::Table};
use super::{Format, IdSource, UserRecord, record::Refused};
use crate::{clock::Timestamp, text::EmailAddress};

/// So many bytes one user may have.
const MOST_BYTES: usize = 64 * 1024;

/// Where a user stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In this line, counted from 1.
    Line(u64),
    /// In this element of the JSON array of users, counted from 1.
    Element(u64),
}

impl Place {
    /// What is counted.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Line(_) => "line",
            Self::Element(_) => "element",
        }
    }

    /// The number.
    pub const fn number(self) -> u64 {
        match self {
            Self::Line(number) | Self::Element(number) => number,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.unit(), self.number())
    }
}

/// What a piece of the file came to.
#[derive(Clone, Debug)]
pub enum Reading {
    /// A user.
    User(Box<UserRecord>),
    /// Nobody who signs in.
    Skipped(&'static str),
    /// It cannot be taken.
    Refused(Vec<Refused>),
}

/// A piece of the file.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// What it came to.
    pub reading: Reading,
}

impl Entry {
    /// Who it is, if that could be read.
    pub fn email(&self) -> Option<&EmailAddress> {
        match &self.reading {
            Reading::User(record) => Some(&record.email),
            Reading::Skipped(_) | Reading::Refused(_) => None,
        }
    }
}

/// Why a file is not read (on).
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system does not let us.
    #[error("cannot read: {0}")]
    Io(#[from] io::Error),
    /// It is not such a file at all.
    #[error("this is no such file: {0}")]
    Form(String),
    /// It ends in the middle of something.
    #[error("the file ends too early: in {0}")]
    Short(Place),
}

/// The next piece, as it is: a JSON object, or why it is none.
type Piece = (Place, Result<Map<String, Value>, Refused>);

enum Cutter<R> {
    Lines(Lines<R>),
    Elements(Elements<R>),
    Table(Box<Table<R>>),
}

/// Reads a file of users.
pub struct Reader<R> {
    format: Format,
    source: Option<IdSource>,
    now: Timestamp,
    cutter: Cutter<R>,
}

impl<R> fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("format", &self.format).field("source", &self.source).finish_non_exhaustive()
    }
}

impl<R: BufRead> Reader<R> {
    /// Begins to read. Ids of other systems count as those of `source`, the format's name unless given. What lies after `now`
    /// has not happened.
    ///
    /// # Errors
    /// [`ReadError`] when it is no such file.
    pub fn open(mut input: R, format: Format, source: Option<IdSource>, now: Timestamp) -> Result<Self, ReadError> {
        let (line, first) = skip_to_something(&mut input)?;
        let cutter = match (format, first) {
            (Format::Csv, _) => Cutter::Table(Box::new(Table::open(input, line, Some(&super::format::COLUMNS))?)),
            (Format::Lines, _) | (_, None) | (Format::AspNet | Format::Auth0, Some(b'{')) => {
                Cutter::Lines(Lines::new(input, line))
            }
            (Format::AspNet | Format::Auth0, Some(b'[')) => Cutter::Elements(Elements::array(input)),
            (Format::AspNet, _) => Cutter::Table(Box::new(Table::open(input, line, None)?)),
            (Format::Keycloak, Some(b'{' | b'[')) => Cutter::Elements(Elements::within(input, "users")?),
            (Format::Keycloak | Format::Auth0, _) => return Err(ReadError::Form("it is no JSON".to_owned())),
        };
        Ok(Self { format, source: source.or_else(|| format.source()), now, cutter })
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`ReadError`] when there is no going on.
    pub fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        let piece = match &mut self.cutter {
            Cutter::Lines(lines) => lines.next()?,
            Cutter::Elements(elements) => elements.next()?,
            Cutter::Table(table) => table.next()?,
        };
        Ok(piece.map(|(place, members)| {
            let reading = match members {
                Ok(members) => self.format.read(members, self.source.as_ref(), self.now),
                Err(refused) => Reading::Refused(vec![refused]),
            };
            Entry { place, reading }
        }))
    }
}

/// Passes over the mark of UTF-8 and white space; says in which line (from 0) what is the first byte behind it.
fn skip_to_something(input: &mut impl BufRead) -> io::Result<(u64, Option<u8>)> {
    if input.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
        input.consume(3);
    }
    let mut line = 0;
    loop {
        match input.fill_buf()?.first() {
            Some(byte) if byte.is_ascii_whitespace() => {
                line += u64::from(*byte == b'\n');
                input.consume(1);
            }
            first => return Ok((line, first.copied())),
        }
    }
}

/// Reads a JSON object.
fn object(bytes: &[u8], whole: &'static str) -> Result<Map<String, Value>, Refused> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Refused::new(whole, "is not a JSON object")),
        Err(error) => Err(Refused::new(whole, format!("is not JSON: {error}"))),
    }
}

fn too_long(whole: &'static str) -> Refused {
    Refused::new(whole, format!("is longer than {MOST_BYTES} bytes"))
}
