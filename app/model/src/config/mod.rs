//! Settings, each said once: from here come the JSON file, the environment's names, the console's form and the docs.
//!
//! Section and field names are Mattermost's. A section is a plain struct whose JSON names are its
//! fields in capitals; what a file holds beyond them is kept by whoever saves it.

mod sections;

pub use sections::*;

use serde_json::Value;

/// What a setting's value can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Flag,
    Number,
    Text,
    List,
}

/// One setting, as documents and forms show it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub section: &'static str,
    /// The JSON name.
    pub name: &'static str,
    pub help: &'static str,
    pub kind: FieldKind,
    /// Never shown once set.
    pub secret: bool,
    /// Takes effect at the next start only.
    pub restart: bool,
}

impl Field {
    /// The environment variable that overrides it, without `CONFAB_` or `MM_`.
    pub fn env_name(&self) -> String {
        format!("{}_{}", self.section.to_uppercase(), self.name.to_uppercase())
    }
}

/// A setting that cannot be what it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct Invalid {
    /// `Section.Field`.
    pub place: String,
    pub reason: String,
}

/// The result of a section's own check.
pub type Checked = Result<(), Invalid>;

/// Refuses a setting if `wrong`.
pub fn refuse_if(wrong: bool, place: &str, reason: &str) -> Checked {
    if wrong { Err(Invalid { place: place.into(), reason: reason.into() }) } else { Ok(()) }
}

/// Declares a section: a struct with Mattermost's JSON names, defaults, and the table of its fields.
macro_rules! section {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $help:literal])* $field:ident / $json:literal : $kind:ident $(+ $flag:ident)* $ty:ty = $default:expr;)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($(#[doc = $help])* #[serde(rename = $json)] pub $field: $ty,)*
        }
        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default.into(),)* }
            }
        }
        impl $name {
            /// What the section is about.
            pub const ABOUT: &'static str = concat!($($doc),*);
            /// The section's settings, for documents and forms.
            pub const FIELDS: &'static [Field] = &[$(Field {
                section: stringify!($name),
                name: $json,
                help: concat!($($help),*),
                kind: FieldKind::$kind,
                secret: section!(@has secret $($flag)*),
                restart: section!(@has restart $($flag)*),
            }),*];
        }
    };
    (@has $want:ident) => { false };
    (@has secret secret $($rest:ident)*) => { true };
    (@has restart restart $($rest:ident)*) => { true };
    (@has $want:ident $other:ident $($rest:ident)*) => { section!(@has $want $($rest)*) };
}
pub(crate) use section;

impl Config {
    /// Reads a configuration; `Err` names the place and the reason.
    pub fn from_value(value: &Value) -> Result<Self, Invalid> {
        let Value::Object(sections) = value else {
            return Err(Invalid { place: "configuration".into(), reason: "is not a JSON object".into() });
        };
        for field in Self::fields() {
            let Some(value) = sections.get(field.section).and_then(|s| s.get(field.name)) else { continue };
            let fits = match field.kind {
                FieldKind::Flag => value.is_boolean(),
                FieldKind::Number => value.is_i64(),
                FieldKind::Text => value.is_string(),
                FieldKind::List => value.as_array().is_some_and(|a| a.iter().all(Value::is_string)),
            };
            if !fits {
                let wanted = match field.kind {
                    FieldKind::Flag => "true or false",
                    FieldKind::Number => "a whole number",
                    FieldKind::Text => "a text",
                    FieldKind::List => "a list of texts",
                };
                return Err(Invalid {
                    place: format!("{}.{}", field.section, field.name),
                    reason: format!("has to be {wanted}, not {value}"),
                });
            }
        }
        let config: Self = serde_json::from_value(value.clone())
            .map_err(|e| Invalid { place: "configuration".into(), reason: e.to_string() })?;
        config.check()?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_daily_is_done_at_its_time() {
        const HOUR: crate::Millis = 60 * 60 * 1000;
        let mut config = DataRetentionSettings::default();
        let midnight = 20_000 * 24 * HOUR;
        assert_eq!(config.next_start(midnight), midnight + 2 * HOUR);
        assert_eq!(config.next_start(midnight + 2 * HOUR), midnight + 26 * HOUR);
        config.deletion_job_start_time = "23:30".into();
        assert_eq!(config.next_start(midnight + 5 * HOUR), midnight + 23 * HOUR + HOUR / 2);
        assert_eq!(MessageExportSettings::default().next_start(midnight), midnight + HOUR);
        for wrong in ["", "24:00", "1", "1:60", "-1:00"] {
            let mut config = Config::default();
            config.message_export.daily_run_time = wrong.into();
            assert!(config.check().is_err(), "{wrong}");
        }
    }

    #[test]
    fn defaults_are_valid_and_come_back_from_json() {
        let config = Config::default();
        let value = serde_json::to_value(&config).expect("plain data");
        assert_eq!(Config::from_value(&value), Ok(config));
        assert_eq!(value["ServiceSettings"]["ListenAddress"], ":8065");
    }

    #[test]
    fn a_wrong_value_is_named_by_its_place() {
        let wrong = serde_json::json!({"TeamSettings": {"MaxUsersPerTeam": "many"}});
        let refused = Config::from_value(&wrong).expect_err("a text is no number");
        assert_eq!(refused.place, "TeamSettings.MaxUsersPerTeam");
    }

    fn kind(kind: FieldKind) -> &'static str {
        match kind {
            FieldKind::Flag => "`true` or `false`",
            FieldKind::Number => "whole number",
            FieldKind::Text => "text",
            FieldKind::List => "list of texts",
        }
    }

    #[test]
    fn documents_tell_of_every_setting() {
        let defaults = serde_json::to_value(Config::default()).expect("plain data");
        let mut text = String::from(
            "# Settings\n\n<!-- Written by the tests of `model` with UPDATE=1. -->\n\n\
             They are in `config/config.json` below the working folder, which is written with all defaults at the first \
             start, each section an object with its fields. Edits are picked up while the server runs; one that cannot \
             be is refused with its place and reason in the log, and the last good configuration stays in force. \
             `confab config get`, `confab config set` and `PUT /api/v4/config/patch` change single settings.\n\n\
             The environment wins over the file: each setting has a variable named below, and the same under `MM_` as \
             servers of Mattermost call it; where both are set, `CONFAB_` counts. Lists are separated by blanks there. \
             Section and field names are Mattermost's. Names that are not below are kept in the file and change \
             nothing.\n",
        );
        for (section, about, fields) in Config::sections() {
            text.extend([format!("\n## {section}\n\n{}\n\n", about.trim())]);
            for f in fields {
                let default = &defaults[section][f.name];
                let env = f.env_name();
                let mut notes = String::new();
                if f.restart {
                    notes.push_str(" Takes effect at the next start.");
                }
                if f.secret {
                    notes.push_str(" Secret: shown masked.");
                }
                text.extend([format!(
                    "- **`{section}.{}`** ({}, default `{default}`): {}{notes}\n  `CONFAB_{env}`, `MM_{env}`\n",
                    f.name,
                    kind(f.kind),
                    f.help.trim(),
                )]);
            }
        }
        crate::documented("config.md", &text);
    }

    #[test]
    fn every_field_has_help_and_its_own_environment_name() {
        let mut names: Vec<_> = Config::fields().map(|f| f.env_name()).collect();
        assert!(Config::fields().all(|f| !f.help.trim().is_empty()));
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
