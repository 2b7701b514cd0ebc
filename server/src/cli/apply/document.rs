//! Reading a file that declares scopes, APIs, clients, permissions and roles: TOML, every mistake with the line it stands in.

mod objects;

use std::{collections::BTreeMap, fmt::Display, ops::Range, path::Path};

use ostiary::{
    declaration::{Declaration, Object, OwnerLabel},
    settings::UnreadSetting,
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
    pub(super) declaration: Declaration,
    /// Everything that is declared, and where it stands.
    pub(super) places: Vec<(Object, String)>,
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<Document, Failure> {
    let text = std::fs::read_to_string(path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
    parse(path, &text).map_err(|wrong| Failure::new(wrong.join("\n")))
}

fn parse(path: &Path, text: &str) -> Result<Document, Vec<String>> {
    let mut reader = Reader { path, text, places: Vec::new(), wrong: Vec::new() };
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(cause) => {
            reader.wrong(cause.span().unwrap_or_default(), cause.message());
            return Err(reader.wrong);
        }
    };
    let declaration = reader.declaration(table.get_ref());
    match declaration {
        Some(declaration) if reader.wrong.is_empty() => Ok(Document { declaration, places: reader.places }),
        _ => Err(reader.wrong),
    }
}

type Table<'t> = DeTable<'t>;

/// Reads the settings of one kind of object.
type ReadSettings<T> = fn(&Map<String, Value>) -> Result<T, Vec<UnreadSetting>>;

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    places: Vec<(Object, String)>,
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

    fn declaration(&mut self, table: &Table<'_>) -> Option<Declaration> {
        let (mut owner, mut scopes, mut resources, mut clients) = (None, Vec::new(), Vec::new(), Vec::new());
        let (mut permissions, mut roles) = (Vec::new(), Vec::new());
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "declaration" => owner = self.owner(value),
                "scope" => scopes = self.each("scope", value, Self::scope),
                "resource" => resources = self.each("resource", value, Self::resource),
                "client" => clients = self.each("client", value, Self::client),
                "permission" => permissions = self.each("permission", value, Self::permission),
                "role" => roles = self.each("role", value, Self::role),
                other => {
                    let known = "[declaration], [[scope]], [[resource]], [[client]], [[permission]] and [[role]] are";
                    self.wrong(key.span(), format!("{other} is not known here: {known}"));
                }
            }
        }
        if owner.is_none() && self.wrong.is_empty() {
            self.wrong(0..0, "[declaration] owner = \"…\" is missing: it marks what belongs to this file");
        }
        Some(Declaration { owner: owner?, scopes, resources, clients, permissions, roles })
    }

    fn owner(&mut self, value: &Spanned<DeValue<'_>>) -> Option<OwnerLabel> {
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

    /// Each of the objects of one kind.
    fn each<T>(
        &mut self,
        kind: &str,
        value: &Spanned<DeValue<'_>>,
        read: fn(&mut Self, &Table<'_>, Range<usize>) -> Option<T>,
    ) -> Vec<T> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(value.span(), format!("write [[{kind}]], in two pairs of brackets"));
            return Vec::new();
        };
        let mut found = Vec::new();
        for one in list {
            match one.get_ref().as_table() {
                Some(table) => found.extend(read(self, table, one.span())),
                None => self.wrong(one.span(), format!("a {kind} is a table")),
            }
        }
        found
    }

    /// Says so when a member is missing that has no default.
    fn needs(&mut self, table: &Table<'_>, kind: &str, member: &str, span: &Range<usize>) {
        if !table.contains_key(member) {
            self.wrong(span.clone(), format!("this {kind} has no {member}"));
        }
    }

    /// Everything in a table that is no member of another sort is a setting.
    fn settings<T>(&mut self, table: &Table<'_>, others: &[&str], read: ReadSettings<T>) -> Option<T> {
        let mut members = Map::new();
        for (key, value) in table {
            let setting: &str = key.get_ref().as_ref();
            if !others.contains(&setting) {
                let json = self.json(value).map(|json| joined(setting, json));
                members.insert(setting.to_owned(), json.unwrap_or_default());
            }
        }
        match read(&members) {
            Ok(settings) => Some(settings),
            Err(unread) => {
                for one in unread {
                    self.wrong(locate(table, &one.path).unwrap_or_default(), &one);
                }
                None
            }
        }
    }

    fn name(&mut self, value: &Spanned<DeValue<'_>>) -> Option<DisplayName> {
        match DisplayName::try_from(self.text_of("name", value)?) {
            Ok(name) => Some(name),
            Err(cause) => self.wrongly(value.span(), format!("name {cause}")),
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
    use ostiary::declaration::Kind;

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
        let declaration = &document.declaration;
        assert_eq!(declaration.owner.as_str(), "team");
        assert_eq!(document.places, [(Object::new(Kind::Client, "a"), "c.toml:4".to_owned())]);
        let client = &declaration.clients[0];
        assert_eq!((client.settings.scopes.to_string(), client.is_enabled), ("email openid".to_owned(), Some(false)));
        assert_eq!(client.settings.access_token_ttl_secs, Some(60));
        assert!(client.settings.id_token_encryption.is_some() && client.secret.is_none());
    }

    /// D11: APIs and scopes are read by the names that REST and the command line have for them.
    #[test]
    fn apis_and_scopes_are_read() {
        let text = "[declaration]\nowner = \"team\"\n[[scope]]\nname = \"a:read\"\ndescription = \"Read\"\n\
                    [[resource]]\nidentifier = \"https://a.example/\"\nname = \"A\"\nscopes = [\"a:read\"]\n\
                    access_token_format = \"opaque\"\naccess_token_alg = \"EdDSA\"\nopen = true\n";
        let document = parse(Path::new("c.toml"), text).map_err(|wrong| wrong.join("\n")).unwrap();
        let places = [
            (Object::new(Kind::Resource, "https://a.example/"), "c.toml:7".to_owned()),
            (Object::new(Kind::Scope, "a:read"), "c.toml:4".to_owned()),
        ];
        assert_eq!(document.places, places);
        let Declaration { scopes, resources, .. } = document.declaration;
        assert_eq!((scopes[0].name.as_str(), scopes[0].settings.description.as_str()), ("a:read", "Read"));
        let settings = &resources[0].settings;
        assert!(settings.open && settings.access_token_format.is_some() && settings.access_token_alg.is_some());
        assert_eq!((settings.scopes.to_string(), resources[0].name.as_str()), ("a:read".to_owned(), "A"));
    }

    /// D11: the same holds for APIs and scopes: every mistake has its line, and the name of what is not known.
    #[test]
    fn mistakes_about_apis_and_scopes_have_lines() {
        let text = "[declaration]\nowner = \"team\"\n[[scope]]\nname = \"a b\"\ndescripton = \"Read\"\n\
                    [[scope]]\nid = \"a\"\noptional = \"yes\"\n[[resource]]\nidentifier = 7\nname = \"\"\n\
                    scope = [\"a\"]\nscopes = \"\\\"\"\naccess_token_alg = \"none\"\naccess_token_ttl_secs = -1\n\
                    [[resource]]\nopen = 1979-05-27\n";
        let found = wrong(text);
        for expected in [
            "c.toml:4: a scope holds a character",
            "c.toml:5: descripton is not a setting",
            "c.toml:6: this scope has no name",
            "c.toml:7: id is not a setting",
            "c.toml:8: optional cannot be taken",
            "c.toml:10: identifier is text",
            "c.toml:11: name is missing",
            "c.toml:12: scope is not a setting",
            "c.toml:13: scopes cannot be taken",
            "c.toml:14: access_token_alg cannot be taken",
            "c.toml:15: access_token_ttl_secs cannot be taken",
            "c.toml:16: this resource has no identifier",
            "c.toml:16: this resource has no name",
            "c.toml:17: no setting is a date",
        ] {
            assert!(found.iter().any(|line| line.starts_with(expected)), "{expected}: {found:#?}");
        }
        assert!(wrong("scope = 1\n")[0].contains("[[scope]]") && wrong("[resource]\n")[0].contains("[[resource]]"));
        assert!(wrong("[[scopes]]\n")[0].starts_with("c.toml:1: scopes is not known here"));
    }
}
