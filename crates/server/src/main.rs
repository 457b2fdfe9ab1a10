//! `traguardo`: one binary for everything.

fn main() -> std::process::ExitCode {
    traguardo_server::cli::main()
}
