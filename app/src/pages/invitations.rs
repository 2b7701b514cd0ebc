//! Invitations as those see them who are invited (E6): behind the link of the mail, and in the account.

use leptos::prelude::*;

use super::{Page, Setting, head};
use crate::components::{
    Alert, Button, ButtonLink, Dead, Door, FlashNote, Hidden, Kind, Moment, Place, Tone, door, room,
};
use crate::model::{InvitationCard, InvitationEnd, InvitationPage, InvitationReader, InvitationsPage, Site};

impl Page for InvitationPage {
    fn title(&self, _: &Site) -> String {
        match self {
            Self::Open { card, .. } => format!("Join {}?", card.organization),
            Self::Over { end, .. } => over(*end).0.to_owned(),
            Self::Dead => GONE.to_owned(),
        }
    }

    fn failed(&self) -> bool {
        matches!(self, Self::Dead) || matches!(self, Self::Open { flash: Some(flash), .. } if !flash.is_good())
    }

    fn setting(&self) -> Setting {
        if matches!(self, Self::Open { .. }) { Setting::Door } else { Setting::ShutDoor }
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let (panel, foot) = match self {
            Self::Open { token, card, reader, flash } => {
                let foot = matches!(reader, InvitationReader::Invited)
                    .then(|| "Nothing happens before you accept. You can answer later, too.");
                let panel = view! {
                    {head(title, card.sentence())}
                    <FlashNote flash/>
                    {note(card.note.as_deref())}
                    <p class="text-ink-2 text-sm wrap-anywhere">
                        "For " <b>{card.email.clone()}</b> ", until " <Moment when=card.until.clone()/> "."
                    </p>
                    {answer(site, token, &card, reader)}
                };
                (panel.into_any(), foot)
            }
            Self::Over { organization, end, flash } => {
                let (title, words) = over(end);
                let words = format!("The invitation to {organization} {words}");
                let way_on = (site.to("/"), "Go to your account");
                (view! { <FlashNote flash/> <Dead title words way_on/> }.into_any(), None)
            }
            Self::Dead => {
                let words = "There is no invitation behind it: a newer mail may have taken its place, or the organisation \
                             is gone. Open the newest mail, or ask to be invited again.";
                let way_on = (site.to("/"), "Go to your account");
                (view! { <Dead title=GONE words way_on/> }.into_any(), None)
            }
        };
        door(site, Door { panel, foot: foot.map(IntoAny::into_any), wide: false })
    }
}

const GONE: &str = "This link does not work";

/// How an invitation ended: a heading, and what stands behind "The invitation to …".
const fn over(end: InvitationEnd) -> (&'static str, &'static str) {
    match end {
        InvitationEnd::Accepted => ("You have joined already", "was accepted. Its link works once."),
        InvitationEnd::Rejected => {
            ("This invitation was declined", "was declined. If that was a mistake, ask for another.")
        }
        InvitationEnd::Withdrawn => ("This invitation was taken back", "was taken back. Ask whoever sent it why."),
        InvitationEnd::Expired => ("This invitation is over", "was not answered in time. Ask for another."),
    }
}

