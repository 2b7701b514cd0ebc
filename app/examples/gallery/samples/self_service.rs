//! What people see and change of their own account.

use ostiary_app::model::{
    Activity, ActivityBy, ActivityKind, ActivityPage, ApplicationRow, ApplicationsPage, Caller, ComeBackPage, DataPage,
    DeactivatePage, DeleteAccountPage, EmailPage, EmailProblem, Flash, LeftPage, NotMePage, PhonePage, PhoneProblem,
    ProfilePage, ProfileProblem, ProfileValues, ProveEmailPage, RemovePhonePage, RevokeApplicationPage, ScopeLine,
    UndoEmailPage,
};

use super::{HOLDS, Samples, account::room, caller, payment, person, text, token, when, wiki};

pub(super) fn applications(samples: &mut Samples) {
    let line = |scope: &str, words: Option<&str>| ScopeLine::describe(scope, words, &person());
    let blockyard = ApplicationRow {
        id: text("blockyard"),
        caller: caller(),
        may: vec![
            line("openid", None),
            line("profile", None),
            line("email", None),
            line("servers:read", Some("See the servers and whether they run")),
            line("servers:restart", Some("Restart a server")),
            line("offline_access", None),
        ],
        resources: vec![text("Blockyard servers")],
        since: Some(when("2026-11-21T09:00:00Z", "21 November")),
        used: Some(when("2026-11-21T14:26:00Z", "4 minutes ago")),
        ..ApplicationRow::default()
    };
    let wiki = ApplicationRow {
        id: text("wiki"),
        caller: wiki(),
        may: vec![line("openid", None)],
        is_first_party: true,
        since: Some(when("2024-03-03T10:00:00Z", "3 March 2024")),
        used: Some(when("2026-11-21T10:00:00Z", "today 10:00 UTC")),
        ..ApplicationRow::default()
    };
    let yard = ApplicationRow {
        id: text("https://yard.example/client.json"),
        caller: Caller { name: text("yard (command line)"), domain: Some(text("yard.example")), ..Caller::default() },
        may: vec![line("openid", None), line("email", None)],
        details: vec![payment()],
        is_self_registered: true,
        is_off: true,
        is_unused: true,
        since: Some(when("2026-07-11T10:00:00Z", "11 July")),
        ..ApplicationRow::default()
    };
    let long = ApplicationRow {
        caller: Caller {
            name: "Blockyard".repeat(11),
            domain: Some(format!("{}.example", "blockyard".repeat(9))),
            ..Caller::default()
        },
        may: vec![line(&"servers:read".repeat(8), Some(&"Restart".repeat(20)))],
        ..yard.clone()
    };
    let page = ApplicationsPage { room: room(None), applications: vec![blockyard.clone(), wiki.clone(), yard, long] };
    samples.add("applications", page);
    let none = ApplicationsPage { room: room(Some(Flash::ApplicationRevoked)), applications: vec![] };
    samples.add("applications-none", none);
    samples.add("revoke-application", RevokeApplicationPage { application: blockyard });
    samples.add("revoke-application-first-party", RevokeApplicationPage { application: wiki });
}

pub(super) fn activity(samples: &mut Samples) {
    let event = |words: &str, kind, device: Option<&str>, ip: Option<&str>| Activity {
        when: when("2026-11-21T14:02:00Z", words),
        kind,
        by: ActivityBy::Person,
        device: device.map(text),
        ip: ip.map(text),
        more: None,
    };
    let (chrome, here) = (Some("Chrome on macOS"), Some("192.0.2.44"));
    let firefox = Some("Firefox on Windows");
    let there = Some("2001:db8:85a3:1234:5678:8a2e:370:7334");
    let application = || text("Blockyard");
    let events = vec![
        event("20 minutes ago", ActivityKind::SignedInByPasskey, chrome, here),
        Activity {
            more: Some(text("servers:read, servers:restart, offline_access")),
            ..event("today 09:40 UTC", ActivityKind::Allowed { application: application() }, chrome, here)
        },
        event("yesterday 18:30 UTC", ActivityKind::RecoveryCodeUsed, firefox, there),
        event("yesterday 18:29 UTC", ActivityKind::SecondStepFailed, firefox, there),
        Activity {
            by: ActivityBy::Application,
            ..event("19 November", ActivityKind::KeyReturned { application: application() }, None, None)
        },
        Activity { by: ActivityBy::Operator, ..event("18 November", ActivityKind::Reactivated, None, None) },
        Activity { by: ActivityBy::House, ..event("18 November", ActivityKind::LockedOut, None, None) },
        event("17 November", ActivityKind::SignInFailed, None, there),
        event("16 November", ActivityKind::TakenBack { application: "Blockyard".repeat(11) }, chrome, here),
        event("3 March 2024", ActivityKind::Registered, None, None),
    ];
    let page = ActivityPage { room: room(None), events, is_later: false, next: Some(text("0198a7f2")) };
    samples.add("activity", page.clone());
    samples.add("activity-later", ActivityPage { is_later: true, ..page.clone() });
    samples.add("activity-end", ActivityPage { events: vec![], is_later: true, next: None, ..page });
}

