//! The hosted pages of Ostiary: plain HTML rendered by Leptos on the server, whole without scripts.
//!
//! - [`model`]: what a page shows, as plain data. No domain type and no HTML appears there.
//! - [`pages`]: one module per page; each makes a model into a view. Forms post to `/do/…`.
//! - [`components`]: every part of the visual language once, with all its states.
//! - [`shell`]: one call makes a page into the complete document that is sent.
//! - [`assets`]: stylesheet, script and icon, embedded, named by content, compressed.
//! - [`routes`]: which address is answered by what; `show` has a handler per page, `api` a server function per form.
//! - [`ssr`]: between the network and the pages: who asks, the cookies, the answers.
//!
//! To add a page: write its model, implement [`pages::Page`] for it, add every state of it to `examples/gallery.rs`, look at it.

// Views are deeply nested types.
#![recursion_limit = "256"]

mod api;
pub mod assets;
pub mod components;
pub mod model;
pub mod pages;
pub mod routes;
pub mod shell;
mod show;
pub mod ssr;
