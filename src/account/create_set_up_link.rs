//! The one-time link that makes the first administrator.

use std::time::Duration;

use super::{
    store,
    ticket::{self, TicketKind},
    ticket_store,
};
use crate::{authz, core::Ctx, error::Internal};

const DAY: Duration = Duration::from_hours(24);

/// A link to `/setup` that works once, for a day; only while there is no account at all. An older link stops working.
/// For the start of the server: everybody but operators and jobs is answered `None`.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn create_set_up_link(ctx: &Ctx) -> Result<Option<String>, Internal> {
    if authz::require_operator(ctx).is_err() {
        return Ok(None);
    }
    let mut tx = ctx.core.db().write().await?;
    if store::there_is_a_user(&mut tx).await? {
        return Ok(None);
    }
    ticket_store::delete_of_nobody(&mut tx, TicketKind::SetUp.as_str()).await?;
    let issued = ticket::issue(&mut tx, ctx, TicketKind::SetUp, None, None, DAY).await?;
    tx.commit().await?;
    Ok(Some(issued.link))
}
