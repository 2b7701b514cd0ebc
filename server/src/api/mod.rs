//! The REST API, one file a resource. Bodies are JSON with names in camel case; unknown members are overlooked; errors are
//! problem+json (RFC 9457). Who asks is told by a bearer token of `/api/v1/auth/login`, never by a cookie, so no other site
//! can make a browser ask for somebody.
//!
//! A new route: a handler, a `Doc` beside it, and a line with both in the table below. What the handler takes and gives is
//! described by its signature: `Anyone`, `Caller` or `Administrator`, then `Path`, `Query<T>`, `IfMatch`, `Body<T>`; the answer
//! is `Json<T>`, `Created`, `Accepted` or `Done`, in `Tagged` or `Located` where it has such a header. `T` derives `ToSchema`,
//! with an example where it is a body. Problems are constants (`problem::Kind`), listed in the `Doc`; what an operation answers
//! in any test without having said so fails that test (`tests/it/described.rs`).

pub(crate) mod authzen;
pub(crate) mod openapi;
pub(crate) mod problem;
pub(crate) mod reference;

mod activity;
mod address;
mod applications;
mod authorize;
mod body;
mod caller;
mod client_secrets;
mod client_settings;
mod clients;
mod decision;
mod describe;
mod email;
mod factors;
mod invitations;
mod leave;
mod member_entries;
mod members;
mod mfa_policy;
mod organizations;
mod own_organization;
mod passkeys;
mod password;
mod permissions;
mod phone;
mod policies;
mod policy_bodies;
mod register;
mod resources;
mod roles;
mod scopes;
mod sessions;
mod tag;
mod tokens;
mod trusted_browsers;
mod user_roles;
mod users;
mod verification;

use ostiary::protocol::Issuer;

use self::describe::Description;
use crate::routes::routes;

/// Writes the table of the API: what is mounted is what is listed is what is described.
macro_rules! described {
    ($($method:ident $path:literal => $handler:path, $doc:path;)+) => {
        routes! { $($method $path => $handler;)+ }

        /// The description of every route.
        fn description() -> Description {
            Description::default()$(.with(crate::routes::method(stringify!($method)), $path, &$handler, &$doc))+
        }
    };
}

/// The description of the instance at `issuer` (OpenAPI 3.1).
pub(crate) fn document(issuer: &Issuer) -> utoipa::openapi::OpenApi {
    description().finish(issuer.as_str())
}

