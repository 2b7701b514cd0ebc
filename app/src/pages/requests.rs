//! Applications that wait for the person's answer.

use leptos::prelude::*;

use super::{
    Page, Setting,
    consent::{details, scopes, uses},
    head,
};
use crate::components::{
    Button, ButtonLink, CallerHead, CallerTile, Door, Hidden, Kind, Moment, Place, Who, door, room,
};
use crate::model::{AnswerRequestPage, RequestRow, RequestsPage, Site};

impl Page for RequestsPage {
    fn title(&self, site: &Site) -> String {
        format!("Requests · {}", site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"Requests"</h1>
                <p class="text-ink-2">
                    "Applications that asked for you from somewhere else, such as a bank's counter or a call. Each waits ten minutes at most."
                </p>
            </div>
        };
        let rows = self.requests.into_iter().map(|request| row(site, request)).collect::<Vec<_>>();
        let body = if rows.is_empty() {
            view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">"Nothing waits for your answer."</p> }.into_any()
        } else {
            view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows}</ul> }
                .into_any()
        };
        room(site, self.room, Place::Requests, top.into_any(), body)
    }
}

fn row(site: &Site, request: RequestRow) -> AnyView {
    let href = site.to_query("/account/requests/answer", "id", &request.id);
    let name = request.caller.name.clone();
    let label = format!("Answer {name}");
    let message =
        request.message.map(|message| view! { <p class="text-sm wrap-anywhere">{format!("“{message}”")}</p> });
    let ip = request.ip.map(|ip| format!(" from {ip}"));
    view! {
        <li class="grid grid-cols-[auto_minmax(0,1fr)_auto] max-row:grid-cols-[auto_minmax(0,1fr)] items-center max-row:items-start gap-x-4 gap-y-1 px-4.5 py-3.5">
            <CallerTile caller=request.caller/>
            <div>
                <p class="font-semibold leading-snug wrap-anywhere">{name}</p>
                {message}
                <p class="text-ink-3 text-xs">"asked" {ip} ", " <Moment when=request.asked/></p>
            </div>
            <div class="flex max-row:col-span-full max-row:mt-1.5">
                <ButtonLink href wide=true label>"Answer"</ButtonLink>
            </div>
        </li>
    }
    .into_any()
}

impl Page for AnswerRequestPage {
    fn title(&self, _: &Site) -> String {
        format!("Allow {} what it asks?", self.request.caller.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let request = self.request;
        let from = request.ip.map(|ip| format!("from {ip}, "));
        let uses = uses(&self.resources);
        let sentence =
            view! { "It asked " {from} <Moment when=request.asked/> {uses} ". Go on only if you expected it." };
        let message = request.message.map(|message| {
            view! {
                <div class="grid gap-1 px-4 py-3.5 rounded-md bg-sunken border border-line text-center">
                    <p class="text-sm text-ink-2">"Do you see the same message there?"</p>
                    <p class="font-mono text-lg wrap-anywhere">{message}</p>
                </div>
            }
        });
        let panel = view! {
            <CallerHead caller=Some(request.caller)/>
            {head(title, sentence)}
            {message}
            <Who person=self.person/>
            <form class="grid gap-4" method="post" action=site.to("/do/answer-request")>
                <Hidden name="id" value=request.id/>
                {details(self.details)}
                {scopes("It needs", self.needed, false)}
                {scopes("Your choice – tick what you want to give", self.optional, true)}
                <div class="pair">
                    <Button sends=("decision", "deny")>"Deny"</Button>
                    <Button kind=Kind::Primary sends=("decision", "allow")>"Allow"</Button>
                </div>
            </form>
        };
        let foot = view! { <a href=site.to("/account/requests")>"Decide later"</a> };
        door(site, Door { panel: panel.into_any(), foot: Some(foot.into_any()), wide: true })
    }
}
