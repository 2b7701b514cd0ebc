//! D11: `ostiary apply`, as an operator and a pipeline use it.

use std::path::Path;

use serde_json::Value;

use crate::cli::Operator;

const FILE: &str = r#"
[declaration]
owner = "team"

[[client]]
id = "web"
name = "Web"
redirect_uris = ["https://web.example/callback"]

[[client]]
id = "app"
name = "App"
auth_method = "none"
redirect_uris = ["http://127.0.0.1/cb"]
"#;

fn write(operator: &Operator, name: &str, text: &str) {
    std::fs::write(operator.path().join(name), text).unwrap();
}

/// D11: plan, apply, apply again, change, prune; with the exit codes a pipeline goes by.
#[test]
fn a_file_is_applied() {
    let operator = Operator::new("");
    write(&operator, "c.toml", FILE);
    let plan = operator.run(&["apply", "c.toml", "--plan"]);
    assert_eq!(plan.status.code(), Some(2));
    assert_eq!(String::from_utf8(plan.stdout).unwrap(), "+ client app\n+ client web\n");
    assert_eq!(operator.done(&["client", "list"]), "", "a plan changes nothing");

    let said = operator.done(&["apply", "c.toml"]);
    assert!(said.starts_with("+ client app\n+ client web\nClient secret of web:  ost_cs_"), "{said}");
    for args in [&["apply", "c.toml"][..], &["apply", "c.toml", "--plan"]] {
        assert_eq!(operator.done(args), "Nothing to do.\n");
    }
    assert!(operator.done(&["client", "show", "web"]).contains("declared by team"));

    // Changed by hand: it is shown, and goes.
    operator.done(&["client", "update", "web", "--set", "first_party=true"]);
    assert!(operator.done(&["client", "show", "web"]).contains("changed by hand since"));
    let drift = "! client web was changed by hand since it was last applied\n~ client web: first_party true → false\n";
    let plan = operator.run(&["apply", "c.toml", "--plan"]);
    assert_eq!((plan.status.code(), String::from_utf8(plan.stdout).unwrap().as_str()), (Some(2), drift));
    assert_eq!(operator.done(&["apply", "c.toml"]), drift);

    let less = FILE.split("[[client]]\nid = \"app\"").next().unwrap();
    write(&operator, "c.toml", less);
    let kept = operator.done(&["apply", "c.toml"]);
    assert!(
        kept.contains("client app (owned, no longer declared; kept") && kept.ends_with("Nothing to do.\n"),
        "{kept}"
    );
    let pruned: Value = operator.json(&["apply", "c.toml", "--prune", "--json"]);
    assert_eq!((&pruned["changes"][0]["action"], &pruned["changes"][0]["id"]), (&"remove".into(), &"app".into()));
    assert_eq!(operator.json(&["apply", "c.toml", "--json"])["changes"], serde_json::json!([]));
}

/// D11: secrets come from a file or the environment, and are printed nowhere.
#[test]
fn secrets_are_kept_elsewhere() {
    let secret = "a-secret-from-a-file-of-32-characters-or-more";
    let operator = Operator::new("");
    write(&operator, "web.secret", &format!("{secret}\n"));
    let file = FILE.replace("id = \"web\"", "id = \"web\"\nsecret_file = \"web.secret\"");
    write(&operator, "c.toml", &file);
    let said = operator.done(&["apply", "c.toml"]);
    assert!(said.contains("+ client web") && !said.contains(secret) && !said.contains("ost_cs_"), "{said}");
    let shown = operator.json(&["client", "show", "web", "--json"]);
    assert_eq!(shown["secrets"][0]["hint"], "more");
    operator.done(&["client", "rotate-secret", "web"]);
    let plan = operator.run(&["apply", "c.toml", "--plan", "--json"]);
    let text = String::from_utf8(plan.stdout).unwrap();
    assert!(plan.status.code() == Some(2) && text.contains("\"secret\"") && !text.contains(secret), "{text}");
    operator.done(&["apply", "c.toml"]);
    assert_eq!(operator.done(&["apply", "c.toml"]), "Nothing to do.\n");

    let in_env = file.replace("secret_file = \"web.secret\"", "secret_env = \"OSTIARY_TEST_WEB_SECRET\"");
    write(&operator, "c.toml", &in_env);
    assert!(operator.refused(&["apply", "c.toml"], 1).contains("c.toml:7: secret_env OSTIARY_TEST_WEB_SECRET"));
    let output = operator.command(&["apply", "c.toml"]).env("OSTIARY_TEST_WEB_SECRET", secret).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "Nothing to do.\n");
    write(&operator, "web.secret", "short");
    write(&operator, "c.toml", &file);
    let refused = operator.refused(&["apply", "c.toml"], 1);
    assert!(refused.contains("c.toml:6: client web: a secret has 32") && !refused.contains("short"), "{refused}");
}

