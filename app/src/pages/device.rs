//! Connecting a device: the code, the question, the end.

use leptos::prelude::*;

use super::{
    Page, Setting,
    consent::{details, scopes, uses},
    head,
};
use crate::components::{
    Alert, Asks, Button, ButtonLink, CallerHead, Door, ErrorSummary, Field, Hidden, Kind, Moment, Sign, SignTile, Tone,
    Who, door,
};
use crate::model::{ConfirmDevicePage, DeviceDonePage, DevicePage, Person, Site, words_for};

impl Page for DevicePage {
    fn title(&self, _: &Site) -> String {
        if self.from_link { "Is this the code on your device?" } else { "Connect a device" }.to_owned()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let problems: Vec<_> = self.problem.into_iter().collect();
        let error = words_for(&problems, "user_code");
        let (sentence, button) = if self.from_link {
            (
                "Compare it with the other screen. Go on only if both are the same and you started this yourself.",
                "Yes, it is the same",
            )
        } else {
            ("Type the code shown on the other screen. Go on only if you started this yourself.", "Continue")
        };
        // Nothing to type is left when the code came with the link, so the page opens at its beginning and is read.
        let autofocus = error.is_some() || (problems.is_empty() && !self.from_link);
        let who = self.person.map(|person| who(site, person));
        let panel = view! {
            <div class="flex"><SignTile sign=Sign::Computer/></div>
            {head(title, sentence)}
            <ErrorSummary title="No device is connected yet" problems/>
            <form class="grid gap-4" method="post" action=site.to("/do/device-code")>
                <Field
                    id="user_code"
                    label="Code on the device"
                    autocomplete="off"
                    kind=Asks::Letters
                    value=self.code
                    maxlength=16
                    hint=Some("Eight letters; the hyphen is optional. It is good for ten minutes.".to_owned())
                    error
                    autofocus
                />
                <Button kind=Kind::Primary wide=true>{button}</Button>
            </form>
            {who}
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for ConfirmDevicePage {
    fn title(&self, _: &Site) -> String {
        format!("Connect {} on your device?", self.caller.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let name = self.caller.name.clone();
        let from = self.ip.map(|ip| format!("from {ip}, "));
        let panel = view! {
            <CallerHead caller=Some(self.caller)/>
            {head(title, view! { {name} " asked " {from} <Moment when=self.asked/> {uses(&self.resources)} "." })}
            <div class="grid gap-1 px-4 py-3.5 rounded-md bg-sunken border border-line text-center">
                <p class="text-sm text-ink-2">"Is this the code on your device?"</p>
                <p class="font-mono text-2xl tracking-[0.12em] tabular-nums">{self.code}</p>
            </div>
            <Alert tone=Tone::Look title="Only if the device is yours">
                <p>"Did somebody send you this code or a link with it? Then press Deny: their device would get your account."</p>
            </Alert>
            {who(site, self.person)}
            <form class="grid gap-4" method="post" action=site.to("/do/device")>
                <Hidden name="d" value=self.handle/>
                {details(self.details)}
                {scopes("It needs", self.needed, false)}
                {scopes("Your choice – tick what you want to give", self.optional, true)}
                <div class="pair">
                    <Button sends=("decision", "deny")>"Deny"</Button>
                    <Button kind=Kind::Primary sends=("decision", "allow")>"Allow"</Button>
                </div>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: true })
    }
}

/// Who is signed in, and the way to be somebody else.
fn who(site: &Site, person: Person) -> impl IntoView + use<> {
    let switch = site.to_query("/sign-in/choose", "next", "device");
    view! {
        <Who person>
            <a class="inline-flex items-center min-h-11" href=switch>"Use another account"</a>
        </Who>
    }
}

impl Page for DeviceDonePage {
    fn title(&self, _: &Site) -> String {
        if self.allowed { "The device is connected" } else { "The device was refused" }.to_owned()
    }

    fn setting(&self) -> Setting {
        if self.allowed { Setting::Door } else { Setting::ShutDoor }
    }

    fn view(self, site: &Site) -> AnyView {
        let (sign, sentence) = if self.allowed {
            (Sign::Tick, "Go back to it: within a few seconds it goes on by itself. You can close this page.")
        } else {
            (Sign::Stop, "It got nothing of your account. You can close this page.")
        };
        let panel = view! {
            <div class="flex"><SignTile sign/></div>
            {head(self.title(site), sentence)}
            <div class="pair">
                <ButtonLink href=site.to("/account")>"Go to your account"</ButtonLink>
            </div>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
