//! Recovery codes: shown once, or made anew.

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Button, ButtonLink, Door, Icon, Kind, Sign, StepBar, door};
use crate::model::{RecoveryCodesPage, Site, count};

impl Page for RecoveryCodesPage {
    fn title(&self, _: &Site) -> String {
        match self {
            Self::Fresh { .. } => "Keep these ten codes",
            Self::Ask { .. } => "Make new recovery codes?",
            Self::NoFactor => "There are no recovery codes yet",
        }
        .to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let security = site.to("/account/security");
        let panel = match self {
            Self::Fresh { codes, first } => fresh(site, title, codes, first).into_any(),
            Self::Ask { left } => view! {
                {head(title, format!("You have {} left. New ones take the place of all of them.", count(u64::from(left), "code")))}
                <form class="pair" method="post" action=site.to("/do/recovery-codes")>
                    <ButtonLink href=security>"Keep the old ones"</ButtonLink>
                    <Button kind=Kind::Primary>"Make new codes"</Button>
                </form>
            }
            .into_any(),
            Self::NoFactor => view! {
                {head(title, "They stand in for an authenticator app on the day it is not at hand. Add one first: ten codes come with it.")}
                <div class="pair">
                    <ButtonLink href=security>"Not now"</ButtonLink>
                    <ButtonLink href=site.to("/account/authenticators/add") kind=Kind::Primary>"Add an authenticator app"</ButtonLink>
                </div>
            }
            .into_any(),
        };
        door(site, Door { panel, foot: None, wide: false })
    }
}

fn fresh(site: &Site, title: String, codes: Vec<String>, first: bool) -> impl IntoView {
    let steps = first.then(|| {
        view! { <StepBar label="Adding an authenticator app" steps=&["Name it", "Scan", "Recovery codes"] at=2/> }
    });
    let old = if first { "" } else { " The old ones no longer work." };
    let sentence =
        format!("Each one lets you in once when your app is not at hand. This page shows them this one time.{old}");
    // A file that the page carries in itself: nothing has to be asked of us again, and no script has to run.
    let file = format!("data:text/plain;charset=utf-8,{}%0A", codes.join("%0A"));
    let items = codes.into_iter().map(|code| view! { <li class="select-all">{code}</li> });
    view! {
        {steps}
        {head(title, sentence)}
        <ul class="columns-2 px-4.5 py-3.5 rounded-md bg-sunken border border-line font-mono text-md leading-[2]" aria-label="Recovery codes">
            {items.collect_view()}
        </ul>
        <div class="pair">
            <a class="btn second" href=file download="recovery-codes.txt"><Icon sign=Sign::Save/>"Save as text"</a>
            <ButtonLink href=site.to("/account/security") kind=Kind::Primary>"I have put them somewhere safe"</ButtonLink>
        </div>
    }
}
