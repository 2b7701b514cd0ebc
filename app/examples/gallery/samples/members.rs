//! Members and roles of an organisation.

use ostiary_app::model::{
    DeleteRolePage, EffectiveRow, EntryRow, EntryValues, Flash, MatrixGroup, MatrixRow, May, MemberPage, MemberRow,
    MembersPage, OrganizationProblem, Pass, PermissionGroup, Person, RemoveEntryPage, RemoveMemberPage, RoleColumn,
    RolePage, RoleTag, RoleValues, RolesPage, When, WhyNot,
};

use super::{Samples, account::room, organizations::organization, person, text, when};

pub(super) fn role(name: &str) -> RoleTag {
    let is_builtin = matches!(name, "owner" | "admin" | "operator" | "viewer");
    RoleTag::new(format!("role-{}", name.replace(' ', "-")), name, is_builtin, name == "owner")
}

pub(super) fn somebody(id: &str, name: &str, email: &str) -> Person {
    Person { id: text(id), name: text(name), email: text(email) }
}

pub(super) fn aiko() -> Person {
    somebody("p-aiko", "Aiko Tanabe", "aiko@nordhavn.example")
}

fn joined() -> When {
    when("2025-01-12T08:00:00Z", "12 January 2025")
}

fn later(text_of: &str) -> When {
    when("2026-12-01T00:00:00Z", text_of)
}

fn row(person: Person, role: &str) -> MemberRow {
    MemberRow {
        person,
        is_you: false,
        role: text(role),
        entries: 0,
        is_active: true,
        joined: joined(),
        seen: Some(when("2026-11-20T18:31:00Z", "yesterday 18:31 UTC")),
    }
}

pub(super) fn members(samples: &mut Samples) {
    let long = somebody("p-long", &"Ifeoma".repeat(20), &format!("{}@nordhavn.example", "ifeoma".repeat(20)));
    let rows = vec![
        MemberRow { is_you: true, seen: Some(when("2026-11-21T14:02:00Z", "just now")), ..row(person(), "Owner") },
        row(somebody("p-tomasz", "Tomasz Wilk", "tomasz@nordhavn.example"), "Admin"),
        MemberRow { entries: 2, ..row(aiko(), "Operator") },
        MemberRow { entries: 1, ..row(somebody("p-ruben", "", "ruben@nordhavn.example"), "Night shift") },
        MemberRow { is_active: false, seen: None, ..row(long, &"Night shift ".repeat(4)) },
    ];
    let page = MembersPage {
        room: room(None),
        organization: organization(),
        total: 8,
        most: 12,
        roles: vec![
            (role("owner"), 1),
            (role("admin"), 2),
            (role("operator"), 2),
            (role("viewer"), 0),
            (role("Night shift"), 3),
        ],
        search: String::new(),
        role: String::new(),
        by_name: false,
        rows,
        is_later: false,
        next: Some(text("m5")),
    };
    samples.add("members", page.clone());
    let found = MembersPage {
        room: room(Some(Flash::MemberRemoved)),
        search: text("a&b \"x\""),
        role: role("Night shift").id,
        by_name: true,
        is_later: true,
        next: None,
        ..page.clone()
    };
    samples.add("members-found", found.clone());
    samples.add("members-none", MembersPage { rows: vec![], is_later: false, ..found });
}

fn entry(is_denial: bool, pattern: &str) -> EntryRow {
    EntryRow {
        id: format!("entry-{is_denial}"),
        is_denial,
        pattern: text(pattern),
        resource: None,
        reason: text("rack move"),
        by: Some(text("Tomasz Wilk")),
        made: when("2026-11-04T08:00:00Z", "4 November"),
        ends: None,
        is_over: false,
        may_remove: true,
    }
}

fn effective(name: &str, may: May, because: &str) -> EffectiveRow {
    EffectiveRow { name: text(name), may, because: text(because), besides: vec![] }
}

