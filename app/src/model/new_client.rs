//! A new application: few questions, everything else is as it is by itself and changed later (D11).

use super::{ClientSort, Problem, Room};

/// "New application": `GET /admin/clients/new`, posts to `/do/create-client`.
#[derive(Debug, Clone)]
pub struct NewClientPage {
    /// The room around it.
    pub room: Room,
    /// What was typed.
    pub values: NewClientValues,
    /// Everything that was wrong, in the order of the fields.
    pub problems: Vec<NewClientProblem>,
}

/// What was typed into the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClientValues {
    /// What people see.
    pub name: String,
    /// What it is.
    pub kind: ClientSort,
    /// Where people may be sent back to, an address a line.
    pub redirect_uris: String,
    /// Its id, if it should be a certain one.
    pub client_id: String,
}

impl Default for NewClientValues {
    fn default() -> Self {
        Self { name: String::new(), kind: ClientSort::Web, redirect_uris: String::new(), client_id: String::new() }
    }
}

/// What was wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewClientProblem {
    /// No name was typed.
    NameMissing,
    /// It is too long, or holds what a name may not.
    NameUnfit,
    /// There is no address, where one is needed.
    AddressMissing,
    /// An address cannot be registered.
    AddressUnfit {
        /// In which line, counted from 1.
        line: usize,
        /// Why; words of ours.
        why: &'static str,
    },
    /// The id holds what an id may not.
    IdUnfit,
    /// Another application has it.
    IdTaken,
    /// It cannot work like this.
    Unworkable,
}

impl Problem for NewClientProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NameMissing | Self::NameUnfit => Some("client_name"),
            Self::AddressMissing | Self::AddressUnfit { .. } => Some("redirect_uris"),
            Self::IdUnfit | Self::IdTaken => Some("client_id"),
            Self::Unworkable => None,
        }
    }

    fn words(&self) -> String {
        let text = match self {
            Self::NameMissing => "A name is missing. People see it when they are asked.",
            Self::NameUnfit => "A name is one line of 200 characters at most.",
            Self::AddressMissing => "An address is missing. People have to be sent back somewhere.",
            Self::AddressUnfit { line, why } => return format!("Line {line} {why}"),
            Self::IdUnfit => "An id has 1 to 100 letters, digits, hyphens, dots or underscores.",
            Self::IdTaken => "Another application has this id. Choose another, or leave it empty.",
            Self::Unworkable => "An application cannot work like this. Nothing was made.",
        };
        text.to_owned()
    }
}
