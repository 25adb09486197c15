//! Running the server: open, listen, and stop without losing anything.

use crate::{commands, logs, pages};
use anyhow::{Context as _, Result};
use axum::serve::ListenerExt as _;
use backend::{clock::Clock, settings::Settings};
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::net::TcpListener;

/// How long requests and connections under way may take when the server stops.
const DRAIN: Duration = Duration::from_secs(10);

/// Runs until SIGTERM or Ctrl+C.
///
/// # Errors
///
/// The database cannot be opened, or the address not be listened on.
pub async fn run(settings: Settings) -> Result<()> {
    let config = settings.get().clone();
    logs::start(&config.log)?;
    let _watcher = settings.watch().context("watching the configuration")?;
    let store = commands::open(&config).await?;
    let files = PathBuf::from(&config.file.directory);
    let backend = backend::start(store, settings, Clock::System, files).await?;
    backend.cx.pictures.use_program(std::env::current_exe().context("finding the program itself")?);

    let address = listen_address(&config.service.listen_address);
    let listener = TcpListener::bind(&address).await.with_context(|| format!("listening on {address}"))?;
    backend.work();
    let listener = listener.tap_io(|stream| {
        // Events are small and should leave at once. A connection that is gone already needs nothing.
        let _ = stream.set_nodelay(true);
    });
    tracing::info!(address, version = env!("CARGO_PKG_VERSION"), "Confab is ready");

    let service = pages::router(&backend).into_make_service_with_connect_info::<SocketAddr>();
    let cx = backend.cx.clone();
    let stopping = async move {
        stop_asked().await;
        tracing::info!("stopping");
        // Connected clients are told first, so that they come back while the last requests finish.
        cx.hub.shut_down();
        cx.stop.cancel();
    };
    let stop = backend.cx.stop.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(stopping);
    tokio::select! {
        served = server => served.context("serving")?,
        () = async { stop.cancelled().await; tokio::time::sleep(DRAIN).await } => {
            tracing::warn!("some requests were not finished in time");
        }
    }
    backend.stop(DRAIN).await;
    tracing::info!("stopped");
    Ok(())
}

/// `:8065` means all addresses.
fn listen_address(text: &str) -> String {
    if text.starts_with(':') { format!("0.0.0.0{text}") } else { text.to_owned() }
}

/// Waits until somebody wants the server to stop.
async fn stop_asked() {
    let interrupt = async { tokio::signal::ctrl_c().await.ok() };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<Option<()>>();
    tokio::select! { _ = interrupt => {}, _ = terminate => {} }
}
