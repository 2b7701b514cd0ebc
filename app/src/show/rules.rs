//! The password policy as pages show it. Its greatest length is not listed: nobody types that far by mistake.

use ostiary::password::{PasswordPolicy, PasswordRule as DomainRule};

use crate::model::{PasswordRule, RuleKind};

/// Every rule, before anything was typed.
pub(crate) fn open_rules(policy: &PasswordPolicy) -> Vec<PasswordRule> {
    policy.rules().into_iter().filter_map(kind).map(PasswordRule::open).collect()
}

/// Every rule, and how what was typed stands to it.
pub(crate) fn judged(policy: &PasswordPolicy, password: &str, email: &str) -> Vec<PasswordRule> {
    let results = policy.evaluate(password, email).into_iter();
    results.filter_map(|result| Some(PasswordRule::judged(kind(result.rule)?, result.met))).collect()
}

fn kind(rule: DomainRule) -> Option<RuleKind> {
    Some(match rule {
        DomainRule::MinLength(n) => RuleKind::MinLength(n.into()),
        DomainRule::MaxLength(_) => return None,
        DomainRule::Upper => RuleKind::Uppercase,
        DomainRule::Lower => RuleKind::Lowercase,
        DomainRule::Digit => RuleKind::Digit,
        DomainRule::Special => RuleKind::Special,
        DomainRule::NotEmail => RuleKind::NotLikeEmail,
        DomainRule::NotCommon => RuleKind::NotCommon,
    })
}
