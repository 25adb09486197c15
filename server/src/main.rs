//! The binary: command line, configuration, backend, listen. It wires and nothing else.

#![recursion_limit = "512"]

mod archives;
mod assets;
mod commands;
mod forms;
mod languages;
mod logs;
mod oauth;
mod pages;
mod serve;

use clap::Parser;
use std::process::ExitCode;

/// Confab: team chat that an organisation runs itself.
#[derive(Parser)]
#[command(name = "confab", version, about, max_term_width = 100)]
struct Line {
    /// The folder in which `config/`, `data/` and `logs/` are; the current one if not given.
    #[arg(long, global = true, value_name = "FOLDER")]
    folder: Option<std::path::PathBuf>,
    #[command(subcommand)]
    command: Option<commands::Command>,
}

fn main() -> ExitCode {
    let line = Line::parse();
    if let Some(commands::Command::Picture { task, most_pixels }) = &line.command {
        // Neither threads nor settings: it holds nothing that a broken picture could reach.
        return ExitCode::from(backend::files::pictures::serve(task, *most_pixels));
    }
    if let Some(folder) = line.folder
        && let Err(error) = std::env::set_current_dir(&folder)
    {
        eprintln!("confab: {}: {error}", folder.display());
        return ExitCode::FAILURE;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("confab: no threads to run on: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(line.command.unwrap_or(commands::Command::Serve))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("confab: {error:#}");
            ExitCode::FAILURE
        }
    }
}
