//! Whatever people and applications call themselves and type stays text on every page.

use ostiary_app::model::{
    AccountChoice, Activity, ActivityBy, ActivityKind, ActivityPage, ApplicationRow, ApplicationsPage,
    AskSignInMailPage, Caller, ChooserPage, ClientOrigin, ClientPage, ClientRow, ClientSecrets, ClientSort, CodesPage,
    ComeBackPage, ConsentPage, DeactivatePage, DetailLine, EditClientPage, EditClientProblem, EditClientValues,
    EmailPage, EnrolPage, ErrorKind, ErrorPage, Fact, NewClientPage, NewClientValues, NotMePage, OrganizationChoice,
    Person, PhonePage, ProfilePage, ProfileValues, ProveEmailPage, RegisterPage, RegisterValues, RemovePhonePage,
    RenameAuthenticatorPage, Room, ScopeLine, SecondFactorPage, SecretRow, Sent, SignInCodePage, SignInLinkPage,
    SignInPage, Site, UndoEmailPage, Way, WayOn, When,
};
use ostiary_app::shell::render;

use super::pages::tags;

pub(super) const HOSTILE: &str = "<script>alert(1)</script>\"' onload=x <!> & </title>";

/// Names come from people and applications; they stay text wherever they stand.
#[test]
fn hostile_names_stay_text() {
    let site = Site::new(HOSTILE, "");
    let text = || HOSTILE.to_owned();
    let caller = Caller { id: text(), name: text(), domain: Some(text()), logo: None };
    let person = Person { id: text(), name: text(), email: text() };
    let line = ScopeLine { scope: text(), what: text(), detail: Some(text()), ticked: true };
    for html in [
        render(
            &site,
            SignInPage {
                caller: Some(caller.clone()),
                interaction: Some(text()),
                username: text(),
                ..SignInPage::default()
            },
        ),
        render(
            &site,
            RegisterPage {
                values: RegisterValues { email: text(), username: text(), name: text() },
                organization: Some(text()),
                ..RegisterPage::default()
            },
        ),
        render(
            &site,
            ConsentPage {
                interaction: text(),
                caller: caller.clone(),
                person: person.clone(),
                needed: vec![line.clone()],
                optional: vec![line],
                resources: vec![text()],
                details: vec![DetailLine { what: text(), detail: Some(text()), facts: vec![(text(), text())] }],
                remember: Some(false),
            },
        ),
        render(&site, hostile_client()),
        render(&site, hostile_edit()),
        render(&site, hostile_applications()),
        render(&site, hostile_activity()),
        render(&site, hostile_profile()),
        render(&site, DeactivatePage { email: text() }),
        render(&site, ComeBackPage::Ready { token: text(), email: text() }),
        render(&site, hostile_email()),
        render(&site, ProveEmailPage::Ready { token: text(), email: text() }),
        render(&site, UndoEmailPage::Ready { token: text(), email: text(), is_pending: true, hold: None }),
        render(&site, hostile_chooser(&person, caller.clone())),
        render(&site, hostile_enrolment(person.clone(), caller.clone())),
        render(
            &site,
            NewClientPage {
                room: Room::default(),
                values: NewClientValues {
                    name: text(),
                    kind: ClientSort::Web,
                    redirect_uris: format!("</textarea>{HOSTILE}"),
                    client_id: text(),
                },
                problems: vec![],
            },
        ),
        render(&site, hostile_second_step(person.clone(), caller.clone())),
        render(&site, CodesPage { by: Sent::Sms, on: false, to: text(), has_app: true, has_other: true }),
        render(&site, hostile_phone()),
        render(&site, RemovePhonePage { number: text(), has_codes: true, is_last: true }),
        render(&site, RenameAuthenticatorPage { id: text(), called: text(), name: text(), problem: None }),
        render(
            &site,
            ErrorPage {
                kind: ErrorKind::InteractionOver {
                    restart: Some("https://a.example/?\"><script>".to_owned()),
                    caller: Some(text()),
                },
                way_on: WayOn::None,
                developer: None,
            },
        ),
    ]
    .into_iter()
    .chain(hostile_mail_pages(&site, &caller))
    {
        stays_text(&html);
    }
}

/// Nothing of [`HOSTILE`] became a tag or an attribute of this page.
#[track_caller]
pub(super) fn stays_text(html: &str) {
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches("</title>").count(), 1);
    assert_eq!(html.matches("<textarea").count(), html.matches("</textarea>").count());
    for tag in tags(html) {
        // Within an attribute the whole of it is one value: no tag has an attribute that came from outside.
        let bare: String = tag.split('"').step_by(2).collect();
        assert!(!bare.contains("onload") && !bare.contains("alert"), "<{tag}>");
    }
}

fn hostile_enrolment(person: Person, caller: Caller) -> EnrolPage {
    let text = || HOSTILE.to_owned();
    EnrolPage { interaction: text(), caller, person, organization: text(), by_app: true, by_sms: true }
}

fn hostile_chooser(person: &Person, caller: Caller) -> ChooserPage {
    let text = || HOSTILE.to_owned();
    let choice = OrganizationChoice { id: text(), name: text(), role: text(), ..OrganizationChoice::default() };
    let account = |organizations| AccountChoice {
        session: text(),
        person: person.clone(),
        is_live: true,
        is_current: false,
        organizations,
    };
    ChooserPage {
        interaction: Some(text()),
        caller: Some(caller),
        accounts: vec![account(Vec::new()), account(vec![choice])],
        ..ChooserPage::default()
    }
}

