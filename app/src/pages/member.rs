//! One member of an organisation: role, grants and denials, and what follows from them.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong, head};
use crate::components::{
    Alert, Asks, Badge, Button, ButtonLink, Crumb, Door, ErrorSummary, Field, Hidden, Kind, Moment, Pick, Place, Table,
    Tone, Who, door, room,
};
use crate::model::{
    EffectiveRow, EntryRow, EntryValues, May, MemberPage, OrganizationPlace, PermissionGroup, Problem, RemoveEntryPage,
    RemoveMemberPage, Site, words_for,
};

const CARD: &str = "grid gap-3.5 content-start min-w-0 px-5.5 py-5 max-row:px-4.5 border border-line rounded-lg";

impl Page for MemberPage {
    fn title(&self, site: &Site) -> String {
        format!("{} · {} · {}", self.member.person.called(), self.organization.name, site.name())
    }

    fn failed(&self) -> bool {
        !self.problems.is_empty()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let at = &self.organization;
        let name = self.member.person.called().to_owned();
        let email = (name != self.member.person.email).then(|| format!("{} · ", self.member.person.email));
        let invited = self.invited_by.clone().map(|by| format!(" · invited by {by}"));
        let you = self.member.is_you.then(|| view! { " " <Badge>"You"</Badge> });
        let off = (!self.member.is_active).then(|| view! { " " <Badge class="bad">"Deactivated"</Badge> });
        // Whoever looks at themselves may not be let into the list.
        let crumb = at.opens(OrganizationPlace::Members).then(|| {
            let href = site.to(&at.path(OrganizationPlace::Members));
            view! { <Crumb href above="Members" here=name.clone()/> }
        });
        let remove = self.may_remove.then(|| {
            let href = site.to(&at.below(&format!("/members/{}/remove", self.member.person.id)));
            view! { <ButtonLink href kind=Kind::DangerLine>"Remove"</ButtonLink> }
        });
        let top = view! {
            <div class="grid gap-2.5">
                {crumb}
                <div class="flex flex-wrap items-start justify-between gap-x-6 gap-y-3.5">
                    <div class="grid gap-1 min-w-0">
                        <h1>{name.clone()} {you} {off}</h1>
                        <p class="text-ink-2 text-sm wrap-anywhere">
                            {email} "joined " <Moment when=self.member.joined.clone()/> {invited}
                        </p>
                    </div>
                    {remove}
                </div>
            </div>
        };
        let summary = view! { <ErrorSummary title="Nothing is changed yet" problems=self.problems.clone()/> };
        let role = self.role_card(site);
        let entries = self.entries_card(site);
        let add = self.add.as_ref().map(|groups| self.add_form(site, groups));
        let effective = effective(&name, self.effective);
        let body = view! {
            {summary}
            <div class="grid grid-cols-2 max-side:grid-cols-1 gap-5 items-start">{role}{entries}</div>
            {add}
            {effective}
        };
        room(site, self.room, Place::Organization(OrganizationPlace::Members), top.into_any(), body.into_any())
    }
}

impl MemberPage {
    fn hidden(&self) -> impl IntoView + use<> {
        view! {
            <Hidden name="organization" value=self.organization.id.clone()/>
            <Hidden name="member" value=self.member.person.id.clone()/>
            <Hidden name="version" value=self.version.to_string()/>
        }
    }

    fn role_card(&self, site: &Site) -> AnyView {
        let why = view! { <p class="text-ink-3 text-xs">{self.why_not.words()}</p> };
        let form = (!self.assignable.is_empty()).then(|| {
            let options = self.assignable.iter().map(|(role, _)| (role.id.clone(), role.name.clone())).collect();
            let focus = first_wrong(&self.problems) == Some("role");
            view! {
                <form class="grid gap-4" method="post" action=site.to("/do/change-member-role")>
                    {self.hidden()}
                    <Pick id="role" label="Another role" options chosen=self.role.id.clone() error=words_for(&self.problems, "role") autofocus=focus/>
                    <div class="flex max-row:grid"><Button>"Change role"</Button></div>
                </form>
            }
        });
        let described = self.assignable.iter().filter(|(_, words)| !words.is_empty()).map(|(role, words)| {
            view! { <li><b>{role.name.clone()}</b> ": " {words.clone()}</li> }
        });
        let described = described.collect::<Vec<_>>();
        let described =
            (!described.is_empty()).then(|| view! { <ul class="grid gap-0.5 text-ink-2 text-xs">{described}</ul> });
        view! {
            <section class=CARD aria-labelledby="has-role">
                <h2 id="has-role">"Role: " {self.role.name.clone()}</h2>
                {form}
                {described}
                {why}
            </section>
        }
        .into_any()
    }

