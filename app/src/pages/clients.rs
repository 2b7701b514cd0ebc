//! The applications of the instance: the list.

use leptos::prelude::*;

use super::{Page, Setting};
use crate::components::{Badge, Button, ButtonLink, CallerTile, Kind, Moment, Place, room};
use crate::model::{ClientRow, ClientsPage, Site, count};

impl Page for ClientsPage {
    fn title(&self, site: &Site) -> String {
        format!("Applications · {}", site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="flex flex-wrap items-start justify-between gap-x-6 gap-y-3.5">
            <div class="grid gap-1.5 max-w-[62ch] min-w-0">
                <h1>"Applications"</h1>
                <p class="text-ink-2">"Programs and machines that may ask this Ostiary for tokens."</p>
            </div>
            <ButtonLink href=site.to("/admin/clients/new") kind=Kind::Primary>"New application"</ButtonLink>
            </div>
        };
        let searched = !self.search.is_empty();
        let all = searched.then(|| {
            view! { <ButtonLink href=site.to("/admin/clients") kind=Kind::Quiet>"Show all"</ButtonLink> }
        });
        let filter = view! {
            <form class="flex flex-wrap items-end gap-2.5" method="get" action=site.to("/admin/clients") role="search">
                <div class="grid gap-1.5 flex-[1_1_220px] max-w-[400px]">
                    <label class="text-sm font-medium" for="q">"Name or client id"</label>
                    <input id="q" name="q" type="search" autocomplete="off" maxlength="200" value=self.search.clone()/>
                </div>
                <Button>"Show"</Button>
                {all}
            </form>
        };
        let rows = self.rows.into_iter().map(|client| row(site, client)).collect::<Vec<_>>();
        let list = if rows.is_empty() {
            let words = match (searched, self.is_later) {
                (true, false) => "No application has this in its name or id.",
                (_, true) => "No further application is here.",
                (false, false) => "No application is registered yet.",
            };
            view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">{words}</p> }
                .into_any()
        } else {
            view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows}</ul> }
                .into_any()
        };
        let back = self.is_later.then(|| {
            let href = site.to_queries("/admin/clients", &[("q", &self.search)]);
            view! { <ButtonLink href>"From the beginning"</ButtonLink> }
        });
        let next = self.next.map(|after| {
            let href = site.to_queries("/admin/clients", &[("q", &self.search), ("after", &after)]);
            view! { <ButtonLink href>"Next page"</ButtonLink> }
        });
        let pages = (back.is_some() || next.is_some()).then(|| {
            view! { <nav class="flex flex-wrap gap-2.5" aria-label="Pages">{back}{next}</nav> }
        });
        let body = view! {
            {filter}
            <section class="grid gap-3.5" aria-labelledby="clients">
                <h2 id="clients">{if searched { "Found" } else { "Registered" }}</h2>
                {list}
                <p class="text-ink-3 text-xs">{format!("{} in all.", count(self.total, "application"))}</p>
                <p class="text-sm">
                    "Programs do all this, and more, with the " <a href=site.to("/api/docs")>"REST API"</a> "."
                </p>
            </section>
            {pages}
        };
        room(site, self.room, Place::Applications, top.into_any(), body.into_any())
    }
}

fn row(site: &Site, client: ClientRow) -> AnyView {
    let href = site.to_query("/admin/clients/client", "id", &client.id);
    let name = client.caller.name.clone();
    let state = state(client.is_enabled);
    let differs = client.differs.then(|| view! { <Badge class="look">"Differs from its file"</Badge> });
    let secret = if client.has_secret { ", with a secret" } else { "" };
    view! {
        <li class="grid grid-cols-[auto_minmax(0,1fr)_auto] max-row:grid-cols-[auto_minmax(0,1fr)] items-center max-row:items-start gap-x-4 gap-y-1 px-4.5 py-3.5">
            <CallerTile caller=client.caller/>
            <div>
                <p class="leading-snug wrap-anywhere"><a class="font-semibold" href=href>{name}</a></p>
                <p class="text-ink-3 text-xs wrap-anywhere">
                    <code>{client.id}</code> " · " {client.sort.words()} {secret} " · changed " <Moment when=client.changed/>
                </p>
            </div>
            <p class="flex flex-wrap gap-1.5 max-row:col-start-2">{differs}{state}</p>
        </li>
    }
    .into_any()
}

/// On or off.
pub(super) fn state(is_enabled: bool) -> impl IntoView {
    if is_enabled {
        view! { <Badge class="good">"On"</Badge> }
    } else {
        view! { <Badge>"Off"</Badge> }
    }
}
