//! `POST /api/v1/auth/login`, `/login/email`, `/login/email/code`, `/login/second-factor`, `/login/second-factor/code`,
//! `/refresh` and `/logout`: tokens of the REST API itself (B2, B5, D5, D3).

use axum::Json;
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
use utoipa::ToSchema;

use super::{
    body::Body,
    caller::{Anyone, Caller},
    describe::{Accepted, Area, Doc, Done},
    problem::{self, BUSY, DENIED, Kind, Problem, TOO_MANY},
};

/// Tokens of this API.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tokens {
    /// The bearer token.
    token: String,
    /// For the next one, once.
    refresh_token: Option<String>,
    /// Seconds.
    expires_in: i64,
}

impl Tokens {
    pub(super) fn told(issued: &IssuedTokens) -> Json<Self> {
        Json(Self {
            token: issued.access_token.clone(),
            refresh_token: issued.refresh_token.as_ref().map(|token| token.expose().to_owned()),
            expires_in: issued.expires_in,
        })
    }
}

const MFA_REQUIRED: Kind = Kind::new(StatusCode::UNAUTHORIZED, "mfa-required", "A second factor is asked for");
const CREDENTIALS: Kind = Kind::new(StatusCode::UNAUTHORIZED, "credentials", "The e-mail or the password is not right");
const NOT_VERIFIED: Kind = Kind::new(StatusCode::FORBIDDEN, "email-not-verified", "The address is not confirmed yet");
const NO_MAIL: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "Nobody signs in by e-mail here");
const WRONG_MAIL_CODE: Kind = Kind::new(
    StatusCode::UNAUTHORIZED,
    "wrong-code",
    "This is not the code of the newest mail, or it was used or is too old",
);
const WRONG_CODE: Kind = Kind::new(StatusCode::UNAUTHORIZED, "wrong-code", "The code is not right, or was used before");
/// C6: not before another session is ended.
const FULL: Kind = Kind::new(
    StatusCode::FORBIDDEN,
    "too-many-sessions",
    "There are as many sessions as one person may have; end one first",
);
const NOT_HERE: Kind =
    Kind::new(StatusCode::CONFLICT, "mfa-method", "This does not work that way, or not for this person");
const GONE: Kind =
    Kind::new(StatusCode::UNAUTHORIZED, "mfa-token", "This sign-in was completed or took too long; begin again");
const REFRESH_TOKEN: Kind =
    Kind::new(StatusCode::UNAUTHORIZED, "refresh-token", "The refresh token was used, has ended, or was never ours");

/// Who wants to sign in: `email` or `username`, and the password.
#[derive(ToSchema)]
#[schema(example = json!({ "email": "mara@nordhavn.example", "password": "Steep-harbour-4481" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct Login {
    email: Option<String>,
    username: Option<String>,
    #[schema(format = Password)]
    password: String,
    /// For longer.
    stay: Option<bool>,
}

pub(super) const LOGIN: Doc = Doc::new(Area::SignIn, "login", "Sign in")
    .about(
        "A wrong password, an unknown account and a locked one are answered alike. Somebody who has a second factor is \
         told so: the problem has `mfaToken`, `methods`, `codeSent` and `expiresIn`, for `/login/second-factor`.",
    )
    .problems(&[MFA_REQUIRED, CREDENTIALS, NOT_VERIFIED, FULL, DENIED, BUSY, TOO_MANY]);

/// A7, B2.
pub(super) async fn login(Anyone(ctx): Anyone, Body { mut fields, .. }: Body<Login>) -> Result<Json<Tokens>, Problem> {
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
async fn first_step_done(ctx: Ctx, outcome: SignInOutcome) -> Result<Json<Tokens>, Problem> {
    match outcome {
        SignInOutcome::SignedIn(signed_in) => issue(ctx, &signed_in).await,
        SignInOutcome::SecondFactorRequired(required) => Err(second_factor_required(&ctx, &required)),
    }
}

/// Who wants a mail to sign in with.
#[derive(ToSchema)]
#[schema(example = json!({ "email": "mara@nordhavn.example" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct SignInMail {
    #[schema(format = Email)]
    email: String,
}

pub(super) const SEND_MAIL: Doc = Doc::new(Area::SignIn, "sendSignInMail", "Ask for a mail to sign in with")
    .about("It is sent if there is somebody to send it to; the answer is 202 either way.")
    .problems(&[NO_MAIL, TOO_MANY]);

