//! Every page in every state, with people and applications that do not exist. A page or state that is missing here is looked at by nobody.

mod account;
mod clients;
mod device;
mod door;
mod invitations;
mod members;
mod organization_settings;
mod organizations;
mod passkeys;
mod policies;
mod reference;
mod security;
mod self_service;

use ostiary_app::model::{
    AddressProblem, AskSignInMailPage, Caller, CheckMailPage, CodeProblem, ConsentPage, DetailLine, Flash, Hold,
    MailCodeProblem, OtherWays, PasswordRule, Person, RegisterPage, RegisterProblem, RegisterValues, RuleKind,
    ScopeLine, SetupPage, SetupProblem, SignInCodePage, SignInLinkPage, SignInPage, SignInProblem, Site,
    VerifyLinkPage, When,
};
use ostiary_app::pages::Page;
use ostiary_app::shell::render;

/// One page in one state.
pub(crate) struct Sample {
    /// File name without extension.
    pub(crate) name: &'static str,
    /// Renders it for a site.
    pub(crate) html: Box<dyn Fn(&Site) -> String>,
}

struct Samples(Vec<Sample>);

impl Samples {
    fn add(&mut self, name: &'static str, page: impl Page + Clone + 'static) {
        self.0.push(Sample { name, html: Box::new(move |site| render(site, page.clone())) });
    }
}

/// All of them.
pub(crate) fn all() -> Vec<Sample> {
    let mut samples = Samples(Vec::new());
    sign_in(&mut samples);
    register(&mut samples);
    mail(&mut samples);
    door::passwords(&mut samples);
    door::consent(&mut samples);
    device::device(&mut samples);
    device::requests(&mut samples);
    invitations::invitations(&mut samples);
    invitations::organization_invitations(&mut samples);
    door::chooser(&mut samples);
    door::errors(&mut samples);
    account::account(&mut samples);
    self_service::profile(&mut samples);
    self_service::email(&mut samples);
    self_service::phone(&mut samples);
    self_service::data(&mut samples);
    self_service::applications(&mut samples);
    self_service::activity(&mut samples);
    clients::clients(&mut samples);
    policies::why(&mut samples);
    policies::policies(&mut samples);
    passkeys::passkeys(&mut samples);
    security::second_factor(&mut samples);
    security::security(&mut samples);
    clients::client(&mut samples);
    clients::endings(&mut samples);
    clients::new(&mut samples);
    clients::edit(&mut samples);
    organizations::organizations(&mut samples);
    members::members(&mut samples);
    members::member(&mut samples);
    members::roles(&mut samples);
    organization_settings::settings(&mut samples);
    organization_settings::activity(&mut samples);
    reference::reference(&mut samples);
    long(&mut samples);
    samples.0
}

/// Names as long as they may be, without a place to break.
fn long(samples: &mut Samples) {
    let caller = Caller {
        id: text("long"),
        name: "Blockyard".repeat(11),
        domain: Some(format!("{}.example", "blockyard".repeat(9))),
        logo: None,
    };
    let person = Person {
        id: text("p2"),
        name: "Maralindqvist".repeat(9),
        email: format!("{}@nordhavn.example", "mara".repeat(40)),
    };
    let line = |scope| ScopeLine::describe(scope, None, &person);
    samples.add("long-sign-in", SignInPage { caller: Some(caller.clone()), ..SignInPage::default() });
    samples.add("long-check-mail", CheckMailPage { email: Some(person.email.clone()), ..CheckMailPage::default() });
    samples.add(
        "long-consent",
        ConsentPage {
            interaction: interaction(),
            caller,
            needed: vec![line("profile"), line("email")],
            optional: vec![line(&"servers:read".repeat(8))],
            person,
            resources: vec![],
            details: vec![],
            remember: Some(false),
        },
    );
}

fn payment() -> DetailLine {
    let fact = |name: &str, value: &str| (text(name), text(value));
    DetailLine {
        what: text("Make a payment"),
        detail: Some(text("Once, and not after today")),
        facts: vec![
            fact("What it does", "initiate, status"),
            fact("Where", "https://bank.nordhavn.example/payments"),
            fact("Creditor account", "iban: SE35 5000 0000 0549 1000 0003"),
            fact("Creditor name", "Blockyard Hosting AB"),
            fact("Instructed amount", "123.50 EUR"),
        ],
    }
}

