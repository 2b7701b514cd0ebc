//! Reading a file that declares clients: TOML, every mistake with the line it stands in.

use std::{
    collections::BTreeMap,
    fmt::Display,
    ops::Range,
    path::{Path, PathBuf},
};

use ostiary::{
    client::ClientSettings,
    declaration::{DeclaredClient, OwnerLabel},
    secret::SecretString,
    text::DisplayName,
};
use serde_json::{Map, Number, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::super::Failure;

/// What a file says.
pub(super) struct Document {
    pub(super) owner: OwnerLabel,
    /// Each client, and where it stands.
    pub(super) clients: Vec<(DeclaredClient, String)>,
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<Document, Failure> {
    let text = std::fs::read_to_string(path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
    parse(path, &text).map_err(|wrong| Failure::new(wrong.join("\n")))
}

fn parse(path: &Path, text: &str) -> Result<Document, Vec<String>> {
    let mut reader = Reader { path, text, wrong: Vec::new() };
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(cause) => {
            reader.wrong(cause.span().unwrap_or_default(), cause.message());
            return Err(reader.wrong);
        }
    };
    let document = reader.document(table.get_ref());
    match document {
        Some(document) if reader.wrong.is_empty() => Ok(document),
        _ => Err(reader.wrong),
    }
}

type Table<'t> = DeTable<'t>;

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    wrong: Vec<String>,
}

impl Reader<'_> {
    fn place(&self, span: &Range<usize>) -> String {
        let before = self.text.get(..span.start).unwrap_or_default();
        format!("{}:{}", self.path.display(), before.matches('\n').count() + 1)
    }

    fn wrong(&mut self, span: Range<usize>, what: impl Display) {
        let place = self.place(&span);
        self.wrong.push(format!("{place}: {what}"));
    }

    /// The same, where a value is looked for.
    fn wrongly<T>(&mut self, span: Range<usize>, what: impl Display) -> Option<T> {
        self.wrong(span, what);
        None
    }

    fn document(&mut self, table: &Table<'_>) -> Option<Document> {
        let (mut owner, mut clients) = (None, Vec::new());
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "declaration" => owner = self.declaration(value),
                "client" => clients = self.clients(value),
                other => self.wrong(key.span(), format!("{other} is not known here: [declaration] and [[client]] are")),
            }
        }
        if owner.is_none() && self.wrong.is_empty() {
            self.wrong(0..0, "[declaration] owner = \"…\" is missing: it marks what belongs to this file");
        }
        Some(Document { owner: owner?, clients })
    }

    fn declaration(&mut self, value: &Spanned<DeValue<'_>>) -> Option<OwnerLabel> {
        let Some(table) = value.get_ref().as_table() else {
            return self.wrongly(value.span(), "declaration is a table");
        };
        let mut owner = None;
        for (key, value) in table {
            if key.get_ref() == "owner" {
                let label = OwnerLabel::try_from(self.text_of("owner", value)?.as_str());
                owner = match label {
                    Ok(label) => Some(label),
                    Err(cause) => return self.wrongly(value.span(), format!("owner {cause}")),
                };
            } else {
                self.wrong(key.span(), format!("{} is not known here: owner is", key.get_ref()));
            }
        }
        owner
    }

    fn clients(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<(DeclaredClient, String)> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(value.span(), "write [[client]], in two pairs of brackets");
            return Vec::new();
        };
        let mut clients = Vec::new();
        for one in list {
            match one.get_ref().as_table() {
                Some(table) => clients.extend(self.client(table, one.span())),
                None => self.wrong(one.span(), "a client is a table"),
            }
        }
        clients
    }

    fn client(&mut self, table: &Table<'_>, span: Range<usize>) -> Option<(DeclaredClient, String)> {
        let (mut id, mut name, mut is_enabled) = (None, None, None);
        let (mut secret_file, mut secret_env) = (None, None);
        let mut members = Map::new();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => id = self.text_of("id", value).map(|id| (id, value.span())),
                "name" => name = self.name(value),
                "enabled" => match value.get_ref().as_bool() {
                    Some(flag) => is_enabled = Some(flag),
                    None => self.wrong(value.span(), "enabled is true or false"),
                },
                "secret_file" => secret_file = self.text_of("secret_file", value).map(|file| (file, value.span())),
                "secret_env" => secret_env = self.text_of("secret_env", value).map(|name| (name, value.span())),
                "secret" | "client_secret" => {
                    self.wrong(key.span(), "keep the secret elsewhere, and name secret_file or secret_env here");
                }
                setting => {
                    let json = self.json(value).map(|json| joined(setting, json));
                    members.insert(setting.to_owned(), json.unwrap_or_default());
                }
            }
        }
        let settings = self.settings(table, &members);
        let secret = self.secret(secret_file, secret_env);
        if id.is_none() {
            self.wrong(span.clone(), "this client has no id");
        }
        if name.is_none() && !table.contains_key("name") {
            self.wrong(span, "this client has no name");
        }
        let (id, at) = id?;
        let client = DeclaredClient { id, name: name?, settings: settings?, is_enabled, secret };
        Some((client, self.place(&at)))
    }

    fn name(&mut self, value: &Spanned<DeValue<'_>>) -> Option<DisplayName> {
        let text = self.text_of("name", value)?;
        match DisplayName::try_from(text) {
            Ok(name) => Some(name),
            Err(cause) => self.wrongly(value.span(), format!("name {cause}")),
        }
    }

    fn settings(&mut self, table: &Table<'_>, members: &Map<String, Value>) -> Option<ClientSettings> {
        match ClientSettings::read(members) {
            Ok(settings) => Some(settings),
            Err(unread) => {
                for one in unread {
                    self.wrong(locate(table, &one.path).unwrap_or_default(), &one);
                }
                None
            }
        }
    }

    /// The secret that is kept in a file or in a variable of the environment.
    fn secret(
        &mut self,
        file: Option<(String, Range<usize>)>,
        env: Option<(String, Range<usize>)>,
    ) -> Option<SecretString> {
        match (file, env) {
            (None, None) => None,
            (Some((_, span)), Some(_)) => self.wrongly(span, "name either secret_file or secret_env"),
            (Some((file, span)), None) => {
                let path: PathBuf = self.path.parent().unwrap_or(Path::new("")).join(file);
                match std::fs::read_to_string(&path) {
                    Ok(text) => Some(SecretString::from(text.trim_end_matches(['\r', '\n']))),
                    Err(cause) => self.wrongly(span, format!("secret_file {}: {cause}", path.display())),
                }
            }
            (None, Some((name, span))) => match std::env::var(&name) {
                Ok(text) => Some(SecretString::new(text)),
                Err(_) => self.wrongly(span, format!("secret_env {name}: there is no such variable")),
            },
        }
    }

    fn text_of(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        match value.get_ref().as_str() {
            Some(text) => Some(text.to_owned()),
            None => self.wrongly(value.span(), format!("{name} is text")),
        }
    }

    fn json(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.as_ref().into()),
            DeValue::Boolean(flag) => Some((*flag).into()),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => Some(number.into()),
                Err(cause) => self.wrongly(value.span(), cause),
            },
            DeValue::Float(number) => match number.as_str().parse().ok().and_then(Number::from_f64) {
                Some(number) => Some(Value::Number(number)),
                None => self.wrongly(value.span(), "this is no number"),
            },
            DeValue::Datetime(_) => self.wrongly(value.span(), "no setting is a date"),
            DeValue::Array(list) => list.iter().map(|one| self.json(one)).collect(),
            DeValue::Table(table) => {
                let member = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
                    let key: &std::borrow::Cow<'_, str> = key.get_ref();
                    Some((key.to_string(), self.json(value)?))
                };
                table.iter().map(member).collect::<Option<Map<_, _>>>().map(Value::Object)
            }
        }
    }
}

