//! `cargo xtask bench`: a release server on an empty folder, and a load generator against it. Which
//! generator is the caller's choice; this only brings the two together.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::paths::Profile;
use crate::server::{self, Started};
use crate::{databases, paths, steps};

#[derive(Args)]
pub struct Options {
    /// The load generator's program [default: the variable CONFAB_BENCH]
    #[arg(long)]
    generator: Option<PathBuf>,
    /// The folder for the server's data, kept afterwards [default: a new one below target]
    #[arg(long)]
    folder: Option<PathBuf>,
    /// The generator's arguments; {url} and {pid} become those of the server
    #[arg(last = true)]
    arguments: Vec<String>,
}

pub fn run(options: &Options) -> Result<()> {
    let generator = options
        .generator
        .clone()
        .or_else(|| env::var_os("CONFAB_BENCH").map(PathBuf::from))
        .context("no load generator: name its program with --generator or the variable CONFAB_BENCH")?;
    let binary = server::build_all(Profile::Release)?;
    let folder = options.folder.clone().unwrap_or_else(|| paths::target().join("bench"));
    if options.folder.is_none() && folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let server = Started::new(&binary, &folder, databases::free_port()?, &folder.join("bench.log"))?;
    let arguments = options
        .arguments
        .iter()
        .map(|argument| argument.replace("{url}", &server.url).replace("{pid}", &server.child.id().to_string()));
    let mut load = Command::new(&generator);
    load.args(arguments);
    steps::step(&format!("running {}", steps::shown(&load)), || steps::run(&mut load))
}
