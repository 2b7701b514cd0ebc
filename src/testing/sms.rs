//! Text messages as their readers see them, without any leaving.

use crate::{
    core::{Core, Ctx},
    outbox,
    phone::{ConfirmPhone, PhoneNumber, RequestPhone, confirm_phone, request_phone},
    seal::Purpose,
    sms::{self, Sms},
};

/// A text message that waits in the outbox.
#[derive(Clone, Debug)]
pub struct TestSms {
    /// The number it goes to.
    pub to: String,
    /// What it says.
    pub text: String,
    /// Its code.
    pub code: String,
}

/// Everything that waits, oldest first.
pub(super) async fn waiting(core: &Core) -> Vec<TestSms> {
    let mut conn = core.db().read().await.unwrap();
    let messages = outbox::waiting(&mut conn).await.unwrap();
    let messages = messages.into_iter().filter(|message| message.kind == "sms");
    messages
        .map(|message| {
            let plain = core.sealer().open(Purpose::Outbox, &message.sealed_payload.unwrap()).unwrap();
            let sms: Sms = serde_json::from_slice(&plain).unwrap();
            TestSms { to: sms.to.to_string(), text: sms::words(core.config(), &sms), code: sms.code }
        })
        .collect()
}

impl TestSms {
    /// Gives whoever asks this number, as they would do it themselves.
    ///
    /// # Panics
    /// When it is not taken.
    pub async fn confirm_number(ctx: &Ctx, number: &str) {
        let number = PhoneNumber::try_from(number).unwrap();
        request_phone(ctx, RequestPhone { number: number.clone() }).await.unwrap();
        let code = waiting(&ctx.core).await.into_iter().rfind(|sms| sms.to == number.as_str()).unwrap().code;
        confirm_phone(ctx, ConfirmPhone { code }).await.unwrap();
    }
}
