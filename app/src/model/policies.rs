//! The policies of an organisation (E8).

use super::{Problem, Room, When};

/// Text, versions and what is to be said of them: `GET /organizations/{slug}/policies`.
#[derive(Debug, Clone)]
pub struct PoliciesPage {
    /// The room around it.
    pub room: Room,
    /// The organisation: its name.
    pub organization: String,
    /// And its slug.
    pub slug: String,
    /// The versions, the newest first.
    pub versions: Vec<PolicyVersionRow>,
    /// The number of the newest one; 0 when there is none.
    pub newest: i64,
    /// The text in the field.
    pub text: String,
    /// What is said of it.
    pub comment: String,
    /// What is wrong with it.
    pub problems: Vec<PoliciesProblem>,
    /// What it allows but cannot mean.
    pub warnings: Vec<PolicyMistake>,
    /// What it would change.
    pub tried: Option<PoliciesTried>,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersionRow {
    /// Its number.
    pub number: i64,
    /// Why it was made.
    pub comment: String,
    /// By whom, if it was a person.
    pub by: Option<String>,
    /// When.
    pub made: When,
    /// It counts.
    pub is_active: bool,
    /// When it last began to count.
    pub activated: Option<When>,
}

/// What is wrong with what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PoliciesProblem {
    /// The text.
    Mistake(PolicyMistake),
    /// The comment.
    Comment,
    /// Somebody else saved a version meanwhile.
    Changed,
}

/// Something in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyMistake {
    /// Where, such as `Line 3, column 7`; empty for the whole text.
    pub place: String,
    /// In which policy.
    pub policy: Option<String>,
    /// What.
    pub message: String,
    /// What would help.
    pub help: Option<String>,
}

impl PolicyMistake {
    /// All of it on one line.
    pub fn words(&self) -> String {
        let policy = self.policy.as_ref().map(|id| format!("in “{id}”"));
        let place = Some(self.place.clone()).filter(|place| !place.is_empty());
        let head: Vec<_> = [place, policy].into_iter().flatten().collect();
        let help = self.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        let head = if head.is_empty() { String::new() } else { format!("{}: ", head.join(", ")) };
        format!("{head}{}{help}", self.message)
    }
}

impl Problem for PoliciesProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Mistake(_) => Some("text"),
            Self::Comment => Some("comment"),
            Self::Changed => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Mistake(mistake) => mistake.words(),
            Self::Comment => "A comment has at most 500 characters, on one line.".to_owned(),
            Self::Changed => {
                "Somebody saved another version since you opened this. Yours is still in the field: look at the newest one below, then save again."
                    .to_owned()
            }
        }
    }
}

/// What a text would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoliciesTried {
    /// On how many decisions it was tried.
    pub tried: usize,
    /// Those that would come out another way.
    pub changes: Vec<PolicyChange>,
    /// The policies that would have said something to none of them.
    pub unused: Vec<String>,
}

/// A decision that would come out another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyChange {
    /// Who would do it.
    pub who: String,
    /// What.
    pub action: String,
    /// To what.
    pub resource: String,
    /// When it was asked.
    pub when: When,
    /// It would be allowed; else refused.
    pub allowed: bool,
    /// The policies that decide.
    pub policies: String,
}

/// Before a version counts: `GET /organizations/{slug}/policies/activate?v=`.
#[derive(Debug, Clone)]
pub struct ActivatePoliciesPage {
    /// The organisation: its name.
    pub organization: String,
    /// And its slug.
    pub slug: String,
    /// The version; none when no policies are to count.
    pub number: Option<i64>,
    /// The one that counts.
    pub active: Option<i64>,
    /// How many of its policies there are.
    pub comment: String,
}
