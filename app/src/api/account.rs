//! Ending sessions from the account.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::session::{self, EndSession, EndSessionError};
use serde::Deserialize;

use super::{done, encoding::Form, visit};
use crate::{
    model::{ErrorKind, Flash},
    ssr::{respond, said::Said},
};

/// `POST /do/end-session`
#[server(name = DoEndSession, prefix = "/do", endpoint = "end-session", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_end_session(id: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let to = visit.site().to("/account/sessions");
    let Ok(id) = id.parse() else { return done(respond::error(&visit, &ErrorKind::NotFound)) };
    done(match session::end_session(&visit.ctx, EndSession { id }).await {
        Ok(()) => {
            visit.say(&to, Said::Done(Flash::SessionEnded));
            respond::redirect(&visit, &to)
        }
        // The page sends whoever is not signed in to sign-in.
        Err(EndSessionError::Denied(_)) => respond::redirect(&visit, &to),
        Err(EndSessionError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(EndSessionError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// `POST /do/end-other-sessions`
#[server(name = DoEndOthers, prefix = "/do", endpoint = "end-other-sessions", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_end_others() -> Result<(), ServerFnError> {
    let visit = visit()?;
    let to = visit.site().to("/account/sessions");
    done(match session::end_other_sessions(&visit.ctx).await {
        Ok(_) => {
            visit.say(&to, Said::Done(Flash::OtherSessionsEnded));
            respond::redirect(&visit, &to)
        }
        Err(EndSessionError::Denied(_) | EndSessionError::NotFound) => respond::redirect(&visit, &to),
        Err(EndSessionError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}
