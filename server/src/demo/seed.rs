//! The demo's person and client, made again at each start if they are not there.

use ostiary::{
    account::{CreateUser, CreateUserError, create_user},
    client::{
        ClientSettings, CreateClient, CreateClientError, DeleteClient, RotateClientSecret, create_client,
        delete_client, find_client, rotate_client_secret,
    },
    core::Core,
    protocol::RedirectUri,
    secret::{PlainToken, SecretString},
    text::{DisplayName, EmailAddress},
};

use super::APPLICATION_URL;
use crate::cli::Failure;

/// The demo person's address.
pub(super) const DEMO_EMAIL: &str = "mara@demo.example";
/// The demo person's password: meets the default policy and protects nothing.
pub(super) const DEMO_PASSWORD: &str = "Lantern-over-9-doors";

const CLIENT_ID: &str = "blockyard-demo";

/// Where the application wants people back.
pub(super) fn redirect_uri() -> String {
    format!("{APPLICATION_URL}/callback")
}

/// Where it wants people after they signed out.
pub(super) fn post_logout_redirect_uri() -> String {
    format!("{APPLICATION_URL}/signed-out")
}

/// What the application was registered with.
pub(super) struct Seed {
    pub(super) client_id: String,
    pub(super) client_secret: PlainToken,
}

/// Makes sure of the person and the client. The client gets a fresh secret each time, so none lies in a file.
pub(super) async fn seed(core: &Core) -> Result<Seed, Failure> {
    let operator = core.operator();
    let person = CreateUser {
        email: EmailAddress::try_from(DEMO_EMAIL).map_err(Failure::new)?,
        username: None,
        display_name: Some(DisplayName::try_from("Mara Lindqvist").map_err(Failure::new)?),
        password: Some(SecretString::from(DEMO_PASSWORD)),
        is_verified: true,
        is_admin: false,
    };
    match create_user(&operator, person).await {
        Ok(_) | Err(CreateUserError::AddressTaken) => {}
        Err(cause) => return Err(Failure::new(cause)),
    }
    let settings = ClientSettings {
        redirect_uris: vec![RedirectUri::parse(&redirect_uri()).map_err(Failure::new)?],
        post_logout_redirect_uris: vec![RedirectUri::parse(&post_logout_redirect_uri()).map_err(Failure::new)?],
        client_uri: APPLICATION_URL.parse().ok(),
        ..ClientSettings::default()
    };
    // One that an older demo registered is made anew: it would not be let back after signing out.
    let known = find_client(core, CLIENT_ID).await.map_err(Failure::new)?;
    if known.is_some_and(|known| known.settings != settings) {
        delete_client(&operator, DeleteClient { client_id: CLIENT_ID.to_owned(), version: None })
            .await
            .map_err(Failure::new)?;
    }
    let name = DisplayName::try_from("Blockyard").map_err(Failure::new)?;
    let created = create_client(&operator, CreateClient { id: Some(CLIENT_ID.to_owned()), name, settings }).await;
    let client_secret = match created {
        Ok(created) => created.client_secret,
        Err(CreateClientError::Taken) => {
            let rotate =
                RotateClientSecret { client_id: CLIENT_ID.to_owned(), keep_old_for: std::time::Duration::ZERO };
            Some(rotate_client_secret(&operator, rotate).await.map_err(Failure::new)?.client_secret)
        }
        Err(cause) => return Err(Failure::new(cause)),
    };
    let client_secret = client_secret.ok_or_else(|| Failure::new("the demo's client has no secret"))?;
    Ok(Seed { client_id: CLIENT_ID.to_owned(), client_secret })
}
