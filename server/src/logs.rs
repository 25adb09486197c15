//! What the server writes about its own work: readable on a terminal, JSON otherwise, and JSON in a file.

use anyhow::{Context as _, Result};
use model::config::LogSettings;
use std::{fs, io::IsTerminal as _, path::Path, sync::Mutex};
use tracing_subscriber::{EnvFilter, Layer as _, Registry, layer::SubscriberExt as _, util::SubscriberInitExt as _};

type Layer = Box<dyn tracing_subscriber::Layer<Registry> + Send + Sync>;

/// Starts logging as the settings say; `RUST_LOG` overrides the levels.
///
/// # Errors
///
/// The log file cannot be opened.
pub fn start(settings: &LogSettings) -> Result<()> {
    let mut layers: Vec<Layer> = Vec::new();
    if settings.enable_console {
        let readable = std::io::stderr().is_terminal() && !settings.console_json;
        let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
        let layer: Layer = if readable { layer.boxed() } else { layer.json().boxed() };
        layers.push(layer.with_filter(filter(&settings.console_level)).boxed());
    }
    if settings.enable_file {
        fs::create_dir_all("logs").context("making the folder logs")?;
        let path = Path::new(backend::LOG_FILE);
        let file =
            fs::File::options().create(true).append(true).open(path).with_context(|| path.display().to_string())?;
        let layer = tracing_subscriber::fmt::layer().json().with_writer(Mutex::new(file));
        layers.push(layer.with_filter(filter(&settings.file_level)).boxed());
    }
    tracing_subscriber::registry().with(layers).try_init().context("starting the log")
}

/// Our own lines from that level on, and warnings of libraries.
fn filter(level: &str) -> EnvFilter {
    let level = level.to_lowercase();
    let ours = format!("warn,confab={level},server={level},backend={level},store={level},app={level}");
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(ours))
}
