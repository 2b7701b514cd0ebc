//! The description of the API (I8): OpenAPI 3.1, made from the handlers themselves.
//!
//! What a handler takes and gives is read off its signature: each extractor says what it adds to the description
//! ([`Input`]), and so does each form of answer ([`Outcome`]). What a signature cannot say (words, what a path's
//! parameters mean, which problems there are) stands beside the handler in a [`Doc`].

mod document;
mod input;
mod outcome;

#[cfg(test)]
mod tests;

pub(super) use self::{
    document::Description,
    input::{Draft, Input},
    outcome::{Accepted, Attached, Created, Done, Located, Outcome, Tagged},
};
use super::problem::Kind;

/// What an operation is about; the description is grouped by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    /// Becoming known, and getting tokens.
    SignIn,
    /// One's own account.
    Account,
    /// What opens one's own account.
    Security,
    /// Where one is signed in, and what happened.
    Activity,
    /// Accounts.
    Users,
    /// Applications.
    Clients,
    /// Organisations, and who is invited to them.
    Organizations,
    /// Who belongs to them.
    Members,
    /// What can be allowed, and to whom by role.
    Roles,
    /// APIs that tokens are for, and what they may be asked for.
    Resources,
    /// May somebody do something, and the policies that have a say in it.
    Decisions,
}

impl Area {
    /// All of them, in the order of the description.
    const ALL: [Self; 11] = [
        Self::SignIn,
        Self::Account,
        Self::Security,
        Self::Activity,
        Self::Organizations,
        Self::Members,
        Self::Roles,
        Self::Users,
        Self::Clients,
        Self::Resources,
        Self::Decisions,
    ];

    /// What it is called.
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "Sign-in",
            Self::Account => "Own account",
            Self::Security => "Own security",
            Self::Activity => "Own sessions and activity",
            Self::Organizations => "Organisations",
            Self::Members => "Members",
            Self::Roles => "Roles and permissions",
            Self::Users => "Users",
            Self::Clients => "Clients",
            Self::Resources => "Resources and scopes",
            Self::Decisions => "Decisions and policies",
        }
    }

    /// What it is, in a sentence.
    const fn about(self) -> &'static str {
        match self {
            Self::SignIn => "Registration, tokens of this API, and passwords that were forgotten.",
            Self::Account => "The account of the person who asks: its addresses, its data, and the way out.",
            Self::Security => "What the person who asks shows to get in: authenticator apps, codes, passkeys.",
            Self::Activity => "Where the person who asks is signed in, what was let in, and what happened.",
            Self::Organizations => "Organisations, for their members and for administrators.",
            Self::Members => "Who belongs to an organisation, as what, and what they may do.",
            Self::Roles => "What can be allowed, and which roles imply it.",
            Self::Users => "Accounts, for their owners and for administrators.",
            Self::Clients => "Applications, for administrators.",
            Self::Resources => "APIs that access tokens are for, and the scopes they know, for administrators.",
            Self::Decisions => "May somebody do something, and why; and the policies that have a say in it.",
        }
    }
}

/// What a handler's signature does not say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doc {
    area: Area,
    id: &'static str,
    summary: &'static str,
    about: &'static str,
    path: &'static [(&'static str, &'static str)],
    problems: &'static [Kind],
}

impl Doc {
    /// The operation `id` (camel case, the only one of this name) that does what `summary` says in a few words.
    pub(super) const fn new(area: Area, id: &'static str, summary: &'static str) -> Self {
        Self { area, id, summary, about: "", path: &[], problems: &[] }
    }

    /// What there is to know beyond the summary.
    pub(super) const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// What the path's parameters mean.
    pub(super) const fn path(mut self, path: &'static [(&'static str, &'static str)]) -> Self {
        self.path = path;
        self
    }

    /// What it can answer beside success and beside what its extractors refuse.
    pub(super) const fn problems(mut self, problems: &'static [Kind]) -> Self {
        self.problems = problems;
        self
    }
}
