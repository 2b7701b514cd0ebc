//! D8, D9: pairwise clients hear of a session under the name for their sector, as in their ID tokens.

use super::*;
use crate::{client::SubjectType, grant::subject::sid_of};

fn pairwise(host: &'static str) -> impl FnOnce(&mut ClientSettings) {
    move |settings| {
        settings.subject_type = SubjectType::Pairwise;
        settings.redirect_uris = vec![RedirectUri::parse(&format!("https://{host}/cb")).unwrap()];
        settings.frontchannel_logout_uri = Some(format!("https://{host}/out").parse().unwrap());
        settings.frontchannel_logout_session_required = true;
    }
}

/// D8, D9, Back-Channel Logout §2.4, Front-Channel Logout §3: logout tokens and pages carry the `sid` of the sector, under
/// which nobody else knows the session; a public client is told its id.
#[tokio::test]
async fn every_sector_hears_of_its_own_name() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let shop = client(&core, "shop", &server, pairwise("shop.example")).await;
        let same = client(&core, "shop-app", &server, pairwise("shop.example")).await;
        let bank = client(&core, "bank", &server, pairwise("bank.example")).await;
        let open = client(&core, "open", &server, |_| {}).await;
        let first = sign_in(&core, MARA).await;
        for client in [&shop, &same, &bank, &open] {
            know(&core, &first, client).await;
        }
        let second = sign_in(&core, MARA).await;
        session::replace_session(&first, session_of(&second), &[session_of(&first)]).await.unwrap();
        let LoggedOut::Page { logout: Some(page) } =
            complete_logout(&second, CompleteLogout { logout: None }).await.unwrap()
        else {
            panic!("nobody is told")
        };
        let names = |client: &Client| {
            let mut names = [&first, &second].map(|ctx| sid_of(&core, client, session_of(ctx)).unwrap());
            names.sort();
            names.to_vec()
        };
        assert_eq!(names(&shop), names(&same));
        assert!(names(&shop).iter().all(|name| name.len() == 22 && !names(&bank).contains(name)));
        assert!(names(&open).contains(&session_of(&first).to_string()));

        assert_eq!(deliver_all(&core).await.delivered, 8);
        let heard = server.take();
        let frames = find_logout(&second, &page).await.unwrap().unwrap().frames;
        for client in [&shop, &same, &bank, &open] {
            let mut sids: Vec<_> = heard
                .iter()
                .filter(|(path, _)| path[1..] == client.id)
                .map(|(_, claims)| claims["sid"].as_str().unwrap().to_owned())
                .collect();
            sids.sort();
            assert_eq!(sids, names(client), "{}", client.id);
        }
        for client in [&shop, &bank] {
            let host = client.settings.sector();
            let pages = frames.iter().filter(|frame| frame.url.host_str() == host);
            let mut sids: Vec<_> = pages
                .map(|frame| frame.url.query_pairs().find(|(name, _)| name == "sid").unwrap().1.into_owned())
                .collect();
            sids.sort();
            assert_eq!(sids, names(client), "{}", client.id);
        }
    })
    .await;
}