/// What whoever reads it can do.
fn answer(site: &Site, token: String, card: &InvitationCard, reader: InvitationReader) -> AnyView {
    match reader {
        InvitationReader::Invited => view! {
            <form class="pair" method="post" action=site.to("/do/answer-invitation")>
                <Hidden name="t" value=token/>
                <Button sends=("answer", "decline")>"Decline"</Button>
                <Button kind=Kind::Primary sends=("answer", "accept")>"Accept"</Button>
            </form>
        }
        .into_any(),
        InvitationReader::Nobody { may_register } => {
            let make = may_register.then(|| {
                let href = site.to_query("/register", "next", "invitation");
                view! { <ButtonLink href wide=true>"Create an account"</ButtonLink> }
            });
            let words = if may_register {
                "To accept, sign in to the account with this address. If there is none, make one: this link confirms the address."
            } else {
                "To accept, sign in to the account with this address. New accounts are made by whoever runs this instance."
            };
            let href = site.to_query("/sign-in", "next", "invitation");
            view! {
                <p class="text-ink-2">{words}</p>
                <div class="grid gap-2.5">
                    <ButtonLink href kind=Kind::Primary wide=true>"Sign in"</ButtonLink>
                    {make}
                </div>
                <form class="grid" method="post" action=site.to("/do/answer-invitation")>
                    <Hidden name="t" value=token/>
                    <Button kind=Kind::Quiet wide=true sends=("answer", "decline")>"Decline without signing in"</Button>
                </form>
            }
            .into_any()
        }
        InvitationReader::Unconfirmed => view! {
            <Alert tone=Tone::Look title="Confirm your address first">
                <p>"You are signed in to the account with this address. Nobody confirmed yet that it is yours."</p>
            </Alert>
            <form class="grid" method="post" action=site.to("/do/resend-verification")>
                <Button kind=Kind::Primary wide=true>"Send the mail that confirms it"</Button>
            </form>
        }
        .into_any(),
        InvitationReader::Another { email } => {
            let href = site.to_query("/sign-in/choose", "next", "invitation");
            let invited = card.email.clone();
            view! {
                <Alert tone=Tone::Look title="This is for another account">
                    <p class="wrap-anywhere">"You are signed in as " <b>{email}</b> ". Only " <b>{invited}</b> " can accept."</p>
                </Alert>
                <div class="grid"><ButtonLink href kind=Kind::Primary wide=true>"Switch account"</ButtonLink></div>
            }
            .into_any()
        }
    }
}

/// What the inviter has to say, in their own words.
fn note(note: Option<&str>) -> Option<AnyView> {
    note.map(|note| {
        view! {
            <blockquote class="px-4 py-3 rounded-md bg-sunken border border-line text-sm whitespace-pre-line wrap-anywhere">
                {note.to_owned()}
            </blockquote>
        }
        .into_any()
    })
}

impl Page for InvitationsPage {
    fn title(&self, site: &Site) -> String {
        format!("Invitations · {}", site.name())
    }

    fn failed(&self) -> bool {
        self.room.flash.is_some_and(|flash| !flash.is_good())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"Invitations"</h1>
                <p class="text-ink-2">"Organisations that want you as a member. Nothing happens before you accept."</p>
            </div>
        };
        let body = match (self.invitations.is_empty(), self.is_confirmed) {
            (false, _) => {
                let rows = self.invitations.into_iter().map(|card| row(site, card)).collect_view();
                view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows}</ul> }
                    .into_any()
            }
            (true, true) => nothing("Nobody has invited you. Once somebody does, it stands here, too."),
            (true, false) => {
                nothing("Invitations go to confirmed addresses. Confirm yours, and those to you stand here.")
            }
        };
        room(site, self.room, Place::Invitations, top.into_any(), body)
    }
}

fn nothing(words: &'static str) -> AnyView {
    view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">{words}</p> }
        .into_any()
}

fn row(site: &Site, card: InvitationCard) -> AnyView {
    let label = format!("Your answer to {}", card.organization);
    view! {
        <li class="grid grid-cols-[minmax(0,1fr)_auto] max-row:grid-cols-1 items-center gap-x-4 gap-y-2.5 px-4.5 py-3.5">
            <div class="grid gap-1 min-w-0">
                <p class="font-semibold leading-snug wrap-anywhere">{card.organization.clone()}</p>
                <p class="text-ink-3 text-xs wrap-anywhere">{card.sentence()} " Until " <Moment when=card.until.clone()/> "."</p>
                {note(card.note.as_deref())}
            </div>
            <form class="flex gap-2.5 max-row:[&>*]:flex-1" method="post" action=site.to("/do/answer-invitation") aria-label=label>
                <Hidden name="id" value=card.id/>
                <Button sends=("answer", "decline")>"Decline"</Button>
                <Button kind=Kind::Primary sends=("answer", "accept")>"Accept"</Button>
            </form>
        </li>
    }
    .into_any()
}
