//! `ostiary user …`: accounts, by hand.

use clap::{Args, Subcommand};

use super::{Failure, Global};

/// What is done with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account
    Create(Create),
    /// List accounts
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Deactivate an account: its sessions and tokens end at once
    Disable {
        /// E-mail address, username or id
        user: String,
    },
    /// Activate an account again
    Enable {
        /// E-mail address, username or id
        user: String,
    },
}

/// The account to be.
#[derive(Debug, Args)]
pub(super) struct Create {
    /// Address that mails go to
    #[arg(long)]
    email: String,
    /// Other name to sign in with
    #[arg(long)]
    username: Option<String>,
    /// Name others see
    #[arg(long)]
    name: Option<String>,
    /// Password; others on this machine may see it, so prefer --password-stdin
    #[arg(long, conflicts_with = "password_stdin")]
    password: Option<String>,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    /// The address is known to be theirs
    #[arg(long)]
    verified: bool,
    /// Administrator of this instance
    #[arg(long)]
    admin: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs one of them.
pub(super) fn run(_global: &Global, command: &UserCommand) -> Result<(), Failure> {
    Err(Failure::new(format!("not there yet: {command:?}")))
}
