//! What happened to the account (C5).

use axum::response::Response;
use ostiary::{
    audit::{self, Activity as Line, AuditKind, Doer, ListActivity},
    error::Internal,
    id::AuditId,
    user_agent::{DeviceDescription, UserAgent},
};

use super::{
    AskedQuery,
    account::{flash, room},
    asked,
    people::when,
};
use crate::{
    model::{Activity, ActivityBy, ActivityKind, ActivityPage},
    ssr::{Next, Visit, respond},
};

/// So many events are shown on the overview.
const LATELY: usize = 6;
/// So many stand on one page.
const PAGE: u32 = 25;

/// `GET /account/activity?after=`
pub(crate) async fn activity(visit: Visit, query: AskedQuery) -> Response {
    let room = match room(&visit, Next::Activity, flash(&visit)).await {
        Ok((room, _)) => room,
        Err(instead) => return instead,
    };
    let after = asked(query).after.and_then(|after| after.parse::<AuditId>().ok());
    let page = match audit::list_own_activity(&visit.ctx, ListActivity { after, limit: PAGE }).await {
        Ok(page) => page,
        Err(cause) => return respond::broken(&visit, &cause),
    };
    match events(&visit, page.lines).await {
        Ok(events) => {
            let next = page.next.map(|next| next.to_string());
            respond::page(&visit, ActivityPage { room, events, is_later: after.is_some(), next })
        }
        Err(cause) => respond::broken(&visit, &cause),
    }
}

/// The newest few, for the overview.
pub(super) async fn lately(visit: &Visit) -> Result<Vec<Activity>, Internal> {
    let page = audit::list_own_activity(&visit.ctx, ListActivity { after: None, limit: 12 }).await?;
    let mut events = events(visit, page.lines).await?;
    events.truncate(LATELY);
    Ok(events)
}

/// As pages show them; what says nothing to its owner is left out.
async fn events(visit: &Visit, lines: Vec<Line>) -> Result<Vec<Activity>, Internal> {
    let now = visit.ctx.now();
    let mut events = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(kind) = kind(visit, &line).await? else { continue };
        let device = line.user_agent.as_deref().map(UserAgent::describe);
        let device = device.filter(|device| *device != DeviceDescription::UNKNOWN).map(|device| device.to_string());
        let by = match line.by {
            Doer::Person => ActivityBy::Person,
            Doer::Application => ActivityBy::Application,
            Doer::Operator => ActivityBy::Operator,
            Doer::House => ActivityBy::House,
        };
        let more = line.details.get("scope").and_then(serde_json::Value::as_str);
        let more = more.filter(|scope| !scope.is_empty()).map(|scope| scope.replace(' ', ", "));
        events.push(Activity { when: when(line.at, now), kind, by, device, ip: line.ip, more });
    }
    Ok(events)
}

