//! The steps that the commands of this folder are made of, for those who do several in one transaction: declarations.

use std::time::Duration;

use super::{Client, ClientSettings, create_client, rotate_client_secret};
pub(crate) use super::{
    create_client::{add_secret, insert, is_client_id, put_secret},
    delete_client::remove,
    rotate_client_secret::replace_secret,
    set_client_enabled::turn,
    store::{declare, find, list, list_of_owner},
    update_client::change,
};
use crate::{
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    secret::{PlainToken, TokenKind},
    text::DisplayName,
};

/// A client that is not stored yet.
pub(crate) fn new_client(id: &str, name: DisplayName, settings: ClientSettings, now: Timestamp) -> Client {
    create_client::new_client(id.to_owned(), name, settings, now)
}

/// Makes a secret and puts it in the place of the one before, which works for a while yet.
pub(crate) async fn make_secret(
    tx: &mut Tx,
    ctx: &Ctx,
    client: &Client,
    keep_old_for: Duration,
) -> Result<PlainToken, Internal> {
    let secret = PlainToken::generate(TokenKind::ClientSecret, ctx.core.entropy());
    rotate_client_secret::replace_secret(tx, ctx, client, secret.expose(), keep_old_for).await?;
    Ok(secret)
}