    fn entries_card(&self, site: &Site) -> AnyView {
        let rows = self.entries.iter().map(|entry| {
            let withdraw = entry.may_remove.then(|| {
                let path = self.organization.below(&format!("/members/{}/withdraw", self.member.person.id));
                let href = site.to_query(&path, "id", &entry.id);
                let label = format!("Withdraw {}", entry.pattern);
                view! { <ButtonLink href kind=Kind::Quiet label>"Withdraw"</ButtonLink> }
            });
            view! { <li class="flex items-center gap-3 py-2.5 first:pt-0">{told(entry)}{withdraw}</li> }
        });
        let list = if self.entries.is_empty() {
            view! { <p class="text-ink-2 text-sm">"None: the role alone decides."</p> }.into_any()
        } else {
            view! { <ul class="divide-y divide-line text-sm">{rows.collect_view()}</ul> }.into_any()
        };
        view! {
            <section class=CARD aria-labelledby="entries">
                <h2 id="entries">"Grants and denials"</h2>
                {list}
            </section>
        }
        .into_any()
    }

    fn add_form(&self, site: &Site, groups: &[PermissionGroup]) -> AnyView {
        let focus = first_wrong(&self.problems);
        let error = |field| words_for(&self.problems, field);
        let EntryValues { is_denial, permission, resource_type, resource_id, reason, ends } = self.values.clone();
        let effects = [
            ("grant", "Grant", "They may, whatever their role says.", !is_denial),
            ("denial", "Deny", "They may not, whatever else allows it.", is_denial),
        ];
        let effects = effects.map(|(value, name, detail, checked)| {
            view! {
                <label class="card-choice">
                    <input type="radio" name="effect" value=value autocomplete="off" checked=checked/>
                    <span><b class="block">{name}</b><small class="block text-ink-2 text-xs">{detail}</small></span>
                </label>
            }
        });
        let first = vec![(String::new(), "Choose one".to_owned())];
        let groups = groups.iter().map(|group| {
            let all = (group.all(), format!("{} (all of {})", group.all(), group.category));
            let each = group.permissions.iter().map(|(name, words)| {
                let words = if words.is_empty() { name.clone() } else { format!("{name} – {words}") };
                (name.clone(), words)
            });
            (group.category.clone(), std::iter::once(all).chain(each).collect())
        });
        let groups = groups.collect::<Vec<_>>();
        let open = self.problems.iter().any(|problem| problem.field() != Some("role"));
        view! {
            <details class="more border border-line rounded-lg" open=open>
                <summary class="flex items-center justify-between gap-2 min-h-12 px-5.5 max-row:px-4.5 font-medium">"Add a grant or a denial"</summary>
                <form class="grid gap-4 max-w-[62ch] px-5.5 max-row:px-4.5 pt-1 pb-5" method="post" action=site.to("/do/add-member-entry")>
                    {self.hidden()}
                    <fieldset class="grid grid-cols-2 max-door:grid-cols-1 gap-2.5">
                        <legend class="pb-1.5 text-sm font-medium">"What it does"</legend>
                        {effects.collect_view()}
                    </fieldset>
                    <Pick
                        id="permission"
                        label="Permission"
                        options=first
                        groups
                        chosen=permission
                        hint=Some("You can grant only what your own role gives you. Denying is not bound to that.".to_owned())
                        error=error("permission")
                        autofocus=focus == Some("permission")
                    />
                    <div class="grid grid-cols-2 max-row:grid-cols-1 gap-4">
                        <Field
                            id="resource_type"
                            label="Only on: type"
                            kind=Asks::Exact
                            autocomplete="off"
                            optional=true
                            maxlength=200
                            value=resource_type
                            hint=Some("Such as server. Empty: on everything.".to_owned())
                            error=error("resource_type")
                            autofocus=focus == Some("resource_type")
                        />
                        <Field
                            id="resource_id"
                            label="Only on: id"
                            kind=Asks::Exact
                            autocomplete="off"
                            optional=true
                            maxlength=200
                            value=resource_id
                            hint=Some("Empty: on all of this type.".to_owned())
                        />
                    </div>
                    <Field
                        id="reason"
                        label="Reason"
                        autocomplete="off"
                        optional=true
                        maxlength=300
                        value=reason
                        hint=Some("Whoever looks here later reads it.".to_owned())
                        error=error("reason")
                        autofocus=focus == Some("reason")
                    />
                    <Field
                        id="ends"
                        label="Last day"
                        kind=Asks::Date
                        autocomplete="off"
                        optional=true
                        value=ends
                        hint=Some("It counts until this day is over (UTC). Empty: for good.".to_owned())
                        error=error("ends")
                        autofocus=focus == Some("ends")
                    />
                    <div class="flex max-row:grid"><Button kind=Kind::Primary>"Add"</Button></div>
                </form>
            </details>
        }
        .into_any()
    }
}

