//! The members of an organisation: the list.

use leptos::prelude::*;

use super::{Page, Setting};
use crate::components::{Badge, Button, ButtonLink, Face, Kind, Moment, Pick, Place, Table, room};
use crate::model::{MemberRow, MembersPage, OrganizationPlace, RoleTag, RoomOrganization, Site, count};

impl Page for MembersPage {
    fn title(&self, site: &Site) -> String {
        format!("Members · {} · {}", self.organization.name, site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let at = self.organization.clone();
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch] min-w-0">
                <h1>"Members"</h1>
                <p class="text-ink-2">{format!("{} of {} places are taken.", self.total, self.most)}</p>
            </div>
        };
        let order = if self.by_name { "name" } else { "" };
        let to = |after: &str| {
            let path = at.path(OrganizationPlace::Members);
            let query = [("q", &*self.search), ("role", &*self.role), ("order", order), ("after", after)];
            site.to_queries(&path, &query)
        };
        let searched = !self.search.is_empty() || !self.role.is_empty();
        let back = self.is_later.then(|| view! { <ButtonLink href=to("")>"From the beginning"</ButtonLink> });
        let next = self.next.as_deref().map(|after| view! { <ButtonLink href=to(after)>"Next page"</ButtonLink> });
        let pages = (back.is_some() || next.is_some()).then(|| {
            view! { <nav class="flex flex-wrap gap-2.5" aria-label="Pages">{back}{next}</nav> }
        });
        let roles = by_role(site, &at, &self.roles, &self.role);
        let filter = filter(site, &self, searched);
        let list = if self.rows.is_empty() {
            let words = if self.is_later { "Nobody further is here." } else { "Nobody here fits this." };
            view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">{words}</p> }
                .into_any()
        } else {
            table(site, &at, self.rows)
        };
        let found = if searched { "" } else { " in all" };
        let total = view! { <p class="text-ink-3 text-xs">{format!("{}{found}.", count(self.total, "member"))}</p> };
        let total = (!searched).then_some(total);
        let body = view! { {roles} {filter} <div class="grid gap-3.5">{list} {total}</div> {pages} };
        room(site, self.room, Place::Organization(OrganizationPlace::Members), top.into_any(), body.into_any())
    }
}

/// How many have each role, as ways to see only them.
fn by_role(site: &Site, at: &RoomOrganization, roles: &[(RoleTag, u64)], here: &str) -> AnyView {
    let path = at.path(OrganizationPlace::Members);
    let tab = |href: String, name: String, count: Option<u64>, is_here: bool| {
        let class = if is_here {
            "inline-flex items-center gap-2 min-h-10 border-b-2 border-door text-ink font-semibold no-underline"
        } else {
            "inline-flex items-center gap-2 min-h-10 border-b-2 border-transparent text-ink-2 no-underline hover:text-ink"
        };
        let count = count.map(|count| view! { <small class="text-ink-3 font-normal tabular-nums">{count}</small> });
        view! { <li><a class=class href=href aria-current=is_here.then_some("page")>{name}{count}</a></li> }
    };
    let all: u64 = roles.iter().map(|(_, count)| count).sum();
    let first = tab(site.to(&path), "All".to_owned(), Some(all), here.is_empty());
    let others = roles.iter().filter(|(role, count)| *count > 0 || role.id == here).map(|(role, count)| {
        tab(site.to_query(&path, "role", &role.id), role.name.clone(), Some(*count), role.id == here)
    });
    view! {
        <nav aria-label="Members by role">
            <ul class="flex flex-wrap gap-x-5.5 border-b border-line text-sm">{first}{others.collect_view()}</ul>
        </nav>
    }
    .into_any()
}

fn filter(site: &Site, page: &MembersPage, searched: bool) -> AnyView {
    let path = page.organization.path(OrganizationPlace::Members);
    let any = (String::new(), "Any role".to_owned());
    let roles = page.roles.iter().map(|(role, _)| (role.id.clone(), role.name.clone()));
    let roles = std::iter::once(any).chain(roles).collect();
    let orders = vec![(String::new(), "Newest first".to_owned()), ("name".to_owned(), "By name".to_owned())];
    let all = searched.then(|| view! { <ButtonLink href=site.to(&path) kind=Kind::Quiet>"Show all"</ButtonLink> });
    view! {
        <form class="grid grid-cols-[minmax(200px,1fr)_minmax(130px,190px)_minmax(130px,170px)_auto] max-row:grid-cols-2 items-end gap-3" method="get" action=site.to(&path) role="search" aria-label="Members">
            <div class="grid gap-1.5 max-row:col-span-full">
                <label class="text-sm font-medium" for="q">"Name or e-mail"</label>
                <input id="q" name="q" type="search" autocomplete="off" maxlength="200" value=page.search.clone()/>
            </div>
            <Pick id="role" label="Role" options=roles chosen=page.role.clone()/>
            <Pick id="order" label="Order" options=orders chosen=if page.by_name { "name" } else { "" }/>
            <div class="flex gap-2.5 max-row:col-span-full max-row:*:flex-1"><Button>"Show"</Button>{all}</div>
        </form>
    }
    .into_any()
}

fn table(site: &Site, at: &RoomOrganization, rows: Vec<MemberRow>) -> AnyView {
    let rows = rows.into_iter().map(|member| row(site, at, member)).collect_view();
    view! {
        <Table caption=format!("Members of {}", at.name) columns=&["Person", "Role", "Joined", "Last signed in", ""]>{rows}</Table>
    }
    .into_any()
}

fn row(site: &Site, at: &RoomOrganization, member: MemberRow) -> AnyView {
    let href = site.to(&at.below(&format!("/members/{}", member.person.id)));
    let name = member.person.called().to_owned();
    let email = (name != member.person.email).then(|| member.person.email.clone());
    let email = email.map(|email| view! { <small class="block text-ink-3 text-xs">{email}</small> });
    let you = member.is_you.then(|| view! { " " <Badge>"You"</Badge> });
    let off = (!member.is_active).then(|| view! { " " <Badge class="bad">"Deactivated"</Badge> });
    let entries = (member.entries > 0).then(|| {
        let words = if member.entries == 1 {
            "1 grant or denial".to_owned()
        } else {
            format!("{} grants and denials", member.entries)
        };
        view! { <small class="block text-ink-3 text-xs">{words}</small> }
    });
    let seen = match member.seen {
        Some(seen) => view! { <Moment when=seen/> }.into_any(),
        None => "Never".into_any(),
    };
    let label = format!("Look at {name}");
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <span class="flex items-center gap-3 min-w-0 leading-snug">
                    <Face person=member.person/>
                    <span class="min-w-0"><a class="text-ink font-semibold no-underline hover:underline" href=href.clone()>{name}</a>{you}{off}{email}</span>
                </span>
            </th>
            <td role="cell" data-l="Role"><span>{member.role}{entries}</span></td>
            <td role="cell" data-l="Joined" class="text-ink-2 whitespace-nowrap"><Moment when=member.joined/></td>
            <td role="cell" data-l="Last signed in" class="text-ink-2">{seen}</td>
            <td role="cell" class="act"><ButtonLink href kind=Kind::Quiet label>"Open"</ButtonLink></td>
        </tr>
    }
    .into_any()
}
