//! Whom an organisation invites: the form, what became of it, the list, and taking one back.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong, head};
use crate::components::{
    Alert, Area, Badge, Button, ButtonLink, Door, ErrorSummary, Hidden, Kind, Moment, Pick, Place, Table, Tone, door,
    room,
};
use crate::model::{
    InvitationEnd, InvitationRow, InvitationTab, InviteOutcome, OrganizationInvitationsPage, OrganizationPlace,
    RoomOrganization, Site, WithdrawInvitationPage, count, words_for,
};

impl Page for OrganizationInvitationsPage {
    fn title(&self, site: &Site) -> String {
        format!("Invitations · {} · {}", self.organization.name, site.name())
    }

    fn failed(&self) -> bool {
        !self.form.problems.is_empty()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch] min-w-0">
                <h1>"Invitations"</h1>
                <p class="text-ink-2">"Each is good for a week and works for people without an account."</p>
            </div>
        };
        let at = self.organization.clone();
        let form = form(site, &self);
        let outcomes = outcomes(&self.outcomes);
        let tabs = tabs(site, &at, &self.tabs, self.tab);
        let filter = filter(site, &self);
        let to = |after: &str| {
            let query = [("state", self.tab.words().1), ("q", &*self.search), ("after", after)];
            site.to_queries(&at.path(OrganizationPlace::Invitations), &query)
        };
        let back = self.is_later.then(|| view! { <ButtonLink href=to("")>"From the beginning"</ButtonLink> });
        let next = self.next.as_deref().map(|after| view! { <ButtonLink href=to(after)>"Next page"</ButtonLink> });
        let pages = (back.is_some() || next.is_some()).then(|| {
            view! { <nav class="flex flex-wrap gap-2.5" aria-label="Pages">{back}{next}</nav> }
        });
        let list = if self.rows.is_empty() {
            let words = match (self.is_later, !self.search.is_empty() || self.tab != InvitationTab::All) {
                (true, _) => "No further invitation is here.",
                (false, true) => "No invitation fits this.",
                (false, false) => "Nobody is invited yet.",
            };
            view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">{words}</p> }
                .into_any()
        } else {
            table(site, &at, self.rows)
        };
        let body = view! {
            {outcomes}
            {form}
            <section class="grid gap-3.5" aria-labelledby="sent">
                <h2 id="sent">"Sent"</h2>
                {tabs} {filter} {list}
            </section>
            {pages}
        };
        room(site, self.room, Place::Organization(OrganizationPlace::Invitations), top.into_any(), body.into_any())
    }
}

fn form(site: &Site, page: &OrganizationInvitationsPage) -> AnyView {
    let form = page.form.clone();
    let focus = first_wrong(&form.problems);
    let error = |field| words_for(&form.problems, field);
    let places = match page.places {
        0 => "No place is free: take an invitation back, or let the organisation have more members.".to_owned(),
        places => format!("{} free.", count(places.into(), "place")),
    };
    let hint = format!("Up to {}, with commas, blanks or lines between. {places}", page.most);
    if form.roles.is_empty() {
        let words = "Your role lets you give no role, so you can invite nobody.";
        return view! { <p class="text-ink-2">{words}</p> }.into_any();
    }
    view! {
        <section class="grid gap-4 px-5.5 py-5 max-row:px-4.5 border border-line rounded-lg" aria-labelledby="invite">
            <h2 id="invite">"Invite people"</h2>
            <ErrorSummary title="Nobody is invited yet" problems=form.problems.clone()/>
            <form class="grid gap-4 max-w-[620px]" method="post" action=site.to("/do/invite-members")>
                <Hidden name="organization" value=page.organization.id.clone()/>
                <Area
                    id="emails"
                    label="E-mail addresses"
                    value=form.emails.clone()
                    hint=Some(hint)
                    error=error("emails")
                    autofocus=focus == Some("emails")
                />
                <Pick
                    id="role"
                    label="Role"
                    options=form.roles.clone()
                    chosen=form.role.clone()
                    error=error("role")
                    autofocus=focus == Some("role")
                />
                <Area
                    id="note"
                    label="Note"
                    value=form.note.clone()
                    optional=true
                    hint=Some("They read it behind the link. It is not in the mail.".to_owned())
                    error=error("note")
                    autofocus=focus == Some("note")
                />
                <div class="flex max-row:grid"><Button kind=Kind::Primary>"Send invitations"</Button></div>
            </form>
        </section>
    }
    .into_any()
}

/// What became of what was sent just now, address by address.
fn outcomes(outcomes: &[(String, InviteOutcome)]) -> Option<AnyView> {
    if outcomes.is_empty() {
        return None;
    }
    let invited = outcomes.iter().filter(|(_, outcome)| *outcome == InviteOutcome::Invited).count();
    let (tone, title) = match invited {
        0 => (Tone::Bad, "Nobody was invited".to_owned()),
        some => (Tone::Look, format!("Invited: {some} of {}", outcomes.len())),
    };
    let lines = outcomes.iter().map(|(typed, outcome)| {
        let (class, words) = outcome.words();
        view! { <li class="flex flex-wrap items-center gap-x-2.5 gap-y-0.5"><span class="min-w-0 wrap-anywhere">{typed.clone()}</span><Badge class>{words}</Badge></li> }
    });
    let lines = lines.collect_view();
    Some(view! { <Alert tone role="status" title><ul class="grid gap-1 pt-1">{lines}</ul></Alert> }.into_any())
}

