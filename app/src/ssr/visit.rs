//! What a request brings: who asks, from where, and what the page before had to say.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderValue, request::Parts};
use ostiary::{
    core::{Actor, Ctx, RequestMeta},
    error::Internal,
    id::SessionId,
    secret::{PlainToken, TokenKind},
    session::{self, BrowserAccount, EndSession, EndSessionError, LiveSession},
};
use tower_sessions::Session;

use super::{
    Attempt, House, Standing,
    browser::{self, SignedIn},
    cookies, respond,
};
use crate::model::{Person, Site};

/// One request, looked at once: handlers and server functions take what they need from here and answer through it.
/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Visit {
    pub(super) house: House,
    /// What commands are given.
    pub ctx: Ctx,
    /// The live session of this browser, if there is one.
    pub live: Option<LiveSession>,
    /// The cookie names a session that is over.
    pub was_signed_in: bool,
    session: Session,
    signed_in: SignedIn,
    pub(super) here: Arc<str>,
    pub(super) said: Option<Arc<str>>,
    pub(super) mail: Option<Arc<str>>,
    pub(super) device: Option<Arc<str>>,
    pub(super) step: Option<Arc<str>>,
    pub(super) trusted: Option<Arc<str>>,
    pub(super) goes_back: Option<Arc<str>>,
    pub(super) invitation: Option<Arc<str>>,
    pub(super) browser: PlainToken,
    outgoing: Arc<Mutex<Outgoing>>,
}

/// What goes out with the answer, whichever it is.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    pub(super) cookies: Vec<HeaderValue>,
    /// Where forms may lead besides ourselves.
    pub(super) form_action: Option<String>,
    /// Whose pages may be loaded inside of ours.
    pub(super) frames: Vec<String>,
    /// Its script asks us for more.
    pub(super) fetches: bool,
    /// The answer says "not now".
    pub(super) held: Option<u64>,
}

impl Visit {
    /// The instance.
    pub fn site(&self) -> &Site {
        self.house.site()
    }

    /// The house.
    pub fn house(&self) -> &House {
        &self.house
    }

    /// The person who is signed in, as pages show them.
    pub fn person(&self) -> Option<Person> {
        self.live.as_ref().map(|live| Person::of(live.actor.user_id, live.user.clone()))
    }

    /// Lets applications see in the browser that somebody signed in or out (OIDC Session Management §3).
    fn show_state(&self, session: Option<SessionId>, stay: bool) {
        let core = self.house.core();
        let state = session.map(|id| session::browser_state(core, id));
        let max_age = stay.then(|| core.config().sessions.stay_absolute.as_secs());
        self.add_cookie(self.house.cookies().set_state(state.as_deref(), max_age));
    }

    pub(super) fn add_cookie(&self, cookie: Option<HeaderValue>) {
        if let Some(cookie) = cookie {
            self.outgoing.lock().unwrap_or_else(PoisonError::into_inner).cookies.push(cookie);
        }
    }

    /// Lets the forms of the answer lead to this source besides ourselves: a form that ends at an application goes there
    /// by redirect, and browsers ask `form-action` about redirects, too (CSP 3 §6.3.1).
    pub fn allow_form_action(&self, source: &str) {
        self.outgoing.lock().unwrap_or_else(PoisonError::into_inner).form_action = Some(source.to_owned());
    }

    /// Lets the answer load pages of these origins inside of itself.
    pub fn allow_frames(&self, origins: impl Iterator<Item = String>) {
        self.outgoing.lock().unwrap_or_else(PoisonError::into_inner).frames.extend(origins);
    }

    /// Lets the script of the answer ask us for more: the options of a ceremony with a passkey.
    pub fn allow_fetching(&self) {
        self.outgoing.lock().unwrap_or_else(PoisonError::into_inner).fetches = true;
    }

    /// The answer is a "not now": 429 and `Retry-After` (I5).
    pub fn hold(&self, seconds: u64) {
        self.outgoing.lock().unwrap_or_else(PoisonError::into_inner).held = Some(seconds);
    }

