//! The person wants to be signed out.

use super::{
    find_logout::frames,
    store::{self, LogoutRow},
};
use crate::{
    core::Ctx,
    error::Internal,
    secret::{PlainToken, TokenKind},
    session,
};

/// The answer to the sign-out page.
#[derive(Debug)]
pub struct CompleteLogout {
    /// The request that is answered; none where no application asked.
    pub logout: Option<PlainToken>,
}

/// Nobody is signed in any more in this browser. Where it goes now:
#[derive(Debug)]
pub enum LoggedOut {
    /// To the signed-out page, which has to tell applications when there is a handle.
    Page {
        /// What the page shows; none when there is nothing but the fact.
        logout: Option<PlainToken>,
    },
    /// Back to the application that asked (RP-Initiated Logout §3).
    Return {
        /// Its address, `state` included.
        to: String,
    },
}

/// Ends the session that asks, with everything that belongs to it. Twice is once. A request that waited too long is
/// carried out all the same, but leads nowhere.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn complete_logout(ctx: &Ctx, cmd: CompleteLogout) -> Result<LoggedOut, Internal> {
    let found = match &cmd.logout {
        Some(handle) => store::find(&mut ctx.core.db().read().await?, handle.digest(), ctx.now()).await?,
        None => None,
    };
    match found {
        Some(row) => finish(ctx, cmd.logout, row).await,
        None => finish(ctx, None, LogoutRow::default()).await,
    }
}

/// Ends the session that asks, for the request in `row`, which is stored under `handle` or not at all.
pub(super) async fn finish(ctx: &Ctx, handle: Option<PlainToken>, row: LogoutRow) -> Result<LoggedOut, Internal> {
    // A second press on the button comes without a session, and has to show the same page.
    let session_id = ctx.user().map(|actor| actor.session_id).or(row.session_id);
    let tells = match session_id {
        Some(id) => !frames(&ctx.core, id).await?.is_empty(),
        None => false,
    };
    let way_back = row.request.way_back();
    let asked_by = row.client_id.clone();
    let page = tells.then(|| handle.unwrap_or_else(|| PlainToken::generate(TokenKind::Logout, ctx.core.entropy())));
    if ctx.user().is_some() || page.is_some() {
        let mut tx = ctx.core.db().write().await?;
        session::end_current(&mut tx, ctx, asked_by.as_deref()).await?;
        if let Some(page) = &page {
            let expires_at = ctx.now() + ctx.config().tokens.interaction_ttl;
            store::save(&mut tx, page.digest(), LogoutRow { session_id, ..row }, expires_at).await?;
        }
        tx.commit().await?;
    }
    Ok(match (page, way_back) {
        (None, Some(to)) => LoggedOut::Return { to },
        (page, _) => LoggedOut::Page { logout: page },
    })
}
