//! `cargo xtask`: sets up, builds, runs, tests and measures Confab. The README's two commands, and
//! the parts they are made of. Every step says what it does and how long it took, and is skipped
//! where its result is already there.

mod bench;
mod check;
mod client;
mod crash;
mod databases;
mod dev;
mod drivers;
mod e2e;
mod guarded;
mod module;
mod needs;
mod outcome;
mod paths;
mod server;
mod site;
mod steps;
mod suites;
mod test;
mod unused;
mod wasm;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::paths::Profile;

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Sets up, builds, runs, tests and measures Confab")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// From a fresh clone to Confab on http://localhost:8065, with SQLite inside
    Run(server::Run),
    /// Like run; builds again, restarts and reloads the page when a file changes
    Dev(server::Run),
    /// Build the client and the server; with --release the one file to deploy
    Build {
        /// One stripped binary with all web assets inside
        #[arg(long)]
        release: bool,
    },
    /// Build only the web client, its style sheet and static files
    Client {
        /// Small and compressed instead of quick to build
        #[arg(long)]
        release: bool,
    },
    /// Set everything up and run all tests, or the suites named
    Test(test::Options),
    /// Pictures of every screen at both sizes and in both themes, into target/contact-sheet
    Sheet {
        /// Of the client as released
        #[arg(long)]
        release: bool,
        /// Passed on to Playwright: `--project=phone`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// How quick the page is on a slow machine, in figures; with a release build
    Speed,
    /// Format, lints, arrows between the packages, and the client for the browser
    Check,
    /// Start a release server on an empty folder and a load generator against it
    Bench(bench::Options),
    /// Kill the server again and again under load and prove that no acknowledged post is lost
    Crash(crash::Options),
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    match dispatch(command) {
        Ok(code) => code,
        Err(error) => {
            steps::failed(&error);
            ExitCode::FAILURE
        }
    }
}

/// Carries the command out; the code is a failure where a test failed without an error of ours.
fn dispatch(command: Command) -> Result<ExitCode> {
    match command {
        Command::Run(run) => server::run(&run)?,
        Command::Dev(run) => dev::run(&run)?,
        Command::Build { release } => {
            server::build_all(Profile::of(release))?;
        }
        Command::Client { release } => {
            client::build(Profile::of(release))?;
        }
        Command::Test(options) => return test::run(&options),
        Command::Sheet { release, arguments } => {
            e2e::set_up()?;
            let binary = server::build_both(Profile::Debug, Profile::of(release))?;
            e2e::sheet(&binary, Profile::of(release), &arguments)?;
        }
        Command::Speed => {
            e2e::set_up()?;
            let binary = server::build_both(Profile::Release, Profile::Release)?;
            e2e::speed(&binary)?;
        }
        Command::Check => check::run()?,
        Command::Bench(options) => bench::run(&options)?,
        Command::Crash(options) => crash::run(&options)?,
    }
    Ok(ExitCode::SUCCESS)
}
