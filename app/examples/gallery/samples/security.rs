//! The second step of signing in, and what protects the account.

use ostiary_app::model::{
    AddAuthenticatorPage, AuthenticatorProblem, AuthenticatorRow, CodesPage, CodesRow, ConfirmPage, ConfirmProblem,
    Flash, NameProblem, QrCode, RecoveryCodesPage, RecoveryCodesRow, RemoveAuthenticatorPage, RenameAuthenticatorPage,
    ScanAuthenticatorPage, SecondFactorPage, SecondFactorProblem, SecurityPage, Sent, TrustedBrowserRow, Way,
};

use super::{HOLDS, Samples, account::room, caller, interaction, person, text, when};

pub(super) fn second_factor(samples: &mut Samples) {
    let sent = |by, is_sent| Way::Sent { by, is_sent };
    let ways =
        vec![Way::Totp, Way::Passkey, sent(Sent::Sms, false), sent(Sent::Email, false), Way::Recovery { left: 3 }];
    let page = SecondFactorPage {
        interaction: Some(interaction()),
        caller: Some(caller()),
        next: None,
        number: Some(text("0f")),
        person: person(),
        phone_ending: Some(text("42")),
        is_on_top: false,
        trust_days: Some(30),
        way: Some(Way::Totp),
        ways: ways.clone(),
        problem: None,
        flash: None,
    };
    samples.add("second-factor", SecondFactorPage { way: None, ..page.clone() });
    samples.add(
        "second-factor-plain",
        SecondFactorPage { way: None, interaction: None, caller: None, ways: vec![Way::Totp], ..page.clone() },
    );
    samples.add("second-factor-code", page.clone());
    samples.add("second-factor-on-top", SecondFactorPage { is_on_top: true, trust_days: None, ..page.clone() });
    let wrong = Some(SecondFactorProblem::WrongCode);
    samples.add("second-factor-wrong", SecondFactorPage { problem: wrong, ..page.clone() });
    let held = Some(SecondFactorProblem::Held(HOLDS[0]));
    samples.add("second-factor-limited", SecondFactorPage { problem: held, ..page.clone() });
    let key = SecondFactorPage { way: Some(Way::Passkey), ..page.clone() };
    samples.add("second-factor-key", key.clone());
    let refused = Some(SecondFactorProblem::WrongKey);
    samples.add("second-factor-key-refused", SecondFactorPage { problem: refused, ..key });
    let sms = SecondFactorPage { way: Some(sent(Sent::Sms, true)), ..page.clone() };
    samples.add("second-factor-sms", sms.clone());
    let wrong = Some(SecondFactorProblem::WrongSentCode);
    samples.add("second-factor-sms-wrong", SecondFactorPage { problem: wrong, ..sms });
    samples.add("second-factor-sms-send", SecondFactorPage { way: Some(sent(Sent::Sms, false)), ..page.clone() });
    let unsent = SecondFactorPage { way: Some(sent(Sent::Email, false)), ..page.clone() };
    let sent = SecondFactorPage { way: Some(sent(Sent::Email, true)), ..page.clone() };
    samples.add("second-factor-email", sent.clone());
    samples.add("second-factor-email-sent", SecondFactorPage { flash: Some(Flash::CodeSent), ..sent.clone() });
    samples.add("second-factor-email-wrong", SecondFactorPage { problem: wrong, ..sent });
    samples.add("second-factor-email-send", unsent.clone());
    samples.add("second-factor-email-limited", SecondFactorPage { problem: held, ..unsent });
    let recovery = SecondFactorPage { way: Some(Way::Recovery { left: 3 }), ..page };
    samples.add("second-factor-recovery", recovery.clone());
    let wrong = Some(SecondFactorProblem::WrongRecoveryCode);
    samples.add("second-factor-recovery-wrong", SecondFactorPage { problem: wrong, ..recovery });
    let page = ConfirmPage {
        person: person(),
        has_password: true,
        has_passkey: false,
        next: Some("security"),
        number: Some(text("0f")),
        problem: None,
    };
    samples.add("confirm", page.clone());
    samples.add("confirm-wrong", ConfirmPage { problem: Some(ConfirmProblem::Wrong), ..page.clone() });
    samples.add("confirm-busy", ConfirmPage { problem: Some(ConfirmProblem::Held(HOLDS[1])), ..page.clone() });
    samples.add("confirm-passkey", ConfirmPage { has_passkey: true, ..page.clone() });
    let refused = Some(ConfirmProblem::Passkey);
    samples.add("confirm-passkey-refused", ConfirmPage { has_passkey: true, problem: refused, ..page.clone() });
    samples.add("confirm-only-passkey", ConfirmPage { has_password: false, has_passkey: true, ..page.clone() });
    samples.add("confirm-without-password", ConfirmPage { has_password: false, ..page });
}

fn app(name: &str) -> AuthenticatorRow {
    AuthenticatorRow {
        id: text("0198a7f3"),
        name: text(name),
        added: when("2024-03-03T10:00:00Z", "3 March 2024"),
        used: Some(when("2026-11-19T10:00:00Z", "19 November")),
    }
}

