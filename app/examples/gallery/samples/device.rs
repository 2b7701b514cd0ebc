//! Connecting a device, and answering applications that wait.

use ostiary_app::model::{
    AnswerRequestPage, Caller, ConfirmDevicePage, DetailLine, DeviceCodeProblem, DeviceDonePage, DevicePage, Flash,
    Person, RequestRow, RequestsPage, Room, ScopeLine,
};

use super::{HOLDS, Samples, account::room, caller, payment, person, text, when, wiki};

pub(super) fn device(samples: &mut Samples) {
    let page = DevicePage { person: Some(person()), ..DevicePage::default() };
    samples.add("device", page.clone());
    samples.add("device-nobody", DevicePage { person: None, ..page.clone() });
    samples.add("device-link", DevicePage { code: text("WDJB-MJHT"), from_link: true, ..page.clone() });
    let typed = DevicePage { code: text("wdjb mjht"), ..page };
    for (name, problem) in [
        ("device-unknown", DeviceCodeProblem::Unknown),
        ("device-gone", DeviceCodeProblem::Gone),
        ("device-limited", DeviceCodeProblem::Held(HOLDS[0])),
    ] {
        samples.add(name, DevicePage { problem: Some(problem), ..typed.clone() });
    }
    let person = person();
    let line = |scope| ScopeLine::describe(scope, None, &person);
    let page = ConfirmDevicePage {
        handle: text("sealed"),
        code: text("WDJB-MJHT"),
        caller: caller(),
        ip: Some(text("192.0.2.44")),
        asked: when("2026-11-21T14:01:00Z", "1 minute ago"),
        needed: vec![line("openid"), line("profile")],
        optional: vec![line("offline_access")],
        person: person.clone(),
        resources: vec![],
        details: vec![],
    };
    samples.add("device-confirm", page.clone());
    let resources = vec![text("Nordhavn Bank payments")];
    let details = vec![payment()];
    samples.add("device-confirm-details", ConfirmDevicePage { resources, details, ..page.clone() });
    samples.add(
        "long-device-confirm",
        ConfirmDevicePage {
            caller: Caller { name: "Blockyard".repeat(11), ..caller() },
            ip: Some(text("2001:db8:85a3:8d3:1319:8a2e:370:7334")),
            person: Person { name: "Maralindqvist".repeat(9), ..person },
            optional: vec![],
            details: vec![long_payment()],
            ..page
        },
    );
    samples.add("device-connected", DeviceDonePage { allowed: true });
    samples.add("device-refused", DeviceDonePage { allowed: false });
}

pub(super) fn requests(samples: &mut Samples) {
    let request = RequestRow {
        id: text("0198a7f2"),
        caller: caller(),
        message: Some(text("W4SCT: 12,50 € to the lighthouse")),
        ip: Some(text("192.0.2.44")),
        asked: when("2026-11-21T14:01:00Z", "1 minute ago"),
    };
    let plain = RequestRow { caller: wiki(), message: None, ip: None, ..request.clone() };
    let waiting = Room { requests: 2, ..room(None) };
    samples.add("requests", RequestsPage { room: waiting, requests: vec![request.clone(), plain.clone()] });
    samples.add("requests-none", RequestsPage { room: room(Some(Flash::RequestAllowed)), requests: vec![] });
    let person = person();
    let line = |scope| ScopeLine::describe(scope, None, &person);
    let page = AnswerRequestPage {
        request,
        person: person.clone(),
        needed: vec![line("openid"), line("email")],
        optional: vec![line("offline_access")],
        resources: vec![],
        details: vec![],
    };
    samples.add("request", page.clone());
    let resources = vec![text("Nordhavn Bank payments")];
    samples.add("request-details", AnswerRequestPage { resources, details: vec![payment()], ..page.clone() });
    let long = RequestRow {
        caller: Caller { name: "Blockyard".repeat(11), ..caller() },
        message: Some("W4SCT".repeat(25)),
        ..plain
    };
    let details = vec![long_payment()];
    samples.add("long-request", AnswerRequestPage { request: long, optional: vec![], details, ..page });
}

/// Names and values without a place to break.
fn long_payment() -> DetailLine {
    let long = || "Instructedamount".repeat(8);
    DetailLine { what: long(), detail: Some(long()), facts: vec![(long(), long())] }
}
