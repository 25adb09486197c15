//! `cargo xtask test`: sets up what the tests need, runs the suites, and says at the end how many
//! tests passed and failed, and which suites could not be run.

use std::fs;
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow, bail};
use clap::Args;

use crate::databases::{self, Database};
use crate::outcome::Outcome;
use crate::paths::Profile;
use crate::suites::{self, Suite, TestProgram};
use crate::{check, client, drivers, e2e, paths, server, steps};

#[derive(Args)]
pub struct Options {
    /// The suites to run [default: all]
    suites: Vec<Suite>,
    /// Leave out the tests in the browser
    #[arg(long)]
    no_e2e: bool,
    /// SQLite only: start neither PostgreSQL nor MariaDB
    #[arg(long)]
    no_databases: bool,
    /// The browser tests run against the release build
    #[arg(long)]
    release: bool,
    /// How many calls schemathesis makes, half of them on SQLite; before a release it is 20000
    #[arg(long, default_value_t = 4000)]
    calls: u32,
    /// What is passed on to the test programs and to Playwright: names of tests, --nocapture
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// What a run adds up to.
#[derive(Default)]
struct Summary {
    total: Outcome,
    lines: Vec<String>,
    /// What could not be run, and the remedy.
    left_out: Vec<String>,
}

impl Summary {
    fn add(&mut self, name: &str, start: Instant, outcome: Outcome) {
        self.total += outcome;
        self.lines.push(format!("{name:<12} {:<24} {}", outcome.line(), steps::time(start.elapsed())));
    }
}

pub fn run(options: &Options) -> Result<ExitCode> {
    let results = paths::target().join("test-results");
    fs::create_dir_all(&results)?;
    let totals = results.join("totals");
    // An old result must not be taken for this run's.
    if totals.exists() {
        fs::remove_file(&totals)?;
    }
    let chosen: Vec<Suite> = Suite::ALL
        .into_iter()
        .filter(|suite| options.suites.is_empty() || options.suites.contains(suite))
        .filter(|suite| !(options.no_e2e && *suite == Suite::End2end))
        .collect();
    if chosen.is_empty() {
        bail!("no suite is left to run");
    }
    let start = Instant::now();
    let mut summary = Summary::default();
    run_chosen(options, &chosen, &mut summary)?;
    steps::say(&format!("all suites, {}", steps::time(start.elapsed())));
    for line in &summary.lines {
        steps::note(line);
    }
    for line in &summary.left_out {
        steps::note(&format!("not run: {line}"));
    }
    let line = summary.total.line();
    fs::write(&totals, format!("{line}\n"))?;
    println!("{line}");
    Ok(if summary.total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_chosen(options: &Options, chosen: &[Suite], summary: &mut Summary) -> Result<()> {
    if chosen.contains(&Suite::Rules) {
        let start = Instant::now();
        summary.add("rules", start, check::rules());
    }
    let packages: Vec<&str> = chosen.iter().flat_map(|suite| suite.packages()).copied().collect();
    if !packages.is_empty() || chosen.contains(&Suite::Unit) {
        let databases = !options.no_databases && chosen.iter().any(|suite| suite.needs_databases());
        // The databases come up while the tests compile. So does the client, most of whose time one core is enough for;
        // what it fails of is said when the tests in the browser ask for it.
        let client = (is_whole(options) && !packages.is_empty()).then(|| client_of(options));
        let (postgres, mariadb, programs) = thread::scope(|scope| {
            let postgres = scope.spawn(move || databases.then(databases::postgres));
            let mariadb = scope.spawn(move || databases.then(databases::mariadb));
            scope.spawn(move || client.map(client::build));
            let programs = compile(&packages);
            (postgres.join(), mariadb.join(), programs)
        });
        let panicked = |_| anyhow!("starting a test database panicked");
        let mut environment = Vec::new();
        let started = [
            ("PostgreSQL", "TEST_POSTGRES_URL", postgres.map_err(panicked)?),
            ("MariaDB", "TEST_MYSQL_URL", mariadb.map_err(panicked)?),
        ];
        let _running: Vec<Database> = started
            .into_iter()
            .filter_map(|(name, variable, result)| take(name, variable, result?, &mut environment, summary))
            .collect();
        match programs {
            Ok(programs) => run_programs(options, chosen, &programs, &environment, summary),
            Err(error) => {
                steps::failed(&error);
                summary.add("compiling", Instant::now(), Outcome::FAIL);
            }
        }
    }
    if chosen.contains(&Suite::Drivers) {
        let start = Instant::now();
        summary.add("drivers", start, counted(drivers::clients(Profile::of(options.release))));
    }
    if chosen.contains(&Suite::Schemathesis) {
        let (start, databases) = (Instant::now(), !options.no_databases);
        let arguments = if options.suites.len() == 1 { options.arguments.as_slice() } else { &[] };
        let run = drivers::schemathesis(Profile::of(options.release), options.calls, databases, arguments);
        summary.add("schemathesis", start, counted(run));
    }
    if chosen.contains(&Suite::End2end) {
        browser(options, summary);
    }
    Ok(())
}

fn compile(packages: &[&str]) -> Result<Vec<TestProgram>> {
    if packages.is_empty() {
        return Ok(Vec::new());
    }
    databases::clean()?;
    steps::step(&format!("compiling the tests of {}", packages.join(", ")), || suites::build(packages))
}

/// Tells the tests where a database is; a database that cannot be had is reported, and its tests left out.
fn take(
    name: &str,
    variable: &str,
    result: Result<Database>,
    environment: &mut Vec<(String, String)>,
    summary: &mut Summary,
) -> Option<Database> {
    match result {
        Ok(database) => {
            steps::note(&format!("{name} is up: {}", database.url));
            environment.push((variable.to_owned(), database.url.clone()));
            Some(database)
        }
        Err(error) => {
            summary.left_out.push(format!("the suites on {name}: {error:#}"));
            None
        }
    }
}

fn run_programs(
    options: &Options,
    chosen: &[Suite],
    programs: &[TestProgram],
    environment: &[(String, String)],
    summary: &mut Summary,
) {
    for suite in chosen {
        let start = Instant::now();
        let mut outcome = Outcome::default();
        for program in programs.iter().filter(|program| suite.packages().contains(&program.package.as_str())) {
            steps::say(&format!("running {}", program.name));
            outcome += counted(suites::run(program, &options.arguments, environment));
        }
        if *suite == Suite::Unit {
            steps::say("running the tests of xtask");
            outcome += counted(xtask(&options.arguments));
        }
        if !suite.packages().is_empty() {
            summary.add(suite.name(), start, outcome);
        }
    }
    let packages: Vec<&str> = chosen.iter().flat_map(|suite| suite.packages()).copied().collect();
    if !programs.is_empty() && options.arguments.is_empty() {
        steps::say("running the examples in the documentation");
        let start = Instant::now();
        summary.add("examples", start, counted(suites::run_examples(&packages, environment)));
    }
}

/// Our own tests, built apart from the others like this program itself.
fn xtask(arguments: &[String]) -> Result<Outcome> {
    let mut cargo = steps::cargo();
    suites::counted(cargo.args(["test", "--quiet", "--package", "xtask", "--"]).args(arguments))
}

/// Whether everything is tested.
fn is_whole(options: &Options) -> bool {
    options.suites.is_empty() && options.arguments.is_empty() && !options.no_e2e
}

/// A whole run has the client that people get, within its budget; tests chosen alone begin sooner with the other.
fn client_of(options: &Options) -> Profile {
    Profile::of(options.release || is_whole(options))
}

fn browser(options: &Options, summary: &mut Summary) {
    if let Err(error) = e2e::set_up() {
        summary.left_out.push(format!("the tests in the browser: {error:#}"));
        return;
    }
    let start = Instant::now();
    let client = client_of(options);
    let tested = server::build_both(Profile::of(options.release), client)
        .and_then(|binary| e2e::run(&binary, client, &options.arguments));
    summary.add("end2end", start, counted(tested));
}

/// A suite that could not even be started has failed.
fn counted(result: Result<Outcome>) -> Outcome {
    result.unwrap_or_else(|error| {
        steps::failed(&error);
        Outcome::FAIL
    })
}
