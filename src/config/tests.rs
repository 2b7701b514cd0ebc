//! I3: three sources in order, unknown keys refused, problems named.

use super::*;

fn from_toml(text: &str) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ostiary.toml");
    std::fs::write(&path, text).unwrap();
    Config::load(Some(&path), &Overrides::default())
}

/// I3
#[test]
fn unknown_keys_refuse_to_start() {
    let error = from_toml("[server]\nlisten_on = \"127.0.0.1:1\"\n").unwrap_err().to_string();
    assert!(error.contains("listen_on"), "{error}");
    assert!(from_toml("[serverr]\n").is_err());
}

/// I3
#[test]
fn flags_outweigh_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ostiary.toml");
    std::fs::write(&path, "[server]\nlisten = \"127.0.0.1:1\"\n[lockout]\npause = \"3m\"\n").unwrap();
    let overrides = Overrides { listen: Some(([127, 0, 0, 1], 2).into()), ..Overrides::default() };
    let config = Config::load(Some(&path), &overrides).unwrap();
    assert_eq!(config.server.listen.port(), 2);
    assert_eq!(config.lockout.pause.as_secs(), 180);
}

/// D1: the issuer is the public URL, may have a path, has no query.
#[test]
fn the_issuer_is_checked() {
    let config = from_toml("[server]\npublic_url = \"https://id.example/door/\"\n").unwrap();
    assert_eq!(config.issuer(), "https://id.example/door");
    assert_eq!(config.base_path(), "/door");
    assert!(config.is_https());
    for bad in ["https://id.example/?a=b", "http://id.example", "ftp://id.example", "https://u@id.example"] {
        assert!(from_toml(&format!("[server]\npublic_url = \"{bad}\"\n")).is_err(), "{bad}");
    }
}

/// I3: nothing secret is shown.
#[test]
fn debug_hides_secrets() {
    let config =
        from_toml("[database]\nurl = \"postgres://u:hunter2@localhost/x\"\n[secrets]\nmaster_key = \"hunter3\"\n");
    let shown = format!("{:?}", config.unwrap());
    assert!(!shown.contains("hunter"), "{shown}");
}

/// B1: passkeys belong to our host or a domain above it, and related origins are origins.
#[test]
fn passkeys_belong_to_our_domain() {
    let at = |rest: &str| from_toml(&format!("[server]\npublic_url = \"https://id.example.org/door\"\n{rest}"));
    for good in ["id.example.org", "example.org"] {
        assert!(at(&format!("[passkeys]\nrp_id = \"{good}\"\n")).is_ok(), "{good}");
    }
    for bad in ["", "other.org", "d.example.org", "ample.org", ".org", "https://id.example.org"] {
        let error = at(&format!("[passkeys]\nrp_id = \"{bad}\"\n")).unwrap_err().to_string();
        assert!(error.contains("passkeys.rp_id"), "{bad}: {error}");
    }
    assert!(at("[passkeys]\nrelated_origins = [\"https://example.net\", \"https://example.com:8443\"]\n").is_ok());
    for bad in ["http://example.net", "https://example.net/door", "https://example.net/?a"] {
        assert!(at(&format!("[passkeys]\nrelated_origins = [\"{bad}\"]\n")).is_err(), "{bad}");
    }
}
