//! What happened in an organisation.

use leptos::prelude::*;

use super::{Page, Setting};
use crate::components::{ButtonLink, Moment, Place, room};
use crate::model::{EventBy, OrganizationActivityPage, OrganizationEvent, OrganizationPlace, Site};

impl Page for OrganizationActivityPage {
    fn title(&self, site: &Site) -> String {
        format!("Activity · {} · {}", self.organization.name, site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch] min-w-0">
                <h1>"Activity"</h1>
                <p class="text-ink-2 wrap-anywhere">{format!("What happened in {}, the newest first.", self.organization.name)}</p>
            </div>
        };
        let rows = self.events.into_iter().map(row).collect::<Vec<_>>();
        let list = if rows.is_empty() {
            view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">"Nothing further is on record."</p> }
                .into_any()
        } else {
            view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line text-sm" aria-label="What happened, the newest first">{rows}</ul> }
                .into_any()
        };
        let path = self.organization.path(OrganizationPlace::Activity);
        let back = self.is_later.then(|| view! { <ButtonLink href=site.to(&path)>"The newest"</ButtonLink> });
        let next = self.next.map(|after| {
            view! { <ButtonLink href=site.to_query(&path, "after", &after)>"Older"</ButtonLink> }
        });
        let pages = (back.is_some() || next.is_some()).then(|| {
            view! { <nav class="flex flex-wrap gap-2.5" aria-label="Pages">{back}{next}</nav> }
        });
        let body = view! { {list} {pages} };
        room(site, self.room, Place::Organization(OrganizationPlace::Activity), top.into_any(), body.into_any())
    }
}

fn row(event: OrganizationEvent) -> AnyView {
    let by = match event.by {
        EventBy::Person(name) => Some(format!("by {name}")),
        EventBy::Gone => Some("by somebody whose account is gone".to_owned()),
        EventBy::Operator => Some("by an administrator".to_owned()),
        EventBy::House => Some("by itself".to_owned()),
        EventBy::Themselves => None,
    };
    let small = [by, event.more].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let about = event.about.map(|about| view! { ": " <b>{about}</b> });
    view! {
        <li class="grid grid-cols-[minmax(0,1fr)_auto] max-row:grid-cols-1 items-start gap-x-4 gap-y-0.5 px-4.5 py-3">
            <div class="min-w-0 wrap-anywhere">
                <p class="leading-snug"><span class="font-medium">{event.what}</span>{about}</p>
                {(!small.is_empty()).then(|| view! { <p class="text-ink-3 text-xs">{small}</p> })}
            </div>
            <p class="text-ink-3 tabular-nums max-row:text-xs"><Moment when=event.when/></p>
        </li>
    }
    .into_any()
}
