//! The configuration in force: `config/config.json`, overlaid by the environment, changed by hand or over the API.
//!
//! The file keeps what we do not know. It is replaced atomically; an edit that cannot be is refused with
//! its place and reason, while the last good configuration stays in force.

pub mod areas;
pub mod client;

use anyhow::{Context as _, Result};
use arc_swap::ArcSwap;
use model::config::{Config, Field, FieldKind, Invalid};
use serde_json::{Map, Value};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// What a secret is shown as.
pub const MASK: &str = "********************************";

/// Settings that Confab keeps for the clients and tools that read them, with the values that describe what it does.
const KEPT: &str = include_str!("kept.json");

/// Secrets among the settings that are kept and not ours.
const KEPT_SECRETS: &[(&str, &str)] = &[
    ("SqlSettings", "AtRestEncryptKey"),
    ("SqlSettings", "DataSourceReplicas"),
    ("SqlSettings", "DataSourceSearchReplicas"),
    ("FileSettings", "ExportAmazonS3SecretAccessKey"),
    ("EmailSettings", "SMTPPassword"),
    ("ElasticsearchSettings", "Password"),
    ("GitLabSettings", "Secret"),
    ("GoogleSettings", "Secret"),
    ("Office365Settings", "Secret"),
    ("OpenIdSettings", "Secret"),
    ("LdapSettings", "BindPassword"),
    ("ServiceSettings", "GiphySdkKey"),
];

/// Secrets that are made at the first start.
const MADE: &[(&str, &str)] = &[("SqlSettings", "AtRestEncryptKey"), ("FileSettings", "PublicLinkSalt")];

/// Called with every new configuration.
type Listener = Box<dyn Fn(&Config) + Send + Sync>;

/// The configuration, shared by everybody. Cheap to clone.
#[derive(Clone)]
pub struct Settings {
    inner: Arc<Inner>,
}

struct Inner {
    /// `None` in tests: nothing is kept.
    file: Option<PathBuf>,
    environment: Vec<(String, String)>,
    in_force: ArcSwap<Config>,
    /// What the file says, without the environment and with all we do not know. The lock orders changes.
    raw: parking_lot::Mutex<Value>,
    listeners: parking_lot::RwLock<Vec<Listener>>,
}

impl Settings {
    /// Reads the file, or writes it with the defaults if there is none, and overlays the environment.
    ///
    /// # Errors
    ///
    /// The file cannot be read or written, or holds what cannot be.
    pub fn open(file: &Path, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let environment: Vec<_> = environment.into_iter().filter(|(k, _)| override_name(k).is_some()).collect();
        let mut raw = match std::fs::read_to_string(file) {
            Ok(text) => parse(&text).with_context(|| file.display().to_string())?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Value::Object(Map::new()),
            Err(e) => return Err(e).with_context(|| format!("reading {}", file.display())),
        };
        let before = raw.clone();
        fill(&mut raw, &defaults());
        make_secrets(&mut raw);
        let config = overlay(&raw, &environment).with_context(|| file.display().to_string())?;
        if raw != before {
            write_atomically(file, &raw).with_context(|| format!("writing {}", file.display()))?;
        }
        Ok(Self::new(Some(file.to_owned()), environment, config, raw))
    }

    /// A configuration that lives in memory only.
    pub fn in_memory(config: Config) -> Self {
        let mut raw = serde_json::to_value(&config).expect("plain data with text keys");
        fill(&mut raw, &defaults());
        make_secrets(&mut raw);
        let config = serde_json::from_value(raw.clone()).unwrap_or(config);
        Self::new(None, Vec::new(), config, raw)
    }

