//! Second factors: what somebody shows besides the password (B2, B3, B6).
//!
//! - An *authenticator* is an app that makes six-digit codes (RFC 6238). It is set up in two steps, [`begin_totp`] and
//!   [`confirm_totp`]: until a first code was typed it counts for nothing, and is forgotten after ten minutes.
//! - *Recovery codes* are for the day there is no authenticator at hand. They come with the first one, and go with the last.
//! - `proof` is what sign-in asks: does this code fit, and may it be used? Both are answered by guarded statements, so each
//!   code is good once, however many use it at the same moment.
//!
//! Whatever changes here needs somebody who proved who they are within ten minutes ([`crate::authz::require_fresh_user`]), is
//! put on record and told by mail (B9). The first authenticator, and each removal, changes the security stamp (A8): sessions
//! that were opened with less end, but for the one that asks.

mod begin_totp;
mod confirm_totp;
mod list_factors;
mod make_recovery_codes;
mod proof;
mod recovery;
mod remove_authenticator;
mod rename_authenticator;
mod store;
#[cfg(test)]
mod tests;
mod totp;

pub use self::{
    begin_totp::{BeginTotp, BeginTotpError, TotpSetUp, begin_totp, find_totp_set_up},
    confirm_totp::{ConfirmTotp, ConfirmTotpError, TotpConfirmed, confirm_totp},
    list_factors::{AuthenticatorView, FactorsView, ListFactorsError, RecoveryCodesView, list_factors},
    make_recovery_codes::{MakeRecoveryCodesError, make_recovery_codes},
    proof::Proof,
    recovery::RECOVERY_CODES,
    remove_authenticator::{RemoveAuthenticator, RemoveAuthenticatorError, remove_authenticator},
    rename_authenticator::{RenameAuthenticator, RenameAuthenticatorError, rename_authenticator},
};
pub(crate) use self::{
    proof::{Accepted, Checked, accept, check},
    store::delete_unconfirmed,
};
use crate::{db::Conn, error::Internal, id::UserId};

text_enum! {
    /// A kind of second factor.
    pub enum SecondFactor {
        /// A code of an authenticator app (B2).
        Totp = "totp",
        /// A recovery code (B3).
        Recovery = "recovery",
    }
}

/// What somebody can show besides the password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondFactors {
    /// Which kinds, in the order they are offered: the one used last first; recovery codes, which run out, at the end. Empty
    /// for somebody who has none: recovery codes alone are no factor.
    pub methods: Vec<SecondFactor>,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
}

/// The second factors of a person.
pub(crate) async fn of_user(conn: &mut Conn, user_id: UserId) -> Result<SecondFactors, Internal> {
    if store::confirmed_of_user(conn, user_id).await?.is_empty() {
        return Ok(SecondFactors::default());
    }
    let left = store::recovery_codes_left(conn, user_id).await?;
    let mut methods = vec![SecondFactor::Totp];
    if left > 0 {
        methods.push(SecondFactor::Recovery);
    }
    Ok(SecondFactors { methods, recovery_codes_left: u32::try_from(left).unwrap_or(u32::MAX) })
}
