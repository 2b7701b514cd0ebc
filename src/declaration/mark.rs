//! What an object carries so that a declaration can own it.

/// The version of an object, and the declaration it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Mark {
    /// Grows with each change; a change may ask that it be the one it has seen.
    pub version: i64,
    /// The declaration it belongs to, if a file declares it (D11).
    pub owner: Option<String>,
    /// The version at which it was as the declaration says.
    pub(crate) declared_version: Option<i64>,
}

impl Mark {
    /// That of an object which is not stored yet.
    pub(crate) const NEW: Self = Self { version: 1, owner: None, declared_version: None };

    /// Whether this is the version that was `seen`; any will do when none was.
    pub(crate) fn is_at(&self, seen: Option<i64>) -> bool {
        seen.is_none_or(|seen| seen == self.version)
    }

    /// Whether somebody changed it by hand since its declaration was applied (D11).
    pub fn differs_from_declaration(&self) -> bool {
        self.owner.is_some() && self.declared_version != Some(self.version)
    }
}
