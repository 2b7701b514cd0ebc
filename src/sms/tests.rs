//! B4: how text messages leave, and what happens where nobody takes them.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::*;
use crate::{
    account::{CreateUser, create_user},
    config::SmsHttp,
    core::{Actor, UserActor},
    mail::Transport,
    outbox::{Delivery, Lane, deliver_lane},
    phone::{RequestPhone, request_phone},
    secret::SecretString,
    testing::{TestCore, TestWeb, on_both_engines_with},
    text::EmailAddress,
};

const NUMBER: &str = "+4520123442";
const ARRIVED: Delivery = Delivery { delivered: 1, failed: 0 };
const FAILED: Delivery = Delivery { delivered: 0, failed: 1 };

/// Somebody who asks for a code.
async fn person(core: &TestCore) -> Ctx {
    let cmd = CreateUser {
        email: EmailAddress::try_from("mara@nordhavn.example").unwrap(),
        username: None,
        display_name: None,
        password: None,
        is_verified: true,
        is_admin: false,
    };
    let user_id = create_user(&core.operator(), cmd).await.unwrap().user_id;
    let actor = UserActor {
        user_id,
        session_id: core.new_id(),
        auth_time: core.now(),
        amr: vec!["pwd".to_owned()],
        is_admin: false,
    };
    core.ctx(Actor::User(actor), core.meta())
}

async fn ask(ctx: &Ctx) {
    request_phone(ctx, RequestPhone { number: PhoneNumber::try_from(NUMBER).unwrap() }).await.unwrap();
}

async fn round(core: &TestCore) -> Delivery {
    let transport = Transport::new(&core.config().mail).unwrap();
    deliver_lane(core, &transport, Lane::Sms).await.unwrap()
}

