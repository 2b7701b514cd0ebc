//! Invitations into organisations (E6): behind the link of the mail, in the account, in the organisation.

use super::{Flash, Room, When};

/// An invitation as the one who is invited sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationCard {
    /// Its id.
    pub id: String,
    /// The name of the organisation.
    pub organization: String,
    /// What they would be; nothing when that role was deleted.
    pub role: Option<String>,
    /// Who invites; nothing when that account is gone.
    pub inviter: Option<String>,
    /// What they have to say.
    pub note: Option<String>,
    /// Which address is invited.
    pub email: String,
    /// It can be accepted until then.
    pub until: When,
}

impl InvitationCard {
    /// "Mara invites you to join Nordhavn Studio as viewer."
    pub fn sentence(&self) -> String {
        let who = self.inviter.as_deref().unwrap_or("Somebody who may do so");
        let role = self.role.as_deref().map(|role| format!(" as {role}")).unwrap_or_default();
        format!("{who} invites you to join {}{role}.", self.organization)
    }
}

/// Who reads an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationReader {
    /// Nobody is signed in.
    Nobody {
        /// People can make accounts here.
        may_register: bool,
    },
    /// Whom it is for.
    Invited,
    /// The account has this address, and it is not confirmed.
    Unconfirmed,
    /// Another account.
    Another {
        /// Its address.
        email: String,
    },
}

/// What became of an invitation that cannot be accepted any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationEnd {
    /// Somebody joined by it.
    Accepted,
    /// It was declined.
    Rejected,
    /// The organisation took it back.
    Withdrawn,
    /// Nobody answered in time.
    Expired,
}

/// Behind the link: `GET /invitation[?t=]`, posts to `/do/answer-invitation`.
#[derive(Debug, Clone)]
pub enum InvitationPage {
    /// It can be answered.
    Open {
        /// The token of the link.
        token: String,
        /// The invitation.
        card: Box<InvitationCard>,
        /// Who reads it.
        reader: InvitationReader,
        /// Why it was not answered.
        flash: Option<Flash>,
    },
    /// It is over.
    Over {
        /// The name of the organisation.
        organization: String,
        /// How.
        end: InvitationEnd,
        /// What was done just now.
        flash: Option<Flash>,
    },
    /// There is none.
    Dead,
}

/// What the person can accept: `GET /account/invitations`, posts to `/do/answer-invitation`.
#[derive(Debug, Clone, Default)]
pub struct InvitationsPage {
    /// The room around it.
    pub room: Room,
    /// The newest first.
    pub invitations: Vec<InvitationCard>,
    /// The address of the account is confirmed; without that none is shown.
    pub is_confirmed: bool,
}
