//! What one page has to tell the next: which form failed and why, what was typed into it, what was done.
//!
//! It travels in a sealed cookie: nobody can read it on the way, and nobody can make one, so no crafted link puts words on
//! our pages. It names the page it is for, is taken there once, and is void after five minutes. Passwords never enter it:
//! the types have no place for one. Recovery codes do, on their way to the one page that shows them. So does the new
//! secret of an application.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ostiary::{
    account::PENDING_LIFE,
    clock::Timestamp,
    core::Core,
    grant::decoupled::{REQUEST_LIFE, UserCode},
    seal::Purpose,
    secret::{PlainToken, TokenKind},
};
use serde::{Deserialize, Serialize};

use crate::model::{
    AddressProblem, AuthenticatorProblem, ChangePasswordProblem, CodeProblem, ConfirmProblem, DeviceCodeProblem,
    EmailProblem, Flash, Hold, MailCodeProblem, NameProblem, NewPasswordProblem, PasskeyNameProblem, PasskeyProblem,
    PasswordRule, PhoneProblem, RegisterProblem, RegisterValues, SecondFactorProblem, SetupProblem, SignInProblem,
};

/// How long what was said is worth repeating.
pub(super) const SAID_SECONDS: u64 = 300;
/// How long the browser that registered may see the address it registered.
const MAIL_SECONDS: u64 = 86_400;
/// How long somebody who is on their way through sign-in may be sent back.
pub(super) const RETURN_SECONDS: u64 = 3600;
/// How long the browser that followed the link of an invitation may take to come to an account.
pub(super) const INVITATION_SECONDS: u64 = 86_400;
/// Browsers drop cookies beyond 4096 bytes, name and attributes included.
const MAX_COOKIE: usize = 3900;

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// Something was done.
    Done(Flash),
    /// For the sign-in page.
    SignIn {
        /// What was typed, or the address that was just confirmed.
        username: String,
        /// "Stay signed in" was ticked.
        stay: bool,
        /// Why it failed.
        problem: Option<SignInProblem>,
        /// What was done before.
        done: Option<Flash>,
    },
    /// For "Sign in by e-mail".
    SignInMail {
        /// What was typed.
        email: String,
        /// What was wrong.
        problem: AddressProblem,
    },
    /// For the page that asks for the code of that mail.
    SignInCode {
        /// "Stay signed in" was ticked.
        stay: bool,
        /// What was wrong.
        problem: MailCodeProblem,
    },
    /// For the page that asks for a second factor.
    SecondFactor(SecondFactorProblem),
    /// For "Confirm it is you".
    Confirm(ConfirmProblem),
    /// For the pages that name an authenticator app.
    Name {
        /// What was typed.
        name: String,
        /// What was wrong.
        problem: NameProblem,
    },
    /// For the page that asks for its first code.
    Authenticator(AuthenticatorProblem),
    /// Recovery codes, this one time.
    RecoveryCodes {
        /// All of them.
        codes: Vec<String>,
        /// They came with a first authenticator app.
        first: bool,
    },
    /// For the registration page.
    Register {
        /// What was typed.
        values: RegisterValues,
        /// The rules, judged.
        rules: Vec<PasswordRule>,
        /// What was wrong.
        problems: Vec<RegisterProblem>,
    },
    /// For "Check your mail".
    Code(CodeProblem),
    /// For a page behind the link of a mail: not now, and the link still works.
    LinkHeld(Hold),
    /// For "Forgotten password".
    Forgot {
        /// What was typed.
        email: String,
        /// What was wrong; `None`: it was sent.
        problem: Option<AddressProblem>,
    },
    /// For "Choose a new password".
    Reset {
        /// The rules, judged.
        rules: Vec<PasswordRule>,
        /// What was wrong.
        problems: Vec<NewPasswordProblem>,
    },
    /// For "Change the password".
    Change {
        /// The rules, judged.
        rules: Vec<PasswordRule>,
        /// What was wrong.
        problems: Vec<ChangePasswordProblem>,
    },
    /// For "E-mail".
    Email {
        /// What was typed as the new address.
        typed: String,
        /// What was wrong.
        problem: EmailProblem,
    },
    /// For "Phone number".
    Phone {
        /// What was typed as the new number.
        typed: String,
        /// What was wrong.
        problem: PhoneProblem,
    },
    /// For the page that undoes a change of address: somebody else has it by now.
    EmailTaken,
    /// For the page that says that an account was left.
    Left {
        /// It is erased then; none: it is deactivated.
        erase_at: Option<Timestamp>,
    },
    /// For the passkeys, and the offer of one: why it was not added.
    Passkey(PasskeyProblem),
    /// For "Rename" of a passkey.
    PasskeyName {
        /// What was typed.
        typed: String,
        /// What was wrong.
        problem: PasskeyNameProblem,
    },
    /// For "Connect a device".
    DeviceCode {
        /// What was typed.
        code: String,
        /// What was wrong.
        problem: DeviceCodeProblem,
    },
    /// For the end of it.
    DeviceDone {
        /// The person said yes.
        allowed: bool,
    },
    /// For the page of an application: its new secret, which is kept nowhere in the clear.
    ClientSecret(#[serde(with = "client_secret")] PlainToken),
    /// For the set-up page.
    Setup {
        /// What was typed.
        values: RegisterValues,
        /// The rules, judged.
        rules: Vec<PasswordRule>,
        /// What was wrong.
        problems: Vec<SetupProblem>,
    },
}

