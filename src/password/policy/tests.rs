//! Tests of the password policy.

use proptest::prelude::*;

use super::*;

fn broken(policy: &PasswordPolicy, password: &str) -> Vec<PasswordRule> {
    policy.check(password, "anna.berg@example.org").err().map(|broken| broken.0).unwrap_or_default()
}

/// A2: each default rule, alone and at its edge.
#[test]
fn default_rules_at_their_edges() {
    use PasswordRule::*;
    let policy = PasswordPolicy::default();
    let longest = format!("aA1!{}", "x".repeat(124));
    let too_long = format!("{longest}x");
    for (password, expected) in [
        ("kT4!kT4!", vec![]),
        ("kT4!kT4", vec![MinLength(8)]),
        (longest.as_str(), vec![]),
        (too_long.as_str(), vec![MaxLength(128)]),
        ("kt4!kt4!", vec![Upper]),
        ("KT4!KT4!", vec![Lower]),
        ("kTq!kTq!", vec![Digit]),
        ("kT4qkT4q", vec![Special]),
        ("kT4 kT4 ", vec![]),
        ("Anna.Berg1", vec![NotEmail]),
        ("Password1!", vec![NotCommon]),
    ] {
        assert_eq!(broken(&policy, password), expected, "{password}");
    }
}

/// A2: "Every broken rule is named at once", in a stable order.
#[test]
fn every_broken_rule_is_named() {
    use PasswordRule::*;
    let policy = PasswordPolicy::default();
    assert_eq!(broken(&policy, ""), [MinLength(8), Upper, Lower, Digit, Special]);
    assert_eq!(broken(&policy, "dragon"), [MinLength(8), Upper, Digit, Special, NotCommon]);
    let all = [MinLength(8), MaxLength(128), Upper, Lower, Digit, Special, NotEmail, NotCommon];
    assert_eq!(policy.rules(), all);
    let shown = policy.evaluate("dragon", "");
    assert_eq!(shown.iter().map(|result| result.rule).collect::<Vec<_>>(), all);
    assert_eq!(
        shown.iter().map(|result| result.met).collect::<Vec<_>>(),
        [false, true, false, true, false, false, true, false]
    );
    let text = policy.check("zqxkv", "").unwrap_err().to_string();
    assert_eq!(
        text,
        "The password needs at least 8 characters, an upper-case letter, a digit and a character that is neither letter nor digit."
    );
}

/// A2: length counts characters, not bytes.
#[test]
fn length_counts_characters() {
    let policy = PasswordPolicy::default();
    assert_eq!(broken(&policy, "Äö1!ñé🦀"), [PasswordRule::MinLength(8)]);
    assert_eq!(broken(&policy, "Äö1!ñé🦀é"), []);
    let longest = format!("aA1!{}", "🦀".repeat(124));
    assert_eq!(broken(&policy, &longest), []);
}

/// A2: the NIST profile has length and blocklist only.
#[test]
fn nist_profile() {
    let policy = PasswordPolicy::nist();
    assert_eq!(broken(&policy, "correct horse battery"), []);
    assert_eq!(broken(&policy, "fourteen chars"), [PasswordRule::MinLength(15)]);
    let short = PasswordPolicy { min_length: 8, ..PasswordPolicy::nist() };
    assert_eq!(broken(&short, "sunshine"), [PasswordRule::NotCommon]);
    assert_eq!(broken(&short, "annaberg"), [PasswordRule::NotEmail]);
}

/// A2 "Configurable": a profile, single rules on top of it, and nothing unknown or impossible.
#[test]
fn read_from_configuration() {
    let read = |json: &str| serde_json::from_str::<PasswordPolicy>(json);
    assert_eq!(read("{}").unwrap(), PasswordPolicy::default());
    assert_eq!(read(r#"{"profile":"nist"}"#).unwrap(), PasswordPolicy::nist());
    let mixed = read(r#"{"profile":"nist","min_length":10,"require_digit":true}"#).unwrap();
    assert_eq!(mixed, PasswordPolicy { min_length: 10, require_digit: true, ..PasswordPolicy::nist() });
    for refused in [
        r#"{"min_lenght":9}"#,
        r#"{"profile":"strong"}"#,
        r#"{"min_length":0}"#,
        r#"{"min_length":200}"#,
        r#"{"max_length":1025}"#,
        r#"{"min_length":-1}"#,
    ] {
        assert!(read(refused).is_err(), "{refused}");
    }
    let policy = PasswordPolicy::nist();
    assert_eq!(read(&serde_json::to_string(&policy).unwrap()).unwrap(), policy);
}

proptest! {
    /// A2: no text makes the check panic, and `check` and `evaluate` agree.
    #[test]
    fn any_text_is_judged(password in any::<String>(), email in any::<String>()) {
        let policy = PasswordPolicy::default();
        let unmet: Vec<_> =
            policy.evaluate(&password, &email).into_iter().filter(|result| !result.met).map(|result| result.rule).collect();
        let broken = policy.check(&password, &email).err().map(|broken| broken.0).unwrap_or_default();
        prop_assert_eq!(unmet, broken);
    }
}
