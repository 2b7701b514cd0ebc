//! The calculus alone: no database.

use proptest::prelude::*;

use super::*;
use crate::{clock::Timestamp, id::MemberEntryId};

const WORDS: [&str; 3] = ["servers", "files", "org"];
const ACTIONS: [&str; 3] = ["read", "write", "start"];

fn permissions() -> impl Strategy<Value = Permission> {
    (0..3_usize, 0..3_usize).prop_map(|(word, action)| permission(&format!("{}:{}", WORDS[word], ACTIONS[action])))
}

fn patterns() -> impl Strategy<Value = Pattern> {
    (0..3_usize, 0..4_usize)
        .prop_map(|(word, action)| pattern(&format!("{}:{}", WORDS[word], ACTIONS.get(action).copied().unwrap_or("*"))))
}

fn resources() -> impl Strategy<Value = Option<ResourceRef>> {
    prop_oneof![
        Just(None),
        (0..2_usize, prop::option::of(0..2_usize)).prop_map(|(kind, id)| {
            let id = id.map(|id| ["a", "b"][id]);
            Some(ResourceRef::new(["server", "file"][kind], id).unwrap())
        }),
    ]
}

fn rules() -> impl Strategy<Value = Rule> {
    (any::<u128>(), any::<bool>(), patterns(), resources(), prop::option::of(0_i64..100)).prop_map(
        |(id, is_grant, pattern, resource, end)| Rule {
            id: MemberEntryId::from(uuid::Uuid::from_u128(id)),
            effect: if is_grant { Effect::Grant } else { Effect::Denial },
            pattern,
            resource,
            expires_at: end.map(Timestamp::from_micros),
        },
    )
}

fn effectives() -> impl Strategy<Value = Effective> {
    (prop::collection::vec(patterns(), 0..4), prop::collection::vec(rules(), 0..6)).prop_map(|(implied, rules)| {
        let path = vec![Builtin::Viewer.id()];
        let implied = implied.into_iter().map(|pattern| Implied { pattern, path: path.clone() }).collect();
        Effective { implied, rules }
    })
}

proptest! {
    /// E5: whatever else is there, a denial that applies decides.
    #[test]
    fn a_denial_always_wins(mut effective in effectives(), asked in permissions(), on in resources(), rule in rules()) {
        let denial = Rule { effect: Effect::Denial, pattern: asked.clone().into(), resource: None, expires_at: None, ..rule };
        effective.rules.push(denial.clone());
        let decision = effective.decide(&asked, on.as_ref(), Timestamp::from_micros(50));
        prop_assert!(!decision.is_allowed);
        prop_assert!(decision.denials.contains(&denial.id));
    }

    /// E5: a grant never takes anything away, a denial never gives anything.
    #[test]
    fn grants_only_add_and_denials_only_take(
        before in effectives(), asked in permissions(), on in resources(), rule in rules(),
    ) {
        let now = Timestamp::from_micros(50);
        let mut after = before.clone();
        after.rules.push(rule.clone());
        let (was, is) = (before.decide(&asked, on.as_ref(), now), after.decide(&asked, on.as_ref(), now));
        match rule.effect {
            Effect::Grant => prop_assert!(!was.is_allowed || is.is_allowed),
            Effect::Denial => prop_assert!(was.is_allowed || !is.is_allowed),
        }
    }

    /// E5: what is over counts for nothing.
    #[test]
    fn what_is_over_counts_for_nothing(before in effectives(), asked in permissions(), on in resources(), rule in rules()) {
        let now = Timestamp::from_micros(50);
        let mut after = before.clone();
        after.rules.push(Rule { expires_at: Some(now), ..rule });
        prop_assert_eq!(before.decide(&asked, on.as_ref(), now), after.decide(&asked, on.as_ref(), now));
    }

    /// What tokens carry is what would be decided without a resource, and what is said of one thing concerns no other.
    #[test]
    fn allows_is_decide_without_a_resource(effective in effectives(), asked in permissions()) {
        let now = Timestamp::from_micros(50);
        prop_assert_eq!(effective.allows(&asked, now), effective.decide(&asked, None, now).is_allowed);
        let other = ResourceRef::new("other", Some("x")).unwrap();
        prop_assert_eq!(effective.allows(&asked, now), effective.decide(&asked, Some(&other), now).is_allowed);
    }

    /// E3: what may be passed on is held, everywhere.
    #[test]
    fn what_is_passed_on_is_held(effective in effectives(), wanted in patterns(), asked in permissions()) {
        let now = Timestamp::from_micros(50);
        if effective.may_pass_on(&wanted, now) && wanted.covers(&asked) {
            prop_assert!(effective.allows(&asked, now));
        }
    }
}

/// The words of a decision name what decided.
#[test]
fn a_decision_says_why() {
    let id = |n: u128| MemberEntryId::from(uuid::Uuid::from_u128(n));
    let rule =
        |n, effect, resource| Rule { id: id(n), effect, pattern: pattern("servers:start"), resource, expires_at: None };
    let alpha = ResourceRef::new("server", Some("alpha")).unwrap();
    let beta = ResourceRef::new("server", Some("beta")).unwrap();
    let effective = Effective {
        implied: vec![Implied { pattern: pattern("servers:read"), path: vec![Builtin::Viewer.id()] }],
        rules: vec![rule(1, Effect::Grant, None), rule(2, Effect::Denial, Some(alpha.clone()))],
    };
    let now = Timestamp::from_micros(0);
    let decide = |what: &str, on: Option<&ResourceRef>| effective.decide(&permission(what), on, now);
    assert_eq!(decide("servers:read", None).role_path, [Builtin::Viewer.id()]);
    let denied = decide("servers:start", Some(&alpha));
    assert_eq!((denied.is_allowed, denied.grants, denied.denials), (false, vec![id(1)], vec![id(2)]));
    assert!(decide("servers:start", Some(&beta)).is_allowed);
    assert!(decide("servers:start", None).is_allowed);
    assert!(!decide("servers:stop", None).is_allowed);
}
