//! Signing in, step by step, as one state machine (A3, A4, A7, B2, B3, B6).
//!
//! What was proven and what the person has decide about the next step, by one pure function ([`steps`]). Either there is
//! enough, and a session opens; or something is still to be shown, and a *pending sign-in* is kept, known by the digest of
//! its handle. It is no session: it opens nothing but its own next step, once, within ten minutes, and is void when the
//! account's security stamp changes.
//!
//! - [`sign_in`] takes the password. [`complete_sign_in`] takes what comes after it; where that is a code that has to be sent
//!   (B4), [`send_code`] sends one.
//! - [`request_sign_in_mail`] and [`sign_in_by_mail`] have the mailbox in the place of the password (B5), where the instance
//!   lets people do so.
//! - [`begin_step_up`] begins with what somebody who is signed in showed before (B6): the second step alone is asked for. The
//!   session that comes of it takes the place of theirs and is as old as what it still relies on.
//! - Wrong codes count with wrong passwords, and a right password forgives none of them: only a whole sign-in does. Whoever
//!   knows the password has no more tries at the code than anybody else (A7).
//! - How somebody signed in is told truthfully: `amr` (RFC 8176) names what was shown, and `mfa` only stands for two kinds.

mod begin_key;
mod begin_step_up;
mod by_mail;
mod complete;
mod password;
mod pending;
mod proceed;
mod request_mail;
mod send_code;
mod steps;
mod store;

pub use self::{
    begin_key::{BeginSecondFactorError, begin_second_factor},
    begin_step_up::{BeginStepUp, BeginStepUpError, begin_step_up},
    by_mail::{
        MailProof, OpenSignInLink, SignInByMail, SignInByMailError, SignedInByMail, find_sign_in_link, sign_in_by_mail,
    },
    complete::{CompleteSignIn, CompleteSignInError, complete_sign_in, complete_sign_in_and_trust},
    password::{SignIn, SignInError, sign_in, sign_in_trusted},
    pending::{PENDING_LIFE, PendingSignIn, find_pending_sign_in},
    request_mail::{RequestSignInMail, RequestSignInMailError, request_sign_in_mail},
    send_code::{SendCode, SendCodeError, send_code},
    steps::{Amr, Least},
};
pub(crate) use store::delete_expired_pending;

use crate::{
    audit::{self, AuditKind, Entry},
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    factor::{Channel, SecondFactor},
    id::{PasskeyId, SessionId, UserId},
    known_browser, org,
    secret::PlainToken,
    session::{self, NewSession, OpenError},
};

/// Where a step leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInOutcome {
    /// Signed in, with a new session.
    SignedIn(SignedIn),
    /// The password is right; something else is still to be shown ([`complete_sign_in`]).
    SecondFactorRequired(SecondFactorRequired),
}

/// Signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub user_id: UserId,
    /// The new session.
    pub session_id: SessionId,
    /// When (OIDC Core §2, `auth_time`).
    pub auth_time: Timestamp,
    /// "Stay signed in" (C1).
    pub stay: bool,
    /// What the browser is trusted by from now on, in the clear this one time (B7).
    pub trusted: Option<PlainToken>,
}

/// A second factor is still to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactorRequired {
    /// The handle of what waits, in the clear this one time.
    pub pending: PlainToken,
    /// What will do, in the order to offer it.
    pub methods: Vec<SecondFactor>,
    /// Over which channel a code was sent just now, if one was.
    pub code_sent: Option<Channel>,
    /// Void from then on.
    pub expires_at: Timestamp,
}

/// Opens the session of a sign-in that is whole, whatever it was made with, and puts it on record.
pub(crate) async fn open_session(
    tx: &mut Tx,
    ctx: &Ctx,
    new: NewSession,
    passkey: Option<PasskeyId>,
) -> Result<SignedIn, OpenError> {
    let (user_id, auth_time, stay, amr) = (new.user_id, new.auth_time, new.stay, new.amr.clone());
    let session_id = session::open(tx, ctx, new).await?;
    let mut details = serde_json::json!({ "session": session_id, "amr": amr });
    if let (Some(id), Some(members)) = (passkey, details.as_object_mut()) {
        members.insert("passkey".to_owned(), serde_json::json!(id));
    }
    audit::record(tx, ctx, Entry::about(AuditKind::SignedIn, user_id).with_details(details)).await?;
    known_browser::note(tx, ctx, user_id).await?;
    org::ensure_personal(tx, ctx, user_id).await?;
    Ok(SignedIn { user_id, session_id, auth_time, stay, trusted: None })
}

/// Why somebody is refused. For the record only: the answer is always the same.
#[derive(Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum Refusal {
    Unknown,
    Locked,
    Password,
    SecondFactor,
    MailCode,
    Deactivated,
    NotVerified,
}

/// Puts a refusal on record. Nothing of what was typed: people type passwords into the wrong field.
async fn record_refusal(tx: &mut Tx, ctx: &Ctx, user_id: Option<UserId>, refusal: Refusal) -> Result<(), Internal> {
    let entry = Entry {
        kind: AuditKind::SignInFailed,
        user_id,
        client_id: None,
        organization_id: None,
        details: serde_json::json!({ "reason": refusal }),
    };
    audit::record(tx, ctx, entry).await
}
