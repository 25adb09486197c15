//! Databases to test on, and things to put into them.

use futures::future::BoxFuture;
use model::{
    ChannelId, Id, Millis, TeamId, UserId,
    channels::{Channel, ChannelMember, ChannelType},
    posts::Post,
    teams::{Team, TeamMember},
    users::User,
};
use sqlx::{AssertSqlSafe, Executor, MySqlPool, PgPool, SqlitePool, migrate::MigrateDatabase};
use std::sync::atomic::{AtomicU64, Ordering};
use store::{Error, Options, Store, Tx};

/// A suite: what it is called and what it does.
pub type Suite = (&'static str, fn(Store) -> BoxFuture<'static, ()>);

/// Lists suites by the paths of their functions.
macro_rules! suites {
    ($($module:ident::$name:ident),* $(,)?) => {
        const SUITES: &[fixture::Suite] = &[$(
            (concat!(stringify!($module), "::", stringify!($name)), |store| Box::pin($module::$name(store))),
        )*];
    };
}
pub(crate) use suites;

/// A database of this run.
pub struct Database {
    url: String,
    /// The folder of a SQLite file; removed when dropped.
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self { url, _folder: Some(folder) }
    }

    /// A new database on the server whose address is in an environment variable, if it is set.
    pub async fn configured(variable: &str) -> Option<Self> {
        let server = std::env::var(variable).ok().filter(|url| !url.is_empty())?;
        let name = format!("confab_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let (server, query) = server.split_once('?').map_or((server.as_str(), ""), |(a, b)| (a, b));
        let authority = server.find("://").unwrap() + 3;
        let base = server[authority..].find('/').map_or(server, |slash| &server[..authority + slash]);
        let url = format!("{base}/{name}{}{query}", if query.is_empty() { "" } else { "?" });
        if url.starts_with("postgres") {
            sqlx::Postgres::create_database(&url).await.unwrap();
        } else {
            sqlx::MySql::create_database(&url).await.unwrap();
        }
        Some(Self { url, _folder: None })
    }

    pub fn options(&self) -> Options {
        Options { acquire_timeout: std::time::Duration::from_secs(20), ..Options::new(&self.url) }
    }

    pub async fn open(&self) -> Store {
        Store::open(&self.options()).await.unwrap()
    }

    /// Empties every table.
    pub async fn empty(&self) {
        if self.url.starts_with("sqlite") {
            self.execute("DELETE FROM post_words").await;
            self.execute("DELETE FROM file_words").await;
        }
        for table in TABLES {
            self.execute(&format!("DELETE FROM {table}")).await;
        }
    }

    pub async fn execute(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.url.starts_with("sqlite") {
            let pool = SqlitePool::connect(&self.url).await.unwrap();
            pool.execute(sql).await.unwrap();
            pool.close().await;
        } else if self.url.starts_with("postgres") {
            let pool = PgPool::connect(&self.url).await.unwrap();
            pool.execute(sql).await.unwrap();
            pool.close().await;
        } else {
            let pool = MySqlPool::connect(&self.url).await.unwrap();
            pool.execute(sql).await.unwrap();
            pool.close().await;
        }
    }

    /// How SQLite means to run a statement.
    pub async fn plan(&self, statement: &str) -> String {
        let pool = SqlitePool::connect(&self.url).await.unwrap();
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&pool).await.unwrap();
        rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("; ")
    }

    /// Tables and their columns, without types.
    pub async fn columns(&self) -> Vec<(String, String)> {
        const INFORMATION: &str = "SELECT CAST(table_name AS CHAR(64)), CAST(column_name AS CHAR(64)) \
            FROM information_schema.columns WHERE table_schema = ";
        let clean = |(a, b): (String, String)| (a.trim_end().to_owned(), b.trim_end().to_owned());
        let mut columns: Vec<(String, String)> = if self.url.starts_with("sqlite") {
            let pool = SqlitePool::connect(&self.url).await.unwrap();
            let sql = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c \
                       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
            sqlx::query_as(sql).fetch_all(&pool).await.unwrap()
        } else if self.url.starts_with("postgres") {
            let pool = PgPool::connect(&self.url).await.unwrap();
            let sql = AssertSqlSafe(format!("{INFORMATION} 'public'"));
            let columns: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
            columns.into_iter().map(clean).collect()
        } else {
            let pool = MySqlPool::connect(&self.url).await.unwrap();
            let sql = AssertSqlSafe(format!("{INFORMATION} DATABASE()"));
            sqlx::query_as(sql).fetch_all(&pool).await.unwrap()
        };
        // The index of words is each database's own.
        columns.retain(|(table, column)| {
            let words = table.starts_with("post_words") || table.starts_with("file_words");
            table != "_sqlx_migrations" && !words && (!table.starts_with("indexed_") || column != "words")
        });
        columns.sort();
        columns
    }

    pub async fn drop(self) {
        if self.url.starts_with("postgres") {
            sqlx::Postgres::force_drop_database(&self.url).await.unwrap();
        } else if self.url.starts_with("mysql") {
            sqlx::MySql::drop_database(&self.url).await.unwrap();
        }
    }
}

