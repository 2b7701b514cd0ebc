//! `POST /api/v1/auth/login`, `/login/email`, `/login/email/code`, `/login/second-factor`, `/login/second-factor/code`,
//! `/refresh` and `/logout`: tokens of the REST API itself (B2, B5, D5, D3).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::{
    account::{
        self, CompleteSignIn, CompleteSignInError, MailProof, RequestSignInMail, RequestSignInMailError,
        SecondFactorRequired, SendCode, SendCodeError, SignIn, SignInByMail, SignInByMailError, SignInError,
        SignInOutcome, SignedIn,
    },
    core::{Actor, Ctx},
    error::Internal,
    factor::{Channel, Proof, SecondFactor},
    grant::{self, FirstPartyError, IssuedTokens, TokenError},
    secret::{PlainToken, TokenKind},
    session::{self, SessionKind},
};
use serde::Serialize;

use super::{
    body::Fields,
    caller::{Anyone, Caller},
    problem::{self, Problem},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tokens<'a> {
    token: &'a str,
    refresh_token: Option<&'a str>,
    expires_in: i64,
}

fn answer(issued: &IssuedTokens) -> Response {
    let tokens = Tokens {
        token: &issued.access_token,
        refresh_token: issued.refresh_token.as_ref().map(PlainToken::expose),
        expires_in: issued.expires_in,
    };
    Json(tokens).into_response()
}

