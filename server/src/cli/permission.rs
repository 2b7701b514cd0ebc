//! `ostiary permission …`: what can be allowed in organisations (E4). It is declared: see `ostiary apply`.

use clap::Subcommand;
use ostiary::org::{Permission, Rulebook, list_instance_roles};
use serde_json::json;

use super::{Failure, Global, output};

/// What is done with permissions.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum PermissionCommand {
    /// List what can be allowed, and the roles of the instance that imply it
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

/// Runs one of them.
pub(super) fn run(global: &Global, command: PermissionCommand) -> Result<(), Failure> {
    let PermissionCommand::List { json: as_json } = command;
    let found = global.with_core(async |core| list_instance_roles(&core.operator()).await.map_err(Failure::new))?;
    found.permissions.iter().try_for_each(|entry| {
        let roles = roles_with(&found, &entry.name);
        if as_json {
            return output::json(&json!({
                "name": entry.name,
                "description": entry.description,
                "roles": roles,
                "system": entry.is_system,
                "owner": entry.mark.owner,
                "version": entry.mark.version,
            }));
        }
        let declared = output::declared(&entry.mark);
        let roles = if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") };
        output::line(format_args!("{}  {}  {roles}{declared}", entry.name, entry.description))
    })
}

/// Roles of the instance that imply a permission, by themselves or by what they inherit.
fn roles_with<'r>(rulebook: &'r Rulebook, name: &Permission) -> Vec<&'r str> {
    let implies = |id| rulebook.roles.implied(id).iter().any(|implied| implied.pattern.covers(name));
    rulebook.roles.iter().filter(|role| implies(role.id)).map(|role| role.name.as_str()).collect()
}
