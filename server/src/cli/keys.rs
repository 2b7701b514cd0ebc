//! `ostiary keys …`: signing keys, by hand (D7).

use clap::Subcommand;

use super::{Failure, Global};

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
        /// Algorithm: ES256 or RS256
        #[arg(long, default_value = "ES256")]
        alg: String,
        /// Let it sign at once
        #[arg(long)]
        at_once: bool,
    },
    /// Withdraw a key: everything it signed is refused from now on
    Revoke {
        /// The key's id
        kid: String,
    },
}

/// Runs one of them.
pub(super) fn run(_global: &Global, command: &KeysCommand) -> Result<(), Failure> {
    Err(Failure::new(format!("not there yet: {command:?}")))
}