fn catalogue() -> Vec<PermissionGroup> {
    let line = |name: &str, words: &str| (text(name), text(words));
    vec![
        PermissionGroup {
            category: text("members"),
            permissions: vec![
                line("members:invite", "Invite people"),
                line("members:read", "See who belongs to the organisation"),
                line("members:remove", "Remove members"),
                line("members:roles", "Make roles, grant and deny permissions"),
            ],
        },
        PermissionGroup {
            category: text("org"),
            permissions: vec![
                line("org:read", "See the organisation"),
                line("org:write", "Change the organisation: name, settings, policies"),
            ],
        },
        PermissionGroup {
            category: text("servers"),
            permissions: vec![
                line("servers:read", "See them run"),
                line("servers:restart", ""),
                line("servers:a-word-that-is-as-long-as-a-word-may-be-in-a-permiss", "Long"),
            ],
        },
    ]
}

pub(super) fn member(samples: &mut Samples) {
    let denial = EntryRow {
        resource: Some(text("server node-3")),
        reason: text("until the disk is replaced"),
        ends: Some(later("1 December 2026, 00:00 UTC")),
        by: None,
        ..entry(true, "servers:restart")
    };
    let over = EntryRow {
        ends: Some(when("2026-11-10T00:00:00Z", "10 November")),
        is_over: true,
        reason: String::new(),
        may_remove: false,
        id: text("entry-over"),
        ..entry(false, "servers:*")
    };
    let assignable = [
        ("admin", "Looks after members"),
        ("operator", "Works with what the organisation runs"),
        ("viewer", ""),
        ("Night shift", "Restarts what falls over"),
    ];
    let page = MemberPage {
        room: room(None),
        organization: organization(),
        member: MemberRow { entries: 3, ..row(aiko(), "Operator") },
        invited_by: Some(text("Mara Lindqvist")),
        version: 4,
        role: role("operator"),
        assignable: assignable.map(|(name, words)| (role(name), text(words))).to_vec(),
        why_not: WhyNot::OnlyOwnership,
        entries: vec![entry(false, "servers:restart"), denial.clone(), over],
        add: Some(catalogue()),
        values: EntryValues::default(),
        problems: vec![],
        effective: vec![
            effective("members:invite", May::No, "Nothing gives it"),
            effective("members:read", May::ByRole, "Role Operator"),
            effective("org:read", May::ByInheritance, "Role Operator, through Viewer"),
            effective("servers:read", May::Denied, "Denied until 1 December 2026, 00:00 UTC"),
            EffectiveRow {
                besides: vec![text("Denied on server node-3 until 1 December 2026, 00:00 UTC")],
                ..effective("servers:restart", May::ByGrant, "Granted")
            },
        ],
        may_remove: true,
    };
    samples.add("member", page.clone());
    samples.add("member-saved", MemberPage { room: room(Some(Flash::EntryAdded)), ..page.clone() });
    let changed = MemberPage { room: room(Some(Flash::SomebodyChanged)), ..page.clone() };
    samples.add("member-changed", changed);
    let refused = MemberPage { problems: vec![OrganizationProblem::RoleRefused], ..page.clone() };
    samples.add("member-role-refused", refused);
    for (name, problem) in [
        ("member-entry-permission", OrganizationProblem::PermissionUnknown),
        ("member-entry-not-yours", OrganizationProblem::NotYours),
        ("member-entry-resource", OrganizationProblem::ResourceTypeMissing),
        ("member-entry-past", OrganizationProblem::DatePast),
        ("member-entry-many", OrganizationProblem::TooManyEntries { most: 100 }),
    ] {
        let values = EntryValues {
            is_denial: true,
            permission: text("servers:*"),
            resource_type: String::new(),
            resource_id: text("node-3"),
            reason: text("a&b \"why\""),
            ends: text("2026-11-01"),
        };
        samples.add(name, MemberPage { values, problems: vec![problem], ..page.clone() });
    }
    for (name, why_not) in [
        ("member-owner", WhyNot::Owner),
        ("member-you", WhyNot::You),
        ("member-not-below", WhyNot::NotBelow),
        ("member-looked-at", WhyNot::Nothing),
    ] {
        let page = MemberPage {
            assignable: vec![],
            why_not,
            entries: vec![],
            add: None,
            may_remove: false,
            invited_by: None,
            member: MemberRow { is_you: why_not == WhyNot::You, ..page.member.clone() },
            ..page.clone()
        };
        samples.add(name, page);
    }
    let withdraw = |entry| RemoveEntryPage { organization: organization(), person: aiko(), version: 4, entry };
    samples.add("member-withdraw-denial", withdraw(denial));
    samples.add("member-withdraw-grant", withdraw(entry(false, "servers:restart")));
    samples.add("member-remove", RemoveMemberPage { organization: organization(), person: aiko(), version: 4 });
}

