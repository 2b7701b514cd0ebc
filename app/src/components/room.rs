//! The room: the pages of the account. A side with what there is, and one thing at a time.

use leptos::prelude::*;

use super::{Badge, Face, FlashNote, Icon, Mark, OrganizationTile, Sign};
use crate::model::{OrganizationPlace, Room, RoomOrganization, Site};

/// Where in the room the person is. The side lists these and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Overview.
    Overview,
    /// What the account says of its owner.
    Profile,
    /// What protects the account.
    Security,
    /// Sessions.
    Sessions,
    /// What the person let in.
    LetIn,
    /// Applications that wait for an answer.
    Requests,
    /// Organisations that want the person.
    Invitations,
    /// What happened to the account.
    Activity,
    /// One's data.
    Data,
    /// Passkeys.
    Passkeys,
    /// Password.
    Password,
    /// The applications of the instance; administrators only.
    Applications,
    /// The organisations one belongs to, behind the switch.
    Organizations,
    /// A page of an organisation.
    Organization(OrganizationPlace),
}

const PLACES: [(Place, &str, Sign, &str); 11] = [
    (Place::Overview, "Overview", Sign::Home, "/account"),
    (Place::Profile, "Profile", Sign::Person, "/account/profile"),
    (Place::Security, "Security", Sign::Shield, "/account/security"),
    (Place::Sessions, "Sessions", Sign::Computer, "/account/sessions"),
    (Place::LetIn, "Applications", Sign::Grid, "/account/applications"),
    (Place::Requests, "Requests", Sign::Phone, "/account/requests"),
    (Place::Invitations, "Invitations", Sign::Mail, "/account/invitations"),
    (Place::Activity, "Activity", Sign::Pulse, "/account/activity"),
    (Place::Passkeys, "Passkeys", Sign::Passkey, "/account/passkeys"),
    (Place::Password, "Password", Sign::Lock, "/account/password"),
    (Place::Data, "Your data", Sign::Save, "/account/data"),
];

/// What only administrators see.
const HOUSE: [(Place, &str, Sign, &str); 1] =
    [(Place::Applications, "Applications", Sign::Applications, "/admin/clients")];

/// What stands beside the name of an organisation's page.
const fn sign_of(place: OrganizationPlace) -> Sign {
    match place {
        OrganizationPlace::Overview => Sign::Home,
        OrganizationPlace::Members => Sign::People,
        OrganizationPlace::Invitations => Sign::Mail,
        OrganizationPlace::Roles => Sign::Table,
        OrganizationPlace::Why => Sign::Info,
        OrganizationPlace::Policies => Sign::Sheet,
        OrganizationPlace::Settings => Sign::Sliders,
        OrganizationPlace::Activity => Sign::Pulse,
    }
}

/// Which organisation this is about, and the way to the others.
fn switch(site: &Site, organization: Option<&RoomOrganization>, here: bool) -> AnyView {
    let tile = match organization {
        Some(at) => view! { <OrganizationTile id=at.id.clone() name=at.name.clone()/> }.into_any(),
        None => {
            view! { <span class="size-9 grid place-items-center flex-none rounded-sm border border-line text-ink-3"><Icon sign=Sign::People/></span> }
                .into_any()
        }
    };
    let (name, small) = match organization {
        Some(at) => (at.called(), at.standing()),
        None => ("Organisations".to_owned(), "You act for yourself".to_owned()),
    };
    let more = organization.is_some().then(|| view! { <span class="sr-only">"Switch organisation"</span> });
    view! {
        <a
            class="relative flex items-center gap-2.5 px-2.5 py-2 rounded-md border border-line bg-surface text-inherit text-sm/snug no-underline shadow-card hover:border-edge"
            href=site.to("/organizations")
            aria-current=here.then_some("page")
        >
            {tile}
            <span class="flex-1 min-w-0"><b class="block truncate">{name}</b><small class="block text-ink-3 text-xs truncate">{small}</small></span>
            <Icon sign=Sign::Turn class="size-4.5 text-ink-3"/>
            {more}
        </a>
    }
    .into_any()
}

