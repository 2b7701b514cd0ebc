//! What the pages about signing out show.

use url::Url;

use super::store;
use crate::{
    client::find_client,
    core::{Core, Ctx},
    error::Internal,
    grant::subject::sid_of,
    id::SessionId,
    secret::PlainToken,
};

/// A request to sign out, or what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutView {
    /// The application that asked; none where the person did.
    pub client: Option<LogoutClient>,
    /// Where the browser goes in the end, `state` included (RP-Initiated Logout §3).
    pub way_back: Option<String>,
    /// The same as a source for `form-action` of the Content-Security-Policy.
    pub redirect_origin: Option<String>,
    /// What has to be loaded now that the session has ended (Front-Channel Logout §3).
    pub frames: Vec<Frame>,
}

/// An application that asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutClient {
    /// Its name.
    pub name: String,
    /// Its host.
    pub domain: Option<String>,
    /// Its home page.
    pub home: Option<Url>,
}

/// A page of an application that ends its session in the person's browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The application's name.
    pub client_name: String,
    /// The page, with issuer and session where they are asked for.
    pub url: Url,
}

/// The request behind a handle; none when it waited too long, or never was.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_logout(ctx: &Ctx, handle: &PlainToken) -> Result<Option<LogoutView>, Internal> {
    let row = store::find(&mut ctx.core.db().read().await?, handle.digest(), ctx.now()).await?;
    let Some(row) = row else { return Ok(None) };
    let client = match &row.client_id {
        Some(id) => find_client(&ctx.core, id).await?,
        None => None,
    };
    // Disabled meanwhile: then nobody is sent there.
    let way_back = client.is_some().then(|| row.request.way_back()).flatten();
    let redirect_uri = row.request.post_logout_redirect_uri.as_ref().filter(|_| way_back.is_some());
    Ok(Some(LogoutView {
        redirect_origin: redirect_uri.map(|uri| uri.csp_source().to_owned()),
        way_back,
        client: client.map(|client| LogoutClient {
            name: client.name.clone(),
            domain: client.domain(),
            home: client.settings.client_uri.clone(),
        }),
        frames: match row.session_id {
            Some(id) => frames(&ctx.core, id).await?,
            None => Vec::new(),
        },
    }))
}

/// The pages that have to be loaded at the end of a session (Front-Channel Logout §3), each once.
pub(super) async fn frames(core: &Core, session_id: SessionId) -> Result<Vec<Frame>, Internal> {
    let listeners = store::listeners(&mut core.db().read().await?, session_id).await?;
    let mut frames: Vec<Frame> = Vec::new();
    for listener in listeners {
        let Some(client) = find_client(core, &listener.client_id).await? else { continue };
        let Some(mut url) = client.settings.frontchannel_logout_uri.clone() else { continue };
        if client.settings.frontchannel_logout_session_required {
            let sid = sid_of(core, &client, listener.sid)?;
            let mut query = url.query_pairs_mut();
            query.append_pair("iss", core.grants().issuer()).append_pair("sid", &sid);
        }
        if !frames.iter().any(|frame| frame.url == url) {
            frames.push(Frame { client_name: client.name.clone(), url });
        }
    }
    Ok(frames)
}
