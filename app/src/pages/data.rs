//! One's data: taking it along, leaving for a while, leaving for good.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{
    Alert, Button, ButtonLink, Dead, Door, Hidden, Icon, Kind, Moment, Place, Sign, SignTile, Tone, door, room,
};
use crate::model::{ComeBackPage, DataPage, DeactivatePage, DeleteAccountPage, LeftPage, Site, When};

/// "Your account will be erased", with the way to keep it.
pub(super) fn leaving(site: &Site, erase: &When) -> impl IntoView + use<> {
    let action = site.to("/do/keep-account");
    view! {
        <Alert tone=Tone::Look title=format!("Your account will be erased on {}", erase.full)>
            <p>"You asked for that. Until then, you can keep it."</p>
            <form class="flex max-row:grid pt-2" method="post" action=action>
                <Button kind=Kind::Primary>"Keep my account"</Button>
            </form>
        </Alert>
    }
}

const SECTION: &str = "grid gap-3.5 max-w-[62ch]";

/// The way to the end of the account; what others belong to is handed over first.
fn delete(site: &Site, owned: Vec<(String, String)>) -> AnyView {
    let way = if owned.is_empty() {
        view! {
            <div class="flex max-row:grid">
                <ButtonLink href=site.to("/account/data/delete") kind=Kind::DangerLine>"Delete account"</ButtonLink>
            </div>
        }
        .into_any()
    } else {
        let links = owned.into_iter().map(|(id, name)| {
            let href = site.to(&format!("/organizations/{id}/settings"));
            view! { <li><a href=href>{name}</a></li> }
        });
        let links = links.collect::<Vec<_>>();
        view! {
            <Alert tone=Tone::Info title="Others belong to what you own">
                <p>"Hand these over first, or delete them:"</p>
                <ul class="ps-4.5 list-disc wrap-anywhere">{links}</ul>
            </Alert>
        }
        .into_any()
    };
    view! {
        <section class=SECTION aria-labelledby="delete">
            <div class="grid gap-1">
                <h2 id="delete">"Delete"</h2>
                <p class="text-ink-2 text-sm">
                    "Everything is signed out now, and the account is erased after 30 days. Until then you can sign in and keep it."
                </p>
            </div>
            {way}
        </section>
    }
    .into_any()
}

impl Page for DataPage {
    fn title(&self, site: &Site) -> String {
        format!("Your data · {}", site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"Your data"</h1>
                <p class="text-ink-2">"Take a copy of it, or leave: for a while or for good."</p>
            </div>
        };
        let is_leaving = self.erase.is_some();
        let alert = self.erase.map(|erase| leaving(site, &erase));
        let leave = if self.is_last_admin {
            view! { <Alert tone=Tone::Info title="You are the last administrator"><p>"Make somebody else one before you leave."</p></Alert> }
                .into_any()
        } else {
            let delete = (!is_leaving).then(|| delete(site, self.owned));
            view! {
                <section class=SECTION aria-labelledby="deactivate">
                    <div class="grid gap-1">
                        <h2 id="deactivate">"Deactivate"</h2>
                        <p class="text-ink-2 text-sm">
                            "Everything is signed out, and nobody can sign in. Nothing is deleted: a link in a mail opens the account again, for a year."
                        </p>
                    </div>
                    <div class="flex max-row:grid">
                        <ButtonLink href=site.to("/account/data/deactivate") kind=Kind::DangerLine>"Deactivate account"</ButtonLink>
                    </div>
                </section>
                {delete}
            }
            .into_any()
        };
        let body = view! {
            {alert}
            <section class=SECTION aria-labelledby="export">
                <div class="grid gap-1">
                    <h2 id="export">"Export"</h2>
                    <p class="text-ink-2 text-sm">
                        "A JSON file with your account, sessions, applications and what happened. No passwords, keys or codes are in it."
                    </p>
                </div>
                <div class="flex max-row:grid">
                    <a class="btn second" href=site.to("/account/data/export") download="account.json"><Icon sign=Sign::Save/>"Download"</a>
                </div>
            </section>
            {leave}
        };
        room(site, self.room, Place::Data, top.into_any(), body.into_any())
    }
}

