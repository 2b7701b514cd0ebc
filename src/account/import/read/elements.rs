//! The elements of a JSON array, one at a time: the file's own, or one that stands in a member of its object.
//!
//! This only finds where an element begins and ends, by brackets and quotes; the element itself is read by `serde_json`. So
//! one that is no JSON is refused alone, as long as its brackets close.

use std::io::BufRead;

use super::{MOST_BYTES, Piece, Place, ReadError, object, too_long};

const WHOLE: &str = "element";

pub(super) struct Elements<R> {
    input: R,
    /// How many were read.
    read: u64,
    is_over: bool,
    buffer: Vec<u8>,
}

impl<R: BufRead> Elements<R> {
    /// Of the array that begins here.
    pub(super) fn array(mut input: R) -> Self {
        input.consume(1);
        Self { input, read: 0, is_over: false, buffer: Vec::new() }
    }

    /// Of the array that begins here, or of the array in the member `name` of the object that does.
    pub(super) fn within(mut input: R, name: &str) -> Result<Self, ReadError> {
        let first = input.fill_buf()?.first().copied();
        let mut elements = Self::array(input);
        if first == Some(b'{') {
            elements.enter(name)?;
        }
        Ok(elements)
    }

    /// Goes on to the array in a member; other members are passed over.
    fn enter(&mut self, name: &str) -> Result<(), ReadError> {
        let missing = || ReadError::Form(format!("it has no array {name:?}"));
        loop {
            match self.peek()? {
                Some(b',') => self.input.consume(1),
                Some(b'"') => {
                    self.value()?;
                    let is_it = serde_json::from_slice::<String>(&self.buffer).is_ok_and(|key| key == name);
                    if self.peek()? != Some(b':') {
                        return Err(missing());
                    }
                    self.input.consume(1);
                    match self.peek()? {
                        Some(b'[') if is_it => {
                            self.input.consume(1);
                            return Ok(());
                        }
                        Some(_) => self.value()?,
                        None => return Err(missing()),
                    };
                }
                _ => return Err(missing()),
            }
        }
    }

    /// The next element.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, ReadError> {
        if self.is_over {
            return Ok(None);
        }
        loop {
            match self.peek()? {
                Some(b',') => self.input.consume(1),
                Some(b']') => {
                    self.is_over = true;
                    return Ok(None);
                }
                Some(b'}') => return Err(ReadError::Form(format!("a bracket too many behind element {}", self.read))),
                Some(_) => break,
                None => return Err(ReadError::Short(Place::Element(self.read))),
            }
        }
        self.read += 1;
        let place = Place::Element(self.read);
        let fits = self.value()?;
        Ok(Some((place, if fits { object(&self.buffer, WHOLE) } else { Err(too_long(WHOLE)) })))
    }

    /// The next byte that is no white space; it is not taken.
    fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            match self.input.fill_buf()?.first() {
                Some(byte) if byte.is_ascii_whitespace() => self.input.consume(1),
                first => return Ok(first.copied()),
            }
        }
    }

    /// Takes one value into the buffer, as much of it as may be; says whether that was all.
    fn value(&mut self) -> Result<bool, ReadError> {
        self.buffer.clear();
        let mut end = End::default();
        let mut fits = true;
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Err(ReadError::Short(Place::Element(self.read)));
            }
            let (taken, is_over) = end.find(chunk);
            let part = chunk.get(..taken).unwrap_or_default();
            fits &= self.buffer.len() + part.len() <= MOST_BYTES;
            if fits {
                self.buffer.extend_from_slice(part);
            }
            self.input.consume(taken);
            if is_over {
                return Ok(fits);
            }
        }
    }
}

/// Looks for the end of a value.
#[derive(Default)]
struct End {
    depth: usize,
    in_text: bool,
    is_escaped: bool,
}

impl End {
    /// How many bytes of `chunk` belong to the value, and whether it ends with them.
    fn find(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (at, byte) in chunk.iter().enumerate() {
            if self.in_text {
                self.in_text = *byte != b'"' || self.is_escaped;
                self.is_escaped = *byte == b'\\' && !self.is_escaped;
                if !self.in_text && self.depth == 0 {
                    return (at + 1, true);
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                // What is not in brackets ends before the bracket or comma around it.
                b'}' | b']' | b',' if self.depth == 0 => return (at, true),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                _ => {}
            }
        }
        (chunk.len(), false)
    }
}
