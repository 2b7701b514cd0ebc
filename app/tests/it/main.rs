//! Every page in every state, through the public interface: what must be true of all of them.

#[path = "../../examples/gallery/samples/mod.rs"]
mod samples;

mod look;
mod pages;
