//! The pause after too many wrong passwords (A7).

use super::User;
use crate::{
    audit::{self, AuditKind, Entry},
    core::Ctx,
    db::Tx,
    error::Internal,
    mail::{self, Message},
};

/// Counts a wrong password in `tx`. With the last one allowed the pause begins: it goes on record, and the owner is told
/// by mail, provided the address is known to be theirs. True when the try was counted, false when the pause was on.
pub(super) async fn count(tx: &mut Tx, ctx: &Ctx, user: &User) -> Result<bool, Internal> {
    let settings = &ctx.config().lockout;
    let now = ctx.now();
    let until = now + settings.pause;
    let most = i64::from(settings.attempts);
    let Some(counted) = super::store::count_failure(tx, user.id, now, now - settings.pause, most, until).await? else {
        return Ok(false);
    };
    if counted.locked_until.is_some() {
        let details = serde_json::json!({ "failures": counted.failures, "until": until.to_string() });
        audit::record(tx, ctx, Entry::about(AuditKind::AccountLocked, user.id).with_details(details)).await?;
        if user.is_verified() {
            mail::enqueue(tx, ctx, user, Message::AccountLocked { until }).await?;
        }
    }
    Ok(true)
}
