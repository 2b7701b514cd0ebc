//! `ostiary client initial-token …`: who may register clients (RFC 7591 §1.2).

use std::time::Duration;

use clap::Subcommand;
use ostiary::{
    client::registration::{self, CreateInitialToken, InitialToken},
    id::InitialTokenId,
};
use serde_json::json;

use super::{Failure, Global, output};

/// How many tokens are listed.
const LISTED: u32 = 1000;

/// What is done with initial access tokens.
#[derive(Debug, Subcommand)]
pub(super) enum InitialTokenCommand {
    /// Make a token that lets somebody register applications
    Create {
        /// How many applications it is good for; any number if absent
        #[arg(long, value_name = "N")]
        uses: Option<u32>,
        /// When it ends, such as 12h or 30d; never if absent
        #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
        expires: Option<Duration>,
        #[arg(long, value_name = "NAME", help = "Policy of the configuration that its applications keep to")]
        policy: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List tokens and how they stand
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// End a token; applications registered with it stay
    Revoke {
        /// The token's id
        id: String,
    },
}

/// Runs one of them.
pub(super) fn run(global: &Global, command: InitialTokenCommand) -> Result<(), Failure> {
    match command {
        InitialTokenCommand::Create { uses, expires, policy, json } => create(global, uses, expires, policy, json),
        InitialTokenCommand::List { json } => list(global, json),
        InitialTokenCommand::Revoke { id } => revoke(global, &id),
    }
}

fn create(
    global: &Global,
    max_uses: Option<u32>,
    expires: Option<Duration>,
    policy: Option<String>,
    as_json: bool,
) -> Result<(), Failure> {
    let created = global.with_core(async |core| {
        let expires_at = expires.map(|lasts| core.now() + lasts);
        let cmd = CreateInitialToken { max_uses, expires_at, policy };
        registration::create_initial_token(&core.operator(), cmd).await.map_err(Failure::new)
    })?;
    let token = created.token.expose();
    if as_json {
        return output::json(&json!({ "id": created.id, "token": token }));
    }
    output::line(format_args!("Id:     {}", created.id))?;
    output::line(format_args!("Token:  {token}"))?;
    output::line("The token is shown this once; only a digest of it is kept.")
}

fn list(global: &Global, as_json: bool) -> Result<(), Failure> {
    let tokens = global.with_core(async |core| {
        registration::list_initial_tokens(&core.operator(), LISTED).await.map_err(Failure::new)
    })?;
    tokens.iter().try_for_each(|token| show(token, as_json))
}

fn show(token: &InitialToken, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return output::json(&json!({
            "id": token.id,
            "good": token.is_good,
            "policy": token.policy,
            "uses": token.uses,
            "max_uses": token.max_uses,
            "created_at": token.created_at.to_string(),
            "expires_at": token.expires_at.map(|at| at.to_string()),
        }));
    }
    let state = if token.is_good { "good" } else { "ended" };
    let uses = match token.max_uses {
        Some(max) => format!("{} of {max}", token.uses),
        None => token.uses.to_string(),
    };
    let until = token.expires_at.map(|at| format!("  until {at}")).unwrap_or_default();
    let policy = token.policy.as_ref().map(|name| format!("  policy {name}")).unwrap_or_default();
    output::line(format_args!("{}  {state}  used {uses}{until}{policy}", token.id))
}

fn revoke(global: &Global, id: &str) -> Result<(), Failure> {
    let id: InitialTokenId = id.parse().map_err(|_| Failure::new(format!("{id} is no id of a token")))?;
    global
        .with_core(async |core| registration::revoke_initial_token(&core.operator(), id).await.map_err(Failure::new))?;
    output::line(format_args!("{id} works no more."))
}