/// How the secret of an application travels.
mod client_secret {
    use ostiary::secret::{PlainToken, TokenKind};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(secret: &PlainToken, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret.expose())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PlainToken, D::Error> {
        let text = String::deserialize(deserializer)?;
        PlainToken::parse(TokenKind::ClientSecret, &text).ok_or_else(|| D::Error::custom("no secret of an application"))
    }
}

/// What the cookies hold. One enum for all, so that one cookie cannot be passed off as another.
#[derive(Serialize, Deserialize)]
enum Sealed {
    Said { to: String, at: Timestamp, said: Said },
    Mail { at: Timestamp, email: String },
    Device { at: Timestamp, code: String },
    Step { at: Timestamp, pending: String },
    Return { at: Timestamp, to: String },
    Invitation { at: Timestamp, link: String },
}

/// Seals what is told to the page at `to` (path and query as the browser sees them).
pub(super) fn seal_said(core: &Core, to: &str, said: Said) -> Option<String> {
    seal(core, &Sealed::Said { to: to.to_owned(), at: core.now(), said })
}

/// Opens what was told to the page at `here`; `None` when it is for another page, too old, or not ours.
pub(super) fn open_said(core: &Core, here: &str, cookie: &str) -> Option<Said> {
    match open(core, cookie)? {
        Sealed::Said { to, at, said } if to == here && is_fresh(core, at, SAID_SECONDS) => Some(said),
        _ => None,
    }
}

/// Seals the address a mail went to.
pub(super) fn seal_mail(core: &Core, email: &str) -> Option<String> {
    seal(core, &Sealed::Mail { at: core.now(), email: email.to_owned() })
}

/// Opens the address a mail went to.
pub(super) fn open_mail(core: &Core, cookie: &str) -> Option<String> {
    match open(core, cookie)? {
        Sealed::Mail { at, email } if is_fresh(core, at, MAIL_SECONDS) => Some(email),
        _ => None,
    }
}

/// Seals the code of a device.
pub(super) fn seal_device(core: &Core, shown: &UserCode) -> Option<String> {
    seal(core, &Sealed::Device { at: core.now(), code: shown.to_string() })
}

/// Opens the code of a device.
pub(super) fn open_device(core: &Core, text: &str) -> Option<UserCode> {
    match open(core, text)? {
        Sealed::Device { at, code } if is_fresh(core, at, REQUEST_LIFE.as_secs()) => UserCode::parse(&code),
        _ => None,
    }
}

/// Seals the link of an invitation: it stands in no address on the way to an account.
pub(super) fn seal_invitation(core: &Core, link: &PlainToken) -> Option<String> {
    seal(core, &Sealed::Invitation { at: core.now(), link: link.expose().to_owned() })
}

/// Opens it again.
pub(super) fn open_invitation(core: &Core, text: &str) -> Option<PlainToken> {
    match open(core, text)? {
        Sealed::Invitation { at, link } if is_fresh(core, at, INVITATION_SECONDS) => {
            PlainToken::parse(TokenKind::Invitation, &link)
        }
        _ => None,
    }
}

/// Seals the handle of a sign-in that waits for its second factor: it never stands in an address or a form.
pub(super) fn seal_step(core: &Core, pending: &PlainToken) -> Option<String> {
    seal(core, &Sealed::Step { at: core.now(), pending: pending.expose().to_owned() })
}

/// Seals the address that somebody is sent back to.
pub(super) fn seal_return(core: &Core, to: &str) -> Option<String> {
    seal(core, &Sealed::Return { at: core.now(), to: to.to_owned() })
}

/// Opens the address that somebody is sent back to.
pub(super) fn open_return(core: &Core, text: &str) -> Option<String> {
    match open(core, text)? {
        Sealed::Return { at, to } if is_fresh(core, at, RETURN_SECONDS) => Some(to),
        _ => None,
    }
}

