//! `/api/v1/auth/*`: registering, confirming, signing in and out (A1, A4, A7, A9, D5).

use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, header};
use ostiary::{
    account::{
        GetUserError, Register, RegisterError, Registered, SignIn, SignInError, SignInOutcome, VerifyEmail,
        VerifyEmailError, get_me, register as register_user, sign_in, verify_email as verify,
    },
    core::{Actor, Ctx, UserActor},
    grant::{FirstPartyError, IssuedTokens, TokenError, issue_first_party_tokens, refresh_first_party},
    secret::{PlainToken, TokenKind},
    session::{EndSession, EndSessionError, SessionKind, end_session, resume_session},
};
use serde_json::json;

use super::{
    body::{Fields, broken_rules, one_field},
    fault,
    person::{Anybody, SomebodyKnown},
    problem::Problem,
};
use crate::ServerState;

/// `POST /api/v1/auth/register`: 201 with `Location`.
pub(super) async fn register(
    State(state): State<ServerState>,
    Anybody(ctx): Anybody,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let mut fields = Fields::read(&headers, &body)?;
    let email = fields.email("email");
    let username = fields.optional_as("username");
    let display_name = fields.optional_as("displayName");
    let password = fields.secret("password");
    fields.finish()?;
    let Some(email) = email else { return Err(one_field("email", "missing", "is missing")) };
    let shown = json!({ "username": username, "email": email });
    let cmd = Register { email, username, display_name, password, return_to: None };
    let registered = register_user(&ctx, cmd).await.map_err(|cause| match cause {
        RegisterError::Disabled => Problem::new(StatusCode::FORBIDDEN, "registration-closed", "Registration is closed"),
        RegisterError::Password(broken) => broken_rules("password", broken.rules()),
        RegisterError::UsernameTaken => Problem::new(StatusCode::CONFLICT, "username-taken", "This username is taken"),
        RegisterError::TooMany(held) => fault::too_many(held),
        RegisterError::Busy { retry_after_secs } => fault::busy(retry_after_secs),
        RegisterError::Internal(_) => fault::internal(&ctx.meta),
    })?;
    let user_id = match registered {
        Registered::Created { user_id, .. } => user_id,
        Registered::AddressTaken if state.core().config().registration.api_tells_taken => {
            return Err(Problem::new(StatusCode::CONFLICT, "email-taken", "This address has an account"));
        }
        // As if it were free: an id that nobody has.
        Registered::AddressTaken => ctx.new_id(),
    };
    let mut answer = shown;
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("userId".to_owned(), json!(user_id));
    }
    let location = state.core().config().url(&format!("/api/v1/users/{user_id}"));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(answer)).into_response())
}

/// `POST /api/v1/auth/verify-email`: `{token}` from the link, or `{email, code}`.
pub(super) async fn verify_email(Anybody(ctx): Anybody, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let mut fields = Fields::read(&headers, &body)?;
    let cmd = if let Some(token) = fields.optional("token") {
        fields.finish()?;
        let token = PlainToken::parse(TokenKind::EmailVerification, &token).ok_or_else(spent)?;
        VerifyEmail::Link(token)
    } else {
        let email = fields.email("email");
        let code = fields.required("code");
        fields.finish()?;
        let Some(email) = email else { return Err(one_field("email", "missing", "is missing")) };
        VerifyEmail::Code { email, code: code.into() }
    };
    let verified = verify(&ctx, cmd).await.map_err(|cause| match cause {
        VerifyEmailError::WrongCode | VerifyEmailError::Unknown => spent(),
        VerifyEmailError::TooMany(held) => fault::too_many(held),
        VerifyEmailError::Internal(_) => fault::internal(&ctx.meta),
    })?;
    Ok(Json(json!({ "userId": verified.user_id })).into_response())
}

/// A link or a code that does not work; the answer does not tell whether it ever did.
pub(super) fn spent() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "spent", "This link or code was used or is too old")
}

