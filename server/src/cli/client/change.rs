//! `ostiary client update`, `disable` and `enable`.

use std::path::PathBuf;

use clap::Args;
use ostiary::{
    client::{self, ClientSettings, SetClientEnabled, UnreadSetting, UpdateClient},
    text::DisplayName,
};
use serde_json::{Map, Value, json};

use super::super::{Failure, Global, output};

/// What is to be changed.
#[derive(Debug, Args)]
pub(in crate::cli) struct Update {
    /// Its client id
    client_id: String,
    /// Name that people see
    #[arg(long)]
    name: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        help = "JSON object of settings, in place of all it has; what the file leaves out gets its default"
    )]
    set_file: Option<PathBuf>,
    #[arg(
        long,
        value_name = "NAME=VALUE",
        help = "One setting, named as `client show --json` names it; JSON, or plain text; may repeat"
    )]
    set: Vec<String>,
    /// Address that people may be sent back to, besides those it has; may repeat
    #[arg(long, value_name = "URI")]
    add_redirect_uri: Vec<String>,
    /// Address that people may no longer be sent back to; may repeat
    #[arg(long, value_name = "URI")]
    remove_redirect_uri: Vec<String>,
    /// Change it only if it is still at this version
    #[arg(long, value_name = "NUMBER")]
    version: Option<i64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Changes an application.
pub(super) fn run(global: &Global, args: &Update) -> Result<(), Failure> {
    let name = args.name.as_deref().map(DisplayName::try_from).transpose();
    let name = name.map_err(|cause| Failure::new(format!("--name: {cause}")))?;
    let in_file = args.set_file.as_ref().map(read).transpose()?;
    let updated = global.with_core(async |core| {
        let ctx = core.operator();
        let before = client::get_client(&ctx, &args.client_id).await.map_err(Failure::new)?;
        let settings = settings(&before.settings, in_file, args)?;
        let name = match name {
            Some(name) => name,
            None => DisplayName::try_from(before.name).map_err(Failure::new)?,
        };
        let version = args.version.unwrap_or(before.version);
        let cmd = UpdateClient {
            client_id: args.client_id.clone(),
            name,
            settings,
            is_enabled: None,
            version: Some(version),
        };
        client::update_client(&ctx, cmd).await.map_err(Failure::new)
    })?;
    if args.json {
        return output::json(&json!({
            "client_id": args.client_id,
            "version": updated.version,
            "changed": updated.changed,
            "needs_new_secret": updated.needs_new_secret,
        }));
    }
    if updated.changed.is_empty() {
        output::line("Nothing to change.")?;
    } else {
        output::line(format_args!("Changed: {}", updated.changed.join(", ")))?;
    }
    if updated.needs_new_secret {
        output::line(format_args!("It needs a new secret now: ostiary client rotate-secret {}", args.client_id))?;
    }
    Ok(())
}

fn read(file: &PathBuf) -> Result<Map<String, Value>, Failure> {
    let failed = |cause: &dyn std::fmt::Display| Failure::new(format!("{}: {cause}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|cause| failed(&cause))?;
    serde_json::from_str(&text).map_err(|cause| failed(&cause))
}

fn settings(
    before: &ClientSettings,
    in_file: Option<Map<String, Value>>,
    args: &Update,
) -> Result<ClientSettings, Failure> {
    let mut members = in_file.unwrap_or_else(|| before.members());
    for set in &args.set {
        let Some((name, value)) = set.split_once('=') else {
            return Err(Failure::new(format!("--set {set}: write NAME=VALUE")));
        };
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        members.insert(name.to_owned(), value);
    }
    let mut settings = ClientSettings::read(&members).map_err(|unread| {
        let lines: Vec<String> = unread.iter().map(UnreadSetting::to_string).collect();
        Failure::new(lines.join("; "))
    })?;
    for uri in &args.remove_redirect_uri {
        let before = settings.redirect_uris.len();
        settings.redirect_uris.retain(|held| held.as_str() != uri);
        if settings.redirect_uris.len() == before {
            return Err(Failure::new(format!("--remove-redirect-uri {uri}: it has no such redirect URI")));
        }
    }
    for uri in &args.add_redirect_uri {
        let parsed = uri.parse().map_err(|cause| Failure::new(format!("--add-redirect-uri {uri}: {cause}")))?;
        if !settings.redirect_uris.contains(&parsed) {
            settings.redirect_uris.push(parsed);
        }
    }
    Ok(settings)
}

/// Turns an application on or off.
pub(super) fn turn(global: &Global, client_id: &str, is_enabled: bool) -> Result<(), Failure> {
    let cmd = SetClientEnabled { client_id: client_id.to_owned(), is_enabled };
    global.with_core(async |core| client::set_client_enabled(&core.operator(), cmd).await.map_err(Failure::new))?;
    let state = if is_enabled { "on" } else { "off" };
    output::line(format_args!("{client_id} is {state}."))
}