/// Opens it again.
pub(super) fn open_step(core: &Core, text: &str) -> Option<PlainToken> {
    match open(core, text)? {
        Sealed::Step { at, pending } if is_fresh(core, at, PENDING_LIFE.as_secs()) => {
            PlainToken::parse(TokenKind::PendingSignIn, &pending)
        }
        _ => None,
    }
}

fn seal(core: &Core, value: &Sealed) -> Option<String> {
    let plain = serde_json::to_vec(value).ok()?;
    let sealed = core.sealer().seal(Purpose::Flash, &plain, core.entropy()).ok()?;
    let text = URL_SAFE_NO_PAD.encode(sealed);
    (text.len() <= MAX_COOKIE).then_some(text)
}

fn open(core: &Core, cookie: &str) -> Option<Sealed> {
    let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
    let plain = core.sealer().open(Purpose::Flash, &sealed)?;
    serde_json::from_slice(&plain).ok()
}

fn is_fresh(core: &Core, at: Timestamp, seconds: u64) -> bool {
    core.now().since(at).as_secs() < seconds
}

/// What was typed, short enough to travel: at most `chars` characters, without control characters.
pub(crate) fn typed(text: &str, chars: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(chars).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ostiary::testing::TestCore;

    use super::*;

    fn said() -> Said {
        Said::Forgot { email: "mara@nordhavn.example".to_owned(), problem: None }
    }

    #[tokio::test]
    async fn it_is_for_one_page_and_for_five_minutes() {
        let core = TestCore::sqlite().await;
        let cookie = seal_said(&core, "/forgot-password", said()).unwrap();
        assert!(!cookie.contains("mara"));
        assert_eq!(open_said(&core, "/forgot-password", &cookie), Some(said()));
        assert_eq!(open_said(&core, "/sign-in", &cookie), None);
        core.clock.advance(Duration::from_secs(SAID_SECONDS));
        assert_eq!(open_said(&core, "/forgot-password", &cookie), None);
    }

    #[tokio::test]
    async fn what_we_did_not_seal_says_nothing() {
        let core = TestCore::sqlite().await;
        let cookie = seal_said(&core, "/x", said()).unwrap();
        for at in [0, 20, cookie.len() - 1] {
            let mut changed = cookie.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(open_said(&core, "/x", &changed), None);
        }
        for other in ["", "AAAA", "é", &cookie[..40]] {
            assert_eq!(open_said(&core, "/x", other), None);
        }
    }

    #[tokio::test]
    async fn one_cookie_is_not_the_other() {
        let core = TestCore::sqlite().await;
        let mail = seal_mail(&core, "mara@nordhavn.example").unwrap();
        assert_eq!(open_mail(&core, &mail).as_deref(), Some("mara@nordhavn.example"));
        assert_eq!(open_said(&core, "", &mail), None);
        assert_eq!(open_mail(&core, &seal_said(&core, "", said()).unwrap()), None);
        let shown = UserCode::parse("WDJB-MJHT").unwrap();
        let device = seal_device(&core, &shown).unwrap();
        assert_eq!((open_device(&core, &device), open_device(&core, &mail)), (Some(shown), None));
        assert_eq!((open_mail(&core, &device), open_said(&core, "", &device)), (None, None));
        core.clock.advance(Duration::from_secs(MAIL_SECONDS));
        assert_eq!(open_mail(&core, &mail), None);
    }

    /// D11: a new secret reaches the page it is for, and is in nothing that is printed.
    #[tokio::test]
    async fn a_new_secret_is_told_and_not_printed() {
        let core = TestCore::sqlite().await;
        let secret = PlainToken::generate(TokenKind::ClientSecret, core.entropy());
        let told = Said::ClientSecret(secret.clone());
        assert!(!format!("{told:?}").contains(secret.expose()));
        let cookie = seal_said(&core, "/x", told.clone()).unwrap();
        assert_eq!(open_said(&core, "/x", &cookie), Some(told));
        let other = Said::ClientSecret(PlainToken::generate(TokenKind::Refresh, core.entropy()));
        assert_eq!(open_said(&core, "/x", &seal_said(&core, "/x", other).unwrap()), None, "of another kind");
    }

    #[tokio::test]
    async fn the_longest_values_still_fit() {
        let core = TestCore::sqlite().await;
        let long = "李".repeat(400);
        let values = RegisterValues { email: typed(&long, 320), username: typed(&long, 100), name: typed(&long, 200) };
        let said = Said::Register { values, rules: Vec::new(), problems: vec![RegisterProblem::EmailSyntax] };
        assert!(seal_said(&core, "/register?i=ost_ix_0123456789012345678901234567890123456789012", said).is_some());
    }
}