const HOLDS: [Hold; 2] = [Hold::TooManyTries { seconds: 40 }, Hold::Busy { seconds: 5 }];

fn text(value: &str) -> String {
    value.to_owned()
}

fn token(kind: &str) -> String {
    format!("ost_{kind}_{}", "w7".repeat(21) + "Q")
}

fn interaction() -> String {
    token("ix")
}

fn caller() -> Caller {
    Caller { id: text("blockyard"), name: text("Blockyard"), domain: Some(text("blockyard.example")), logo: None }
}

fn wiki() -> Caller {
    Caller { id: text("wiki-2"), name: text("Studio Wiki"), domain: Some(text("wiki.nordhavn.example")), logo: None }
}

fn person() -> Person {
    Person { id: text("p1"), name: text("Mara Lindqvist"), email: text("mara@nordhavn.example") }
}

fn when(exact: &str, words: &str) -> When {
    When { exact: text(exact), text: text(words), full: text("21 November 2026, 14:02 UTC") }
}

fn rules(judged: bool) -> Vec<PasswordRule> {
    let kinds = [
        (RuleKind::MinLength(8), true),
        (RuleKind::Uppercase, false),
        (RuleKind::Lowercase, true),
        (RuleKind::Digit, true),
        (RuleKind::Special, false),
        (RuleKind::NotLikeEmail, true),
        (RuleKind::NotCommon, false),
    ];
    kinds.map(|(kind, met)| if judged { PasswordRule::judged(kind, met) } else { PasswordRule::open(kind) }).to_vec()
}

/// The sign-in page with everything that makes it long.
pub(crate) fn sign_in_called() -> SignInPage {
    SignInPage {
        interaction: Some(interaction()),
        caller: Some(caller()),
        ways: OtherWays { passkeys: true, mail: false },
        ..SignInPage::default()
    }
}

fn sign_in(samples: &mut Samples) {
    let called = sign_in_called();
    let filled = SignInPage { username: text("mara@nordhavn.example"), stay: true, ..called.clone() };
    samples.add("sign-in", called);
    samples.add("sign-in-plain", SignInPage::default());
    samples.add("sign-in-flash", SignInPage { flash: Some(Flash::PasswordReset), ..SignInPage::default() });
    samples.add("sign-in-gone", SignInPage { flash: Some(Flash::SessionGone), ..SignInPage::default() });
    let wrong = SignInProblem::WrongCredentials { tries: 5, pause_minutes: 15 };
    for (name, problem) in [
        ("sign-in-wrong", wrong),
        ("sign-in-not-verified", SignInProblem::NotVerified),
        ("sign-in-passkey-unknown", SignInProblem::PasskeyUnknown),
        ("sign-in-passkey-refused", SignInProblem::PasskeyRefused),
        ("sign-in-passkey-copied", SignInProblem::PasskeyCopied),
        ("sign-in-passkey-expired", SignInProblem::PasskeyExpired),
        ("sign-in-paused", SignInProblem::Paused { seconds: 900 }),
        ("sign-in-full", SignInProblem::Full { most: 3 }),
        ("sign-in-limited", SignInProblem::Held(HOLDS[0])),
        ("sign-in-busy", SignInProblem::Held(HOLDS[1])),
    ] {
        samples.add(name, SignInPage { problem: Some(problem), ..filled.clone() });
    }
}

