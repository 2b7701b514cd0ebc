//! One application.

use leptos::prelude::*;

use super::{Page, Setting, clients::state};
use crate::components::{
    Alert, Badge, ButtonLink, CallerTile, Crumb, Facts, Kind, Moment, Place, SecretOnce, Sign, SignTile, Tone, room,
};
use crate::model::{ClientOrigin, ClientPage, ClientRow, ClientSecrets, ClientSort, SecretRow, Site};

impl Page for ClientPage {
    fn title(&self, site: &Site) -> String {
        format!("{} · {}", self.client.caller.name, site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = self.top(site);
        let id = self.client.id;
        let two = self.secrets.as_ref().is_some_and(|secrets| secrets.live.len() > 1);
        let new_secret = self.new_secret.map(|secret| {
            let (title, words) = if two {
                (
                    "A second secret works",
                    "Copy it now, it is not shown again. The one before still works for a while, so you can change over without a gap.",
                )
            } else {
                ("This is its secret", "Copy it now, it is not shown again.")
            };
            view! {
                <Alert tone=Tone::Good role="status" title>
                    <p>{words}</p>
                    <SecretOnce secret=secret.expose().to_owned()/>
                </Alert>
            }
        });
        let secrets = self.secrets.map(|found| secrets(site, &id, found));
        let further = (!self.further.is_empty()).then(|| further(self.further));
        let body = view! {
            {new_secret}
            {secrets}
            <div class="grid grid-cols-[repeat(auto-fit,minmax(min(400px,100%),1fr))] gap-5">
                <Facts id="connects" title="How it connects" facts=self.connects/>
                <Facts id="receives" title="What it receives" facts=self.receives/>
                <Facts id="shows" title="What people are shown" facts=self.shows/>
            </div>
            {further}
        };
        room(site, self.room, Place::Applications, top, body.into_any())
    }
}

impl ClientPage {
    fn top(&self, site: &Site) -> AnyView {
        let name = self.client.caller.name.clone();
        let has_secret = self.client.has_secret && self.client.sort != ClientSort::Machine;
        let what = format!("{}{}", self.client.sort.words(), if has_secret { " with a secret" } else { "" });
        let (before, after) = match self.origin {
            ClientOrigin::Operator => ("made ", "."),
            ClientOrigin::Itself => ("it registered itself ", "."),
            ClientOrigin::Document => ("known since ", ". It is what the document at its client id says."),
        };
        let owner = self.owner.clone().map(|owner| declared(owner, self.client.differs));
        view! {
            <div class="grid gap-2.5">
                <Crumb href=site.to("/admin/clients") above="Applications" here=name.clone()/>
                <div class="flex flex-wrap items-start justify-between gap-x-6 gap-y-3.5">
                    <div class="grid gap-1.5 max-w-[62ch] min-w-0">
                        <div class="flex flex-wrap items-center gap-x-3.5 gap-y-2">
                            <CallerTile caller=self.client.caller.clone()/>
                            <h1 class="min-w-0">{name}</h1>
                            {states(&self.client)}
                        </div>
                        <p class="text-ink-2">
                            {what} ", " {before} <Moment when=self.made.clone()/> {after}
                        </p>
                        {owner}
                    </div>
                    {self.actions(site)}
                </div>
            </div>
        }
        .into_any()
    }

