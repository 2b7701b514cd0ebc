//! Inside: the account, and what ends there.

use ostiary_app::model::{
    AccountHome, Activity, ActivityBy, ActivityKind, Caller, ConfirmEndOthers, ConfirmEndSession, DeviceKind, Flash,
    Person, Room, SessionRow, SessionsPage,
};

use super::{Samples, caller, organizations::organization, person, text, when, wiki};

pub(super) fn room(flash: Option<Flash>) -> Room {
    Room {
        person: person(),
        sessions: 4,
        requests: 0,
        invitations: 0,
        is_admin: false,
        organization: Some(organization()),
        flash,
    }
}

fn session(device: &str, kind: DeviceKind, applications: Vec<Caller>) -> SessionRow {
    SessionRow {
        id: text("0198a7f2"),
        device: text(device),
        kind,
        ip: Some(text("192.0.2.44")),
        since: when("2026-11-02T08:00:00Z", "2 November"),
        active: when("2026-11-21T13:42:00Z", "20 minutes ago"),
        applications,
    }
}

pub(super) fn account(samples: &mut Samples) {
    let here = session("Chrome on macOS", DeviceKind::Computer, vec![caller(), wiki()]);
    let phone = session("Safari on iPhone", DeviceKind::Phone, vec![caller(), wiki()]);
    let elsewhere = vec![
        phone.clone(),
        SessionRow {
            ip: Some(text("2001:db8:85a3::8a2e:370:7334")),
            ..session("Firefox on Windows", DeviceKind::Computer, vec![])
        },
        SessionRow { ip: None, ..session("Blockyard launcher", DeviceKind::Program, vec![caller()]) },
    ];
    overview(samples, here.clone());
    let page =
        SessionsPage { room: room(None), here, elsewhere: elsewhere.clone(), idle_seconds: 7200, max_seconds: 86_400 };
    samples.add("sessions", page.clone());
    samples.add(
        "sessions-alone",
        SessionsPage { room: Room { sessions: 1, ..room(Some(Flash::OtherSessionsEnded)) }, elsewhere: vec![], ..page },
    );
    samples.add("end-others", ConfirmEndOthers { elsewhere: elsewhere.clone() });
    samples.add("end-others-one", ConfirmEndOthers { elsewhere: vec![phone.clone()] });
    samples.add("end-session", ConfirmEndSession { session: phone });
    samples.add("end-others-none", ConfirmEndOthers { elsewhere: vec![] });
}

fn overview(samples: &mut Samples, here: SessionRow) {
    let event = |at: &str, words: &str, kind, device: Option<&str>| Activity {
        when: when(at, words),
        kind,
        by: ActivityBy::Person,
        device: device.map(text),
        ip: None,
        more: None,
    };
    let home = AccountHome {
        room: room(None),
        erase: None,
        email_verified: true,
        username: Some(text("mara")),
        joined: when("2024-03-03T10:00:00Z", "3 March 2024"),
        password_changed: Some(when("2026-05-09T10:00:00Z", "9 May")),
        passkeys: 2,
        here,
        lately: vec![
            event("2026-11-21T14:02:00Z", "20 minutes ago", ActivityKind::SignedIn, Some("Chrome on macOS")),
            event(
                "2026-11-21T09:40:00Z",
                "today 09:40 UTC",
                ActivityKind::Allowed { application: text("Blockyard") },
                None,
            ),
            event(
                "2026-11-20T18:31:00Z",
                "yesterday 18:31 UTC",
                ActivityKind::SignInFailed,
                Some("Firefox on Windows"),
            ),
            event("2026-11-09T08:00:00Z", "9 November", ActivityKind::PasskeyCopied, None),
            event("2026-11-08T08:00:00Z", "8 November", ActivityKind::SignedInByPasskey, Some("Safari on iPhone")),
            event("2026-11-07T08:00:00Z", "7 November", ActivityKind::PasskeyRemoved, None),
            event("2026-11-06T08:00:00Z", "6 November", ActivityKind::PasskeyAdded, None),
            event("2026-11-02T08:00:00Z", "2 November", ActivityKind::PasswordChanged, Some("Safari on iPhone")),
        ],
    };
    samples.add("account", home.clone());
    samples.add(
        "account-new",
        AccountHome {
            room: Room {
                person: Person { name: String::new(), ..person() },
                sessions: 1,
                requests: 1,
                is_admin: false,
                ..room(Some(Flash::AddressConfirmed))
            },
            erase: Some(when("2026-12-21T14:02:00Z", "21 December 2026, 14:02 UTC")),
            email_verified: false,
            username: None,
            password_changed: None,
            passkeys: 0,
            lately: vec![],
            ..home
        },
    );
}
