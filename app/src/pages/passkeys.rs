//! Passkeys: the list, rename, remove, and the offer after signing in with a password.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::assets;
use crate::components::{
    Alert, Asks, Badge, Button, ButtonLink, Ceremony, Dead, Door, ErrorSummary, Field, Hidden, Kind, Moment,
    PasskeyForm, Place, Sign, SignTile, Tone, door, room,
};
use crate::model::{
    PasskeyKind, PasskeyOfferPage, PasskeyRow, PasskeysPage, PasskeysState, RemovePasskeyPage, RenamePasskeyPage, Site,
    number,
};

const NO_SCRIPT: &str = "Adding a passkey needs a script, and scripts are off in this browser. Turn them on for this \
                         site to add one. Signing in with your password works without.";

impl Page for PasskeysPage {
    fn title(&self, site: &Site) -> String {
        format!("Passkeys · {}", site.name())
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let add = match self.state {
            PasskeysState::Open => Some(view! {
                <PasskeyForm site=site.clone() ceremony=Ceremony::Create kind=Kind::Primary>"Add a passkey"</PasskeyForm>
            }
            .into_any()),
            PasskeysState::Stale => Some(view! {
                <div class="grid">
                    <ButtonLink href=site.to_query("/account/confirm", "next", "passkeys")>"Sign in again to change them"</ButtonLink>
                </div>
            }
            .into_any()),
            PasskeysState::Unavailable => None,
        };
        let top = view! {
            <div class="flex flex-wrap items-start justify-between gap-x-6 gap-y-3.5">
                <div class="grid gap-1.5 max-w-[62ch] min-w-0">
                    <h1>"Passkeys"</h1>
                    <p class="text-ink-2">"The quickest and safest way in. Each lives on a device or in a password manager."</p>
                </div>
                <div class="max-row:w-full">{add}</div>
            </div>
        };
        let problems = self.problem.into_iter().collect::<Vec<_>>();
        let missing = match self.state {
            PasskeysState::Open => Some(view! { <div class="without-script"><Alert tone=Tone::Info title="Scripts are off"><p>{NO_SCRIPT}</p></Alert></div> }.into_any()),
            PasskeysState::Stale => None,
            PasskeysState::Unavailable => {
                Some(view! { <Alert tone=Tone::Info title="No passkeys at this address"><p>"Browsers make passkeys only for sites with a name, over https."</p></Alert> }.into_any())
            }
        };
        let rows = self.keys.into_iter().map(|key| row(site, key)).collect::<Vec<_>>();
        let list = if rows.is_empty() {
            view! {
                <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">
                    "You have no passkey yet. With one, your finger, your face or the PIN of your device is all it takes."
                </p>
            }
            .into_any()
        } else {
            view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows}</ul> }
                .into_any()
        };
        let person = self.room.person.clone();
        let signal = self.signal.map(|signal| {
            view! {
                <div
                    hidden
                    data-signal=signal.rp_id
                    data-user=signal.user_handle
                    data-accepted=signal.credential_ids.join(" ")
                    data-name=person.email.clone()
                    data-display=person.called().to_owned()
                    data-module=assets::url(site, "passkey.js")
                ></div>
            }
        });
        let body = view! {
            <section class="grid gap-3.5" aria-label="Your passkeys">
                <ErrorSummary title="No passkey was added" problems/>
                {missing}
                {list}
                {signal}
            </section>
        };
        room(site, self.room, Place::Passkeys, top.into_any(), body.into_any())
    }
}

fn sign(kind: PasskeyKind) -> Sign {
    match kind {
        PasskeyKind::Unknown => Sign::Passkey,
        PasskeyKind::Device => Sign::Computer,
        PasskeyKind::Manager => Sign::Lock,
        PasskeyKind::SecurityKey => Sign::Key,
    }
}

/// "iCloud Keychain · added 3 March 2024 · used today at 14:02".
fn facts(key: &PasskeyRow) -> impl IntoView + use<> {
    let maker = key.maker.map(|maker| format!("{maker} · "));
    let used = match key.used.clone() {
        Some(when) => view! { "used " <Moment when/> }.into_any(),
        None => "not used yet".into_any(),
    };
    let added = key.added.clone();
    view! { <p class="text-ink-3 text-xs">{maker} "added " <Moment when=added/> " · " {used}</p> }
}

