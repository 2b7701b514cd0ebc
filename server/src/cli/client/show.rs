//! `ostiary client list` and `show`: what is told about an application. Never a secret, only its last four characters.

use ostiary::{
    client::{self, Client, ClientKind},
    clock::Timestamp,
};
use serde_json::{Value, json};

use super::super::{Failure, Global, output};

/// One application of the list.
pub(super) fn line(client: &Client, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return output::json(&whole(client));
    }
    let kind = match client.settings.kind() {
        ClientKind::Public => "public",
        ClientKind::Confidential => "confidential",
    };
    let kind = if client.is_system { "our own" } else { kind };
    let off = if client.is_enabled { "" } else { "  off" };
    output::line(format_args!("{}  {}  {kind}{off}", client.id, client.name))
}

fn whole(client: &Client) -> Value {
    json!({
        "client_id": client.id,
        "name": client.name,
        "settings": client.settings,
        "system": client.is_system,
        "enabled": client.is_enabled,
        "owner": client.owner,
        "version": client.version,
        "created_at": client.created_at.to_string(),
    })
}

/// Shows an application: what differs from the defaults, and its live secrets.
pub(super) fn run(global: &Global, client_id: &str, as_json: bool) -> Result<(), Failure> {
    let (client, secrets, needs_new_secret) = global.with_core(async |core| {
        let client = client::get_client(&core.operator(), client_id).await.map_err(Failure::new)?;
        let secrets = client.live_secrets(core.now());
        let needs = client.needs_new_secret(core.now());
        Ok((client, secrets, needs))
    })?;
    if as_json {
        let mut shown = whole(&client);
        let secret = |secret: &client::SecretView| {
            json!({
                "id": secret.id,
                "hint": secret.hint,
                "created_at": secret.created_at.to_string(),
                "expires_at": secret.expires_at.as_ref().map(Timestamp::to_string),
            })
        };
        if let Some(members) = shown.as_object_mut() {
            members.insert("updated_at".to_owned(), client.updated_at.to_string().into());
            members.insert("secrets".to_owned(), secrets.iter().map(secret).collect());
            members.insert("needs_new_secret".to_owned(), needs_new_secret.into());
        }
        return output::json(&shown);
    }
    line(&client, false)?;
    if let Some(owner) = &client.owner {
        let since = if client.differs_from_declaration() { ", and changed by hand since" } else { "" };
        output::line(format_args!("declared by {owner}{since}"))?;
    }
    output::line(format_args!(
        "version {}, made {}, changed {}",
        client.version, client.created_at, client.updated_at
    ))?;
    let defaults = client::ClientSettings::default().members();
    for (name, value) in client.settings.members() {
        if defaults.get(&name) != Some(&value) {
            output::line(format_args!("  {name} = {value}"))?;
        }
    }
    for secret in &secrets {
        let until = secret.expires_at.map_or_else(String::new, |at| format!(", ends {at}"));
        output::line(format_args!("secret …{}  {}  made {}{until}", secret.hint, secret.id, secret.created_at))?;
    }
    if needs_new_secret {
        output::line(format_args!("It needs a new secret: ostiary client rotate-secret {}", client.id))?;
    }
    Ok(())
}
