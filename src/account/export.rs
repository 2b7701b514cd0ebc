//! Everything kept about a person, for themselves to take away (A10).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{User, import, store};
use crate::{
    audit::{self, Activity, ListActivity, MOST_ACTIVITY},
    authz::{self, Denied},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    factor::{self, CodesView, ListFactorsError},
    grant::{self, ApplicationView},
    passkey::{self, ListPasskeysError},
    session::{self, SessionView},
};

/// So many lines of the record are in it at most, the newest.
const MOST_LINES: usize = 10_000;

/// Why there is nothing.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<ListPasskeysError> for ExportError {
    fn from(cause: ListPasskeysError) -> Self {
        match cause {
            ListPasskeysError::Denied(denied) => Self::Denied(denied),
            ListPasskeysError::Internal(internal) => Self::Internal(internal),
        }
    }
}

impl From<ListFactorsError> for ExportError {
    fn from(cause: ListFactorsError) -> Self {
        match cause {
            ListFactorsError::Denied(denied) => Self::Denied(denied),
            ListFactorsError::Internal(internal) => Self::Internal(internal),
        }
    }
}

/// What is kept about the person who asks, as a JSON document: the account, what it is protected by, sessions, applications,
/// and what happened. Nothing that opens anything is in it: no password, key, code or token, and no digest of one.
///
/// # Errors
/// [`ExportError`].
pub async fn export_account(ctx: &Ctx) -> Result<Value, ExportError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let mut conn = ctx.core.db().read().await?;
    let user = store::find(&mut conn, user_id).await?.ok_or(Denied)?;
    let external_ids = import::external_ids_of(&mut conn, user_id).await?;
    drop(conn);
    let passkeys = passkey::list_passkeys(ctx).await?;
    let factors = factor::list_factors(ctx).await?;
    let passkeys = passkeys.keys.into_iter().map(
        |key| json!({ "name": key.name, "createdAt": text(key.created_at), "lastUsedAt": key.last_used_at.map(text) }),
    );
    let apps = factors.authenticators.into_iter().map(
        |app| json!({ "name": app.name, "addedAt": text(app.added_at), "lastUsedAt": app.last_used_at.map(text) }),
    );
    let (email_codes, sms_codes) = (sent_codes(factors.email_codes), sent_codes(factors.sms_codes));
    let codes = factors.recovery_codes.map(|codes| json!({ "left": codes.left, "madeAt": text(codes.made_at) }));
    Ok(json!({
        "exportedAt": text(ctx.now()),
        "issuer": ctx.config().server.public_url.as_str(),
        "account": account(&user, &external_ids),
        "passkeys": passkeys.collect::<Vec<_>>(),
        "authenticators": apps.collect::<Vec<_>>(),
        "emailCodes": email_codes,
        "smsCodes": sms_codes,
        "recoveryCodes": codes,
        "sessions": session::list_sessions(ctx).await?.iter().map(session).collect::<Vec<_>>(),
        "applications": grant::list_applications(ctx).await?.iter().map(application).collect::<Vec<_>>(),
        "activity": activity(ctx).await?,
    }))
}

fn sent_codes(view: CodesView) -> Option<Value> {
    match view {
        CodesView::On { added_at, last_used_at } => {
            Some(json!({ "addedAt": text(added_at), "lastUsedAt": last_used_at.map(text) }))
        }
        CodesView::Off | CodesView::Unavailable => None,
    }
}

fn text(at: Timestamp) -> String {
    at.to_string()
}

fn account(user: &User, external_ids: &BTreeMap<String, String>) -> Value {
    json!({
        "userId": user.id,
        "email": user.email,
        "emailVerifiedAt": user.email_verified_at.map(text),
        "username": user.username,
        "displayName": user.display_name,
        "profile": user.profile,
        "externalIds": external_ids,
        "hasPassword": user.has_password,
        "passwordChangedAt": user.password_changed_at.map(text),
        "isAdmin": user.is_admin,
        "createdAt": text(user.created_at),
        "updatedAt": text(user.updated_at),
        "lastSignInAt": user.last_sign_in_at.map(text),
        "lastPasskeySignInAt": user.last_passkey_sign_in_at.map(text),
    })
}

fn session(view: &SessionView) -> Value {
    json!({
        "device": view.device.to_string(),
        "ip": view.ip,
        "createdAt": text(view.created_at),
        "lastActiveAt": text(view.last_active_at),
    })
}

fn application(view: &ApplicationView) -> Value {
    json!({
        "clientId": view.client_id,
        "name": view.may.client_name,
        "scopes": view.may.scopes.iter().map(|line| line.scope.as_str()).collect::<Vec<_>>(),
        "resources": view.may.resources.iter().map(|resource| &resource.identifier).collect::<Vec<_>>(),
        "isRemembered": view.is_remembered,
        "since": text(view.since),
        "lastUsedAt": view.last_used_at.map(text),
    })
}

/// All pages of the record, as far as it goes into one document.
async fn activity(ctx: &Ctx) -> Result<Vec<Value>, Internal> {
    let (mut lines, mut after) = (Vec::new(), None);
    while lines.len() < MOST_LINES {
        let page = audit::list_own_activity(ctx, ListActivity { after, limit: MOST_ACTIVITY }).await?;
        lines.extend(page.lines.iter().map(line));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(lines)
}

fn line(line: &Activity) -> Value {
    json!({
        "at": text(line.at),
        "kind": line.kind.as_str(),
        "clientId": line.client_id,
        "ip": line.ip,
        "userAgent": line.user_agent,
    })
}
