//! The command line, as an operator and a script use it: the real binary on a database of its own.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{EMAIL, PASSWORD};

struct Operator {
    directory: TempDir,
}

impl Operator {
    fn new(settings: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("ostiary.toml"), settings).unwrap();
        Self { directory }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ostiary"));
        command.args(args).current_dir(self.path()).env_remove("OSTIARY__DATABASE__URL");
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().unwrap()
    }

    #[track_caller]
    fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.done(args)).unwrap()
    }

    /// What is said on standard error by a command that does not succeed.
    #[track_caller]
    fn refused(&self, args: &[&str], code: i32) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

/// A10: accounts by hand; a password from standard input is shown nowhere.
#[test]
fn accounts_are_made_and_disabled() {
    let operator = Operator::new("");
    let create = ["user", "create", "--email", EMAIL, "--username", "mara", "--verified", "--admin", "--json"];
    let mut child = operator
        .command(&[&create[..], &["--password-stdin"]].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    let listed = operator.json(&["user", "list", "--json"]);
    assert_eq!(
        (&listed["user_id"], &listed["admin"], &listed["active"]),
        (&made["user_id"], &true.into(), &true.into())
    );
    operator.done(&["user", "disable", "mara"]);
    assert_eq!(operator.json(&["user", "list", "--json"])["active"], false);
    operator.done(&["user", "enable", EMAIL]);
    assert_eq!(operator.json(&["user", "list", "--json"])["active"], true);

    assert!(operator.refused(&create[..4], 1).contains("has an account"));
    let weak = operator.refused(&["user", "create", "--email", "b@c.example", "--password", "kurz"], 1);
    assert!(weak.contains("at least 8 characters") && !weak.contains("kurz"), "{weak}");
    assert!(operator.refused(&["user", "create", "--email", "nobody"], 1).contains("--email"));
    assert!(operator.refused(&["user", "disable", "nobody"], 1).contains("no such account"));
    operator.refused(&["user", "create"], 2);
}

/// D11: clients by hand; secrets are shown once.
#[test]
fn clients_are_registered() {
    let operator = Operator::new("");
    let uri = "https://blockyard.example/callback";
    let made = operator.json(&["client", "create", "--name", "Blockyard", "--redirect-uri", uri, "--json"]);
    let (id, secret) = (made["client_id"].as_str().unwrap(), made["client_secret"].as_str().unwrap());
    let rotated = operator.json(&["client", "rotate-secret", id, "--json"]);
    assert!(secret.starts_with("ost_cs_") && rotated["client_secret"] != secret);
    let listed = operator.done(&["client", "list", "--json"]);
    assert!(listed.contains(id) && !listed.contains("ost_cs_"), "{listed}");
    operator.done(&["client", "delete", id]);
    assert!(operator.refused(&["client", "delete", id], 1).contains("no such client"));

    let public = ["client", "create", "--name", "App", "--public", "--redirect-uri", "http://127.0.0.1/cb", "--json"];
    assert!(operator.json(&public)["client_secret"].is_null());
    let bad = |more: &[&str]| operator.refused(&[&["client", "create", "--name", "X"], more].concat(), 1);
    assert!(bad(&[]).contains("redirect URI"));
    assert!(bad(&["--redirect-uri", "javascript:alert(1)"]).contains("--redirect-uri"));
    assert!(bad(&["--grant", "password"]).contains("--grant"));
    assert!(bad(&["--grant", "client_credentials", "--public"]).contains("public client"));
    assert!(bad(&["--redirect-uri", uri, "--scope", "a\"b"]).contains("--scope"));
}

/// D7: keys by hand.
#[test]
fn keys_are_rotated_and_revoked() {
    let operator = Operator::new("");
    operator.done(&["keys", "rotate", "--at-once"]);
    let key = operator.json(&["keys", "list", "--json"]);
    assert_eq!((&key["alg"], &key["state"]), (&"ES256".into(), &"active".into()));
    let kid = key["kid"].as_str().unwrap();
    assert!(operator.done(&["keys", "revoke", kid]).contains("in its place"));
    assert!(operator.refused(&["keys", "revoke", kid], 1).contains("no such key"));
    assert!(operator.refused(&["keys", "rotate", "--alg", "HS256"], 1).contains("HS256"));
}

/// I3: unknown settings are refused, and `doctor` names each finding with a remedy.
#[test]
fn doctor_names_what_is_wrong() {
    let operator = Operator::new("[servr]\nlisten = \"127.0.0.1:8080\"\n");
    assert!(operator.refused(&["migrate"], 1).contains("servr"));

    let operator = Operator::new("");
    assert!(operator.done(&["doctor"]).contains("All is well"));
    operator.done(&["keys", "rotate", "--at-once"]);
    assert!(operator.done(&["doctor"]).contains("opens with the master key"));

    let closed = {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        socket.local_addr().unwrap().port()
    };
    std::fs::write(operator.path().join("ostiary.toml"), format!("[mail.smtp]\nurl = \"smtp://127.0.0.1:{closed}\"\n"))
        .unwrap();
    std::fs::write(operator.path().join("data/ostiary.key"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let output = operator.run(&["doctor"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("does not open with the master key") && said.contains("the mail server 127.0.0.1"), "{said}");
    assert!(said.matches('→').count() >= 2, "each with what to do: {said}");
}

/// I1: `migrate` may run twice; `version` says what this is.
#[test]
fn small_commands() {
    let operator = Operator::new("");
    assert_eq!(operator.done(&["migrate"]), operator.done(&["migrate"]));
    assert_eq!(operator.done(&["version"]), format!("ostiary {}\n", env!("CARGO_PKG_VERSION")));
}
