//! What happened to the account.

use leptos::prelude::*;

use super::{Page, Setting};
use crate::components::{Badge, ButtonLink, Moment, Place, room};
use crate::model::{Activity, ActivityBy, ActivityKind, ActivityPage, Outcome, Site};

impl Page for ActivityPage {
    fn title(&self, site: &Site) -> String {
        format!("Activity · {}", site.name())
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"Activity"</h1>
                <p class="text-ink-2">
                    "What happened to your account, the newest first. Something was not you? "
                    <a href=site.to("/account/password")>"Change your password"</a>
                    ": every other session ends with it."
                </p>
            </div>
        };
        let rows = self.events.into_iter().map(row).collect::<Vec<_>>();
        let list = if rows.is_empty() {
            view! { <p class="px-5 py-11 border border-dashed border-rim rounded-lg text-center text-ink-2">"Nothing further is on record."</p> }
                .into_any()
        } else {
            view! { <ul class="border border-line rounded-lg overflow-clip divide-y divide-line text-sm" aria-label="Your activity, the newest first">{rows}</ul> }
                .into_any()
        };
        let back =
            self.is_later.then(|| view! { <ButtonLink href=site.to("/account/activity")>"The newest"</ButtonLink> });
        let next = self.next.map(|after| {
            let href = site.to_query("/account/activity", "after", &after);
            view! { <ButtonLink href>"Older"</ButtonLink> }
        });
        let pages = (back.is_some() || next.is_some()).then(|| {
            view! { <nav class="flex flex-wrap gap-2.5" aria-label="Pages">{back}{next}</nav> }
        });
        let body = view! { {list} {pages} };
        room(site, self.room, Place::Activity, top.into_any(), body.into_any())
    }
}

fn row(event: Activity) -> AnyView {
    let by = match event.by {
        ActivityBy::Person | ActivityBy::Application => None,
        ActivityBy::Operator => Some("by an administrator".to_owned()),
        ActivityBy::House => Some("by itself".to_owned()),
    };
    let small = [by, event.device, event.ip, event.more];
    let small = small.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let (class, outcome) = match event.kind.outcome() {
        Outcome::Done => ("good", "Done"),
        Outcome::Refused => ("bad", "Refused"),
        Outcome::Look => ("look", "Look at it"),
    };
    view! {
        <li class="grid grid-cols-[minmax(0,1fr)_170px_90px] max-row:grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 gap-y-0.5 px-4.5 py-3">
            <div class="min-w-0 wrap-anywhere">
                <p class="font-medium leading-snug">{what(event.kind)}</p>
                {(!small.is_empty()).then(|| view! { <p class="text-ink-3 text-xs">{small}</p> })}
            </div>
            <p class="text-ink-3 tabular-nums max-row:col-start-1 max-row:row-start-2 max-row:text-xs"><Moment when=event.when/></p>
            <p class="justify-self-end max-row:col-start-2 max-row:row-start-1"><Badge class>{outcome}</Badge></p>
        </li>
    }
    .into_any()
}

/// What happened, in words.
pub(super) fn what(kind: ActivityKind) -> AnyView {
    let text = match kind {
        ActivityKind::Registered => "Account made",
        ActivityKind::RegisteredAgain => "Somebody tried to register your address again",
        ActivityKind::AddressConfirmed => "Address confirmed",
        ActivityKind::EmailAsked => "Another address asked for",
        ActivityKind::EmailChanged => "Address changed",
        ActivityKind::EmailUndone => "Change of address undone by mail link",
        ActivityKind::ProfileChanged => "Profile changed",
        ActivityKind::SignedIn => "Signed in with the password",
        ActivityKind::SignedInTwice => "Signed in with the password and a second step",
        ActivityKind::SignedOut => "Signed out",
        ActivityKind::SignedInByPasskey => "Signed in with a passkey",
        ActivityKind::PasskeyRefused => "A passkey was refused",
        ActivityKind::PasskeyAdded => "Passkey added",
        ActivityKind::PasskeyRenamed => "Passkey renamed",
        ActivityKind::PasskeyRemoved => "Passkey removed",
        ActivityKind::PasskeyCopied => "A copy of a passkey was refused",
        ActivityKind::SignInFailed => "Somebody typed a wrong password",
        ActivityKind::SecondStepFailed => "Somebody knew the password and typed a wrong code",
        ActivityKind::LockedOut => "Sign-in paused after too many tries",
        ActivityKind::PasswordChanged => "Password changed",
        ActivityKind::EverybodyOut => "Everybody was shut out by the link of a mail",
        ActivityKind::SignInMailAsked => "Mail to sign in with asked for",
        ActivityKind::PasswordResetAsked => "Link for a new password asked for",
        ActivityKind::PasswordReset => "New password set by mail link",
        ActivityKind::AuthenticatorAdded => "Authenticator app added",
        ActivityKind::AuthenticatorRenamed => "Authenticator app renamed",
        ActivityKind::AuthenticatorRemoved => "Authenticator app removed",
        ActivityKind::EmailCodesOn => "Codes by e-mail turned on",
        ActivityKind::EmailCodesOff => "Codes by e-mail turned off",
        ActivityKind::SmsCodesOn => "Codes by SMS turned on",
        ActivityKind::SmsCodesOff => "Codes by SMS turned off",
        ActivityKind::PhoneAsked => "Code sent to a phone number",
        ActivityKind::PhoneChanged => "Phone number confirmed",
        ActivityKind::PhoneRemoved => "Phone number removed",
        ActivityKind::BrowserTrusted => "A browser was trusted",
        ActivityKind::BrowserTrustEnded => "A browser is trusted no longer",
        ActivityKind::RecoveryCodesMade => "New recovery codes made",
        ActivityKind::RecoveryCodeUsed => "Recovery code used",
        ActivityKind::DeletionAsked => "End of the account asked for",
        ActivityKind::Kept => "Account kept",
        ActivityKind::Deactivated => "Account deactivated",
        ActivityKind::Reactivated => "Account activated again",
        ActivityKind::SessionEnded => "Session ended",
        ActivityKind::Allowed { application } => return about("Allowed", application, ""),
        ActivityKind::Denied { application } => return about("Denied", application, ""),
        ActivityKind::TakenBack { application } => return about("Took back what", application, "may do"),
        ActivityKind::Asked { application } => return about("", application, "asked for you"),
        ActivityKind::GivenBack { application } => return about("", application, "gave back its access"),
        ActivityKind::KeyReturned { application } => return about("An old key of", application, "came back"),
    };
    text.into_any()
}

/// Something about an application.
fn about(before: &'static str, application: String, after: &'static str) -> AnyView {
    view! { {before} " " <b>{application}</b> " " {after} }.into_any()
}
