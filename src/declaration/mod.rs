//! What a file declares, made so (D11).
//!
//! A *declaration* lists clients under the label of its owner. Applying it compares what it says with what is there
//! ([`Plan`]) and carries out the difference in one transaction; applied again, there is nothing to do. What it made
//! carries its label, and it changes or removes nothing else: a client made by hand, or by another declaration, is
//! taken over only when that is asked for. What somebody changed by hand since is part of the difference, and goes.
//!
//! To let declarations hold another kind of object: its comparison beside `clients.rs`, and a line in `apply.rs`.

mod apply;
mod clients;
mod mark;
mod plan;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use self::{
    apply::{ApplyDeclaration, ApplyError, DeclarationApplied, MadeSecret, apply_declaration, plan_declaration},
    mark::Mark,
    plan::{Action, Change, FieldChange, FieldDifference, Plan},
};
use crate::{
    client::ClientSettings,
    secret::SecretString,
    text::{DisplayName, TextError},
};

/// How long a secret still works beside the one that a declaration puts in its place.
pub const OLD_SECRET_WORKS_FOR: Duration = Duration::from_hours(24);

/// What a file says.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Whose it is.
    pub owner: OwnerLabel,
    /// The clients that are to be.
    pub clients: Vec<DeclaredClient>,
}

/// A client as it is to be.
#[derive(Clone, Debug)]
pub struct DeclaredClient {
    /// `client_id`.
    pub id: String,
    /// What people see.
    pub name: DisplayName,
    /// Everything it is registered with.
    pub settings: ClientSettings,
    /// Whether it may be used. When absent, whoever turned it off by hand is not overruled.
    pub is_enabled: Option<bool>,
    /// Its secret, if the declaration knows it; otherwise one is made when it needs one.
    pub secret: Option<SecretString>,
}

/// The label of a declaration: 1 to 100 letters, digits, `-`, `.`, `_` or `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerLabel(String);

impl OwnerLabel {
    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for OwnerLabel {
    type Error = TextError;

    fn try_from(text: &str) -> Result<Self, TextError> {
        if text.is_empty() {
            return Err(TextError::Missing);
        }
        if text.len() > 100 {
            return Err(TextError::TooLong);
        }
        let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '/');
        if text.chars().all(fine) { Ok(Self(text.to_owned())) } else { Err(TextError::Malformed) }
    }
}

impl std::fmt::Display for OwnerLabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
