//! The objects that a file declares: what of each is no setting.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use ostiary::{
    client::ClientSettings,
    declaration::{
        DeclaredClient, DeclaredPermission, DeclaredResource, DeclaredRole, DeclaredRoleSettings, DeclaredScope, Kind,
        Object, PermissionSettings,
    },
    org::{Permission, RoleName},
    protocol::Scope,
    resource::{ResourceSettings, ScopeSettings},
    secret::SecretString,
};
use toml::{Spanned, de::DeValue};

use super::{Reader, Table};

type Member<'t> = Spanned<DeValue<'t>>;

impl Reader<'_> {
    pub(super) fn scope(&mut self, table: &Table<'_>, span: Range<usize>) -> Option<DeclaredScope> {
        let settings = self.settings(table, &["name"], ScopeSettings::read);
        self.needs(table, "scope", "name", &span);
        let at = table.get("name")?;
        let name = match Scope::try_from(self.text_of("name", at)?) {
            Ok(name) => name,
            Err(cause) => return self.wrongly(at.span(), cause),
        };
        self.stands(Object::new(Kind::Scope, name.as_str()), at);
        Some(DeclaredScope { name, settings: settings? })
    }

    pub(super) fn resource(&mut self, table: &Table<'_>, span: Range<usize>) -> Option<DeclaredResource> {
        let settings = self.settings(table, &["identifier", "name"], ResourceSettings::read);
        self.needs(table, "resource", "identifier", &span);
        self.needs(table, "resource", "name", &span);
        let name = table.get("name").and_then(|name| self.name(name));
        let at = table.get("identifier")?;
        let identifier = self.text_of("identifier", at)?;
        self.stands(Object::new(Kind::Resource, &identifier), at);
        Some(DeclaredResource { identifier, name: name?, settings: settings? })
    }

    pub(super) fn client(&mut self, table: &Table<'_>, span: Range<usize>) -> Option<DeclaredClient> {
        for forbidden in ["secret", "client_secret"] {
            if let Some((key, _)) = table.get_key_value(forbidden) {
                self.wrong(key.span(), "keep the secret elsewhere, and name secret_file or secret_env here");
            }
        }
        let others = ["id", "name", "enabled", "secret_file", "secret_env", "secret", "client_secret"];
        let settings = self.settings(table, &others, ClientSettings::read);
        let is_enabled = table.get("enabled").and_then(|enabled| match enabled.get_ref().as_bool() {
            Some(flag) => Some(flag),
            None => self.wrongly(enabled.span(), "enabled is true or false"),
        });
        let secret = self.secret(table.get("secret_file"), table.get("secret_env"));
        self.needs(table, "client", "id", &span);
        self.needs(table, "client", "name", &span);
        let name = table.get("name").and_then(|name| self.name(name));
        let at = table.get("id")?;
        let id = self.text_of("id", at)?;
        self.stands(Object::new(Kind::Client, &id), at);
        Some(DeclaredClient { id, name: name?, settings: settings?, is_enabled, secret })
    }

    pub(super) fn permission(&mut self, table: &Table<'_>, span: Range<usize>) -> Option<DeclaredPermission> {
        let settings = self.settings(table, &["name"], PermissionSettings::read);
        self.needs(table, "permission", "name", &span);
        self.needs(table, "permission", "description", &span);
        let at = table.get("name")?;
        let name = match Permission::try_from(self.text_of("name", at)?) {
            Ok(name) => name,
            Err(cause) => return self.wrongly(at.span(), format!("name {cause}: write category:action")),
        };
        self.stands(Object::new(Kind::Permission, name.as_str()), at);
        Some(DeclaredPermission { name, settings: settings? })
    }

    pub(super) fn role(&mut self, table: &Table<'_>, span: Range<usize>) -> Option<DeclaredRole> {
        let settings = self.settings(table, &["name"], DeclaredRoleSettings::read);
        self.needs(table, "role", "name", &span);
        let at = table.get("name")?;
        let name = match RoleName::try_from(self.text_of("name", at)?) {
            Ok(name) => name,
            Err(cause) => return self.wrongly(at.span(), format!("name {cause}")),
        };
        self.stands(Object::new(Kind::Role, name.key()), at);
        Some(DeclaredRole { name, settings: settings? })
    }

    /// Notes where an object stands: where its id does.
    fn stands(&mut self, object: Object, at: &Member<'_>) {
        let place = self.place(&at.span());
        self.places.push((object, place));
    }

    /// The secret that is kept in a file or in a variable of the environment.
    fn secret(&mut self, file: Option<&Member<'_>>, env: Option<&Member<'_>>) -> Option<SecretString> {
        match (file, env) {
            (None, None) => None,
            (Some(file), Some(_)) => self.wrongly(file.span(), "name either secret_file or secret_env"),
            (Some(at), None) => {
                let file = self.text_of("secret_file", at)?;
                let path: PathBuf = self.path.parent().unwrap_or(Path::new("")).join(file);
                match std::fs::read_to_string(&path) {
                    Ok(text) => Some(SecretString::from(text.trim_end_matches(['\r', '\n']))),
                    Err(cause) => self.wrongly(at.span(), format!("secret_file {}: {cause}", path.display())),
                }
            }
            (None, Some(at)) => {
                let name = self.text_of("secret_env", at)?;
                match std::env::var(&name) {
                    Ok(text) => Some(SecretString::new(text)),
                    Err(_) => self.wrongly(at.span(), format!("secret_env {name}: there is no such variable")),
                }
            }
        }
    }
}
