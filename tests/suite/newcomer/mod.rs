//! What a newcomer meets: the commands of the README and of `--help`, typed into a shell as they stand there.

mod help;
mod people;
mod readme;
mod shell;
