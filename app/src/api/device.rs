//! Connecting a device: the code, and the answer.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    grant::decoupled::{
        DecideRequest, DecideRequestError, EnterUserCode, EnterUserCodeError, RequestRef, decide_request,
        enter_user_code,
    },
    protocol::Scope,
};
use serde::Deserialize;

use super::{consent::Decision, done, encoding::Form, too_many, visit};
use crate::{
    model::{DeviceCodeProblem, ErrorKind},
    ssr::{
        Next, respond,
        said::{Said, typed},
    },
};

/// `POST /do/device-code`
#[server(name = DoDeviceCode, prefix = "/do", endpoint = "device-code", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_device_code(user_code: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let problem = match enter_user_code(&visit.ctx, EnterUserCode { text: user_code.clone() }).await {
        Ok(code) => {
            visit.remember_device_code(&code);
            return done(respond::redirect(&visit, &visit.site().to("/device/confirm")));
        }
        Err(EnterUserCodeError::Unknown) => DeviceCodeProblem::Unknown,
        Err(EnterUserCodeError::TooMany(limit)) => DeviceCodeProblem::Held(too_many(limit)),
        Err(EnterUserCodeError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
    };
    let to = visit.site().to("/device");
    visit.say(&to, Said::DeviceCode { code: typed(&user_code, 16), problem });
    done(respond::redirect(&visit, &to))
}

/// `POST /do/device`: about the code that the page showed, whatever else this browser typed meanwhile.
#[server(name = DoDevice, prefix = "/do", endpoint = "device", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_device(
    d: String,
    decision: Decision,
    #[server(default)] scope: Vec<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Some(code) = visit.open_device_code(&d) else { return done(respond::error(&visit, &ErrorKind::BadForm)) };
    let allow = decision == Decision::Allow;
    let granted_optional = scope.iter().filter_map(|scope| Scope::parse(scope).ok()).collect();
    let cmd = DecideRequest { which: RequestRef::Device(code), allow, granted_optional };
    let (to, said) = match decide_request(&visit.ctx, cmd).await {
        Ok(()) => (visit.site().to("/device/done"), Said::DeviceDone { allowed: allow }),
        Err(DecideRequestError::SignIn) => {
            return done(respond::redirect(&visit, &Next::Device.sign_in(visit.site())));
        }
        Err(DecideRequestError::Gone) => {
            let said = Said::DeviceCode { code: String::new(), problem: DeviceCodeProblem::Gone };
            (visit.site().to("/device"), said)
        }
        Err(DecideRequestError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
    };
    visit.forget_device_code();
    visit.say(&to, said);
    done(respond::redirect(&visit, &to))
}