/// `POST /api/v1/auth/login`: `{email | username, password}` gives `{token, refreshToken, expiresIn}`.
pub(super) async fn login(
    State(state): State<ServerState>,
    Anybody(ctx): Anybody,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let mut fields = Fields::read(&headers, &body)?;
    let username = fields.optional("username");
    let identifier = if let Some(username) = username { username } else { fields.required("email") };
    let password = fields.secret("password");
    fields.finish()?;
    let cmd = SignIn { identifier, password, stay: false, kind: SessionKind::Api };
    let SignInOutcome::SignedIn(signed_in) = sign_in(&ctx, cmd).await.map_err(|cause| match cause {
        SignInError::Refused => {
            Problem::new(StatusCode::UNAUTHORIZED, "refused", "The e-mail or the password is not right")
                .with_challenge("Bearer realm=\"Ostiary\"")
        }
        SignInError::NotVerified { .. } => {
            Problem::new(StatusCode::FORBIDDEN, "not-verified", "The address is not confirmed yet")
        }
        SignInError::TooMany(held) => fault::too_many(held),
        SignInError::Busy { retry_after_secs } => fault::busy(retry_after_secs),
        SignInError::Internal(_) => fault::internal(&ctx.meta),
    })?;
    let live = resume_session(state.core(), signed_in.session_id).await.map_err(|_| fault::internal(&ctx.meta))?;
    let actor: UserActor = live.ok_or_else(fault::unauthenticated)?.actor;
    let ctx = state.core().ctx(Actor::User(actor), ctx.meta);
    let tokens = issue_first_party_tokens(&ctx).await.map_err(|cause| match cause {
        FirstPartyError::Denied(_) => fault::unauthenticated(),
        FirstPartyError::Internal(_) => fault::internal(&ctx.meta),
    })?;
    Ok(issued(&tokens))
}

/// `POST /api/v1/auth/refresh`: `{refreshToken}` gives a new pair (D3).
pub(super) async fn refresh(Anybody(ctx): Anybody, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let mut fields = Fields::read(&headers, &body)?;
    let token = fields.secret("refreshToken");
    fields.finish()?;
    match refresh_first_party(&ctx, token).await {
        Ok(tokens) => Ok(issued(&tokens)),
        Err(TokenError::Refused(_)) => Err(fault::unauthenticated()),
        Err(TokenError::Internal(_)) => Err(fault::internal(&ctx.meta)),
    }
}

fn issued(tokens: &IssuedTokens) -> Response {
    let refresh_token = tokens.refresh_token.as_ref().map(PlainToken::expose);
    let body = json!({
        "token": tokens.access_token, "refreshToken": refresh_token, "expiresIn": tokens.expires_in,
    });
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// `POST /api/v1/auth/logout`: ends the session of the token, and every token of that session.
pub(super) async fn logout(SomebodyKnown(ctx): SomebodyKnown) -> Result<StatusCode, Problem> {
    end(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn end(ctx: &Ctx) -> Result<(), Problem> {
    let Some(user) = ctx.user() else { return Err(fault::unauthenticated()) };
    match end_session(ctx, EndSession { id: user.session_id }).await {
        // Ended twice is ended.
        Ok(()) | Err(EndSessionError::NotFound) => Ok(()),
        Err(EndSessionError::Denied(_)) => Err(fault::unauthenticated()),
        Err(EndSessionError::Internal(_)) => Err(fault::internal(&ctx.meta)),
    }
}

/// `GET /api/v1/auth/me`
pub(super) async fn me(SomebodyKnown(ctx): SomebodyKnown) -> Result<Response, Problem> {
    let user = get_me(&ctx).await.map_err(|cause| match cause {
        GetUserError::Denied(_) | GetUserError::NotFound => fault::unauthenticated(),
        GetUserError::Internal(_) => fault::internal(&ctx.meta),
    })?;
    let body = json!({
        "userId": user.id,
        "email": user.email,
        "emailVerified": user.is_verified(),
        "username": user.username,
        "displayName": user.display_name,
        "isAdmin": user.is_admin,
        "createdAt": user.created_at.to_string(),
        "lastSignInAt": user.last_sign_in_at.map(|at| at.to_string()),
    });
    Ok(Json(body).into_response())
}
