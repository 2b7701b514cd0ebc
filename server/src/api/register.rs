//! `POST /api/v1/auth/register` (A1).

use axum::Json;
use http::StatusCode;
use ostiary::{
    account::{self, Register, RegisterError, Registered},
    id::UserId,
    secret::{PlainToken, TokenKind},
    text::Username,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    body::{self, Body, Fields},
    caller::Anyone,
    describe::{Area, Created, Doc, Located},
    problem::{self, BUSY, Kind, Problem, TOO_MANY},
};

/// Who wants an account.
#[derive(ToSchema)]
#[schema(
    rename_all = "camelCase",
    example = json!({ "email": "mara@nordhavn.example", "displayName": "Mara", "password": "Steep-harbour-4481" }),
)]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct Registration {
    #[schema(format = Email)]
    email: String,
    username: Option<String>,
    display_name: Option<String>,
    #[schema(format = Password)]
    password: String,
    /// The password once more, against slips.
    #[schema(format = Password)]
    confirm_password: Option<String>,
    /// The token in the link of an invitation to this address: it proves the address.
    invitation: Option<String>,
}

/// An account that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewAccount)]
pub(super) struct Account {
    #[schema(value_type = String, format = "uuid")]
    user_id: UserId,
    username: Option<String>,
    email: String,
}

fn read(mut fields: Fields) -> Result<Register, Problem> {
    let email = fields.email();
    let username = fields.username();
    let display_name = fields.display_name();
    let password = fields.secret("password");
    if let Some(again) = fields.optional("confirmPassword")
        && password.as_ref().is_some_and(|password| password.expose() != again)
    {
        fields.wrong::<()>("confirmPassword", "differs", "is not the same as password");
    }
    // The link of an invitation, of which the token is enough.
    let invitation = fields.optional("invitation");
    let invitation = invitation.and_then(|text| match PlainToken::parse(TokenKind::Invitation, &text) {
        Some(token) => Some(token),
        None => fields.wrong("invitation", "malformed", "is not the token of an invitation"),
    });
    let both = email.zip(password);
    let (email, password) = fields.finish(both)?;
    Ok(Register { email, username, display_name, password, return_to: None, invitation })
}

const EMAIL_TAKEN: Kind = Kind::new(StatusCode::CONFLICT, "email-taken", "This address has an account");
const USERNAME_TAKEN: Kind = Kind::new(StatusCode::CONFLICT, "username-taken", "This username is taken");
const CLOSED: Kind = Kind::new(StatusCode::FORBIDDEN, "registration-closed", "Registration is closed");

pub(super) const REGISTER: Doc = Doc::new(Area::SignIn, "register", "Make an account")
    .about("A mail proves the address. That it is taken is told unless the instance keeps that to itself.")
    .problems(&[CLOSED, EMAIL_TAKEN, USERNAME_TAKEN, BUSY, TOO_MANY]);

/// 409 for a taken address is told only with `registration.api_tells_taken`, for a taken username always.
pub(super) async fn register(
    Anyone(ctx): Anyone,
    Body { fields, .. }: Body<Registration>,
) -> Result<Located<Created<Json<Account>>>, Problem> {
    let cmd = read(fields)?;
    let (email, username) = (cmd.email.as_str().to_owned(), cmd.username.clone());
    let user_id = match account::register(&ctx, cmd).await {
        Ok(Registered::Created { user_id, .. }) => user_id,
        Ok(Registered::AddressTaken) if ctx.config().registration.api_tells_taken => {
            return Err(EMAIL_TAKEN.into());
        }
        // As if it were free; the mail tells the owner.
        Ok(Registered::AddressTaken) => ctx.new_id(),
        Err(error) => {
            return Err(match error {
                RegisterError::Disabled => CLOSED.into(),
                RegisterError::Password(broken) => body::broken_rules("password", &broken),
                RegisterError::UsernameTaken => USERNAME_TAKEN.into(),
                RegisterError::TooMany(limit) => problem::too_many(limit),
                RegisterError::Busy { retry_after_secs } => problem::busy(retry_after_secs),
                RegisterError::Internal(logged) => problem::internal(&logged, &ctx.meta),
            });
        }
    };
    let location = ctx.config().url(&format!("/api/v1/users/{user_id}"));
    let account = Account { user_id, username: username.as_ref().map(Username::as_str).map(str::to_owned), email };
    Ok(Located(location, Created(Json(account))))
}
