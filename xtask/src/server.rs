//! The server: built together with the client, run for people, and started on an empty folder for
//! tests and measurements.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;

use crate::paths::Profile;
use crate::{client, paths, steps};

/// Where people find Confab unless they say otherwise.
pub const PORT: u16 = 8065;

#[derive(Args)]
pub struct Run {
    /// Build as for deployment (takes longer, runs faster)
    #[arg(long)]
    pub release: bool,
    /// The port to listen on
    #[arg(long, default_value_t = PORT)]
    pub port: u16,
    /// The folder in which data/, config/ and logs/ lie [default: the clone]
    #[arg(long)]
    pub folder: Option<PathBuf>,
    /// What is passed on to confab
    #[arg(last = true)]
    pub arguments: Vec<String>,
}

impl Run {
    /// The server as a person wants it: reachable from other machines, its data in the clone.
    pub fn command(&self) -> Result<Command> {
        let folder = self.folder.clone().unwrap_or_else(paths::root);
        fs::create_dir_all(&folder)?;
        let mut server = command(&paths::server(Profile::of(self.release)), &folder, &format!(":{}", self.port));
        server.args(&self.arguments);
        Ok(server)
    }
}

/// From the sources to a running server; this process becomes the server.
pub fn run(options: &Run) -> Result<()> {
    let start = Instant::now();
    build_all(Profile::of(options.release))?;
    let mut server = options.command()?;
    free(options.port)?;
    steps::say(&format!(
        "ready after {}: starting Confab on http://localhost:{}",
        steps::time(start.elapsed()),
        options.port
    ));
    Err(server.exec()).context("cannot start the server")
}

/// Builds client and server. For debugging both at once, since the server reads the client's files
/// when asked for them; for deployment one after the other, since the server's file contains them.
pub fn build_all(profile: Profile) -> Result<PathBuf> {
    build_both(profile, profile)
}

/// The same; a server for debugging may have the client as it is deployed.
pub fn build_both(profile: Profile, client: Profile) -> Result<PathBuf> {
    match profile {
        Profile::Debug => thread::scope(|scope| {
            let client = scope.spawn(|| client::build(client));
            let server = build(profile);
            client.join().map_err(|_| anyhow!("building the client panicked"))??;
            server
        }),
        Profile::Release => {
            client::build(profile)?;
            let server = build(profile)?;
            let size = fs::metadata(&server)?.len();
            steps::note(&format!("{}: {}", server.display(), steps::size(size)));
            Ok(server)
        }
    }
}

/// Builds the server alone.
pub fn build(profile: Profile) -> Result<PathBuf> {
    let mut cargo = steps::cargo();
    cargo.args(["build", "--package", "server", "--bin", "confab"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    steps::step(&format!("compiling the server ({})", profile.name()), || steps::run(&mut cargo))?;
    Ok(paths::server(profile))
}

/// The server with its files in `folder`, listening on `address`. end2end/support/server.ts says the same.
pub fn command(binary: &Path, folder: &Path, address: &str) -> Command {
    let mut server = Command::new(binary);
    server
        .current_dir(folder)
        .env("CONFAB_SERVICESETTINGS_LISTENADDRESS", address)
        .env("LEPTOS_OUTPUT_NAME", "confab")
        .stdin(Stdio::null());
    if cfg!(debug_assertions) {
        server.env("CONFAB_SITE", paths::site(Profile::Debug));
    }
    server
}

/// A refusal that names the port is better than the server's, which comes after its migrations.
fn free(port: u16) -> Result<()> {
    if TcpStream::connect(("127.0.0.1", port)).is_ok() {
        bail!("something listens on port {port} already; end it, or give another port with --port");
    }
    Ok(())
}

/// A server of our own on loopback; killed when dropped.
pub struct Started {
    pub child: Child,
    pub url: String,
}

impl Started {
    /// Starts it and waits until it answers; what it logs goes to `log`.
    pub fn new(binary: &Path, folder: &Path, port: u16, log: &Path) -> Result<Self> {
        Self::with(binary, folder, port, log, &[])
    }

    /// The same with settings by the environment.
    pub fn with(binary: &Path, folder: &Path, port: u16, log: &Path, settings: &[(&str, String)]) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let log_file = fs::OpenOptions::new().create(true).append(true).open(log)?;
        let child = command(binary, folder, &format!("127.0.0.1:{port}"))
            .env("CONFAB_RATELIMITSETTINGS_ENABLE", "false")
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdout(log_file.try_clone()?)
            .stderr(log_file)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let mut started = Self { child, url: format!("http://127.0.0.1:{port}") };
        started.wait(port, log)?;
        Ok(started)
    }

    fn wait(&mut self, port: u16, log: &Path) -> Result<()> {
        let start = Instant::now();
        while !answers(port) {
            let ended = self.child.try_wait()?;
            if ended.is_some() || start.elapsed() > Duration::from_mins(1) {
                let said = fs::read_to_string(log).unwrap_or_default();
                let last: Vec<_> = said.lines().rev().take(20).collect();
                let last: Vec<_> = last.into_iter().rev().collect();
                bail!("the server does not answer on port {port} ({ended:?}); its last words:\n{}", last.join("\n"));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Ends it as a power cut would: SIGKILL.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether the server on this port calls itself well.
fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /api/v4/system/ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(&head == b"HTTP/1.1 200")
    };
    ask().unwrap_or(false)
}
