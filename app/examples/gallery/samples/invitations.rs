//! Invitations, as those see them who are invited.

use ostiary_app::model::{
    Flash, InvitationCard, InvitationEnd, InvitationPage, InvitationReader, InvitationRow, InvitationTab,
    InvitationsPage, InviteForm, InviteOutcome, InviteProblem, OrganizationInvitationsPage, RegisterPage,
    RegisterValues, Room, WithdrawInvitationPage,
};

use super::{Samples, account::room, organizations::organization, rules, text, when};

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

fn row(email: &str, role: Option<&str>, end: Option<InvitationEnd>) -> InvitationRow {
    InvitationRow {
        id: text("0198a7f2"),
        email: text(email),
        inviter: Some(text("Mara Lindqvist")),
        role: role.map(text),
        end,
        when: when("2026-11-28T14:02:00Z", "28 November 2026, 14:02 UTC"),
        may_resend: end.is_none() && role.is_some(),
        may_withdraw: end.is_none(),
    }
}

/// The page of the organisation.
pub(super) fn organization_invitations(samples: &mut Samples) {
    let roles = ["Admin", "Operator", "Viewer", "Night shift"].map(|name| (text(name), text(name)));
    let form = InviteForm { role: text("Viewer"), roles: roles.to_vec(), ..InviteForm::default() };
    let rows = vec![
        row("leo.brandt@nordhavn.example", Some("Operator"), None),
        row("samira@fjord.example", None, None),
        row("ifeoma.okafor@nordhavn.example", Some("Operator"), Some(InvitationEnd::Accepted)),
        row("old.partner@harbour.example", Some("Viewer"), Some(InvitationEnd::Expired)),
        row("wrong.adress@nordhavn.example", Some("Viewer"), Some(InvitationEnd::Withdrawn)),
        InvitationRow {
            inviter: Some("Maralindqvist".repeat(15)),
            ..row(
                &format!("{}@x.example", "samira".repeat(50)),
                Some(&"Nightshift".repeat(5)),
                Some(InvitationEnd::Rejected),
            )
        },
    ];
    let tabs = InvitationTab::ALL.into_iter().map(|tab| (tab, u64::from(tab == InvitationTab::All) * 5 + 1)).collect();
    let page = OrganizationInvitationsPage {
        room: room(None),
        organization: organization(),
        places: 1,
        most: 50,
        form: form.clone(),
        tabs,
        rows,
        next: Some(text("0198a7f2")),
        ..OrganizationInvitationsPage::default()
    };
    samples.add("organization-invitations", page.clone());
    let outcomes = vec![
        (text("leo.brandt@nordhavn.example"), InviteOutcome::AlreadyInvited),
        (text("ida@fjord.example"), InviteOutcome::Invited),
        (text("mara.lindqvist@nordhavn.example"), InviteOutcome::AlreadyMember),
        ("nobody".repeat(16), InviteOutcome::NotAnAddress),
        (text("tove@fjord.example"), InviteOutcome::Full),
        (text("samira@fjord.example"), InviteOutcome::Later),
    ];
    let emails = text("nobody\ntove@fjord.example");
    let mixed = OrganizationInvitationsPage {
        places: 0,
        form: InviteForm { emails, ..form.clone() },
        outcomes: outcomes.clone(),
        ..page.clone()
    };
    samples.add("organization-invitations-outcomes", mixed);
    let nobody = OrganizationInvitationsPage { outcomes: outcomes.iter().skip(3).cloned().collect(), ..page.clone() };
    samples.add("organization-invitations-nobody", nobody);
    let problems = vec![InviteProblem::EmailsTooMany { most: 50 }, InviteProblem::NoteUnfit { most: 500 }];
    let wrong = InviteForm { emails: text("a@x.example"), note: text("Hello"), problems, ..form.clone() };
    samples.add("organization-invitations-wrong", OrganizationInvitationsPage { form: wrong, ..page.clone() });
    let missing = InviteForm { problems: vec![InviteProblem::EmailsMissing], ..form.clone() };
    samples.add("organization-invitations-missing", OrganizationInvitationsPage { form: missing, ..page.clone() });
    let refused = InviteForm { problems: vec![InviteProblem::RoleRefused], ..form };
    samples.add("organization-invitations-role", OrganizationInvitationsPage { form: refused, ..page.clone() });
    let none = OrganizationInvitationsPage {
        room: room(Some(Flash::InvitationWithdrawn)),
        form: InviteForm::default(),
        rows: vec![],
        next: None,
        ..page.clone()
    };
    samples.add("organization-invitations-none", none.clone());
    let searched = OrganizationInvitationsPage {
        room: room(Some(Flash::InvitationHeld)),
        search: text("a&b"),
        tab: InvitationTab::Ended(InvitationEnd::Expired),
        is_later: true,
        ..none
    };
    samples.add("organization-invitations-searched", searched);
    let withdraw = WithdrawInvitationPage {
        organization: organization(),
        id: text("0198a7f2"),
        email: text("leo.brandt@nordhavn.example"),
    };
    samples.add("invitation-withdraw", withdraw);
}

pub(super) fn invitations(samples: &mut Samples) {
    let open =
        |card, reader, flash| InvitationPage::Open { token: text("ost_iv_x"), card: Box::new(card), reader, flash };
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
