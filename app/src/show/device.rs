//! Connecting a device (RFC 8628 §3.3).

use axum::response::Response;
use ostiary::grant::decoupled::{self, DecoupledRequest, GetRequestError, RequestRef, UserCode};

use super::{
    AskedQuery, asked,
    consent::{Lines, lines},
    hold,
    people::{application, when},
};
use crate::{
    model::{Caller, ConfirmDevicePage, DeviceCodeProblem, DeviceDonePage, DevicePage},
    ssr::{Next, Visit, respond, said::Said},
};

/// `GET /device[?user_code=]`: a link with the code fills it in, and nothing more (RFC 8628 §5.4).
pub(crate) async fn device(visit: Visit, query: AskedQuery) -> Response {
    let linked = asked(query).user_code.and_then(|text| UserCode::parse(&text));
    let page = DevicePage { person: visit.person(), ..DevicePage::default() };
    let page = match (visit.take_said(), linked) {
        (Some(Said::DeviceCode { code, problem }), _) => DevicePage { code, problem: Some(problem), ..page },
        (_, Some(code)) => DevicePage { code: code.to_string(), from_link: true, ..page },
        _ => page,
    };
    if let Some(DeviceCodeProblem::Held(held)) = page.problem {
        hold(&visit, Some(held));
    }
    respond::page(&visit, page)
}

/// `GET /device/confirm`: about the code that this browser typed last.
pub(crate) async fn confirm(visit: Visit) -> Response {
    let to_code = visit.site().to("/device");
    let Some(code) = visit.device_code() else { return respond::redirect(&visit, &to_code) };
    match decoupled::get_request(&visit.ctx, &RequestRef::Device(code.clone())).await {
        Ok(request) => match visit.seal_device_code(&code) {
            Some(handle) => respond::page(&visit, page(&visit, &code, handle, request)),
            None => respond::redirect(&visit, &to_code),
        },
        Err(GetRequestError::SignIn) => respond::redirect(&visit, &Next::Device.sign_in(visit.site())),
        Err(GetRequestError::Gone) => {
            visit.forget_device_code();
            visit.say(&to_code, Said::DeviceCode { code: String::new(), problem: DeviceCodeProblem::Gone });
            respond::redirect(&visit, &to_code)
        }
        Err(GetRequestError::Internal(cause)) => respond::broken(&visit, &cause),
    }
}

fn page(visit: &Visit, code: &UserCode, handle: String, request: DecoupledRequest) -> ConfirmDevicePage {
    let asked = when(request.asked_at, visit.ctx.now());
    let caller = Caller {
        logo: request.consent.logo_path.clone(),
        ..application(&request.consent.client_name, request.consent.client_domain.clone())
    };
    let Lines { person, needed, optional, resources, details } = lines(request.consent);
    let (code, ip) = (code.to_string(), request.ip);
    ConfirmDevicePage { handle, code, caller, ip, asked, person, needed, optional, resources, details }
}

/// `GET /device/done`
pub(crate) async fn done(visit: Visit) -> Response {
    match visit.take_said() {
        Some(Said::DeviceDone { allowed }) => respond::page(&visit, DeviceDonePage { allowed }),
        _ => respond::redirect(&visit, &visit.site().to("/device")),
    }
}
