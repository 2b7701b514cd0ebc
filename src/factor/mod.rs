//! Second factors: what somebody shows besides the password (B2, B3, B4, B6).
//!
//! - An *authenticator* is an app that makes six-digit codes (RFC 6238). It is set up in two steps, [`begin_totp`] and
//!   [`confirm_totp`]: until a first code was typed it counts for nothing, and is forgotten after ten minutes.
//! - Codes *that are sent* (B4), by e-mail or as text messages ([`Channel`]), are for those who chose them ([`set_codes`]). A
//!   code is made for one sign-in that waits and is of use to no other ([`sent`]). One from the mailbox proves no more than
//!   the mailbox that also resets the password, so it is no second kind of proof ([`SecondFactor::is_other_kind`]). One that
//!   reaches a telephone is, though the weakest: numbers can be taken over, and codes be asked for by false pages (NIST SP
//!   800-63B-4 §3.1.3.3 calls it restricted).
//! - *Recovery codes* are for the day there is no authenticator at hand. They come with the first one, and go with the last.
//! - `proof` is what sign-in asks: does this code fit, and may it be used? Both are answered by guarded statements, so each
//!   code is good once, however many use it at the same moment.
//!
//! Whatever changes here needs somebody who proved who they are within ten minutes ([`crate::authz::require_fresh_user`]), is
//! put on record and told by mail (B9). The first authenticator, and each removal, changes the security stamp (A8): sessions
//! that were opened with less end, but for the one that asks.

mod adopt;
mod adopt_store;
mod begin_totp;
mod channel;
mod channel_store;
mod confirm_totp;
mod list_factors;
mod make_recovery_codes;
mod proof;
mod recovery;
mod remove_authenticator;
mod rename_authenticator;
mod sent;
mod set_codes;
mod store;
#[cfg(test)]
mod tests;
mod totp;

pub use self::{
    adopt::TotpSecret,
    begin_totp::{BeginTotp, BeginTotpError, TotpSetUp, begin_totp, find_totp_set_up},
    channel::Channel,
    confirm_totp::{ConfirmTotp, ConfirmTotpError, TotpConfirmed, confirm_totp},
    list_factors::{AuthenticatorView, CodesView, FactorsView, ListFactorsError, RecoveryCodesView, list_factors},
    make_recovery_codes::{MakeRecoveryCodesError, make_recovery_codes},
    proof::Proof,
    recovery::RECOVERY_CODES,
    remove_authenticator::{RemoveAuthenticator, RemoveAuthenticatorError, remove_authenticator},
    rename_authenticator::{RenameAuthenticator, RenameAuthenticatorError, rename_authenticator},
    set_codes::{SetCodes, SetCodesError, set_codes},
};
pub(crate) use self::{
    adopt::{adopt_any, adopt_totp, has_authenticator},
    channel_store::{code_waits, find_sent, remove as leave_channel},
    proof::{Accepted, Checked, accept, check},
    sent::{For, send},
    store::{delete_unconfirmed, remove_since},
};
use crate::{config::Config, db::Conn, error::Internal, id::UserId, passkey};

text_enum! {
    /// A kind of second factor.
    pub enum SecondFactor {
        /// A code of an authenticator app (B2).
        Totp = "totp",
        /// A passkey or security key (B1).
        Passkey = "passkey",
        /// A code sent to the person's address (B4).
        Email = "email",
        /// A code sent to the person's telephone (B4).
        Sms = "sms",
        /// A recovery code (B3).
        Recovery = "recovery",
    }
}

impl SecondFactor {
    /// Beside the password it is another kind of proof, so that both together are `mfa` (RFC 8176). A mailbox is none: it
    /// also resets the password.
    pub const fn is_other_kind(self) -> bool {
        match self {
            Self::Totp | Self::Passkey | Self::Sms | Self::Recovery => true,
            Self::Email => false,
        }
    }

    /// The channel that its codes are sent over, when they are asked for; none of what is not sent.
    pub const fn channel(self) -> Option<Channel> {
        match self {
            Self::Email => Some(Channel::Email),
            Self::Sms => Some(Channel::Sms),
            Self::Totp | Self::Passkey | Self::Recovery => None,
        }
    }
}

/// What somebody can show besides the password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondFactors {
    /// Which kinds, in the order they are offered: the one used last first; recovery codes, which run out, at the end.
    pub methods: Vec<SecondFactor>,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
}

impl SecondFactors {
    /// All but one kind.
    pub(crate) fn without(mut self, kind: SecondFactor) -> Self {
        self.methods.retain(|method| *method != kind);
        self
    }

    /// What is asked for after every right password: all there is, or nothing. A passkey alone is another way in, chosen at
    /// the door, and no reason to ask for it behind the password.
    pub fn asked(&self) -> &[SecondFactor] {
        let chosen = |method: &SecondFactor| *method == SecondFactor::Totp || method.channel().is_some();
        if self.methods.iter().any(chosen) { &self.methods } else { &[] }
    }
}

/// The second factors of a person, as far as they are allowed here.
pub(crate) async fn of_user(conn: &mut Conn, config: &Config, user_id: UserId) -> Result<SecondFactors, Internal> {
    let apps = store::confirmed_of_user(conn, user_id).await?;
    let mut found = Vec::new();
    if let Some(key) = passkey::second_factor::usable(conn, config, user_id).await? {
        found.push((SecondFactor::Passkey, key.at));
    }
    if !apps.is_empty() {
        found.push((SecondFactor::Totp, apps.iter().filter_map(|app| app.last_used_at).max()));
    }
    // The telephone before the mailbox, which is no other kind of proof.
    for channel in [Channel::Sms, Channel::Email] {
        if channel.is_offered(config)
            && let Some(chosen) = channel_store::find(conn, user_id, channel).await?
            && chosen.is_reachable(channel)
        {
            found.push((channel.factor(), chosen.last_used_at));
        }
    }
    // Those never used keep their order: it is that of their worth.
    found.sort_by_key(|(_, used)| std::cmp::Reverse(*used));
    let mut methods: Vec<_> = found.into_iter().map(|(method, _)| method).collect();
    // Recovery codes are no factor of their own.
    let left = if methods.is_empty() { 0 } else { store::recovery_codes_left(conn, user_id).await? };
    if left > 0 {
        methods.push(SecondFactor::Recovery);
    }
    Ok(SecondFactors { methods, recovery_codes_left: u32::try_from(left).unwrap_or(u32::MAX) })
}
