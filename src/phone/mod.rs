//! Telephone numbers of people (A9): the claims `phone_number` and `phone_number_verified` (OIDC Core §5.1), and where codes go
//! that are sent as text messages (B4).
//!
//! - [`request_phone`] sends six digits to a number; [`confirm_phone`] gives the account the number whose code is typed.
//!   Until then nothing changes. Codes work once, for ten minutes, for the account and the number they were made for; after
//!   a few wrong ones another has to be sent. How many are sent has limits ([`crate::limits::RateLimits::sent_sms`]).
//! - [`remove_phone`] takes it away, and codes by SMS with it.
//! - The same number may belong to several accounts: people share telephones.
//!
//! Whatever changes needs somebody who proved lately who they are, gives the account a new stamp (A8), goes on record and is
//! told by mail (B9).

mod change;
mod confirm_phone;
mod find_phone;
mod number;
mod remove_phone;
mod request_phone;
mod store;

use std::time::Duration;

pub use self::{
    confirm_phone::{ConfirmPhone, ConfirmPhoneError, confirm_phone},
    find_phone::{FindPhoneError, PhoneView, WaitingPhone, find_phone},
    number::PhoneNumber,
    remove_phone::{RemovePhoneError, remove_phone},
    request_phone::{RequestPhone, RequestPhoneError, request_phone},
};
pub(crate) use change::remove_since;
pub(crate) use store::{code_waits, delete_expired};

use crate::{core::Core, id::UserId, secret::Digest};

/// How long a code works.
const CODE_LIFE: Duration = Duration::from_mins(10);

/// What the table keeps of a code: of use for this account and this number alone.
fn digest(core: &Core, user_id: UserId, number: &PhoneNumber, typed: &str) -> Digest {
    let about = [b"code for number ", user_id.as_uuid().as_bytes().as_slice(), number.as_str().as_bytes()].concat();
    core.sealer().code_digest(&about, typed)
}
