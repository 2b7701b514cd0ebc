//! Why, and the policies of an organisation.

use ostiary_app::model::{
    ActivatePoliciesPage, Flash, PoliciesPage, PoliciesProblem, PoliciesTried, PolicyChange, PolicyMistake,
    PolicyVersionRow, WhyAnswer, WhyAsked, WhyPage, WhyProblem, WhySays, WhyStep,
};

use super::{Samples, account::room, text, when};

fn step(says: WhySays, words: &str, small: &str) -> WhyStep {
    WhyStep { says, words: text(words), small: text(small) }
}

pub(super) fn why(samples: &mut Samples) {
    let asked = WhyAsked {
        person: text("p2"),
        action: text("servers:restart"),
        kind: text("server"),
        id: text("node-3"),
        role: String::new(),
    };
    let page = WhyPage {
        room: room(None),
        organization: text("Nordhavn Studio"),
        slug: text("nordhavn"),
        people: vec![(text("p1"), text("Mara Lindqvist")), (text("p2"), text("Tove Ek"))],
        permissions: vec![text("org:read"), text("servers:restart")],
        roles: vec![(text("r1"), text("operator")), (text("r2"), text("viewer"))],
        asked: WhyAsked { person: text("p2"), ..WhyAsked::default() },
        problem: None,
        answer: None,
    };
    samples.add("org-why", page.clone());
    let wrong = WhyAsked { action: text("<restart>"), ..asked.clone() };
    samples.add("org-why-wrong", WhyPage { asked: wrong, problem: Some(WhyProblem::Action), ..page.clone() });
    let allowed = WhyAnswer {
        person: text("Tove Ek"),
        allowed: true,
        steps: vec![
            step(WhySays::Allows, "Role operator allows it", "through maintainer"),
            step(WhySays::Silent, "No grant names it", "there are no grants or denials"),
            step(WhySays::Silent, "No denial names it", ""),
        ],
        because: text("The role gives it, and nothing takes it."),
    };
    samples.add("org-why-allowed", WhyPage { asked: asked.clone(), answer: Some(allowed), ..page.clone() });
    let refused = WhyAnswer {
        person: "Tove".repeat(40),
        allowed: false,
        steps: vec![
            step(WhySays::Allows, "Role operator allows it", ""),
            step(WhySays::Silent, "No grant names it", "one grant or denial looked at"),
            step(
                WhySays::Denies,
                "A denial takes it",
                "servers:* on server node-3, until 2026-12-01T00:00:00Z: “until the disk is replaced <b>”",
            ),
            step(
                WhySays::Denies,
                &format!("Policy {} of this organisation forbids it", "prod".repeat(25)),
                &"Nobody. ".repeat(60),
            ),
        ],
        because: text("A denial always wins. Withdrawing it would change that."),
    };
    samples.add("org-why-refused", WhyPage { asked, answer: Some(refused), ..page });
}

pub(super) fn policies(samples: &mut Samples) {
    let version = |number, comment: &str, is_active| PolicyVersionRow {
        number,
        comment: text(comment),
        by: (number != 1).then(|| text("Mara Lindqvist")),
        made: when("2026-11-21T14:06:00Z", "today 14:06 UTC"),
        is_active,
        activated: (number < 3).then(|| when("2026-11-22T08:00:00Z", "22 November")),
    };
    let page = PoliciesPage {
        room: room(None),
        organization: text("Nordhavn Studio"),
        slug: text("nordhavn"),
        versions: vec![version(3, "Nobody restarts at night", false), version(2, "", true), version(1, "First", false)],
        newest: 3,
        text: text(
            "@id(\"mfa\") @description(\"a < b & c\")\nforbid (principal, action, resource)\nunless { context.mfa };\n",
        ),
        comment: String::new(),
        problems: Vec::new(),
        warnings: Vec::new(),
        tried: None,
    };
    samples.add("org-policies", PoliciesPage { room: room(Some(Flash::PoliciesSaved)), ..page.clone() });
    let none = PoliciesPage { versions: Vec::new(), newest: 0, ..page.clone() };
    samples.add("org-policies-none", none);
    let mistake = |line: usize, message: &str| PolicyMistake {
        place: format!("Line {line}, column 7"),
        policy: Some(text("mfa")),
        message: text(message),
        help: Some(text("did you mean `mfa`?")),
    };
    let problems = vec![
        PoliciesProblem::Mistake(mistake(3, "attribute `mfaa` in context not found")),
        PoliciesProblem::Mistake(mistake(4, &"x".repeat(300))),
        PoliciesProblem::Comment,
    ];
    samples.add("org-policies-wrong", PoliciesPage { problems, comment: "c".repeat(501), ..page.clone() });
    let changed = vec![PoliciesProblem::Changed];
    samples.add("org-policies-changed", PoliciesPage { problems: changed, ..page.clone() });
    let change = |who: &str, allowed| PolicyChange {
        who: text(who),
        action: text("servers:restart"),
        resource: text("on server node-3"),
        when: when("2026-11-21T14:06:00Z", "today 14:06 UTC"),
        allowed,
        policies: text("mfa"),
    };
    let tried = PoliciesTried {
        tried: 87,
        changes: vec![change("Tove Ek", false), change(&"Maralindqvist".repeat(12), true)],
        unused: vec![text("night")],
    };
    let warnings = vec![mistake(2, "this policy never applies")];
    samples.add("org-policies-tried", PoliciesPage { tried: Some(tried), warnings, ..page.clone() });
    let nothing = PoliciesTried { tried: 0, changes: Vec::new(), unused: Vec::new() };
    samples.add("org-policies-tried-none", PoliciesPage { tried: Some(nothing), ..page });
    let confirm = ActivatePoliciesPage {
        organization: text("Nordhavn Studio"),
        slug: text("nordhavn"),
        number: Some(3),
        active: Some(2),
        comment: text("Nobody restarts at night"),
    };
    samples.add("org-policies-activate", confirm.clone());
    samples.add("org-policies-off", ActivatePoliciesPage { number: None, comment: String::new(), ..confirm });
}
