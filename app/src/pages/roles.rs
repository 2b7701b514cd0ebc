//! The roles of an organisation: the table of what each may do, and one of them.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong, head};
use crate::components::{
    Button, ButtonLink, Checks, Crumb, Door, ErrorSummary, Field, Hidden, Icon, Kind, Place, Sign, below, door, room,
};
use crate::model::{
    DeleteRolePage, MatrixGroup, OrganizationPlace, Pass, PermissionGroup, RoleColumn, RolePage, RoleTag, RolesPage,
    RoomOrganization, Site, capital, words_for,
};

const HERE: Place = Place::Organization(OrganizationPlace::Roles);

/// How many have a role, in words.
fn people(members: u64) -> String {
    match members {
        0 => "nobody".to_owned(),
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    }
}

impl Page for RolesPage {
    fn title(&self, site: &Site) -> String {
        format!("Roles · {} · {}", self.organization.name, site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let at = self.organization;
        let make = self.may_make.then(|| {
            let href = site.to(&at.below("/roles/new"));
            view! { <ButtonLink href kind=Kind::Primary><Icon sign=Sign::Plus/>"New role"</ButtonLink> }
        });
        let top = view! {
            <div class="flex flex-wrap items-start justify-between gap-x-6 gap-y-3.5">
                <div class="grid gap-1.5 max-w-[62ch] min-w-0">
                    <h1>"Roles"</h1>
                    <p class="text-ink-2 wrap-anywhere">
                        {format!("What each role may do in {}. The built-in ones stay as they are; its own can be shaped.", at.name)}
                    </p>
                </div>
                {make}
            </div>
        };
        let own = own(site, &at, &self.columns);
        let body = view! { {legend()} {matrix(self.columns, self.groups)} {own} };
        room(site, self.room, HERE, top.into_any(), body.into_any())
    }
}

fn legend() -> impl IntoView {
    let signs = [
        ("pass full", "Given by the role"),
        ("pass through", "Comes through another role"),
        ("pass none", "Not given"),
    ];
    let signs = signs.map(|(class, words)| {
        view! { <li class="flex items-center gap-2"><span class=class></span>{words}</li> }
    });
    view! { <ul class="flex flex-wrap gap-x-5.5 gap-y-1.5 text-xs text-ink-2" aria-hidden="true">{signs.collect_view()}</ul> }
}

fn matrix(columns: Vec<RoleColumn>, groups: Vec<MatrixGroup>) -> AnyView {
    let count = columns.len();
    let own = columns.iter().map(|column| column.is_own).collect::<Vec<_>>();
    let heads = columns.into_iter().map(|column| {
        let members = column.members.map(|members| view! { <small>{people(members)}</small> });
        view! { <th scope="col" class=column.is_own.then_some("own")>{column.role.name}{members}</th> }
    });
    let heads = heads.collect_view();
    let bodies = groups.into_iter().map(|group| {
        let rows = group.rows.into_iter().map(|row| {
            let said =
                (!row.description.is_empty()).then(|| view! { <span class="said text-ink-3">{row.description}</span> });
            let cells = row.cells.into_iter().zip(&own).map(|(pass, is_own)| {
                let (class, words) = match pass {
                    Pass::Full => ("pass full", "Yes".to_owned()),
                    Pass::Through(role) => ("pass through", format!("Yes, through {role}")),
                    Pass::No => ("pass none", "No".to_owned()),
                };
                view! {
                    <td class=is_own.then_some("own")>
                        <span class=class aria-hidden="true"></span>
                        <span class="sr-only">{words}</span>
                    </td>
                }
            });
            view! { <tr><th scope="row"><code>{row.name}</code>{said}</th>{cells.collect_view()}</tr> }
        });
        let empty = own.iter().map(|is_own| view! { <td class=is_own.then_some("own")></td> }).collect_view();
        view! {
            <tbody>
                <tr class="cat"><th scope="rowgroup">{capital(&group.category)}</th>{empty}</tr>
                {rows.collect_view()}
            </tbody>
        }
    });
    let bodies = bodies.collect_view();
    let wide = if count > 6 { "matrix min-w-[960px] max-row:min-w-[560px]" } else { "matrix" };
    view! {
        <div class="relative overflow-x-auto border border-line rounded-lg" role="region" aria-label="Permissions by role" tabindex="0">
            <table class=wide>
                <caption class="sr-only">"Permissions by role"</caption>
                <thead><tr><th scope="col">"Permission"</th>{heads}</tr></thead>
                {bodies}
            </table>
        </div>
    }
    .into_any()
}

/// The roles that belong to the organisation, and the ways to change them.
fn own(site: &Site, at: &RoomOrganization, columns: &[RoleColumn]) -> AnyView {
    let rows = columns.iter().filter(|column| column.is_own).map(|column| {
        let path = at.below(&format!("/roles/{}", column.role.id));
        let inherits = (!column.inherits.is_empty()).then(|| format!("built on {}", column.inherits.join(", ")));
        let small = [column.members.map(people), inherits, Some(column.description.clone())];
        let small = small.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        let ways = column.may_edit.then(|| {
            let (edit, delete) = (site.to(&path), site.to(&format!("{path}/delete")));
            let labels = (format!("Edit {}", column.role.name), format!("Delete {}", column.role.name));
            view! {
                <div class="flex gap-1 max-row:w-full max-row:*:flex-1 max-row:[--b:var(--color-rim)]">
                    <ButtonLink href=edit kind=Kind::Quiet label=labels.0>"Edit"</ButtonLink>
                    <ButtonLink href=delete kind=Kind::QuietClay label=labels.1>"Delete"</ButtonLink>
                </div>
            }
        });
        view! {
            <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 px-4.5 py-3">
                <div class="min-w-0 flex-[1_1_220px] leading-snug wrap-anywhere">
                    <p class="font-semibold">{column.role.name.clone()}</p>
                    <p class="text-ink-3 text-xs">{small}</p>
                </div>
                {ways}
            </li>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    let list = if rows.is_empty() {
        view! {
            <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">
                "None yet. A role of its own says exactly what a group of people needs, and nothing more."
            </p>
        }
        .into_any()
    } else {
        view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows}</ul> }.into_any()
    };
    view! {
        <section class="grid gap-3.5" aria-labelledby="own">
            <h2 id="own">"Roles of its own"</h2>
            {list}
        </section>
    }
    .into_any()
}

impl Page for RolePage {
    fn title(&self, site: &Site) -> String {
        let name = self.role.as_ref().map_or("New role", |role| &role.name);
        format!("{name} · {} · {}", self.organization.name, site.name())
    }

    fn failed(&self) -> bool {
        !self.problems.is_empty()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let back = site.to(&self.organization.path(OrganizationPlace::Roles));
        let name = self.role.as_ref().map_or("New role", |role| &role.name).to_owned();
        let top = view! {
            <div class="grid gap-2.5">
                <Crumb href=back.clone() above="Roles" here=name.clone()/>
                <h1>{name}</h1>
            </div>
        };
        let focus = first_wrong(&self.problems);
        let error = |field| words_for(&self.problems, field);
        let save = if self.role.is_some() { "Save role" } else { "Make role" };
        let title = if self.role.is_some() { "The role is not changed yet" } else { "The role is not made yet" };
        let others = |ticked: &[String]| {
            let option = |role: &RoleTag| (role.id.clone(), role.name.clone(), ticked.contains(&role.id));
            self.others.iter().map(option).collect::<Vec<_>>()
        };
        let (inherits, assigns) = (others(&self.values.inherits), others(&self.values.assigns));
        let permissions = permissions(&self.groups, &self.values.permissions, error("permissions"), focus);
        let body = view! {
            <ErrorSummary title problems=self.problems.clone()/>
            <form class="grid gap-6" method="post" action=site.to("/do/save-role")>
                <Hidden name="organization" value=self.organization.id.clone()/>
                <Hidden name="role" value=self.role.as_ref().map(|role| role.id.clone()).unwrap_or_default()/>
                <Hidden name="version" value=self.version.to_string()/>
                <div class="grid gap-4 max-w-[62ch]">
                    <Field
                        id="role_name"
                        label="Name"
                        autocomplete="off"
                        maxlength=50
                        value=self.values.name.clone()
                        hint=Some("Stands in lists, and in tokens.".to_owned())
                        error=error("role_name")
                        autofocus=focus == Some("role_name")
                    />
                    <Field
                        id="description"
                        label="Description"
                        autocomplete="off"
                        optional=true
                        maxlength=300
                        value=self.values.description.clone()
                        hint=Some("What it is for.".to_owned())
                        error=error("description")
                        autofocus=focus == Some("description")
                    />
                </div>
                {permissions}
                <Checks
                    id="inherits"
                    label="Inherits"
                    options=inherits
                    hint=Some("It may also do whatever these may, now and later.".to_owned())
                    error=error("inherits")
                    autofocus=focus == Some("inherits")
                />
                <Checks
                    id="assigns"
                    label="May assign"
                    options=assigns
                    hint=Some("Whoever has this role may give these to others, and take them.".to_owned())
                />
                <div class="pair max-w-[62ch]">
                    <ButtonLink href=back>"Cancel"</ButtonLink>
                    <Button kind=Kind::Primary>{save}</Button>
                </div>
            </form>
        };
        room(site, self.room, HERE, top.into_any(), body.into_any())
    }
}

/// Every permission as a box, by category, with one for all of each.
fn permissions(
    groups: &[PermissionGroup],
    ticked: &[String],
    error: Option<String>,
    focus: Option<&'static str>,
) -> AnyView {
    let invalid = error.is_some().then_some("true");
    let (line, described) = below("permissions", None, error);
    let mut is_first = focus == Some("permissions");
    let mut tick = |value: String, words: AnyView| {
        let checked = ticked.contains(&value);
        let autofocus = std::mem::take(&mut is_first);
        view! {
            <label class="flex items-start gap-2.5 py-2 cursor-pointer text-sm">
                <input type="checkbox" name="permissions" value=value autocomplete="off" checked=checked aria-invalid=invalid autofocus=autofocus/>
                <span class="min-w-0 wrap-anywhere">{words}</span>
            </label>
        }
        .into_any()
    };
    let groups = groups.iter().map(|group| {
        let all = tick(group.all(), view! { <code>{group.all()}</code> <small class="block text-ink-3 text-xs">"All of it, and what is added later"</small> }.into_any());
        let each = group.permissions.iter().map(|(name, words)| {
            let words = view! { <code>{name.clone()}</code> <small class="block text-ink-3 text-xs">{words.clone()}</small> };
            tick(name.clone(), words.into_any())
        });
        let each = each.collect::<Vec<_>>();
        view! {
            <fieldset class="px-5.5 py-4 max-row:px-4.5 border border-line rounded-lg">
                <legend class="px-1.5 -ms-1.5 text-sm">{capital(&group.category)}</legend>
                <div class="grid grid-cols-[repeat(auto-fill,minmax(min(230px,100%),1fr))] gap-x-5">{all}{each}</div>
            </fieldset>
        }
    });
    let groups = groups.collect::<Vec<_>>();
    view! {
        <fieldset id="permissions" tabindex="-1" class="grid gap-3" aria-describedby=described>
            <legend class="pb-1.5 text-sm font-medium">"Permissions"</legend>
            {groups}
            {line}
        </fieldset>
    }
    .into_any()
}

impl Page for DeleteRolePage {
    fn title(&self, _: &Site) -> String {
        if self.is_used { format!("{} is in use", self.role.name) } else { format!("Delete {}?", self.role.name) }
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let back = site.to(&self.organization.path(OrganizationPlace::Roles));
        let panel = if self.is_used {
            let sentence =
                "Members have it, or other roles name it. Give them another role first, and take it out of the others.";
            let members = site.to_query(&self.organization.path(OrganizationPlace::Members), "role", &self.role.id);
            let members = self.organization.opens(OrganizationPlace::Members).then(|| {
                view! { <ButtonLink href=members>"Who has it"</ButtonLink> }
            });
            view! {
                {head(title, sentence)}
                <div class="pair">{members}<ButtonLink href=back kind=Kind::Primary>"Back to the roles"</ButtonLink></div>
            }
            .into_any()
        } else {
            view! {
                {head(title, "Nobody has it. It is gone for good, and its name is free again.")}
                <form class="pair" method="post" action=site.to("/do/delete-role")>
                    <Hidden name="organization" value=self.organization.id.clone()/>
                    <Hidden name="role" value=self.role.id.clone()/>
                    <Hidden name="version" value=self.version.to_string()/>
                    <ButtonLink href=back>"Keep it"</ButtonLink>
                    <Button kind=Kind::Danger>"Delete role"</Button>
                </form>
            }
            .into_any()
        };
        door(site, Door { panel, foot: None, wide: false })
    }
}
