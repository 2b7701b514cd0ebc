//! What an organisation is set to, who owns it, and its end.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong, head};
use crate::components::{
    Alert, Asks, Button, ButtonLink, Check, Checks, Crumb, Door, ErrorSummary, Face, Field, Hidden, Kind, Place, Tone,
    Who, door, room,
};
use crate::model::{
    ConfirmHandOverPage, DeleteOrganizationPage, HandOverPage, OrganizationPlace, OrganizationSettingsPage, Person,
    RoomOrganization, Site, words_for,
};

const HERE: Place = Place::Organization(OrganizationPlace::Settings);
const SECTION: &str = "grid gap-4 max-w-[62ch]";
/// What may count as a second step, and what it is called.
const METHODS: [(&str, &str); 3] = [("passkey", "Passkey"), ("totp", "Authenticator app"), ("sms", "Code by SMS")];

impl Page for OrganizationSettingsPage {
    fn title(&self, site: &Site) -> String {
        format!("Settings · {} · {}", self.organization.name, site.name())
    }

    fn failed(&self) -> bool {
        !self.problems.is_empty()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch] min-w-0">
                <h1>"Settings"</h1>
                <p class="text-ink-2 wrap-anywhere">{format!("How {} is called, who may join, and what signing in asks for.", self.organization.name)}</p>
            </div>
        };
        let general = self.may_write.then(|| self.general(site));
        let sign_in = self.may_write.then(|| self.sign_in_rules(site));
        let owner = self.may_hand_over.then(|| hand_over(site, &self.organization));
        let end = self.may_delete.then(|| end(site, &self.organization));
        let body = view! {
            <ErrorSummary title="The organisation is not changed yet" problems=self.problems.clone()/>
            {general}{sign_in}{owner}{end}
        };
        room(site, self.room, HERE, top.into_any(), body.into_any())
    }
}

impl OrganizationSettingsPage {
    fn general(&self, site: &Site) -> AnyView {
        let focus = first_wrong(&self.problems);
        let error = |field| words_for(&self.problems, field);
        let values = self.values.clone();
        view! {
            <section class=SECTION aria-labelledby="general">
                <h2 id="general">"The organisation"</h2>
                <form class="grid gap-4" method="post" action=site.to("/do/edit-organization")>
                    <Hidden name="organization" value=self.organization.id.clone()/>
                    <Hidden name="version" value=self.version.to_string()/>
                    <Field
                        id="organization_name"
                        label="Name"
                        autocomplete="organization"
                        maxlength=200
                        value=values.name
                        error=error("organization_name")
                        autofocus=focus == Some("organization_name")
                    />
                    <Field
                        id="slug"
                        label="Short name"
                        kind=Asks::Exact
                        autocomplete="off"
                        maxlength=100
                        value=values.slug
                        hint=Some("For addresses and tokens. Changed, addresses with the old one end.".to_owned())
                        error=error("slug")
                        autofocus=focus == Some("slug")
                    />
                    <Field
                        id="max_members"
                        label="Places"
                        kind=Asks::Number
                        autocomplete="off"
                        maxlength=7
                        value=values.max_members
                        hint=Some("So many members at most.".to_owned())
                        error=error("max_members")
                        autofocus=focus == Some("max_members")
                    />
                    <div class="grid gap-3">
                        <Check name="member_invites" checked=values.member_invites>"Every member may invite people, as viewers"</Check>
                        <Check name="verified_email" checked=values.verified_email>"Only people with a confirmed address may join"</Check>
                    </div>
                    <div class="flex max-row:grid"><Button kind=Kind::Primary>"Save"</Button></div>
                </form>
            </section>
        }
        .into_any()
    }

