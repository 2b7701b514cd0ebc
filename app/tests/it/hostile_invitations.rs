//! Whatever those who invite and those who are invited are called, and have to say, stays text on every page (E6).

use ostiary_app::model::{
    InvitationCard, InvitationEnd, InvitationPage, InvitationReader, InvitationRow, InvitationsPage, InviteForm,
    InviteOutcome, OrganizationInvitationsPage, RoomOrganization, Site, When, WithdrawInvitationPage,
};
use ostiary_app::shell::render;

use super::hostile::{HOSTILE, stays_text};

fn text() -> String {
    HOSTILE.to_owned()
}

fn when() -> When {
    When { exact: text(), text: text(), full: text() }
}

fn card() -> InvitationCard {
    InvitationCard {
        id: text(),
        organization: text(),
        role: Some(text()),
        inviter: Some(text()),
        note: Some(text()),
        email: text(),
        until: when(),
    }
}

fn organization() -> RoomOrganization {
    RoomOrganization { id: text(), name: text(), slug: text(), ..RoomOrganization::default() }
}

/// Addresses, a role and a note, as they were typed.
fn list() -> OrganizationInvitationsPage {
    let form = InviteForm {
        emails: format!("</textarea>{HOSTILE}"),
        role: text(),
        roles: vec![(text(), text())],
        note: format!("</textarea>{HOSTILE}"),
        problems: vec![],
    };
    let row = InvitationRow {
        id: text(),
        email: text(),
        inviter: Some(text()),
        role: Some(text()),
        end: None,
        when: when(),
        may_resend: true,
        may_withdraw: true,
    };
    let again = InvitationRow { end: Some(InvitationEnd::Expired), ..row.clone() };
    OrganizationInvitationsPage {
        organization: organization(),
        form,
        outcomes: vec![(text(), InviteOutcome::NotAnAddress)],
        search: text(),
        rows: vec![row, again],
        next: Some(text()),
        ..OrganizationInvitationsPage::default()
    }
}

#[test]
fn hostile_invitations_stay_text() {
    let site = Site::new(HOSTILE, "");
    let open = |reader| InvitationPage::Open { token: text(), card: Box::new(card()), reader, flash: None };
    for html in [
        render(&site, open(InvitationReader::Another { email: text() })),
        render(&site, open(InvitationReader::Nobody { may_register: true })),
        render(&site, open(InvitationReader::Invited)),
        render(&site, InvitationPage::Over { organization: text(), end: InvitationEnd::Withdrawn, flash: None }),
        render(&site, InvitationsPage { invitations: vec![card()], is_confirmed: true, ..InvitationsPage::default() }),
        render(&site, list()),
        render(&site, WithdrawInvitationPage { organization: organization(), id: text(), email: text() }),
    ] {
        stays_text(&html);
    }
}