pub(super) fn security(samples: &mut Samples) {
    let page = SecurityPage {
        room: room(None),
        has_password: true,
        password_changed: Some(when("2026-05-09T10:00:00Z", "9 May")),
        authenticators: vec![app("Phone"), AuthenticatorRow { used: None, ..app("Tablet in the kitchen") }],
        recovery_codes: Some(RecoveryCodesRow {
            left: 10,
            is_low: false,
            made: when("2024-03-03T10:00:00Z", "3 March 2024"),
            used: None,
        }),
        email_codes: Some(CodesRow::Off),
        sms_codes: Some(CodesRow::Off),
        phone: Some(text("+4520123442")),
        trusted_browsers: vec![],
    };
    samples.add("security", page.clone());
    samples.add(
        "security-low",
        SecurityPage {
            room: room(Some(Flash::AuthenticatorRenamed)),
            recovery_codes: Some(RecoveryCodesRow {
                left: 3,
                is_low: true,
                made: when("2024-03-03T10:00:00Z", "3 March 2024"),
                used: Some(when("2026-11-20T10:00:00Z", "yesterday 10:00 UTC")),
            }),
            ..page.clone()
        },
    );
    let bare = SecurityPage { authenticators: vec![], recovery_codes: None, password_changed: None, ..page.clone() };
    samples.add("security-bare", bare.clone());
    let on = CodesRow::On {
        added: when("2024-03-03T10:00:00Z", "3 March 2024"),
        used: Some(when("2026-11-19T10:00:00Z", "19 November")),
    };
    samples.add("security-email", SecurityPage { email_codes: Some(on.clone()), ..bare.clone() });
    samples.add("security-no-email", SecurityPage { email_codes: None, sms_codes: None, ..bare.clone() });
    samples.add("security-sms", SecurityPage { sms_codes: Some(on), ..page.clone() });
    samples.add("security-no-number", SecurityPage { phone: None, ..bare.clone() });
    for (name, by, on, has_app, has_other) in [
        ("email-codes-on", Sent::Email, false, false, false),
        ("email-codes-on-with-app", Sent::Email, false, true, true),
        ("email-codes-off", Sent::Email, true, true, true),
        ("email-codes-off-last", Sent::Email, true, false, false),
        ("sms-codes-on", Sent::Sms, false, false, false),
        ("sms-codes-on-with-app", Sent::Sms, false, true, true),
        ("sms-codes-off", Sent::Sms, true, false, true),
        ("sms-codes-off-last", Sent::Sms, true, false, false),
    ] {
        let to = if by == Sent::Email { person().email } else { text("+4520123442") };
        samples.add(name, CodesPage { by, on, to, has_app, has_other });
    }
    samples.add("security-removed", SecurityPage { room: room(Some(Flash::AuthenticatorRemoved)), ..bare });
    let long = AuthenticatorRow { name: "Telefon".repeat(28), ..app("") };
    let trusted = |device: &str, is_current| TrustedBrowserRow {
        id: text("0198a7f4"),
        device: text(device),
        is_current,
        since: when("2026-11-03T10:00:00Z", "3 November"),
        until: when("2026-12-03T10:00:00Z", "3 December"),
        used: is_current.then(|| when("2026-11-19T10:00:00Z", "19 November")),
    };
    let trusted_browsers = vec![trusted("Firefox on Windows", true), trusted("Safari on iPhone", false)];
    samples.add("security-trusted", SecurityPage { trusted_browsers, ..page.clone() });
    samples.add("security-long", SecurityPage { authenticators: vec![long.clone()], ..page });
    authenticators(samples, long);
    codes(samples);
}

fn authenticators(samples: &mut Samples, long: AuthenticatorRow) {
    samples.add("authenticator-add", AddAuthenticatorPage::default());
    for (name, problem) in [
        ("authenticator-add-missing", NameProblem::Missing),
        ("authenticator-add-full", NameProblem::Full),
        ("authenticator-add-limited", NameProblem::Held(HOLDS[0])),
    ] {
        samples.add(name, AddAuthenticatorPage { name: String::new(), problem: Some(problem) });
    }
    let scan = ScanAuthenticatorPage {
        name: text("Phone"),
        qr: QrCode {
            size: 49,
            path: (4..45).step_by(2).map(|y| format!("M4 {y}h41v1h-41z")).collect::<Vec<_>>().concat(),
        },
        key: text("JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"),
        problem: None,
    };
    samples.add("authenticator-scan", scan.clone());
    let problem = Some(AuthenticatorProblem::WrongCode);
    samples.add("authenticator-scan-wrong", ScanAuthenticatorPage { problem, ..scan });
    let rename =
        RenameAuthenticatorPage { id: text("0198a7f3"), called: text("Phone"), name: text("Phone"), problem: None };
    samples.add("authenticator-rename", rename.clone());
    let problem = Some(NameProblem::TooLong);
    samples.add("authenticator-rename-long", RenameAuthenticatorPage { name: "x".repeat(201), problem, ..rename });
    samples.add("authenticator-remove", RemoveAuthenticatorPage { authenticator: app("Phone"), is_last: false });
    samples.add("authenticator-remove-last", RemoveAuthenticatorPage { authenticator: long, is_last: true });
}

fn codes(samples: &mut Samples) {
    let codes: Vec<_> = (0..10).map(|n| format!("4kq7-m2x{n}")).collect();
    samples.add("recovery-codes", RecoveryCodesPage::Fresh { codes: codes.clone(), first: false });
    samples.add("recovery-codes-first", RecoveryCodesPage::Fresh { codes, first: true });
    samples.add("recovery-codes-ask", RecoveryCodesPage::Ask { left: 1 });
    samples.add("recovery-codes-none", RecoveryCodesPage::NoFactor);
}
