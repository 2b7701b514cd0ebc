//! Users as a spreadsheet.
//!
//! Spreadsheet programs run cells that begin with `=`, `+`, `-`, `@` or a control character as formulas, and people choose
//! their own names. Such a cell is written with an apostrophe in front, and so is one that already has apostrophes there;
//! reading takes one away again. So what was written is what is read.

use std::io::Write;

use serde_json::{Map, Value};

use super::{export_users::ExportedUser, format::COLUMNS};

/// A cell that a program may take for a formula, behind any apostrophes.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

fn guarded(cell: String) -> String {
    if is_formula(&cell) { format!("'{cell}") } else { cell }
}

/// The cell without the apostrophe that writing put there.
pub(super) fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Writes users as CSV (RFC 4180), with the names of the columns in the first row.
#[derive(Debug)]
pub struct Sheet<W: Write> {
    writer: csv::Writer<W>,
    columns: &'static [&'static str],
}

impl<W: Write> Sheet<W> {
    /// Begins one. Hashes have a column only when they are in it.
    ///
    /// # Errors
    /// [`std::io::Error`] when it cannot be written.
    pub fn open(output: W, with_hashes: bool) -> std::io::Result<Self> {
        let columns = if with_hashes { &COLUMNS[..] } else { COLUMNS.split_last().map_or(&[][..], |(_, rest)| rest) };
        let mut writer = csv::Writer::from_writer(output);
        writer.write_record(columns)?;
        Ok(Self { writer, columns })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`std::io::Error`] when it cannot be written.
    pub fn add(&mut self, user: &ExportedUser) -> std::io::Result<()> {
        let members = match serde_json::to_value(user)? {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let cells = self.columns.iter().map(|column| match members.get(*column) {
            None => String::new(),
            Some(Value::String(text)) => guarded(text.clone()),
            Some(other) => other.to_string(),
        });
        Ok(self.writer.write_record(cells)?)
    }

    /// Writes what is still to be written.
    ///
    /// # Errors
    /// [`std::io::Error`] when it cannot be written.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A12: no cell is a formula, and every cell comes back as it was.
    #[test]
    fn cells_are_no_formulas_and_come_back() {
        for text in ["=1+1", "+45", "-x", "@x", "\tx", "'=1", "''@", "Mara", "'Mara", "O'Hara", "", "'"] {
            let cell = guarded(text.to_owned());
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
            assert_eq!(unguarded(&cell), text);
        }
    }
}
