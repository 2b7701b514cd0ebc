//! The command line, as an operator and a script use it: the real binary on a database of its own.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{EMAIL, PASSWORD};

/// Somebody at the command line, in a directory of their own.
pub struct Operator {
    directory: TempDir,
}

impl Operator {
    pub fn new(settings: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("ostiary.toml"), settings).unwrap();
        Self { directory }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ostiary"));
        command.args(args).current_dir(self.path()).env_remove("OSTIARY__DATABASE__URL");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().unwrap()
    }

    #[track_caller]
    pub fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.done(args)).unwrap()
    }

    /// What is said on standard error by a command that does not succeed.
    #[track_caller]
    pub fn refused(&self, args: &[&str], code: i32) -> String {
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

    let last = operator.refused(&["user", "delete", EMAIL], 1);
    assert!(last.contains("the last administrator cannot be deleted"), "{last}");
    operator.done(&["user", "create", "--email", "bo@nordhavn.example", "--password", PASSWORD]);
    assert!(operator.done(&["user", "delete", "bo@nordhavn.example"]).contains("erased at"));
    assert!(!operator.done(&["user", "list"]).contains("bo@"));
    assert!(operator.refused(&["user", "delete", "bo@nordhavn.example"], 1).contains("no such account"));
    assert!(operator.done(&["user", "restore", "BO@nordhavn.example"]).contains("is there again"));
    assert!(operator.refused(&["user", "restore", "bo@nordhavn.example"], 1).contains("last 30 days"));
    assert!(operator.done(&["user", "list"]).contains("bo@"));

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

/// D11: clients are looked at, changed and turned off by hand.
#[test]
fn clients_are_changed() {
    fn update<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["client", "update", "yard"], more].concat()
    }

    let operator = Operator::new("");
    let uri = "https://blockyard.example/callback";
    let create = ["client", "create", "--id", "yard", "--name", "Blockyard", "--redirect-uri", uri, "--json"];
    let secret = operator.json(&create)["client_secret"].as_str().unwrap().to_owned();
    let shown = operator.json(&["client", "show", "yard", "--json"]);
    assert_eq!((&shown["version"], &shown["enabled"]), (&1.into(), &true.into()));
    assert!(secret.ends_with(shown["secrets"][0]["hint"].as_str().unwrap()));
    let said = operator.done(&["client", "show", "yard"]);
    assert!(said.contains(uri) && !said.contains(&secret), "{said}");

    let other = "https://staging.blockyard.example/callback";
    let changed = operator.json(&update(&["--add-redirect-uri", other, "--set", "first_party=true", "--json"]));
    assert_eq!(
        (&changed["version"], &changed["changed"]),
        (&2.into(), &serde_json::json!(["first_party", "redirect_uris"]))
    );
    assert!(operator.refused(&update(&["--name", "X", "--version", "1"]), 1).contains("meanwhile"));
    assert!(operator.done(&update(&["--set", "first_party=true"])).contains("Nothing to change"));
    operator.done(&update(&["--remove-redirect-uri", other, "--set", "scopes=openid email", "--name", "Yard"]));
    assert!(operator.refused(&update(&["--remove-redirect-uri", other]), 1).contains("no such redirect URI"));
    assert!(operator.refused(&update(&["--set", "first_partyy=true"]), 1).contains("first_partyy is not a setting"));
    assert!(operator.refused(&update(&["--set", "access_token_ttl_secs=1"]), 1).contains("10 seconds"));

    let shown = operator.json(&["client", "show", "yard", "--json"]);
    assert_eq!((&shown["name"], &shown["settings"]["scopes"]), (&"Yard".into(), &"email openid".into()));
    let mut settings = shown["settings"].clone();
    settings["first_party"] = false.into();
    std::fs::write(operator.path().join("settings.json"), settings.to_string()).unwrap();
    let changed = operator.json(&update(&["--set-file", "settings.json", "--json"]));
    assert_eq!(changed["changed"], serde_json::json!(["first_party"]));
    let said = operator.done(&update(&["--set", "auth_method=none"]));
    assert!(!said.contains("new secret"), "{said}");
    assert!(operator.done(&update(&["--set", "auth_method=client_secret_basic"])).contains("needs a new secret"));

    operator.done(&["client", "disable", "yard"]);
    assert!(operator.done(&["client", "list"]).contains("off"));
    operator.done(&["client", "enable", "yard"]);
    assert_eq!(operator.json(&["client", "show", "yard", "--json"])["enabled"], true);
    for command in ["show", "disable", "enable", "update"] {
        assert!(operator.refused(&["client", command, "nobody"], 1).contains("no such client"));
    }
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