fn row(site: &Site, key: PasskeyRow) -> AnyView {
    let facts = facts(&key);
    let to = |path| site.to_query(path, "id", &key.id);
    let (rename, remove) = (to("/account/passkeys/rename"), to("/account/passkeys/remove"));
    let (rename_label, remove_label) = (format!("Rename {}", key.name), format!("Remove {}", key.name));
    let copied = key.copied.map(|when| {
        view! {
            <p class="text-sm text-ink-2 mt-1">
                "A copy of it was refused " <Moment when/> ". If you know of none, remove it and add a new one."
            </p>
        }
    });
    let badge = copied.is_some().then(|| view! { <Badge class="look">"Copied"</Badge> });
    view! {
        <li class="grid grid-cols-[auto_minmax(0,1fr)_auto] max-row:grid-cols-[auto_minmax(0,1fr)] items-center max-row:items-start gap-x-4 gap-y-1 px-4.5 py-3.5">
            <SignTile sign=sign(key.kind)/>
            <div>
                <p class="font-semibold flex flex-wrap items-center gap-x-2.5 gap-y-1 leading-snug wrap-anywhere">{key.name} {badge}</p>
                {facts}
                {copied}
            </div>
            <div class="flex gap-1 max-row:col-span-full max-row:mt-1.5 max-row:[--b:var(--color-rim)]">
                <ButtonLink href=rename kind=Kind::Quiet label=rename_label>"Rename"</ButtonLink>
                <ButtonLink href=remove kind=Kind::QuietClay label=remove_label>"Remove"</ButtonLink>
            </div>
        </li>
    }
    .into_any()
}

impl Page for RenamePasskeyPage {
    fn title(&self, _: &Site) -> String {
        format!("Rename “{}”", self.name)
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let problems = self.problem.into_iter().collect::<Vec<_>>();
        let error = self.problem.map(|problem| crate::model::Problem::words(&problem));
        let focus = error.is_some();
        let value = self.typed.unwrap_or(self.name);
        let panel = view! {
            {head(title, "A name that tells you where this passkey is, such as “Work phone”.")}
            <ErrorSummary title="The name is not changed yet" problems/>
            <form class="grid gap-4" method="post" action=site.to("/do/rename-passkey")>
                <Hidden name="id" value=self.id/>
                <Field id="name" label="Name" kind=Asks::Text autocomplete="off" value maxlength=60 error autofocus=focus/>
                <div class="pair">
                    <ButtonLink href=site.to("/account/passkeys")>"Keep it"</ButtonLink>
                    <Button kind=Kind::Primary>"Rename"</Button>
                </div>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl RemovePasskeyPage {
    fn is_last_way_in(&self) -> bool {
        self.others == 0 && !self.has_password
    }

    /// What is left without it.
    fn kept(&self) -> String {
        let others = match self.others {
            0 => None,
            1 => Some("one passkey".to_owned()),
            n => Some(format!("{} passkeys", number(n))),
        };
        let password = self.has_password.then(|| "your password".to_owned());
        let kept = others.into_iter().chain(password).collect::<Vec<_>>().join(" and ");
        format!(
            "You keep {kept}. Every other session ends; this browser stays. Delete it where it is kept, too, or it \
             will go on being offered."
        )
    }
}

impl Page for RemovePasskeyPage {
    fn title(&self, _: &Site) -> String {
        format!("Remove the passkey “{}”?", self.key.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let back = site.to("/account/passkeys");
        let panel = if self.is_last_way_in() {
            let words = "It is the only way into your account. Add another passkey first, or choose a password.";
            view! { <Dead title="This passkey stays" words way_on=(back, "Back to your passkeys")/> }.into_any()
        } else if self.is_stale {
            let again = site.to_query("/account/confirm", "next", "passkeys");
            view! {
                {head(self.title(site), "You signed in a while ago. Sign in again to remove it.")}
                <div class="pair">
                    <ButtonLink href=back>"Keep it"</ButtonLink>
                    <ButtonLink href=again kind=Kind::Primary>"Sign in again"</ButtonLink>
                </div>
            }
            .into_any()
        } else {
            view! {
                {head(self.title(site), self.kept())}
                <form class="pair" method="post" action=site.to("/do/remove-passkey")>
                    <Hidden name="id" value=self.key.id/>
                    <ButtonLink href=back>"Keep it"</ButtonLink>
                    <Button kind=Kind::Danger>"Remove passkey"</Button>
                </form>
            }
            .into_any()
        };
        door(site, Door { panel, foot: None, wide: false })
    }
}

impl Page for PasskeyOfferPage {
    fn title(&self, _: &Site) -> String {
        "Sign in without a password next time?".to_owned()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn view(self, site: &Site) -> AnyView {
        let problems = self.problem.into_iter().collect::<Vec<_>>();
        let panel = view! {
            <SignTile sign=Sign::Passkey/>
            {head(
                self.title(site),
                "With a passkey, your finger, your face or the PIN of your device is all it takes. Nobody can steal it with a false page.",
            )}
            <ErrorSummary title="No passkey was added" problems/>
            <div class="without-script"><p class="text-sm text-ink-2">{NO_SCRIPT}</p></div>
            <PasskeyForm
                site=site.clone()
                ceremony=Ceremony::Create
                kind=Kind::Primary
                wide=true
                interaction=self.interaction.clone()
                next=self.next
                offer=true
            >
                "Add a passkey"
            </PasskeyForm>
            <form class="pair" method="post" action=site.to("/do/answer-offer")>
                <Hidden name="i" value=self.interaction/>
                <Hidden name="next" value=self.next.map(str::to_owned)/>
                <Button kind=Kind::Quiet sends=("answer", "never")>"Never ask again"</Button>
                <Button sends=("answer", "not-now")>"Not now"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