fn register(samples: &mut Samples) {
    let page = RegisterPage {
        interaction: Some(interaction()),
        caller: Some(caller()),
        rules: rules(false),
        ..RegisterPage::default()
    };
    samples.add("register", page.clone());
    samples.add("register-plain", RegisterPage { rules: rules(false), ..RegisterPage::default() });
    let values =
        RegisterValues { email: text("ifeoma.okafor@nordhavn"), username: text("ifeoma"), name: text("Ifeoma Okafor") };
    let problems = vec![
        RegisterProblem::EmailSyntax,
        RegisterProblem::UsernameTaken,
        RegisterProblem::PasswordWeak,
        RegisterProblem::PasswordsDiffer,
    ];
    let failed = RegisterPage { values, problems, rules: rules(true), ..page };
    samples.add("register-problems", failed.clone());
    samples.add("register-weak", RegisterPage { problems: vec![RegisterProblem::PasswordWeak], ..failed.clone() });
    samples.add(
        "register-limited",
        RegisterPage { problems: vec![RegisterProblem::Held(HOLDS[0])], rules: rules(false), ..failed.clone() },
    );
    samples.add(
        "register-closed",
        RegisterPage { problems: vec![RegisterProblem::Closed], rules: rules(false), ..failed },
    );
    let values = RegisterValues { email: text("mara@nordhavn"), ..RegisterValues::default() };
    let link = token("su");
    samples.add(
        "setup",
        SetupPage::Ready {
            token: link.clone(),
            values: RegisterValues::default(),
            rules: rules(false),
            problems: vec![],
        },
    );
    let problems = vec![SetupProblem::EmailSyntax, SetupProblem::PasswordWeak];
    samples.add("setup-problems", SetupPage::Ready { token: link, values, rules: rules(true), problems });
    samples.add("setup-dead", SetupPage::Dead);
}

fn mail(samples: &mut Samples) {
    let page = CheckMailPage {
        interaction: Some(interaction()),
        caller: Some(caller()),
        email: Some(text("ifeoma.okafor@nordhavn.example")),
        valid_hours: 24,
        ..CheckMailPage::default()
    };
    samples.add("check-mail", page.clone());
    samples.add("check-mail-sent-again", CheckMailPage { flash: Some(Flash::MailSentAgain), ..page.clone() });
    samples.add(
        "check-mail-unknown",
        CheckMailPage { problem: Some(CodeProblem::NothingToConfirm), email: None, ..page.clone() },
    );
    for (name, problem) in [
        ("check-mail-wrong", CodeProblem::Wrong),
        ("check-mail-old", CodeProblem::UsedOrOld),
        ("check-mail-limited", CodeProblem::Held(HOLDS[0])),
    ] {
        samples.add(name, CheckMailPage { problem: Some(problem), ..page.clone() });
    }
    mail_sign_in(samples);
    let link = token("ev");
    samples.add("verify-link", VerifyLinkPage::Ready { token: link.clone(), email: page.email });
    samples.add("verify-link-busy", VerifyLinkPage::Held { token: link, hold: HOLDS[1] });
    samples.add("verify-link-dead", VerifyLinkPage::Dead { can_resend: false });
    samples.add("verify-link-dead-resend", VerifyLinkPage::Dead { can_resend: true });
}

/// Signing in by e-mail.
fn mail_sign_in(samples: &mut Samples) {
    samples.add("sign-in-by-mail", SignInPage { ways: OtherWays { passkeys: true, mail: true }, ..sign_in_called() });
    let ask = AskSignInMailPage {
        interaction: Some(interaction()),
        caller: Some(caller()),
        email: text("mara@nordhavn.example"),
        ..AskSignInMailPage::default()
    };
    samples.add("ask-sign-in-mail", ask.clone());
    for (name, problem) in [
        ("ask-sign-in-mail-syntax", AddressProblem::EmailSyntax),
        ("ask-sign-in-mail-limited", AddressProblem::Held(HOLDS[0])),
    ] {
        samples.add(name, AskSignInMailPage { problem: Some(problem), ..ask.clone() });
    }
    let code = SignInCodePage {
        interaction: Some(interaction()),
        caller: Some(caller()),
        email: text("mara@nordhavn.example"),
        works_for: 600,
        ..SignInCodePage::default()
    };
    samples.add("sign-in-code", code.clone());
    for (name, problem) in
        [("sign-in-code-wrong", MailCodeProblem::Wrong), ("sign-in-code-limited", MailCodeProblem::Held(HOLDS[0]))]
    {
        samples.add(name, SignInCodePage { problem: Some(problem), stay: true, ..code.clone() });
    }
    let link =
        |hold| SignInLinkPage::Ready { token: token("es"), number: None, email: text("mara@nordhavn.example"), hold };
    samples.add("sign-in-link", link(None));
    samples.add("sign-in-link-limited", link(Some(HOLDS[0])));
    samples.add("sign-in-link-dead", SignInLinkPage::Dead);
}
