//! The invitation itself.

use crate::{
    clock::Timestamp,
    id::{InvitationId, OrganizationId, RoleId, UserId},
    secret::PlainToken,
    text::{EmailAddress, TextError},
};

text_enum! {
    /// What became of an invitation.
    pub enum InvitationState {
        /// It can be accepted.
        Pending = "pending",
        /// Whom it was for is a member.
        Accepted = "accepted",
        /// Whom it was for declined it.
        Rejected = "rejected",
        /// The organisation took it back.
        Withdrawn = "withdrawn",
        /// Nobody answered in time.
        Expired = "expired",
    }
}

/// An invitation into an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Into which organisation.
    pub organization_id: OrganizationId,
    /// Who is invited.
    pub email: EmailAddress,
    /// As what; nothing when that role was deleted.
    pub role_id: Option<RoleId>,
    /// What the inviter has to say.
    pub note: Option<String>,
    /// What became of it.
    pub state: InvitationState,
    /// Who sent it last; nobody when it came from the command line.
    pub invited_by: Option<UserId>,
    /// What they are called; nothing when their account is gone.
    pub inviter: Option<String>,
    /// An operator of the instance sent it: it stands on no member's rights.
    pub by_operator: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its last mail was sent.
    pub sent_at: Timestamp,
    /// It can be accepted until then.
    pub expires_at: Timestamp,
    /// When it was accepted, rejected or withdrawn, or expired.
    pub closed_at: Option<Timestamp>,
}

/// Which invitation somebody answers.
#[derive(Clone, Debug)]
pub enum Which {
    /// One of those to the confirmed address of their account.
    Id(InvitationId),
    /// The one whose link they have (`TokenKind::Invitation`).
    Link(PlainToken),
}

/// What the inviter has to say, shown behind the link: 1 to 500 characters, with line breaks, without other control
/// characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// The longest, in characters.
    pub const MOST: usize = 500;

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Note {
    type Error = TextError;

    /// # Errors
    /// [`TextError`] when the text is empty, too long, or has control characters.
    fn try_from(text: &str) -> Result<Self, TextError> {
        let text = text.trim().replace("\r\n", "\n");
        if text.is_empty() {
            return Err(TextError::Missing);
        }
        if text.chars().count() > Self::MOST {
            return Err(TextError::TooLong);
        }
        let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        if text.chars().any(|c| (c.is_control() && c != '\n') || turns(c)) {
            return Err(TextError::Malformed);
        }
        Ok(Self(text))
    }
}
