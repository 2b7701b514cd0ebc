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

/// D11: the example that comes with the sources can be applied as it is.
#[test]
fn the_example_is_sound() {
    let operator = Operator::new("");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/clients.toml");
    let example = example.to_str().unwrap();
    assert_eq!(operator.done(&["apply", example]).matches("+ client").count(), 4);
    assert_eq!(operator.done(&["apply", example]), "Nothing to do.\n");
}
