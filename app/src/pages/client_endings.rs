//! Before something about an application is done: what happens, and who notices.

use leptos::prelude::*;

use super::{Page, head};
use crate::components::{Button, ButtonLink, CallerHead, Door, Hidden, Kind, Moment, Pick, door};
use crate::model::{
    ClientOrigin, ClientPeople, ClientRow, DeleteClientPage, EndSecretPage, KeepOld, NewSecretPage, Site,
    TurnClientPage, capital, number, span,
};

/// What happens, a line each.
const LIST: &str = "grid gap-1.5 ps-4.5 list-disc marker:text-ink-3 text-sm text-ink-2";

/// The page of an application.
fn back(site: &Site, client: &ClientRow) -> String {
    site.to_query("/admin/clients/client", "id", &client.id)
}

impl Page for NewSecretPage {
    fn title(&self, _: &Site) -> String {
        format!("Make a new secret for {}?", self.client.caller.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let back = back(site, &self.client);
        let mut live = self.live.into_iter();
        let keep = live.next().map(|newest| {
            let options = KeepOld::ALL.map(|keep| (keep.code().to_owned(), keep.words().to_owned())).to_vec();
            let hint = Some(format!(
                "The secret …{} goes on working beside the new one, so you can change over without a gap.",
                newest.hint
            ));
            view! { <Pick id="keep" label="The one it has now" options chosen=KeepOld::default().code() hint/> }
        });
        let older = live.next().map(|older| {
            view! { <p class="text-sm text-ink-2">"The older one, " <code>"…" {older.hint}</code> ", ends at once: two may work, not three."</p> }
        });
        let panel = view! {
            <CallerHead caller=Some(self.client.caller)/>
            {head(title, "It is shown on the next page, this once. We cannot tell it again.")}
            {older}
            <form class="grid gap-4" method="post" action=site.to("/do/new-client-secret")>
                <Hidden name="id" value=self.client.id/>
                {keep}
                <div class="pair">
                    <ButtonLink href=back>"Cancel"</ButtonLink>
                    <Button kind=Kind::Primary>"Make secret"</Button>
                </div>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for EndSecretPage {
    fn title(&self, _: &Site) -> String {
        format!("End the secret …{}?", self.secret.hint)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let back = back(site, &self.client);
        let then = if self.is_last {
            "It is the last one that works: until you make another, the application cannot prove itself."
        } else {
            "Wherever it is still in use, the application can no longer prove itself with it. The other one stays."
        };
        let sentence = view! { "It was made " <Moment when=self.secret.made/> " and ends at once. " {then} };
        let panel = view! {
            <CallerHead caller=Some(self.client.caller)/>
            {head(title, sentence)}
            <form class="pair" method="post" action=site.to("/do/end-client-secret")>
                <Hidden name="id" value=self.client.id/>
                <Hidden name="secret" value=self.secret.id/>
                <ButtonLink href=back>"Keep it"</ButtonLink>
                <Button kind=Kind::Danger>"End secret"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for TurnClientPage {
    fn title(&self, _: &Site) -> String {
        let way = if self.client.is_enabled { "off" } else { "on" };
        format!("Turn {} {way}?", self.client.caller.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let back = back(site, &self.client);
        let is_on = self.client.is_enabled;
        let sentence = if is_on {
            "While it is off nobody can sign in to it, and it is refused whatever it asks for. Nothing of it is lost: turned on again, it goes on where it stopped."
        } else {
            "It may be used again, with everything it had."
        };
        let notices = is_on.then(|| view! { <ul class=LIST>{notices(self.people, self.token_seconds)}</ul> });
        let (turn, words, kind, keep) = if is_on {
            ("off", "Turn off", Kind::Danger, "Keep it on")
        } else {
            ("on", "Turn on", Kind::Primary, "Leave it off")
        };
        let panel = view! {
            <CallerHead caller=Some(self.client.caller)/>
            {head(title, sentence)}
            {notices}
            <form class="pair" method="post" action=site.to("/do/turn-client")>
                <Hidden name="id" value=self.client.id/>
                <Hidden name="turn" value=turn.to_owned()/>
                <ButtonLink href=back>{keep}</ButtonLink>
                <Button kind>{words}</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

impl Page for DeleteClientPage {
    fn title(&self, _: &Site) -> String {
        format!("Delete {}?", self.client.caller.name)
    }

    fn view(self, site: &Site) -> AnyView {
        let title = self.title(site);
        let back = back(site, &self.client);
        let answers = (self.people.answered > 0).then(|| {
            let whose = who(self.people.answered, "has", "have");
            view! { <li>{whose} " given it an answer that is remembered: it is forgotten."</li> }
        });
        let owner = self.owner.map(|owner| {
            view! { <li>"The file of " <code class="wrap-anywhere">{owner}</code> " declares it: the next " <code>"ostiary apply"</code> " makes it anew, with another secret."</li> }
        });
        let origin = (self.origin == ClientOrigin::Document).then(|| {
            view! { <li>"It comes back as soon as somebody names its client id again. To keep it out, turn it off."</li> }
        });
        let panel = view! {
            <CallerHead caller=Some(self.client.caller)/>
            {head(title, "It goes with its secrets, its tokens and everything people allowed it. That cannot be undone.")}
            <ul class=LIST>{notices(self.people, self.token_seconds)} {answers} {owner} {origin}</ul>
            <form class="pair" method="post" action=site.to("/do/delete-client")>
                <Hidden name="id" value=self.client.id/>
                <Hidden name="version" value=self.version.to_string()/>
                <ButtonLink href=back>"Keep it"</ButtonLink>
                <Button kind=Kind::Danger>"Delete"</Button>
            </form>
        };
        door(site, Door { panel: panel.into_any(), foot: None, wide: false })
    }
}

/// Who notices when an application can no longer be used.
fn notices(people: ClientPeople, token_seconds: u64) -> impl IntoView {
    let using = if people.using == 0 {
        "Nobody is signed in to it at present.".to_owned()
    } else {
        format!("{} signed in to it at present: it loses their accounts at once.", who(people.using, "is", "are"))
    };
    let tokens =
        format!("An API that checks tokens by itself takes those it has for {} more at most.", span(token_seconds));
    view! {
        <li>{using}</li>
        <li>{tokens}</li>
    }
}

/// `One person is`, `Seven people are`.
fn who(people: u64, one: &str, many: &str) -> String {
    if people == 1 {
        format!("One person {one}")
    } else {
        format!("{} people {many}", capital(&number(usize::try_from(people).unwrap_or(usize::MAX))))
    }
}
