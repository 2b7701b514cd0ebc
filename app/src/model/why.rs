//! Why somebody may or may not do something (E8).

use super::Room;

/// The question and its answer: `GET /organizations/{slug}/why`.
#[derive(Debug, Clone)]
pub struct WhyPage {
    /// The room around it.
    pub room: Room,
    /// The organisation: its name.
    pub organization: String,
    /// And its slug.
    pub slug: String,
    /// Whom one may ask about: the value that is sent, and the name.
    pub people: Vec<(String, String)>,
    /// The permissions of the catalogue.
    pub permissions: Vec<String>,
    /// The roles there are: the value that is sent, and the name.
    pub roles: Vec<(String, String)>,
    /// What was asked.
    pub asked: WhyAsked,
    /// What was wrong with it.
    pub problem: Option<WhyProblem>,
    /// The answer.
    pub answer: Option<WhyAnswer>,
}

/// What was asked, as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhyAsked {
    /// About whom.
    pub person: String,
    /// Which permission.
    pub action: String,
    /// To which type of thing; empty for the organisation itself.
    pub kind: String,
    /// To which one; empty for all of the type.
    pub id: String,
    /// As if they had this role; empty for the one they have.
    pub role: String,
}

/// What was wrong with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyProblem {
    /// The permission is none.
    Action,
    /// The type or the id cannot be one.
    Resource,
    /// The asker may only ask about themselves.
    Person,
    /// There is no such role.
    Role,
}

impl WhyProblem {
    /// The field it is about.
    pub fn field(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Resource => "type",
            Self::Person => "person",
            Self::Role => "role",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Action => "Write a permission, such as servers:restart.",
            Self::Resource => "A type has no slash, and type and id have at most 200 characters each.",
            Self::Person => "You may ask about yourself. Whoever may see members can ask about others.",
            Self::Role => "This organisation has no such role.",
        }
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyAnswer {
    /// Who, by name.
    pub person: String,
    /// May they?
    pub allowed: bool,
    /// What was looked at, in order.
    pub steps: Vec<WhyStep>,
    /// What decided.
    pub because: String,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyStep {
    /// What it says.
    pub says: WhySays,
    /// In words.
    pub words: String,
    /// More about it.
    pub small: String,
}

/// What one thing says to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhySays {
    /// It allows.
    Allows,
    /// Nothing.
    Silent,
    /// It refuses.
    Denies,
}
