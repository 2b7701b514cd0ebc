//! A9, B4: the telephone number, and codes by SMS.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::time::Duration;

use http::StatusCode;
use ostiary::{
    config::{Config, SmsProvider},
    testing::{TestCore, on_both_engines_with},
};

use super::{
    second_factor::{SECOND_FACTOR, add_app, password},
    visitor::{Visitor, person},
};

const PHONE: &str = "/account/phone";

fn by_file(config: &mut Config) {
    config.sms.provider = SmsProvider::File;
}

async fn newest(core: &TestCore) -> String {
    // Messages of one moment have no order.
    core.clock.advance(Duration::from_secs(1));
    core.text_messages().await.pop().unwrap().code
}

fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

/// A9 B4: a number is typed, corrected, confirmed, used for the second step, and removed; what was typed is still there after
/// an error.
#[tokio::test]
async fn a_number_is_added_used_and_removed() {
    on_both_engines_with(by_file, async |core| {
        person(&core).await;
        let mut here = Visitor::new(&core);
        here.sign_in().await;
        here.get("/account/profile").await.shows("Add phone number");
        here.get("/account/security").await.shows("Add a phone number");
        here.get("/account/sms-codes").await.redirects_to(PHONE);
        here.get(PHONE).await.shows("Add your number");
        for (typed, words) in [("", "A number is missing"), ("20 12 <b>34", "Begin with the country")] {
            here.post("/do/change-phone", &[("phone", typed)]).await.redirects_to(PHONE);
            here.get(PHONE).await.shows(words);
        }
        here.post("/do/change-phone", &[("phone", "20 12 \"34")]).await.redirects_to(PHONE);
        here.get(PHONE).await.shows("value=\"20 12 &quot;34\"");
        here.post("/do/change-phone", &[("phone", "+45 20 12 34 42")]).await.redirects_to(PHONE);
        let page = here.get(PHONE).await;
        page.shows("A message is on its way");
        page.shows("+4520123442");
        page.shows("autocomplete=\"one-time-code\"");
        let code = newest(&core).await;
        here.post("/do/confirm-phone", &[("code", other_than(&code))]).await.redirects_to(PHONE);
        here.get(PHONE).await.shows("not the code of the newest message");
        let cookie = here.cookies["ostiary"].clone();
        here.post("/do/confirm-phone", &[("code", &code)]).await.redirects_to(PHONE);
        assert_ne!(here.cookies["ostiary"], cookie, "what the browser may do changed");
        let page = here.get(PHONE).await;
        page.shows("Your number is confirmed");
        page.shows("Codes by SMS are off");
        here.post("/do/confirm-phone", &[("code", &code)]).await.redirects_to(PHONE);
        here.get(PHONE).await.shows("used, is too old");
        here.get("/account/profile").await.shows("Change phone number");

        here.get("/account/sms-codes").await.shows("The weakest second step");
        here.post("/do/sms-codes", &[("turn", "on")]).await.redirects_to("/account/security");
        here.get("/account/security").await.shows("Codes by SMS are on");
        let mut visitor = Visitor::new(&core);
        password(&mut visitor, &[]).await.redirects_to(SECOND_FACTOR);
        let page = visitor.get(SECOND_FACTOR).await;
        page.shows("your number ending in 42");
        assert!(!page.html.contains("20123442"), "the password alone tells no number");
        let code = newest(&core).await;
        let wrong = visitor.post("/do/second-factor", &[("m", "sms"), ("code", other_than(&code))]).await;
        wrong.redirects_to("/sign-in/second-factor?m=sms");
        visitor.get("/sign-in/second-factor?m=sms").await.shows("not the newest code we sent");
        visitor.post("/do/send-code", &[("m", "sms")]).await.redirects_to("/sign-in/second-factor?m=sms");
        let newest = newest(&core).await;
        visitor.post("/do/second-factor", &[("m", "sms"), ("code", &newest)]).await.redirects_to("/account");

        visitor.get("/account/phone/remove").await.shows("It is your only second step");
        visitor.post("/do/remove-phone", &[]).await.redirects_to("/account/profile");
        visitor.get("/account/profile").await.shows("Your number is removed");
        password(&mut Visitor::new(&core), &[]).await.redirects_to("/account");
        assert_eq!(visitor.get("/account/phone/remove").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// A9 B6: whoever signed in long ago proves first who they are; a number that waits can still be confirmed.
#[tokio::test]
async fn it_takes_a_fresh_sign_in() {
    let core = TestCore::sqlite_with(by_file).await;
    person(&core).await;
    let mut here = Visitor::new(&core);
    here.sign_in().await;
    core.clock.advance(Duration::from_mins(9));
    here.post("/do/change-phone", &[("phone", "+4520123442")]).await.redirects_to(PHONE);
    let typed = newest(&core).await;
    core.clock.advance(Duration::from_mins(2));
    here.get(PHONE).await.shows("A message is on its way");
    here.get(PHONE).await.shows("Confirm it is you first");
    here.post("/do/change-phone", &[("phone", "+4520123443")]).await.redirects_to("/account/confirm?next=phone");
    here.post("/do/confirm-phone", &[("code", &typed)]).await.redirects_to(PHONE);
    here.get(PHONE).await.shows("Your number is confirmed");
    here.get(PHONE).await.redirects_to("/account/confirm?next=phone");
    for path in ["/account/phone/remove", "/account/sms-codes"] {
        let next = if path.ends_with("remove") { "phone" } else { "sms-codes" };
        here.get(path).await.redirects_to(&format!("/account/confirm?next={next}"));
    }
    here.post("/do/remove-phone", &[]).await.redirects_to("/account/confirm?next=phone");
    Visitor::new(&core).get(PHONE).await.redirects_to("/sign-in?next=phone");
}

/// B4: an instance that sends no messages offers none of it.
#[tokio::test]
async fn without_a_provider_it_is_nowhere() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    let mut here = Visitor::new(&core);
    here.sign_in().await;
    for path in ["/account/profile", "/account/security"] {
        let page = here.get(path).await;
        assert!(!page.html.contains("SMS") && !page.html.contains("hone number"), "{path}");
    }
    for path in [PHONE, "/account/phone/remove", "/account/sms-codes"] {
        assert_eq!(here.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(here.post("/do/change-phone", &[("phone", "+4520123442")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(here.post("/do/sms-codes", &[("turn", "on")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(here.post("/do/sms-codes", &[("turn", "x")]).await.status, StatusCode::BAD_REQUEST);
}

/// B4: beside an app the telephone is another way: its code is sent when it is asked for, and the page says what that means.
#[tokio::test]
async fn the_telephone_is_another_way() {
    let core = TestCore::sqlite_with(by_file).await;
    person(&core).await;
    let mut here = Visitor::new(&core);
    here.sign_in().await;
    here.post("/do/change-phone", &[("phone", "+4520123442")]).await.redirects_to(PHONE);
    let typed = newest(&core).await;
    here.post("/do/confirm-phone", &[("code", &typed)]).await.redirects_to(PHONE);
    add_app(&core, &mut here).await;
    here.get("/account/sms-codes").await.shows("They stand in for your authenticator app");
    here.post("/do/sms-codes", &[("turn", "on")]).await.redirects_to("/account/security");
    let sent = core.text_messages().await.len();
    let mut visitor = Visitor::new(&core);
    password(&mut visitor, &[]).await.redirects_to(SECOND_FACTOR);
    let ways = visitor.get("/sign-in/second-factor?m=ways").await;
    ways.shows("Code by SMS");
    assert_eq!(core.text_messages().await.len(), sent);
    visitor.get("/sign-in/second-factor?m=sms").await.shows("We send six digits to your number ending in 42");
    visitor.post("/do/send-code", &[("m", "sms")]).await.redirects_to("/sign-in/second-factor?m=sms");
    let typed = newest(&core).await;
    visitor.post("/do/second-factor", &[("m", "sms"), ("code", &typed)]).await.redirects_to("/account");
}
