//! What was wrong with a form of an organisation.

use super::Problem;

/// What was wrong. The fields of these forms have names of their own, so that one list serves them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganizationProblem {
    /// No name was typed.
    NameMissing,
    /// It is too long, or holds what a name may not.
    NameUnfit,
    /// The slug has other characters, or is kept for addresses of ours.
    SlugUnfit,
    /// Another organisation has it.
    SlugTaken,
    /// They own as many as they may.
    TooManyOwned {
        /// So many.
        most: u32,
    },
    /// People cannot found organisations here.
    Closed,
    /// More members than may be, or none.
    MaxMembers {
        /// The most that may be.
        most: u32,
    },
    /// Nothing would count as a second step.
    NoMethod,
    /// Out of bounds.
    Grace {
        /// The most days.
        most: u32,
    },
    /// The short name was not typed as it is.
    NotConfirmed,
    /// Nobody was chosen, or somebody who is no member any more.
    NoSuchMember,
    /// The role that was chosen cannot be given.
    RoleRefused,
    /// No permission was chosen, or one that is not there any more.
    PermissionUnknown,
    /// It is not theirs to give.
    NotYours,
    /// A resource cannot be called so.
    ResourceUnfit,
    /// There is an id, but it is not said of what.
    ResourceTypeMissing,
    /// Too long, or not one line.
    ReasonUnfit {
        /// The most characters.
        most: usize,
    },
    /// It is no date.
    DateUnfit,
    /// It would be over before it begins.
    DatePast,
    /// There are as many as can be.
    TooManyEntries {
        /// So many.
        most: usize,
    },
    /// No name for the role was typed.
    RoleNameMissing,
    /// It is too long, or has other characters.
    RoleNameUnfit,
    /// There is another with this name.
    RoleNameTaken,
    /// The description is too long, or there is too much of something.
    RoleTooMuch,
    /// There are as many roles as can be.
    TooManyRoles,
    /// It would give more than the person's own role does.
    RoleCeiling,
    /// It would inherit itself.
    RoleCycle,
    /// The chain is too long.
    RoleDepth {
        /// The most roles in it.
        most: usize,
    },
    /// A role that it names is not there any more.
    RoleUnknown,
    /// A permission that was ticked is not there any more.
    PermissionGone,
    /// A role that is not asked is not there any more.
    ExemptUnknown,
}

impl Problem for OrganizationProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NameMissing | Self::NameUnfit => Some("organization_name"),
            Self::SlugUnfit | Self::SlugTaken => Some("slug"),
            Self::TooManyOwned { .. } | Self::Closed | Self::TooManyRoles | Self::TooManyEntries { .. } => None,
            Self::MaxMembers { .. } => Some("max_members"),
            Self::NoMethod => Some("methods"),
            Self::Grace { .. } => Some("grace"),
            Self::NotConfirmed => Some("confirm"),
            Self::NoSuchMember => Some("member"),
            Self::RoleRefused => Some("role"),
            Self::PermissionUnknown | Self::NotYours => Some("permission"),
            Self::ResourceUnfit | Self::ResourceTypeMissing => Some("resource_type"),
            Self::ReasonUnfit { .. } => Some("reason"),
            Self::DateUnfit | Self::DatePast => Some("ends"),
            Self::RoleNameMissing | Self::RoleNameUnfit | Self::RoleNameTaken => Some("role_name"),
            Self::RoleTooMuch => Some("description"),
            Self::RoleCeiling | Self::PermissionGone => Some("permissions"),
            Self::ExemptUnknown => Some("exempt"),
            Self::RoleCycle | Self::RoleDepth { .. } | Self::RoleUnknown => Some("inherits"),
        }
    }

    fn words(&self) -> String {
        let text = match self {
            Self::NameMissing => "A name is missing. Members see it wherever they act for the organisation.",
            Self::NameUnfit => "A name is one line of 200 characters at most.",
            Self::SlugUnfit => {
                "A short name has 1 to 100 small letters, digits and hyphens between them. A few words are kept for us."
            }
            Self::SlugTaken => "Another organisation has this short name. Choose another.",
            Self::TooManyOwned { most } => {
                return format!(
                    "You own {most} organisations already, which is the most. Hand one over or delete one first."
                );
            }
            Self::MaxMembers { most } => return format!("There is room for 1 to {most} members."),
            Self::NoMethod => "Nothing would count. Tick at least one way.",
            Self::Grace { most } => return format!("A grace period has 0 to {most} days."),
            Self::NotConfirmed => "This is not its short name. Nothing was deleted.",
            Self::NoSuchMember => "Choose one of the members. Whoever you chose may have left.",
            Self::RoleRefused => "Your role does not let you give this role. Choose one that is offered.",
            Self::PermissionUnknown => "Choose a permission. The one you chose may be gone.",
            Self::NotYours => "You can grant only what your own role gives you.",
            Self::ResourceUnfit => "A type and an id have 1 to 200 characters on one line.",
            Self::ResourceTypeMissing => "The type is missing: an id alone does not say of what.",
            Self::ReasonUnfit { most } => return format!("A reason is one line of {most} characters at most."),
            Self::DateUnfit => "This is no date.",
            Self::DatePast => "This day is over. Choose a later one, or none.",
            Self::TooManyEntries { most } => {
                return format!("A member can have {most} grants and denials. Withdraw one first.");
            }
            Self::RoleNameMissing => "A name is missing. It stands in lists, and in tokens.",
            Self::RoleNameUnfit => "A name has 1 to 50 letters, digits, spaces, hyphens, dots or underscores.",
            Self::RoleNameTaken => "There is a role with this name. Choose another.",
            Self::RoleTooMuch => "A description is one line of 300 characters at most.",
            Self::TooManyRoles => "There are as many roles as can be. Delete one first.",
            Self::RoleCeiling => "A role that you make or change can give only what your own role gives you.",
            Self::RoleCycle => "A role cannot inherit itself, not through others either.",
            Self::RoleDepth { most } => return format!("Roles can inherit through at most {most} roles."),
            Self::PermissionGone => "A permission that was ticked is not there any more.",
            Self::RoleUnknown | Self::ExemptUnknown => "A role that was ticked is not there any more.",
            Self::Closed => "People cannot found organisations here. Ask whoever runs this instance.",
        };
        text.to_owned()
    }
}
