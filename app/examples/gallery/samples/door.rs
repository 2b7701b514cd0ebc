//! At the door: passwords, consent, leaving, errors.

use ostiary_app::model::{
    AccountChoice, AddressProblem, ChangePasswordPage, ChangePasswordProblem, ChooserPage, ConfirmSignOutPage,
    ConsentPage, DeveloperNote, ErrorKind, ErrorPage, ForgotPasswordPage, NewPasswordPage, NewPasswordProblem,
    OrganizationChoice, Person, ScopeLine, SignOutFrame, SignedOutPage, WayOn,
};

use super::account::room;
use super::{HOLDS, Samples, caller, interaction, payment, person, rules, text, token};

pub(super) fn passwords(samples: &mut Samples) {
    let page = ForgotPasswordPage { interaction: Some(interaction()), ..ForgotPasswordPage::default() };
    samples.add("forgot-password", page.clone());
    samples.add("forgot-password-sent", ForgotPasswordPage { sent: true, ..page.clone() });
    let typed = ForgotPasswordPage { email: text("mara@nordhavn"), ..page };
    samples.add(
        "forgot-password-syntax",
        ForgotPasswordPage { problem: Some(AddressProblem::EmailSyntax), ..typed.clone() },
    );
    samples
        .add("forgot-password-limited", ForgotPasswordPage { problem: Some(AddressProblem::Held(HOLDS[0])), ..typed });
    let ready =
        |rules, problems| NewPasswordPage::Ready { token: token("pr"), email: Some(person().email), rules, problems };
    samples.add("new-password", ready(rules(false), vec![]));
    samples.add("new-password-weak", ready(rules(true), vec![NewPasswordProblem::Weak, NewPasswordProblem::Differ]));
    samples.add("new-password-same", ready(rules(false), vec![NewPasswordProblem::SameAsOld]));
    samples.add("new-password-dead", NewPasswordPage::Dead);
    let page = ChangePasswordPage { room: room(None), rules: rules(false), problems: vec![] };
    samples.add("change-password", page.clone());
    let problems = vec![ChangePasswordProblem::CurrentWrong, ChangePasswordProblem::Weak];
    samples.add("change-password-problems", ChangePasswordPage { problems, rules: rules(true), ..page.clone() });
    samples.add(
        "change-password-limited",
        ChangePasswordPage { problems: vec![ChangePasswordProblem::Held(HOLDS[0])], ..page },
    );
}

pub(super) fn consent(samples: &mut Samples) {
    let person = person();
    let line = |scope, description| ScopeLine::describe(scope, description, &person);
    let page = ConsentPage {
        interaction: interaction(),
        caller: caller(),
        person: person.clone(),
        needed: vec![line("openid", None), line("profile", None), line("email", None)],
        optional: vec![
            line("servers:read", Some("See the servers and whether they run")),
            ScopeLine { ticked: true, ..line("offline_access", None) },
        ],
        resources: vec![],
        details: vec![],
        remember: Some(true),
    };
    samples.add("consent", page.clone());
    samples.add(
        "consent-least",
        ConsentPage { needed: vec![line("openid", None)], optional: vec![], remember: None, ..page.clone() },
    );
    samples.add(
        "consent-details",
        ConsentPage {
            needed: vec![line("openid", None)],
            optional: vec![],
            resources: vec![text("Nordhavn Bank payments")],
            details: vec![payment()],
            remember: Some(false),
            ..page
        },
    );
    let page = ConfirmSignOutPage { person, ..ConfirmSignOutPage::default() };
    samples.add("sign-out", page.clone());
    let back = text("https://blockyard.example/");
    samples.add("sign-out-asked", ConfirmSignOutPage { caller: Some(caller()), stay: Some(back.clone()), ..page });
    samples.add("signed-out", SignedOutPage::default());
    samples.add("signed-out-others", SignedOutPage { others: true, ..SignedOutPage::default() });
    let page = SignedOutPage { back_to: Some((text("Blockyard"), back)), ..SignedOutPage::default() };
    samples.add("signed-out-return", page.clone());
    let frames = vec![SignOutFrame { name: text("Blockyard"), src: text("https://blockyard.example/signed-out") }];
    samples.add("signed-out-telling", SignedOutPage { frames: frames.clone(), ..SignedOutPage::default() });
    samples.add("signed-out-telling-return", SignedOutPage { frames, ..page });
}