/// D11: mistakes are named with file and line, and nothing is half done.
#[test]
fn mistakes_are_named_with_their_line() {
    let operator = Operator::new("");
    write(&operator, "c.toml", &FILE.replace("auth_method", "auth_metod"));
    let refused = operator.refused(&["apply", "c.toml"], 1);
    assert!(refused.contains("c.toml:13: auth_metod is not a setting"), "{refused}");
    assert_eq!(operator.done(&["client", "list"]), "");

    operator.done(&["client", "create", "--id", "web", "--name", "By hand", "--redirect-uri", "https://web.example/"]);
    write(&operator, "c.toml", FILE);
    let refused = operator.refused(&["apply", "c.toml"], 1);
    assert!(refused.contains("c.toml:6: client web was made by hand; --adopt takes it over"), "{refused}");
    assert!(!operator.done(&["client", "list"]).contains("app"), "all of it or nothing");
    let adopted = operator.done(&["apply", "c.toml", "--adopt"]);
    assert!(adopted.contains("~ client web: owner null → \"team\"") && !adopted.contains("ost_cs_"), "{adopted}");

    write(&operator, "other.toml", &FILE.replace("\"team\"", "\"other\""));
    let twice = operator.refused(&["apply", "c.toml", "other.toml"], 1);
    assert!(twice.contains("other.toml:6: client web stands at c.toml:6 already"), "{twice}");
    assert!(operator.refused(&["apply", "other.toml"], 1).contains("is declared by team"));
    assert!(operator.refused(&["apply", "none.toml"], 1).contains("none.toml"));
    operator.refused(&["apply"], 2);
}

const CATALOGUE: &str = r#"
[declaration]
owner = "team"

[[scope]]
name = "reports:read"
description = "Read the reports"

[[resource]]
identifier = "https://api.example/reports"
name = "Reports"
scopes = ["reports:read"]

[[client]]
id = "app"
name = "App"
auth_method = "none"
redirect_uris = ["http://127.0.0.1/cb"]
scopes = ["openid", "reports:read"]
"#;

