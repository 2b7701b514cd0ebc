//! Routes as data: what is mounted is what is listed.

/// A method and the path it is answered at, below the issuer's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Route {
    /// The method, such as `GET`.
    pub method: &'static str,
    /// The path, in axum's notation.
    pub path: &'static str,
}

/// Writes a table of routes once and makes two things of it: the constant `ROUTES`, and `mount()`, a router with exactly
/// those routes.
macro_rules! routes {
    ($($method:ident $path:expr => $handler:expr;)+) => {
        /// Every route of this module.
        pub(crate) const ROUTES: &[$crate::routes::Route] =
            &[$($crate::routes::Route { method: $crate::routes::method(stringify!($method)), path: $path }),+];

        /// A router of exactly [`ROUTES`].
        pub(crate) fn mount() -> ::axum::Router<$crate::ServerState> {
            ::axum::Router::new()$(.route($path, ::axum::routing::$method($handler)))+
        }
    };
}

pub(crate) use routes;

/// The name of a method as HTTP writes it.
///
/// # Panics
/// While compiling, for a method that no table uses yet.
pub(crate) const fn method(name: &'static str) -> &'static str {
    match name.as_bytes() {
        b"get" => "GET",
        b"post" => "POST",
        b"put" => "PUT",
        b"delete" => "DELETE",
        b"options" => "OPTIONS",
        b"patch" => "PATCH",
        // Whatever a proxy passes on.
        b"any" => "ANY",
        _ => "?",
    }
}
