//! The suites of tests in Rust: which packages they cover, how they are built in one go and run one
//! after the other.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde_json::Value;

use crate::outcome::Outcome;
use crate::steps;

/// No suite may take longer: a test that hangs must not hang the run.
const LIMIT: Duration = Duration::from_mins(20);

/// What can be named on the command line, in the order of running: what fails fastest comes first.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Suite {
    /// Formatting, and the arrows between the packages
    Rules,
    /// Unit tests of model, app and xtask
    Unit,
    /// SQL, on SQLite, PostgreSQL and MariaDB
    Store,
    /// The REST API and the WebSocket, in process
    Backend,
    /// Pages, and the client's state against the server's
    Server,
    /// The published clients of Python and JavaScript, and the mobile app's calls
    Drivers,
    /// Schemathesis over the API's own description
    Schemathesis,
    /// What people do, in a browser
    End2end,
}

impl Suite {
    pub const ALL: [Self; 8] = [
        Self::Rules,
        Self::Unit,
        Self::Store,
        Self::Backend,
        Self::Server,
        Self::Drivers,
        Self::Schemathesis,
        Self::End2end,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Unit => "unit",
            Self::Store => "store",
            Self::Backend => "backend",
            Self::Server => "server",
            Self::Drivers => "drivers",
            Self::Schemathesis => "schemathesis",
            Self::End2end => "end2end",
        }
    }

    /// The packages whose tests belong to it.
    pub fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Unit => &["model", "app"],
            Self::Store => &["store"],
            Self::Backend => &["backend"],
            Self::Server => &["server"],
            Self::Rules | Self::Drivers | Self::Schemathesis | Self::End2end => &[],
        }
    }

    /// Whether it talks to the test databases.
    pub fn needs_databases(self) -> bool {
        matches!(self, Self::Store | Self::Backend)
    }
}

/// A test program that cargo has built.
pub struct TestProgram {
    pub package: String,
    /// For people: "the unit tests of store", "api of backend".
    pub name: String,
    file: PathBuf,
    /// The package's folder, where tests expect to run.
    folder: PathBuf,
}

/// Builds the test programs of all these packages at once. Together, because the features of shared
/// dependencies depend on what is built together: one by one would compile many of them again.
pub fn build(packages: &[&str]) -> Result<Vec<TestProgram>> {
    let mut cargo = steps::cargo();
    cargo.args(["test", "--no-run", "--message-format", "json-render-diagnostics"]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    let messages = steps::read(&mut cargo)?;
    let mut programs: Vec<_> = messages.lines().filter_map(|line| program(&serde_json::from_str(line).ok()?)).collect();
    // Unit tests first, being the quickest.
    programs.sort_by_key(|program| !program.name.starts_with("the unit tests"));
    Ok(programs)
}

/// A message of cargo's, if it tells of a test program.
fn program(message: &Value) -> Option<TestProgram> {
    if message["reason"] != "compiler-artifact" || message["profile"]["test"] != true {
        return None;
    }
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_path_buf();
    let id = message["package_id"].as_str()?;
    // path+file:///…/store#0.1.0, or …/folder#name@0.1.0 where the folder has another name.
    let (place, version) = id.rsplit_once('#')?;
    let package = version.split_once('@').map_or_else(|| place.rsplit('/').next(), |(name, _)| Some(name))?;
    let name = match message["target"]["kind"][0].as_str()? {
        "test" => format!("{} of {package}", message["target"]["name"].as_str()?),
        _ => format!("the unit tests of {package}"),
    };
    Some(TestProgram { package: package.to_owned(), name, file: message["executable"].as_str()?.into(), folder })
}

/// Runs one test program as cargo would, its output shown, and counts.
pub fn run(program: &TestProgram, arguments: &[String], environment: &[(String, String)]) -> Result<Outcome> {
    let mut command = Command::new(&program.file);
    command.current_dir(&program.folder).args(arguments).env("CARGO_MANIFEST_DIR", &program.folder);
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    counted(&mut command)
}

/// The examples in the documentation comments; of all packages built together, for the reason above.
pub fn run_examples(packages: &[&str], environment: &[(String, String)]) -> Result<Outcome> {
    let mut cargo = steps::cargo();
    cargo.args(["test", "--doc", "--quiet"]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    cargo.envs(environment.iter().map(|(name, value)| (name, value)));
    counted(&mut cargo)
}

/// Runs a command, shows and reads its output, and ends it when the limit is passed.
pub fn counted(command: &mut Command) -> Result<Outcome> {
    let name = steps::shown(command);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {name}"))?;
    let Some(output) = child.stdout.take() else { bail!("{name} has no output") };
    let (ended, wait) = mpsc::channel::<()>();
    let late = Arc::new(AtomicBool::new(false));
    let process = child.id();
    let watch = thread::spawn({
        let late = Arc::clone(&late);
        move || {
            if wait.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
                late.store(true, Ordering::SeqCst);
                let _ = Command::new("kill").args(["-KILL", &process.to_string()]).status();
            }
        }
    });
    let mut outcome = Outcome::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        outcome.read_line(&line);
    }
    let status = child.wait()?;
    drop(ended);
    let _ = watch.join();
    if late.load(Ordering::SeqCst) {
        steps::note(&format!("{name} was ended after {}", steps::time(LIMIT)));
    }
    Ok(outcome.with_exit(status.success()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn test_programs_are_recognised_in_cargos_messages() {
        let message = json!({
            "reason": "compiler-artifact", "package_id": "path+file:///w/server/store#0.1.0",
            "manifest_path": "/w/server/store/Cargo.toml", "target": {"name": "store", "kind": ["test"]},
            "profile": {"test": true}, "executable": "/w/target/debug/deps/store-1",
        });
        let found = program(&message).expect("it is a test program");
        assert_eq!((found.package.as_str(), found.folder.as_path()), ("store", Path::new("/w/server/store")));
        let mut renamed = message.clone();
        renamed["package_id"] = json!("path+file:///w/server#confab@0.1.0");
        assert_eq!(program(&renamed).map(|found| found.package).as_deref(), Some("confab"));
        let mut library = message;
        library["profile"]["test"] = json!(false);
        assert!(program(&library).is_none());
    }
}
