//! May this application use the account?

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Badge, Button, CallerTile, Check, Door, Face, Hidden, Icon, Kind, Mark, Sign, Who, door};
use crate::model::{ConsentPage, DetailLine, ScopeLine, Site};

impl Page for ConsentPage {
    fn title(&self, _: &Site) -> String {
        format!("Allow {} to use your account?", self.caller.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let name = self.caller.name.clone();
        let at = self.caller.domain.clone().map(|domain| view! { " at " <b class="wrap-anywhere">{domain}</b> });
        let uses = uses(&self.resources);
        let sentence = view! { {name.clone()} {at} " asks for the following" {uses} "." };
        let remember = self.remember.map(|checked| {
            view! { <Check name="remember" checked><span>{format!("Remember my answer for {name}")}</span></Check> }
        });
        let switch = site.to_query("/sign-in/choose", "i", &self.interaction);
        let panel = view! {
            <div class="flex" aria-hidden="true">
                <CallerTile caller=self.caller large=true/>
                <span class="way"><Mark size=34/></span>
                <Face person=self.person.clone() large=true/>
            </div>
            {head(title, sentence)}
            <Who person=self.person>
                <a class="inline-flex items-center min-h-11" href=switch>"Use another account"</a>
            </Who>
            <form class="grid gap-4" method="post" action=site.to("/do/consent")>
                <Hidden name="i" value=self.interaction/>
                {details(self.details)}
                {scopes("It needs", self.needed, false)}
                {scopes("Your choice – tick what you want to give", self.optional, true)}
                <p class="flex gap-2.5 text-sm text-ink-2">
                    <Icon sign=Sign::Lock class="text-ink-3"/>
                    <span>"It will not see your password or your sessions."</span>
                </p>
                {remember}
                <div class="pair">
                    <Button sends=("decision", "deny")>"Deny"</Button>
                    <Button kind=Kind::Primary sends=("decision", "allow")>"Allow"</Button>
                </div>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: true })
    }
}

/// The APIs it will use, as the end of a sentence.
pub(super) fn uses(resources: &[String]) -> Option<impl IntoView + use<>> {
    (!resources.is_empty()).then(|| view! { " to use " <b class="wrap-anywhere">{resources.join(", ")}</b> })
}

/// What is asked for in detail: each a small list of what it says, nothing of it left out.
pub(super) fn details(lines: Vec<DetailLine>) -> Option<impl IntoView> {
    if lines.is_empty() {
        return None;
    }
    let lines = lines.into_iter().map(|line| {
        let facts = line.facts.into_iter().map(|(name, value)| {
            view! {
                <dt class="text-ink-3">{name}</dt>
                <dd class="wrap-anywhere">{value}</dd>
            }
        });
        view! {
            <div class="clear-both px-3.5 py-2.5 leading-snug border-t border-line">
                <b class="wrap-anywhere">{line.what}</b>
                {line.detail.map(|detail| view! { <small class="block text-ink-3 text-xs">{detail}</small> })}
                <dl class="mt-1.5 grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 text-sm">{facts.collect_view()}</dl>
            </div>
        }
    });
    Some(view! {
        <fieldset class="border border-line rounded-md overflow-clip">
            <legend class="float-left w-full px-3.5 py-2.5 text-xs text-ink-2 bg-sunken">"It asks for exactly this"</legend>
            {lines.collect_view()}
        </fieldset>
    })
}

/// One group of what is asked for; an empty one is absent.
pub(super) fn scopes(legend: &'static str, lines: Vec<ScopeLine>, choice: bool) -> Option<impl IntoView> {
    const ROW: &str = "clear-both flex gap-3 px-3.5 py-2.5 leading-snug border-t border-line";
    if lines.is_empty() {
        return None;
    }
    let lines = lines.into_iter().map(|line| {
        let words = view! {
            <span class="flex-1 min-w-0 wrap-anywhere">
                {line.what}
                {line.detail.filter(|d| !d.is_empty()).map(|d| view! { <small class="block text-ink-3 text-xs">{d}</small> })}
            </span>
        };
        if choice {
            view! {
                <label class=format!("{ROW} min-h-11 cursor-pointer hover:bg-door-soft")>
                    <input type="checkbox" name="scope" value=line.scope checked=line.ticked/>
                    {words}
                </label>
            }
            .into_any()
        } else {
            view! {
                <div class=ROW>
                    <Icon sign=Sign::Tick class="text-door"/>
                    {words}
                    <span class="self-center max-door:hidden"><Badge>"Needed"</Badge></span>
                </div>
            }
            .into_any()
        }
    });
    Some(view! {
        <fieldset class="border border-line rounded-md overflow-clip">
            <legend class="float-left w-full px-3.5 py-2.5 text-xs text-ink-2 bg-sunken">{legend}</legend>
            {lines.collect_view()}
        </fieldset>
    })
}