const TABLES: &[&str] = &[
    "bots",
    "access_tokens",
    "incoming_webhooks",
    "outgoing_webhooks",
    "commands",
    "command_answers",
    "post_actions",
    "link_previews",
    "oauth_apps",
    "oauth_codes",
    "oauth_grants",
    "schemes",
    "jobs",
    "users",
    "sessions",
    "roles",
    "preferences",
    "statuses",
    "tokens",
    "teams",
    "team_members",
    "channels",
    "channel_members",
    "sidebar_categories",
    "sidebar_channels",
    "search_pending",
    "indexed_posts",
    "file_search_pending",
    "indexed_files",
    "posts",
    "pending_posts",
    "thread_participants",
    "thread_members",
    "reactions",
    "acknowledgements",
    "channel_bookmarks",
    "group_members",
    "user_groups",
    "drafts",
    "scheduled_posts",
    "system_values",
    "file_infos",
    "retention_policy_teams",
    "retention_policy_channels",
    "retention_policies",
    "audits",
    "resume_log",
    "resume_connections",
];

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A new id. They differ from each other, and later ones are greater.
pub fn id<K>() -> Id<K> {
    format!("{:026}", NEXT.fetch_add(1, Ordering::Relaxed)).parse().unwrap()
}

/// Does one thing in a transaction: `write!(store, tx => tx.users().insert(&user, ""))`. What it uses is cloned.
macro_rules! write {
    ($store:expr, [$($kept:ident),*], $tx:ident => $work:expr) => {{
        $(let $kept = $kept.clone();)*
        $store.write(move |$tx| {
            $(let $kept = $kept.clone();)*
            Box::pin(async move { $work.await })
        }).await
    }};
}
pub(crate) use write;

/// For work that a macro can't hold: names the types that inference needs.
pub async fn change<T, F>(store: &Store, work: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, Error>> + Send + Sync + 'static,
{
    store.write(work).await
}

pub fn user(name: &str) -> User {
    User {
        id: id(),
        create_at: 1000,
        update_at: 1000,
        username: name.to_owned(),
        email: format!("{name}@example.com"),
        roles: "system_user".to_owned(),
        notify_props: User::default_notify_props(),
        timezone: User::default_timezone(),
        locale: "en".to_owned(),
        ..User::default()
    }
}

pub fn team(name: &str) -> Team {
    Team {
        id: id(),
        create_at: 1000,
        update_at: 1000,
        display_name: format!("Team {name}"),
        name: name.to_owned(),
        kind: "O".to_owned(),
        invite_id: format!("invite-{name}"),
        allow_open_invite: true,
        ..Team::default()
    }
}

pub fn channel(team: TeamId, name: &str) -> Channel {
    Channel {
        id: id(),
        create_at: 1000,
        update_at: 1000,
        team_id: team,
        kind: ChannelType::Open,
        display_name: format!("Channel {name}"),
        name: name.to_owned(),
        ..Channel::default()
    }
}

pub fn team_member(team: TeamId, user: UserId) -> TeamMember {
    TeamMember { team_id: team, user_id: user, roles: "team_user".into(), scheme_user: true, ..TeamMember::default() }
}

pub fn member(channel: ChannelId, user: UserId) -> ChannelMember {
    ChannelMember {
        channel_id: channel,
        user_id: user,
        roles: "channel_user".into(),
        scheme_user: true,
        notify_props: ChannelMember::default_notify_props(),
        ..ChannelMember::default()
    }
}

pub fn post(channel: ChannelId, user: UserId, at: Millis, message: &str) -> Post {
    Post {
        id: id(),
        create_at: at,
        update_at: at,
        user_id: user,
        channel_id: channel,
        message: message.to_owned(),
        ..Post::default()
    }
}

/// Puts people in, and gives them back.
pub async fn users<const N: usize>(store: &Store, names: [&str; N]) -> [User; N] {
    let users = names.map(user);
    for user in users.clone() {
        write!(store, [user], tx => tx.users().insert(&user, "hash")).unwrap();
    }
    users
}

/// Puts a team with these members in.
pub async fn team_of(store: &Store, name: &str, people: &[&User]) -> Team {
    let team = team(name);
    write!(store, [team], tx => tx.teams().insert(&team)).unwrap();
    for user in people {
        let member = team_member(team.id, user.id);
        write!(store, [member], tx => tx.team_members().save(&member, 1000)).unwrap();
    }
    team
}

/// Puts a channel with these members in.
pub async fn channel_of(store: &Store, team: TeamId, name: &str, people: &[&User]) -> Channel {
    let channel = channel(team, name);
    write!(store, [channel], tx => tx.channels().insert(&channel)).unwrap();
    for user in people {
        let member = member(channel.id, user.id);
        assert!(write!(store, [member], tx => tx.channel_members().add(&member)).unwrap());
    }
    channel
}

/// Puts a post in.
pub async fn posted(store: &Store, post: Post) -> Post {
    write!(store, [post], tx => tx.posts().insert(&post)).unwrap();
    post
}

/// The names of users, in order.
pub fn names(users: &[User]) -> Vec<&str> {
    users.iter().map(|user| user.username.as_str()).collect()
}

/// The messages of posts, in order.
pub fn messages(posts: &[Post]) -> Vec<&str> {
    posts.iter().map(|post| post.message.as_str()).collect()
}