pub(super) fn chooser(samples: &mut Samples) {
    let account = |session: &str, person, is_live, is_current| AccountChoice {
        session: text(session),
        person,
        is_live,
        is_current,
        organizations: Vec::new(),
    };
    let home = Person { id: text("2"), name: text("Mara at home"), email: text("mara.l@post.example") };
    let nameless =
        Person { id: text("3"), name: String::new(), email: text("mara.lindqvist@verein-der-hafenfreunde.example") };
    let accounts =
        vec![account("1", person(), true, true), account("2", home, true, false), account("3", nameless, false, false)];
    let page =
        ChooserPage { interaction: Some(interaction()), caller: Some(caller()), accounts, ..ChooserPage::default() };
    samples.add("choose-account", page.clone());
    samples.add("continue-as", with_organizations(page.clone()));
    let mut one = with_organizations(page.clone());
    one.accounts.truncate(1);
    samples.add("continue-as-one", one);
    let accounts = page.accounts.iter().skip(2).cloned().collect();
    samples.add("choose-account-out", ChooserPage { accounts, next: Some("sessions"), ..ChooserPage::default() });
}

/// The same for an application that asks for an organisation, too.
fn with_organizations(mut page: ChooserPage) -> ChooserPage {
    let choice = |name: &str, role: &str| OrganizationChoice {
        id: text(name),
        name: text(name),
        role: text(role),
        ..OrganizationChoice::default()
    };
    let of_mara = vec![
        OrganizationChoice { is_last: true, ..choice("Nordhavn Studio", "owner") },
        OrganizationChoice { asks_for_more: true, ..choice("Lighthouse Modders", "operator") },
        OrganizationChoice { is_personal: true, ..choice("Mara Lindqvist", "owner") },
    ];
    let long = choice("Verein der Freunde des alten Hafens und seiner Leuchttürme e. V.", "Schriftführerin");
    for (account, organizations) in page.accounts.iter_mut().zip([of_mara, vec![long]]) {
        account.organizations = organizations;
    }
    page
}

pub(super) fn errors(samples: &mut Samples) {
    let name = Some(text("Blockyard"));
    let note = DeveloperNote {
        error: text("invalid_request"),
        why: text("redirect_uri differs from every registered one (exact match)."),
        reference: Some(text("4Q7M-2XKD")),
    };
    let restart = Some(text("https://blockyard.example/"));
    let developer = Some(note);
    for (name, kind, way_on, developer) in [
        ("error-redirect", ErrorKind::UntrustedRedirect { caller: name.clone() }, WayOn::None, developer.clone()),
        ("error-caller", ErrorKind::UnknownCaller, WayOn::None, developer.clone()),
        ("error-request", ErrorKind::BrokenRequest { caller: name.clone() }, WayOn::None, developer),
        ("error-over", ErrorKind::InteractionOver { restart, caller: name }, WayOn::Account, None),
        ("error-over-unknown", ErrorKind::InteractionOver { restart: None, caller: None }, WayOn::SignIn, None),
        ("error-not-found", ErrorKind::NotFound, WayOn::SignIn, None),
        ("error-forbidden", ErrorKind::Forbidden, WayOn::Account, None),
        ("error-cross-site", ErrorKind::CrossSite, WayOn::SignIn, None),
        ("error-form", ErrorKind::BadForm, WayOn::None, None),
        ("error-limited", ErrorKind::Held(HOLDS[0]), WayOn::None, None),
        ("error-busy", ErrorKind::Held(HOLDS[1]), WayOn::SignIn, None),
        ("error-internal", ErrorKind::Internal { reference: text("4Q7M-2XKD") }, WayOn::Account, None),
    ] {
        samples.add(name, ErrorPage { kind, way_on, developer });
    }
}
