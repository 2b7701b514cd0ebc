//! The policies of an organisation.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong, head};
use crate::{
    components::{
        Alert, Badge, Button, ButtonLink, Door, ErrorSummary, Field, Hidden, Kind, Moment, Place, Script, Tone, door,
        room,
    },
    model::{
        ActivatePoliciesPage, OrganizationPlace, PoliciesPage, PoliciesProblem, PoliciesTried, PolicyMistake,
        PolicyVersionRow, Problem as _, Site,
    },
};

fn path(slug: &str) -> String {
    format!("/organizations/{slug}/policies")
}

impl Page for PoliciesPage {
    fn title(&self, _: &Site) -> String {
        format!("Policies · {}", self.organization)
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
                <h1>"Policies"</h1>
                <p class="text-ink-2">
                    "What applications are told when they ask whether a member may do something: role, grants and denials first, then these. "
                    "A " <code>"forbid"</code> " always wins; a " <code>"permit"</code> " allows more than a role does. Policies are written in Cedar."
                </p>
            </div>
        };
        let opens_at = first_wrong(&self.problems);
        let comment_wrong = self.problems.contains(&PoliciesProblem::Comment);
        let mistakes: Vec<_> = self.problems.iter().filter_map(mistake).collect();
        let versions = versions(site, &self.slug, self.versions);
        let form = view! {
            <form class="grid gap-4" method="post" action=site.to("/do/policies")>
                <Hidden name="organization" value=self.slug.clone()/>
                <Hidden name="newest" value=self.newest.to_string()/>
                <Script id="text" label="Text" value=self.text mistakes autofocus=opens_at == Some("text")/>
                <Field
                    id="comment" label="What is new" autocomplete="off" value=self.comment optional=true maxlength=500
                    error=comment_wrong.then(|| PoliciesProblem::Comment.words()) autofocus=opens_at == Some("comment")
                />
                <div class="flex flex-wrap gap-2.5">
                    <Button kind=Kind::Primary sends=("do", "save")>"Save as a draft"</Button>
                    <Button sends=("do", "try")>"Try on past decisions"</Button>
                </div>
            </form>
        };
        let body = view! {
            <ErrorSummary title="This cannot be saved yet" problems=self.problems/>
            {warnings(self.warnings)}
            {self.tried.map(tried)}
            {form}
            {versions}
        };
        room(site, self.room, Place::Organization(OrganizationPlace::Policies), top.into_any(), body.into_any())
    }
}

fn mistake(problem: &PoliciesProblem) -> Option<String> {
    match problem {
        PoliciesProblem::Mistake(mistake) => Some(mistake.words()),
        PoliciesProblem::Comment | PoliciesProblem::Changed => None,
    }
}

fn warnings(warnings: Vec<PolicyMistake>) -> Option<AnyView> {
    if warnings.is_empty() {
        return None;
    }
    let lines = warnings.into_iter().map(|warning| view! { <li>{warning.words()}</li> }).collect_view();
    Some(view! { <Alert tone=Tone::Look title="It can be saved, but look at this"><ul>{lines}</ul></Alert> }.into_any())
}

fn tried(tried: PoliciesTried) -> AnyView {
    let changed = tried.changes.len();
    let title = match (tried.tried, changed) {
        (0, _) => "No decisions are on record yet".to_owned(),
        (tried, 0) => format!("None of {tried} recorded decisions would change"),
        (tried, changed) => format!("Of {tried} recorded decisions {changed} would change"),
    };
    let rows = tried.changes.into_iter().map(|change| {
        let (class, words) = if change.allowed { ("good", "Allowed then") } else { ("bad", "Refused then") };
        view! {
            <li class="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 px-4.5 py-3 text-sm">
                <p class="min-w-0 wrap-anywhere"><b>{change.who}</b> " – " <code>{change.action}</code> " " {change.resource}</p>
                <p><Badge class>{words}</Badge></p>
                <p class="text-ink-3 text-xs wrap-anywhere">{change.policies} " · " <Moment when=change.when/></p>
            </li>
        }
    });
    let rows = (changed > 0).then(|| {
        view! { <ul class="border border-line rounded-lg divide-y divide-line" aria-labelledby="tried">{rows.collect_view()}</ul> }
    });
    let unused = (!tried.unused.is_empty() && tried.tried > 0).then(|| {
        view! { <p class="text-sm text-ink-2 wrap-anywhere">"Had nothing to say to any of them: " {tried.unused.join(", ")}</p> }
    });
    view! {
        <section class="grid gap-3" aria-labelledby="tried" role="status">
            <h2 id="tried">{title}</h2>
            {rows}
            {unused}
        </section>
    }
    .into_any()
}