pub(super) fn roles(samples: &mut Samples) {
    let column = |name: &str, members| RoleColumn {
        role: role(name),
        description: text("Restarts what falls over"),
        is_own: false,
        members: Some(members),
        inherits: vec![],
        may_edit: false,
    };
    let own =
        |name: &str| RoleColumn { is_own: true, inherits: vec![text("Viewer")], may_edit: true, ..column(name, 1) };
    let mut columns =
        vec![column("owner", 1), column("admin", 2), column("operator", 2), column("viewer", 0), own("Night shift")];
    let groups = |columns: usize| {
        catalogue().into_iter().map(move |group| MatrixGroup {
            category: group.category,
            rows: group
                .permissions
                .into_iter()
                .enumerate()
                .map(|(at, (name, description))| MatrixRow {
                    name,
                    description,
                    cells: (0..columns)
                        .map(|column| match (column + at) % 5 {
                            0 | 1 => Pass::Full,
                            4 => Pass::Through(text("Viewer")),
                            _ => Pass::No,
                        })
                        .collect(),
                })
                .collect(),
        })
    };
    let page = RolesPage {
        room: room(None),
        organization: organization(),
        may_make: true,
        groups: groups(5).collect(),
        columns: columns.clone(),
    };
    samples.add("roles", page.clone());
    let built_in = columns.iter().take(4).cloned().map(|column| RoleColumn { members: None, ..column }).collect();
    samples.add(
        "roles-looked-at",
        RolesPage { may_make: false, columns: built_in, groups: groups(4).collect(), ..page.clone() },
    );
    columns.extend(["Billing", "On call", "Guests from other houses"].map(own));
    samples.add(
        "roles-many",
        RolesPage { room: room(Some(Flash::RoleSaved)), columns, groups: groups(8).collect(), ..page },
    );
    let form = RolePage {
        room: room(None),
        organization: organization(),
        role: None,
        version: 0,
        values: RoleValues::default(),
        groups: catalogue(),
        others: ["admin", "operator", "viewer", "Billing"].map(role).to_vec(),
        problems: vec![],
    };
    samples.add("role-new", form.clone());
    let filled = RolePage {
        role: Some(role("Night shift")),
        version: 3,
        values: RoleValues {
            name: text("Night shift"),
            description: text("Restarts what falls over"),
            permissions: vec![text("servers:*"), text("members:read")],
            inherits: vec![role("viewer").id],
            assigns: vec![],
        },
        ..form
    };
    samples.add("role", filled.clone());
    for (name, problem) in [
        ("role-name-taken", OrganizationProblem::RoleNameTaken),
        ("role-ceiling", OrganizationProblem::RoleCeiling),
        ("role-cycle", OrganizationProblem::RoleCycle),
        ("role-too-many", OrganizationProblem::TooManyRoles),
    ] {
        samples.add(name, RolePage { problems: vec![problem], ..filled.clone() });
    }
    let delete = DeleteRolePage { organization: organization(), role: role("Night shift"), version: 3, is_used: false };
    samples.add("role-delete", delete.clone());
    samples.add("role-delete-used", DeleteRolePage { is_used: true, ..delete });
}
