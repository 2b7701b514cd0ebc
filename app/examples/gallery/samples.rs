//! Every page in every state, with people and applications that do not exist. A page or state that is missing here is looked at by nobody.

use ostiary_app::model::*;
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
    passwords(&mut samples);
    consent(&mut samples);
    errors(&mut samples);
    account(&mut samples);
    samples.0
}

const HOLDS: [Hold; 2] = [Hold::TooManyTries { seconds: 40 }, Hold::Busy { seconds: 5 }];

fn text(value: &str) -> String {
    value.to_owned()
}

fn interaction() -> Option<String> {
    Some(format!("ost_ix_{}", "w7".repeat(21) + "Q"))
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
    SignInPage { interaction: interaction(), caller: Some(caller()), ..SignInPage::default() }
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
        ("sign-in-limited", SignInProblem::Held(HOLDS[0])),
        ("sign-in-busy", SignInProblem::Held(HOLDS[1])),
    ] {
        samples.add(name, SignInPage { problem: Some(problem), ..filled.clone() });
    }
}

fn register(samples: &mut Samples) {
    let page = RegisterPage { interaction: interaction(), caller: Some(caller()), rules: rules(false), ..RegisterPage::default() };
    samples.add("register", page.clone());
    samples.add("register-plain", RegisterPage { rules: rules(false), ..RegisterPage::default() });
    let values = RegisterValues { email: text("ifeoma.okafor@nordhavn"), username: text("ifeoma"), name: text("Ifeoma Okafor") };
    let problems = vec![
        RegisterProblem::EmailSyntax,
        RegisterProblem::UsernameTaken,
        RegisterProblem::PasswordWeak,
        RegisterProblem::PasswordsDiffer,
    ];
    let failed = RegisterPage { values, problems, rules: rules(true), ..page };
    samples.add("register-problems", failed.clone());
    samples.add("register-weak", RegisterPage { problems: vec![RegisterProblem::PasswordWeak], ..failed.clone() });
    samples.add("register-limited", RegisterPage { problems: vec![RegisterProblem::Held(HOLDS[0])], rules: rules(false), ..failed.clone() });
    samples.add("register-closed", RegisterPage { problems: vec![RegisterProblem::Closed], rules: rules(false), ..failed });
    let values = RegisterValues { email: text("mara@nordhavn"), ..RegisterValues::default() };
    let token = format!("ost_su_{}", "w7".repeat(21) + "Q");
    samples.add(
        "setup",
        SetupPage::Ready { token: token.clone(), values: RegisterValues::default(), rules: rules(false), problems: vec![] },
    );
    let problems = vec![SetupProblem::EmailSyntax, SetupProblem::PasswordWeak];
    samples.add("setup-problems", SetupPage::Ready { token, values, rules: rules(true), problems });
    samples.add("setup-dead", SetupPage::Dead);
}

fn mail(samples: &mut Samples) {
    let page = CheckMailPage {
        interaction: interaction(),
        caller: Some(caller()),
        email: Some(text("ifeoma.okafor@nordhavn.example")),
        valid_hours: 24,
        ..CheckMailPage::default()
    };
    samples.add("check-mail", page.clone());
    samples.add("check-mail-sent-again", CheckMailPage { flash: Some(Flash::MailSentAgain), ..page.clone() });
    samples.add("check-mail-unknown", CheckMailPage { problem: Some(CodeProblem::NothingToConfirm), email: None, ..page.clone() });
    for (name, problem) in [
        ("check-mail-wrong", CodeProblem::Wrong),
        ("check-mail-old", CodeProblem::UsedOrOld),
        ("check-mail-limited", CodeProblem::Held(HOLDS[0])),
    ] {
        samples.add(name, CheckMailPage { problem: Some(problem), ..page.clone() });
    }
    let token = format!("ost_ev_{}", "w7".repeat(21) + "Q");
    samples.add("verify-link", VerifyLinkPage::Ready { token: token.clone(), email: page.email });
    samples.add("verify-link-busy", VerifyLinkPage::Held { token, hold: HOLDS[1] });
    samples.add("verify-link-dead", VerifyLinkPage::Dead { can_resend: false });
    samples.add("verify-link-dead-resend", VerifyLinkPage::Dead { can_resend: true });
}

