//! CSV (RFC 4180) whose first row names the columns.

use std::io::BufRead;

use csv_core::{ReadRecordResult, Reader};
use serde_json::{Map, Value};

use super::{MOST_BYTES, Piece, Place, ReadError, too_long};
use crate::account::import::{record::Refused, sheet};

/// More columns than this are no table of users.
const MOST_COLUMNS: usize = 200;

pub(super) struct Table<R> {
    input: R,
    reader: Reader,
    names: Vec<String>,
    /// Cells of ours are written such that no spreadsheet takes them for a formula.
    is_ours: bool,
    cells: Box<[u8]>,
    ends: Box<[usize]>,
}

/// A row.
enum Row {
    Cells(usize),
    TooLong,
    End,
}

impl<R: BufRead> Table<R> {
    /// Reads the names of the columns, behind `line` empty lines; with `known`, there may be no others.
    pub(super) fn open(input: R, line: u64, known: Option<&[&str]>) -> Result<Self, ReadError> {
        let mut reader = Reader::new();
        reader.set_line(line + 1);
        let mut table = Self {
            input,
            reader,
            names: Vec::new(),
            is_ours: known.is_some(),
            cells: vec![0; MOST_BYTES].into_boxed_slice(),
            ends: vec![0; MOST_COLUMNS].into_boxed_slice(),
        };
        let columns = match table.row()? {
            (_, Row::Cells(columns)) => columns,
            (_, Row::TooLong) => return Err(ReadError::Form("its first row is too long".to_owned())),
            (_, Row::End) => return Ok(table),
        };
        let names = (0..columns).map(|at| table.cell(at).map(|name| name.trim().to_owned()));
        let Some(names) = names.collect::<Option<Vec<_>>>() else {
            return Err(ReadError::Form("its first row is not UTF-8".to_owned()));
        };
        if let Some(name) = known.and_then(|known| names.iter().find(|name| !known.contains(&name.as_str()))) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
            return Err(ReadError::Form(format!("its first row names a column {name:?}, which is none of a user")));
        }
        table.names = names;
        Ok(table)
    }

    pub(super) fn next(&mut self) -> Result<Option<Piece>, ReadError> {
        let (line, row) = self.row()?;
        let members = match row {
            Row::End => return Ok(None),
            Row::TooLong => Err(too_long("line")),
            Row::Cells(cells) => self.members(cells),
        };
        Ok(Some((Place::Line(line), members)))
    }

    fn members(&self, cells: usize) -> Result<Map<String, Value>, Refused> {
        let columns = self.names.len();
        if cells != columns {
            return Err(Refused::new("line", format!("has {cells} cells, and the first row has {columns}")));
        }
        let mut members = Map::new();
        for (at, name) in self.names.iter().enumerate() {
            let text = self.cell(at).ok_or_else(|| Refused::new(name.clone(), "is not UTF-8"))?;
            let text = if self.is_ours { sheet::unguarded(text) } else { text };
            if !text.is_empty() {
                members.insert(name.clone(), Value::from(text));
            }
        }
        Ok(members)
    }

    /// A cell of the row read last, as text.
    fn cell(&self, at: usize) -> Option<&str> {
        let begin = if at == 0 { 0 } else { *self.ends.get(at - 1)? };
        std::str::from_utf8(self.cells.get(begin..*self.ends.get(at)?)?).ok()
    }

    /// The next row, and in which line it begins.
    fn row(&mut self) -> Result<(u64, Row), ReadError> {
        self.skip_empty_lines()?;
        let line = self.reader.line();
        let (mut written, mut ended, mut too_long) = (0, 0, false);
        loop {
            let chunk = self.input.fill_buf()?;
            let cells = self.cells.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(ended..).unwrap_or_default();
            let (result, read, wrote, found) = self.reader.read_record(chunk, cells, ends);
            self.input.consume(read);
            (written, ended) = (written + wrote, ended + found);
            match result {
                ReadRecordResult::InputEmpty => {}
                // What is too long is read to its end over itself.
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    (written, ended, too_long) = (0, 0, true);
                }
                ReadRecordResult::Record if too_long => return Ok((line, Row::TooLong)),
                ReadRecordResult::Record => return Ok((line, Row::Cells(ended))),
                ReadRecordResult::End => return Ok((line, Row::End)),
            }
        }
    }

    fn skip_empty_lines(&mut self) -> Result<(), ReadError> {
        while let Some(byte @ (b'\r' | b'\n')) = self.input.fill_buf()?.first() {
            self.reader.set_line(self.reader.line() + u64::from(*byte == b'\n'));
            self.input.consume(1);
        }
        Ok(())
    }
}
