//! The two steps of making or using a key, and what holds them together.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::ceremony_store;
use crate::{
    core::Ctx,
    error::Internal,
    id::UserId,
    secret::{PlainToken, TokenKind},
};

/// How long a ceremony may take.
pub(super) const CEREMONY_LIFE: Duration = Duration::from_mins(5);

/// What a ceremony is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CeremonyKind {
    /// A key is added to the account of a person.
    Enrolment(UserId),
    /// Somebody signs in.
    SignIn,
    /// This person shows a key in the second step.
    SecondFactor(UserId),
}

impl CeremonyKind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Enrolment(_) => "enrolment",
            Self::SignIn => "sign_in",
            Self::SecondFactor(_) => "second_factor",
        }
    }

    pub(super) const fn user_id(self) -> Option<UserId> {
        match self {
            Self::Enrolment(user_id) | Self::SecondFactor(user_id) => Some(user_id),
            Self::SignIn => None,
        }
    }
}

/// A ceremony that has begun.
#[derive(Clone, Debug)]
pub struct Ceremony {
    /// Comes back with the answer.
    pub token: PlainToken,
    /// For `navigator.credentials`: `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`
    /// (WebAuthn L3 §5.1.8, §5.1.9).
    pub options: Value,
}

/// Writes a ceremony down. `options` is what the library answers: an object with the member `publicKey`.
pub(super) async fn begin(
    ctx: &Ctx,
    kind: CeremonyKind,
    options: &impl Serialize,
    state: &impl Serialize,
) -> Result<Ceremony, Internal> {
    let unwritable = |cause| Internal::new("write a ceremony", cause);
    let mut options = serde_json::to_value(options).map_err(unwritable)?;
    let options = options.get_mut("publicKey").map(Value::take).unwrap_or_default();
    let state = serde_json::to_value(state).map_err(unwritable)?;
    let token = PlainToken::generate(TokenKind::PasskeyCeremony, ctx.core.entropy());
    let mut tx = ctx.core.db().write().await?;
    ceremony_store::insert(&mut tx, token.digest(), kind, state, ctx.now() + CEREMONY_LIFE).await?;
    tx.commit().await?;
    Ok(Ceremony { token, options })
}
