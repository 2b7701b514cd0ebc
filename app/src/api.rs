//! What forms do: one server function per form, all below `/do/`.
//!
//! Each takes the fields, calls one command of the domain, and says where to go: [`done`] with a redirect (always 303) or,
//! for what cannot be put right in the form, an error page. To add one: write it in a file here, list it in
//! [`register`] and [`ROUTES`].
//!
//! The machinery of Leptos decodes the fields and runs the function; everything else it would do for a form without a
//! script (redirect to the referrer, errors in the address) is not wanted here, so [`handle`] gives it the request without
//! `Accept` and takes the answer from the function itself. A request that never reached its function was not a form of
//! ours: 400.

mod account;
mod addresses;
mod applications;
mod chooser;
mod clients;
mod consent;
mod data;
mod device;
mod edit_client;
mod email;
mod encoding;
mod invitations;
mod mail_sign_in;
mod members;
mod new_client;
mod not_me;
mod organization_invitations;
mod organization_settings;
mod organizations;
mod passkeys;
mod password;
mod phone;
mod policies;
mod profile;
mod register;
mod requests;
mod roles;
mod second_factor;
mod security;
mod setup;
mod sign_in;
mod sign_out;
mod verify;
mod welcome;

use std::sync::{Arc, Mutex, Once, PoisonError};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
};
use http::{StatusCode, header};
use leptos::{
    prelude::{provide_context, use_context},
    server_fn::{ServerFnError, axum::register_explicit},
};
use ostiary::limits::TooMany;

use crate::{
    model::{ErrorKind, Hold},
    ssr::{Visit, respond},
};

/// The path of every form.
pub(crate) const ROUTES: &[&str] = &[
    "/do/sign-in",
    "/do/second-factor",
    "/do/second-factor-key",
    "/do/send-code",
    "/do/confirm",
    "/do/sign-in-mail",
    "/do/sign-in-code",
    "/do/sign-in-link",
    "/do/passkey-sign-in",
    "/do/add-passkey",
    "/do/answer-offer",
    "/do/rename-passkey",
    "/do/remove-passkey",
    "/do/sign-out",
    "/do/choose-account",
    "/do/leave-account",
    "/do/sign-out-all",
    "/do/register",
    "/do/verify-code",
    "/do/verify-link",
    "/do/resend-verification",
    "/do/forgot-password",
    "/do/reset-password",
    "/do/change-password",
    "/do/add-authenticator",
    "/do/confirm-authenticator",
    "/do/rename-authenticator",
    "/do/remove-authenticator",
    "/do/recovery-codes",
    "/do/email-codes",
    "/do/sms-codes",
    "/do/end-trust",
    "/do/consent",
    "/do/device-code",
    "/do/device",
    "/do/answer-request",
    "/do/end-session",
    "/do/end-other-sessions",
    "/do/revoke-application",
    "/do/profile",
    "/do/change-email",
    "/do/confirm-email",
    "/do/confirm-email-link",
    "/do/undo-email",
    "/do/change-phone",
    "/do/confirm-phone",
    "/do/remove-phone",
    "/do/not-me",
    "/do/answer-invitation",
    "/do/invite-members",
    "/do/resend-invitation",
    "/do/withdraw-invitation",
    "/do/deactivate",
    "/do/delete-account",
    "/do/keep-account",
    "/do/come-back",
    "/do/setup",
    "/do/create-client",
    "/do/edit-client",
    "/do/new-client-secret",
    "/do/end-client-secret",
    "/do/turn-client",
    "/do/delete-client",
    "/do/create-organization",
    "/do/choose-organization",
    "/do/leave-organization",
    "/do/restore-organization",
    "/do/change-member-role",
    "/do/add-member-entry",
    "/do/remove-member-entry",
    "/do/remove-member",
    "/do/save-role",
    "/do/delete-role",
    "/do/edit-organization",
    "/do/mfa-policy",
    "/do/hand-over",
    "/do/delete-organization",
    "/do/policies",
    "/do/activate-policies",
];

