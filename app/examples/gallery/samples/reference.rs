//! The REST API, as people read it.

use ostiary_app::model::{Member, Operation, OperationAnswer, ReferenceArea, ReferencePage};

use super::{Samples, text};

fn member(name: &str, form: &str, is_needed: bool, about: Option<&str>) -> Member {
    Member { name: text(name), form: text(form), is_needed, about: about.map(text) }
}

pub(super) fn reference(samples: &mut Samples) {
    let meant = |words: &str| vec![(None, text(words))];
    let sign_in = Operation {
        id: text("login"),
        method: text("POST"),
        path: text("/api/v1/auth/login"),
        summary: text("Sign in"),
        about: Some(text("Somebody who has a second factor shows it at `/login/second-factor`.")),
        asks_for_token: false,
        body: vec![
            member("email", "text (email)", false, None),
            member("password", "text (password)", true, None),
            member("stay", "true or false", false, Some("For longer.")),
        ],
        answers: vec![
            OperationAnswer {
                status: text("200"),
                meanings: meant("What was asked for."),
                members: vec![member("token", "text", true, Some("The bearer token."))],
            },
            OperationAnswer {
                status: text("401"),
                meanings: vec![(
                    Some(text("urn:ostiary:problem:credentials")),
                    text("The e-mail or the password is not right"),
                )],
                members: vec![],
            },
        ],
        command: text(
            "curl 'https://id.example/api/v1/auth/login' \\\n  --json '{\"email\":\"mara@nordhavn.example\"}'",
        ),
        ..Operation::default()
    };
    let end = Operation {
        id: text("endOwnSession"),
        method: text("DELETE"),
        path: text("/api/v1/me/sessions/{id}"),
        summary: text("End a session"),
        asks_for_token: true,
        parameters: vec![member("id", "text, in the path", true, Some("The session."))],
        answers: vec![OperationAnswer { status: text("204"), meanings: meant("It was done."), members: vec![] }],
        command: text(
            "curl -X DELETE 'https://id.example/api/v1/me/sessions/ID' \\\n  -H \"Authorization: Bearer $TOKEN\"",
        ),
        ..Operation::default()
    };
    let area = |id: &str, name: &str, about: &str, operation| ReferenceArea {
        id: text(id),
        name: text(name),
        about: text(about),
        operations: vec![operation],
    };
    let page = ReferencePage {
        version: text("0.1.0"),
        server: text("https://id.example"),
        document: text("/auth/api/v1/openapi.json"),
        about: vec![text(
            "Bodies are JSON with names in camel case. Who asks is told by a bearer token of `POST /api/v1/auth/login`.",
        )],
        areas: vec![
            area("sign-in", "Sign-in", "Registration, and tokens of this API.", sign_in),
            area("own-sessions", "Own sessions and activity", "Where you are signed in.", end),
        ],
    };
    samples.add("reference", page);
}
