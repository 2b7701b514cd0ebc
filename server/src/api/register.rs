//! `POST /api/v1/auth/register` (A1).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use ostiary::{
    account::{self, Register, RegisterError, Registered},
    id::UserId,
    text::Username,
};
use serde::Serialize;

use super::{
    body::{self, Fields},
    caller::Anyone,
    problem::{self, Problem},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Account {
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
    let both = email.zip(password);
    let (email, password) = fields.finish(both)?;
    Ok(Register { email, username, display_name, password, return_to: None })
}

/// Makes an account. 201 and where it is; 409 for a taken address, unless the instance keeps that to itself
/// (`registration.api_tells_taken`), and always for a taken username.
pub(super) async fn register(Anyone(ctx): Anyone, fields: Fields) -> Result<Response, Problem> {
    let cmd = read(fields)?;
    let (email, username) = (cmd.email.as_str().to_owned(), cmd.username.clone());
    let user_id = match account::register(&ctx, cmd).await {
        Ok(Registered::Created { user_id, .. }) => user_id,
        Ok(Registered::AddressTaken) if ctx.config().registration.api_tells_taken => {
            return Err(Problem::new(StatusCode::CONFLICT, "email-taken", "This address has an account"));
        }
        // As if it were free; the mail tells the owner.
        Ok(Registered::AddressTaken) => ctx.new_id(),
        Err(error) => {
            return Err(match error {
                RegisterError::Disabled => {
                    Problem::new(StatusCode::FORBIDDEN, "registration-closed", "Registration is closed")
                }
                RegisterError::Password(broken) => body::broken_rules("password", &broken),
                RegisterError::UsernameTaken => {
                    Problem::new(StatusCode::CONFLICT, "username-taken", "This username is taken")
                }
                RegisterError::TooMany(limit) => problem::too_many(limit),
                RegisterError::Busy { retry_after_secs } => problem::busy(retry_after_secs),
                RegisterError::Internal(logged) => problem::internal(&logged, &ctx.meta),
            });
        }
    };
    let location = ctx.config().url(&format!("/api/v1/users/{user_id}"));
    let account = Account { user_id, username: username.as_ref().map(Username::as_str).map(str::to_owned), email };
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(account)).into_response())
}
