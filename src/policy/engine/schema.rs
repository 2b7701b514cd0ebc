//! The schema that policies are checked against: `schema.cedarschema` and an action for each permission of the catalogue.

use std::{collections::BTreeSet, fmt::Write as _, str::FromStr};

use cedar_policy::{EntityId, Schema};

use crate::error::Internal;

/// All of the schema but its actions, as Cedar writes it.
pub const SCHEMA: &str = include_str!("schema.cedarschema");

/// The group that holds the permissions of a category, `servers:*` of `servers:restart`.
pub(super) fn group_of(permission: &str) -> String {
    let category = permission.split_once(':').map_or(permission, |(category, _)| category);
    format!("{category}:*")
}

/// The schema with an action for each of these permissions (`category:action`).
pub(super) fn with_actions<'a>(permissions: impl IntoIterator<Item = &'a str>) -> Result<Schema, Internal> {
    let permissions: BTreeSet<&str> = permissions.into_iter().collect();
    let groups: BTreeSet<String> = permissions.iter().map(|permission| group_of(permission)).collect();
    // Before the brace that closes the namespace.
    let mut text = SCHEMA.trim_end().trim_end_matches('}').to_owned();
    for group in &groups {
        let _ = writeln!(text, "action \"{}\";", EntityId::new(group).escaped());
    }
    for permission in permissions {
        let name = EntityId::new(permission);
        let group = EntityId::new(group_of(permission));
        let _ = writeln!(
            text,
            "action \"{}\" in [Action::\"{}\"] appliesTo {{ principal: User, resource: Resource, context: Asked }};",
            name.escaped(),
            group.escaped()
        );
    }
    text.push_str("}\n");
    Schema::from_str(&text).map_err(|cause| Internal::new("make the schema of policies", cause))
}
