//! The room: the pages of the account. A side with what there is, and one thing at a time.

use leptos::prelude::*;

use super::{Badge, Face, FlashNote, Icon, Mark, Sign};
use crate::model::{Room, Site};

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
}

const PLACES: [(Place, &str, Sign, &str); 10] = [
    (Place::Overview, "Overview", Sign::Home, "/account"),
    (Place::Profile, "Profile", Sign::Person, "/account/profile"),
    (Place::Security, "Security", Sign::Shield, "/account/security"),
    (Place::Sessions, "Sessions", Sign::Computer, "/account/sessions"),
    (Place::LetIn, "Applications", Sign::Grid, "/account/applications"),
    (Place::Requests, "Requests", Sign::Phone, "/account/requests"),
    (Place::Activity, "Activity", Sign::Pulse, "/account/activity"),
    (Place::Passkeys, "Passkeys", Sign::Passkey, "/account/passkeys"),
    (Place::Password, "Password", Sign::Lock, "/account/password"),
    (Place::Data, "Your data", Sign::Save, "/account/data"),
];

/// What only administrators see.
const HOUSE: [(Place, &str, Sign, &str); 1] =
    [(Place::Applications, "Applications", Sign::Applications, "/admin/clients")];

/// A page of the account: `top` is its head, `body` what follows. What was done before stands between the two.
pub fn room(site: &Site, room: Room, place: Place, top: AnyView, body: AnyView) -> AnyView {
    let (sessions, requests) = (room.sessions, room.requests);
    let link = |(at, name, sign, path): (Place, &'static str, Sign, &'static str)| {
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
            _ => None,
        };
        view! {
            <li>
                <a class=class href=site.to(path) aria-current=here.then_some("page")>
                    <Icon sign class=if here { "size-4.5 text-door" } else { "size-4.5 text-ink-3" }/>
                    {name}
                    {count}
                </a>
            </li>
        }
    };
    let group = |title: &'static str, places: &[(Place, &'static str, Sign, &'static str)]| {
        let links = places.iter().copied().map(link).collect_view();
        view! {
            <div>
                <p class="px-2.5 pb-1 text-ink-3 text-xs font-medium">{title}</p>
                <ul class="grid gap-px">{links}</ul>
            </div>
        }
    };
    let account = group("Your account", &PLACES);
    let instance = room.is_admin.then(|| group("This Ostiary", &HOUSE));
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
        <nav class="side" id="side" popover="auto" aria-label="Your account">
            {house("flex px-2")}
            {account}
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
