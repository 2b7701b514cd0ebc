//! The applications of the instance, as its administrators see them.

use ostiary::secret::{PlainToken, TokenKind};
use ostiary_app::model::{
    Caller, ClientOrigin, ClientPage, ClientPeople, ClientRow, ClientSecrets, ClientSort, ClientsPage,
    DeleteClientPage, EditClientPage, EditClientProblem, EditClientValues, EndSecretPage, Fact, Flash, NewClientPage,
    NewClientProblem, NewClientValues, NewSecretPage, Room, SecretRow, TurnClientPage, When,
};

use super::{Samples, account::room, caller, text, when, wiki};

fn admin(flash: Option<Flash>) -> Room {
    Room { is_admin: true, ..room(flash) }
}

fn row(id: &str, sort: ClientSort) -> ClientRow {
    ClientRow {
        id: text(id),
        caller: caller(),
        sort,
        has_secret: sort != ClientSort::Public,
        is_enabled: true,
        differs: false,
        changed: when("2026-11-02T08:00:00Z", "2 November"),
    }
}

pub(super) fn clients(samples: &mut Samples) {
    let rows = vec![
        row("blockyard", ClientSort::Web),
        ClientRow { caller: wiki(), differs: true, ..row("studio-wiki", ClientSort::Web) },
        ClientRow { caller: wiki(), is_enabled: false, ..row("yard-cli-7Q2M", ClientSort::Public) },
        row("0198a7f2c1d27e6c9b6b6a1f0c2d3e4f", ClientSort::Machine),
    ];
    let page = ClientsPage {
        room: admin(None),
        total: 29,
        search: String::new(),
        is_later: false,
        rows,
        next: Some(text("studio-wiki")),
    };
    samples.add("admin-clients", page.clone());
    let found = ClientsPage { search: text("a&b \"wiki\""), is_later: true, ..page.clone() };
    samples.add("admin-clients-found", found);
    samples.add("admin-clients-none", ClientsPage { total: 0, rows: vec![], next: None, ..page });
}

fn fact(name: &'static str, words: &str, codes: &[&str]) -> Fact {
    let codes = codes.iter().map(|code| text(code)).collect();
    Fact { name, words: (!words.is_empty()).then(|| text(words)), codes }
}

fn later() -> When {
    When {
        exact: text("2026-11-28T14:02:00Z"),
        text: text("28 November 2026, 14:02 UTC"),
        full: text("28 November 2026, 14:02 UTC"),
    }
}

/// Two secrets that work, one of them for a while yet.
fn secrets() -> Vec<SecretRow> {
    let row = |id: &str, hint: &str, made, ends| SecretRow { id: text(id), hint: text(hint), made, ends };
    vec![
        row("0198a7f3", "iX2o", when("2026-11-21T14:06:00Z", "today 14:06 UTC"), None),
        row("0198a7f2", "p0Wd", when("2026-02-14T08:00:00Z", "14 February"), Some(later())),
    ]
}

fn page() -> ClientPage {
    let one = secrets().into_iter().take(1).collect();
    ClientPage {
        room: admin(None),
        client: row("blockyard", ClientSort::Web),
        made: when("2026-02-14T08:00:00Z", "14 February"),
        origin: ClientOrigin::Operator,
        owner: None,
        secrets: Some(ClientSecrets { live: one, needs_new: false }),
        new_secret: None,
        connects: vec![
            fact("Client id", "", &["blockyard"]),
            fact("Proves itself by", "A secret in the header", &["client_secret_basic"]),
            fact(
                "Sends people back to",
                "",
                &["https://blockyard.example/callback", "https://staging.blockyard.example/callback"],
            ),
            fact("Sign-out call", "", &["https://blockyard.example/backchannel"]),
            fact("Requests", "PKCE always", &[]),
        ],
        receives: vec![
            fact("Ways", "Code, refresh token", &[]),
            fact("Scopes", "", &["email offline_access openid profile servers:read servers:restart"]),
            fact("Access token", "Readable (JWT) · 10 minutes", &[]),
            fact("Refresh token", "30 days without use, 90 days at most", &[]),
            fact("ID token", "ES256 · 10 minutes", &[]),
            fact("Asks people", "Yes, and again when it wants more", &[]),
        ],
        shows: vec![fact("Home page", "", &["https://blockyard.example/"])],
        further: vec![],
    }
}

