//! What protects the account.

use leptos::prelude::*;

use super::{Page, Setting};
use crate::components::{Badge, Button, ButtonLink, Hidden, Kind, Moment, Place, Sign, SignTile, room};
use crate::model::{AuthenticatorRow, CodesRow, RecoveryCodesRow, SecurityPage, Sent, Site, TrustedBrowserRow};

const ROWS: &str = "border border-line rounded-lg overflow-clip divide-y divide-line";
const ROW: &str = "grid grid-cols-[auto_minmax(0,1fr)_auto] max-row:grid-cols-[auto_minmax(0,1fr)] items-center max-row:items-start gap-x-4 gap-y-1 px-4.5 py-3.5";
const WHAT: &str = "font-semibold flex flex-wrap items-center gap-x-2.5 gap-y-1 leading-snug wrap-anywhere";
const ACTIONS: &str = "flex flex-wrap max-row:grid max-row:col-span-full max-row:mt-1.5 gap-x-1 gap-y-2";

impl Page for SecurityPage {
    fn title(&self, site: &Site) -> String {
        format!("Security · {}", site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"Security"</h1>
                <p class="text-ink-2">"How you prove it is you, and how you get back in."</p>
            </div>
        };
        let by_sms = self.sms_codes.clone().map(|codes| by_sms(site, codes, self.phone.is_some()).into_any());
        let by_email = self.email_codes.clone().map(|codes| by_email(site, codes).into_any());
        let sent: Vec<_> = by_sms.into_iter().chain(by_email).collect();
        let body = view! {
            {passkeys(site)}
            {password(site, &self)}
            {second_step(site, &self.authenticators, sent)}
            {recovery(site, self.recovery_codes.as_ref())}
            {trusted(site, self.trusted_browsers)}
        };
        room(site, self.room, Place::Security, top.into_any(), body.into_any())
    }
}

fn passkeys(site: &Site) -> impl IntoView + use<> {
    view! {
        <section class="grid gap-3.5" aria-labelledby="passkeys">
            <h2 id="passkeys">"Passkeys"</h2>
            <ul class=ROWS>
                <li class=ROW>
                    <SignTile sign=Sign::Key/>
                    <div>
                        <p class=WHAT>"Passkeys"</p>
                        <p class="text-ink-3 text-xs">"The quickest and safest way in. Each lives on a device or in a password manager."</p>
                    </div>
                    <div class=ACTIONS><ButtonLink href=site.to("/account/passkeys") kind=Kind::Quiet label="Manage passkeys">"Manage"</ButtonLink></div>
                </li>
            </ul>
        </section>
    }
}

fn password(site: &Site, page: &SecurityPage) -> impl IntoView + use<> {
    let state = match (page.has_password, page.password_changed.clone()) {
        (false, _) => "There is none.".into_any(),
        (true, Some(when)) => view! { "Changed " <Moment when/> }.into_any(),
        (true, None) => "Set when the account was made.".into_any(),
    };
    view! {
        <section class="grid gap-3.5" aria-labelledby="password">
            <h2 id="password">"Password"</h2>
            <ul class=ROWS>
                <li class=ROW>
                    <SignTile sign=Sign::Lock/>
                    <div><p class=WHAT>"Password"</p><p class="text-ink-3 text-xs">{state}</p></div>
                    <div class=ACTIONS><ButtonLink href=site.to("/account/password") kind=Kind::Quiet label="Change password">"Change"</ButtonLink></div>
                </li>
            </ul>
        </section>
    }
}

