//! The client is known and enabled, and is not the one that stands for our own API.

use std::sync::Arc;

use super::AuthorizationRefused;
use crate::{client::Client, protocol::OAuthErrorCode};

pub(in crate::grant) fn check(client: Option<Arc<Client>>) -> Result<Arc<Client>, AuthorizationRefused> {
    client.filter(|client| !client.is_system).ok_or_else(|| AuthorizationRefused::Untrusted {
        error: OAuthErrorCode::InvalidClient,
        description: "client_id: no application is registered under this identifier".to_owned(),
        client_name: None,
    })
}
