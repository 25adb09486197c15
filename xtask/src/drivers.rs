//! Suites that drive a running server from outside: the published clients of Python and JavaScript, the mobile app's
//! calls, and schemathesis over the API's own description. Their packages are pinned and installed below `target`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::databases::{self, Database};
use crate::guarded::Guarded;
use crate::outcome::Outcome;
use crate::paths::Profile;
use crate::server::Started;
use crate::suites::{self, Suite};
use crate::{e2e, needs, paths, server, steps};

/// How long a server of the drivers may take until it answers.
const START: Duration = Duration::from_mins(1);

/// The published clients, each against a server of its own.
pub fn clients(profile: Profile) -> Result<Outcome> {
    let python = python()?;
    needs::NODE.meet()?;
    let node = paths::at("drivers/node");
    e2e::packages(&node, "the JavaScript client")?;
    let binary = server::build(profile)?;
    let mut outcome = Outcome::default();

    steps::say("running the drivers of Python, and the mobile app's calls");
    let started = start(&binary, "python", &[])?;
    let mut pytest = Command::new(&python);
    pytest.args(["-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "-p", "no:schemathesis"]);
    pytest.current_dir(paths::at("drivers/python")).env("CONFAB_URL", &started.url);
    outcome += suites::counted(&mut pytest)?;
    drop(started);

    outcome += second_s3(&python)?;

    steps::say("running the client of JavaScript");
    let started = start(&binary, "node", &[])?;
    let mut tests = Command::new("node");
    tests.args(["--test", "--test-reporter=tap"]).current_dir(&node).env("CONFAB_URL", &started.url);
    outcome += suites::counted(&mut tests)?;
    Ok(outcome)
}

/// The tests of files in S3, on a second server that checks signatures: moto's.
fn second_s3(python: &std::path::Path) -> Result<Outcome> {
    steps::say("keeping files on a second S3 server");
    let folder = paths::target().join("drivers").join("s3");
    fs::create_dir_all(&folder)?;
    let log = folder.join("server.log");
    let port = databases::free_port()?;
    let mut command = Command::new(python);
    command.arg("s3_server.py").arg(port.to_string()).current_dir(paths::at("drivers/python"));
    let _server = Guarded::start(&command, "TERM", Some(&log))?;
    let begun = Instant::now();
    let url = loop {
        let said = fs::read_to_string(&log).unwrap_or_default();
        if let Some(url) = said.lines().find(|line| line.starts_with("http://") && line.contains('@')) {
            break url.to_owned();
        }
        ensure!(begun.elapsed() < START, "the S3 server did not start; see {}", log.display());
        sleep(Duration::from_millis(100));
    };
    // Together with all others, as a whole run has built them already: alone it would compile much of them again.
    let packages: Vec<&str> = Suite::ALL.iter().flat_map(|suite| suite.packages()).copied().collect();
    let programs = steps::step("compiling the tests", || suites::build(&packages))?;
    let api = programs.iter().find(|program| program.name == "api of backend");
    let api = api.context("the tests of the API are not among those that were built")?;
    suites::run(api, &["second_server".to_owned()], &[("TEST_S3_URL".to_owned(), url)])
}

/// Schemathesis with about so many calls, half of them on SQLite.
pub fn schemathesis(profile: Profile, calls: u32, databases: bool, arguments: &[String]) -> Result<Outcome> {
    let python = python()?;
    let binary = server::build(profile)?;
    let mut outcome = Outcome::default();
    let mut run = |name: &str, calls: u32, environment: &[(&str, String)], offered: bool| -> Result<()> {
        steps::say(&format!("calling the API as it describes itself, on {name}"));
        let started = start(&binary, name, environment)?;
        let mut fuzz = Command::new(&python);
        fuzz.arg("fuzz.py").arg(calls.to_string()).args(arguments);
        if offered {
            // What is refused asks no database.
            fuzz.arg("--offered");
        }
        fuzz.current_dir(paths::at("drivers/python")).env("CONFAB_URL", &started.url);
        outcome += suites::counted(&mut fuzz)?;
        Ok(())
    };
    if !databases {
        run("SQLite", calls, &[], false)?;
        return Ok(outcome);
    }
    run("SQLite", calls / 2, &[], false)?;
    let started: [(&str, &str, Result<Database>); 2] =
        [("PostgreSQL", "postgres", databases::postgres()), ("MariaDB", "mysql", databases::mariadb())];
    for (name, driver, database) in started {
        match database {
            Ok(database) => {
                let place = |name: &'static str, value: &str| (name, value.to_owned());
                let environment = [
                    place("CONFAB_SQLSETTINGS_DRIVERNAME", driver),
                    place("CONFAB_SQLSETTINGS_DATASOURCE", &database.url),
                ];
                run(name, calls / 4, &environment, true)?;
            }
            Err(error) => steps::note(&format!("not on {name}: {error:#}")),
        }
    }
    Ok(outcome)
}

/// A new server with an empty folder.
fn start(binary: &std::path::Path, name: &str, environment: &[(&str, String)]) -> Result<Started> {
    let folder = paths::target().join("drivers").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let log = folder.join("server.log");
    Started::with(binary, &folder, databases::free_port()?, &log, environment)
}

/// Python with the packages of `drivers/python/requirements.txt`.
fn python() -> Result<PathBuf> {
    needs::PYTHON.meet()?;
    let folder = paths::target().join("drivers-python");
    let list = paths::at("drivers/python/requirements.txt");
    let wanted = fs::read(&list).context("drivers/python/requirements.txt is missing")?;
    let stamp = folder.join("installed-from");
    let python = folder.join("bin/python");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    steps::step("installing the drivers of Python (pip)", || {
        let make = || {
            let mut venv = Command::new("python3");
            venv.args(["-m", "venv", "--clear"]).arg(&folder);
            steps::run(&mut venv)
        };
        // Debian has that part of Python in a package of its own.
        make().or_else(|_| needs::PYTHON.bring().and_then(|()| make()))?;
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&list);
        steps::run(&mut pip)?;
        fs::write(&stamp, &wanted)?;
        Ok(())
    })?;
    Ok(python)
}
