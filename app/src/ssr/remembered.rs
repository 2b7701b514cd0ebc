//! What this browser remembers for us, in sealed cookies, beside its session: from one page to the next, and for a while.

use ostiary::{
    account::PENDING_LIFE,
    grant::decoupled::{REQUEST_LIFE, UserCode},
    known_browser::REMEMBERED_FOR,
    secret::{PlainToken, TokenKind},
};

use super::{
    Visit,
    said::{self, Said},
};

/// One browser is trusted with so many accounts at most.
const MOST_TRUSTED: usize = 5;

impl Visit {
    /// What the page before had to say to this one. Said once: the answer takes the cookie away.
    pub fn take_said(&self) -> Option<Said> {
        let cookie = self.said.as_deref()?;
        let said = said::open_said(self.house.core(), &self.here, cookie)?;
        self.forget_said();
        Some(said)
    }

    /// Tells the page at `to`, an address of ours as a browser sees it, what it has to show.
    pub fn say(&self, to: &str, said: Said) {
        let names = self.house.cookies();
        let sealed = said::seal_said(self.house.core(), to, said);
        let cookie = sealed.and_then(|value| names.set(names.said(), &value, Some(said::SAID_SECONDS)));
        self.add_cookie(cookie);
    }

    pub(super) fn forget_said(&self) {
        let names = self.house.cookies();
        self.add_cookie(names.unset(names.said()));
    }

    /// The address a mail of ours went to, if this browser asked for it.
    pub fn mail(&self) -> Option<String> {
        said::open_mail(self.house.core(), self.mail.as_deref()?)
    }

    /// Remembers the address a mail goes to, until the browser is closed or a day is over.
    pub fn remember_mail(&self, email: &str) {
        let names = self.house.cookies();
        let sealed = said::seal_mail(self.house.core(), email);
        self.add_cookie(sealed.and_then(|value| names.set(names.mail(), &value, None)));
    }

    /// Forgets it.
    pub fn forget_mail(&self) {
        if self.mail.is_some() {
            let names = self.house.cookies();
            self.add_cookie(names.unset(names.mail()));
        }
    }

    /// The code of a device that was typed in this browser; it outlives signing in.
    pub fn device_code(&self) -> Option<UserCode> {
        self.open_device_code(self.device.as_deref()?)
    }

    /// Remembers it for as long as such a code is good.
    pub fn remember_device_code(&self, code: &UserCode) {
        let names = self.house.cookies();
        let sealed = self.seal_device_code(code);
        let seconds = Some(REQUEST_LIFE.as_secs());
        self.add_cookie(sealed.and_then(|value| names.set(names.device(), &value, seconds)));
    }

    /// Forgets it.
    pub fn forget_device_code(&self) {
        let names = self.house.cookies();
        self.add_cookie(names.unset(names.device()));
    }

    /// The code as a form may carry it: only codes that were found once are sealed, so a form is no way to try others.
    pub fn seal_device_code(&self, code: &UserCode) -> Option<String> {
        said::seal_device(self.house.core(), code)
    }

    /// Opens it again.
    pub fn open_device_code(&self, text: &str) -> Option<UserCode> {
        said::open_device(self.house.core(), text)
    }

    /// The sign-in of this browser that waits for its second factor.
    pub fn pending_sign_in(&self) -> Option<PlainToken> {
        said::open_step(self.house.core(), self.step.as_deref()?)
    }

    /// Remembers it for as long as it is good.
    pub fn remember_pending_sign_in(&self, pending: &PlainToken) {
        let names = self.house.cookies();
        let sealed = said::seal_step(self.house.core(), pending);
        let seconds = Some(PENDING_LIFE.as_secs());
        self.add_cookie(sealed.and_then(|value| names.set(names.step(), &value, seconds)));
    }

    /// Forgets it, whether it can still be read or not; says whether there was one.
    pub fn forget_pending_sign_in(&self) -> bool {
        if self.step.is_some() {
            let names = self.house.cookies();
            self.add_cookie(names.unset(names.step()));
        }
        self.step.is_some()
    }

    /// Remembers where somebody is sent back to after signing in (I7): an address that the caller has judged.
    pub fn remember_return(&self, to: &str) {
        let names = self.house.cookies();
        let sealed = said::seal_return(self.house.core(), to);
        self.add_cookie(sealed.and_then(|value| names.set(names.goes_back(), &value, Some(said::RETURN_SECONDS))));
    }

    /// Lets the forms on the way there end there: signing in leads back by redirect.
    pub(super) fn allow_return(&self) {
        let to = self.goes_back.as_deref().and_then(|cookie| said::open_return(self.house.core(), cookie));
        if let Some(to) = to.and_then(|to| url::Url::parse(&to).ok()) {
            self.allow_form_action(&to.origin().ascii_serialization());
        }
    }

    /// Where somebody is sent back to. Said once: the answer takes the cookie away.
    pub fn take_return(&self) -> Option<String> {
        let cookie = self.goes_back.as_deref()?;
        let names = self.house.cookies();
        self.add_cookie(names.unset(names.goes_back()));
        said::open_return(self.house.core(), cookie)
    }

    /// The link of the invitation that was followed in this browser; it outlives signing in.
    pub fn invitation(&self) -> Option<PlainToken> {
        said::open_invitation(self.house.core(), self.invitation.as_deref()?)
    }

    /// Remembers it for a day.
    pub fn remember_invitation(&self, link: &PlainToken) {
        let names = self.house.cookies();
        let sealed = said::seal_invitation(self.house.core(), link);
        let seconds = Some(said::INVITATION_SECONDS);
        self.add_cookie(sealed.and_then(|value| names.set(names.invitation(), &value, seconds)));
    }

    /// Forgets it.
    pub fn forget_invitation(&self) {
        if self.invitation.is_some() {
            let names = self.house.cookies();
            self.add_cookie(names.unset(names.invitation()));
        }
    }

    /// Keeps what this browser is known by (B9), for another long while.
    pub(super) fn remember_browser(&self) {
        let names = self.house.cookies();
        self.add_cookie(names.set(names.browser(), self.browser.expose(), Some(REMEMBERED_FOR.as_secs())));
    }

    /// What this browser is trusted by (B7): a token for each account, the newest last.
    pub fn trusted_by(&self) -> Vec<PlainToken> {
        let text = self.trusted.as_deref().unwrap_or_default();
        text.split('.').filter_map(|token| PlainToken::parse(TokenKind::TrustedBrowser, token)).collect()
    }

    /// Remembers what this browser is trusted by from now on, beside the newest of what it was trusted by before.
    pub fn remember_trust(&self, token: &PlainToken) {
        let before = self.trusted_by();
        let kept = before.iter().skip((before.len() + 1).saturating_sub(MOST_TRUSTED));
        let tokens: Vec<&str> = kept.chain([token]).map(PlainToken::expose).collect();
        let seconds = self.ctx.config().second_factors.trust_browsers_for.as_secs();
        let names = self.house.cookies();
        self.add_cookie(names.set(names.trusted(), &tokens.join("."), Some(seconds)));
    }
}
