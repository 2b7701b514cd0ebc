//! Sign-ins that wait for their next step.

use std::time::Duration;

use super::{
    SecondFactorRequired,
    steps::{self, Amr, Least},
    store,
};
use crate::{
    account::{self, User},
    clock::Timestamp,
    core::Ctx,
    db::{Conn, Tx},
    error::Internal,
    factor::{self, Channel, SecondFactor, SecondFactors},
    id::{SessionId, UserId},
    limits::TooMany,
    secret::{PlainToken, TokenKind},
    session::SessionKind,
};

/// How long the next step may take.
pub const PENDING_LIFE: Duration = Duration::from_mins(10);

/// What a sign-in is kept with while it waits.
pub(super) struct NewPending<'a> {
    pub(super) user: &'a User,
    pub(super) kind: SessionKind,
    pub(super) amr: Vec<Amr>,
    pub(super) stay: bool,
    /// Where somebody who is signed in shows more.
    pub(super) on_top: Option<OnTop>,
}

/// What is already there when somebody who is signed in shows more (B6).
#[derive(Clone, Copy)]
pub(super) struct OnTop {
    /// Their session, which the new one takes the place of.
    pub(super) session_id: SessionId,
    /// When they showed what it knows of them.
    pub(super) shown_at: Timestamp,
    /// What they have to reach.
    pub(super) least: Least,
}

/// Keeps it, and gives the handle that its next step is known by. Where the way offered first is a code that has to be
/// sent, it is on its way, unless its recipient got enough of them.
pub(super) async fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    new: NewPending<'_>,
    methods: Vec<SecondFactor>,
) -> Result<SecondFactorRequired, Internal> {
    let pending = PlainToken::generate(TokenKind::PendingSignIn, ctx.core.entropy());
    let (now, expires_at) = (ctx.now(), ctx.now() + PENDING_LIFE);
    let user = new.user;
    store::insert_pending(tx, pending.digest(), new, now, expires_at).await?;
    let mut code_sent = None;
    if let Some(channel) = methods.first().and_then(|method| method.channel()) {
        let to = factor::For { user, pending: pending.digest(), expires_at };
        code_sent = factor::send(tx, ctx, to, channel).await?.is_ok().then_some(channel);
    }
    Ok(SecondFactorRequired { pending, methods, code_sent, expires_at })
}

/// A sign-in that waits, and whose it is.
pub(super) struct Found {
    pub(super) row: store::PendingRow,
    pub(super) user: User,
}

impl Found {
    /// What will do, in the order to offer it.
    pub(super) fn methods(&self, has: &SecondFactors) -> Vec<SecondFactor> {
        has.methods.iter().copied().filter(|method| self.takes(*method)).collect()
    }

    /// It is a way on from what was shown before, and reaches what has to be reached.
    pub(super) fn takes(&self, method: SecondFactor) -> bool {
        let reaches = self.row.least().is_none_or(|least| !least.of(&[method]).is_empty());
        reaches && steps::may_follow(&self.row.amr(), method)
    }
}

/// The one behind a handle, if it is neither used nor too old, and the account is as it was. What was begun in a session is
/// found in this session only.
pub(super) async fn find(conn: &mut Conn, ctx: &Ctx, pending: &PlainToken) -> Result<Option<Found>, Internal> {
    let Some(row) = store::find_pending(conn, pending.digest(), ctx.now()).await? else { return Ok(None) };
    if row.session_id.is_some_and(|id| ctx.user().is_none_or(|actor| actor.session_id != id)) {
        return Ok(None);
    }
    let user = account::find(conn, row.user_id).await?;
    Ok(user.filter(|user| user.is_active && user.stamp == row.stamp).map(|user| Found { row, user }))
}

/// Whoever comes here knows the password, so a pause is no news to them that would help.
pub(super) fn refuse_while_paused(ctx: &Ctx, user: &User) -> Result<(), TooMany> {
    match user.locked_until.filter(|until| *until > ctx.now()) {
        Some(until) => Err(TooMany { retry_after_secs: until.since(ctx.now()).as_secs() + 1 }),
        None => Ok(()),
    }
}

/// What the page that asks for the next step shows. Whoever holds the handle has shown the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingSignIn {
    /// Whose.
    pub user_id: UserId,
    /// What others call them; empty when they have no name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The end of their number, as far as it is shown to whoever knows the password; none where there is none.
    pub phone_ending: Option<String>,
    /// What will do, in the order to offer it.
    pub methods: Vec<SecondFactor>,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
    /// Over which channel a code was sent for it, if one was.
    pub code_sent: Option<Channel>,
    /// They are signed in, and show more.
    pub is_on_top: bool,
    /// Void from then on.
    pub expires_at: Timestamp,
}

/// Looks at a sign-in that waits, without taking its next step.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_pending_sign_in(ctx: &Ctx, pending: &PlainToken) -> Result<Option<PendingSignIn>, Internal> {
    let mut conn = ctx.core.db().read().await?;
    let Some(found) = find(&mut conn, ctx, pending).await? else { return Ok(None) };
    let factors = factor::of_user(&mut conn, ctx.config(), found.user.id).await?;
    let code_sent = factor::find_sent(&mut conn, pending.digest()).await?;
    let methods = found.methods(&factors);
    let Found { row, user } = found;
    let phone_ending = user.verified_phone().map(|number| number.ending().to_owned());
    let name = user.display_name.map(String::from).or(user.username.map(String::from));
    Ok(Some(PendingSignIn {
        user_id: user.id,
        name: name.unwrap_or_default(),
        email: user.email.into(),
        phone_ending,
        methods,
        recovery_codes_left: factors.recovery_codes_left,
        code_sent,
        is_on_top: row.session_id.is_some(),
        expires_at: row.expires_at,
    }))
}
