//! The REST API, one file a resource. JSON in, JSON out, errors as problem+json ([`problem`]).
//!
//! People prove themselves with a bearer token from `/api/v1/auth/login` ([`person`]); cookies are not looked at, so no
//! other site can act for somebody. Fields are camelCase; unknown ones are ignored.

mod auth;
mod body;
mod fault;
mod password;
mod person;
pub(crate) mod problem;
mod sessions;

use crate::routes::routes;

routes! {
    post "/api/v1/auth/register" => auth::register;
    post "/api/v1/auth/verify-email" => auth::verify_email;
    post "/api/v1/auth/login" => auth::login;
    post "/api/v1/auth/refresh" => auth::refresh;
    post "/api/v1/auth/logout" => auth::logout;
    get "/api/v1/auth/me" => auth::me;
    post "/api/v1/auth/forgot-password" => password::forgot;
    post "/api/v1/auth/reset-password" => password::reset;
    post "/api/v1/auth/change-password" => password::change;
    get "/api/v1/me/sessions" => sessions::list;
    delete "/api/v1/me/sessions/{id}" => sessions::end;
}
