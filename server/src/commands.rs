//! The commands of the binary.

use crate::{archives, serve};
use anyhow::{Context as _, Result, bail};
use backend::{
    clock::Clock,
    files::{
        FileStore,
        transfer::{self, Carried},
    },
    settings::{self, Settings},
};
use clap::Subcommand;
use model::{
    config::{Config, FileSettings},
    users::{NewUser, User},
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use store::{Options, Store};

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Run the server (what happens without a command).
    Serve,
    /// Print the version.
    Version,
    /// Show and change settings.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Make and list accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// Look after the database.
    #[command(subcommand)]
    Db(DbCommand),
    /// Look after the files that people have uploaded.
    #[command(subcommand)]
    Files(FilesCommand),
    /// Look after what is found by search.
    #[command(subcommand)]
    Search(SearchCommand),
    /// Write all teams, channels, people and messages, with their files, into an archive in Mattermost's bulk format.
    Export {
        /// Where to: `all.zip`.
        file: PathBuf,
        /// Leave out files and pictures.
        #[arg(long)]
        without_files: bool,
    },
    /// Take in an archive in Mattermost's bulk format: of `confab export`, of Mattermost, or of a program that makes one of
    /// another system's export. Doing it twice is as good as once. Best while the server does not run.
    Import {
        /// The ZIP archive.
        file: PathBuf,
    },
    /// Make something of the picture on standard input; the server runs this for each.
    #[command(hide = true)]
    Picture { task: String, most_pixels: u64 },
}

/// Settings.
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Print the whole configuration; secrets are masked.
    Show,
    /// Print one setting: `TeamSettings.SiteName`.
    Get { name: String },
    /// Change one setting; a running server picks it up.
    Set { name: String, value: String },
}

/// Accounts.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Make an account; the first one becomes system administrator. The password is read from standard input if it is
    /// not given.
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        username: String,
        #[arg(long)]
        password: Option<String>,
        /// Make it a system administrator.
        #[arg(long)]
        admin: bool,
    },
    /// List accounts.
    List,
    /// Set a password, which also unlocks the account.
    Password {
        username: String,
        #[arg(long)]
        password: Option<String>,
    },
    /// Let an account sign in again.
    Activate { username: String },
    /// Keep an account from signing in, and end its sessions.
    Deactivate { username: String },
}

/// The database.
#[derive(Subcommand)]
pub enum DbCommand {
    /// Which database it is, and whether it answers.
    Status,
    /// Bring its schema up to date; starting the server does that too.
    Migrate,
}

/// Files.
#[derive(Subcommand)]
pub enum FilesCommand {
    /// Whether the file store answers and can be written to.
    Check,
    /// Carry all files from one store to the other. It can be done while the server runs, and again to carry what came
    /// meanwhile; at last set FileSettings.DriverName and start the server anew.
    Move {
        /// Where to: `local` (FileSettings.Directory) or `amazons3` (FileSettings.AmazonS3…).
        #[arg(long, value_parser = ["local", "amazons3"])]
        to: String,
        /// Remove each file from the old store once it is whole in the new one.
        #[arg(long)]
        remove: bool,
    },
}

/// Search.
#[derive(Subcommand)]
pub enum SearchCommand {
    /// Put all messages and files into the index again; it can be done while the server runs.
    Reindex,
}

/// Where the configuration is, below the working folder.
pub const CONFIG_FILE: &str = "config/config.json";

/// Runs a command.
///
/// # Errors
///
/// Whatever kept it from being done, in words.
pub async fn run(command: Command) -> Result<()> {
    match command {
        Command::Version => {
            println!("Confab {} (API {})", env!("CARGO_PKG_VERSION"), model::system::API_VERSION);
            Ok(())
        }
        Command::Serve => serve::run(settings()?).await,
        Command::Config(command) => config(command),
        Command::User(command) => user(command).await,
        Command::Db(command) => db(command).await,
        Command::Files(command) => files(command).await,
        Command::Search(SearchCommand::Reindex) => reindex().await,
        Command::Export { file, without_files } => archives::export(&file, without_files).await,
        Command::Import { file } => archives::import(&file).await,
        Command::Picture { .. } => bail!("pictures are made before anything else is started"),
    }
}

fn settings() -> Result<Settings> {
    Settings::open(Path::new(CONFIG_FILE), std::env::vars())
}

fn config(command: ConfigCommand) -> Result<()> {
    let settings = settings()?;
    match command {
        ConfigCommand::Show => print(&settings.shown())?,
        ConfigCommand::Get { name } => {
            let (section, field) = split(&name)?;
            let shown = settings.shown();
            let value = shown.get(section).and_then(|s| s.get(field));
            print(value.with_context(|| format!("there is no setting {name}"))?)?;
        }
        ConfigCommand::Set { name, value } => {
            let (section, field) = split(&name)?;
            let known = Config::fields().find(|f| f.section == section && f.name == field);
            let known = known.with_context(|| format!("there is no setting {name}"))?;
            let value = settings::from_text(known.kind, &value).with_context(|| name.clone())?;
            settings.patch(&json!({section: {field: value}}))?;
            if settings.overridden().contains(&name) {
                println!("{name} is set, but the environment overrides it");
            }
            if known.restart {
                println!("{name} takes effect at the next start");
            }
        }
    }
    Ok(())
}

fn split(name: &str) -> Result<(&str, &str)> {
    name.split_once('.').context("a setting is named Section.Field, such as TeamSettings.SiteName")
}

