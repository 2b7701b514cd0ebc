//! Change the password.

use leptos::prelude::*;

use super::{Page, Setting, first_wrong};
use crate::components::{Button, ErrorSummary, Kind, NewPassword, PasswordField, Place, room};
use crate::model::{ChangePasswordPage, Site, words_for};

impl Page for ChangePasswordPage {
    fn title(&self, site: &Site) -> String {
        format!("Password · {}", site.name())
    }

    fn failed(&self) -> bool {
        !self.problems.is_empty()
    }

    fn setting(&self) -> Setting {
        Setting::Room
    }

    fn view(self, site: &Site) -> AnyView {
        let focus = first_wrong(&self.problems);
        let error = |field| words_for(&self.problems, field);
        let email = self.room.person.email.clone();
        let top = view! {
            <div class="grid gap-1.5 max-w-[62ch]">
                <h1>"Password"</h1>
                <p class="text-ink-2">"A new password ends every other session. This browser stays."</p>
            </div>
        };
        let body = view! {
            <div class="grid gap-5 max-w-[400px]">
                <ErrorSummary title="The password is not changed yet" problems=self.problems.clone()/>
                <form class="grid gap-4" method="post" action=site.to("/do/change-password")>
                    <input class="hidden" type="text" autocomplete="username" value=email readonly tabindex="-1" aria-hidden="true"/>
                    <PasswordField
                        id="current"
                        label="Present password"
                        autocomplete="current-password"
                        error=error("current")
                        autofocus=focus == Some("current")
                    />
                    <NewPassword label="New password" rules=self.rules error=error("password") again_error=error("again") focus/>
                    <div class="grid justify-start max-door:justify-stretch"><Button kind=Kind::Primary>"Change password"</Button></div>
                </form>
            </div>
        };
        room(site, self.room, Place::Password, top.into_any(), body.into_any())
    }
}