    fn sign_in_rules(&self, site: &Site) -> AnyView {
        let focus = first_wrong(&self.problems);
        let error = |field| words_for(&self.problems, field);
        let rules = &self.sign_in;
        let methods = METHODS.map(|(value, words)| {
            (value.to_owned(), words.to_owned(), rules.methods.iter().any(|method| method == value))
        });
        let exempt =
            self.roles.iter().map(|role| (role.id.clone(), role.name.clone(), rules.exempt.contains(&role.id)));
        view! {
            <section class=SECTION aria-labelledby="sign-in">
                <div class="grid gap-1">
                    <h2 id="sign-in">"Signing in"</h2>
                    <p class="text-ink-2 text-sm">"What members need when they sign in to act for the organisation."</p>
                </div>
                <form class="grid gap-4" method="post" action=site.to("/do/mfa-policy")>
                    <Hidden name="organization" value=self.organization.id.clone()/>
                    <Hidden name="version" value=self.version.to_string()/>
                    <Check name="require" checked=rules.require>"Ask for more than a password"</Check>
                    <Checks
                        id="methods"
                        label="What counts"
                        options=methods.to_vec()
                        hint=Some("A passkey is two factors in one.".to_owned())
                        error=error("methods")
                        autofocus=focus == Some("methods")
                    />
                    <Field
                        id="grace"
                        label="Days of grace"
                        kind=Asks::Number
                        autocomplete="off"
                        maxlength=3
                        value=rules.grace.clone()
                        hint=Some("So long members who have none of these may still come in: from now, or from when they join.".to_owned())
                        error=error("grace")
                        autofocus=focus == Some("grace")
                    />
                    <Checks
                        id="exempt"
                        label="Not asked"
                        options=exempt.collect()
                        hint=Some("Members with these roles.".to_owned())
                        error=error("exempt")
                        autofocus=focus == Some("exempt")
                    />
                    <div class="flex max-row:grid"><Button>"Save what signing in asks"</Button></div>
                </form>
            </section>
        }
        .into_any()
    }
}

fn hand_over(site: &Site, at: &RoomOrganization) -> AnyView {
    let way = if at.is_personal {
        view! { <p class="text-ink-3 text-sm">"It was made for one person, and stays theirs."</p> }.into_any()
    } else {
        view! {
            <div class="flex max-row:grid">
                <ButtonLink href=site.to(&at.below("/settings/hand-over")) kind=Kind::DangerLine>"Hand over"</ButtonLink>
            </div>
        }
        .into_any()
    };
    view! {
        <section class=SECTION aria-labelledby="owner">
            <div class="grid gap-1">
                <h2 id="owner">"Owner"</h2>
                <p class="text-ink-2 text-sm">"There is always exactly one. Whoever hands it over is an admin from then on."</p>
            </div>
            {way}
        </section>
    }
    .into_any()
}

fn end(site: &Site, at: &RoomOrganization) -> AnyView {
    let way = if at.is_personal {
        view! { <p class="text-ink-3 text-sm">"It goes with the account that it was made for, and not before."</p> }
            .into_any()
    } else {
        view! {
            <div class="flex max-row:grid">
                <ButtonLink href=site.to(&at.below("/settings/delete")) kind=Kind::DangerLine>"Delete organisation"</ButtonLink>
            </div>
        }
        .into_any()
    };
    view! {
        <section class=SECTION aria-labelledby="end">
            <div class="grid gap-1">
                <h2 id="end">"Delete"</h2>
                <p class="text-ink-2 text-sm">"Nobody can use it from then on. For 30 days its owner can bring it back; then it is erased."</p>
            </div>
            {way}
        </section>
    }
    .into_any()
}

