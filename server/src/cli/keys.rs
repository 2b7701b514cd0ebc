//! `ostiary keys …`: signing keys, by hand (D7).

use std::path::{Path, PathBuf};

use clap::Subcommand;
use ostiary::{
    keys::{self, ImportKey, KeyState, KeyView, RevokeKey, RotateKeys},
    protocol::SigningAlg,
};
use serde_json::json;

use super::{Failure, Global, output};

/// What is done with signing keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List keys and how they stand
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Make a successor: published now, signing once applications know it
    Rotate {
        /// Algorithm: ES256, RS256, PS256 or EdDSA
        #[arg(long, default_value = "ES256")]
        alg: String,
        /// Let it sign at once
        #[arg(long)]
        at_once: bool,
    },
    /// Bring a private key along: published now, signing once applications know it
    Import {
        /// What it signs with: ES256, RS256, PS256 or EdDSA
        #[arg(long)]
        alg: String,
        /// Let it sign at once
        #[arg(long)]
        activate_now: bool,
        /// The key, not encrypted: PEM (PKCS#8, PKCS#1 or SEC 1) or the same in DER
        file: PathBuf,
    },
    /// Withdraw a key: everything it signed is refused from now on
    Revoke {
        /// The key's id
        kid: String,
    },
}

/// Runs one of them.
pub(super) fn run(global: &Global, command: KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::List { json } => list(global, json),
        KeysCommand::Rotate { alg, at_once } => rotate(global, &alg, at_once),
        KeysCommand::Import { alg, activate_now, file } => import(global, &alg, activate_now, &file),
        KeysCommand::Revoke { kid } => revoke(global, &kid),
    }
}

fn list(global: &Global, as_json: bool) -> Result<(), Failure> {
    let keys = global.with_core(async |core| keys::list_keys(&core.operator()).await.map_err(Failure::new))?;
    if keys.is_empty() && !as_json {
        return output::line("There are no keys yet: the first request that needs one makes it.");
    }
    keys.iter().try_for_each(|key| show(key, as_json))
}

fn show(key: &KeyView, as_json: bool) -> Result<(), Failure> {
    let state = match key.state {
        KeyState::Next => "next",
        KeyState::Active => "active",
        KeyState::Retired => "retired",
        KeyState::Expired => "expired",
        KeyState::Revoked => "revoked",
    };
    if as_json {
        return output::json(&json!({
            "kid": key.kid,
            "alg": key.alg,
            "state": state,
            "created_at": key.created_at.to_string(),
            "active_at": key.active_at.to_string(),
            "retired_at": key.retired_at.map(|at| at.to_string()),
            "expires_at": key.expires_at.map(|at| at.to_string()),
        }));
    }
    let until = key.retired_at.map_or_else(String::new, |at| format!(" until {at}"));
    output::line(format_args!("{}  {}  {state:<7}  signs from {}{until}", key.kid, key.alg, key.active_at))
}

fn rotate(global: &Global, alg: &str, at_once: bool) -> Result<(), Failure> {
    let alg = read_alg(alg)?;
    let rotated = global.with_core(async |core| {
        keys::rotate_keys(&core.operator(), RotateKeys { alg, at_once }).await.map_err(Failure::new)
    })?;
    output::line(format_args!("{} is published and signs from {}.", rotated.kid, rotated.active_at))
}

fn import(global: &Global, alg: &str, activate_now: bool, file: &Path) -> Result<(), Failure> {
    let alg = read_alg(alg)?;
    let key = std::fs::read(file).map_err(|cause| Failure::new(format!("{}: {cause}", file.display())))?;
    let cmd = ImportKey::new(alg, key, activate_now);
    let imported =
        global.with_core(async |core| keys::import_key(&core.operator(), cmd).await.map_err(Failure::new))?;
    output::line(format_args!("{} is published and signs from {}.", imported.kid, imported.active_at))
}

fn read_alg(alg: &str) -> Result<SigningAlg, Failure> {
    let known = alg.parse().ok().filter(|alg| SigningAlg::ASYMMETRIC.contains(alg));
    known.ok_or_else(|| Failure::new(format!("--alg: {alg} is not offered; use ES256, RS256, PS256 or EdDSA")))
}

fn revoke(global: &Global, kid: &str) -> Result<(), Failure> {
    let cmd = RevokeKey { kid: kid.to_owned() };
    let revoked = global.with_core(async |core| keys::revoke_key(&core.operator(), cmd).await.map_err(Failure::new))?;
    output::line(format_args!("{kid} is revoked; what it signed is refused from now on."))?;
    match revoked.successor {
        Some(successor) => output::line(format_args!("{successor} signs in its place.")),
        None => Ok(()),
    }
}