pub(super) fn profile(samples: &mut Samples) {
    let values = ProfileValues {
        name: text("Mara Lindqvist"),
        given_name: text("Mara"),
        family_name: text("Lindqvist"),
        locale: text("en-GB"),
        zone: text("Europe/Copenhagen"),
        picture: text("https://pictures.example/mara.png"),
    };
    let page = ProfilePage {
        room: room(None),
        username: Some(text("mara")),
        email_verified: true,
        phone: Some((text("+4520123442"), true)),
        phone_offered: true,
        values: values.clone(),
        problems: vec![],
    };
    samples.add("profile", page.clone());
    let saved = ProfilePage { room: room(Some(Flash::ProfileSaved)), username: None, ..page.clone() };
    samples.add(
        "profile-saved",
        ProfilePage { email_verified: false, phone: None, values: ProfileValues::default(), ..saved },
    );
    let values =
        ProfileValues { name: "Mara".repeat(60), locale: text("English"), picture: text("http://x"), ..values };
    let problems = vec![ProfileProblem::Name, ProfileProblem::Locale, ProfileProblem::Picture];
    samples.add("profile-problems", ProfilePage { values: values.clone(), problems, ..page.clone() });
    samples.add("profile-problem", ProfilePage { values, problems: vec![ProfileProblem::Zone], ..page });
}

pub(super) fn email(samples: &mut Samples) {
    let page = EmailPage { room: room(None), is_verified: true, ..EmailPage::default() };
    let new = || text("mara@lindqvist.example");
    let waiting = EmailPage {
        room: room(Some(Flash::EmailAsked)),
        waiting: Some((new(), when("2026-11-22T14:02:00Z", "22 November 2026, 14:02 UTC"))),
        ..page.clone()
    };
    samples.add("email", page.clone());
    samples.add("email-waiting", waiting.clone());
    samples.add("email-waiting-stale", EmailPage { is_stale: true, room: room(None), ..waiting.clone() });
    let asked = |problem| EmailPage { typed: text("mara@lindqvist"), problem: Some(problem), ..page.clone() };
    samples.add("email-missing", EmailPage { typed: String::new(), ..asked(EmailProblem::Missing) });
    samples.add("email-syntax", asked(EmailProblem::Syntax));
    samples.add("email-same", EmailPage { is_verified: false, ..asked(EmailProblem::Same) });
    samples.add("email-taken", asked(EmailProblem::Taken));
    samples.add("email-limited", asked(EmailProblem::Held(HOLDS[0])));
    let wrong = |problem| EmailPage { room: room(None), problem: Some(problem), ..waiting.clone() };
    samples.add("email-wrong-code", wrong(EmailProblem::WrongCode));
    samples.add("email-old-code", wrong(EmailProblem::UsedOrOld));
    samples.add("prove-email", ProveEmailPage::Ready { token: token("em"), email: new() });
    samples.add("prove-email-long", ProveEmailPage::Ready { token: token("em"), email: "mara".repeat(60) });
    samples.add("prove-email-dead", ProveEmailPage::Dead);
    let undo = |is_pending, hold| UndoEmailPage::Ready { token: token("eu"), email: person().email, is_pending, hold };
    samples.add("undo-email", undo(false, None));
    samples.add("undo-email-pending", undo(true, None));
    samples.add("undo-email-limited", undo(false, Some(HOLDS[0])));
    let not_me = |hold| NotMePage::Ready {
        token: token("so"),
        email: person().email,
        since: when("2026-11-21T09:00:00Z", "21 November"),
        hold,
    };
    samples.add("not-me", not_me(None));
    samples.add("not-me-limited", not_me(Some(HOLDS[0])));
    samples.add("not-me-dead", NotMePage::Dead);
    samples.add("undo-email-taken", UndoEmailPage::Taken);
    samples.add("undo-email-dead", UndoEmailPage::Dead);
}