/// A page of the account: `top` is its head, `body` what follows. What was done before stands between the two.
pub fn room(site: &Site, room: Room, place: Place, top: AnyView, body: AnyView) -> AnyView {
    let (sessions, requests, invitations) = (room.sessions, room.requests, room.invitations);
    let link = |(at, name, sign, path): (Place, &'static str, Sign, String)| {
        let here = at == place;
        let class = if here {
            "relative flex items-center gap-2.5 min-h-(--control) max-side:min-h-11 px-2.5 rounded-sm text-sm no-underline text-ink font-semibold bg-surface border border-line"
        } else {
            "flex items-center gap-2.5 min-h-(--control) max-side:min-h-11 px-2.5 rounded-sm text-sm no-underline text-ink-2 border border-transparent hover:bg-line/50 hover:text-ink"
        };
        let count = match at {
            Place::Sessions if sessions > 1 => Some(
                view! { <span class="ms-auto text-ink-3 text-xs font-normal tabular-nums">{sessions}</span> }
                    .into_any(),
            ),
            Place::Requests if requests > 0 => {
                Some(view! { <span class="ms-auto"><Badge class="look">{requests}</Badge></span> }.into_any())
            }
            Place::Invitations if invitations > 0 => {
                Some(view! { <span class="ms-auto"><Badge class="look">{invitations}</Badge></span> }.into_any())
            }
            _ => None,
        };
        view! {
            <li>
                <a class=class href=site.to(&path) aria-current=here.then_some("page")>
                    <Icon sign class=if here { "size-4.5 text-door" } else { "size-4.5 text-ink-3" }/>
                    {name}
                    {count}
                </a>
            </li>
        }
    };
    let group = |id: &'static str, title: String, places: Vec<(Place, &'static str, Sign, String)>| {
        let links = places.into_iter().map(link).collect_view();
        view! {
            <div>
                <p class="px-2.5 pb-1 text-ink-3 text-xs font-medium wrap-anywhere" id=id>{title}</p>
                <ul class="grid gap-px" aria-labelledby=id>{links}</ul>
            </div>
        }
    };
    let fixed = |places: &[(Place, &'static str, Sign, &'static str)]| {
        places.iter().map(|(at, name, sign, path)| (*at, *name, *sign, (*path).to_owned())).collect()
    };
    let account = group("side-account", "Your account".to_owned(), fixed(&PLACES));
    let switch = switch(site, room.organization.as_ref(), place == Place::Organizations);
    // One's own, in which nobody else is, has its pages in the side only while one is there.
    let is_shown = |at: &RoomOrganization| !at.is_personal || matches!(place, Place::Organization(_));
    let organization = room.organization.filter(is_shown).map(|at| {
        let entry =
            |page: &OrganizationPlace| (Place::Organization(*page), page.words(), sign_of(*page), at.path(*page));
        let places = at.pages.iter().map(entry).collect();
        group("side-organization", at.called(), places)
    });
    let instance = room.is_admin.then(|| group("side-instance", "This Ostiary".to_owned(), fixed(&HOUSE)));
    let house = |class: &'static str| {
        view! {
            <a class=format!("{class} items-center gap-2.5 min-h-11 font-semibold text-ink no-underline") href=site.to("/account")>
                <Mark size=26/>
                {site.name().to_owned()}
            </a>
        }
    };
    let name = room.person.called().to_owned();
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <header class="bar hidden max-side:flex items-center justify-between gap-3 py-1.5 ps-4 pe-2.5">
            {house("inline-flex")}
            <button class="btn quiet min-h-11" type="button" popovertarget="side"><Icon sign=Sign::Menu/>"Menu"</button>
        </header>
        <nav class="side" id="side" popover="auto" aria-label="Main">
            {house("flex px-2")}
            {switch}
            {account}
            {organization}
            {instance}
            <div class="flex items-center gap-2.5 mt-auto pt-3 px-2 border-t border-line text-sm/snug">
                <Face person=room.person/>
                <span class="flex-1 min-w-0 grid">
                    <b class="truncate">{name}</b>
                    <a class="text-xs text-ink-2" href=site.to("/sign-in/choose")>"Switch account"</a>
                </span>
                <a class="btn quiet" href=site.to("/sign-out")><Icon sign=Sign::Leave/><span class="sr-only">"Sign out"</span></a>
            </div>
        </nav>
        <main class="room" id="main" tabindex="-1">{top}<FlashNote flash=room.flash/>{body}</main>
    }
    .into_any()
}
