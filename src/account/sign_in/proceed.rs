//! From the first step on: the session, or what waits for the second step.

use super::{
    SignInOutcome, open_session,
    pending::{self, NewPending},
    steps::{self, Amr, Step},
    store,
};
use crate::{
    account::User,
    core::Ctx,
    db::Tx,
    factor::SecondFactors,
    secret::PlainToken,
    session::{NewSession, OpenError, SessionKind},
    trusted_browser,
};

/// Who showed what first, and where.
pub(super) struct First<'a> {
    pub(super) user: &'a User,
    pub(super) amr: Amr,
    pub(super) kind: SessionKind,
    pub(super) stay: bool,
}

/// Opens a session for whoever has nothing else to show, or shows what the browser is trusted by (B7). `None` when the
/// account changed meanwhile.
pub(super) async fn proceed(
    tx: &mut Tx,
    ctx: &Ctx,
    first: First<'_>,
    has: &SecondFactors,
    trusted_by: &[PlainToken],
) -> Result<Option<SignInOutcome>, OpenError> {
    let First { user, amr, kind, stay } = first;
    let proven = vec![amr];
    let mut asked = has.asked();
    if !asked.is_empty() && trusted_browser::is_trusted(tx, ctx, user, trusted_by).await? {
        asked = &[];
    }
    match steps::after_first(&proven, asked) {
        Step::Ask(methods) => {
            let new = NewPending { user, kind, amr: proven, stay, on_top: None };
            Ok(Some(SignInOutcome::SecondFactorRequired(pending::keep(tx, ctx, new, methods).await?)))
        }
        Step::Open(amr) => {
            if !store::complete(tx, user.id, user.stamp, ctx.now()).await? {
                return Ok(None);
            }
            let amr = steps::words(&amr);
            let new = NewSession { user_id: user.id, stamp: user.stamp, kind, auth_time: ctx.now(), amr, stay };
            Ok(Some(SignInOutcome::SignedIn(open_session(tx, ctx, new, None).await?)))
        }
    }
}
