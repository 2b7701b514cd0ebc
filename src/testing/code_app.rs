//! An authenticator app, as a person has it on their phone.

use crate::{
    clock::Timestamp,
    core::Ctx,
    factor::{BeginTotp, ConfirmTotp, begin_totp, confirm_totp, find_totp_set_up},
    id::AuthenticatorId,
    secret::SecretString,
    text::DisplayName,
};

/// Seconds that one code is shown.
pub const CODE_SECONDS: u64 = 30;

/// Makes the codes of one account.
#[derive(Clone, Debug)]
pub struct TestAuthenticator {
    /// Its id in the account, once it is in use there.
    pub id: Option<AuthenticatorId>,
    /// The recovery codes that came with it.
    pub recovery_codes: Vec<String>,
    key: String,
}

impl TestAuthenticator {
    /// One that was given this key: base 32, as it stands on the page.
    pub fn with_key(key: &str) -> Self {
        let key = key.chars().filter(|c| !c.is_whitespace()).collect();
        Self { id: None, recovery_codes: Vec::new(), key }
    }

    /// One that the person of this context adds to their account.
    pub async fn add(ctx: &Ctx) -> Self {
        begin_totp(ctx, BeginTotp { name: DisplayName::try_from("Phone").unwrap() }).await.unwrap();
        let set_up = find_totp_set_up(ctx).await.unwrap().unwrap();
        let app = Self::with_key(set_up.key.expose());
        // The code of the step before, so that the one of now is still good for signing in.
        let code = app.code(ctx.now() - std::time::Duration::from_secs(CODE_SECONDS));
        let confirmed = confirm_totp(ctx, ConfirmTotp { code }).await.unwrap();
        let recovery_codes = confirmed.recovery_codes.iter().map(|code| code.expose().to_owned()).collect();
        Self { id: Some(confirmed.id), recovery_codes, ..app }
    }

    /// What it shows at this moment.
    pub fn code(&self, at: Timestamp) -> SecretString {
        let secret = totp_rs::Secret::try_from_base32(&self.key).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        SecretString::from(totp.generate(u64::try_from(at.as_secs()).unwrap()).to_string())
    }
}
