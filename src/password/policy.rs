//! Which passwords a person may choose (A2).
//!
//! A [`PasswordPolicy`] is a list of [`PasswordRule`]s in a fixed order. [`PasswordPolicy::check`] names every broken
//! rule at once, [`PasswordPolicy::evaluate`] says of each whether it is met — a page shows that list beside the field.
//! The policy binds new passwords only: nobody is locked out because the rules became stricter.
//!
//! Length counts characters (Unicode scalar values), not bytes: `ñ` typed as one key is one. A password is taken as it
//! was typed; it is neither trimmed nor normalised, because hashes that came from elsewhere were not either.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{common, likeness};

#[cfg(test)]
mod tests;

/// No policy may ask for more characters than this, nor accept more.
const LENGTH_BOUND: u16 = 1024;

/// The rules for new passwords. The default is A2's; [`PasswordPolicy::nist`] is the other ready-made profile.
///
/// In a configuration file, `profile = "nist"` chooses the profile and every other key changes one rule of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicySettings")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent rule, named after its key in the configuration"
)]
pub struct PasswordPolicy {
    /// Fewest characters, 1 to 1024; 8 by default.
    pub min_length: u16,
    /// Most characters, `min_length` to 1024; 128 by default.
    pub max_length: u16,
    /// Ask for an upper-case letter.
    pub require_upper: bool,
    /// Ask for a lower-case letter.
    pub require_lower: bool,
    /// Ask for a digit.
    pub require_digit: bool,
    /// Ask for a character that is neither letter nor digit (a space counts).
    pub require_special: bool,
    /// Refuse what is equal or close to the person's e-mail address.
    pub reject_email: bool,
    /// Refuse what is on the shipped list of common passwords.
    pub reject_common: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            min_length: 8,
            max_length: 128,
            require_upper: true,
            require_lower: true,
            require_digit: true,
            require_special: true,
            reject_email: true,
            reject_common: true,
        }
    }
}

impl PasswordPolicy {
    /// The profile after NIST SP 800-63B-4 §3.1.1.2: length and blocklist, no composition rules.
    ///
    /// Fifteen characters, as it asks for passwords that are a factor by themselves; the blocklist is the shipped list
    /// and what is near to the person's address ("context-specific words").
    pub fn nist() -> Self {
        Self {
            min_length: 15,
            require_upper: false,
            require_lower: false,
            require_digit: false,
            require_special: false,
            ..Self::default()
        }
    }

    /// The rules of this policy, in the order in which they are shown.
    pub fn rules(&self) -> Vec<PasswordRule> {
        let switched = [
            (self.require_upper, PasswordRule::Upper),
            (self.require_lower, PasswordRule::Lower),
            (self.require_digit, PasswordRule::Digit),
            (self.require_special, PasswordRule::Special),
            (self.reject_email, PasswordRule::NotEmail),
            (self.reject_common, PasswordRule::NotCommon),
        ];
        [PasswordRule::MinLength(self.min_length), PasswordRule::MaxLength(self.max_length)]
            .into_iter()
            .chain(switched.into_iter().filter_map(|(on, rule)| on.then_some(rule)))
            .collect()
    }

    /// Says of each rule whether `password` meets it, for the person who has `email` (empty: none known).
    pub fn evaluate(&self, password: &str, email: &str) -> Vec<RuleResult> {
        self.rules().into_iter().map(|rule| RuleResult { rule, met: rule.is_met(password, email) }).collect()
    }

    /// Checks a new password for the person who has `email` (empty: none known).
    ///
    /// # Errors
    /// Every broken rule, in the order of [`PasswordPolicy::rules`].
    pub fn check(&self, password: &str, email: &str) -> Result<(), BrokenRules> {
        let broken: Vec<_> = self.rules().into_iter().filter(|rule| !rule.is_met(password, email)).collect();
        if broken.is_empty() { Ok(()) } else { Err(BrokenRules(broken)) }
    }
}

/// One rule for new passwords. Its text ([`fmt::Display`]) says what to do, to complete "The password needs …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PasswordRule {
    /// At least so many characters.
    MinLength(u16),
    /// At most so many characters.
    MaxLength(u16),
    /// An upper-case letter.
    Upper,
    /// A lower-case letter.
    Lower,
    /// A digit.
    Digit,
    /// A character that is neither letter nor digit.
    Special,
    /// Not equal or close to the e-mail address.
    NotEmail,
    /// Not among common passwords.
    NotCommon,
}

