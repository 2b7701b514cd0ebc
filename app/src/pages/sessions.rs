//! Sessions: the list, and the two confirmations.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{Button, ButtonLink, DeviceRow, Door, Hidden, Kind, Place, door, room};
use crate::model::{ConfirmEndOthers, ConfirmEndSession, SessionsPage, Site, number, span};

impl Page for SessionsPage {
    fn title(&self, site: &Site) -> String {
        format!("Sessions · {}", site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let end_all = (!self.elsewhere.is_empty()).then(|| {
            view! {
                <div class="max-row:w-full grid">
                    <ButtonLink href=site.to("/account/sessions/end-others") kind=Kind::DangerLine>"End all others"</ButtonLink>
                </div>
            }
        });
        let top = view! {
            <div class="flex flex-wrap items-start justify-between gap-x-6 gap-y-3.5">
                <div class="grid gap-1.5 max-w-[62ch] min-w-0">
                    <h1>"Sessions"</h1>
                    <p class="text-ink-2">"Every browser and device that is signed in as you. Ending one works at once, everywhere."</p>
                </div>
                {end_all}
            </div>
        };
        let rows = self.elsewhere.into_iter().map(|session| {
            let label = format!("End {}", session.device);
            let href = site.to_query("/account/sessions/end", "id", &session.id);
            view! { <DeviceRow session><ButtonLink href kind=Kind::QuietClay wide=true label>"End"</ButtonLink></DeviceRow> }
        });
        let rows = rows.collect::<Vec<_>>();
        let elsewhere = if rows.is_empty() {
            view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">"You are signed in nowhere else."</p> }.into_any()
        } else {
            view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows}</ul> }
                .into_any()
        };
        let body = view! {
            <section class="grid gap-3.5" aria-labelledby="here">
                <h2 id="here">"This browser"</h2>
                <ul class="border border-line rounded-lg overflow-clip"><DeviceRow session=self.here here=true/></ul>
                <p class="text-ink-3 text-xs">
                    {format!("It ends by itself after {} without use, and after {} in any case.", span(self.idle_seconds), span(self.max_seconds))}
                </p>
            </section>
            <section class="grid gap-3.5" aria-labelledby="elsewhere">
                <h2 id="elsewhere">"Elsewhere"</h2>
                {elsewhere}
            </section>
        };
        room(site, self.room, Place::Sessions, top.into_any(), body.into_any())
    }
}

impl Page for ConfirmEndSession {
    fn title(&self, _: &Site) -> String {
        format!("End the session of {}?", self.session.device)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let id = self.session.id.clone();
        let panel = view! {
            {head(title, "It will be signed out at once, wherever it is. This browser stays.")}
            <ul class="border border-line rounded-md"><DeviceRow session=self.session/></ul>
            <form class="pair" method="post" action=site.to("/do/end-session")>
                <Hidden name="id" value=id/>
                <ButtonLink href=site.to("/account/sessions")>"Keep it"</ButtonLink>
                <Button kind=Kind::Danger>"End session"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for ConfirmEndOthers {
    fn title(&self, _: &Site) -> String {
        match self.elsewhere.len() {
            0 => "No other session is open".to_owned(),
            1 => "End the other session?".to_owned(),
            n => format!("End the {} other sessions?", number(n)),
        }
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let n = self.elsewhere.len();
        let back = site.to("/account/sessions");
        let panel = if n == 0 {
            view! {
                {head(title, "You are signed in only here.")}
                <div class="flex max-door:grid"><ButtonLink href=back kind=Kind::Primary>"Back to sessions"</ButtonLink></div>
            }
            .into_any()
        } else {
            let end = if n == 1 { "End session".to_owned() } else { format!("End {} sessions", number(n)) };
            view! {
                {head(title, format!("{} will be signed out at once. This browser stays.", listed(&self)))}
                <form class="pair" method="post" action=site.to("/do/end-other-sessions")>
                    <ButtonLink href=back>{if n == 1 { "Keep it" } else { "Keep them" }}</ButtonLink>
                    <Button kind=Kind::Danger>{end}</Button>
                </form>
            }
            .into_any()
        };
        door(site, Door { panel, foot: None, wide: false })
    }
}

/// `Safari on iPhone, Firefox on Windows and two more`.
fn listed(page: &ConfirmEndOthers) -> String {
    let mut names: Vec<&str> = page.elsewhere.iter().map(|s| s.device.as_str()).collect();
    let more = names.len().saturating_sub(3);
    if more > 1 {
        names.truncate(3);
    }
    let last = if more > 1 { Some(format!("{} more", number(more))) } else { names.pop().map(str::to_owned) };
    match (names.is_empty(), last) {
        (true, last) => last.unwrap_or_default(),
        (false, last) => format!("{} and {}", names.join(", "), last.unwrap_or_default()),
    }
}
