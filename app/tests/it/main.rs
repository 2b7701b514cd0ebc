//! Every page in every state, and every form, through the public interface.

#[path = "../../examples/gallery/samples/mod.rs"]
mod samples;

mod chooser;
mod clients;
mod doors;
mod edit_client;
mod forms;
mod hostile;
mod hostile_invitations;
mod hostile_organizations;
mod interactions;
mod invitations;
mod look;
mod mail_sign_in;
mod organization_settings;
mod organizations;
mod other_factors;
mod pages;
mod passkeys;
mod phone;
mod policies;
mod second_factor;
mod sessions;
mod studio;
mod visitor;