impl Page for HandOverPage {
    fn title(&self, site: &Site) -> String {
        format!("Hand over · {} · {}", self.organization.name, site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let at = self.organization;
        let path = at.below("/settings/hand-over");
        let top = view! {
            <div class="grid gap-2.5">
                <Crumb href=site.to(&at.path(OrganizationPlace::Settings)) above="Settings" here="Hand over".to_owned()/>
                <h1>"Hand over"</h1>
                <p class="text-ink-2 max-w-[62ch] wrap-anywhere">{format!("Who shall own {}? Choose one of its members; the next page asks once more.", at.name)}</p>
            </div>
        };
        let searched = !self.search.is_empty();
        let rows = self.members.into_iter().map(|person| successor(site, &path, person)).collect::<Vec<_>>();
        let list = if rows.is_empty() {
            let words = if searched {
                "No other member has this in their name."
            } else {
                "There is nobody else yet. Invite somebody first."
            };
            view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">{words}</p> }.into_any()
        } else {
            view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows}</ul> }
                .into_any()
        };
        let more =
            self.has_more.then(|| view! { <p class="text-ink-3 text-xs">"There are more. Search for a name."</p> });
        let all = searched.then(|| view! { <ButtonLink href=site.to(&path) kind=Kind::Quiet>"Show all"</ButtonLink> });
        let body = view! {
            <form class="flex flex-wrap items-end gap-2.5" method="get" action=site.to(&path) role="search">
                <div class="grid gap-1.5 flex-[1_1_220px] max-w-[400px]">
                    <label class="text-sm font-medium" for="q">"Name or e-mail"</label>
                    <input id="q" name="q" type="search" autocomplete="off" maxlength="200" value=self.search/>
                </div>
                <Button>"Show"</Button>
                {all}
            </form>
            <div class="grid gap-3.5">{list}{more}</div>
        };
        room(site, self.room, HERE, top.into_any(), body.into_any())
    }
}

fn successor(site: &Site, path: &str, person: Person) -> AnyView {
    let (name, email) = (person.called().to_owned(), person.email.clone());
    let href = site.to_query(path, "id", &person.id);
    let label = format!("Choose {name}");
    let second = (name != email).then(|| view! { <p class="text-ink-3 text-xs">{email}</p> });
    view! {
        <li class="flex flex-wrap items-center gap-x-3.5 gap-y-1.5 px-4.5 py-3">
            <Face person/>
            <div class="min-w-0 flex-[1_1_160px] leading-snug wrap-anywhere"><p class="font-semibold">{name}</p>{second}</div>
            <ButtonLink href label>"Choose"</ButtonLink>
        </li>
    }
    .into_any()
}

impl Page for ConfirmHandOverPage {
    fn title(&self, _: &Site) -> String {
        format!("Hand over {}?", self.organization.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let back = site.to(&self.organization.below("/settings/hand-over"));
        let sentence = if self.is_own {
            "They own it from now on, and only they can give it back. You are an admin of it then."
        } else {
            "They own it from now on. Whoever owns it now is an admin of it then."
        };
        let panel = view! {
            {head(title, sentence)}
            <Who person=self.person.clone()/>
            <form class="pair" method="post" action=site.to("/do/hand-over")>
                <Hidden name="organization" value=self.organization.id.clone()/>
                <Hidden name="member" value=self.person.id.clone()/>
                <ButtonLink href=back>"Keep it"</ButtonLink>
                <Button kind=Kind::Danger>"Hand over"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for DeleteOrganizationPage {
    fn title(&self, _: &Site) -> String {
        format!("Delete {}?", self.organization.name)
    }

    fn failed(&self) -> bool {
        !self.problems.is_empty()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let back = site.to(&self.organization.path(OrganizationPlace::Settings));
        let error = words_for(&self.problems, "confirm");
        let autofocus = error.is_some();
        let hint = Some(format!("Type {} to confirm.", self.organization.slug));
        let panel = view! {
            {head(title, "For all its members it is gone at once.")}
            <ErrorSummary title="Nothing is deleted" problems=self.problems.clone()/>
            <Alert tone=Tone::Info title="What happens">
                <ul class="grid gap-1 ps-4.5 list-disc">
                    <li>"Nobody can act for it or sign in to it, and no token for it is renewed."</li>
                    <li>"For 30 days its owner can bring it back, from the list of their organisations."</li>
                    <li>"Then members, roles, grants and settings are erased for good. Accounts stay."</li>
                </ul>
            </Alert>
            <form class="grid gap-4" method="post" action=site.to("/do/delete-organization")>
                <Hidden name="organization" value=self.organization.id.clone()/>
                <Hidden name="version" value=self.version.to_string()/>
                <Field id="confirm" label="Short name" kind=Asks::Exact autocomplete="off" maxlength=100 value=self.typed hint error autofocus/>
                <div class="pair">
                    <ButtonLink href=back>"Keep it"</ButtonLink>
                    <Button kind=Kind::Danger>"Delete"</Button>
                </div>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
