//! Invitations into an organisation, by e-mail (E6).
//!
//! An invitation is *pending* for a week ([`InvitationState`]), and there is one for each address and organisation. It is
//! accepted, rejected, withdrawn, or it expires. Members and pending invitations together are never more than
//! `max_members` when somebody is invited, so whoever accepts finds a place unless that number was lowered meanwhile.
//!
//! **What proves what.** The mail brings a link; who has it reads the mailbox, and nothing else is known of them.
//! - It shows the invitation, and declines it: a mailbox needs no account for that.
//! - It makes an account *for this address* whose address counts as confirmed ([`account::register`](crate::account::register)
//!   with [`Register::invitation`](crate::account::Register)): whoever chooses the password there reads the mailbox. An
//!   account that somebody else had registered with the address in advance and nobody confirmed makes way.
//! - It accepts nothing by itself: only somebody who is signed in accepts, to an account whose *confirmed* address is the
//!   invited one. With such an account the link is not needed ([`list_my_invitations`]).
//! - It confirms the address of no account that is there already: the owner of a mailbox could be led to confirm an
//!   account that a stranger has the password of.
//!
//! **Nobody's rights outlive them.** An invitation stands on the rights of whoever sent it last. Who lost them, or left, gives
//! nobody a place any more: [`accept_invitation`] asks again. Sent again by somebody who may, it stands on theirs.
//!
//! The mail says which organisation invites and who; what the inviter adds ([`Note`]) is shown behind the link only, so
//! that nobody says something of their own through our mails.

mod accept;
mod addresses;
mod change;
mod expire;
mod invite_members;
mod list;
mod look;
mod model;
mod reject;
mod rights;
mod send;
mod store;
#[cfg(test)]
mod tests;

pub use accept::{AcceptInvitationError, Accepted, accept_invitation};
pub use addresses::{Addresses, AddressesError, MOST_ADDRESSES};
pub use change::{InvitationChangeError, resend_invitation, withdraw_invitation};
pub(crate) use expire::{delete_old, expire_due};
pub use invite_members::{AddressOutcome, InviteMembers, InviteMembersError, Outcome, invite_members};
pub use list::{
    InvitationPage, ListInvitations, ListMyInvitationsError, MOST_INVITATIONS, MyInvitation, get_invitation,
    list_invitations, list_my_invitations,
};
pub(crate) use look::proves_mailbox;
pub use look::{OpenInvitation, Reader, find_invitation};
pub use model::{Invitation, InvitationState, Note, Which};
pub use reject::{RejectInvitationError, reject_invitation};
