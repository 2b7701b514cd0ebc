//! The overview of the account.

use leptos::prelude::*;

use super::{Page, Setting, activity::what, data::leaving};
use crate::components::{Alert, Badge, ButtonLink, DeviceRow, Face, Icon, Kind, Moment, Place, Sign, Tone, room};
use crate::model::{AccountHome, Activity, Site, capital, number};

const CARD: &str = "grid gap-3.5 content-start min-w-0 px-5.5 py-5 border border-line rounded-lg";
const BETWEEN: &str = "flex items-center justify-between gap-x-4";

impl Page for AccountHome {
    fn title(&self, site: &Site) -> String {
        format!("Overview · {}", site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let greeting = match self.room.person.first_name() {
            "" => "Your account".to_owned(),
            name => format!("Good to see you, {name}"),
        };
        let top = view! {
            <div class="grid gap-1.5">
                <h1>{greeting}</h1>
                <p class="text-ink-2">"Everything about your account in one place."</p>
            </div>
        };
        let others = self.room.sessions.saturating_sub(1);
        let elsewhere = match others {
            0 => "You are signed in nowhere else.".to_owned(),
            1 => "One other session is open.".to_owned(),
            n => capital(&format!("{} other sessions are open.", number(n))),
        };
        let waiting = match self.room.requests {
            0 => None,
            1 => Some("An application waits for your answer".to_owned()),
            n => Some(capital(&format!("{} applications wait for your answer", number(n)))),
        };
        let waiting = waiting.map(|title| {
            let href = site.to("/account/requests");
            view! { <Alert tone=Tone::Look title><p><a href=href>"See what it asks"</a></p></Alert> }
        });
        let erase = self.erase.as_ref().map(|erase| leaving(site, erase));
        let body = view! {
            {erase}
            {waiting}
            <div class="grid grid-cols-[repeat(auto-fit,minmax(min(320px,100%),1fr))] gap-5">{profile(site, &self).into_any()} {ways_in(site, &self).into_any()}</div>
            <section class="grid gap-3.5" aria-labelledby="sessions">
                <header class=BETWEEN>
                    <div class="grid gap-1">
                        <h2 id="sessions">"Where you are signed in"</h2>
                        <p class="text-ink-2 text-sm">{elsewhere}</p>
                    </div>
                    <span class="-me-2.5 whitespace-nowrap"><ButtonLink href=site.to("/account/sessions") kind=Kind::Quiet>"All sessions"</ButtonLink></span>
                </header>
                <ul class="border border-line rounded-lg overflow-clip"><DeviceRow session=self.here here=true/></ul>
            </section>
            {lately(site, self.lately).into_any()}
        };
        room(site, self.room, Place::Overview, top.into_any(), body.into_any())
    }
}

fn profile(site: &Site, page: &AccountHome) -> impl IntoView + use<> {
    const TERM: &str = "text-ink-3 max-row:mt-2";
    let edit = site.to("/account/profile");
    let person = page.room.person.clone();
    let name = person.called().to_owned();
    let state = if page.email_verified {
        view! { <Badge class="good">"Confirmed"</Badge> }
    } else {
        view! { <Badge class="look">"Not confirmed"</Badge> }
    };
    let username = page.username.clone().map(|username| {
        view! {
            <dt class=TERM>"Username"</dt>
            <dd class="wrap-anywhere">{username}</dd>
        }
    });
    view! {
        <section class=CARD aria-labelledby="profile">
            <header class=BETWEEN>
                <h2 id="profile">"Profile"</h2>
                <span class="-me-2.5 -my-2"><ButtonLink href=edit kind=Kind::Quiet label="Edit profile">"Edit"</ButtonLink></span>
            </header>
            <div class="flex items-center gap-3 leading-snug">
                <Face person=person.clone() large=true/>
                <div class="min-w-0 wrap-anywhere">
                    <b class="block">{name}</b>
                    <span class="text-ink-3 text-xs">"Joined " <Moment when=page.joined.clone()/></span>
                </div>
            </div>
            <dl class="grid grid-cols-[minmax(90px,max-content)_minmax(0,1fr)] max-row:grid-cols-1 gap-x-5 row:gap-y-2 text-sm">
                <dt class=TERM>"E-mail"</dt>
                <dd class="flex flex-wrap gap-x-2 gap-y-1 min-w-0"><span class="min-w-0 wrap-anywhere">{person.email}</span> {state}</dd>
                {username}
            </dl>
        </section>
    }
}

fn ways_in(site: &Site, page: &AccountHome) -> impl IntoView + use<> {
    const WAY: &str = "flex flex-wrap items-center gap-x-3 py-1";
    let changed =
        page.password_changed.clone().map(|when| view! { <span class="text-ink-2">"changed " <Moment when/></span> });
    let passkeys = match page.passkeys {
        0 => "none yet".to_owned(),
        n => number(n),
    };
    let link = |href: String, label: &'static str, words: &'static str| {
        view! { <span class="-me-2.5"><ButtonLink href kind=Kind::Quiet label>{words}</ButtonLink></span> }
    };
    view! {
        <section class=CARD aria-labelledby="ways-in">
            <h2 id="ways-in">"How you sign in"</h2>
            <ul>
                <li class=WAY>
                    <Icon sign=Sign::Passkey/>
                    <span class="flex-1">"Passkeys"</span>
                    <span class="text-ink-2">{passkeys}</span>
                    {link(site.to("/account/passkeys"), "See your passkeys", if page.passkeys == 0 { "Add" } else { "See" })}
                </li>
                <li class=WAY>
                    <Icon sign=Sign::Lock/>
                    <span class="flex-1">"Password"</span>
                    {changed}
                    {link(site.to("/account/password"), "Change password", "Change")}
                </li>
            </ul>
        </section>
    }
}

/// The newest events; an empty list is absent.
fn lately(site: &Site, events: Vec<Activity>) -> Option<impl IntoView + use<>> {
    if events.is_empty() {
        return None;
    }
    let all = site.to("/account/activity");
    let rows = events.into_iter().map(|event| {
        view! {
            <li class="grid grid-cols-[150px_minmax(0,1fr)] max-row:grid-cols-1 gap-x-3.5 py-2.5 not-first:border-t border-line">
                <span class="text-ink-3 text-xs/normal tabular-nums"><Moment when=event.when/></span>
                <span class="wrap-anywhere">{what(event.kind)} {event.device.map(|d| format!(" · {d}"))}</span>
            </li>
        }
    });
    Some(view! {
        <section class="grid gap-2" aria-labelledby="lately">
            <header class=BETWEEN>
                <h2 id="lately">"Lately"</h2>
                <span class="-me-2.5 whitespace-nowrap"><ButtonLink href=all kind=Kind::Quiet>"All activity"</ButtonLink></span>
            </header>
            <ul class="text-sm">{rows.collect_view()}</ul>
        </section>
    })
}