pub(super) fn phone(samples: &mut Samples) {
    let number = || text("+4520123442");
    let page = PhonePage { room: room(None), codes: Some(false), ..PhonePage::default() };
    let has = PhonePage { number: Some(number()), is_verified: true, ..page.clone() };
    let until = when("2026-11-22T14:02:00Z", "today 14:02 UTC");
    let waiting = PhonePage { room: room(Some(Flash::PhoneAsked)), waiting: Some((number(), until)), ..page.clone() };
    samples.add("phone", page.clone());
    samples.add("phone-there", has.clone());
    samples
        .add("phone-with-codes", PhonePage { codes: Some(true), room: room(Some(Flash::PhoneChanged)), ..has.clone() });
    samples.add("phone-not-offered", PhonePage { codes: None, is_verified: false, ..has.clone() });
    samples.add("phone-waiting", waiting.clone());
    samples.add("phone-waiting-stale", PhonePage { is_stale: true, room: room(None), ..waiting.clone() });
    let changing = PhonePage { number: Some(text("+4611111111")), is_verified: true, ..waiting.clone() };
    samples.add("phone-changing", changing);
    let asked = |problem| PhonePage { typed: text("20 12 34 42"), problem: Some(problem), ..page.clone() };
    samples.add("phone-missing", PhonePage { typed: String::new(), ..asked(PhoneProblem::Missing) });
    samples.add("phone-syntax", asked(PhoneProblem::Syntax));
    samples.add("phone-same", PhonePage { number: has.number, is_verified: true, ..asked(PhoneProblem::Same) });
    samples.add("phone-not-served", asked(PhoneProblem::NotServed));
    samples.add("phone-limited", asked(PhoneProblem::Held(HOLDS[0])));
    let wrong = |problem| PhonePage { room: room(None), problem: Some(problem), ..waiting.clone() };
    samples.add("phone-wrong-code", wrong(PhoneProblem::WrongCode));
    samples.add("phone-old-code", wrong(PhoneProblem::UsedOrOld));
    let remove = |has_codes, is_last| RemovePhonePage { number: number(), has_codes, is_last };
    samples.add("phone-remove", remove(false, false));
    samples.add("phone-remove-last", remove(true, true));
}

pub(super) fn data(samples: &mut Samples) {
    let erase = || when("2026-12-21T14:02:00Z", "21 December 2026, 14:02 UTC");
    let page = DataPage { room: room(None), erase: None, is_last_admin: false, owned: vec![] };
    samples.add("data", page.clone());
    samples.add("data-kept", DataPage { room: room(Some(Flash::AccountKept)), ..page.clone() });
    samples.add("data-leaving", DataPage { erase: Some(erase()), ..page.clone() });
    let owned = vec![(text("o1"), text("Nordhavn Studio")), (text("o2"), "Fjord Rowing Club ".repeat(8))];
    samples.add("data-owner", DataPage { owned, ..page.clone() });
    samples.add("data-last-admin", DataPage { is_last_admin: true, ..page });
    samples.add("deactivate", DeactivatePage { email: person().email });
    samples.add("deactivate-long", DeactivatePage { email: "mara".repeat(60) });
    samples.add("delete-account", DeleteAccountPage { erase: erase() });
    samples.add("left-deactivated", LeftPage::Deactivated);
    samples.add("left-deleted", LeftPage::Deleted { erase: erase() });
    samples.add("come-back", ComeBackPage::Ready { token: token("cb"), email: person().email });
    samples.add("come-back-dead", ComeBackPage::Dead);
}