fn second_step(site: &Site, authenticators: &[AuthenticatorRow], sent: Vec<AnyView>) -> impl IntoView + use<> {
    let add = site.to("/account/authenticators/add");
    let rows = authenticators.iter().map(|app| {
        let link = |what: &str| site.to_query(&format!("/account/authenticators/{what}"), "id", &app.id);
        let used = app.used.clone().map(|when| view! { " · used " <Moment when/> });
        view! {
            <li class=ROW>
                <SignTile sign=Sign::Authenticator/>
                <div>
                    <p class=WHAT>{app.name.clone()} <Badge class="good">"On"</Badge></p>
                    <p class="text-ink-3 text-xs">"Authenticator app · added " <Moment when=app.added.clone()/> {used}</p>
                </div>
                <div class=ACTIONS>
                    <ButtonLink href=link("rename") kind=Kind::Quiet label=format!("Rename {}", app.name)>"Rename"</ButtonLink>
                    <ButtonLink href=link("remove") kind=Kind::QuietClay label=format!("Remove {}", app.name)>"Remove"</ButtonLink>
                </div>
            </li>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    let list = if rows.is_empty() {
        view! {
            <div class="grid gap-4 justify-items-center px-5 py-9 border border-dashed border-rim rounded-lg text-center">
                <p class="text-ink-2 max-w-[48ch]">"No authenticator app yet. With one, somebody who learns your password still cannot get in."</p>
                <ButtonLink href=add kind=Kind::Primary>"Add an authenticator app"</ButtonLink>
            </div>
        }
        .into_any()
    } else {
        view! {
            <ul class=ROWS>{rows}</ul>
            <div class="flex max-row:grid"><ButtonLink href=add>"Add another"</ButtonLink></div>
        }
        .into_any()
    };
    view! {
        <section class="grid gap-3.5" aria-labelledby="second-step">
            <div class="grid gap-1">
                <h2 id="second-step">"Second step"</h2>
                <p class="text-ink-2 text-sm">"Asked for after the password."</p>
            </div>
            {list}
            {(!sent.is_empty()).then(|| view! { <ul class=ROWS>{sent}</ul> })}
        </section>
    }
}

fn by_email(site: &Site, codes: CodesRow) -> impl IntoView + use<> {
    let about = "Six digits to your address";
    let off = "Six digits to your address. Better than the password alone, weaker than an app.";
    sent_codes(site, Sent::Email, codes, about, off)
}

/// Codes by SMS; the number first where there is none.
fn by_sms(site: &Site, codes: CodesRow, has_number: bool) -> impl IntoView + use<> {
    if has_number {
        let about = "Six digits to your phone number";
        let off = "Six digits to your phone number. Better than the password alone, weaker than an app or a passkey.";
        return sent_codes(site, Sent::Sms, codes, about, off).into_any();
    }
    view! {
        <li class=ROW>
            <SignTile sign=Sign::Phone/>
            <div>
                <p class=WHAT>"Codes by SMS"</p>
                <p class="text-ink-3 text-xs">"Six digits to your phone. Add your number first."</p>
            </div>
            <div class=ACTIONS>
                <ButtonLink href=site.to("/account/phone") kind=Kind::Quiet label="Add a phone number">"Add a number"</ButtonLink>
            </div>
        </li>
    }
    .into_any()
}

/// Codes that are sent: what they are while they are on, and what they would be.
fn sent_codes(site: &Site, by: Sent, codes: CodesRow, about: &'static str, off: &'static str) -> impl IntoView + use<> {
    let (badge, line, verb, kind) = match codes {
        CodesRow::Off => (None, off.into_any(), "Turn on", Kind::Quiet),
        CodesRow::On { added, used } => {
            let used = used.map(|when| view! { " · used " <Moment when/> });
            let line = view! { {about} " · added " <Moment when=added/> {used} }.into_any();
            (Some(view! { <Badge class="good">"On"</Badge> }), line, "Turn off", Kind::QuietClay)
        }
    };
    let sign = match by {
        Sent::Email => Sign::Mail,
        Sent::Sms => Sign::Phone,
    };
    let label = format!("{verb} codes {}", by.by());
    view! {
        <li class=ROW>
            <SignTile sign/>
            <div><p class=WHAT>{format!("Codes {} ", by.by())} {badge}</p><p class="text-ink-3 text-xs">{line}</p></div>
            <div class=ACTIONS><ButtonLink href=site.to(by.page()) kind label>{verb}</ButtonLink></div>
        </li>
    }
}

/// Nothing where there never were any.
fn recovery(site: &Site, codes: Option<&RecoveryCodesRow>) -> Option<impl IntoView + use<>> {
    let codes = codes?;
    let used = codes.used.clone().map(|when| view! { " · last used " <Moment when/> });
    let low = codes.is_low.then(|| view! { <Badge class="look">"Running low"</Badge> });
    let kind = if codes.is_low { Kind::Second } else { Kind::Quiet };
    Some(view! {
        <section class="grid gap-3.5" aria-labelledby="recovery">
            <div class="grid gap-1">
                <h2 id="recovery">"Recovery codes"</h2>
                <p class="text-ink-2 text-sm">
                    {if codes.is_low { "Make ten new ones while you can still sign in." } else { "For the day your authenticator app is not at hand." }}
                </p>
            </div>
            <ul class=ROWS>
                <li class=ROW>
                    <SignTile sign=Sign::Sheet/>
                    <div>
                        <p class=WHAT>{format!("{} of 10 left", codes.left)} {low}</p>
                        <p class="text-ink-3 text-xs">"Made " <Moment when=codes.made.clone()/> {used}</p>
                    </div>
                    <div class=ACTIONS><ButtonLink href=site.to("/account/recovery-codes") kind>"Make new codes"</ButtonLink></div>
                </li>
            </ul>
        </section>
    })
}

/// Nothing where there are none.
fn trusted(site: &Site, browsers: Vec<TrustedBrowserRow>) -> Option<impl IntoView + use<>> {
    if browsers.is_empty() {
        return None;
    }
    let action = site.to("/do/end-trust");
    let rows = browsers.into_iter().map(|browser| {
        let here = browser.is_current.then(|| view! { <Badge class="good">"This browser"</Badge> });
        let used = browser.used.map(|when| view! { " · used " <Moment when/> });
        view! {
            <li class=ROW>
                <SignTile sign=Sign::Computer/>
                <div>
                    <p class=WHAT>{browser.device} " " {here}</p>
                    <p class="text-ink-3 text-xs">"Trusted " <Moment when=browser.since/> " · until " <Moment when=browser.until/> {used}</p>
                </div>
                <form class=ACTIONS method="post" action=action.clone()>
                    <Hidden name="id" value=browser.id/>
                    <Button kind=Kind::QuietClay>"Ask again"</Button>
                </form>
            </li>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    Some(view! {
        <section class="grid gap-3.5" aria-labelledby="trusted">
            <div class="grid gap-1">
                <h2 id="trusted">"Trusted browsers"</h2>
                <p class="text-ink-2 text-sm">"Not asked for the second step. A new password or a changed second step ends them all."</p>
            </div>
            <ul class=ROWS>{rows}</ul>
        </section>
    })
}