/// D11: scopes and APIs are planned, applied, changed by hand and pruned like clients, together with them.
#[test]
fn a_catalogue_is_applied() {
    let operator = Operator::new("");
    write(&operator, "c.toml", CATALOGUE);
    let all = "+ scope reports:read\n+ resource https://api.example/reports\n+ client app\n";
    let plan = operator.run(&["apply", "c.toml", "--plan"]);
    assert_eq!((plan.status.code(), String::from_utf8(plan.stdout).unwrap().as_str()), (Some(2), all));
    let listed = || [["scope", "list"], ["resource", "list"], ["client", "list"]].map(|args| operator.done(&args));
    assert_eq!(listed().concat(), "", "a plan changes nothing");
    assert_eq!(operator.done(&["apply", "c.toml"]), all);
    for args in [&["apply", "c.toml"][..], &["apply", "c.toml", "--plan"]] {
        assert_eq!(operator.done(args), "Nothing to do.\n");
    }
    let [scopes, resources, _] = listed();
    assert_eq!(scopes, "reports:read  Read the reports  declared by team\n");
    assert_eq!(resources, "https://api.example/reports  Reports  reports:read  declared by team\n");

    operator.done(&["scope", "set", "reports:read", "--description", "See the reports"]);
    assert!(listed()[0].contains("declared by team, and changed by hand since"));
    assert_eq!(operator.json(&["scope", "list", "--json"])["version"], 2);
    let drift = "! scope reports:read was changed by hand since it was last applied\n\
                 ~ scope reports:read: description \"See the reports\" → \"Read the reports\"\n";
    assert_eq!(operator.done(&["apply", "c.toml"]), drift);

    // A scope that something names stays, and so does everything else.
    let without = CATALOGUE.replace("[[scope]]\nname = \"reports:read\"\ndescription = \"Read the reports\"\n", "");
    write(&operator, "c.toml", &without.replace("\"App\"", "\"Other\""));
    let refused = operator.refused(&["apply", "c.toml", "--prune"], 1);
    let users = "resource https://api.example/reports, client app";
    assert!(refused.contains(&format!("scope reports:read cannot be removed: {users} still")), "{refused}");
    assert!(listed()[0].contains("reports:read") && listed()[2].contains("App"));
    write(&operator, "c.toml", "[declaration]\nowner = \"team\"\n");
    let kept = operator.done(&["apply", "c.toml"]);
    assert!(kept.starts_with("  scope reports:read (owned, no longer declared; kept"), "{kept}");
    let pruned = operator.json(&["apply", "c.toml", "--prune", "--json"]);
    let changes = pruned["changes"].as_array().unwrap().iter();
    let gone: Vec<_> = changes.map(|change| (change["object"].as_str().unwrap(), &change["action"])).collect();
    let remove = Value::from("remove");
    assert_eq!(gone, [("client", &remove), ("resource", &remove), ("scope", &remove)]);
    assert_eq!(listed().concat(), "");
}

/// D11: what is wrong about a scope or an API is named with file and line, and nothing is half done.
#[test]
fn mistakes_about_the_catalogue_are_named() {
    let operator = Operator::new("");
    for (wrong, said) in [
        (("description", "descripton"), "c.toml:7: descripton is not a setting"),
        (("\"Read the reports\"", "\"\""), "c.toml:6: scope reports:read: a description has 1 to 200 characters"),
        (("https://api.example/reports", "a b"), "c.toml:10: resource \"a b\": the identifier must be"),
        (("[[resource]]", "[[api]]"), "c.toml:9: api is not known here"),
    ] {
        write(&operator, "c.toml", &CATALOGUE.replace(wrong.0, wrong.1));
        let refused = operator.refused(&["apply", "c.toml"], 1);
        assert!(refused.contains(said), "{refused}");
        assert_eq!(operator.done(&["client", "list"]), "");
    }
    operator.done(&["scope", "set", "reports:read", "--description", "By hand"]);
    write(&operator, "c.toml", CATALOGUE);
    let refused = operator.refused(&["apply", "c.toml"], 1);
    assert!(refused.contains("c.toml:6: scope reports:read was made by hand; --adopt takes it over"), "{refused}");
    assert_eq!(operator.done(&["resource", "list"]), "", "all of it or nothing");
    assert!(operator.done(&["apply", "c.toml", "--adopt"]).contains("~ scope reports:read: owner null → \"team\""));
    write(&operator, "other.toml", &CATALOGUE.replace("\"app\"", "\"other\""));
    let twice = operator.refused(&["apply", "c.toml", "other.toml"], 1);
    assert!(twice.contains("stands at c.toml:") && twice.contains("other.toml:"), "{twice}");
}

