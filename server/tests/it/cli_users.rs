//! A12: people are brought along and taken along on the command line.

use std::{io::Write as _, process::Stdio};

use serde_json::{Value, json};

use crate::cli::Operator;

fn write(operator: &Operator, name: &str, text: &str) {
    std::fs::write(operator.path().join(name), text).unwrap();
}

/// A12: a dry run says what a run then does; what was refused is told with its line, and by the exit code.
#[test]
fn a_file_is_rehearsed_and_taken() {
    let operator = Operator::new("");
    let file = "{\"email\":\"mara@nordhavn.example\",\"name\":\"Mara\"}\n{\"email\":\"nobody\"}\n";
    write(&operator, "people.jsonl", file);
    let dry = operator.run(&["users", "import", "people.jsonl", "--dry-run", "--report", "dry.jsonl"]);
    assert_eq!(dry.status.code(), Some(2), "{dry:?}");
    let said = String::from_utf8(dry.stdout).unwrap();
    assert_eq!(
        said,
        "line 2: email is not of the right form\nNothing was written; a run would come to: 1 created, 0 updated, \
         0 unchanged, 0 there already, 0 skipped, 1 refused\n"
    );
    assert_eq!(operator.done(&["user", "list"]), "");
    let run = operator.run(&["user", "import", "people.jsonl", "--report", "run.jsonl", "--json"]);
    assert_eq!(run.status.code(), Some(2), "{run:?}");
    let sum: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!((&sum["created"], &sum["refused"], &sum["dry_run"]), (&1.into(), &1.into(), &false.into()));
    let report = |name| std::fs::read_to_string(operator.path().join(name)).unwrap();
    assert_eq!(report("dry.jsonl"), report("run.jsonl"));
    let lines: Vec<Value> = report("run.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let errors = json!([{ "field": "email", "rule": "is not of the right form" }]);
    assert_eq!(
        lines,
        [
            json!({ "line": 1, "outcome": "created", "email": "mara@nordhavn.example" }),
            json!({ "line": 2, "outcome": "refused", "errors": errors }),
        ]
    );
    assert_eq!(operator.json(&["user", "list", "--json"])["name"], "Mara");

    let mut child =
        operator.command(&["user", "import", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(file.lines().next().unwrap().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("1 there already"));

    assert!(operator.refused(&["user", "import", "nothing"], 1).contains("nothing: "));
    assert!(operator.refused(&["user", "import", "people.jsonl", "--source", "A B"], 1).contains("--source"));
    operator.refused(&["user", "import", "people.jsonl", "--format", "ldif"], 2);
    write(&operator, "short.json", "{\"users\":[{\"id\":1,\"email\":\"ada@nordhavn.example\"},");
    let short = operator.refused(&["user", "import", "short.json", "--format", "keycloak"], 1);
    assert!(short.contains("ends too early") && short.contains("all before it was read"), "{short}");
    assert!(operator.done(&["user", "list"]).contains("ada@nordhavn.example"));
}

/// A12: what one instance exports, another takes, and exports the same.
#[test]
fn everybody_moves_to_another_instance() {
    let (here, there) = (Operator::new(""), Operator::new(""));
    let file = "id,email,username,name\n,ada@nordhavn.example,ada,'=1+1\n,bo@nordhavn.example,,Bo\n";
    write(&here, "people.csv", file);
    here.done(&["user", "import", "people.csv", "--format", "csv"]);
    here.done(&["user", "create", "--email", "c@nordhavn.example", "--password", "Seven-lanterns-7"]);
    let lines = here.done(&["user", "export", "--with-hashes"]);
    assert!(lines.contains("$argon2id$") && lines.contains("\"name\":\"=1+1\""), "{lines}");
    assert!(!here.done(&["user", "export"]).contains("argon2"));
    let sheet = here.done(&["user", "export", "--format", "csv", "--with-hashes"]);
    assert!(sheet.starts_with("id,email,") && sheet.contains(",'=1+1,"), "{sheet}");
    write(&there, "people.csv", &sheet);
    there.done(&["user", "import", "people.csv", "--format", "csv"]);
    assert_eq!(there.done(&["user", "export", "--with-hashes"]), lines);
}
