//! DESIGN §5: every route of an organisation, asked as everybody: nobody, a stranger, a viewer, an operator, an admin, the
//! owner, and an administrator of the instance. A route below `/api/v1/organizations/{id}` that is in no row fails.

use std::collections::BTreeSet;

use http::{Method, Request, header};
use ostiary::org::{self, Builtin, CreateOrganization};
use ostiary::text::DisplayName;
use ostiary_server::router;

use crate::harness::{ADMIN_EMAIL, App};

/// Method, what stands behind the organisation, the body, and the status for each asker.
type Row = (&'static str, &'static str, &'static str, [u16; 7]);

const SOMEBODY: &str = "0199a1b2-c3d4-7e5f-8a6b-0123456789ab";

/// Whoever may is told what is wrong with what they ask, so that nothing changes. `{viewer}` and `{owner}` are members.
const TABLE: &[Row] = &[
    ("GET", "", "", [401, 404, 200, 200, 200, 200, 200]),
    ("PATCH", "", "{}", [401, 404, 403, 403, 403, 200, 200]),
    ("POST", "/restore", "", [401, 404, 404, 404, 404, 404, 404]),
    ("POST", "/owner", r#"{"userId":"{somebody}"}"#, [401, 404, 403, 403, 403, 400, 400]),
    ("GET", "/mfa-policy", "", [401, 404, 200, 200, 200, 200, 200]),
    ("PATCH", "/mfa-policy", "{}", [401, 404, 403, 403, 403, 200, 200]),
    ("GET", "/members", "", [401, 404, 200, 200, 200, 200, 200]),
    ("POST", "/members", r#"{"userId":"{somebody}","role":"emperor"}"#, [401, 403, 403, 403, 403, 403, 400]),
    ("GET", "/members/{viewer}", "", [401, 404, 200, 200, 200, 200, 200]),
    ("GET", "/members/{viewer}/effective", "", [401, 404, 200, 200, 200, 200, 200]),
    ("PATCH", "/members/{viewer}", r#"{"role":"viewer"}"#, [401, 404, 403, 403, 200, 200, 200]),
    ("DELETE", "/members/{owner}", "", [401, 404, 403, 403, 409, 409, 409]),
    (
        "POST",
        "/members/{viewer}/entries",
        r#"{"effect":"grant","permission":"moon:walk"}"#,
        [401, 404, 403, 403, 403, 400, 400],
    ),
    ("DELETE", "/members/{viewer}/entries/{somebody}", "", [401, 404, 403, 403, 403, 404, 404]),
    ("GET", "/roles", "", [401, 404, 200, 200, 200, 200, 200]),
    ("POST", "/roles", r#"{"name":"X","permissions":["moon:walk"]}"#, [401, 404, 403, 403, 403, 400, 400]),
    ("PUT", "/roles/{somebody}", r#"{"name":"X"}"#, [401, 404, 403, 403, 403, 404, 404]),
    ("DELETE", "/roles/{somebody}", "", [401, 404, 403, 403, 403, 404, 404]),
    ("GET", "/invitations", "", [401, 404, 200, 200, 200, 200, 200]),
    (
        "POST",
        "/invitations",
        r#"{"emails":["ida@fjord.example"],"roleId":"{somebody}"}"#,
        [401, 404, 403, 403, 400, 400, 400],
    ),
    ("POST", "/invitations/{somebody}/resend", "", [401, 404, 403, 403, 404, 404, 404]),
    ("DELETE", "/invitations/{somebody}", "", [401, 404, 403, 403, 404, 404, 404]),
    ("GET", "/policies", "", [401, 404, 403, 403, 403, 200, 200]),
    ("POST", "/policies", r#"{"text":"nonsense"}"#, [401, 404, 403, 403, 403, 400, 400]),
    ("GET", "/policies/{number}", "", [401, 404, 403, 403, 403, 404, 404]),
    ("POST", "/policies/try", r#"{"text":"nonsense"}"#, [401, 404, 403, 403, 403, 400, 400]),
    ("PUT", "/policies/active", r#"{"number":7}"#, [401, 404, 403, 403, 403, 404, 404]),
    ("DELETE", "", "", [401, 404, 403, 403, 403, 412, 412]),
    // Members are none any more.
    ("POST", "/leave", "", [401, 404, 204, 204, 204, 409, 404]),
];

struct House {
    app: App,
    id: String,
    names: Vec<(&'static str, String)>,
    /// Tokens, in the order of the columns.
    tokens: [Option<String>; 7],
}

impl House {
    async fn new() -> Self {
        let app = App::new().await;
        let mut people = Vec::new();
        for name in ["stranger", "viewer", "operator", "admin", "owner"] {
            people.push(app.person(&format!("{name}@nordhavn.example")).await);
        }
        app.admin().await;
        let name = DisplayName::try_from("Nordhavn").unwrap();
        let operator = app.core.operator();
        let cmd = CreateOrganization { name, slug: None, owner: Some(people[4]) };
        let id = org::create_organization(&operator, cmd).await.unwrap().id;
        for (user, role) in people[1..4].iter().zip([Builtin::Viewer, Builtin::Operator, Builtin::Admin]) {
            org::add_member(&operator, &id.into(), *user, role.id()).await.unwrap();
        }
        let mut tokens = [const { None }; 7];
        for (slot, name) in tokens[1..6].iter_mut().zip(["stranger", "viewer", "operator", "admin", "owner"]) {
            *slot = Some(app.login(&format!("{name}@nordhavn.example")).await.0);
        }
        tokens[6] = Some(app.login(ADMIN_EMAIL).await.0);
        let names = vec![
            ("{somebody}", SOMEBODY.to_owned()),
            ("{number}", "7".to_owned()),
            ("{viewer}", people[1].to_string()),
            ("{owner}", people[4].to_string()),
        ];
        Self { app, id: id.to_string(), names, tokens }
    }

    async fn ask(&self, (method, rest, body, _): &Row, token: Option<&str>) -> u16 {
        let named = |text: &str| self.names.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id));
        let method: Method = method.parse().unwrap();
        let mut request =
            Request::builder().method(&method).uri(format!("/api/v1/organizations/{}{}", self.id, named(rest)));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        // The organisation itself stays.
        if method == Method::DELETE && rest.is_empty() {
            request = request.header(header::IF_MATCH, "\"99\"");
        }
        self.app.send(request.body(named(body).into()).unwrap()).await.status.as_u16()
    }
}

/// E3, E5, E6, E8: what each of them may do, by every route there is.
#[tokio::test]
async fn every_route_answers_every_role_as_listed() {
    let house = House::new().await;
    let mut wrong = Vec::new();
    for row in TABLE {
        let mut found = [0; 7];
        for (slot, token) in found.iter_mut().zip(&house.tokens) {
            *slot = house.ask(row, token.as_deref()).await;
        }
        if found != row.3 {
            wrong.push(format!("{} {}: {found:?}, listed {:?}", row.0, row.1, row.3));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Nothing about an organisation is served that is in no row.
#[test]
fn every_route_is_listed() {
    const BELOW: &str = "/api/v1/organizations/{id}";
    let shape = |path: &str| {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let served: BTreeSet<_> = router::routes()
        .into_iter()
        .filter_map(|route| Some((route.method, shape(route.path.strip_prefix(BELOW)?))))
        .collect();
    let listed: BTreeSet<_> = TABLE.iter().map(|(method, rest, ..)| (*method, shape(rest))).collect();
    assert_eq!(served.difference(&listed).collect::<Vec<_>>(), Vec::<&(&str, String)>::new());
    assert_eq!(listed.difference(&served).collect::<Vec<_>>(), Vec::<&(&str, String)>::new());
}
