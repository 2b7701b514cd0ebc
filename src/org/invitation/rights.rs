//! Who may invite whom (E6): by the right `members:invite` up to the ceiling of E3, or every member as a viewer where the
//! organisation lets them.

use crate::{
    authz::Denied,
    id::RoleId,
    org::{Builtin, Right, Role, Seat},
};

impl Seat {
    /// Whether they may invite anybody.
    ///
    /// # Errors
    /// [`Denied`] when not.
    pub fn require_inviting(&self) -> Result<(), Denied> {
        if self.may(Right::InviteMembers) || self.invites_as_member() { Ok(()) } else { Err(Denied) }
    }

    /// Whether they may invite somebody to be this.
    pub fn may_invite_as(&self, role: RoleId) -> bool {
        let is_viewer = role == Builtin::Viewer.id();
        (self.may(Right::InviteMembers) && self.may_assign(role)) || (is_viewer && self.invites_as_member())
    }

    /// The roles that they may invite people to.
    pub fn invitable(&self) -> impl Iterator<Item = &Role> {
        self.rulebook.roles.iter().filter(|role| self.may_invite_as(role.id))
    }

    /// Every member may here, unless it is denied them: a denial wins.
    fn invites_as_member(&self) -> bool {
        self.organization.settings.member_invites && self.standing.is_some() && !self.is_denied(Right::InviteMembers)
    }
}
