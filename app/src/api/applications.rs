//! Taking back what applications may do.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::grant::{self, RevokeApplication, RevokeApplicationError};
use serde::Deserialize;

use super::{done, encoding::Form, visit};
use crate::{
    model::{ErrorKind, Flash},
    ssr::{Next, respond, said::Said},
};

/// `POST /do/revoke-application`
#[server(name = DoRevokeApplication, prefix = "/do", endpoint = "revoke-application", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_revoke_application(id: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let next = Next::Applications;
    done(match grant::revoke_application(&visit.ctx, RevokeApplication { client_id: id }).await {
        Ok(()) => {
            let to = visit.site().to(next.path());
            visit.say(&to, Said::Done(Flash::ApplicationRevoked));
            respond::redirect(&visit, &to)
        }
        Err(RevokeApplicationError::Denied(_)) => respond::redirect(&visit, &next.sign_in(visit.site())),
        Err(RevokeApplicationError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(RevokeApplicationError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}
