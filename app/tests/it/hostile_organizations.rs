//! Whatever organisations, roles and their members are called stays text on every page.

use ostiary_app::model::{
    ConfirmHandOverPage, DeleteOrganizationPage, DeleteRolePage, DeletedOrganization, EffectiveRow, EntryRow,
    EntryValues, EventBy, HandOverPage, LeaveOrganizationPage, MatrixGroup, MatrixRow, May, MemberPage, MemberRow,
    MembersPage, NewOrganizationPage, OrganizationActivityPage, OrganizationEvent, OrganizationPage, OrganizationPlace,
    OrganizationRow, OrganizationSettingsPage, OrganizationsPage, Pass, PermissionGroup, Person, RemoveEntryPage,
    RemoveMemberPage, RoleColumn, RolePage, RoleTag, RoleValues, RolesPage, Room, RoomOrganization, SettingsValues,
    SignInRules, Site, When, WhyNot,
};
use ostiary_app::shell::render;

use super::hostile::{HOSTILE, stays_text};

fn text() -> String {
    HOSTILE.to_owned()
}

fn when() -> When {
    When { exact: text(), text: text(), full: text() }
}

fn person() -> Person {
    Person { id: text(), name: text(), email: text() }
}

fn role() -> RoleTag {
    RoleTag::new(text(), HOSTILE, true, false)
}

fn organization() -> RoomOrganization {
    RoomOrganization {
        id: text(),
        name: text(),
        slug: text(),
        is_personal: false,
        role: Some(role()),
        pages: OrganizationPlace::ALL.to_vec(),
    }
}

fn room() -> Room {
    Room { person: person(), organization: Some(organization()), ..Room::default() }
}

fn row() -> MemberRow {
    MemberRow {
        person: person(),
        is_you: false,
        role: text(),
        entries: 1,
        is_active: false,
        joined: when(),
        seen: Some(when()),
    }
}

fn entry() -> EntryRow {
    EntryRow {
        id: text(),
        is_denial: true,
        pattern: text(),
        resource: Some(text()),
        reason: text(),
        by: Some(text()),
        made: when(),
        ends: Some(when()),
        is_over: true,
        may_remove: true,
    }
}

fn groups() -> Vec<PermissionGroup> {
    vec![PermissionGroup { category: text(), permissions: vec![(text(), text())] }]
}

fn lists(site: &Site) -> Vec<String> {
    let mine = OrganizationRow {
        id: text(),
        name: text(),
        slug: text(),
        role: text(),
        is_personal: true,
        is_preferred: false,
        since: when(),
    };
    vec![
        render(
            site,
            OrganizationsPage {
                room: room(),
                search: text(),
                rows: vec![mine],
                is_later: true,
                next: Some(text()),
                deleted: vec![DeletedOrganization { id: text(), name: text(), erase: when() }],
                may_found: true,
            },
        ),
        render(site, NewOrganizationPage { room: room(), name: text(), slug: text(), problems: vec![] }),
        render(
            site,
            OrganizationPage {
                room: room(),
                organization: organization(),
                founded: when(),
                since: Some(when()),
                members: Some((1, 2)),
                own_roles: 1,
                permissions: vec![text()],
                asks_more: true,
                may_leave: true,
            },
        ),
        render(site, LeaveOrganizationPage { organization: organization() }),
        render(
            site,
            MembersPage {
                room: room(),
                organization: organization(),
                total: 1,
                most: 2,
                roles: vec![(role(), 1)],
                search: text(),
                role: text(),
                by_name: true,
                rows: vec![row()],
                is_later: true,
                next: Some(text()),
            },
        ),
        render(
            site,
            OrganizationActivityPage {
                room: room(),
                organization: organization(),
                events: vec![OrganizationEvent {
                    when: when(),
                    what: text(),
                    about: Some(text()),
                    by: EventBy::Person(text()),
                    more: Some(text()),
                }],
                is_later: true,
                next: Some(text()),
            },
        ),
    ]
}

fn member(site: &Site) -> Vec<String> {
    let values = EntryValues {
        is_denial: true,
        permission: text(),
        resource_type: text(),
        resource_id: text(),
        reason: text(),
        ends: text(),
    };
    let effective = EffectiveRow { name: text(), may: May::Denied, because: text(), besides: vec![text()] };
    vec![
        render(
            site,
            MemberPage {
                room: room(),
                organization: organization(),
                member: row(),
                invited_by: Some(text()),
                version: 1,
                role: role(),
                assignable: vec![(role(), text())],
                why_not: WhyNot::Ceiling,
                entries: vec![entry()],
                add: Some(groups()),
                values,
                problems: vec![],
                effective: vec![effective],
                may_remove: true,
            },
        ),
        render(site, RemoveEntryPage { organization: organization(), person: person(), version: 1, entry: entry() }),
        render(site, RemoveMemberPage { organization: organization(), person: person(), version: 1 }),
    ]
}

fn roles(site: &Site) -> Vec<String> {
    let column = RoleColumn {
        role: role(),
        description: text(),
        is_own: true,
        members: Some(1),
        inherits: vec![text()],
        may_edit: true,
    };
    let cells = vec![Pass::Through(text())];
    let matrix = MatrixGroup { category: text(), rows: vec![MatrixRow { name: text(), description: text(), cells }] };
    let values = RoleValues {
        name: text(),
        description: text(),
        permissions: vec![text()],
        inherits: vec![text()],
        assigns: vec![text()],
    };
    vec![
        render(
            site,
            RolesPage {
                room: room(),
                organization: organization(),
                may_make: true,
                columns: vec![column],
                groups: vec![matrix],
            },
        ),
        render(
            site,
            RolePage {
                room: room(),
                organization: organization(),
                role: Some(role()),
                version: 1,
                values,
                groups: groups(),
                others: vec![role()],
                problems: vec![],
            },
        ),
        render(site, DeleteRolePage { organization: organization(), role: role(), version: 1, is_used: true }),
    ]
}

fn settings(site: &Site) -> Vec<String> {
    let values =
        SettingsValues { name: text(), slug: text(), member_invites: true, verified_email: true, max_members: text() };
    let sign_in = SignInRules { require: true, methods: vec![text()], grace: text(), exempt: vec![text()] };
    vec![
        render(
            site,
            OrganizationSettingsPage {
                room: room(),
                organization: organization(),
                version: 1,
                may_write: true,
                may_delete: true,
                may_hand_over: true,
                values,
                sign_in,
                roles: vec![role()],
                problems: vec![],
            },
        ),
        render(
            site,
            HandOverPage {
                room: room(),
                organization: organization(),
                search: text(),
                members: vec![person()],
                has_more: true,
            },
        ),
        render(site, ConfirmHandOverPage { organization: organization(), person: person(), is_own: true }),
        render(
            site,
            DeleteOrganizationPage { organization: organization(), version: 1, typed: text(), problems: vec![] },
        ),
    ]
}

/// Names of organisations, roles, permissions and members stay text wherever they stand.
#[test]
fn hostile_organizations_stay_text() {
    let site = Site::new(HOSTILE, "");
    for html in [lists(&site), member(&site), roles(&site), settings(&site)].concat() {
        stays_text(&html);
    }
}