/// Signs in with `email` or `username`, and `password`. A wrong password, an unknown account and a locked one are answered
/// alike (A7). Somebody who has a second factor is told so, and shows it at `/login/second-factor` (B2).
pub(super) async fn login(Anyone(ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let identifier = match fields.optional("email") {
        Some(email) => Some(email),
        None => fields.required("username"),
    };
    let password = fields.secret("password");
    let stay = fields.flag("stay");
    let (identifier, password) = fields.finish(identifier.zip(password))?;
    let cmd = SignIn { identifier, password, stay, kind: SessionKind::Api };
    match account::sign_in(&ctx, cmd).await {
        Ok(outcome) => first_step_done(ctx, outcome).await,
        Err(error) => Err(refused(error, &ctx)),
    }
}

/// What was shown first is right: tokens, or what is still to be shown.
async fn first_step_done(ctx: Ctx, outcome: SignInOutcome) -> Result<Response, Problem> {
    match outcome {
        SignInOutcome::SignedIn(signed_in) => issue(ctx, &signed_in).await,
        SignInOutcome::SecondFactorRequired(required) => Err(second_factor_required(&ctx, &required)),
    }
}

/// Sends a mail to sign in with to `email`, if there is somebody to send it to (B5). The answer is 202 either way.
pub(super) async fn send_mail(Anyone(ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let email = fields.email();
    let email = fields.finish(email)?;
    match account::request_sign_in_mail(&ctx, RequestSignInMail { email, return_to: None }).await {
        Ok(()) => Ok(StatusCode::ACCEPTED.into_response()),
        Err(RequestSignInMailError::Off) => Err(no_mail()),
        Err(RequestSignInMailError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(RequestSignInMailError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Signs in with the `code` that was mailed to `email` (B5). What is wrong with it is never told apart (A7).
pub(super) async fn mail_code(Anyone(ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let email = fields.email();
    let code = fields.required("code");
    let stay = fields.flag("stay");
    let (email, code) = fields.finish(email.zip(code))?;
    let cmd = SignInByMail { proof: MailProof::Code { email, code }, stay, kind: SessionKind::Api };
    match account::sign_in_by_mail(&ctx, cmd, &[]).await {
        Ok(signed_in) => first_step_done(ctx, signed_in.outcome).await,
        Err(SignInByMailError::Off) => Err(no_mail()),
        Err(SignInByMailError::WrongCode | SignInByMailError::Gone) => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "wrong-code",
            "This is not the code of the newest mail, or it was used or is too old",
        )),
        Err(SignInByMailError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(SignInByMailError::Full { most }) => Err(full(most)),
        Err(SignInByMailError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn no_mail() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "Nobody signs in by e-mail here")
}

/// Tokens for a session that was just opened.
async fn issue(mut ctx: Ctx, signed_in: &SignedIn) -> Result<Response, Problem> {
    let live = session::resume_session(&ctx.core, signed_in.session_id).await;
    let live = live.map_err(|logged| problem::internal(&logged, &ctx.meta))?.ok_or_else(|| {
        problem::internal(&Internal::new("sign in", "the session just opened is not there"), &ctx.meta)
    })?;
    ctx.actor = Actor::User(live.actor);
    match grant::issue_first_party_tokens(&ctx).await {
        Ok(issued) => Ok(answer(&issued)),
        Err(FirstPartyError::Denied(denied)) => Err(problem::denied(denied)),
        Err(FirstPartyError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// The password is right, and not enough.
fn second_factor_required(ctx: &Ctx, required: &SecondFactorRequired) -> Problem {
    // A passkey is shown to a page of ours, not to a program.
    let shown = required.methods.iter().filter(|method| **method != SecondFactor::Passkey);
    let methods: Vec<&str> = shown.map(|method| method.as_str()).collect();
    Problem::new(StatusCode::UNAUTHORIZED, "mfa-required", "A second factor is asked for")
        .with_member("mfaToken", required.pending.expose())
        .with_member("methods", methods)
        .with_member("codeSent", required.code_sent.map(Channel::as_str))
        .with_member("expiresIn", required.expires_at.since(ctx.now()).as_secs())
}

/// Completes a sign-in with `mfaToken`, a `method` and its `code`.
pub(super) async fn second_factor(Anyone(ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let token = fields.secret("mfaToken");
    let method = fields.word::<SecondFactor>("method");
    let code = fields.secret("code");
    let ((token, method), code) = fields.finish(token.zip(method).zip(code))?;
    let Some(pending) = PlainToken::parse(TokenKind::PendingSignIn, token.expose()) else { return Err(gone()) };
    let Some(proof) = Proof::code(method, code) else { return Err(not_here()) };
    let cmd = CompleteSignIn { pending, kind: SessionKind::Api, proof };
    match account::complete_sign_in(&ctx, cmd).await {
        Ok(signed_in) => issue(ctx, &signed_in).await,
        Err(CompleteSignInError::Gone) => Err(gone()),
        Err(CompleteSignInError::WrongCode) => {
            Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong-code", "The code is not right, or was used before"))
        }
        Err(CompleteSignInError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(CompleteSignInError::Full { most }) => Err(full(most)),
        Err(CompleteSignInError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Sends a code for the sign-in behind `mfaToken`, by a `method` that sends codes (B4).
pub(super) async fn send_code(Anyone(ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let token = fields.secret("mfaToken");
    let method = fields.word::<SecondFactor>("method");
    let (token, method) = fields.finish(token.zip(method))?;
    let channel = method.channel().ok_or_else(not_here)?;
    let Some(pending) = PlainToken::parse(TokenKind::PendingSignIn, token.expose()) else { return Err(gone()) };
    match account::send_code(&ctx, SendCode { pending, kind: SessionKind::Api, channel }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(SendCodeError::Gone) => Err(gone()),
        Err(SendCodeError::NotOffered) => Err(not_here()),
        Err(SendCodeError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(SendCodeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// C6: not before another session is ended.
fn full(most: u32) -> Problem {
    let title = "There are as many sessions as one person may have; end one first";
    Problem::new(StatusCode::FORBIDDEN, "too-many-sessions", title).with_member("most", most)
}

fn not_here() -> Problem {
    Problem::new(StatusCode::CONFLICT, "mfa-method", "This does not work that way, or not for this person")
}

fn gone() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "mfa-token", "This sign-in was completed or took too long; begin again")
}

fn refused(error: SignInError, ctx: &Ctx) -> Problem {
    match error {
        SignInError::Refused => {
            Problem::new(StatusCode::UNAUTHORIZED, "credentials", "The e-mail or the password is not right")
        }
        SignInError::NotVerified { .. } => {
            Problem::new(StatusCode::FORBIDDEN, "email-not-verified", "The address is not confirmed yet")
        }
        SignInError::TooMany(limit) => problem::too_many(limit),
        SignInError::Busy { retry_after_secs } => problem::busy(retry_after_secs),
        SignInError::Full { most } => full(most),
        SignInError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

/// Trades a refresh token for the next one and a fresh token.
pub(super) async fn refresh(Anyone(ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let token = fields.secret("refreshToken");
    let token = fields.finish(token)?;
    match grant::refresh_first_party(&ctx, token).await {
        Ok(issued) => Ok(answer(&issued)),
        Err(TokenError::Refused(_)) => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "refresh-token",
            "The refresh token was used, has ended, or was never ours",
        )),
        Err(TokenError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(TokenError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Ends the session of the token, and with it the token and its refresh token.
pub(super) async fn logout(Caller(ctx): Caller) -> Result<Response, Problem> {
    session::sign_out(&ctx).await.map_err(|logged| problem::internal(&logged, &ctx.meta))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
