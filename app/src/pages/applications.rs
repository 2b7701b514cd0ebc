//! What the person let in: the list, and taking it back.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{
    Badge, Button, ButtonLink, CallerHead, CallerTile, Door, Hidden, Icon, Kind, Moment, Place, Sign, door, room,
};
use crate::model::{ApplicationRow, ApplicationsPage, RevokeApplicationPage, Site};

impl Page for ApplicationsPage {
    fn title(&self, site: &Site) -> String {
        format!("Applications · {}", site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"Applications"</h1>
                <p class="text-ink-2">"What you let in, what it may do, and when it last did."</p>
            </div>
        };
        let rows = self.applications.into_iter().map(|application| row(site, application)).collect::<Vec<_>>();
        let body = if rows.is_empty() {
            view! {
                <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">
                    "No application uses your account. Once you sign in to one with it, it stands here."
                </p>
            }
            .into_any()
        } else {
            view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows}</ul> }
                .into_any()
        };
        room(site, self.room, Place::LetIn, top.into_any(), body)
    }
}

fn row(site: &Site, application: ApplicationRow) -> AnyView {
    let href = site.to_query("/account/applications/revoke", "id", &application.id);
    let name = application.caller.name.clone();
    let label = format!("Revoke {name}");
    let summary = application.summary();
    let ApplicationRow { caller, may, resources, details, .. } = application;
    let domain = caller.domain.clone().map(|domain| format!("{domain} · "));
    let itself = application.is_self_registered.then_some("registered itself · ");
    let since = application.since.map(|when| view! { "allowed " <Moment when/> });
    let used = application.used.map(|when| view! { " · used " <Moment when/> });
    let badges = [
        (application.is_first_party, "plain", "First party"),
        (application.is_off, "bad", "Turned off"),
        (application.is_unused, "look", "Unused for 90 days"),
    ];
    let badges = badges.into_iter().filter(|(is_so, ..)| *is_so);
    let badges = badges.map(|(_, class, words)| view! { <Badge class>{words}</Badge> }).collect_view();
    let may = may.into_iter().map(|line| {
        let code = line.is_own().then_some(line.scope);
        told(line.what, None, code)
    });
    let resources = resources.into_iter().map(|name| told(format!("Use {name}"), None, None));
    let details = details.into_iter().map(|line| {
        let facts = line.facts.into_iter().map(|(name, value)| format!("{name}: {value}"));
        told(line.what, Some(facts.collect::<Vec<_>>().join(" · ")), None)
    });
    let all = may.chain(resources).chain(details).collect_view();
    view! {
        <li class="grid grid-cols-[auto_minmax(0,1fr)_auto] max-row:grid-cols-[auto_minmax(0,1fr)] items-start gap-x-4 gap-y-1 px-4.5 py-3.5">
            <CallerTile caller/>
            <div class="min-w-0 grid gap-0.5">
                <p class="font-semibold flex flex-wrap items-center gap-x-2.5 gap-y-1 leading-snug wrap-anywhere">{name} {badges}</p>
                <p class="text-ink-3 text-xs wrap-anywhere">{domain} {itself} {since} {used}</p>
                <details class="more">
                    <summary class="inline-flex items-center gap-1.5 min-h-8 text-door text-sm font-medium">{summary}</summary>
                    <ul class="grid gap-1.5 pt-1.5 text-sm">{all}</ul>
                </details>
            </div>
            <div class="flex max-row:col-span-full max-row:mt-1.5">
                <ButtonLink href kind=Kind::DangerLine wide=true label>"Revoke"</ButtonLink>
            </div>
        </li>
    }
    .into_any()
}

/// One thing that it may do: in words, with more in small print, and as programs write it.
fn told(what: String, more: Option<String>, code: Option<String>) -> impl IntoView {
    let more = more.filter(|more| !more.is_empty());
    view! {
        <li class="flex gap-2.5 min-w-0">
            <Icon sign=Sign::Tick class="text-door mt-px"/>
            <span class="min-w-0 wrap-anywhere">
                {what}
                {more.map(|more| view! { <small class="block text-ink-3 text-xs">{more}</small> })}
                {code.map(|code| view! { " " <code class="text-ink-3 text-xs">{code}</code> })}
            </span>
        </li>
    }
}

impl Page for RevokeApplicationPage {
    fn title(&self, _: &Site) -> String {
        format!("Take back what {} may do?", self.application.caller.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let ApplicationRow { id, caller, is_first_party, .. } = self.application;
        let again = if is_first_party {
            format!("It comes back the next time you use it, for it belongs to {}", site.name())
        } else {
            "It can ask again the next time you use it".to_owned()
        };
        let sentence =
            format!("Its access ends now, on every device. {again}; nothing inside {} is deleted.", caller.name);
        let panel = view! {
            <CallerHead caller=Some(caller)/>
            {head(title, sentence)}
            <form class="pair" method="post" action=site.to("/do/revoke-application")>
                <Hidden name="id" value=id/>
                <ButtonLink href=site.to("/account/applications")>"Keep it"</ButtonLink>
                <Button kind=Kind::Danger>"Revoke"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