/// What a line of the record is called; `None` for what says nothing to its owner.
async fn kind(visit: &Visit, line: &Line) -> Result<Option<ActivityKind>, Internal> {
    let application = match &line.client_id {
        Some(id) => {
            let client = ostiary::client::find_client(visit.house().core(), id).await?;
            client.map_or_else(|| id.clone(), |client| client.name.clone())
        }
        None => String::new(),
    };
    Ok(match line.kind {
        AuditKind::UserRegistered | AuditKind::UserCreated | AuditKind::SetUpCompleted => {
            Some(ActivityKind::Registered)
        }
        AuditKind::UserImported => Some(imported(&line.details)),
        AuditKind::RegistrationRepeated => Some(ActivityKind::RegisteredAgain),
        AuditKind::EmailVerified => Some(ActivityKind::AddressConfirmed),
        AuditKind::EmailChangeRequested => Some(ActivityKind::EmailAsked),
        AuditKind::EmailChanged => Some(ActivityKind::EmailChanged),
        AuditKind::EmailChangeUndone => Some(ActivityKind::EmailUndone),
        AuditKind::ProfileUpdated => Some(ActivityKind::ProfileChanged),
        AuditKind::SignedIn => Some(signed_in(&line.details)),
        AuditKind::SignInFailed => sign_in_failed(&line.details),
        AuditKind::PasskeyAdded => Some(ActivityKind::PasskeyAdded),
        AuditKind::PasskeyRenamed => Some(ActivityKind::PasskeyRenamed),
        AuditKind::PasskeyRemoved => Some(ActivityKind::PasskeyRemoved),
        AuditKind::PasskeyCopied => Some(ActivityKind::PasskeyCopied),
        AuditKind::AccountLocked => Some(ActivityKind::LockedOut),
        AuditKind::SignedOut => Some(ActivityKind::SignedOut),
        AuditKind::SessionEnded => Some(ActivityKind::SessionEnded),
        AuditKind::AuthenticatorAdded => Some(ActivityKind::AuthenticatorAdded),
        AuditKind::AuthenticatorRenamed => Some(ActivityKind::AuthenticatorRenamed),
        AuditKind::AuthenticatorRemoved => Some(ActivityKind::AuthenticatorRemoved),
        AuditKind::EmailCodesOn => Some(ActivityKind::EmailCodesOn),
        AuditKind::EmailCodesOff => Some(ActivityKind::EmailCodesOff),
        AuditKind::SmsCodesOn => Some(ActivityKind::SmsCodesOn),
        AuditKind::SmsCodesOff => Some(ActivityKind::SmsCodesOff),
        AuditKind::PhoneCodeSent => Some(ActivityKind::PhoneAsked),
        AuditKind::PhoneChanged => Some(ActivityKind::PhoneChanged),
        AuditKind::PhoneRemoved => Some(ActivityKind::PhoneRemoved),
        AuditKind::BrowserTrusted => Some(ActivityKind::BrowserTrusted),
        AuditKind::BrowserTrustEnded => Some(ActivityKind::BrowserTrustEnded),
        AuditKind::RecoveryCodesMade => Some(ActivityKind::RecoveryCodesMade),
        AuditKind::RecoveryCodeUsed => Some(ActivityKind::RecoveryCodeUsed),
        AuditKind::EverybodyOut => Some(ActivityKind::EverybodyOut),
        AuditKind::SignInMailRequested => Some(ActivityKind::SignInMailAsked),
        AuditKind::PasswordResetRequested => Some(ActivityKind::PasswordResetAsked),
        AuditKind::PasswordReset => Some(ActivityKind::PasswordReset),
        AuditKind::PasswordChanged => Some(ActivityKind::PasswordChanged),
        AuditKind::UserDeletionScheduled => Some(ActivityKind::DeletionAsked),
        AuditKind::UserKept => Some(ActivityKind::Kept),
        AuditKind::UserDeactivated | AuditKind::UserDeleted => Some(ActivityKind::Deactivated),
        AuditKind::UserReactivated | AuditKind::UserRestored => Some(ActivityKind::Reactivated),
        AuditKind::ConsentGiven => Some(ActivityKind::Allowed { application }),
        AuditKind::ConsentDenied => Some(ActivityKind::Denied { application }),
        AuditKind::ApplicationRevoked => Some(ActivityKind::TakenBack { application }),
        AuditKind::AuthenticationRequested => Some(ActivityKind::Asked { application }),
        AuditKind::TokensRevoked => Some(ActivityKind::GivenBack { application }),
        AuditKind::CodeReplayed | AuditKind::RefreshTokenReused => Some(ActivityKind::KeyReturned { application }),
        _ => None,
    })
}

/// An import makes an account, or changes one.
fn imported(details: &serde_json::Value) -> ActivityKind {
    let changed = details.get("changed").and_then(serde_json::Value::as_array);
    let is_update = changed.is_some_and(|changed| !changed.is_empty());
    if is_update { ActivityKind::ProfileChanged } else { ActivityKind::Registered }
}

/// How somebody signed in, by what the record says of it.
fn signed_in(details: &serde_json::Value) -> ActivityKind {
    if details.get("passkey").is_some() {
        return ActivityKind::SignedInByPasskey;
    }
    let amr = details.get("amr").and_then(serde_json::Value::as_array);
    let is_mfa = amr.is_some_and(|amr| amr.iter().any(|method| method == "mfa"));
    if is_mfa { ActivityKind::SignedInTwice } else { ActivityKind::SignedIn }
}

/// Which step of signing in failed. A copied passkey has a line of its own.
fn sign_in_failed(details: &serde_json::Value) -> Option<ActivityKind> {
    let detail = |name| details.get(name).and_then(serde_json::Value::as_str);
    match (detail("method"), detail("reason")) {
        (Some("passkey"), Some("copied")) => None,
        (Some("passkey"), _) => Some(ActivityKind::PasskeyRefused),
        (_, Some("second_factor")) => Some(ActivityKind::SecondStepFailed),
        _ => Some(ActivityKind::SignInFailed),
    }
}