    fn new(file: Option<PathBuf>, environment: Vec<(String, String)>, config: Config, raw: Value) -> Self {
        let inner = Inner {
            file,
            environment,
            in_force: ArcSwap::from_pointee(config),
            raw: parking_lot::Mutex::new(raw),
            listeners: parking_lot::RwLock::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The configuration now.
    pub fn get(&self) -> arc_swap::Guard<Arc<Config>> {
        self.inner.in_force.load()
    }

    /// Calls `listener` with every later configuration.
    pub fn on_change(&self, listener: impl Fn(&Config) + Send + Sync + 'static) {
        self.inner.listeners.write().push(Box::new(listener));
    }

    /// The names of settings that the environment decides, as `Section.Field`.
    pub fn overridden(&self) -> Vec<String> {
        let names: Vec<_> = self.inner.environment.iter().filter_map(|(k, _)| override_name(k)).collect();
        Config::fields()
            .filter(|f| names.contains(&f.env_name()))
            .map(|f| format!("{}.{}", f.section, f.name))
            .collect()
    }

    /// Everything, with the environment in it, secrets as they are.
    pub fn whole(&self) -> Value {
        let mut value = self.inner.raw.lock().clone();
        let in_force = serde_json::to_value(&**self.get()).expect("plain data with text keys");
        merge(&mut value, &in_force);
        value
    }

    /// Everything, with the environment in it and secrets masked, as administrators see it.
    pub fn shown(&self) -> Value {
        let mut value = self.whole();
        let ours = Config::fields().filter(|f| f.secret).map(|f| (f.section, f.name));
        for (section, name) in ours.chain(KEPT_SECRETS.iter().copied()) {
            match value.get_mut(section).and_then(|s| s.get_mut(name)) {
                Some(Value::Array(secrets)) => secrets.iter_mut().for_each(|secret| *secret = Value::from(MASK)),
                Some(secret) if secret.as_str() != Some("") => *secret = Value::from(MASK),
                _ => {}
            }
        }
        value
    }

    /// Which settings the environment decides, section by section, as administrators are told.
    pub fn environment(&self) -> Value {
        let mut sections = Map::new();
        for place in self.overridden() {
            let Some((section, field)) = place.split_once('.') else { continue };
            let fields = sections.entry(section).or_insert_with(|| Value::Object(Map::new()));
            fields[field] = Value::from(true);
        }
        Value::Object(sections)
    }

    /// Changes what `patch` names and keeps the rest; the mask of a secret leaves it as it is.
    ///
    /// # Errors
    ///
    /// [`Invalid`] inside if the result cannot be; nothing has changed then.
    pub fn patch(&self, patch: &Value) -> Result<()> {
        let mut patch = patch.clone();
        unmask(&mut patch);
        let mut raw = self.inner.raw.lock();
        let mut changed = raw.clone();
        fits(&patch, &changed, "")?;
        merge(&mut changed, &patch);
        let config = overlay(&changed, &self.inner.environment)?;
        if let Some(file) = &self.inner.file {
            write_atomically(file, &changed).with_context(|| format!("writing {}", file.display()))?;
        }
        *raw = changed;
        self.put_in_force(raw, config);
        Ok(())
    }

    /// Reads the file again, after it was edited.
    ///
    /// # Errors
    ///
    /// It cannot be read, or holds what cannot be; the last good configuration stays in force.
    pub fn reload(&self) -> Result<()> {
        let Some(file) = &self.inner.file else { return Ok(()) };
        // Before reading: what is read has to be what a change that comes in between has left there.
        let mut raw = self.inner.raw.lock();
        let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        let mut read = parse(&text).with_context(|| file.display().to_string())?;
        fill(&mut read, &defaults());
        if read == *raw {
            return Ok(());
        }
        let config = overlay(&read, &self.inner.environment).with_context(|| file.display().to_string())?;
        *raw = read;
        self.put_in_force(raw, config);
        tracing::info!(file = %file.display(), "the configuration was edited and is in force");
        Ok(())
    }

    /// Puts in force what was just written; of two changes the later one stays.
    fn put_in_force(&self, written: parking_lot::MutexGuard<'_, Value>, config: Config) {
        self.inner.in_force.store(Arc::new(config));
        drop(written);
        let config = self.get();
        for listener in self.inner.listeners.read().iter() {
            listener(&config);
        }
    }

    /// Picks up edits of the file until the returned watcher is dropped.
    ///
    /// # Errors
    ///
    /// The system cannot watch the folder.
    pub fn watch(&self) -> Result<Option<notify::RecommendedWatcher>> {
        use notify::Watcher as _;
        let Some(file) = self.inner.file.clone() else { return Ok(None) };
        let settings = self.clone();
        let name = file.file_name().map(ToOwned::to_owned);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            let ours = event.paths.iter().any(|p| p.file_name() == name.as_deref());
            // A file being written may be half there; it is read again when the writing ends.
            if ours
                && !event.kind.is_access()
                && let Err(error) = settings.reload()
            {
                tracing::error!(
                    error = format!("{error:#}"),
                    "the edited configuration is refused; the last good one stays in force"
                );
            }
        })?;
        let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        watcher.watch(folder, notify::RecursiveMode::NonRecursive)?;
        Ok(Some(watcher))
    }
}

