//! What a person sees of their second factors.

use super::{Channel, channel_store, store};
use crate::{
    authz::{self, Denied},
    clock::Timestamp,
    core::Ctx,
    db::Conn,
    error::Internal,
    id::{AuthenticatorId, UserId},
    text::DisplayName,
};

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorsView {
    /// Authenticator apps, the oldest first.
    pub authenticators: Vec<AuthenticatorView>,
    /// Recovery codes; none when there never were any.
    pub recovery_codes: Option<RecoveryCodesView>,
    /// Codes by e-mail.
    pub email_codes: CodesView,
    /// Codes as text messages.
    pub sms_codes: CodesView,
}

impl FactorsView {
    /// The codes of a channel.
    pub const fn codes(&self, channel: Channel) -> CodesView {
        match channel {
            Channel::Email => self.email_codes,
            Channel::Sms => self.sms_codes,
        }
    }
}

/// Codes that are sent over a channel (B4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodesView {
    /// This instance sends none.
    Unavailable,
    /// The person does not want them.
    Off,
    /// They stand beside the password.
    On {
        /// Since when.
        added_at: Timestamp,
        /// When one last opened something.
        last_used_at: Option<Timestamp>,
    },
}

/// An authenticator app in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticatorView {
    /// Its id.
    pub id: AuthenticatorId,
    /// What its owner calls it.
    pub name: DisplayName,
    /// When it was added.
    pub added_at: Timestamp,
    /// When a code of it last opened something.
    pub last_used_at: Option<Timestamp>,
}

/// The recovery codes of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryCodesView {
    /// When they were made.
    pub made_at: Timestamp,
    /// How many are left.
    pub left: u32,
    /// When one was last used.
    pub last_used_at: Option<Timestamp>,
}

impl RecoveryCodesView {
    /// Three or fewer are left: time to make new ones (B3).
    pub fn is_low(&self) -> bool {
        self.left <= 3
    }
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListFactorsError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The second factors of the person who asks.
///
/// # Errors
/// [`ListFactorsError`].
pub async fn list_factors(ctx: &Ctx) -> Result<FactorsView, ListFactorsError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let mut conn = ctx.core.db().read().await?;
    let mut authenticators = Vec::new();
    for row in store::confirmed_of_user(&mut conn, user_id).await? {
        authenticators.push(AuthenticatorView {
            id: row.id,
            name: row.name()?,
            added_at: row.confirmed_at.unwrap_or(row.created_at),
            last_used_at: row.last_used_at,
        });
    }
    let codes = store::recovery_codes(&mut conn, user_id).await?;
    let recovery_codes = codes.iter().map(|code| code.created_at).max().map(|made_at| RecoveryCodesView {
        made_at,
        left: u32::try_from(codes.iter().filter(|code| code.used_at.is_none()).count()).unwrap_or(u32::MAX),
        last_used_at: codes.iter().filter_map(|code| code.used_at).max(),
    });
    let email_codes = sent_codes(&mut conn, ctx, user_id, Channel::Email).await?;
    let sms_codes = sent_codes(&mut conn, ctx, user_id, Channel::Sms).await?;
    Ok(FactorsView { authenticators, recovery_codes, email_codes, sms_codes })
}

async fn sent_codes(conn: &mut Conn, ctx: &Ctx, user_id: UserId, channel: Channel) -> Result<CodesView, Internal> {
    if !channel.is_offered(ctx.config()) {
        return Ok(CodesView::Unavailable);
    }
    let chosen = channel_store::find(conn, user_id, channel).await?;
    Ok(chosen.map_or(CodesView::Off, |chosen| CodesView::On {
        added_at: chosen.added_at,
        last_used_at: chosen.last_used_at,
    }))
}