fn print(value: &Value) -> Result<()> {
    match value {
        Value::String(text) => println!("{text}"),
        other => println!("{}", serde_json::to_string_pretty(other)?),
    }
    Ok(())
}

/// Opens the database that the settings name.
///
/// # Errors
///
/// It is not there, or is of a later version.
pub async fn open(config: &Config) -> Result<Store> {
    let options = match config.sql.driver_name.as_str() {
        "sqlite" => {
            let path = PathBuf::from(&config.sql.data_source);
            if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            Options::sqlite(path)
        }
        _ => Options {
            max_connections: config.sql.max_open_conns as u32,
            ..Options::new(config.sql.data_source.clone())
        },
    };
    Store::open(&options).await.context("opening the database (SqlSettings)")
}

async fn db(command: DbCommand) -> Result<()> {
    let settings = settings()?;
    let store = open(&settings.get()).await?;
    match command {
        DbCommand::Status => {
            store.ping().await?;
            println!("{:?}: answers, and its schema is up to date", store.dialect());
        }
        DbCommand::Migrate => println!("{:?}: the schema is up to date", store.dialect()),
    }
    store.close().await;
    Ok(())
}

async fn reindex() -> Result<()> {
    let settings = settings()?;
    let store = open(&settings.get()).await?;
    let files = PathBuf::from(&settings.get().file.directory);
    let backend = backend::start(store, settings, Clock::System, files).await?;
    backend.cx.pictures.use_program(std::env::current_exe().context("finding the program itself")?);
    let told = std::sync::atomic::AtomicI64::new(0);
    let tell = |percent| {
        if told.swap(percent, std::sync::atomic::Ordering::Relaxed) != percent {
            println!("{percent} %");
        }
    };
    let done = backend::jobs::search::rebuild(&backend.cx, None, &tell).await;
    backend.stop(std::time::Duration::from_secs(5)).await;
    done?;
    println!("all messages and files are in the index");
    Ok(())
}

async fn files(command: FilesCommand) -> Result<()> {
    let settings = settings()?;
    let settings = settings.get().file.clone();
    let store = |driver: &str| {
        let settings = FileSettings { driver_name: driver.to_owned(), ..settings.clone() };
        FileStore::open(&settings, Path::new(&settings.directory)).context("opening the file store (FileSettings)")
    };
    match command {
        FilesCommand::Check => {
            store(&settings.driver_name)?.check().await?;
            println!("{}: answers and can be written to", settings.driver_name);
        }
        FilesCommand::Move { to, remove } => {
            let from = if to == "local" { "amazons3" } else { "local" };
            let (old, new) = (store(from)?, store(&to)?);
            old.check().await.with_context(|| from.to_owned())?;
            new.check().await.with_context(|| to.clone())?;
            let told = |so_far: &Carried| {
                if so_far.copied > 0 && so_far.copied.is_multiple_of(1000) {
                    println!("{} files so far", so_far.copied);
                }
            };
            let Carried { copied, bytes, skipped } = transfer::carry(&old, &new, remove, told).await?;
            println!("{copied} files ({bytes} bytes) were copied to {to}; {skipped} were there already");
            if settings.driver_name != to {
                println!("next: confab config set FileSettings.DriverName {to}, and start the server anew");
            }
        }
    }
    Ok(())
}

/// Everything but what listens to the network and does jobs.
pub(crate) async fn backend() -> Result<backend::Backend> {
    let settings = settings()?;
    let store = open(&settings.get()).await?;
    let files = PathBuf::from(&settings.get().file.directory);
    backend::start(store, settings, Clock::System, files).await
}

async fn user(command: UserCommand) -> Result<()> {
    let backend = backend().await?;
    let done = change_user(&backend, command).await;
    backend.stop(std::time::Duration::from_secs(5)).await;
    done
}

async fn change_user(backend: &backend::Backend, command: UserCommand) -> Result<()> {
    let cx = &backend.cx;
    match command {
        UserCommand::Create { email, username, password, admin } => {
            let new = NewUser { email, username, password: secret(password)?, ..NewUser::default() };
            let user = backend::actions::users::create_by_operator(cx, new, admin).await?;
            println!("{} {} ({})", user.id, user.username, user.roles);
        }
        UserCommand::List => {
            let which = store::users::Which::default();
            for page in 0.. {
                let users = cx.store.users().page(&which, store::users::Sort::Username, page, 200).await?;
                for u in &users {
                    let state = if u.delete_at == 0 { "active" } else { "deactivated" };
                    println!("{}  {:<24} {:<32} {state:<12} {}", u.id, u.username, u.email, u.roles);
                }
                if users.len() < 200 {
                    break;
                }
            }
        }
        UserCommand::Password { username, password } => {
            let user = named(cx, &username).await?;
            backend::actions::users::set_password(cx, user.id, &secret(password)?).await?;
        }
        UserCommand::Activate { username } => {
            let user = named(cx, &username).await?;
            backend::actions::users::set_active(cx, user.id, true).await?;
        }
        UserCommand::Deactivate { username } => {
            let user = named(cx, &username).await?;
            backend::actions::users::set_active(cx, user.id, false).await?;
        }
    }
    Ok(())
}

async fn named(cx: &backend::cx::Cx, username: &str) -> Result<User> {
    cx.store.users().by_username(username).await?.with_context(|| format!("there is no user {username}"))
}

/// The password given, or a line of standard input.
fn secret(given: Option<String>) -> Result<String> {
    if let Some(password) = given {
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("reading the password")?;
    let line = line.trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        bail!("no password was given, neither by --password nor on standard input");
    }
    Ok(line.to_owned())
}
