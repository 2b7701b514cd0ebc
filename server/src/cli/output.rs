//! What commands print.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

use ostiary::declaration::Mark;
use serde::Serialize;

/// Why a command did not do what it was asked; the text is for the operator.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// Fails with this reason.
    pub(crate) fn new(reason: impl Display) -> Self {
        Self(reason.to_string())
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Prints a line of the result.
pub(crate) fn line(text: impl Display) -> Result<(), Failure> {
    writeln!(io::stdout(), "{text}").map_err(|cause| Failure::new(format!("cannot print: {cause}")))
}

/// Prints the result as one JSON object.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    line(serde_json::to_string(value).map_err(Failure::new)?)
}

/// What the line of an object says of the declaration it belongs to; nothing when there is none.
pub(crate) fn declared(mark: &Mark) -> String {
    let since = if mark.differs_from_declaration() { ", and changed by hand since" } else { "" };
    mark.owner.as_ref().map_or_else(String::new, |owner| format!("  declared by {owner}{since}"))
}

/// Prints why a command failed.
pub(crate) fn complain(failure: &Failure) {
    // With standard error gone there is nobody left to tell.
    let _ = writeln!(io::stderr(), "ostiary: {failure}");
}
