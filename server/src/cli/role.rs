//! `ostiary role …`: the roles that every organisation can use (E3, E9). They are declared: see `ostiary apply`.

use clap::Subcommand;
use ostiary::{
    id::RoleId,
    org::{Pattern, Role, Roles, list_instance_roles},
};
use serde_json::json;

use super::{Failure, Global, output};

/// What is done with roles.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum RoleCommand {
    /// List the roles that every organisation can use
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

/// Runs one of them.
pub(super) fn run(global: &Global, command: RoleCommand) -> Result<(), Failure> {
    let RoleCommand::List { json: as_json } = command;
    let found = global.with_core(async |core| list_instance_roles(&core.operator()).await.map_err(Failure::new))?;
    found
        .roles
        .iter()
        .try_for_each(|role| if as_json { print_json(role, &found.roles) } else { print(role, &found.roles) })
}

fn names<'r>(ids: &[RoleId], roles: &'r Roles) -> Vec<&'r str> {
    ids.iter().filter_map(|id| roles.name_of(*id)).collect()
}

fn print_json(role: &Role, roles: &Roles) -> Result<(), Failure> {
    output::json(&json!({
        "id": role.id,
        "name": role.name,
        "description": role.description,
        "builtin": role.is_builtin,
        "permissions": role.definition.permissions,
        "inherits": names(&role.definition.inherits, roles),
        "assigns": names(&role.definition.assigns, roles),
        "owner": role.mark.owner,
        "version": role.mark.version,
    }))
}

fn print(role: &Role, roles: &Roles) -> Result<(), Failure> {
    let definition = &role.definition;
    let permissions: Vec<&str> = definition.permissions.iter().map(Pattern::as_str).collect();
    let related = |what, ids: &[RoleId]| match &names(ids, roles)[..] {
        [] => String::new(),
        names => format!("  {what} {}", names.join(", ")),
    };
    let (inherits, assigns) = (related("inherits", &definition.inherits), related("assigns", &definition.assigns));
    let (name, permissions, declared) = (&role.name, permissions.join(" "), output::declared(&role.mark));
    output::line(format_args!("{name}  {permissions}{inherits}{assigns}{declared}"))
}