/// A grant or a denial in two lines, behind its small door.
fn told(entry: &EntryRow) -> AnyView {
    let (class, word) = if entry.is_denial { ("pass denied", "Denied") } else { ("pass through", "Granted") };
    let on = entry.resource.clone().map(|on| view! { " on " <code>{on}</code> });
    let by = entry.by.clone().map(|by| format!(" by {by}"));
    let ends = entry.ends.clone().map(|ends| {
        let before = if entry.is_over { " · over since " } else { " · until " };
        view! { {before} <Moment when=ends/> }
    });
    let reason = (!entry.reason.is_empty()).then(|| format!(" · “{}”", entry.reason));
    let over = entry.is_over.then(|| view! { " " <Badge>"Over"</Badge> });
    view! {
        <span class=class aria-hidden="true"></span>
        <div class="flex-1 min-w-0 leading-snug wrap-anywhere">
            <p><code>{entry.pattern.clone()}</code>{on}{over}</p>
            <p class="text-ink-3 text-xs">{word}{by} ", " <Moment when=entry.made.clone()/>{ends}{reason}</p>
        </div>
    }
    .into_any()
}

fn effective(name: &str, rows: Vec<EffectiveRow>) -> AnyView {
    let rows = rows.into_iter().map(|row| {
        let (class, word) = match row.may {
            May::ByRole => ("pass full", "Yes"),
            May::ByInheritance => ("pass through", "Yes"),
            May::ByGrant => ("pass through", "Granted"),
            May::Denied => ("pass denied", "Denied"),
            May::No => ("pass none", "No"),
        };
        let besides = row.besides.into_iter().map(|line| view! { <small class="block text-ink-3 text-xs">{line}</small> });
        view! {
            <tr role="row">
                <th role="rowheader" scope="row"><code>{row.name}</code></th>
                <td role="cell" data-l="May they?"><span class="inline-flex items-center gap-2.5"><span class="inline-grid place-items-center w-3.5"><span class=class aria-hidden="true"></span></span>{word}</span></td>
                <td role="cell" data-l="Because"><span>{row.because}{besides.collect_view()}</span></td>
            </tr>
        }
    });
    view! {
        <section class="grid gap-3.5" aria-labelledby="effective">
            <div class="grid gap-1">
                <h2 id="effective">"What they may do now"</h2>
                <p class="text-ink-2 text-sm">"The role, and grants, less denials. A denial always wins."</p>
            </div>
            <Table caption=format!("Effective permissions of {name}") columns=&["Permission", "May they?", "Because"]>{rows.collect_view()}</Table>
        </section>
    }
    .into_any()
}

impl Page for RemoveEntryPage {
    fn title(&self, _: &Site) -> String {
        let what = if self.entry.is_denial { "denial" } else { "grant" };
        format!("Withdraw this {what}?")
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let back = site.to(&self.organization.below(&format!("/members/{}", self.person.id)));
        let sentence = if self.entry.is_denial {
            "From now on, the role and grants decide again."
        } else {
            "From now on, the role alone decides, and whatever else was granted."
        };
        let panel = view! {
            {head(title, sentence)}
            <Who person=self.person.clone()/>
            <div class="flex items-center gap-3 text-sm">{told(&self.entry)}</div>
            <form class="pair" method="post" action=site.to("/do/remove-member-entry")>
                <Hidden name="organization" value=self.organization.id/>
                <Hidden name="member" value=self.person.id/>
                <Hidden name="version" value=self.version.to_string()/>
                <Hidden name="entry" value=self.entry.id/>
                <ButtonLink href=back>"Keep it"</ButtonLink>
                <Button kind=Kind::Danger>"Withdraw"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for RemoveMemberPage {
    fn title(&self, _: &Site) -> String {
        format!("Remove {}?", self.person.called())
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let back = site.to(&self.organization.below(&format!("/members/{}", self.person.id)));
        let sentence = format!(
            "They may do nothing in {} any more, and what they were granted there ends. Their account stays.",
            self.organization.name
        );
        let panel = view! {
            {head(title, sentence)}
            <Who person=self.person.clone()/>
            <Alert tone=Tone::Info title="Tokens they hold now">
                <p>"Applications keep what they were given until it runs out; it is not renewed for this organisation."</p>
            </Alert>
            <form class="pair" method="post" action=site.to("/do/remove-member")>
                <Hidden name="organization" value=self.organization.id/>
                <Hidden name="member" value=self.person.id/>
                <Hidden name="version" value=self.version.to_string()/>
                <ButtonLink href=back>"Keep them"</ButtonLink>
                <Button kind=Kind::Danger>"Remove"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