/// E4: the preset that comes with the sources gives each built-in role what it says, and can be applied again and again.
#[test]
fn the_preset_for_game_hosting_is_sound() {
    let operator = Operator::new("");
    let preset = Path::new(env!("CARGO_MANIFEST_DIR")).join("../presets/game-hosting.toml");
    let preset = preset.to_str().unwrap();
    let all = |said: String| said.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    let of_ours = all(operator.done(&["permission", "list", "--json"])).len();
    let said = operator.done(&["apply", preset]);
    assert!(said.lines().all(|line| line.starts_with("+ permission ")), "{said}");
    assert_eq!(operator.done(&["apply", preset]), "Nothing to do.\n");
    let permissions = all(operator.done(&["permission", "list", "--json"]));
    assert_eq!(permissions.len(), of_ours + said.lines().count());
    let held = |role: &str| -> Vec<&str> {
        let has = |entry: &&Value| entry["roles"].as_array().unwrap().contains(&role.into());
        permissions.iter().filter(has).map(|entry| entry["name"].as_str().unwrap()).collect()
    };
    let names: Vec<&str> = permissions.iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    let but =
        |without: &[&str]| -> Vec<&str> { names.iter().copied().filter(|name| !without.contains(name)).collect() };
    let reads: Vec<&str> = names.iter().copied().filter(|name| name.ends_with(":read")).collect();
    assert_eq!(held("owner"), names);
    assert_eq!(held("admin"), but(&["org:write", "org:delete", "org:billing", "members:roles", "nodes:manage"]));
    assert_eq!(held("viewer"), reads);
    let operates = ["servers:write", "servers:start", "servers:stop", "servers:restart", "files:write", "mods:write"];
    let mut operates: Vec<&str> = operates.into_iter().chain(reads).collect();
    operates.sort_unstable();
    assert_eq!(held("operator"), operates);
    for category in ["servers:", "nodes:", "files:", "mods:"] {
        assert!(names.iter().any(|name| name.starts_with(category)), "{category}");
    }
    let listed = operator.done(&["permission", "list"]);
    assert!(listed.contains("nodes:manage  Add, change and remove machines  owner  declared by presets/game-hosting"));
}

/// E3, E9: roles of the instance are declared, listed, and refused with the line they stand in.
#[test]
fn roles_are_applied() {
    let operator = Operator::new("");
    let text = "[declaration]\nowner = \"team\"\n\n[[permission]]\nname = \"mods:write\"\ndescription = \"Install mods\"\n\
                roles = [\"operator\"]\n\n[[role]]\nname = \"Modder\"\npermissions = [\"mods:*\"]\n\
                inherits = [\"viewer\"]\n";
    write(&operator, "p.toml", text);
    assert_eq!(operator.done(&["apply", "p.toml"]), "+ permission mods:write\n+ role modder\n");
    assert_eq!(operator.done(&["apply", "p.toml"]), "Nothing to do.\n");
    let roles = operator.done(&["role", "list"]);
    assert!(roles.ends_with("Modder  mods:*  inherits viewer  declared by team\n"), "{roles}");
    assert!(roles.contains("operator  org:read members:read mods:write\n"), "{roles}");
    assert!(operator.done(&["role", "list", "--json"]).contains(r#""inherits":["viewer"]"#));
    for (wrong, said) in [
        (("mods:write", "mods"), "p.toml:5: name"),
        (("\"operator\"]", "\"operater\"]"), "p.toml:7: roles cannot be taken"),
        (("description = \"Install mods\"\n", ""), "p.toml:4: this permission has no description"),
        (("mods:*", "moods:*"), "p.toml:10: role modder: there is no permission moods:*"),
        (("\"viewer\"", "\"nobody\""), "p.toml:10: role modder: there is no role \"nobody\""),
        (("inherits", "inherit"), "p.toml:12: inherit is not a setting"),
        (("\"Modder\"", "\"a/b\""), "p.toml:10: name"),
    ] {
        write(&operator, "p.toml", &text.replace(wrong.0, wrong.1));
        let refused = operator.refused(&["apply", "p.toml"], 1);
        assert!(refused.contains(said), "{said}: {refused}");
    }
    assert_eq!(operator.done(&["role", "list"]), roles, "nothing is half done");
}

/// D11: the example that comes with the sources can be applied as it is.
#[test]
fn the_example_is_sound() {
    let operator = Operator::new("");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/clients.toml");
    let example = example.to_str().unwrap();
    let said = operator.done(&["apply", example]);
    assert_eq!(["+ scope", "+ resource", "+ client"].map(|kind| said.matches(kind).count()), [1, 1, 4], "{said}");
    assert_eq!(operator.done(&["apply", example]), "Nothing to do.\n");
}
