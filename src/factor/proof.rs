//! Is this code good? Looked up first, with no transaction open ([`check`]); then used up, by a guarded statement in the
//! transaction of whoever asks ([`accept`]).

use super::{
    Channel, SecondFactor,
    channel_store::{self, NewCode},
    recovery, sent, store, totp,
};
use crate::{
    account::Amr,
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    id::{AuthenticatorId, UserId},
    passkey::{
        Assertion,
        second_factor::{self, CheckedKey},
    },
    secret::{Digest, PlainToken, SecretString},
};

/// What somebody shows besides the password, as typed.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The code of an authenticator app.
    Totp(SecretString),
    /// A code that was sent over this channel for this very sign-in.
    Sent(Channel, SecretString),
    /// A recovery code.
    Recovery(SecretString),
    /// What a passkey or security key answered.
    Passkey {
        /// The ceremony.
        ceremony: PlainToken,
        /// The answer.
        assertion: Assertion,
    },
}

impl Proof {
    /// A code of this kind; none for what is no code.
    pub fn code(kind: SecondFactor, code: SecretString) -> Option<Self> {
        match kind {
            SecondFactor::Totp => Some(Self::Totp(code)),
            SecondFactor::Email => Some(Self::Sent(Channel::Email, code)),
            SecondFactor::Sms => Some(Self::Sent(Channel::Sms, code)),
            SecondFactor::Recovery => Some(Self::Recovery(code)),
            SecondFactor::Passkey => None,
        }
    }

    /// Of which kind it is.
    pub fn kind(&self) -> SecondFactor {
        match self {
            Self::Totp(_) => SecondFactor::Totp,
            Self::Sent(channel, _) => channel.factor(),
            Self::Recovery(_) => SecondFactor::Recovery,
            Self::Passkey { .. } => SecondFactor::Passkey,
        }
    }
}

/// A code that seems to fit.
#[derive(Debug)]
pub(crate) enum Checked {
    /// Authenticators with a time step whose code it is; by chance more than one.
    Totp(Vec<(AuthenticatorId, i64)>),
    /// A code that was sent for one sign-in, and what the table would have of it.
    Sent {
        /// The sign-in.
        pending: Digest,
        /// The channel.
        channel: Channel,
        /// What the table would have.
        code: Digest,
    },
    /// What the table would have of it.
    Recovery(Digest),
    /// A key.
    Passkey(Box<CheckedKey>),
}

/// A code that was good, and is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accepted {
    /// Of an authenticator.
    Totp,
    /// One that was sent.
    Sent(Channel),
    /// A recovery code; so many are left.
    Recovery {
        /// How many.
        left: u32,
    },
    /// A key, and what it showed.
    Passkey([Amr; 2]),
}

impl Accepted {
    /// What was shown by it.
    pub(crate) const fn kind(self) -> SecondFactor {
        match self {
            Self::Totp => SecondFactor::Totp,
            Self::Sent(channel) => channel.factor(),
            Self::Recovery { .. } => SecondFactor::Recovery,
            Self::Passkey(_) => SecondFactor::Passkey,
        }
    }

    /// The same in the words of RFC 8176.
    pub(crate) fn amr(&self) -> &[Amr] {
        match self {
            Self::Totp | Self::Sent(Channel::Email) | Self::Recovery { .. } => &[Amr::OneTimeCode],
            Self::Sent(Channel::Sms) => &[Amr::OneTimeCode, Amr::Sms],
            Self::Passkey(shown) => shown,
        }
    }
}

/// Looks which of the person's factors the code could be of; none when it cannot be right. `pending` is the sign-in
/// it is shown for.
pub(crate) async fn check(
    ctx: &Ctx,
    user_id: UserId,
    pending: Digest,
    proof: &Proof,
) -> Result<Option<Checked>, Internal> {
    match proof {
        Proof::Passkey { ceremony, assertion } => {
            let checked = second_factor::check(ctx, user_id, ceremony, assertion).await?;
            Ok(checked.map(|key| Checked::Passkey(Box::new(key))))
        }
        Proof::Sent(channel, code) => {
            let code = sent::digest(&ctx.core, pending, code);
            Ok(Some(Checked::Sent { pending, channel: *channel, code }))
        }
        Proof::Recovery(code) => Ok(Some(Checked::Recovery(recovery::digest(&ctx.core, user_id, code)))),
        Proof::Totp(code) => {
            let mut conn = ctx.core.db().read().await?;
            let rows = store::confirmed_of_user(&mut conn, user_id).await?;
            drop(conn);
            let mut fitting = Vec::new();
            for row in rows {
                let totp = totp::open(&ctx.core, &row.secret, "")?;
                if let Some(step) = totp::matching_step(&totp, code, ctx.now()) {
                    fitting.push((row.id, step));
                }
            }
            Ok((!fitting.is_empty()).then_some(Checked::Totp(fitting)))
        }
    }
}

/// Uses it up; none when it was used before, or is no code of this person.
pub(crate) async fn accept(
    tx: &mut Tx,
    user_id: UserId,
    checked: &Checked,
    now: Timestamp,
) -> Result<Option<Accepted>, Internal> {
    match checked {
        Checked::Totp(fitting) => {
            for (id, step) in fitting {
                if store::accept_step(tx, *id, user_id, *step, now).await? {
                    return Ok(Some(Accepted::Totp));
                }
            }
            Ok(None)
        }
        Checked::Sent { pending, channel, code } => {
            let code = NewCode { pending: *pending, channel: *channel, code: *code, now };
            Ok(channel_store::use_code(tx, user_id, &code).await?.then_some(Accepted::Sent(*channel)))
        }
        Checked::Passkey(key) => Ok(second_factor::accept(tx, key, now).await?.then(|| Accepted::Passkey(key.amr()))),
        Checked::Recovery(digest) => {
            if !store::use_recovery_code(tx, *digest, user_id, now).await? {
                return Ok(None);
            }
            let left = store::recovery_codes_left(tx, user_id).await?;
            Ok(Some(Accepted::Recovery { left: u32::try_from(left).unwrap_or(u32::MAX) }))
        }
    }
}