    /// What can be done with it.
    fn actions(&self, site: &Site) -> AnyView {
        let to = |path: &str| site.to_query(path, "id", &self.client.id);
        let turn = if self.client.is_enabled {
            view! { <ButtonLink href=to("/admin/clients/turn") kind=Kind::DangerLine>"Turn off"</ButtonLink> }
                .into_any()
        } else {
            view! { <ButtonLink href=to("/admin/clients/turn")>"Turn on"</ButtonLink> }.into_any()
        };
        let edit = (self.origin != ClientOrigin::Document)
            .then(|| view! { <ButtonLink href=to("/admin/clients/edit")>"Change"</ButtonLink> });
        view! {
            <div class="flex flex-wrap gap-2.5 max-row:w-full max-row:grid max-row:grid-cols-2">
                {edit}
                {turn}
                <ButtonLink href=to("/admin/clients/delete") kind=Kind::DangerLine>"Delete"</ButtonLink>
            </div>
        }
        .into_any()
    }
}

/// The badges of an application.
fn states(client: &ClientRow) -> impl IntoView + use<> {
    let differs = client.differs.then(|| view! { <Badge class="look">"Differs from its file"</Badge> });
    view! { <span class="flex flex-wrap gap-1.5">{state(client.is_enabled)}{differs}</span> }
}

/// Who declares it, and what that means for changes by hand.
pub(super) fn declared(owner: String, differs: bool) -> impl IntoView {
    let then = if differs {
        " declares it, and it was changed since. The next ostiary apply puts that back."
    } else {
        " declares it. What is changed here, the next ostiary apply puts back."
    };
    view! { <p class="text-ink-2">"The file of " <code>{owner}</code> {then}</p> }
}

fn secrets(site: &Site, id: &str, secrets: ClientSecrets) -> impl IntoView + use<> {
    let rows = secrets.live.into_iter().map(|secret| secret_row(site, id, secret)).collect::<Vec<_>>();
    let list = if rows.is_empty() {
        view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">"It has no secret that works."</p> }
            .into_any()
    } else {
        view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows}</ul> }.into_any()
    };
    let needs_new = secrets.needs_new.then(|| {
        view! {
            <Alert tone=Tone::Look title="It needs a new secret">
                <p>"Until it has one it cannot prove itself the way it is set up to."</p>
            </Alert>
        }
    });
    view! {
        <section class="grid gap-3.5" aria-labelledby="secrets">
            <div class="flex flex-wrap items-center justify-between gap-x-5 gap-y-2">
                <div class="grid gap-0.5">
                    <h2 id="secrets">"Secrets"</h2>
                    <p class="text-ink-2 text-sm">"Two may work while you change over."</p>
                </div>
                <ButtonLink href=site.to_query("/admin/clients/new-secret", "id", id)>"Make another"</ButtonLink>
            </div>
            {needs_new}
            {list}
        </section>
    }
}

/// One secret: enough to tell it apart, never more.
fn secret_row(site: &Site, id: &str, secret: SecretRow) -> AnyView {
    let href = site.to_queries("/admin/clients/end-secret", &[("id", id), ("secret", &secret.id)]);
    let label = format!("End the secret …{}", secret.hint);
    let ends = secret.ends.map(|ends| view! { " · works until " <Moment when=ends/> });
    let badge = ends.is_some().then(|| view! { <Badge class="look">"Ends"</Badge> });
    view! {
        <li class="grid grid-cols-[auto_minmax(0,1fr)_auto] max-row:grid-cols-[auto_minmax(0,1fr)] items-center max-row:items-start gap-x-4 gap-y-1 px-4.5 py-3.5">
            <SignTile sign=Sign::Key/>
            <div>
                <p class="font-semibold flex flex-wrap items-center gap-x-2.5 gap-y-1 leading-snug">
                    <code>"…" {secret.hint}</code>
                    {badge}
                </p>
                <p class="text-ink-3 text-xs">"made " <Moment when=secret.made/> {ends}</p>
            </div>
            <div class="flex max-row:col-span-full max-row:mt-1.5 max-row:[--b:var(--color-rim)]">
                <ButtonLink href kind=Kind::QuietClay wide=true label>"End now"</ButtonLink>
            </div>
        </li>
    }
    .into_any()
}

/// Settings without words of their own.
fn further(settings: Vec<(String, String)>) -> impl IntoView {
    let lines = settings.into_iter().map(|(name, value)| {
        view! {
            <dt class="wrap-anywhere"><code>{name}</code></dt>
            <dd class="min-w-0 wrap-anywhere max-row:mb-2"><code>{value}</code></dd>
        }
    });
    view! {
        <details class="more">
            <summary class="inline-flex items-center gap-1.5 min-h-8 text-door text-sm font-medium">"Further settings"</summary>
            <dl class="grid grid-cols-[max-content_minmax(0,1fr)] max-row:grid-cols-1 gap-x-5 gap-y-1 pt-2 text-sm">{lines.collect_view()}</dl>
        </details>
    }
}
