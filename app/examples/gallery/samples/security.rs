//! The second step of signing in, and what protects the account.

use ostiary_app::model::{
    AddAuthenticatorPage, AuthenticatorProblem, AuthenticatorRow, ConfirmPage, ConfirmProblem, EmailCodesPage,
    EmailCodesRow, Flash, NameProblem, QrCode, RecoveryCodesPage, RecoveryCodesRow, RemoveAuthenticatorPage,
    RenameAuthenticatorPage, ScanAuthenticatorPage, SecondFactorPage, SecondFactorProblem, SecurityPage,
    TrustedBrowserRow, Way,
};

use super::{HOLDS, Samples, account::room, caller, interaction, person, text, when};

pub(super) fn second_factor(samples: &mut Samples) {
    let ways = vec![Way::Totp, Way::Passkey, Way::Email { sent: false }, Way::Recovery { left: 3 }];
    let page = SecondFactorPage {
        interaction: Some(interaction()),
        caller: Some(caller()),
        next: None,
        number: Some(text("0f")),
        person: person(),
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
    let sent = SecondFactorPage { way: Some(Way::Email { sent: true }), ..page.clone() };
    samples.add("second-factor-email", sent.clone());
    samples.add("second-factor-email-sent", SecondFactorPage { flash: Some(Flash::CodeSent), ..sent.clone() });
    let wrong = Some(SecondFactorProblem::WrongSentCode);
    samples.add("second-factor-email-wrong", SecondFactorPage { problem: wrong, ..sent.clone() });
    let unsent = SecondFactorPage { way: Some(Way::Email { sent: false }), ..sent };
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
        email_codes: Some(EmailCodesRow::Off),
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
    let on = EmailCodesRow::On {
        added: when("2024-03-03T10:00:00Z", "3 March 2024"),
        used: Some(when("2026-11-19T10:00:00Z", "19 November")),
    };
    samples.add("security-email", SecurityPage { email_codes: Some(on), ..bare.clone() });
    samples.add("security-no-email", SecurityPage { email_codes: None, ..bare.clone() });
    for (name, on, has_app) in [
        ("email-codes-on", false, false),
        ("email-codes-on-with-app", false, true),
        ("email-codes-off", true, true),
        ("email-codes-off-last", true, false),
    ] {
        let email = text("mara.lindqvist@nordhavn.example");
        samples.add(name, EmailCodesPage { on, email, has_app });
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
