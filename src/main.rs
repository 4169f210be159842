//! The program: hands its arguments to `makegood::cli` and ends with what that says.

use std::process::ExitCode;

fn main() -> ExitCode {
    makegood::cli::run(std::env::args_os())
}
