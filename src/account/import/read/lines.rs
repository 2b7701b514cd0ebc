//! One JSON object a line.

use std::io::{self, BufRead, Read as _};

use super::{MOST_BYTES, Piece, Place, object, too_long};

pub(super) struct Lines<R> {
    input: R,
    /// The line read last.
    line: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// `line` lines were read already.
    pub(super) fn new(input: R, line: u64) -> Self {
        Self { input, line, buffer: Vec::new() }
    }

    /// The next line that is not empty.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        loop {
            self.buffer.clear();
            let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
            if self.input.by_ref().take(most).read_until(b'\n', &mut self.buffer)? == 0 {
                return Ok(None);
            }
            self.line += 1;
            let place = Place::Line(self.line);
            if self.buffer.len() == MOST_BYTES && !self.buffer.ends_with(b"\n") {
                self.input.skip_until(b'\n')?;
                return Ok(Some((place, Err(too_long("line")))));
            }
            if !self.buffer.trim_ascii().is_empty() {
                return Ok(Some((place, object(&self.buffer, "line"))));
            }
        }
    }
}
