//! Who came by password is offered a passkey, and not asked too often (B8).

use std::time::Duration;

use super::{offer_store, relying_party_id};
use crate::{
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::UserId,
};

/// "Not now" is an answer for so long.
const NOT_NOW: Duration = Duration::from_hours(14 * 24);

/// What somebody answered who wants no passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferAnswer {
    /// They are asked again after two weeks.
    NotNow,
    /// They are not asked again.
    Never,
}

/// Whether a person who has just signed in with a password is to be offered a passkey: they have none, and did not say
/// "not now" lately or "never". Whether their browser can make one, only a script there knows.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn wants_offer(ctx: &Ctx, user_id: UserId) -> Result<bool, Internal> {
    if !ctx.config().passkeys.offer || relying_party_id(ctx.config()).is_none() {
        return Ok(false);
    }
    offer_store::is_open(&mut ctx.core.db().read().await?, user_id, ctx.now()).await
}

/// Why an answer was not kept.
#[derive(Debug, thiserror::Error)]
pub enum AnswerOfferError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Keeps the answer of the person who asks.
///
/// # Errors
/// [`AnswerOfferError`].
pub async fn answer_offer(ctx: &Ctx, answer: OfferAnswer) -> Result<(), AnswerOfferError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let again_at = match answer {
        OfferAnswer::NotNow => Some(ctx.now() + NOT_NOW),
        OfferAnswer::Never => None,
    };
    let mut tx = ctx.core.db().write().await?;
    offer_store::save(&mut tx, user_id, again_at).await?;
    tx.commit().await?;
    Ok(())
}