fn versions(site: &Site, slug: &str, versions: Vec<PolicyVersionRow>) -> AnyView {
    if versions.is_empty() {
        return view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">"No version is saved. Until one counts, role, grants and denials decide alone."</p> }
            .into_any();
    }
    let has_active = versions.iter().any(|version| version.is_active);
    let rows = versions.into_iter().map(|version| row(site, slug, version)).collect_view();
    let none = has_active.then(|| {
        let href = site.to(&format!("{}/activate", path(slug)));
        view! { <p><ButtonLink href kind=Kind::DangerLine>"Let no policies count"</ButtonLink></p> }
    });
    view! {
        <section class="grid gap-3" aria-labelledby="versions">
            <h2 id="versions">"Versions"</h2>
            <ul class="border border-line rounded-lg overflow-clip divide-y divide-line">{rows}</ul>
            {none}
        </section>
    }
    .into_any()
}

fn row(site: &Site, slug: &str, version: PolicyVersionRow) -> AnyView {
    let number = version.number.to_string();
    let see = site.to_query(&path(slug), "v", &number);
    let activate = site.to_query(&format!("{}/activate", path(slug)), "v", &number);
    let badge = match (version.is_active, version.activated.is_some()) {
        (true, _) => view! { <Badge class="good">"Counts"</Badge> }.into_any(),
        (false, true) => view! { <Badge>"Counted before"</Badge> }.into_any(),
        (false, false) => view! { <Badge class="look">"Draft"</Badge> }.into_any(),
    };
    let action = (!version.is_active).then(|| {
        let label = format!("Activate version {number}");
        view! { <ButtonLink href=activate label>"Activate"</ButtonLink> }
    });
    let by = version.by.unwrap_or_else(|| "an operator".to_owned());
    let since = version.activated.map(|when| view! { " · counted " <Moment when/> });
    view! {
        <li class="grid grid-cols-[minmax(0,1fr)_auto] max-row:grid-cols-1 items-center gap-x-4 gap-y-1.5 px-4.5 py-3.5">
            <div class="min-w-0 wrap-anywhere">
                <p class="font-semibold flex flex-wrap items-center gap-x-2.5 gap-y-1">
                    <a href=see>"Version " {number}</a>
                    {badge}
                </p>
                <p class="text-sm">{version.comment}</p>
                <p class="text-ink-3 text-xs">"Saved by " {by} " " <Moment when=version.made/> {since}</p>
            </div>
            {action}
        </li>
    }
    .into_any()
}

impl Page for ActivatePoliciesPage {
    fn title(&self, _: &Site) -> String {
        match self.number {
            Some(number) => format!("Let version {number} count?"),
            None => "Let no policies count?".to_owned(),
        }
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let then = match (self.number, self.active) {
            (Some(_), Some(active)) => {
                format!(
                    "From now on it decides in {} instead of version {active}, everywhere at once.",
                    self.organization
                )
            }
            (Some(_), None) => {
                format!("From now on it decides in {}, beside role, grants and denials.", self.organization)
            }
            (None, _) => format!("Role, grants and denials decide in {} alone. The versions stay.", self.organization),
        };
        let back = site.to(&path(&self.slug));
        let panel = view! {
            {head(title, then)}
            {(!self.comment.is_empty()).then(|| view! { <p class="text-sm text-ink-2 wrap-anywhere">{self.comment}</p> })}
            <form class="pair" method="post" action=site.to("/do/activate-policies")>
                <Hidden name="organization" value=self.slug/>
                <Hidden name="number" value=self.number.map(|number| number.to_string()).unwrap_or_default()/>
                <Hidden name="active" value=self.active.map(|number| number.to_string()).unwrap_or_default()/>
                <ButtonLink href=back>"Cancel"</ButtonLink>
                <Button kind=Kind::Primary>"Activate"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}
