//! What an organisation asks for on the way to an application (E7).

use axum::response::Response;
use ostiary::{grant, org::MfaMethod};

use super::{AskedQuery, asked, caller, going};
use crate::{
    model::{EnrolPage, ErrorKind, Person},
    ssr::{Visit, respond},
};

/// `GET /sign-in/enrol?i=`
pub(crate) async fn enrol(visit: Visit, query: AskedQuery) -> Response {
    let over = || respond::error(&visit, &ErrorKind::InteractionOver { restart: None, caller: None });
    let going = match going(&visit, asked(query).i.as_deref()).await {
        Ok(Some(going)) => going,
        Ok(None) => return over(),
        Err(instead) => return instead,
    };
    let demand = match grant::find_enrolment(&visit.ctx, &going.handle).await {
        Ok(found) => found,
        Err(cause) => return respond::broken(&visit, &cause),
    };
    // Nothing is asked here: whatever is, the request leads there.
    let (Some(demand), Some(live)) = (demand, &visit.live) else {
        return respond::redirect(&visit, &visit.site().to_with("/connect/resume", Some(going.handle.expose())));
    };
    let page = EnrolPage {
        interaction: going.text(),
        caller: caller(&going.view),
        person: Person::of(live.actor.user_id, live.user.clone()),
        organization: demand.organization,
        by_app: demand.methods.contains(&MfaMethod::Totp),
        by_sms: demand.methods.contains(&MfaMethod::Sms) && visit.ctx.config().sms.is_on(),
    };
    respond::page(&visit, page)
}