    pub(super) fn take_outgoing(&self) -> Outgoing {
        std::mem::take(&mut *self.outgoing.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A person has proved who they are: the new session becomes the one of this browser that asks, under a new cookie. What
    /// becomes of those that were here before, [`session::replace_session`] says.
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn enter(&self, new: SessionId, stay: bool, attempt: &Attempt) -> Result<(), Internal> {
        match attempt.opened(new) {
            Standing::Alone => {}
            Standing::Replaces(old) => self.end_as(new, old).await?,
            // The later request brings the cookie.
            Standing::Superseded => return self.end_as(new, new).await,
        }
        let beside = session::replace_session(&self.ctx, new, &self.signed_in.sessions).await?;
        let stay = stay && beside.stay;
        let sessions = [beside.sessions, vec![new]].concat();
        self.write(&SignedIn { sessions, current: Some(new), stay }).await?;
        self.show_state(Some(new), stay);
        self.forget_mail();
        self.remember_browser();
        self.forget_pending_sign_in();
        if self.said.is_some() {
            self.forget_said();
        }
        Ok(())
    }

    /// Ends the session `which` as whoever `who` belongs to; a session of somebody else, or one that is over, stays as it is.
    async fn end_as(&self, who: SessionId, which: SessionId) -> Result<(), Internal> {
        let core = self.house.core();
        let Some(live) = session::resume_session(core, who).await? else { return Ok(()) };
        let ctx = core.ctx(Actor::User(live.actor), self.ctx.meta.clone());
        match session::end_session(&ctx, EndSession { id: which }).await {
            Ok(()) | Err(EndSessionError::NotFound | EndSessionError::Denied(_)) => Ok(()),
            Err(EndSessionError::Internal(cause)) => Err(cause),
        }
    }

    /// Gives the browser a new cookie for the same session; for changes of privilege (C1).
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn renew_cookie(&self) -> Result<(), Internal> {
        if self.live.is_none() {
            return Ok(());
        }
        self.write(&self.signed_in).await
    }

    /// Whether this browser holds sessions, alive or over.
    pub fn holds_sessions(&self) -> bool {
        !self.signed_in.sessions.is_empty()
    }

    /// The accounts that are signed in in this browser, or were until they were over (C2).
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn accounts(&self) -> Result<Vec<BrowserAccount>, Internal> {
        session::list_accounts(self.house.core(), &self.signed_in.sessions).await
    }

    /// What commands are given on behalf of one of this browser's sessions; none when it is over, or not one of them.
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn ctx_of(&self, id: SessionId) -> Result<Option<Ctx>, Internal> {
        if !self.signed_in.sessions.contains(&id) {
            return Ok(None);
        }
        let core = self.house.core();
        let live = session::resume_session(core, id).await?;
        Ok(live.map(|live| core.ctx(Actor::User(live.actor), self.ctx.meta.clone())))
    }

    /// Makes one of this browser's sessions the one that asks, under a new cookie (C1), and says what its commands are given;
    /// none when it is over, or not one of them, and then nothing is changed.
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn turn_to(&self, id: SessionId) -> Result<Option<Ctx>, Internal> {
        let Some(ctx) = self.ctx_of(id).await? else { return Ok(None) };
        self.write(&SignedIn { current: Some(id), ..self.signed_in.clone() }).await?;
        self.show_state(Some(id), self.signed_in.stay);
        self.forget_pending_sign_in();
        Ok(Some(ctx))
    }

    async fn write(&self, signed_in: &SignedIn) -> Result<(), Internal> {
        let written = browser::write(self.house.core(), &self.session, signed_in).await;
        written.map_err(|cause| Internal::new("write the browser's record", cause))
    }

    /// Forgets the session that asked, which has ended. Other accounts of this browser stay, and none of them asks.
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn forget(&self) -> Result<(), Internal> {
        match self.signed_in.current {
            Some(current) => self.forget_one(current).await,
            None if self.signed_in.sessions.is_empty() => self.forget_all().await,
            None => Ok(()),
        }
    }

    /// Forgets one of this browser's sessions, which has ended.
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn forget_one(&self, id: SessionId) -> Result<(), Internal> {
        let rest = self.signed_in.without(id);
        if session::list_accounts(self.house.core(), &rest.sessions).await?.is_empty() {
            return self.forget_all().await;
        }
        if rest.current.is_none() {
            self.show_state(None, false);
        }
        self.forget_mail();
        self.write(&rest).await
    }

    /// Forgets the browser, whose sessions have ended.
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn forget_all(&self) -> Result<(), Internal> {
        self.show_state(None, false);
        self.forget_mail();
        if self.session.id().is_some() {
            self.session.flush().await.map_err(|cause| Internal::new("forget the browser", cause))?;
        }
        Ok(())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        // Both are put there by `routes::around`; a route without it is a mistake of ours.
        let (Some(house), Some(session)) = (parts.extensions.get::<House>(), parts.extensions.get::<Session>()) else {
            tracing::error!("a route without the layers of the pages");
            return Err(respond::bare(http::StatusCode::INTERNAL_SERVER_ERROR));
        };
        let (house, session) = (house.clone(), session.clone());
        let core = house.core();
        let meta = parts.extensions.get::<RequestMeta>().cloned();
        let meta = meta.unwrap_or_else(|| RequestMeta::none(core.new_id()));
        let broken = |meta: &RequestMeta| respond::internal(&house, meta);
        let signed_in = browser::read(&session).await.map_err(|_| broken(&meta))?;
        let live = match signed_in.current {
            Some(id) => session::resume_session(core, id).await.map_err(|_| broken(&meta))?,
            None => None,
        };
        let browser = cookies::find(&parts.headers, house.cookies().browser());
        let browser = browser.and_then(|token| PlainToken::parse(TokenKind::Browser, token));
        let browser = browser.unwrap_or_else(|| PlainToken::generate(TokenKind::Browser, core.entropy()));
        let meta = RequestMeta { browser: Some(browser.digest()), ..meta };
        let actor = live.as_ref().map_or(Actor::Anonymous, |live| Actor::User(live.actor.clone()));
        let cookie = |name: &str| cookies::find(&parts.headers, name).map(Arc::from);
        let here = parts.uri.path_and_query().map_or(parts.uri.path(), |all| all.as_str());
        let shown = cookie(house.cookies().state());
        let state = live.as_ref().map(|live| session::browser_state(core, live.actor.session_id));
        let visit = Self {
            ctx: core.ctx(actor, meta),
            was_signed_in: signed_in.current.is_some() && live.is_none(),
            live,
            here: house.site().to(here).into(),
            said: cookie(house.cookies().said()),
            mail: cookie(house.cookies().mail()),
            device: cookie(house.cookies().device()),
            step: cookie(house.cookies().step()),
            trusted: cookie(house.cookies().trusted()),
            goes_back: cookie(house.cookies().goes_back()),
            invitation: cookie(house.cookies().invitation()),
            browser,
            session,
            signed_in,
            outgoing: Arc::default(),
            house,
        };
        visit.allow_return();
        // A session that ended elsewhere, or grew old, is seen to be over with the next request.
        if shown.as_deref().filter(|shown| !shown.is_empty()) != state.as_deref() {
            let live = visit.live.as_ref();
            visit.show_state(live.map(|live| live.actor.session_id), live.is_some_and(|live| live.stay));
        }
        Ok(visit)
    }
}

/// Reads the token of an interaction as it stands in an address or a form. Empty is none.
pub(crate) fn interaction(text: Option<&str>) -> Option<PlainToken> {
    PlainToken::parse(TokenKind::Interaction, text?)
}

/// The same for a request to sign out.
pub(crate) fn logout(text: Option<&str>) -> Option<PlainToken> {
    PlainToken::parse(TokenKind::Logout, text?)
}
