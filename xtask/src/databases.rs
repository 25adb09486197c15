//! PostgreSQL and MariaDB for the tests: started by us on free ports, in a folder that is thrown away
//! afterwards, as an unprivileged user, and never as services of the system. Durability is off: they
//! hold nothing worth keeping.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::guarded::Guarded;
use crate::needs::{self, Need};
use crate::{paths, steps};

/// How long a new database may take until it answers.
const START: Duration = Duration::from_mins(1);

/// A running database; stopped and removed when dropped.
pub struct Database {
    /// What the tests connect to.
    pub url: String,
    // Before the folder: fields are dropped in this order.
    _server: Guarded,
    _folder: Folder,
}

/// A folder that is removed when dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // The next run removes what could not be removed now.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Starts PostgreSQL. Its superuser needs no password, since only this machine can reach it.
pub fn postgres() -> Result<Database> {
    needs::POSTGRES.meet()?;
    let user = unprivileged("postgres");
    let folder = folder("postgres", user)?;
    let data = folder.0.join("data");
    let init = program(&needs::POSTGRES, "initdb")?;
    let mut command = Command::new(init);
    command.arg("-D").arg(&data).args(["-U", "confab", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    run_as(&mut command, user, &folder.0.join("initdb.log"))?;
    let port = free_port()?;
    let mut command = Command::new(program(&needs::POSTGRES, "postgres")?);
    command.arg("-D").arg(&data).current_dir(&folder.0).arg("-k").arg(&folder.0).args(["-p", &port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "max_connections=200",
        "shared_buffers=64MB",
        "autovacuum=off",
    ] {
        command.args(["-c", setting]);
    }
    // INT is PostgreSQL's fast shutdown; TERM would wait for connections to end.
    let log = folder.0.join("log");
    let mut server = Guarded::start_as(&command, user, "INT", Some(&log))?;
    wait(&mut server, port, &log)?;
    Ok(Database { url: format!("postgres://confab@127.0.0.1:{port}/postgres"), _server: server, _folder: folder })
}

/// Starts MariaDB with the user `confab`, who may do everything.
pub fn mariadb() -> Result<Database> {
    needs::MARIADB.meet()?;
    let user = unprivileged("mysql");
    let folder = folder("mariadb", user)?;
    let data = folder.0.join("data");
    let install = program(&needs::MARIADB, "mariadb-install-db")?;
    let mut command = Command::new(install);
    command.args([
        "--no-defaults",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--skip-name-resolve",
    ]);
    command.arg(format!("--datadir={}", data.display()));
    run_as(&mut command, user, &folder.0.join("install.log"))?;
    let first = folder.0.join("first.sql");
    let statements = "CREATE DATABASE confab CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\n\
                      CREATE USER 'confab'@'%' IDENTIFIED BY 'confab';\n\
                      GRANT ALL ON *.* TO 'confab'@'%' WITH GRANT OPTION;\n";
    fs::write(&first, statements)?;
    fs::set_permissions(&first, fs::Permissions::from_mode(0o644))?;
    let port = free_port()?;
    let mut command = Command::new(program(&needs::MARIADB, "mariadbd")?);
    command.current_dir(&folder.0).args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-name-resolve"]);
    command.arg(format!("--port={port}")).arg(format!("--datadir={}", data.display()));
    command.arg(format!("--socket={}", folder.0.join("socket").display()));
    command.arg(format!("--pid-file={}", folder.0.join("pid").display()));
    command.arg(format!("--init-file={}", first.display()));
    command.args(["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--innodb-flush-method=nosync"]);
    command.args(["--innodb-buffer-pool-size=128M", "--innodb-log-file-size=32M", "--max-connections=300"]);
    command.args(["--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin", "--skip-log-bin"]);
    let log = folder.0.join("log");
    let mut server = Guarded::start_as(&command, user, "TERM", Some(&log))?;
    wait(&mut server, port, &log)?;
    Ok(Database { url: format!("mysql://confab:confab@127.0.0.1:{port}/confab"), _server: server, _folder: folder })
}

/// Removes what runs have left that were killed too hard to do it themselves.
pub fn clean() -> Result<()> {
    let folders = [paths::target().join("test-databases"), std::env::temp_dir()];
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(folder)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let owner = name.strip_prefix("confab-test-").and_then(|rest| rest.split('-').next());
            if let Some(process) = owner
                && !Path::new("/proc").join(process).exists()
            {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
    Ok(())
}

/// A port of loopback that nothing listens on. Another process may take it first; then the start fails and says so.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn program(need: &Need, name: &str) -> Result<PathBuf> {
    needs::find(name).with_context(|| format!("{} has no program {name}", need.what))
}

/// Whom the database runs as: nobody else where we are nobody special, since PostgreSQL refuses root.
fn unprivileged(preferred: &str) -> Option<(u32, u32)> {
    if !needs::is_root() {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find_map(|fields| {
            let [found, _, user, group, ..] = fields[..] else { return None };
            (found == name).then_some(())?;
            Some((user.parse().ok()?, group.parse().ok()?))
        })
    };
    Some(ids(preferred).or_else(|| ids("nobody")).unwrap_or((65534, 65534)))
}

/// A new folder of that user: below `target`, or where that lies in a place the user cannot enter
/// (root's home), below the system's folder for temporary files.
fn folder(name: &str, user: Option<(u32, u32)>) -> Result<Folder> {
    let name = format!("confab-test-{}-{name}", std::process::id());
    let mut folder = paths::target().join("test-databases").join(&name);
    // A Unix socket's path has little room.
    let fits = folder.as_os_str().len() < 80;
    let open = folder
        .ancestors()
        .skip(1)
        .filter(|above| above.exists())
        .all(|above| fs::metadata(above).is_ok_and(|found| found.permissions().mode() & 0o001 != 0));
    if !fits || (user.is_some() && !open) {
        folder = std::env::temp_dir().join(&name);
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    if let Some((user, group)) = user {
        chown(&folder, Some(user), Some(group))?;
    }
    Ok(Folder(folder))
}

/// Runs a preparing program as that user; what it says is shown only when it fails.
fn run_as(command: &mut Command, user: Option<(u32, u32)>, log: &Path) -> Result<()> {
    if let Some((user, group)) = user {
        command.uid(user).gid(group).current_dir("/").env("HOME", "/");
    }
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {}", steps::shown(command)))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        fs::write(log, &said)?;
        bail!("{} ended with {}:\n{}", steps::shown(command), output.status, String::from_utf8_lossy(&said));
    }
    Ok(())
}

/// Waits until something answers on the port, or the log says why nothing does.
fn wait(server: &mut Guarded, port: u16, log: &Path) -> Result<()> {
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if !server.is_alive() || start.elapsed() > START {
            let said = fs::read_to_string(log).unwrap_or_default();
            bail!("the test database did not start:\n{said}");
        }
        sleep(Duration::from_millis(50));
    }
    Ok(())
}
