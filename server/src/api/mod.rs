//! The REST API, one file a resource. Bodies are JSON with names in camel case; unknown members are overlooked; errors are
//! problem+json (RFC 9457). Who asks is told by a bearer token of `/api/v1/auth/login`, never by a cookie, so no other site
//! can make a browser ask for somebody.

pub(crate) mod problem;

mod activity;
mod applications;
mod body;
mod caller;
mod client_secrets;
mod clients;
mod email;
mod factors;
mod leave;
mod passkeys;
mod password;
mod phone;
mod register;
mod resources;
mod scopes;
mod sessions;
mod tag;
mod tokens;
mod trusted_browsers;
mod users;
mod verification;

use crate::routes::routes;

routes! {
    post "/api/v1/auth/register" => register::register;
    post "/api/v1/auth/login" => tokens::login;
    post "/api/v1/auth/login/email" => tokens::send_mail;
    post "/api/v1/auth/login/email/code" => tokens::mail_code;
    post "/api/v1/auth/login/second-factor" => tokens::second_factor;
    post "/api/v1/auth/login/second-factor/code" => tokens::send_code;
    post "/api/v1/auth/refresh" => tokens::refresh;
    post "/api/v1/auth/logout" => tokens::logout;
    post "/api/v1/auth/verify-email" => verification::verify_email;
    post "/api/v1/auth/forgot-password" => password::forgot;
    post "/api/v1/auth/reset-password" => password::reset;
    post "/api/v1/auth/change-password" => password::change;
    get "/api/v1/auth/me" => users::me;
    get "/api/v1/me/sessions" => sessions::list;
    delete "/api/v1/me/sessions/{id}" => sessions::end;
    post "/api/v1/me/email" => email::change;
    post "/api/v1/me/email/confirm" => email::confirm;
    get "/api/v1/me/phone" => phone::show;
    post "/api/v1/me/phone" => phone::change;
    delete "/api/v1/me/phone" => phone::remove;
    post "/api/v1/me/phone/confirm" => phone::confirm;
    get "/api/v1/me/factors" => factors::list;
    post "/api/v1/me/authenticators" => factors::begin;
    post "/api/v1/me/authenticators/confirm" => factors::confirm;
    put "/api/v1/me/authenticators/{id}" => factors::rename;
    delete "/api/v1/me/authenticators/{id}" => factors::remove;
    post "/api/v1/me/recovery-codes" => factors::make_recovery_codes;
    put "/api/v1/me/email-codes" => factors::set_email_codes;
    put "/api/v1/me/sms-codes" => factors::set_sms_codes;
    get "/api/v1/me/trusted-browsers" => trusted_browsers::list;
    delete "/api/v1/me/trusted-browsers/{id}" => trusted_browsers::end;
    get "/api/v1/me/passkeys" => passkeys::list;
    put "/api/v1/me/passkeys/{id}" => passkeys::rename;
    delete "/api/v1/me/passkeys/{id}" => passkeys::remove;
    get "/api/v1/me/export" => leave::export;
    post "/api/v1/me/deactivate" => leave::deactivate;
    post "/api/v1/me/deletion" => leave::delete;
    delete "/api/v1/me/deletion" => leave::keep;
    get "/api/v1/me/activity" => activity::list;
    get "/api/v1/me/applications" => applications::list;
    delete "/api/v1/me/applications/{client_id}" => applications::revoke;
    get "/api/v1/users" => users::find;
    get "/api/v1/users/{id}" => users::get;
    put "/api/v1/users/{id}" => users::update;
    delete "/api/v1/users/{id}" => users::delete;
    get "/api/v1/clients" => clients::list;
    post "/api/v1/clients" => clients::create;
    get "/api/v1/clients/{id}" => clients::get;
    put "/api/v1/clients/{id}" => clients::update;
    delete "/api/v1/clients/{id}" => clients::delete;
    post "/api/v1/clients/{id}/secrets" => client_secrets::rotate;
    delete "/api/v1/clients/{id}/secrets/{secret_id}" => client_secrets::revoke;
    get "/api/v1/resources" => resources::list;
    post "/api/v1/resources" => resources::create;
    get "/api/v1/resources/{id}" => resources::get;
    put "/api/v1/resources/{id}" => resources::update;
    delete "/api/v1/resources/{id}" => resources::delete;
    get "/api/v1/scopes" => scopes::list;
    get "/api/v1/scopes/{id}" => scopes::get;
    put "/api/v1/scopes/{id}" => scopes::save;
    delete "/api/v1/scopes/{id}" => scopes::delete;
}