fn passwords(samples: &mut Samples) {
    let page = ForgotPasswordPage { interaction: interaction(), ..ForgotPasswordPage::default() };
    samples.add("forgot-password", page.clone());
    samples.add("forgot-password-sent", ForgotPasswordPage { sent: true, ..page.clone() });
    let typed = ForgotPasswordPage { email: text("mara@nordhavn"), ..page };
    samples.add("forgot-password-syntax", ForgotPasswordPage { problem: Some(ForgotPasswordProblem::EmailSyntax), ..typed.clone() });
    samples.add("forgot-password-limited", ForgotPasswordPage { problem: Some(ForgotPasswordProblem::Held(HOLDS[0])), ..typed });
    let ready = |rules, problems| NewPasswordPage::Ready {
        token: format!("ost_pr_{}", "w7".repeat(21) + "Q"),
        email: Some(person().email),
        rules,
        problems,
    };
    samples.add("new-password", ready(rules(false), vec![]));
    samples.add("new-password-weak", ready(rules(true), vec![NewPasswordProblem::Weak, NewPasswordProblem::Differ]));
    samples.add("new-password-same", ready(rules(false), vec![NewPasswordProblem::SameAsOld]));
    samples.add("new-password-dead", NewPasswordPage::Dead);
    let page = ChangePasswordPage { room: room(None), rules: rules(false), problems: vec![] };
    samples.add("change-password", page.clone());
    let problems = vec![ChangePasswordProblem::CurrentWrong, ChangePasswordProblem::Weak];
    samples.add("change-password-problems", ChangePasswordPage { problems, rules: rules(true), ..page.clone() });
    samples.add("change-password-limited", ChangePasswordPage { problems: vec![ChangePasswordProblem::Held(HOLDS[0])], ..page });
}

fn consent(samples: &mut Samples) {
    let person = person();
    let line = |scope, description| ScopeLine::describe(scope, description, &person);
    let page = ConsentPage {
        interaction: interaction().unwrap_or_default(),
        caller: caller(),
        person: person.clone(),
        needed: vec![line("openid", None), line("profile", None), line("email", None)],
        optional: vec![line("servers:read", Some("See the servers and whether they run")), ScopeLine { ticked: true, ..line("offline_access", None) }],
        remember: Some(true),
    };
    samples.add("consent", page.clone());
    samples.add("consent-least", ConsentPage { needed: vec![line("openid", None)], optional: vec![], remember: None, ..page });
    samples.add("sign-out", ConfirmSignOutPage { person: person.clone(), caller: None });
    samples.add("sign-out-asked", ConfirmSignOutPage { person, caller: Some(caller()) });
    samples.add("signed-out", SignedOutPage::default());
    samples.add("signed-out-return", SignedOutPage { back_to: Some((text("Blockyard"), text("https://blockyard.example/"))) });
}

fn errors(samples: &mut Samples) {
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

fn room(flash: Option<Flash>) -> Room {
    Room { person: person(), sessions: 4, flash }
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

fn account(samples: &mut Samples) {
    let here = session("Chrome on macOS", DeviceKind::Computer, vec![caller(), wiki()]);
    let elsewhere = vec![
        session("Safari on iPhone", DeviceKind::Phone, vec![caller(), wiki()]),
        SessionRow { ip: Some(text("2001:db8:85a3::8a2e:370:7334")), ..session("Firefox on Windows", DeviceKind::Computer, vec![]) },
        SessionRow { ip: None, ..session("Blockyard launcher", DeviceKind::Program, vec![caller()]) },
    ];
    let event = |at: &str, words: &str, kind, device: Option<&str>| Activity { when: when(at, words), kind, device: device.map(text) };
    let home = AccountHome {
        room: room(None),
        email_verified: true,
        username: Some(text("mara")),
        joined: when("2024-03-03T10:00:00Z", "3 March 2024"),
        password_changed: Some(when("2026-05-09T10:00:00Z", "9 May")),
        here: here.clone(),
        lately: vec![
            event("2026-11-21T14:02:00Z", "20 minutes ago", ActivityKind::SignedIn, Some("Chrome on macOS")),
            event("2026-11-21T09:40:00Z", "today 09:40 UTC", ActivityKind::Allowed { application: text("Blockyard") }, None),
            event("2026-11-20T18:31:00Z", "yesterday 18:31 UTC", ActivityKind::SignInFailed, Some("Firefox on Windows")),
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
                flash: Some(Flash::AddressConfirmed),
            },
            email_verified: false,
            username: None,
            password_changed: None,
            lately: vec![],
            ..home
        },
    );
    let page = SessionsPage { room: room(None), here, elsewhere: elsewhere.clone(), idle_days: 14, max_days: 90 };
    samples.add("sessions", page.clone());
    samples.add(
        "sessions-alone",
        SessionsPage { room: Room { sessions: 1, ..room(Some(Flash::OtherSessionsEnded)) }, elsewhere: vec![], ..page },
    );
    samples.add("end-session", ConfirmEndSession { session: elsewhere[0].clone() });
    samples.add("end-others", ConfirmEndOthers { elsewhere: elsewhere.clone() });
    samples.add("end-others-one", ConfirmEndOthers { elsewhere: elsewhere[..1].to_vec() });
    samples.add("end-others-none", ConfirmEndOthers { elsewhere: vec![] });
}
