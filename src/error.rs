//! Failures that are nobody's fault but ours.

use std::fmt;

/// Something broke inside: the database, a key, the disk. Commands carry it as their `Internal` variant. It shows
/// nothing to the outside; the cause is logged here, once, inside the span that names the request's correlation id,
/// and that id is the reference a person is given.
pub struct Internal {
    detail: Box<str>,
}

impl Internal {
    /// Records `cause` in the log and hides it from the answer. `doing` says what was attempted.
    pub fn new(doing: &str, cause: impl fmt::Display) -> Self {
        tracing::error!(doing, %cause, "internal error");
        Self { detail: format!("{doing}: {cause}").into() }
    }
}

impl fmt::Display for Internal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("something broke on our side, and nothing was changed")
    }
}

impl fmt::Debug for Internal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Internal({})", self.detail)
    }
}

impl std::error::Error for Internal {}