/// B5.
pub(super) async fn send_mail(
    Anyone(ctx): Anyone,
    Body { mut fields, .. }: Body<SignInMail>,
) -> Result<Accepted, Problem> {
    let email = fields.email();
    let email = fields.finish(email)?;
    match account::request_sign_in_mail(&ctx, RequestSignInMail { email, return_to: None }).await {
        Ok(()) => Ok(Accepted(())),
        Err(RequestSignInMailError::Off) => Err(NO_MAIL.into()),
        Err(RequestSignInMailError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(RequestSignInMailError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// What the mail says.
#[derive(ToSchema)]
#[schema(example = json!({ "email": "mara@nordhavn.example", "code": "481 733" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct MailedCode {
    #[schema(format = Email)]
    email: String,
    code: String,
    /// For longer.
    stay: Option<bool>,
}

pub(super) const MAIL_CODE: Doc = Doc::new(Area::SignIn, "loginWithMailedCode", "Sign in with a mailed code")
    .about("What is wrong with the code is never told apart.")
    .problems(&[MFA_REQUIRED, WRONG_MAIL_CODE, NO_MAIL, FULL, DENIED, TOO_MANY]);

/// A7, B5.
pub(super) async fn mail_code(
    Anyone(ctx): Anyone,
    Body { mut fields, .. }: Body<MailedCode>,
) -> Result<Json<Tokens>, Problem> {
    let email = fields.email();
    let code = fields.required("code");
    let stay = fields.flag("stay");
    let (email, code) = fields.finish(email.zip(code))?;
    let cmd = SignInByMail { proof: MailProof::Code { email, code }, stay, kind: SessionKind::Api };
    match account::sign_in_by_mail(&ctx, cmd, &[]).await {
        Ok(signed_in) => first_step_done(ctx, signed_in.outcome).await,
        Err(SignInByMailError::Off) => Err(NO_MAIL.into()),
        Err(SignInByMailError::WrongCode | SignInByMailError::Gone) => Err(WRONG_MAIL_CODE.into()),
        Err(SignInByMailError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(SignInByMailError::Full { most }) => Err(full(most)),
        Err(SignInByMailError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Tokens for a session that was just opened.
async fn issue(mut ctx: Ctx, signed_in: &SignedIn) -> Result<Json<Tokens>, Problem> {
    let live = session::resume_session(&ctx.core, signed_in.session_id).await;
    let live = live.map_err(|logged| problem::internal(&logged, &ctx.meta))?.ok_or_else(|| {
        problem::internal(&Internal::new("sign in", "the session just opened is not there"), &ctx.meta)
    })?;
    ctx.actor = Actor::User(live.actor);
    match grant::issue_first_party_tokens(&ctx).await {
        Ok(issued) => Ok(Tokens::told(&issued)),
        Err(FirstPartyError::Denied(denied)) => Err(problem::denied(denied)),
        Err(FirstPartyError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// The password is right, and not enough.
fn second_factor_required(ctx: &Ctx, required: &SecondFactorRequired) -> Problem {
    // A passkey is shown to a page of ours, not to a program.
    let shown = required.methods.iter().filter(|method| **method != SecondFactor::Passkey);
    let methods: Vec<&str> = shown.map(|method| method.as_str()).collect();
    Problem::new(MFA_REQUIRED)
        .with_member("mfaToken", required.pending.expose())
        .with_member("methods", methods)
        .with_member("codeSent", required.code_sent.map(Channel::as_str))
        .with_member("expiresIn", required.expires_at.since(ctx.now()).as_secs())
}

/// A second factor.
#[derive(ToSchema)]
#[schema(
    rename_all = "camelCase",
    example = json!({ "mfaToken": "ost_ps_…", "method": "totp", "code": "481733" }),
)]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct SecondFactorProof {
    mfa_token: String,
    /// One of `methods`.
    #[schema(example = "totp")]
    method: String,
    code: String,
}

pub(super) const SECOND_FACTOR: Doc = Doc::new(Area::SignIn, "showSecondFactor", "Complete a sign-in")
    .about("With the `mfaToken` of the first step, a `method` and its `code`.")
    .problems(&[GONE, WRONG_CODE, NOT_HERE, FULL, DENIED, TOO_MANY]);

pub(super) async fn second_factor(
    Anyone(ctx): Anyone,
    Body { mut fields, .. }: Body<SecondFactorProof>,
) -> Result<Json<Tokens>, Problem> {
    let token = fields.secret("mfaToken");
    let method = fields.word::<SecondFactor>("method");
    let code = fields.secret("code");
    let ((token, method), code) = fields.finish(token.zip(method).zip(code))?;
    let Some(pending) = PlainToken::parse(TokenKind::PendingSignIn, token.expose()) else { return Err(GONE.into()) };
    let Some(proof) = Proof::code(method, code) else { return Err(NOT_HERE.into()) };
    let cmd = CompleteSignIn { pending, kind: SessionKind::Api, proof };
    match account::complete_sign_in(&ctx, cmd).await {
        Ok(signed_in) => issue(ctx, &signed_in).await,
        Err(CompleteSignInError::Gone) => Err(GONE.into()),
        Err(CompleteSignInError::WrongCode) => Err(WRONG_CODE.into()),
        Err(CompleteSignInError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(CompleteSignInError::Full { most }) => Err(full(most)),
        Err(CompleteSignInError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// How a code is to come.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({ "mfaToken": "ost_ps_…", "method": "sms" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct CodeRequest {
    mfa_token: String,
    /// One of `methods` that sends codes.
    #[schema(example = "sms")]
    method: String,
}

pub(super) const SEND_CODE: Doc = Doc::new(Area::SignIn, "sendSecondFactorCode", "Have a code sent")
    .about("For the sign-in behind `mfaToken`, by a `method` that sends codes.")
    .problems(&[GONE, NOT_HERE, TOO_MANY]);

/// B4.
pub(super) async fn send_code(
    Anyone(ctx): Anyone,
    Body { mut fields, .. }: Body<CodeRequest>,
) -> Result<Done, Problem> {
    let token = fields.secret("mfaToken");
    let method = fields.word::<SecondFactor>("method");
    let (token, method) = fields.finish(token.zip(method))?;
    let channel = method.channel().ok_or(NOT_HERE)?;
    let Some(pending) = PlainToken::parse(TokenKind::PendingSignIn, token.expose()) else { return Err(GONE.into()) };
    match account::send_code(&ctx, SendCode { pending, kind: SessionKind::Api, channel }).await {
        Ok(()) => Ok(Done),
        Err(SendCodeError::Gone) => Err(GONE.into()),
        Err(SendCodeError::NotOffered) => Err(NOT_HERE.into()),
        Err(SendCodeError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(SendCodeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn full(most: u32) -> Problem {
    Problem::new(FULL).with_member("most", most)
}

fn refused(error: SignInError, ctx: &Ctx) -> Problem {
    match error {
        SignInError::Refused => CREDENTIALS.into(),
        SignInError::NotVerified { .. } => NOT_VERIFIED.into(),
        SignInError::TooMany(limit) => problem::too_many(limit),
        SignInError::Busy { retry_after_secs } => problem::busy(retry_after_secs),
        SignInError::Full { most } => full(most),
        SignInError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

/// What the last answer had.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({ "refreshToken": "ost_rt_…" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct Refresh {
    refresh_token: String,
}

pub(super) const REFRESH: Doc = Doc::new(Area::SignIn, "refresh", "Get fresh tokens")
    .about("Trades a refresh token for the next one and a fresh token.")
    .problems(&[REFRESH_TOKEN, TOO_MANY]);

pub(super) async fn refresh(
    Anyone(ctx): Anyone,
    Body { mut fields, .. }: Body<Refresh>,
) -> Result<Json<Tokens>, Problem> {
    let token = fields.secret("refreshToken");
    let token = fields.finish(token)?;
    match grant::refresh_first_party(&ctx, token).await {
        Ok(issued) => Ok(Tokens::told(&issued)),
        Err(TokenError::Refused(_)) => Err(REFRESH_TOKEN.into()),
        Err(TokenError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(TokenError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const LOGOUT: Doc = Doc::new(Area::SignIn, "logout", "Sign out")
    .about("Ends the session of the token, and with it the token and its refresh token.");

pub(super) async fn logout(Caller(ctx): Caller) -> Result<Done, Problem> {
    session::sign_out(&ctx).await.map_err(|logged| problem::internal(&logged, &ctx.meta))?;
    Ok(Done)
}