impl Page for DeactivatePage {
    fn title(&self, _: &Site) -> String {
        "Deactivate your account?".to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let sentence = view! {
            "Every session and application is signed out now, this browser too, and nobody can sign in. The way back is a link that we mail to "
            <b class="wrap-anywhere">{self.email}</b>
            ". It works for a year; after that, an administrator can help."
        };
        let panel = view! {
            {head(title, sentence)}
            <form class="pair" method="post" action=site.to("/do/deactivate")>
                <ButtonLink href=site.to("/account/data")>"Stay"</ButtonLink>
                <Button kind=Kind::Danger>"Deactivate"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for DeleteAccountPage {
    fn title(&self, _: &Site) -> String {
        "Delete your account?".to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let sentence = view! {
            "Every session and application is signed out now, this browser too. On "
            <b><Moment when=When { text: self.erase.full.clone(), ..self.erase }/></b>
            " the account is erased, and nobody can bring it back. Until then, sign in to keep it."
        };
        let panel = view! {
            {head(title, sentence)}
            <form class="pair" method="post" action=site.to("/do/delete-account")>
                <ButtonLink href=site.to("/account/data")>"Keep it"</ButtonLink>
                <Button kind=Kind::Danger>"Delete account"</Button>
            </form>
        };
        let foot = view! { <a href=site.to("/account/data")>"Take a copy of your data first"</a> };
        door(site, Door { panel: panel.into_any(), foot: Some(foot.into_any()), wide: false })
    }
}

impl Page for LeftPage {
    fn title(&self, _: &Site) -> String {
        match self {
            Self::Deactivated => "Your account is deactivated".to_owned(),
            Self::Deleted { .. } => "Your account will be erased".to_owned(),
        }
    }

    fn setting(&self) -> Setting {
        Setting::ShutDoor
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let sentence = match self {
            Self::Deactivated => "A mail with the way back is on its way. You are signed out everywhere.".to_owned(),
            Self::Deleted { erase } => {
                format!(
                    "That happens on {}. Sign in before then to keep it. You are signed out everywhere.",
                    erase.full
                )
            }
        };
        let panel = view! {
            <SignTile sign=Sign::Leave/>
            {head(title, sentence)}
            <div class="flex max-door:grid"><ButtonLink href=site.to("/sign-in")>"Go to sign-in"</ButtonLink></div>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for ComeBackPage {
    fn title(&self, _: &Site) -> String {
        match self {
            Self::Ready { .. } => "Come back?".to_owned(),
            Self::Dead => "This link no longer works".to_owned(),
        }
    }

    fn failed(&self) -> bool {
        matches!(self, Self::Dead)
    }

    fn setting(&self) -> Setting {
        if matches!(self, Self::Dead) { Setting::ShutDoor } else { Setting::Door }
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let panel = match self {
            Self::Ready { token, email } => view! {
                {head(title, view! { "One press, and the account of " <b class="wrap-anywhere">{email}</b> " is as you left it. Sign in to it afterwards." })}
                <form class="grid" method="post" action=site.to("/do/come-back")>
                    <Hidden name="t" value=token/>
                    <Button kind=Kind::Primary wide=true>"Activate account"</Button>
                </form>
            }
            .into_any(),
            Self::Dead => {
                let words = "It was used, or is older than a year. If your account is still deactivated, an administrator can help.";
                let way_on = (site.to("/sign-in"), "Go to sign-in");
                view! { <Dead title="This link no longer works" words=words.to_owned() way_on/> }.into_any()
            }
        };
        door(site, Door { panel, foot: None, wide: false })
    }
}
