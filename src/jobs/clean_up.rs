//! Removes what has expired (D12), in small steps, so that nobody waits long for the writer.

use std::time::Duration;

use super::clean_up_store;
use crate::{
    account, client, core::Core, db::Tx, error::Internal, factor, grant, known_browser, logout, org, outbox, passkey,
    phone, policy, trusted_browser,
};

/// Rows at a time.
const BATCH: i64 = 500;
/// Steps for one kind in one round; the rest waits for the next round.
const STEPS: usize = 200;
/// Expired rows are kept so long, so that a late visitor hears "too old" and not "unknown".
const KEEP: Duration = Duration::from_hours(24);
/// Delivered messages, without content by then, are kept so long.
const KEEP_DELIVERED: Duration = Duration::from_hours(7 * 24);

/// Grants and denials that are over are shown so long.
const KEEP_ENTRIES: Duration = Duration::from_hours(30 * 24);
/// What became of invitations is shown so long.
const KEEP_INVITATIONS: Duration = Duration::from_hours(90 * 24);

/// What a round removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CleanedUp {
    /// Rows of all kinds.
    pub rows: u64,
}

#[derive(Clone, Copy)]
enum Waste {
    Tickets,
    ForgottenUsers,
    ErasedUsers,
    Browsers,
    Sessions,
    Outbox,
    Logouts,
    UnusedClients,
    Logos,
    Ceremonies,
    PendingSignIns,
    Authenticators,
    TrustedBrowsers,
    PhoneProofs,
    KnownBrowsers,
    Decisions,
    Organizations,
    MemberEntries,
    PendingInvitations,
    Invitations,
}

const ALL: [Waste; 20] = [
    Waste::Tickets,
    Waste::ForgottenUsers,
    Waste::ErasedUsers,
    Waste::Browsers,
    Waste::Sessions,
    Waste::Outbox,
    Waste::Logouts,
    Waste::UnusedClients,
    Waste::Logos,
    Waste::Ceremonies,
    Waste::PendingSignIns,
    Waste::Authenticators,
    Waste::TrustedBrowsers,
    Waste::PhoneProofs,
    Waste::KnownBrowsers,
    Waste::Decisions,
    Waste::Organizations,
    Waste::MemberEntries,
    Waste::PendingInvitations,
    Waste::Invitations,
];

/// Removes expired tickets, accounts that nobody confirmed or whose grace is over, numbers, sign-ins and authenticator apps that nobody completed, browser
/// records, sessions, delivered messages, requests to sign out, clients that registered themselves and never came back,
/// pictures of no client, ceremonies of passkeys, organisations whose grace is over, old recorded decisions, grants and denials
/// that are over for a while, invitations that ended long ago (those that nobody answered in time end here, E6), and what belongs
/// to grants of tokens.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn clean_up(core: &Core) -> Result<CleanedUp, Internal> {
    // Grants first: a session is kept as long as a grant names it.
    let mut rows = grant::clean_up(core).await?;
    for waste in ALL {
        for _ in 0..STEPS {
            let mut tx = core.db().write().await?;
            let removed = remove(&mut tx, waste, core).await?;
            tx.commit().await?;
            rows += removed;
            if removed < BATCH.unsigned_abs() {
                break;
            }
        }
    }
    Ok(CleanedUp { rows })
}

async fn remove(tx: &mut Tx, waste: Waste, core: &Core) -> Result<u64, Internal> {
    let now = core.now();
    match waste {
        Waste::Tickets => account::delete_expired_tickets(tx, now - KEEP, BATCH).await,
        Waste::ForgottenUsers => account::delete_forgotten(tx, now, BATCH).await,
        Waste::ErasedUsers => account::erase_due(tx, now, BATCH).await,
        Waste::Browsers => clean_up_store::delete_browsers(tx, now, BATCH).await,
        Waste::Sessions => clean_up_store::delete_sessions(tx, now - KEEP, BATCH).await,
        Waste::Outbox => outbox::delete_done(tx, now - KEEP_DELIVERED, BATCH).await,
        Waste::Logouts => logout::delete_expired(tx, now, BATCH).await,
        Waste::UnusedClients => {
            let before = now - core.config().client_registration.forget_unused_after;
            client::registration::forget_unused(tx, before, BATCH).await
        }
        Waste::PendingSignIns => account::delete_expired_pending(tx, now, BATCH).await,
        Waste::TrustedBrowsers => trusted_browser::delete_expired(tx, now, BATCH).await,
        Waste::PhoneProofs => phone::delete_expired(tx, now, BATCH).await,
        Waste::KnownBrowsers => known_browser::delete_unused(tx, known_browser::forgotten_before(now), BATCH).await,
        Waste::Organizations => org::erase_due(tx, now, BATCH).await,
        Waste::MemberEntries => org::delete_expired_entries(tx, now - KEEP_ENTRIES, BATCH).await,
        Waste::PendingInvitations => org::invitation::expire_due(tx, core, BATCH).await,
        Waste::Invitations => org::invitation::delete_old(tx, now - KEEP_INVITATIONS, BATCH).await,
        Waste::Authenticators => factor::delete_unconfirmed(tx, now, BATCH).await,
        Waste::Decisions => policy::delete_recorded(tx, now - policy::KEEP_RECORDED, BATCH).await,
        Waste::Logos => client::forget_unused_logos(tx, now - KEEP, BATCH).await,
        Waste::Ceremonies => passkey::delete_expired_ceremonies(tx, now, BATCH).await,
    }
}
