//! The `ostiary` binary. Everything is in the library, where tests reach it.

fn main() -> std::process::ExitCode {
    ostiary_server::cli::main()
}
