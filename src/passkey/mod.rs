//! Passkeys (B1, B8): keys that live on a device, in a password manager or on a security key, and open an account without
//! a name and without a password (WebAuthn Level 3).
//!
//! Each key is made and used in a *ceremony* of two steps. The first ([`begin_enrolment`], [`begin_sign_in`]) writes a
//! challenge down and gives the browser its options and a token; the second ([`finish_enrolment`], [`finish_sign_in`])
//! brings the token back with what the authenticator answered. A ceremony is good for five minutes and one answer, right
//! or wrong.
//!
//! - Every key is asked to be discoverable and to verify its person (PIN, finger, face), so one of them is two factors at
//!   once and cannot be phished: it signs for our domain only.
//! - A key that counts its signatures and counts backwards has a copy somewhere: it is refused, put on record, and its
//!   owner is told.
//! - What a model is called is looked up in a table ([`authenticator_of`]); nothing is asked of its maker, and no
//!   attestation is demanded.
//! - [`wants_offer`] says when somebody who came by password is offered a passkey (B8).

mod authenticators;
mod begin_enrolment;
mod begin_sign_in;
mod ceremony;
mod ceremony_store;
mod credential;
mod finish_enrolment;
mod finish_sign_in;
mod list;
mod name;
mod offer;
mod offer_store;
mod refusal;
mod relying_party;
mod remove;
mod rename;
pub(crate) mod second_factor;
mod store;
#[cfg(test)]
mod tests;

pub use authenticators::{Authenticator, AuthenticatorKind, authenticator_of};
pub use begin_enrolment::{BeginEnrolmentError, begin_enrolment};
pub use begin_sign_in::{BeginSignInError, begin_sign_in};
pub use ceremony::Ceremony;
pub(crate) use ceremony_store::delete_expired as delete_expired_ceremonies;
pub use credential::{Assertion, NewCredential};
pub use finish_enrolment::{FinishEnrolment, FinishEnrolmentError, PasskeyAdded, finish_enrolment};
pub use finish_sign_in::{FinishSignIn, FinishSignInError, finish_sign_in};
pub use list::{ListPasskeysError, PasskeyView, Passkeys, list_passkeys};
pub use name::PasskeyName;
pub use offer::{AnswerOfferError, OfferAnswer, answer_offer, wants_offer};
pub use relying_party::{related_origins, relying_party_id};
pub use remove::{RemovePasskeyError, remove_passkey};
pub use rename::{RenamePasskey, RenamePasskeyError, rename_passkey};
pub(crate) use store::remove_since;
