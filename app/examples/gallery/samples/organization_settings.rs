//! Settings and activity of an organisation.

use ostiary_app::model::{
    ConfirmHandOverPage, DeleteOrganizationPage, EventBy, Flash, HandOverPage, OrganizationActivityPage,
    OrganizationEvent, OrganizationProblem, OrganizationSettingsPage, Room, RoomOrganization, SettingsValues,
    SignInRules,
};

use super::{
    Samples,
    account::room,
    members::{aiko, role, somebody},
    organizations::organization,
    text, when,
};

pub(super) fn settings(samples: &mut Samples) {
    let page = OrganizationSettingsPage {
        room: room(None),
        organization: organization(),
        version: 7,
        may_write: true,
        may_delete: true,
        may_hand_over: true,
        values: SettingsValues {
            name: text("Nordhavn Studio"),
            slug: text("nordhavn"),
            member_invites: true,
            verified_email: false,
            max_members: text("12"),
        },
        sign_in: SignInRules {
            require: true,
            methods: vec![text("passkey"), text("totp")],
            grace: text("7"),
            exempt: vec![role("viewer").id],
        },
        roles: ["owner", "admin", "operator", "viewer", "Night shift"].map(role).to_vec(),
        problems: vec![],
    };
    samples.add("organization-settings", page.clone());
    let own = RoomOrganization { name: text("Mara Lindqvist"), is_personal: true, ..organization() };
    let personal = OrganizationSettingsPage {
        room: Room { organization: Some(own.clone()), ..room(Some(Flash::OrganizationSaved)) },
        organization: own,
        ..page.clone()
    };
    samples.add("organization-settings-personal", personal);
    for (name, problems) in [
        (
            "organization-settings-wrong",
            vec![OrganizationProblem::NameMissing, OrganizationProblem::MaxMembers { most: 100 }],
        ),
        ("organization-settings-taken", vec![OrganizationProblem::SlugTaken]),
        ("organization-settings-methods", vec![OrganizationProblem::NoMethod]),
        ("organization-settings-grace", vec![OrganizationProblem::Grace { most: 365 }]),
    ] {
        samples.add(name, OrganizationSettingsPage { problems, ..page.clone() });
    }
    let hand_over = HandOverPage {
        room: room(None),
        organization: organization(),
        search: String::new(),
        members: vec![aiko(), somebody("p-ruben", "", "ruben@nordhavn.example")],
        has_more: true,
    };
    samples.add("organization-hand-over", hand_over.clone());
    let nobody = HandOverPage { members: vec![], has_more: false, ..hand_over };
    samples.add("organization-hand-over-none", nobody.clone());
    samples.add("organization-hand-over-not-found", HandOverPage { search: text("a&b \"x\""), ..nobody });
    let confirm = ConfirmHandOverPage { organization: organization(), person: aiko(), is_own: true };
    samples.add("organization-hand-over-confirm", confirm);
    let delete =
        DeleteOrganizationPage { organization: organization(), version: 7, typed: String::new(), problems: vec![] };
    samples.add("organization-delete", delete.clone());
    let wrong = vec![OrganizationProblem::NotConfirmed];
    samples.add("organization-delete-wrong", DeleteOrganizationPage { typed: text("nord"), problems: wrong, ..delete });
}

pub(super) fn activity(samples: &mut Samples) {
    let event = |what: &str, about: Option<&str>, by: EventBy, more: Option<&str>| OrganizationEvent {
        when: when("2026-11-20T18:31:00Z", "yesterday 18:31 UTC"),
        what: text(what),
        about: about.map(text),
        by,
        more: more.map(text),
    };
    let mara = || EventBy::Person(text("Mara Lindqvist"));
    let page = OrganizationActivityPage {
        room: room(None),
        organization: organization(),
        events: vec![
            event("Role changed", Some("Aiko Tanabe"), mara(), Some("from viewer to operator")),
            event("Permission granted", Some("Aiko Tanabe"), mara(), Some("servers:restart")),
            event("Left", Some("Ruben Castellanos"), EventBy::Themselves, None),
            event("Role made", None, EventBy::Operator, Some("Night shift")),
            event("Joined", Some(&"Ifeoma".repeat(30)), EventBy::House, None),
            event("Organisation founded", Some("Mara Lindqvist"), EventBy::Gone, Some("nordhavn")),
        ],
        is_later: false,
        next: Some(text("a6")),
    };
    samples.add("organization-activity", page.clone());
    samples.add(
        "organization-activity-later",
        OrganizationActivityPage { events: vec![], is_later: true, next: None, ..page },
    );
}
