//! `ostiary demo`: a provider and a small application that uses it, in one process. The application speaks to the provider
//! over HTTP only, as an outside one would, with the `openidconnect` crate.

mod app;
mod oidc;
mod pages;
mod seed;

use axum::Router;
use ostiary::core::Core;

use self::oidc::Registration;
use crate::cli::Failure;

/// Where the application is.
pub(crate) const APPLICATION_URL: &str = "http://localhost:8081";

/// Makes sure of the demo's person and client, and makes the application.
pub(crate) async fn application(core: &Core) -> Result<Router, Failure> {
    let seed = seed::seed(core).await?;
    let registration = Registration {
        issuer: core.config().issuer(),
        client_id: seed.client_id,
        client_secret: seed.client_secret.expose().to_owned(),
        redirect_uri: seed::redirect_uri(),
        post_logout_redirect_uri: seed::post_logout_redirect_uri(),
    };
    app::router(registration).map_err(|oidc::Trouble(text)| Failure::new(text))
}

/// What to do now, for the person at the keyboard.
pub(crate) fn greeting(core: &Core) -> String {
    format!(
        "Ostiary's demo is ready.\n\n  \
         1. Open {APPLICATION_URL} and choose \"Sign in with Ostiary\".\n  \
         2. Sign in as   {email}\n     with         {password}\n  \
         3. Allow it, and look at the claims that the application received and verified.\n\n\
         Or register an account of your own: its mail is a file in {mails}/*.eml, which the log names.\n\
         Your account: {issuer}/account. Stop with Ctrl-C.\n",
        email = seed::DEMO_EMAIL,
        password = seed::DEMO_PASSWORD,
        mails = core.config().mail.directory.display(),
        issuer = core.config().issuer(),
    )
}