fn hostile_edit() -> EditClientPage {
    let text = || HOSTILE.to_owned();
    EditClientPage {
        room: Room::default(),
        client: hostile_client().client,
        version: 1,
        owner: Some(text()),
        values: EditClientValues {
            name: text(),
            fields: [
                ("redirect_uris", vec![format!("</textarea>{HOSTILE}")]),
                ("client_uri", vec![text()]),
                ("profile", vec![text()]),
            ]
            .into(),
            further: format!("</textarea>{HOSTILE}"),
        },
        problems: vec![EditClientProblem { field: "client_uri", words: text() }],
        differs: None,
    }
}

/// What happened, in the words of whoever made it happen.
fn hostile_activity() -> ActivityPage {
    let text = || HOSTILE.to_owned();
    let event = Activity {
        when: When { exact: text(), text: text(), full: text() },
        kind: ActivityKind::Allowed { application: text() },
        by: ActivityBy::Application,
        device: Some(text()),
        ip: Some(text()),
        more: Some(text()),
    };
    ActivityPage { room: Room::default(), events: vec![event], is_later: true, next: Some(text()) }
}

/// The second step of somebody whose every word came from somebody.
fn hostile_second_step(person: Person, caller: Caller) -> SecondFactorPage {
    let text = || HOSTILE.to_owned();
    SecondFactorPage {
        interaction: Some(text()),
        caller: Some(caller),
        next: None,
        number: None,
        person,
        phone_ending: Some(text()),
        is_on_top: true,
        trust_days: Some(30),
        way: None,
        ways: vec![
            Way::Totp,
            Way::Sent { by: Sent::Email, is_sent: false },
            Way::Sent { by: Sent::Sms, is_sent: true },
        ],
        problem: None,
        flash: None,
    }
}

/// A number, as it was typed, and as an import brought it.
fn hostile_phone() -> PhonePage {
    let text = || HOSTILE.to_owned();
    let when = When { exact: text(), text: text(), full: text() };
    let waiting = Some((text(), when));
    PhonePage { number: Some(text()), typed: text(), waiting, codes: Some(false), ..PhonePage::default() }
}

/// A profile, as it was typed.
fn hostile_profile() -> ProfilePage {
    let text = || HOSTILE.to_owned();
    let values = ProfileValues {
        name: text(),
        given_name: text(),
        family_name: text(),
        locale: text(),
        zone: text(),
        picture: text(),
    };
    let person = Person { id: text(), name: text(), email: text() };
    let room = Room { person, ..Room::default() };
    ProfilePage {
        room,
        username: Some(text()),
        phone: Some((text(), false)),
        phone_offered: true,
        email_verified: false,
        values,
        problems: vec![],
    }
}

/// An address, as it was typed.
fn hostile_email() -> EmailPage {
    let text = || HOSTILE.to_owned();
    let when = When { exact: text(), text: text(), full: text() };
    EmailPage { typed: text(), waiting: Some((text(), when)), ..EmailPage::default() }
}

/// Applications that somebody let in, whose every word came from somebody else.
fn hostile_applications() -> ApplicationsPage {
    let text = || HOSTILE.to_owned();
    let when = When { exact: text(), text: text(), full: text() };
    let line = ScopeLine { scope: text(), what: text(), detail: Some(text()), ticked: false };
    let application = ApplicationRow {
        id: text(),
        caller: Caller { id: text(), name: text(), domain: Some(text()), logo: None },
        may: vec![line],
        resources: vec![text()],
        details: vec![DetailLine { what: text(), detail: Some(text()), facts: vec![(text(), text())] }],
        since: Some(when.clone()),
        used: Some(when),
        ..ApplicationRow::default()
    };
    ApplicationsPage { room: Room::default(), applications: vec![application] }
}

/// The pages behind mails, full of it.
fn hostile_mail_pages(site: &Site, caller: &Caller) -> [String; 4] {
    let text = || HOSTILE.to_owned();
    [
        render(
            site,
            AskSignInMailPage {
                caller: Some(caller.clone()),
                interaction: Some(text()),
                email: text(),
                ..AskSignInMailPage::default()
            },
        ),
        render(
            site,
            SignInCodePage {
                caller: Some(caller.clone()),
                interaction: Some(text()),
                email: text(),
                ..SignInCodePage::default()
            },
        ),
        render(site, SignInLinkPage::Ready { token: text(), number: None, email: text(), hold: None }),
        render(
            site,
            NotMePage::Ready {
                token: text(),
                email: text(),
                since: When { exact: text(), text: text(), full: text() },
                hold: None,
            },
        ),
    ]
}

/// An application whose every word came from somebody.
fn hostile_client() -> ClientPage {
    let text = || HOSTILE.to_owned();
    let when = When { exact: text(), text: text(), full: text() };
    let caller = Caller { id: text(), name: text(), domain: Some(text()), logo: None };
    let client = ClientRow {
        id: text(),
        caller,
        sort: ClientSort::Web,
        has_secret: true,
        is_enabled: true,
        differs: true,
        changed: when.clone(),
    };
    let secret = SecretRow { id: text(), hint: text(), made: when.clone(), ends: Some(when.clone()) };
    let facts = vec![Fact { name: "Scopes", words: Some(text()), codes: vec![text()] }];
    ClientPage {
        room: Room::default(),
        client,
        made: when,
        origin: ClientOrigin::Itself,
        owner: Some(text()),
        secrets: Some(ClientSecrets { live: vec![secret], needs_new: true }),
        new_secret: None,
        connects: facts.clone(),
        receives: facts.clone(),
        shows: facts,
        further: vec![(text(), text())],
    }
}