/// Registers every server function by name: whether a linker keeps what registers itself is not ours to find out.
pub(crate) fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        register_explicit::<sign_in::DoSignIn>();
        register_explicit::<second_factor::DoSecondFactor>();
        register_explicit::<second_factor::DoSecondFactorKey>();
        register_explicit::<second_factor::DoSendCode>();
        register_explicit::<second_factor::DoConfirm>();
        register_explicit::<mail_sign_in::DoSignInMail>();
        register_explicit::<mail_sign_in::DoSignInCode>();
        register_explicit::<mail_sign_in::DoSignInLink>();
        register_explicit::<passkeys::DoPasskeySignIn>();
        register_explicit::<passkeys::DoAddPasskey>();
        register_explicit::<passkeys::DoAnswerOffer>();
        register_explicit::<passkeys::DoRenamePasskey>();
        register_explicit::<passkeys::DoRemovePasskey>();
        register_explicit::<sign_out::DoSignOut>();
        register_explicit::<chooser::DoChooseAccount>();
        register_explicit::<chooser::DoLeaveAccount>();
        register_explicit::<chooser::DoSignOutAll>();
        register_explicit::<register::DoRegister>();
        register_explicit::<verify::DoVerifyCode>();
        register_explicit::<verify::DoVerifyLink>();
        register_explicit::<verify::DoResend>();
        register_explicit::<password::DoForgot>();
        register_explicit::<password::DoReset>();
        register_explicit::<password::DoChange>();
        register_explicit::<security::DoAddAuthenticator>();
        register_explicit::<security::DoConfirmAuthenticator>();
        register_explicit::<security::DoRenameAuthenticator>();
        register_explicit::<security::DoRemoveAuthenticator>();
        register_explicit::<security::DoRecoveryCodes>();
        register_explicit::<security::DoEmailCodes>();
        register_explicit::<security::DoSmsCodes>();
        register_explicit::<security::DoEndTrust>();
        register_explicit::<consent::DoConsent>();
        register_explicit::<device::DoDeviceCode>();
        register_explicit::<device::DoDevice>();
        register_explicit::<requests::DoAnswerRequest>();
        register_explicit::<account::DoEndSession>();
        register_explicit::<account::DoEndOthers>();
        register_explicit::<email::DoChangeEmail>();
        register_explicit::<email::DoConfirmEmail>();
        register_explicit::<email::DoConfirmEmailLink>();
        register_explicit::<email::DoUndoEmail>();
        register_explicit::<phone::DoChangePhone>();
        register_explicit::<phone::DoConfirmPhone>();
        register_explicit::<phone::DoRemovePhone>();
        register_explicit::<not_me::DoNotMe>();
        register_explicit::<invitations::DoAnswerInvitation>();
        register_explicit::<organization_invitations::DoInviteMembers>();
        register_explicit::<organization_invitations::DoResendInvitation>();
        register_explicit::<organization_invitations::DoWithdrawInvitation>();
        register_explicit::<data::DoDeactivate>();
        register_explicit::<data::DoDeleteAccount>();
        register_explicit::<data::DoKeepAccount>();
        register_explicit::<data::DoComeBack>();
        register_explicit::<profile::DoProfile>();
        register_explicit::<applications::DoRevokeApplication>();
        register_explicit::<setup::DoSetup>();
        register_explicit::<new_client::DoCreateClient>();
        register_explicit::<edit_client::DoEditClient>();
        register_explicit::<clients::DoNewClientSecret>();
        register_explicit::<clients::DoEndClientSecret>();
        register_explicit::<clients::DoTurnClient>();
        register_explicit::<clients::DoDeleteClient>();
        register_explicit::<organizations::DoCreateOrganization>();
        register_explicit::<organizations::DoChooseOrganization>();
        register_explicit::<organizations::DoLeaveOrganization>();
        register_explicit::<organizations::DoRestoreOrganization>();
        register_explicit::<members::DoChangeMemberRole>();
        register_explicit::<members::DoAddMemberEntry>();
        register_explicit::<members::DoRemoveMemberEntry>();
        register_explicit::<members::DoRemoveMember>();
        register_explicit::<roles::DoSaveRole>();
        register_explicit::<roles::DoDeleteRole>();
        register_explicit::<organization_settings::DoEditOrganization>();
        register_explicit::<organization_settings::DoMfaPolicy>();
        register_explicit::<organization_settings::DoHandOver>();
        register_explicit::<organization_settings::DoDeleteOrganization>();
        register_explicit::<policies::DoPolicies>();
        register_explicit::<policies::DoActivatePolicies>();
    });
}

/// Where a server function leaves its answer.
#[derive(Clone, Default)]
struct Answer(Arc<Mutex<Option<Response>>>);

/// `POST /do/…`
pub(crate) async fn handle(visit: Visit, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    if !encoding::is_form(&parts.headers) {
        return respond::error(&visit, &ErrorKind::BadForm);
    }
    let most = visit.ctx.config().limits.body_bytes;
    let Ok(body) = to_bytes(body, most).await else {
        return respond::error_with(&visit, StatusCode::PAYLOAD_TOO_LARGE, &ErrorKind::BadForm);
    };
    parts.headers.remove(header::ACCEPT);
    parts.headers.remove(header::REFERER);
    let answer = Answer::default();
    let context = {
        let (visit, answer) = (visit.clone(), answer.clone());
        move || {
            provide_context(visit.clone());
            provide_context(answer.clone());
        }
    };
    let request = Request::from_parts(parts, Body::from(body));
    // Its response is thrown away unread: what counts was left in `answer`.
    let _ = leptos_axum::handle_server_fns_with_context(context, request).await;
    let answered = answer.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    answered.unwrap_or_else(|| respond::error(&visit, &ErrorKind::BadForm))
}

/// The visit a server function runs for.
fn visit() -> Result<Visit, ServerFnError> {
    use_context().ok_or_else(|| ServerFnError::new("outside of a request"))
}

/// Leaves the answer.
#[expect(clippy::unnecessary_wraps, reason = "the last line of every server function")]
fn done(response: Response) -> Result<(), ServerFnError> {
    if let Some(answer) = use_context::<Answer>() {
        *answer.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
    }
    Ok(())
}

/// The handle of an interaction as a form sends it back, if it can be one. It goes into addresses of ours, so nothing else
/// may pass.
fn interaction(i: Option<&str>) -> Option<String> {
    crate::ssr::interaction(i).map(|handle| handle.expose().to_owned())
}

/// A field that may be left empty.
fn filled(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

fn too_many(limit: TooMany) -> Hold {
    Hold::TooManyTries { seconds: limit.retry_after_secs }
}

fn busy(retry_after_secs: u64) -> Hold {
    Hold::Busy { seconds: retry_after_secs }
}