described! {
    post "/api/v1/auth/register" => register::register, register::REGISTER;
    post "/api/v1/auth/login" => tokens::login, tokens::LOGIN;
    post "/api/v1/auth/login/email" => tokens::send_mail, tokens::SEND_MAIL;
    post "/api/v1/auth/login/email/code" => tokens::mail_code, tokens::MAIL_CODE;
    post "/api/v1/auth/login/second-factor" => tokens::second_factor, tokens::SECOND_FACTOR;
    post "/api/v1/auth/login/second-factor/code" => tokens::send_code, tokens::SEND_CODE;
    post "/api/v1/auth/refresh" => tokens::refresh, tokens::REFRESH;
    post "/api/v1/auth/logout" => tokens::logout, tokens::LOGOUT;
    post "/api/v1/auth/verify-email" => verification::verify_email, verification::VERIFY_EMAIL;
    post "/api/v1/auth/forgot-password" => password::forgot, password::FORGOT;
    post "/api/v1/auth/reset-password" => password::reset, password::RESET;
    post "/api/v1/auth/change-password" => password::change, password::CHANGE;
    get "/api/v1/auth/me" => users::me, users::ME;
    get "/api/v1/me/sessions" => sessions::list, sessions::LIST;
    delete "/api/v1/me/sessions/{id}" => sessions::end, sessions::END;
    post "/api/v1/me/email" => email::change, email::CHANGE;
    post "/api/v1/me/email/confirm" => email::confirm, email::CONFIRM;
    get "/api/v1/me/phone" => phone::show, phone::SHOW;
    post "/api/v1/me/phone" => phone::change, phone::CHANGE;
    delete "/api/v1/me/phone" => phone::remove, phone::REMOVE;
    post "/api/v1/me/phone/confirm" => phone::confirm, phone::CONFIRM;
    get "/api/v1/me/factors" => factors::list, factors::LIST;
    post "/api/v1/me/authenticators" => factors::begin, factors::BEGIN;
    post "/api/v1/me/authenticators/confirm" => factors::confirm, factors::CONFIRM;
    put "/api/v1/me/authenticators/{id}" => factors::rename, factors::RENAME;
    delete "/api/v1/me/authenticators/{id}" => factors::remove, factors::REMOVE;
    post "/api/v1/me/recovery-codes" => factors::make_recovery_codes, factors::MAKE_RECOVERY_CODES;
    put "/api/v1/me/email-codes" => factors::set_email_codes, factors::SET_EMAIL_CODES;
    put "/api/v1/me/sms-codes" => factors::set_sms_codes, factors::SET_SMS_CODES;
    get "/api/v1/me/trusted-browsers" => trusted_browsers::list, trusted_browsers::LIST;
    delete "/api/v1/me/trusted-browsers/{id}" => trusted_browsers::end, trusted_browsers::END;
    get "/api/v1/me/passkeys" => passkeys::list, passkeys::LIST;
    put "/api/v1/me/passkeys/{id}" => passkeys::rename, passkeys::RENAME;
    delete "/api/v1/me/passkeys/{id}" => passkeys::remove, passkeys::REMOVE;
    get "/api/v1/me/export" => leave::export, leave::EXPORT;
    post "/api/v1/me/deactivate" => leave::deactivate, leave::DEACTIVATE;
    post "/api/v1/me/deletion" => leave::delete, leave::DELETE;
    delete "/api/v1/me/deletion" => leave::keep, leave::KEEP;
    get "/api/v1/me/activity" => activity::list, activity::LIST;
    get "/api/v1/me/applications" => applications::list, applications::LIST;
    delete "/api/v1/me/applications/{client_id}" => applications::revoke, applications::REVOKE;
    get "/api/v1/me/invitations" => invitations::list_mine, invitations::LIST_MINE;
    post "/api/v1/me/invitations/{id}/accept" => invitations::accept, invitations::ACCEPT;
    post "/api/v1/me/invitations/{id}/reject" => invitations::reject, invitations::REJECT;
    get "/api/v1/organizations/{id}/invitations" => invitations::list, invitations::LIST;
    post "/api/v1/organizations/{id}/invitations" => invitations::invite, invitations::INVITE;
    post "/api/v1/organizations/{id}/invitations/{invitation_id}/resend" => invitations::resend, invitations::RESEND;
    delete "/api/v1/organizations/{id}/invitations/{invitation_id}" => invitations::withdraw, invitations::WITHDRAW;
    get "/api/v1/users" => users::find, users::FIND;
    get "/api/v1/users/{id}" => users::get, users::GET;
    put "/api/v1/users/{id}" => users::update, users::UPDATE;
    delete "/api/v1/users/{id}" => users::delete, users::DELETE;
    post "/api/v1/authorize" => authorize::authorize, authorize::AUTHORIZE;
    get "/api/v1/policies" => policies::list_instance, policies::LIST_INSTANCE;
    post "/api/v1/policies" => policies::save_instance, policies::SAVE_INSTANCE;
    get "/api/v1/policies/{number}" => policies::get_instance, policies::GET_INSTANCE;
    put "/api/v1/policies/active" => policies::activate_instance, policies::ACTIVATE_INSTANCE;
    post "/api/v1/policies/try" => policies::try_instance, policies::TRY_INSTANCE;
    get "/api/v1/organizations/{id}/policies" => policies::list_organization, policies::LIST;
    post "/api/v1/organizations/{id}/policies" => policies::save_organization, policies::SAVE;
    get "/api/v1/organizations/{id}/policies/{number}" => policies::get_organization, policies::GET;
    put "/api/v1/organizations/{id}/policies/active" => policies::activate_organization, policies::ACTIVATE;
    post "/api/v1/organizations/{id}/policies/try" => policies::try_organization, policies::TRY;
    get "/api/v1/clients" => clients::list, clients::LIST;
    post "/api/v1/clients" => clients::create, clients::CREATE;
    get "/api/v1/clients/{id}" => clients::get, clients::GET;
    put "/api/v1/clients/{id}" => clients::update, clients::UPDATE;
    delete "/api/v1/clients/{id}" => clients::delete, clients::DELETE;
    post "/api/v1/clients/{id}/secrets" => client_secrets::rotate, client_secrets::ROTATE;
    delete "/api/v1/clients/{id}/secrets/{secret_id}" => client_secrets::revoke, client_secrets::REVOKE;
    get "/api/v1/resources" => resources::list, resources::LIST;
    post "/api/v1/resources" => resources::create, resources::CREATE;
    get "/api/v1/resources/{id}" => resources::get, resources::GET;
    put "/api/v1/resources/{id}" => resources::update, resources::UPDATE;
    delete "/api/v1/resources/{id}" => resources::delete, resources::DELETE;
    get "/api/v1/scopes" => scopes::list, scopes::LIST;
    get "/api/v1/scopes/{id}" => scopes::get, scopes::GET;
    put "/api/v1/scopes/{id}" => scopes::save, scopes::SAVE;
    delete "/api/v1/scopes/{id}" => scopes::delete, scopes::DELETE;
    post "/api/v1/me/organization" => own_organization::switch, own_organization::SWITCH;
    get "/api/v1/organizations" => organizations::list, organizations::LIST;
    post "/api/v1/organizations" => organizations::create, organizations::CREATE;
    get "/api/v1/organizations/{id}" => organizations::get, organizations::GET;
    patch "/api/v1/organizations/{id}" => organizations::update, organizations::UPDATE;
    delete "/api/v1/organizations/{id}" => organizations::delete, organizations::DELETE;
    post "/api/v1/organizations/{id}/restore" => organizations::restore, organizations::RESTORE;
    post "/api/v1/organizations/{id}/owner" => organizations::transfer, organizations::TRANSFER;
    post "/api/v1/organizations/{id}/leave" => organizations::leave, organizations::LEAVE;
    get "/api/v1/organizations/{id}/mfa-policy" => mfa_policy::get, mfa_policy::GET;
    patch "/api/v1/organizations/{id}/mfa-policy" => mfa_policy::update, mfa_policy::UPDATE;
    get "/api/v1/organizations/{id}/members" => members::list, members::LIST;
    post "/api/v1/organizations/{id}/members" => members::add, members::ADD;
    get "/api/v1/organizations/{id}/members/{user_id}" => members::get, members::GET;
    patch "/api/v1/organizations/{id}/members/{user_id}" => members::update, members::UPDATE;
    delete "/api/v1/organizations/{id}/members/{user_id}" => members::remove, members::REMOVE;
    get "/api/v1/organizations/{id}/members/{user_id}/effective" => members::effective, members::EFFECTIVE;
    post "/api/v1/organizations/{id}/members/{user_id}/entries" => member_entries::add, member_entries::ADD;
    delete "/api/v1/organizations/{id}/members/{user_id}/entries/{entry_id}" => member_entries::remove, member_entries::REMOVE;
    get "/api/v1/organizations/{id}/roles" => roles::list_here, roles::LIST_HERE;
    post "/api/v1/organizations/{id}/roles" => roles::create_here, roles::CREATE_HERE;
    put "/api/v1/organizations/{id}/roles/{role_id}" => roles::update_here, roles::UPDATE_HERE;
    delete "/api/v1/organizations/{id}/roles/{role_id}" => roles::delete_here, roles::DELETE_HERE;
    get "/api/v1/roles" => roles::list, roles::LIST;
    post "/api/v1/roles" => roles::create, roles::CREATE;
    put "/api/v1/roles/{id}" => roles::update, roles::UPDATE;
    delete "/api/v1/roles/{id}" => roles::delete, roles::DELETE;
    get "/api/v1/permissions" => permissions::list, permissions::LIST;
    put "/api/v1/permissions/{name}" => permissions::save, permissions::SAVE;
    delete "/api/v1/permissions/{name}" => permissions::delete, permissions::DELETE;
    get "/api/v1/users/{id}/roles" => user_roles::get, user_roles::GET;
    put "/api/v1/users/{id}/roles" => user_roles::set, user_roles::SET;
}
