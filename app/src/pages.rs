//! The pages. Each makes one model of [`crate::model`] into a view; [`crate::shell::render`] makes that into a document.

mod account;
mod activity;
mod applications;
mod authenticators;
mod change_password;
mod check_mail;
mod chooser;
mod client;
mod client_endings;
mod clients;
mod codes;
mod consent;
mod data;
mod device;
mod edit_client;
mod email;
mod enrolment;
mod error;
mod forgot_password;
mod form_post;
mod invitations;
mod mail_sign_in;
mod member;
mod members;
mod new_client;
mod new_password;
mod not_me;
mod organization_activity;
mod organization_invitations;
mod organization_settings;
mod organizations;
mod passkeys;
mod phone;
mod policies;
mod profile;
mod recovery_codes;
mod reference;
mod register;
mod requests;
mod roles;
mod second_factor;
mod security;
mod sessions;
mod setup;
mod sign_in;
mod sign_out;
mod verify_link;
mod why;

use leptos::prelude::*;

use crate::model::{Problem, Site};

/// A page: a title, a setting, a view.
pub trait Page: Sized {
    /// The title of the document, without a mark for errors.
    fn title(&self, site: &Site) -> String;

    /// Something on it went wrong: the title then begins with "Error:".
    fn failed(&self) -> bool {
        false
    }

    /// Where it takes place.
    fn setting(&self) -> Setting {
        Setting::Door
    }

    /// What stands in the body.
    fn view(self, site: &Site) -> AnyView;
}

/// Where a page takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// Before an open door: there is a way in.
    Door,
    /// Before a shut one: refused, failed, signed out.
    ShutDoor,
    /// Inside: the account.
    Room,
    /// Where something is to be read, by anybody.
    Book,
}

/// Heading and one sentence.
fn head(title: impl IntoView + 'static, sentence: impl IntoView + 'static) -> impl IntoView {
    view! { <div class="grid gap-2"><h1>{title}</h1><p class="text-ink-2">{sentence}</p></div> }
}

/// The field where a page opens: the first wrong one. A page where nothing is wrong opens at its beginning.
fn first_wrong<P: Problem>(problems: &[P]) -> Option<&'static str> {
    problems.iter().find_map(Problem::field)
}
