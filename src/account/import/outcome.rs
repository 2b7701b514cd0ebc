//! What became of each user of a file.

use serde_json::{Value, json};

use super::{Place, Refused};
use crate::text::EmailAddress;

/// What became of one user, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is a new account.
    Created,
    /// These fields of the account were changed.
    Updated(Vec<&'static str>),
    /// The account is as the file says, or was changed here since.
    Unchanged,
    /// There is an account, and updates were not asked for.
    Exists,
    /// This is nobody who signs in.
    Skipped(&'static str),
    /// Nothing was taken, for these reasons.
    Refused(Vec<Refused>),
}

impl Outcome {
    /// The word for it in reports.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated(_) => "updated",
            Self::Unchanged => "unchanged",
            Self::Exists => "exists",
            Self::Skipped(_) => "skipped",
            Self::Refused(_) => "refused",
        }
    }
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Where the user stands in the file.
    pub place: Place,
    /// Who it is, if that could be read.
    pub email: Option<EmailAddress>,
    /// What became of it.
    pub outcome: Outcome,
    /// Fields that were changed here since the last import, and so were left as they are.
    pub kept: Vec<&'static str>,
    /// What the file says that is not kept here.
    pub left_out: Vec<&'static str>,
}

impl Imported {
    /// The line as JSON; what there is nothing of is left out.
    pub fn to_json(&self) -> Value {
        let mut line = json!({ self.place.unit(): self.place.number(), "outcome": self.outcome.word() });
        let Some(members) = line.as_object_mut() else { return line };
        if let Some(email) = &self.email {
            members.insert("email".to_owned(), json!(email));
        }
        match &self.outcome {
            Outcome::Updated(fields) => drop(members.insert("fields".to_owned(), json!(fields))),
            Outcome::Skipped(why) => drop(members.insert("why".to_owned(), json!(why))),
            Outcome::Refused(refused) => drop(members.insert("errors".to_owned(), json!(refused))),
            Outcome::Created | Outcome::Unchanged | Outcome::Exists => {}
        }
        for (name, fields) in [("kept", &self.kept), ("left_out", &self.left_out)] {
            if !fields.is_empty() {
                members.insert(name.to_owned(), json!(fields));
            }
        }
        line
    }
}
