//! The answer to an application that waits.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    grant::decoupled::{DecideRequest, DecideRequestError, RequestRef, decide_request},
    protocol::Scope,
};
use serde::Deserialize;

use super::{consent::Decision, done, encoding::Form, visit};
use crate::{
    model::{ErrorKind, Flash},
    ssr::{Next, respond, said::Said},
};

/// `POST /do/answer-request`
#[server(name = DoAnswerRequest, prefix = "/do", endpoint = "answer-request", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_answer_request(
    id: String,
    decision: Decision,
    #[server(default)] scope: Vec<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Ok(id) = id.parse() else { return done(respond::error(&visit, &ErrorKind::NotFound)) };
    let allow = decision == Decision::Allow;
    let granted_optional = scope.iter().filter_map(|scope| Scope::parse(scope).ok()).collect();
    let cmd = DecideRequest { which: RequestRef::Backchannel(id), allow, granted_optional };
    let to = visit.site().to("/account/requests");
    done(match decide_request(&visit.ctx, cmd).await {
        Ok(()) => {
            visit.say(&to, Said::Done(if allow { Flash::RequestAllowed } else { Flash::RequestDenied }));
            respond::redirect(&visit, &to)
        }
        Err(DecideRequestError::SignIn) => respond::redirect(&visit, &Next::Requests.sign_in(visit.site())),
        Err(DecideRequestError::Gone) => {
            visit.say(&to, Said::Done(Flash::RequestGone));
            respond::redirect(&visit, &to)
        }
        Err(DecideRequestError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}
