//! The command line.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 not done (the reason is on standard
//! error), 2 not understood (and: `apply --plan` would change something, `user import` refused some of the file). What is secret is printed once, and only to standard output; `--json` gives one JSON object for
//! scripts.
//!
//! To add a command: a variant in [`Command`], a file with its arguments and a `run`, a line in the `match` of `dispatch`.

mod apply;
mod client;
mod demo;
mod doctor;
mod initial_token;
mod keys;
mod migrate;
mod open;
mod output;
mod permission;
mod resource;
mod role;
mod scope;
mod serve;
mod user;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use ostiary::{
    config::{Config, Overrides},
    core::Core,
};
use url::Url;

pub(crate) use self::output::Failure;

/// Ostiary, an identity provider in one binary.
#[derive(Debug, Parser)]
#[command(name = "ostiary", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Global {
    /// Configuration file [default: ostiary.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address to listen on, such as 127.0.0.1:8080
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// How the world reaches this instance; the issuer
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<Url>,
    #[arg(long, global = true, value_name = "URL", help = "Database: sqlite:PATH or postgres://user@host/name")]
    database: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the identity provider
    Serve,
    /// Bring the database up to date, and do nothing else
    Migrate,
    /// Check this deployment and say what to do about each finding
    Doctor,
    /// Accounts
    #[command(subcommand, alias = "users")]
    User(user::UserCommand),
    /// Applications that let people in with this instance
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Make everything as files declare it
    Apply(apply::Apply),
    /// APIs that access tokens are for
    #[command(subcommand)]
    Resource(resource::ResourceCommand),
    /// What scopes mean
    #[command(subcommand)]
    Scope(scope::ScopeCommand),
    /// What can be allowed in organisations
    #[command(subcommand)]
    Permission(permission::PermissionCommand),
    /// Roles that every organisation can use
    #[command(subcommand)]
    Role(role::RoleCommand),
    /// Signing keys
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Start a provider on :8080 and a small application on :8081, to try it with
    Demo,
    /// Print the version
    Version,
}

/// Where a configuration is looked for when none is named.
const DEFAULT_CONFIG: &str = "ostiary.toml";

impl Global {
    fn load(&self) -> Result<Config, Failure> {
        let default = PathBuf::from(DEFAULT_CONFIG);
        let file = self.config.clone().or_else(|| default.exists().then_some(default));
        Config::load(file.as_deref(), &self.overrides())
            .map_err(|cause| Failure::new(format!("configuration: {cause}")))
    }

    /// Opens the house for a short command, and closes it again.
    fn with_core<T>(&self, work: impl AsyncFnOnce(&Core) -> Result<T, Failure>) -> Result<T, Failure> {
        let config = self.load()?;
        open::run(async {
            let core = open::open(config).await?;
            let done = work(&core).await;
            core.db().close().await;
            done
        })
    }

    fn overrides(&self) -> Overrides {
        Overrides { listen: self.listen, public_url: self.public_url.clone(), database: self.database.clone() }
    }
}

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    match dispatch(Cli::parse()) {
        Ok(code) => code,
        Err(failure) => {
            output::complain(&failure);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(Cli { global, command }: Cli) -> Result<ExitCode, Failure> {
    let done = match command {
        Command::Apply(args) => return apply::run(&global, &args),
        Command::User(command) => return user::run(&global, command),
        Command::Serve => serve::run(global.load()?),
        Command::Migrate => migrate::run(&global.load()?),
        Command::Doctor => doctor::run(&global),
        Command::Client(command) => client::run(&global, command),
        Command::Resource(command) => resource::run(&global, command),
        Command::Scope(command) => scope::run(&global, command),
        Command::Permission(command) => permission::run(&global, command),
        Command::Role(command) => role::run(&global, command),
        Command::Keys(command) => keys::run(&global, command),
        Command::Demo => demo::run(&global),
        Command::Version => output::line(concat!("ostiary ", env!("CARGO_PKG_VERSION"))),
    };
    done.map(|()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
