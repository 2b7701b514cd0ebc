//! Invitations, as those see them who are invited.

use ostiary_app::model::{
    Flash, InvitationCard, InvitationEnd, InvitationPage, InvitationReader, InvitationsPage, RegisterPage,
    RegisterValues, Room,
};

use super::{Samples, account::room, rules, text, when};

fn card() -> InvitationCard {
    InvitationCard {
        id: text("0198a7f2"),
        organization: text("Nordhavn Studio"),
        role: Some(text("viewer")),
        inviter: Some(text("Mara Lindqvist")),
        note: Some(text("We start on Monday.\nSee you there.")),
        email: text("leo.brandt@nordhavn.example"),
        until: when("2026-11-28T14:02:00Z", "28 November 2026, 14:02 UTC"),
    }
}

fn long() -> InvitationCard {
    InvitationCard {
        organization: "Fjordrowing".repeat(18),
        role: Some("Nightshift".repeat(5)),
        inviter: Some("Maralindqvist".repeat(15)),
        note: Some("Startsonmonday".repeat(35)),
        email: format!("{}@nordhavn.example", "leo.brandt".repeat(30)),
        ..card()
    }
}

pub(super) fn invitations(samples: &mut Samples) {
    let open = |card, reader, flash| InvitationPage::Open { token: text("ost_iv_x"), card, reader, flash };
    samples.add("invitation", open(card(), InvitationReader::Invited, None));
    samples.add(
        "invitation-plain",
        open(
            InvitationCard { role: None, inviter: None, note: None, ..card() },
            InvitationReader::Nobody { may_register: true },
            None,
        ),
    );
    samples.add("invitation-closed-house", open(card(), InvitationReader::Nobody { may_register: false }, None));
    samples.add("invitation-unconfirmed", open(card(), InvitationReader::Unconfirmed, None));
    let another = InvitationReader::Another { email: text("ifeoma.okafor@nordhavn.example") };
    samples.add("invitation-another", open(card(), another, None));
    samples.add("invitation-full", open(card(), InvitationReader::Invited, Some(Flash::OrganizationFull)));
    samples.add("invitation-void", open(card(), InvitationReader::Invited, Some(Flash::InvitationVoid)));
    samples.add("long-invitation", open(long(), InvitationReader::Invited, None));
    for (name, end, flash) in [
        ("invitation-accepted", InvitationEnd::Accepted, None),
        ("invitation-declined", InvitationEnd::Rejected, Some(Flash::InvitationDeclined)),
        ("invitation-withdrawn", InvitationEnd::Withdrawn, None),
        ("invitation-expired", InvitationEnd::Expired, None),
    ] {
        samples.add(name, InvitationPage::Over { organization: text("Nordhavn Studio"), end, flash });
    }
    samples.add("invitation-dead", InvitationPage::Dead);
    let waiting = Room { invitations: 2, ..room(None) };
    let page = InvitationsPage { room: waiting, invitations: vec![card(), long()], is_confirmed: true };
    samples.add("invitations", page);
    let none = InvitationsPage { room: room(Some(Flash::InvitationDeclined)), invitations: vec![], is_confirmed: true };
    samples.add("invitations-none", none.clone());
    samples.add("invitations-over", InvitationsPage { room: room(Some(Flash::InvitationOver)), ..none.clone() });
    samples.add("invitations-unconfirmed", InvitationsPage { room: room(None), is_confirmed: false, ..none });
    let values = RegisterValues { email: text("leo.brandt@nordhavn.example"), ..RegisterValues::default() };
    let organization = Some(text("Nordhavn Studio"));
    let page =
        RegisterPage { values, organization, next: Some("invitation"), rules: rules(false), ..RegisterPage::default() };
    samples.add("register-invited", page);
}
