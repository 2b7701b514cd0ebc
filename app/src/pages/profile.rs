//! What an account says of its owner.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong};
use crate::components::{
    Asks, Badge, Button, ButtonLink, ErrorSummary, Face, Field, Kind, Place, Sign, SignTile, room,
};
use crate::model::{ProfilePage, ProfileValues, Site, words_for};

impl Page for ProfilePage {
    fn title(&self, site: &Site) -> String {
        format!("Profile · {}", site.name())
    }

    fn failed(&self) -> bool {
        !self.problems.is_empty()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"Profile"</h1>
                <p class="text-ink-2">
                    "What applications learn of you when you let them see your name and profile. Leave out what you like."
                </p>
            </div>
        };
        let who = who(site, &self).into_any();
        let phone = phone(site, self.phone.clone(), self.phone_offered);
        let focus = first_wrong(&self.problems);
        let error = |field| words_for(&self.problems, field);
        let ProfileValues { name, given_name, family_name, locale, zone, picture } = self.values;
        let body = view! {
            <ErrorSummary title="Your profile is not changed yet" problems=self.problems.clone()/>
            {who}
            {phone}
            <form class="grid gap-4 max-w-[62ch]" method="post" action=site.to("/do/profile")>
                <Field
                    id="name"
                    label="Display name"
                    autocomplete="name"
                    optional=true
                    maxlength=200
                    value=name
                    hint=Some("What others see.".to_owned())
                    error=error("name")
                    autofocus=focus == Some("name")
                />
                <div class="grid grid-cols-2 max-row:grid-cols-1 gap-4">
                    <Field
                        id="given_name"
                        label="Given name"
                        autocomplete="given-name"
                        optional=true
                        maxlength=200
                        value=given_name
                        error=error("given_name")
                        autofocus=focus == Some("given_name")
                    />
                    <Field
                        id="family_name"
                        label="Family name"
                        autocomplete="family-name"
                        optional=true
                        maxlength=200
                        value=family_name
                        error=error("family_name")
                        autofocus=focus == Some("family_name")
                    />
                    <Field
                        id="locale"
                        label="Language"
                        kind=Asks::Exact
                        autocomplete="language"
                        optional=true
                        maxlength=35
                        value=locale
                        hint=Some("As in en-GB or da.".to_owned())
                        error=error("locale")
                        autofocus=focus == Some("locale")
                    />
                    <Field
                        id="zone"
                        label="Time zone"
                        kind=Asks::Exact
                        autocomplete="off"
                        optional=true
                        maxlength=64
                        value=zone
                        hint=Some("As in Europe/Copenhagen.".to_owned())
                        error=error("zone")
                        autofocus=focus == Some("zone")
                    />
                </div>
                <Field
                    id="picture"
                    label="Picture"
                    kind=Asks::Url
                    autocomplete="photo"
                    optional=true
                    maxlength=1024
                    value=picture
                    hint=Some("An https address. Applications may fetch it from there; we do not.".to_owned())
                    error=error("picture")
                    autofocus=focus == Some("picture")
                />
                <div class="flex max-row:grid"><Button kind=Kind::Primary>"Save profile"</Button></div>
            </form>
        };
        room(site, self.room, Place::Profile, top.into_any(), body.into_any())
    }
}

/// What is known of the person and not changed here.
fn who(site: &Site, page: &ProfilePage) -> impl IntoView + use<> {
    let person = page.room.person.clone();
    let state = if page.email_verified {
        view! { <Badge class="good">"Confirmed"</Badge> }
    } else {
        view! { <Badge class="look">"Not confirmed"</Badge> }
    };
    let username = page.username.clone().map(|username| {
        view! { <span class="block text-ink-3 text-xs wrap-anywhere">"Username " {username}</span> }
    });
    let email = person.email.clone();
    view! {
        <div class="flex flex-wrap items-center gap-x-4 gap-y-2 px-4.5 py-3.5 border border-line rounded-lg">
            <Face person large=true/>
            <div class="min-w-0 flex-[1_1_200px] leading-snug">
                <span class="flex flex-wrap items-center gap-x-2 gap-y-1"><b class="min-w-0 wrap-anywhere">{email}</b> {state}</span>
                {username}
            </div>
            <ButtonLink href=site.to("/account/email") kind=Kind::Quiet label="Change e-mail">"Change"</ButtonLink>
        </div>
    }
}

/// The number, which has a page of its own. Nothing where there is none and none can be added.
fn phone(site: &Site, phone: Option<(String, bool)>, is_offered: bool) -> Option<impl IntoView + use<>> {
    let (line, state, verb) = match phone {
        Some((number, true)) => (
            view! { <b class="min-w-0 wrap-anywhere">{number}</b> }.into_any(),
            Some(view! { <Badge class="good">"Confirmed"</Badge> }.into_any()),
            "Change",
        ),
        Some((number, false)) => (
            view! { <b class="min-w-0 wrap-anywhere">{number}</b> }.into_any(),
            Some(view! { <Badge class="look">"Not confirmed"</Badge> }.into_any()),
            "Change",
        ),
        None if is_offered => (view! { <span class="text-ink-2">"No phone number"</span> }.into_any(), None, "Add"),
        None => return None,
    };
    let label = format!("{verb} phone number");
    Some(view! {
        <div class="flex flex-wrap items-center gap-x-4 gap-y-2 px-4.5 py-3.5 border border-line rounded-lg">
            <SignTile sign=Sign::Phone/>
            <div class="min-w-0 flex-[1_1_200px] leading-snug flex flex-wrap items-center gap-x-2 gap-y-1">{line} {state}</div>
            <ButtonLink href=site.to("/account/phone") kind=Kind::Quiet label>{verb}</ButtonLink>
        </div>
    })
}
