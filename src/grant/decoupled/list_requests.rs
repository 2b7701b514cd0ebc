//! The backchannel requests that wait for the person who asks.

use crate::{
    authz, client::find_client, clock::Timestamp, core::Ctx, error::Internal, grant::store::decoupled, id::DecoupledId,
};

/// An application that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRequest {
    /// Which.
    pub id: DecoupledId,
    /// Who asks.
    pub client_name: String,
    /// Their host.
    pub client_domain: Option<String>,
    /// Shown on both sides.
    pub binding_message: Option<String>,
    /// Where the request came from.
    pub ip: Option<String>,
    /// When.
    pub asked_at: Timestamp,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

/// What waits for the person who asks, the newest first. Nothing waits for nobody.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn list_requests(ctx: &Ctx) -> Result<Vec<WaitingRequest>, Internal> {
    let Ok(actor) = authz::require_user(ctx) else { return Ok(Vec::new()) };
    let mut conn = ctx.core.db().read().await?;
    let rows = decoupled::list_waiting(&mut conn, actor.user_id, ctx.now()).await?;
    drop(conn);
    let mut waiting = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(client) = find_client(&ctx.core, &row.client_id).await? else { continue };
        waiting.push(WaitingRequest {
            id: row.id,
            client_name: client.name.clone(),
            client_domain: client.settings.domain(),
            binding_message: row.details.0.binding_message,
            ip: row.details.0.ip,
            asked_at: row.created_at,
            expires_at: row.expires_at,
        });
    }
    Ok(waiting)
}
