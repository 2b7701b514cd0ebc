//! Who wins: forbid over permit, a denial over every permit, the instance over its organisations.

use proptest::prelude::*;

use super::*;

const PERMIT: &str = "@id(\"all\") permit (principal, action, resource);";
const FORBID: &str = "@id(\"none\") forbid (principal, action, resource);";

fn decided(instance: &str, organization: &str, question: &Question) -> (bool, Because) {
    let policies = Policies {
        instance: (!instance.is_empty()).then(|| sound(instance)),
        organization: (!organization.is_empty()).then(|| (super::organization(1), sound(organization))),
    };
    let ruling = policies.decide(question).unwrap();
    (ruling.allowed, ruling.because)
}

/// E8: the whole table.
#[test]
fn the_first_that_is_so_decides() {
    use Because::*;
    use Verdict::{Allowed, Denied, Silent};
    for (instance, organization, verdict, expected) in [
        ("", "", Allowed, (true, Standing)),
        ("", "", Silent, (false, Nothing)),
        ("", "", Denied, (false, Denial)),
        (PERMIT, "", Silent, (true, InstancePermits)),
        ("", PERMIT, Silent, (true, OrganizationPermits)),
        (PERMIT, PERMIT, Silent, (true, InstancePermits)),
        (PERMIT, PERMIT, Allowed, (true, Standing)),
        (PERMIT, PERMIT, Denied, (false, Denial)),
        (FORBID, PERMIT, Allowed, (false, InstanceForbids)),
        (PERMIT, FORBID, Allowed, (false, OrganizationForbids)),
        (FORBID, FORBID, Denied, (false, InstanceForbids)),
    ] {
        assert_eq!(
            decided(instance, organization, &question(verdict)),
            expected,
            "{instance} {organization} {verdict:?}"
        );
    }
}

/// E8: what belongs to another organisation is reached by neither role nor policy of this one.
#[test]
fn nothing_here_reaches_another_organisations_resources() {
    let mut foreign = question(Verdict::Allowed);
    foreign.resource.is_foreign = true;
    assert_eq!(decided("", "", &foreign), (false, Because::Foreign));
    assert_eq!(decided("", PERMIT, &foreign), (false, Because::Foreign));
    assert_eq!(decided(PERMIT, "", &foreign), (true, Because::InstancePermits));
    assert_eq!(decided("", FORBID, &foreign), (false, Because::OrganizationForbids));
}

/// E8: a `forbid` that cannot be evaluated forbids, a `permit` that cannot does not permit; both are named.
#[test]
fn what_cannot_be_evaluated_counts_against() {
    let overflowing = |effect: &str| {
        format!(
            "@id(\"broken\") @description(\"Too much\") {effect} (principal, action, resource)\n\
             when {{ resource.number.hasTag(\"n\") && resource.number.getTag(\"n\") + 1 > 0 }};"
        )
    };
    let mut question = question(Verdict::Allowed);
    question.resource.properties = properties(&serde_json::json!({ "n": i64::MAX }));
    let ruling = of_instance(&overflowing("forbid")).decide(&question).unwrap();
    assert_eq!((ruling.allowed, ruling.because), (false, Because::InstanceForbids));
    assert_eq!(ruling.instance.failed[0].policy.id, "broken");
    assert!(ruling.instance.failed[0].message.contains("overflow"), "{:?}", ruling.instance);

    question.standing.verdict = Verdict::Silent;
    let ruling = of_instance(&overflowing("permit")).decide(&question).unwrap();
    assert_eq!((ruling.allowed, ruling.because), (false, Because::Nothing));
    assert_eq!(ruling.instance.failed.len(), 1);

    // A failed forbid wins over a permit that applies.
    let both = format!("{PERMIT}\n{}", overflowing("forbid"));
    let ruling = of_instance(&both).decide(&question).unwrap();
    assert_eq!((ruling.allowed, ruling.because), (false, Because::InstanceForbids));
    assert!(!ruling.instance.permits());
}

/// E8: the answer names the policies that decided, by what they are called.
#[test]
fn the_answer_names_policies() {
    let text = "@id(\"b\") permit (principal, action, resource);\n@id(\"a\") permit (principal, action, resource);\n\
                @id(\"other\") permit (principal, action == Ostiary::Action::\"org:read\", resource);";
    let ruling = of_instance(text).decide(&question(Verdict::Silent)).unwrap();
    let named: Vec<_> = ruling.instance.permits.iter().map(|name| name.id.as_str()).collect();
    assert_eq!(named, ["b", "a"], "in the order of the text");
}

/// A policy of a few shapes, some of which apply to the question, and whether it does and which way.
fn policy() -> impl Strategy<Value = (bool, bool, String)> {
    let scopes = prop::sample::select(vec![
        ("principal, action, resource", true),
        ("principal, action == Ostiary::Action::\"servers:restart\", resource", true),
        ("principal, action in Ostiary::Action::\"servers:*\", resource", true),
        ("principal, action == Ostiary::Action::\"org:read\", resource", false),
        ("principal in Ostiary::Role::\"r-viewer\", action, resource", true),
        ("principal in Ostiary::Role::\"r-owner\", action, resource", false),
    ]);
    let conditions = prop::sample::select(vec![
        ("when { context.mfa }", true),
        ("unless { context.hour < 6 }", true),
        ("when { resource.type == \"invoice\" }", false),
        ("", true),
    ]);
    (any::<bool>(), scopes, conditions).prop_map(|(forbids, (scope, here), (condition, holds))| {
        let effect = if forbids { "forbid" } else { "permit" };
        (forbids, here && holds, format!("{effect} ({scope}) {condition};"))
    })
}

fn policies() -> impl Strategy<Value = Vec<(bool, bool, String)>> {
    prop::collection::vec(policy(), 0..5)
}

fn text(policies: &[(bool, bool, String)]) -> Arc<Compiled> {
    let texts = policies.iter().enumerate().map(|(n, (_, _, text))| format!("@id(\"{n}\") {text}\n"));
    Arc::new(compile(&texts.collect::<String>()).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// E8: the answer is what the rules say, whatever the policies; above all, a forbid wins wherever it stands, no
    /// permit overrules a denial, and an organisation's policies count for nothing elsewhere.
    #[test]
    fn the_rules_hold(
        instance in policies(),
        organization in policies(),
        elsewhere in any::<bool>(),
        foreign in any::<bool>(),
        verdict in prop::sample::select(vec![Verdict::Allowed, Verdict::Silent, Verdict::Denied]),
    ) {
        let mut question = question(verdict);
        question.resource.is_foreign = foreign;
        let of = super::organization(if elsewhere { 2 } else { 1 });
        let asked = Policies { instance: Some(text(&instance)), organization: Some((of, text(&organization))) };
        let ruling = asked.decide(&question).unwrap();

        let applies = |policies: &[(bool, bool, String)], which: bool| {
            policies.iter().any(|(forbids, applies, _)| *applies && *forbids == which)
        };
        let forbidden = applies(&instance, true) || (!elsewhere && applies(&organization, true));
        let permitted = applies(&instance, false) || (!elsewhere && !foreign && applies(&organization, false));
        let given = verdict == Verdict::Allowed && !foreign;
        let expected = !forbidden && verdict != Verdict::Denied && (given || permitted);
        prop_assert_eq!(ruling.allowed, expected, "{:?}", ruling);

        if elsewhere {
            let without = Policies { instance: asked.instance, organization: None };
            prop_assert_eq!(without.decide(&question).unwrap(), ruling);
        }
    }
}