fn gateway(url: &Url) -> SmsHttp {
    SmsHttp {
        url: url.clone(),
        method: "POST".to_owned(),
        headers: BTreeMap::from([("Authorization".to_owned(), SecretString::from("Bearer hunter2"))]),
        header_files: BTreeMap::new(),
        content_type: "application/json".to_owned(),
        body: Some(SecretString::from(r#"{"to": "{number}", "text": "{text}", "key": "hunter3"}"#)),
        body_file: None,
        expect: Vec::new(),
        timeout: Duration::from_secs(10),
    }
}

fn through(config: &mut Config, http: SmsHttp) {
    config.sms.provider = SmsProvider::Http;
    config.sms.http = Some(http);
}

fn answer(web: &TestWeb, status: &str) {
    web.put_raw("/sms", format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok"));
}

/// The document of the last request.
fn document(web: &TestWeb) -> Value {
    let request = web.requests().pop().unwrap();
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// B4: for development messages become files that only their owner reads; the last line binds the code to our domain.
#[tokio::test]
async fn messages_become_files() {
    on_both_engines_with(
        |config| {
            config.sms.provider = SmsProvider::File;
            config.server.public_url = "https://id.nordhavn.example/door".parse().unwrap();
        },
        async |core| {
            ask(&person(&core).await).await;
            let sms = core.text_messages().await.pop().unwrap();
            assert_eq!(round(&core).await, ARRIVED);
            let files: Vec<_> = std::fs::read_dir(&core.config().sms.directory).unwrap().collect();
            let path = files.first().unwrap().as_ref().unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!((files.len(), text.as_str()), (1, format!("To: {NUMBER}\n\n{}\n", sms.text).as_str()));
            let code = &sms.code;
            let expected = format!(
                "{code} is your code to confirm this number at Ostiary. Give it to nobody.\n\n@id.nordhavn.example #{code}"
            );
            assert_eq!(sms.text, expected);
            assert!(sms.text.len() <= 160, "one message");
            is_private(&path);
            let mut conn = core.db().read().await.unwrap();
            let kept: i64 = conn
                .query("SELECT COUNT(*) FROM outbox WHERE kind = 'sms' AND sealed_payload IS NOT NULL")
                .scalar()
                .await
                .unwrap();
            assert_eq!(kept, 0);
        },
    )
    .await;
}

fn is_private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// B4: a gateway gets number and text where the template has them, and its headers; over TLS, too.
#[tokio::test]
async fn a_gateway_gets_what_the_template_says() {
    for web in [TestWeb::http().await, TestWeb::https().await] {
        answer(&web, "202 Accepted");
        on_both_engines_with(
            |config| {
                through(config, gateway(&web.url("/sms")));
                web.open(&mut config.fetch);
                config.instance.name = "\"Nord\"\n\\ {number}".to_owned();
            },
            async |core| {
                ask(&person(&core).await).await;
                let text = core.text_messages().await.pop().unwrap().text;
                assert_eq!(round(&core).await, ARRIVED);
                let request = web.requests().pop().unwrap().to_lowercase();
                assert!(request.starts_with("post /sms http/1.1"), "{request}");
                assert!(request.contains("authorization: bearer hunter2"), "{request}");
                assert!(request.contains("content-type: application/json"), "{request}");
                assert!(text.contains("\"Nord\"\\ {number}"), "{text}");
                assert_eq!(document(&web), json!({ "to": NUMBER, "text": text, "key": "hunter3" }));
            },
        )
        .await;
    }
}

/// B4 H2: a gateway that is down, refuses for now, answers with another status than agreed on or leads elsewhere is asked
/// again, as long as the code is good, and no longer.
#[tokio::test]
async fn a_gateway_that_is_down_is_asked_again() {
    let web = TestWeb::http().await;
    on_both_engines_with(
        |config| through(config, SmsHttp { expect: vec![200, 202], ..gateway(&web.url("/sms")) }),
        async |core| {
            let ctx = person(&core).await;
            ask(&ctx).await;
            let code = core.text_messages().await.pop().unwrap().code;
            let elsewhere = "302 Found\r\nlocation: /other";
            for (pause, status) in [(0, "503 Busy"), (10, elsewhere), (60, "204 No Content"), (300, "401 No")] {
                core.clock.advance(Duration::from_secs(pause));
                answer(&web, status);
                assert_eq!(round(&core).await, FAILED, "{status}");
                assert_eq!(round(&core).await, Delivery::default(), "not before its time");
            }
            assert_eq!(web.asked("/other"), 0);
            let asked = web.asked("/sms");
            // The next try comes when the code is over: nobody is asked.
            core.clock.advance(Duration::from_mins(30));
            answer(&web, "200 OK");
            assert_eq!((round(&core).await, web.asked("/sms")), (ARRIVED, asked));
            // What failed once arrives.
            let again = core.ctx(ctx.actor.clone(), core.meta());
            let Actor::User(mut actor) = again.actor.clone() else { panic!("nobody") };
            actor.auth_time = core.now();
            ask(&core.ctx(Actor::User(actor), core.meta())).await;
            answer(&web, "503 Busy");
            assert_eq!(round(&core).await, FAILED);
            answer(&web, "202 Accepted");
            core.clock.advance(Duration::from_secs(10));
            assert_eq!(round(&core).await, ARRIVED);
            let text = document(&web)["text"].as_str().unwrap().to_owned();
            assert!(!text.contains(&code));
        },
    )
    .await;
}

/// B4: what a gateway understood and does not want is not sent again; the number is in no log and no column.
#[tokio::test]
async fn a_refusal_for_good_is_one() {
    let web = TestWeb::http().await;
    answer(&web, "400 No such number +4520123442");
    on_both_engines_with(
        |config| through(config, gateway(&web.url("/sms"))),
        async |core| {
            ask(&person(&core).await).await;
            assert_eq!(round(&core).await, FAILED);
            core.clock.advance(Duration::from_mins(1));
            assert_eq!(round(&core).await, Delivery::default());
            let mut conn = core.db().read().await.unwrap();
            let error: String = conn.query("SELECT last_error FROM outbox WHERE kind = 'sms'").scalar().await.unwrap();
            assert_eq!(error, "the gateway for text messages: it answers with status 400");
        },
    )
    .await;
}

/// B4: a code that another one replaced, or that was typed already, is not sent any more.
#[tokio::test]
async fn only_the_newest_code_is_sent() {
    let web = TestWeb::http().await;
    answer(&web, "200 OK");
    on_both_engines_with(
        |config| through(config, gateway(&web.url("/sms"))),
        async |core| {
            let ctx = person(&core).await;
            let before = web.asked("/sms");
            ask(&ctx).await;
            core.clock.advance(Duration::from_millis(2));
            ask(&ctx).await;
            let newest = core.text_messages().await.pop().unwrap().text;
            assert_eq!(round(&core).await, Delivery { delivered: 2, failed: 0 });
            assert_eq!((web.asked("/sms") - before, document(&web)["text"].as_str()), (1, Some(newest.as_str())));
        },
    )
    .await;
}

/// B4: a gateway that takes its time is left after ours, and keeps nobody's mail waiting meanwhile.
#[tokio::test]
async fn a_slow_gateway_is_left() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url: Url = format!("http://127.0.0.1:{}/sms", silent.local_addr().unwrap().port()).parse().unwrap();
    on_both_engines_with(
        |config| through(config, SmsHttp { timeout: Duration::from_millis(50), ..gateway(&url) }),
        async |core| {
            ask(&person(&core).await).await;
            let mut tx = core.db().write().await.unwrap();
            crate::mail::enqueue_nothing(&mut tx, &core.system()).await.unwrap();
            tx.commit().await.unwrap();
            let transport = Transport::new(&core.config().mail).unwrap();
            // With the mail to whoever the account was made for.
            let mails = deliver_lane(&core, &transport, Lane::Mail).await.unwrap();
            assert_eq!(mails, Delivery { delivered: 2, failed: 0 });
            assert_eq!(round(&core).await, FAILED);
            assert_eq!(crate::outbox::deliver_due(&core, &transport).await.unwrap(), Delivery::default());
        },
    )
    .await;
}

/// I3: settings that cannot work refuse to start, and secrets are not shown.
#[test]
fn wrong_settings_refuse_to_start() {
    let good: Url = "https://api.gateway.example/v1/messages".parse().unwrap();
    let with = |change: fn(&mut SmsHttp)| {
        let mut config = Config::default();
        let mut http = gateway(&good);
        change(&mut http);
        through(&mut config, http);
        config
    };
    assert_eq!(with(|_| {}).problems(), Vec::<String>::new());
    for (change, why) in [
        ((|http: &mut SmsHttp| http.method = "GET".to_owned()) as fn(&mut SmsHttp), "sms.http.method"),
        (|http| http.timeout = Duration::ZERO, "sms.http.timeout"),
        (|http| http.timeout = Duration::from_mins(5), "sms.http.timeout"),
        (|http| http.expect = vec![302], "sms.http.expect"),
        (|http| http.url = "http://169.254.169.254/latest".parse().unwrap(), "sms.http.url"),
        (|http| http.url = "http://192.0.2.1/sms".parse().unwrap(), "sms.http.url"),
        (|http| http.url = "https://mara:secret@api.gateway.example/".parse().unwrap(), "sms.http.url"),
        (|http| http.url = "ftp://10.0.0.1/".parse().unwrap(), "sms.http.url"),
        (|http| drop(http.headers.insert("a b".to_owned(), SecretString::from("x"))), "sms.http.headers"),
        (|http| drop(http.headers.insert("x".to_owned(), SecretString::from("a\nb"))), "sms.http.headers"),
        (|http| http.body = None, "sms.http.body"),
        (|http| http.body = Some(SecretString::from("{text}")), "sms.http.body"),
    ] {
        let problems = with(change).problems();
        assert!(problems.len() == 1 && problems[0].starts_with(why), "{why}: {problems:?}");
    }
    for url in ["http://10.1.2.3:8080/sms", "http://[fd00::1]/sms", "http://127.0.0.1/sms", "https://192.168.1.1/"] {
        let mut config = Config::default();
        through(&mut config, gateway(&url.parse().unwrap()));
        assert_eq!(config.problems(), Vec::<String>::new(), "{url}");
    }
    let mut config = Config::default();
    config.sms.provider = SmsProvider::Http;
    assert_eq!(config.problems().len(), 1);
    config.sms.provider = SmsProvider::File;
    config.sms.prefixes = vec!["+45".to_owned(), "0045".to_owned()];
    assert!(config.problems()[0].starts_with("sms.prefixes"));
    let shown = format!("{:?} {:?}", with(|_| {}), provider(&with(|_| {})));
    assert!(!shown.contains("hunter"), "{shown}");
}

/// I3: header and document may stand in files.
#[test]
fn secrets_may_stand_in_files() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let key = path("key", "Bearer hunter2\n");
    let body = path("body", "{\"n\": \"{digits}\", \"t\": \"{text}\"}\n");
    let toml = format!(
        "[sms]\nprovider = \"http\"\nprefixes = [\"+45\"]\n[sms.http]\nurl = \"https://api.gateway.example/\"\n\
         body_file = \"{body}\"\ntimeout = \"3s\"\n[sms.http.header_files]\nAuthorization = \"{key}\"\n"
    );
    let file = path("ostiary.toml", &toml);
    let config = Config::load(Some(Path::new(&file)), &crate::config::Overrides::default()).unwrap();
    let http = config.sms.http.as_ref().unwrap();
    assert_eq!(http.headers["Authorization"].expose(), "Bearer hunter2");
    assert_eq!((http.method.as_str(), http.timeout), ("POST", Duration::from_secs(3)));
    assert!(config.sms.is_on());
    std::fs::remove_file(dir.path().join("key")).unwrap();
    let error = Config::load(Some(Path::new(&file)), &crate::config::Overrides::default()).unwrap_err().to_string();
    assert!(error.contains("key"), "{error}");
}
