//! `ostiary scope …`: words for scopes, by hand (D10, D11).

use clap::Subcommand;
use ostiary::{
    protocol::Scope,
    resource::{self, DeleteScope, SaveScope, ScopeSettings, list_scopes},
};
use serde_json::json;

use super::{Failure, Global, output};

/// What is done with scopes.
#[derive(Debug, Subcommand)]
pub(super) enum ScopeCommand {
    /// Say what a scope lets applications do, for the consent page
    Set {
        /// The scope
        name: String,
        /// What it lets an application do, on one line
        #[arg(long)]
        description: String,
        /// People may leave it out
        #[arg(long)]
        optional: bool,
    },
    /// List scopes that are described
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Remove the description of a scope
    Delete {
        /// The scope
        name: String,
    },
}

/// Runs one of them.
pub(super) fn run(global: &Global, command: ScopeCommand) -> Result<(), Failure> {
    match command {
        ScopeCommand::Set { name, description, optional } => {
            let name = Scope::parse(&name).map_err(Failure::new)?;
            let line = format!("{name} is described.");
            let cmd = SaveScope { name, settings: ScopeSettings { description, optional }, version: None };
            global.with_core(async |core| resource::save_scope(&core.operator(), cmd).await.map_err(Failure::new))?;
            output::line(line)
        }
        ScopeCommand::List { json } => list(global, json),
        ScopeCommand::Delete { name } => {
            let line = format!("The description of {name} is gone.");
            let cmd = DeleteScope { name, version: None };
            global.with_core(async |core| resource::delete_scope(&core.operator(), cmd).await.map_err(Failure::new))?;
            output::line(line)
        }
    }
}

fn list(global: &Global, as_json: bool) -> Result<(), Failure> {
    let found = global.with_core(async |core| list_scopes(&core.operator()).await.map_err(Failure::new))?;
    found.iter().try_for_each(|scope| {
        if as_json {
            return output::json(&json!({
                "name": scope.name,
                "settings": scope.settings,
                "owner": scope.mark.owner,
                "version": scope.mark.version,
            }));
        }
        let optional = if scope.settings.optional { "  optional" } else { "" };
        let declared = output::declared(&scope.mark);
        output::line(format_args!("{}  {}{optional}{declared}", scope.name, scope.settings.description))
    })
}