impl PasswordRule {
    /// The stable name of the rule, for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MinLength(_) => "min_length",
            Self::MaxLength(_) => "max_length",
            Self::Upper => "upper",
            Self::Lower => "lower",
            Self::Digit => "digit",
            Self::Special => "special",
            Self::NotEmail => "not_email",
            Self::NotCommon => "not_common",
        }
    }

    /// Tells whether `password` meets this rule, for the person who has `email`.
    fn is_met(self, password: &str, email: &str) -> bool {
        match self {
            Self::MinLength(least) => password.chars().count() >= usize::from(least),
            Self::MaxLength(most) => password.chars().count() <= usize::from(most),
            Self::Upper => password.chars().any(char::is_uppercase),
            Self::Lower => password.chars().any(char::is_lowercase),
            Self::Digit => password.chars().any(char::is_numeric),
            Self::Special => password.chars().any(|c| !c.is_alphanumeric()),
            Self::NotEmail => !likeness::is_close_to_email(password, email),
            Self::NotCommon => !common::is_common(password),
        }
    }
}

impl fmt::Display for PasswordRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MinLength(least) => write!(f, "at least {least} characters"),
            Self::MaxLength(most) => write!(f, "at most {most} characters"),
            Self::Upper => f.write_str("an upper-case letter"),
            Self::Lower => f.write_str("a lower-case letter"),
            Self::Digit => f.write_str("a digit"),
            Self::Special => f.write_str("a character that is neither letter nor digit"),
            Self::NotEmail => f.write_str("to be different from the e-mail address"),
            Self::NotCommon => f.write_str("to be off the list of common passwords"),
        }
    }
}

/// One rule, and whether a password meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleResult {
    /// The rule.
    pub rule: PasswordRule,
    /// Whether it is met.
    pub met: bool,
}

/// Every rule that a password breaks; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct BrokenRules(Vec<PasswordRule>);

impl BrokenRules {
    /// The broken rules, in the order of [`PasswordPolicy::rules`].
    pub fn rules(&self) -> &[PasswordRule] {
        &self.0
    }
}

impl fmt::Display for BrokenRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The password needs ")?;
        let last = self.0.len().saturating_sub(1);
        for (i, rule) in self.0.iter().enumerate() {
            let joint = match i {
                0 => "",
                i if i == last => " and ",
                _ => ", ",
            };
            write!(f, "{joint}{rule}")?;
        }
        f.write_str(".")
    }
}

/// The ready-made sets of rules.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Profile {
    #[default]
    Default,
    Nist,
}

/// What stands in a configuration file: a profile, and the rules that differ from it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PolicySettings {
    profile: Profile,
    min_length: Option<u16>,
    max_length: Option<u16>,
    require_upper: Option<bool>,
    require_lower: Option<bool>,
    require_digit: Option<bool>,
    require_special: Option<bool>,
    reject_email: Option<bool>,
    reject_common: Option<bool>,
}

impl TryFrom<PolicySettings> for PasswordPolicy {
    type Error = PolicyError;

    fn try_from(settings: PolicySettings) -> Result<Self, PolicyError> {
        let base = match settings.profile {
            Profile::Default => Self::default(),
            Profile::Nist => Self::nist(),
        };
        let policy = Self {
            min_length: settings.min_length.unwrap_or(base.min_length),
            max_length: settings.max_length.unwrap_or(base.max_length),
            require_upper: settings.require_upper.unwrap_or(base.require_upper),
            require_lower: settings.require_lower.unwrap_or(base.require_lower),
            require_digit: settings.require_digit.unwrap_or(base.require_digit),
            require_special: settings.require_special.unwrap_or(base.require_special),
            reject_email: settings.reject_email.unwrap_or(base.reject_email),
            reject_common: settings.reject_common.unwrap_or(base.reject_common),
        };
        let in_bounds =
            policy.min_length >= 1 && policy.min_length <= policy.max_length && policy.max_length <= LENGTH_BOUND;
        if in_bounds { Ok(policy) } else { Err(PolicyError) }
    }
}

/// Lengths that no password could meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password lengths must satisfy 1 ≤ min_length ≤ max_length ≤ {LENGTH_BOUND}")]
pub struct PolicyError;
