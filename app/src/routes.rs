//! Which address is answered by what.
//!
//! [`router`] is everything this crate serves, for the server to nest below the issuer's path. [`ROUTES`] says the same as
//! data, for the test that asks every route as everybody.

use axum::{
    Extension, Router,
    routing::{get, post},
};

use crate::{
    api, assets,
    show::{
        account, activity, applications, chooser, client, clients, consent, data, device, door, edit_client, email,
        enrolment, invitations, mail, mail_sign_in, member, members, not_me, organization_activity,
        organization_invitations, organization_settings, organizations, passkeys, password, phone, policies, profile,
        requests, roles, second_factor, security, setup, sign_out, why,
    },
    ssr::{House, browser},
};

macro_rules! pages {
    ($($path:literal => $handler:expr,)+) => {
        const PAGES: &[&str] = &[$($path),+];

        fn pages() -> Router {
            Router::new()$(.route($path, get($handler)))+
        }
    };
}

pages! {
    "/" => door::front,
    "/sign-in" => door::sign_in,
    "/sign-in/choose" => chooser::choose,
    "/sign-in/enrol" => enrolment::enrol,
    "/sign-in/mail" => mail_sign_in::ask,
    "/sign-in/mail/code" => mail_sign_in::code,
    "/sign-in/link" => mail_sign_in::link,
    "/sign-in/second-factor" => second_factor::second_factor,
    "/register" => door::register,
    "/check-mail" => mail::check_mail,
    "/verify" => mail::verify,
    "/forgot-password" => password::forgot,
    "/reset-password" => password::reset,
    "/consent" => consent::consent,
    "/device" => device::device,
    "/device/confirm" => device::confirm,
    "/device/done" => device::done,
    "/sign-out" => sign_out::sign_out,
    "/signed-out" => sign_out::signed_out,
    "/account" => account::home,
    "/account/confirm" => second_factor::confirm,
    "/account/security" => security::security,
    "/account/authenticators/add" => security::add,
    "/account/authenticators/scan" => security::scan,
    "/account/authenticators/rename" => security::rename,
    "/account/authenticators/remove" => security::remove,
    "/account/recovery-codes" => security::recovery_codes,
    "/account/email-codes" => security::email_codes,
    "/account/sms-codes" => security::sms_codes,
    "/account/sessions" => account::sessions,
    "/account/sessions/end" => account::end_session,
    "/account/sessions/end-others" => account::end_others,
    "/account/profile" => profile::profile,
    "/account/email" => email::email,
    "/account/email/confirm" => email::prove,
    "/account/phone" => phone::phone,
    "/account/phone/remove" => phone::remove,
    "/undo-email" => email::undo,
    "/not-me" => not_me::not_me,
    "/account/data" => data::data,
    "/account/data/export" => data::export,
    "/account/data/deactivate" => data::deactivate,
    "/account/data/delete" => data::delete,
    "/left" => data::left,
    "/come-back" => data::come_back,
    "/account/activity" => activity::activity,
    "/account/applications" => applications::applications,
    "/account/applications/revoke" => applications::revoke,
    "/account/invitations" => invitations::invitations,
    "/invitation" => invitations::invitation,
    "/account/requests" => requests::requests,
    "/account/requests/answer" => requests::answer,
    "/account/passkeys" => passkeys::passkeys,
    "/account/passkeys/rename" => passkeys::rename,
    "/account/passkeys/remove" => passkeys::remove,
    "/account/passkeys/offer" => passkeys::offer,
    "/account/password" => password::change,
    "/admin/clients" => clients::clients,
    "/admin/clients/new" => client::new,
    "/admin/clients/client" => client::client,
    "/admin/clients/edit" => edit_client::edit,
    "/admin/clients/new-secret" => client::new_secret,
    "/admin/clients/end-secret" => client::end_secret,
    "/admin/clients/turn" => client::turn,
    "/admin/clients/delete" => client::delete,
    "/organizations" => organizations::organizations,
    "/organizations/new" => organizations::new,
    "/organizations/{organization}" => organizations::organization,
    "/organizations/{organization}/invitations" => organization_invitations::invitations,
    "/organizations/{organization}/invitations/{invitation}/withdraw" => organization_invitations::withdraw,
    "/organizations/{organization}/leave" => organizations::leave,
    "/organizations/{organization}/members" => members::members,
    "/organizations/{organization}/members/{member}" => member::member,
    "/organizations/{organization}/members/{member}/withdraw" => member::withdraw,
    "/organizations/{organization}/members/{member}/remove" => member::remove,
    "/organizations/{organization}/roles" => roles::roles,
    "/organizations/{organization}/roles/new" => roles::new,
    "/organizations/{organization}/roles/{role}" => roles::role,
    "/organizations/{organization}/roles/{role}/delete" => roles::delete,
    "/organizations/{organization}/settings" => organization_settings::settings,
    "/organizations/{organization}/settings/hand-over" => organization_settings::hand_over,
    "/organizations/{organization}/settings/delete" => organization_settings::delete,
    "/organizations/{organization}/activity" => organization_activity::activity,
    "/organizations/{organization}/why" => why::why,
    "/organizations/{organization}/policies" => policies::policies,
    "/organizations/{organization}/policies/activate" => policies::activate,
    "/setup" => setup::setup,
}

/// What the script of the passkeys asks for.
const OPTIONS: [&str; 3] = ["/passkeys/sign-in", "/passkeys/enrolment", "/passkeys/second-factor"];

const FILES: [&str; 2] = ["/assets/{file}", "/favicon.svg"];

/// Every route: its method and its path below the issuer's. `HEAD` is answered wherever `GET` is.
pub fn routes() -> impl Iterator<Item = (&'static str, &'static str)> {
    let gets = PAGES.iter().chain(&FILES).map(|path| ("GET", *path));
    gets.chain(api::ROUTES.iter().chain(&OPTIONS).map(|path| ("POST", *path)))
}

/// All pages, forms and files. Expects the request's [`RequestMeta`](ostiary::core::RequestMeta) as an extension.
pub fn router(house: &House) -> Router {
    api::register();
    let forms = api::ROUTES.iter().fold(Router::new(), |router, path| router.route(path, post(api::handle)));
    let files = Router::new().route(FILES[0], get(assets::asset)).route(FILES[1], get(assets::favicon));
    let options = Router::new()
        .route(OPTIONS[0], post(passkeys::sign_in_options))
        .route(OPTIONS[1], post(passkeys::enrolment_options))
        .route(OPTIONS[2], post(passkeys::second_factor_options));
    around(pages().merge(forms).merge(options), house).merge(files)
}

/// Puts around `router` what a [`Visit`](crate::ssr::Visit) needs: the cookie session and the house. For every other route
/// that has to know who is signed in in the browser (`/connect/authorize`, `/connect/resume`).
pub fn around<S: Clone + Send + Sync + 'static>(router: Router<S>, house: &House) -> Router<S> {
    router.layer(browser::layer(house)).layer(Extension(house.clone()))
}