/// How many are in each state, as ways to see only them.
fn tabs(site: &Site, at: &RoomOrganization, tabs: &[(InvitationTab, u64)], here: InvitationTab) -> AnyView {
    let path = at.path(OrganizationPlace::Invitations);
    let tab = |(tab, count): &(InvitationTab, u64)| {
        let is_here = *tab == here;
        let class = if is_here {
            "inline-flex items-center gap-2 min-h-10 border-b-2 border-door text-ink font-semibold no-underline"
        } else {
            "inline-flex items-center gap-2 min-h-10 border-b-2 border-transparent text-ink-2 no-underline hover:text-ink"
        };
        let (words, state) = tab.words();
        let href = site.to_queries(&path, &[("state", state)]);
        let count = view! { <small class="text-ink-3 font-normal tabular-nums">{*count}</small> };
        view! { <li><a class=class href=href aria-current=is_here.then_some("page")>{words}{count}</a></li> }
    };
    let shown = tabs.iter().filter(|(tab, count)| *count > 0 || *tab == here || *tab == InvitationTab::All);
    view! {
        <nav aria-label="Invitations by state">
            <ul class="flex flex-wrap gap-x-5.5 border-b border-line text-sm">{shown.map(tab).collect_view()}</ul>
        </nav>
    }
    .into_any()
}

fn filter(site: &Site, page: &OrganizationInvitationsPage) -> Option<AnyView> {
    let path = page.organization.path(OrganizationPlace::Invitations);
    let is_needed = !page.search.is_empty() || page.is_later || page.next.is_some();
    let all = (!page.search.is_empty()).then(|| {
        let href = site.to_queries(&path, &[("state", page.tab.words().1)]);
        view! { <ButtonLink href kind=Kind::Quiet>"Show all"</ButtonLink> }
    });
    let state = Some(page.tab.words().1.to_owned()).filter(|state| !state.is_empty());
    is_needed.then(|| {
        view! {
            <form class="flex flex-wrap items-end gap-2.5" method="get" action=site.to(&path) role="search" aria-label="Invitations">
                <Hidden name="state" value=state/>
                <div class="grid gap-1.5 flex-[1_1_220px] max-w-[400px]">
                    <label class="text-sm font-medium" for="q">"E-mail address"</label>
                    <input id="q" name="q" type="search" autocomplete="off" maxlength="200" value=page.search.clone()/>
                </div>
                <Button>"Show"</Button>
                {all}
            </form>
        }
        .into_any()
    })
}

fn table(site: &Site, at: &RoomOrganization, rows: Vec<InvitationRow>) -> AnyView {
    let rows = rows.into_iter().map(|invitation| row(site, at, invitation)).collect_view();
    view! {
        <Table caption=format!("Invitations into {}", at.name) columns=&["Invited", "As", "State", "When", ""]>{rows}</Table>
    }
    .into_any()
}

fn row(site: &Site, at: &RoomOrganization, invitation: InvitationRow) -> AnyView {
    let InvitationRow { id, email, inviter, role, end, when, may_resend, may_withdraw } = invitation;
    let class = match end {
        None => "look",
        Some(InvitationEnd::Accepted) => "good",
        Some(_) => "plain",
    };
    let state = end.map_or(InvitationTab::Pending, InvitationTab::Ended).words().0;
    let until = end.is_none().then_some("until ");
    let by =
        inviter.map(|inviter| view! { <small class="block text-ink-3 text-xs font-normal">"by " {inviter}</small> });
    let role = role.unwrap_or_else(|| "a role that is gone".to_owned());
    let path = at.path(OrganizationPlace::Invitations);
    let resend = may_resend.then(|| {
        let label = format!("Resend to {email}");
        view! {
            <form class="contents" method="post" action=site.to("/do/resend-invitation") aria-label=label>
                <Hidden name="organization" value=at.id.clone()/>
                <Hidden name="id" value=id.clone()/>
                <Button kind=Kind::Quiet>"Resend"</Button>
            </form>
        }
    });
    let withdraw = may_withdraw.then(|| {
        let href = site.to(&format!("{path}/{id}/withdraw"));
        let label = format!("Withdraw the invitation of {email}");
        view! { <ButtonLink href kind=Kind::QuietClay label>"Withdraw"</ButtonLink> }
    });
    let again = (end.is_some_and(|end| end != InvitationEnd::Accepted)).then(|| {
        let href = site.to_query(&path, "id", &id);
        let label = format!("Invite {email} again");
        view! { <ButtonLink href kind=Kind::Quiet label>"Invite again"</ButtonLink> }
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row"><span class="min-w-0 wrap-anywhere">{email.clone()}{by}</span></th>
            <td role="cell" data-l="As" class="wrap-anywhere">{role}</td>
            <td role="cell" data-l="State"><Badge class>{state}</Badge></td>
            <td role="cell" data-l="When" class="text-ink-2">{until}<Moment when/></td>
            <td role="cell" class="act">{resend}{withdraw}{again}</td>
        </tr>
    }
    .into_any()
}

impl Page for WithdrawInvitationPage {
    fn title(&self, _: &Site) -> String {
        "Take this invitation back?".to_owned()
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let sentence = view! {
            "The link that " <b class="wrap-anywhere">{self.email}</b> " got no longer works, and the place is free again. They are not told."
        };
        let panel = view! {
            {head(title, sentence)}
            <form class="pair" method="post" action=site.to("/do/withdraw-invitation")>
                <Hidden name="organization" value=self.organization.id.clone()/>
                <Hidden name="id" value=self.id/>
                <ButtonLink href=site.to(&self.organization.path(OrganizationPlace::Invitations))>"Keep it"</ButtonLink>
                <Button kind=Kind::Danger>"Withdraw"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