/// `SECTION_FIELD` of a variable that overrides a setting.
fn override_name(variable: &str) -> Option<String> {
    let name = variable.strip_prefix("CONFAB_").or_else(|| variable.strip_prefix("MM_"))?;
    Config::fields().map(Field::env_name).find(|known| known == name)
}

fn defaults() -> Value {
    let mut all = serde_json::to_value(Config::default()).expect("plain data with text keys");
    fill(&mut all, &serde_json::from_str(KEPT).expect("the file is compiled in and read by a test"));
    all
}

/// Makes the secrets that nobody has given.
fn make_secrets(raw: &mut Value) {
    for (section, name) in MADE {
        if let Some(secret) = raw.get_mut(*section).and_then(|s| s.get_mut(*name))
            && secret.as_str() == Some("")
        {
            let made: model::AnyId = crate::clock::new_id();
            *secret = Value::from(made.to_string());
        }
    }
}

/// Refuses what is of another kind than what it would replace.
fn fits(patch: &Value, there: &Value, place: &str) -> Result<(), Invalid> {
    let kind = |v: &Value| std::mem::discriminant(v);
    match (patch, there) {
        (Value::Object(fields), Value::Object(known)) => fields.iter().try_for_each(|(name, value)| {
            let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            known.get(name).map_or(Ok(()), |there| fits(value, there, &place))
        }),
        (_, Value::Null) | (Value::Null, _) => Ok(()),
        (a, b) if kind(a) == kind(b) => Ok(()),
        (a, _) => Err(Invalid { place: place.into(), reason: format!("cannot be {a}") }),
    }
}

/// Parses JSON; the error names line and column.
fn parse(text: &str) -> Result<Value> {
    let value: Value = serde_json::from_str(text)?;
    Config::from_value(&value)?;
    Ok(value)
}

/// The configuration of a file's content with the environment over it; `CONFAB_` wins over `MM_`.
fn overlay(raw: &Value, environment: &[(String, String)]) -> Result<Config> {
    let mut value = raw.clone();
    for prefix in ["MM_", "CONFAB_"] {
        for field in Config::fields() {
            let name = format!("{prefix}{}", field.env_name());
            let Some((_, text)) = environment.iter().find(|(k, _)| *k == name) else { continue };
            value[field.section][field.name] = from_text(field.kind, text).with_context(|| name)?;
        }
    }
    Ok(Config::from_value(&value)?)
}

/// A setting's value written as text, as in the environment or on the command line.
///
/// # Errors
///
/// The text is no value of that kind.
pub fn from_text(kind: FieldKind, text: &str) -> Result<Value> {
    Ok(match kind {
        FieldKind::Flag => Value::from(text.parse::<bool>().context("has to be true or false")?),
        FieldKind::Number => Value::from(text.parse::<i64>().context("has to be a whole number")?),
        FieldKind::Text => Value::from(text),
        FieldKind::List => Value::from(text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>()),
    })
}