/// Scopes may be written as a list; everywhere else they are one text (RFC 6749 §3.3).
fn joined(setting: &str, value: Value) -> Value {
    match value {
        Value::Array(list) if setting == "scopes" && list.iter().all(Value::is_string) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ").into()
        }
        other => other,
    }
}

/// Where the member `path` stands, or else the nearest around it.
fn locate(table: &Table<'_>, path: &str) -> Option<Range<usize>> {
    let keys: BTreeMap<&str, (&Spanned<_>, &Spanned<DeValue<'_>>)> =
        table.iter().map(|(key, value)| (key.get_ref().as_ref(), (key, value))).collect();
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, rest) = path.split_at_checked(end)?;
    let (key, value) = keys.get(name)?;
    let key: &Spanned<std::borrow::Cow<'_, str>> = key;
    within(value, rest).or_else(|| Some(key.span()))
}

fn within(value: &Spanned<DeValue<'_>>, rest: &str) -> Option<Range<usize>> {
    if let Some(rest) = rest.strip_prefix('.') {
        return locate(value.get_ref().as_table()?, rest);
    }
    let (place, rest) = rest.strip_prefix('[')?.split_once(']')?;
    let one = value.get_ref().as_array()?.get(place.parse::<usize>().ok()?)?;
    within(one, rest).or_else(|| Some(one.span()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> Vec<String> {
        parse(Path::new("c.toml"), text).err().unwrap()
    }

    /// D11: every mistake is named with its line, and a slip of the pen is one.
    #[test]
    fn mistakes_have_lines() {
        let text = "[declaration]\nowner = \"team\"\nowners = 1\n\n[[client]]\nid = \"a\"\nname = \"A\"\n\
                    redirect_uri = [\"https://a.example/\"]\nsecret = \"x\"\n[client.certificate]\nsan_dns = \"a\"\n\
                    dn = \"b\"\n\n[[client]]\nname = 7\nscopes = [\"openid\", 1]\n\n[[clients]]\n";
        let mut found = wrong(text);
        found.sort();
        let lines: Vec<&str> = found.iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(
            lines,
            [
                "c.toml:12:",
                "c.toml:14:",
                "c.toml:15:",
                "c.toml:16:",
                "c.toml:18:",
                "c.toml:3:",
                "c.toml:8:",
                "c.toml:9:"
            ],
            "{found:#?}"
        );
        assert!(wrong("[declaration\n")[0].starts_with("c.toml:1: "));
        assert!(wrong("[[client]]\nid = \"a\"\nname = \"A\"\n")[0].contains("owner"));
        assert!(wrong("[declaration]\nowner = \"a b\"\n")[0].starts_with("c.toml:2: owner"));
        assert!(wrong("client = 1\n")[0].contains("[[client]]"));
    }

    /// D11: scopes may be a list; what is left out has its default; each client knows where it stands.
    #[test]
    fn clients_are_read() {
        let text = "[declaration]\nowner = \"team\"\n[[client]]\nid = \"a\"\nname = \"A\"\nenabled = false\n\
                    scopes = [\"openid\", \"email\"]\naccess_token_ttl_secs = 0x3c\n\
                    id_token_encryption = { alg = \"ECDH-ES\", enc = \"A256GCM\" }\n";
        let document = parse(Path::new("c.toml"), text).map_err(|wrong| wrong.join("\n")).unwrap();
        let (client, place) = &document.clients[0];
        assert_eq!((document.owner.as_str(), place.as_str()), ("team", "c.toml:4"));
        assert_eq!((client.settings.scopes.to_string(), client.is_enabled), ("email openid".to_owned(), Some(false)));
        assert_eq!(client.settings.access_token_ttl_secs, Some(60));
        assert!(client.settings.id_token_encryption.is_some() && client.secret.is_none());
    }
}
