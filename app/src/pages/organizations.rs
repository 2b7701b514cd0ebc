//! The organisations one belongs to, founding one, one from its entrance, and leaving it.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong, head};
use crate::components::{
    Asks, Badge, Button, ButtonLink, Crumb, Door, ErrorSummary, Face, Field, Hidden, Icon, Kind, Moment,
    OrganizationTile, Place, Sign, door, room,
};
use crate::model::{
    DeletedOrganization, LeaveOrganizationPage, NewOrganizationPage, OrganizationPage, OrganizationPlace,
    OrganizationRow, OrganizationsPage, Person, Site, words_for,
};

const TOP: &str = "flex flex-wrap items-start justify-between gap-x-6 gap-y-3.5";
const EMPTY: &str = "px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2";

impl Page for OrganizationsPage {
    fn title(&self, site: &Site) -> String {
        format!("Organisations · {}", site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let found = self.may_found.then(|| {
            view! { <ButtonLink href=site.to("/organizations/new") kind=Kind::Primary><Icon sign=Sign::Plus/>"Found one"</ButtonLink> }
        });
        let top = view! {
            <div class=TOP>
                <div class="grid gap-1.5 max-w-[62ch] min-w-0">
                    <h1>"Organisations"</h1>
                    <p class="text-ink-2">"Where you belong, and as what. Applications act for the one you chose last where they ask for none."</p>
                </div>
                {found}
            </div>
        };
        let searched = !self.search.is_empty();
        let filter = (searched || self.is_later || self.next.is_some()).then(|| search(site, &self.search));
        let person = self.room.person.clone();
        let list = if self.rows.is_empty() {
            let words = match (searched, self.is_later) {
                (true, false) => "None of yours has this in its name.",
                (_, true) => "No further one is here.",
                (false, false) => "You belong to no organisation yet. Found one, or ask somebody to invite you.",
            };
            view! { <p class=EMPTY>{words}</p> }.into_any()
        } else {
            ring(site, person, self.rows)
        };
        let back = self.is_later.then(|| {
            let href = site.to_queries("/organizations", &[("q", &self.search)]);
            view! { <ButtonLink href>"From the beginning"</ButtonLink> }
        });
        let next = self.next.map(|after| {
            let href = site.to_queries("/organizations", &[("q", &self.search), ("after", &after)]);
            view! { <ButtonLink href>"Next page"</ButtonLink> }
        });
        let pages = (back.is_some() || next.is_some()).then(|| {
            view! { <nav class="flex flex-wrap gap-2.5" aria-label="Pages">{back}{next}</nav> }
        });
        let body = view! { {filter} {list} {pages} {deleted(site, self.deleted)} };
        room(site, self.room, Place::Organizations, top.into_any(), body.into_any())
    }
}

fn search(site: &Site, search: &str) -> impl IntoView + use<> {
    let all = (!search.is_empty()).then(|| {
        view! { <ButtonLink href=site.to("/organizations") kind=Kind::Quiet>"Show all"</ButtonLink> }
    });
    view! {
        <form class="flex flex-wrap items-end gap-2.5" method="get" action=site.to("/organizations") role="search">
            <div class="grid gap-1.5 flex-[1_1_220px] max-w-[400px]">
                <label class="text-sm font-medium" for="q">"Name or short name"</label>
                <input id="q" name="q" type="search" autocomplete="off" maxlength="200" value=search.to_owned()/>
            </div>
            <Button>"Show"</Button>
            {all}
        </form>
    }
}

/// One person, and their organisations as keys on a ring.
fn ring(site: &Site, person: Person, rows: Vec<OrganizationRow>) -> AnyView {
    let (name, email) = (person.called().to_owned(), person.email.clone());
    let second = (name != email).then(|| view! { <p class="text-ink-3 text-xs wrap-anywhere">{email}</p> });
    let rows = rows.into_iter().map(|row| key(site, row)).collect_view();
    view! {
        <section class="grid gap-2" aria-labelledby="mine">
            <div class="flex items-center gap-3 leading-snug">
                <Face person/>
                <div class="min-w-0"><h2 class="text-base wrap-anywhere" id="mine">{name}</h2>{second}</div>
            </div>
            <ul class="keyring">{rows}</ul>
        </section>
    }
    .into_any()
}

fn key(site: &Site, row: OrganizationRow) -> AnyView {
    let href = site.to(&format!("/organizations/{}", row.slug));
    let personal = row.is_personal.then_some(" · yours alone");
    let chosen = if row.is_preferred {
        view! { <Badge class="now plain">"Chosen"</Badge> }.into_any()
    } else {
        let label = format!("Choose {}", row.name);
        view! {
            <form method="post" action=site.to("/do/choose-organization")>
                <Hidden name="organization" value=row.id.clone()/>
                <button class="btn quiet" type="submit" aria-label=label>"Choose"</button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class="flex flex-wrap items-center gap-x-3.5 gap-y-1 min-h-15 px-3.5 py-2 rounded-md border border-line bg-surface">
            <OrganizationTile id=row.id name=row.name.clone()/>
            <div class="flex-[1_1_160px] min-w-0 leading-snug">
                <p class="wrap-anywhere"><a class="font-semibold" href=href>{row.name}</a></p>
                <p class="text-ink-3 text-xs wrap-anywhere">{row.role} " · since " <Moment when=row.since/> {personal}</p>
            </div>
            {chosen}
        </li>
    }
    .into_any()
}

fn deleted(site: &Site, deleted: Vec<DeletedOrganization>) -> Option<AnyView> {
    if deleted.is_empty() {
        return None;
    }
    let rows = deleted.into_iter().map(|one| {
        let label = format!("Bring back {}", one.name);
        view! {
            <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4.5 py-3">
                <div class="min-w-0 flex-[1_1_200px] leading-snug">
                    <p class="font-semibold wrap-anywhere">{one.name}</p>
                    <p class="text-ink-3 text-xs">"Nobody can use it. It is erased on " <Moment when=one.erase/></p>
                </div>
                <form class="max-row:w-full max-row:grid" method="post" action=site.to("/do/restore-organization")>
                    <Hidden name="organization" value=one.id/>
                    <button class="btn second" type="submit" aria-label=label>"Bring back"</button>
                </form>
            </li>
        }
    });
    Some(
        view! {
            <section class="grid gap-3.5" aria-labelledby="deleted">
                <h2 id="deleted">"Deleted"</h2>
                <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows.collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}

impl Page for NewOrganizationPage {
    fn title(&self, site: &Site) -> String {
        format!("Found an organisation · {}", site.name())
    }

    fn failed(&self) -> bool {
        !self.problems.is_empty()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let focus = first_wrong(&self.problems);
        let error = |field| words_for(&self.problems, field);
        let top = view! {
            <div class="grid gap-2.5">
                <Crumb href=site.to("/organizations") above="Organisations" here="New".to_owned()/>
                <h1>"Found an organisation"</h1>
                <p class="text-ink-2 max-w-[62ch]">"You will own it: invite people, give them roles, and set what signing in asks for."</p>
            </div>
        };
        let body = view! {
            <ErrorSummary title="The organisation is not founded yet" problems=self.problems.clone()/>
            <form class="grid gap-4 max-w-[62ch]" method="post" action=site.to("/do/create-organization")>
                <Field
                    id="organization_name"
                    label="Name"
                    autocomplete="organization"
                    maxlength=200
                    value=self.name
                    hint=Some("What members see.".to_owned())
                    error=error("organization_name")
                    autofocus=focus == Some("organization_name")
                />
                <Field
                    id="slug"
                    label="Short name"
                    kind=Asks::Exact
                    autocomplete="off"
                    optional=true
                    maxlength=100
                    value=self.slug
                    hint=Some("For addresses and tokens: small letters, digits and hyphens. Empty: made from the name.".to_owned())
                    error=error("slug")
                    autofocus=focus == Some("slug")
                />
                <div class="pair">
                    <ButtonLink href=site.to("/organizations")>"Cancel"</ButtonLink>
                    <Button kind=Kind::Primary>"Found it"</Button>
                </div>
            </form>
        };
        room(site, self.room, Place::Organizations, top.into_any(), body.into_any())
    }
}

impl Page for OrganizationPage {
    fn title(&self, site: &Site) -> String {
        format!("{} · {}", self.organization.name, site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let at = &self.organization;
        let personal = at.is_personal.then_some(" · made for one person alone");
        let top = view! {
            <div class="flex items-center gap-4 min-w-0">
                <OrganizationTile id=at.id.clone() name=at.name.clone()/>
                <div class="grid gap-1 min-w-0">
                    <h1>{at.name.clone()}</h1>
                    <p class="text-ink-2 text-sm wrap-anywhere">
                        <code>{at.slug.clone()}</code> " · founded " <Moment when=self.founded/> {personal}
                    </p>
                </div>
            </div>
        };
        let members = self.members.map(|(there, most)| {
            let href = site.to(&at.path(OrganizationPlace::Members));
            let small = format!("of {most} places");
            number(there.to_string(), "Members", small, at.opens(OrganizationPlace::Members).then_some(href))
        });
        let roles = at.opens(OrganizationPlace::Roles).then(|| {
            let href = site.to(&at.path(OrganizationPlace::Roles));
            number(
                self.own_roles.to_string(),
                "Roles of its own",
                "beside the four built-in ones".to_owned(),
                Some(href),
            )
        });
        let (more, why) = if self.asks_more { ("Yes", "for its members") } else { ("No", "a password is enough") };
        let second = number(more.to_owned(), "Asks for a second step", why.to_owned(), None);
        let permissions = self.permissions.iter().map(|name| view! { <li><code>{name.clone()}</code></li> });
        let permissions = if self.permissions.is_empty() {
            view! { <p class="text-ink-2 text-sm">"Nothing that holds everywhere."</p> }.into_any()
        } else {
            view! { <ul class="flex flex-wrap gap-x-4 gap-y-1.5 text-sm">{permissions.collect_view()}</ul> }.into_any()
        };
        let since = self.since.map(|since| view! { " · since " <Moment when=since/> });
        let leave = self.may_leave.then(|| {
            view! {
                <section class="grid gap-3.5 max-w-[62ch]" aria-labelledby="leave">
                    <div class="grid gap-1">
                        <h2 id="leave">"Leave"</h2>
                        <p class="text-ink-2 text-sm">"Your role and what you were granted end. Somebody has to invite you to come back."</p>
                    </div>
                    <div class="flex max-row:grid">
                        <ButtonLink href=site.to(&at.below("/leave")) kind=Kind::DangerLine>"Leave"</ButtonLink>
                    </div>
                </section>
            }
        });
        let body = view! {
            <dl class="grid grid-cols-[repeat(auto-fit,minmax(min(190px,100%),1fr))] border border-line rounded-lg overflow-clip">
                {members}{roles}{second}
            </dl>
            <section class="grid gap-3.5" aria-labelledby="mine">
                <div class="grid gap-1">
                    <h2 id="mine">"You here"</h2>
                    <p class="text-ink-2 text-sm">{at.standing()} {since} ". What you may do everywhere in it:"</p>
                </div>
                {permissions}
            </section>
            {leave}
        };
        room(site, self.room, Place::Organization(OrganizationPlace::Overview), top.into_any(), body.into_any())
    }
}

/// A number with its name, which leads somewhere.
fn number(big: String, name: &'static str, small: String, href: Option<String>) -> AnyView {
    let name = match href {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    view! {
        <div class="grid gap-0.5 px-5 py-4 shadow-[1px_0_0_var(--color-line),0_1px_0_var(--color-line)]">
            <dt class="text-ink-2 text-sm">{name}</dt>
            <dd><span class="text-2xl font-semibold tabular-nums">{big}</span> " " <span class="text-ink-3 text-sm">{small}</span></dd>
        </div>
    }
    .into_any()
}

impl Page for LeaveOrganizationPage {
    fn title(&self, _: &Site) -> String {
        format!("Leave {}?", self.organization.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let panel = view! {
            {head(title, "Your role and what you were granted there end now. What was denied you is kept, should you come back.")}
            <form class="pair" method="post" action=site.to("/do/leave-organization")>
                <Hidden name="organization" value=self.organization.id.clone()/>
                <ButtonLink href=site.to(&self.organization.below(""))>"Stay"</ButtonLink>
                <Button kind=Kind::Danger>"Leave"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