/// Puts `from` into `into`, object by object.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// Adds what `into` lacks.
fn fill(into: &mut Value, from: &Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        for (key, value) in from {
            match into.get_mut(key) {
                Some(there) => fill(there, value),
                None => {
                    into.insert(key.clone(), value.clone());
                }
            }
        }
    }
}

/// Takes masks out of a patch, so that they change nothing.
fn unmask(value: &mut Value) {
    if let Value::Object(fields) = value {
        let masked = |v: &Value| v.as_str() == Some(MASK);
        // A client that sends a whole configuration means nothing by what it has no value for.
        fields.retain(|_, v| !masked(v) && !v.is_null() && !v.as_array().is_some_and(|a| a.iter().any(masked)));
        fields.values_mut().for_each(unmask);
    }
}

/// Writes beside the file, then takes its place: nobody ever sees half of it.
fn write_atomically(file: &Path, value: &Value) -> Result<()> {
    use std::io::Write as _;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = file.with_extension("json.new");
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    let mut out = std::fs::File::create(&beside)?;
    // It can hold passwords of other servers.
    #[cfg(unix)]
    out.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    std::fs::rename(&beside, file)?;
    Ok(())
}

/// The place and reason inside an error of this room, if that is what it is.
pub fn invalid(error: &anyhow::Error) -> Option<&Invalid> {
    error.downcast_ref::<Invalid>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("confab-settings-{}", crate::clock::new_id::<model::id::kind::Any>()))
    }

    #[test]
    fn unknown_keys_are_kept_and_an_invalid_edit_leaves_the_last_good_one() {
        let folder = folder();
        let file = folder.join("config.json");
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        std::fs::write(&file, r#"{"PluginSettings": {"Enable": true}}"#).expect("a file");
        let settings = Settings::open(&file, []).expect("a valid file");
        settings.patch(&json!({"TeamSettings": {"SiteName": "Ours"}})).expect("a valid change");
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).expect("the file")).expect("JSON");
        assert_eq!(kept["PluginSettings"]["Enable"], true);
        assert_eq!(kept["TeamSettings"]["SiteName"], "Ours");

        std::fs::write(&file, r#"{"TeamSettings": {"SiteName": 5}}"#).expect("a file");
        let refused = format!("{:#}", settings.reload().expect_err("a number is no name"));
        assert!(refused.contains("TeamSettings.SiteName"), "{refused}");
        assert_eq!(settings.get().team.site_name, "Ours");
        std::fs::remove_dir_all(&folder).expect("our own folder");
    }

    #[test]
    fn the_environment_wins_and_ours_wins_over_the_old_name() {
        let folder = folder();
        let environment = [
            ("MM_SERVICESETTINGS_LISTENADDRESS", ":1"),
            ("CONFAB_SERVICESETTINGS_LISTENADDRESS", ":2"),
            ("MM_OTHER", "x"),
        ]
        .map(|(k, v)| (k.to_owned(), v.to_owned()));
        let settings = Settings::open(&folder.join("config.json"), environment).expect("a valid environment");
        assert_eq!(settings.get().service.listen_address, ":2");
        assert_eq!(settings.overridden(), ["ServiceSettings.ListenAddress"]);
        let kept: Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join("config.json")).expect("written")).expect("JSON");
        assert_eq!(kept["ServiceSettings"]["ListenAddress"], ":8065", "the environment is not written to the file");
        std::fs::remove_dir_all(&folder).expect("our own folder");
    }

    #[test]
    fn secrets_are_masked_and_the_mask_changes_nothing() {
        let settings = Settings::in_memory(Config::default());
        let shown = settings.shown();
        assert_eq!(shown["SqlSettings"]["DataSource"], MASK);
        settings.patch(&shown).expect("what was shown");
        assert_eq!(settings.get().sql.data_source, "data/confab.db");
    }
}
