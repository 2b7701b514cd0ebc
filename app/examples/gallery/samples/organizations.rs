//! Organisations and what is done in them.

use ostiary_app::model::{
    DeletedOrganization, Flash, LeaveOrganizationPage, NewOrganizationPage, OrganizationPage, OrganizationPlace,
    OrganizationProblem, OrganizationRow, OrganizationsPage, RoleTag, Room, RoomOrganization,
};

use super::{Samples, account::room, text, when};

/// The organisation of the samples, as its owner sees it.
pub(super) fn organization() -> RoomOrganization {
    RoomOrganization {
        id: text("0198a7f2-c1d2-7e6c-9b6b-6a1f0c2d3e4f"),
        name: text("Nordhavn Studio"),
        slug: text("nordhavn"),
        is_personal: false,
        role: Some(RoleTag::new(text("r1"), "owner", true, true)),
        pages: OrganizationPlace::ALL.to_vec(),
    }
}

/// The same as a member sees it who may only look.
fn looked_at() -> RoomOrganization {
    RoomOrganization {
        role: Some(RoleTag::new(text("r5"), "Night shift", false, false)),
        pages: vec![OrganizationPlace::Overview, OrganizationPlace::Members, OrganizationPlace::Roles],
        ..organization()
    }
}

fn row(id: &str, name: &str, slug: &str, role: &str) -> OrganizationRow {
    OrganizationRow {
        id: text(id),
        name: text(name),
        slug: text(slug),
        role: text(role),
        is_personal: false,
        is_preferred: false,
        since: when("2026-02-14T08:00:00Z", "14 February"),
    }
}

fn later() -> ostiary_app::model::When {
    when("2026-12-28T14:02:00Z", "28 December 2026, 14:02 UTC")
}

pub(super) fn organizations(samples: &mut Samples) {
    let rows = vec![
        OrganizationRow { is_personal: true, ..row("o3", "Mara Lindqvist", "mara", "Owner") },
        OrganizationRow { is_preferred: true, ..row("o1", "Nordhavn Studio", "nordhavn", "Owner") },
        row("o2", &"Fjord Rowing Club ".repeat(8), &"fjord-".repeat(15), "Night shift"),
    ];
    let page = OrganizationsPage { room: room(None), rows, may_found: true, ..OrganizationsPage::default() };
    samples.add("organizations", page.clone());
    let gone = DeletedOrganization { id: text("o4"), name: text("Old Harbour Works"), erase: later() };
    let deleted = OrganizationsPage {
        room: room(Some(Flash::OrganizationDeleted)),
        deleted: vec![gone],
        next: Some(text("o2")),
        ..page
    };
    samples.add("organizations-deleted", deleted);
    let alone = Room { organization: None, ..room(None) };
    let none = OrganizationsPage { room: alone.clone(), ..OrganizationsPage::default() };
    samples.add("organizations-none", OrganizationsPage { may_found: true, ..none.clone() });
    samples.add("organizations-searched", OrganizationsPage { search: text("a&b \"wiki\""), ..none });
    samples.add("organization-new", NewOrganizationPage { room: alone.clone(), ..NewOrganizationPage::default() });
    for (name, problems) in [
        ("organization-new-wrong", vec![OrganizationProblem::NameMissing, OrganizationProblem::SlugUnfit]),
        ("organization-new-taken", vec![OrganizationProblem::SlugTaken]),
        ("organization-new-many", vec![OrganizationProblem::TooManyOwned { most: 20 }]),
    ] {
        let page =
            NewOrganizationPage { room: alone.clone(), name: text("Nordhavn Studio"), slug: text("-nord"), problems };
        samples.add(name, page);
    }
    let page = OrganizationPage {
        room: room(None),
        organization: organization(),
        founded: when("2026-02-14T08:00:00Z", "14 February"),
        since: Some(when("2026-02-14T08:00:00Z", "14 February")),
        members: Some((8, 12)),
        own_roles: 1,
        permissions: ["members:invite", "members:read", "members:remove", "members:roles", "org:read", "org:write"]
            .map(text)
            .to_vec(),
        asks_more: true,
        may_leave: false,
    };
    samples.add("organization", page.clone());
    let member = OrganizationPage {
        room: Room { organization: Some(looked_at()), ..room(None) },
        organization: looked_at(),
        members: None,
        permissions: vec![],
        may_leave: true,
        ..page.clone()
    };
    samples.add("organization-member", member);
    let own = RoomOrganization { name: text("Mara Lindqvist"), is_personal: true, ..organization() };
    let personal = OrganizationPage {
        room: Room { organization: Some(own.clone()), ..room(None) },
        organization: own,
        members: Some((1, 10)),
        own_roles: 0,
        asks_more: false,
        ..page
    };
    samples.add("organization-personal", personal);
    samples.add("organization-leave", LeaveOrganizationPage { organization: looked_at() });
}