pub(super) fn client(samples: &mut Samples) {
    samples.add("admin-client", page());
    let both = Some(ClientSecrets { live: secrets(), needs_new: false });
    let new_secret = Some(PlainToken::from_bytes(TokenKind::ClientSecret, &[0x5a; 32]));
    samples.add("admin-client-new-secret", ClientPage { secrets: both, new_secret, ..page() });
    samples.add(
        "admin-client-declared",
        ClientPage {
            client: ClientRow { differs: true, is_enabled: false, ..page().client },
            owner: Some(text("infra/studio")),
            secrets: Some(ClientSecrets { live: vec![], needs_new: true }),
            further: vec![
                (text("require_auth_time"), text("true")),
                (text("token_exchange"), text(r#"{"audiences":["https://api.nordhavn.example"],"delegation":true}"#)),
            ],
            ..page()
        },
    );
    let long = ClientRow {
        caller: Caller { name: "Blockyard".repeat(22), ..caller() },
        ..row(&"0198a7f2c1d27e6c".repeat(6), ClientSort::Public)
    };
    samples.add(
        "admin-client-long",
        ClientPage { client: long, origin: ClientOrigin::Itself, secrets: None, shows: vec![], ..page() },
    );
}

pub(super) fn endings(samples: &mut Samples) {
    let client = || row("blockyard", ClientSort::Web);
    samples.add("admin-new-secret", NewSecretPage { client: client(), live: secrets() });
    samples.add("admin-new-secret-first", NewSecretPage { client: client(), live: vec![] });
    let secret = || secrets().remove(1);
    samples.add("admin-end-secret", EndSecretPage { client: client(), secret: secret(), is_last: false });
    samples.add("admin-end-secret-last", EndSecretPage { client: client(), secret: secret(), is_last: true });
    let people = ClientPeople { using: 7, answered: 12 };
    let turn = TurnClientPage { client: client(), people, token_seconds: 600 };
    samples.add("admin-turn-off", turn.clone());
    let client = ClientRow { is_enabled: false, ..client() };
    samples.add("admin-turn-on", TurnClientPage { client, ..turn.clone() });
    let delete = DeleteClientPage {
        client: turn.client,
        version: 3,
        people,
        token_seconds: 600,
        origin: ClientOrigin::Operator,
        owner: Some(text("infra/studio")),
    };
    samples.add("admin-delete", delete.clone());
    let people = ClientPeople { using: 0, answered: 1 };
    let document = DeleteClientPage { people, origin: ClientOrigin::Document, owner: None, ..delete };
    samples.add("admin-delete-document", document);
}

pub(super) fn edit(samples: &mut Samples) {
    let fields = [
        ("redirect_uris", "https://blockyard.example/callback\nhttps://staging.blockyard.example/callback"),
        ("client_uri", "https://blockyard.example/"),
        ("auth_method", "client_secret_basic"),
        ("grant_types", "authorization_code"),
        ("scopes", "email offline_access openid profile servers:read servers:restart"),
        ("first_party", "1"),
    ];
    let fields = fields.into_iter().map(|(setting, sent)| (setting, vec![text(sent)])).collect();
    let values =
        EditClientValues { name: text("Blockyard"), fields, further: text("{\n  \"require_auth_time\": true\n}") };
    let page = EditClientPage {
        room: admin(None),
        client: ClientRow { differs: true, ..row("blockyard", ClientSort::Web) },
        version: 3,
        owner: None,
        values,
        problems: vec![],
        differs: None,
    };
    samples.add("admin-edit", page.clone());
    let problem = |field, words: &str| EditClientProblem { field, words: text(words) };
    let problems = vec![
        problem("client_name", "A name is missing. People see it when they are asked."),
        problem("client_uri", "It is no whole address, as in https://app.example/."),
        problem("grant_types", "A client needs at least one grant type."),
        problem("pkce_optional", "A public client cannot leave out PKCE."),
        problem("further", "requir_auth_time is not a setting."),
    ];
    samples.add("admin-edit-problems", EditClientPage { problems, ..page.clone() });
    let ticked = vec![problem("pkce_optional", "A public client cannot leave out PKCE.")];
    samples.add("admin-edit-tick", EditClientPage { problems: ticked, ..page.clone() });
    let none = vec![problem("grant_types", "A client needs at least one grant type.")];
    samples.add("admin-edit-ways", EditClientPage { problems: none, ..page.clone() });
    let differs = Some(vec!["Name", "It belongs to the house"]);
    samples.add("admin-edit-conflict", EditClientPage { differs, owner: Some(text("infra/studio")), ..page });
}

pub(super) fn new(samples: &mut Samples) {
    let page = NewClientPage { room: admin(None), values: NewClientValues::default(), problems: vec![] };
    samples.add("admin-new", page.clone());
    let values = NewClientValues {
        name: String::new(),
        kind: ClientSort::Public,
        redirect_uris: text("https://blockyard.example/callback\nhttp://blockyard.example/<callback>&\n"),
        client_id: text("blockyard"),
    };
    let why = "begins with http. That is for this machine only; others need https.";
    let problems =
        vec![NewClientProblem::NameMissing, NewClientProblem::AddressUnfit { line: 2, why }, NewClientProblem::IdTaken];
    samples.add("admin-new-problems", NewClientPage { values: values.clone(), problems, ..page.clone() });
    let problems = vec![NewClientProblem::AddressMissing];
    samples.add("admin-new-address", NewClientPage { values, problems, ..page });
}
