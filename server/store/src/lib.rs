//! SQL and nothing else, for SQLite, PostgreSQL and MySQL/MariaDB.
//!
//! [`Store`] has an accessor per resource of the API, [`Store::users`] and so on, for reading. Changes go through
//! [`Store::write`]: its closure gets a [`Tx`] with the same accessors, which can also change things. There is no
//! other way to change anything, so that no counter, event or job can come apart from what it belongs to.
//!
//! Every resource file has its statements on top, functions below, row readers last. Ids and times are always the
//! caller's: the store neither reads a clock nor rolls dice. Who may do what is not decided here.

pub mod access_tokens;
pub mod acknowledgements;
pub mod analytics;
pub mod audits;
pub mod bookmarks;
pub mod bots;
pub mod burning;
pub mod channel_members;
pub mod channels;
pub mod commands;
pub mod compliance;
pub mod db;
pub mod drafts;
pub mod emoji;
mod error;
pub mod files;
pub mod groups;
pub mod jobs;
pub mod link_previews;
pub mod mail_waiting;
pub mod oauth;
pub mod outgoing_oauth;
pub mod post_actions;
pub mod posts;
pub mod preferences;
pub mod reactions;
pub mod resume;
pub mod retention;
pub mod roles;
pub mod scheduled_posts;
pub mod schemes;
pub mod search;
pub mod second_factors;
pub mod sessions;
pub mod sidebar;
pub mod statuses;
pub mod system;
pub mod team_members;
pub mod teams;
pub mod terms_of_service;
pub mod thread_moves;
pub mod threads;
pub mod tokens;
pub mod uploads;
pub mod user_reports;
pub mod users;
pub mod webhooks;
mod write;

pub use db::{Db, Dialect, Options, Synchronous, Tx};
pub use error::{Error, Result};

use db::Exec;
use futures::future::BoxFuture;
use model::event::{Announcement, Touched};
use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, mpsc, oneshot};
use write::{Message, Outlets};

/// Where announcements go once their change has been committed.
pub trait Outlet: Send + Sync {
    /// Takes what committed changes have to say, in their order. Called before those who made them get their answer;
    /// must not block, since on SQLite everybody's answers wait for it.
    fn released(&self, touched: Vec<Touched>, announcements: Vec<Announcement>);
}

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    db: Arc<Db>,
    /// The way to the one writer (SQLite).
    writer: Option<mpsc::Sender<Message>>,
    outlets: Outlets,
    /// What [`Store::ping`] found last.
    pinged: Arc<Mutex<Option<Pinged>>>,
}

/// An answer of [`Store::ping`], and when it was found.
type Pinged = (Instant, Result<()>);

/// How long it holds.
const PINGED_FOR: Duration = Duration::from_secs(1);

impl Store {
    /// Opens a database and brings its schema up to date.
    ///
    /// # Errors
    ///
    /// [`Error::Config`], [`Error::Unavailable`], or [`Error::Database`] when a migration fails.
    pub async fn open(options: &Options) -> Result<Self> {
        let db = Db::open(options).await?;
        db::migrate::run(&db).await?;
        let outlets: Outlets = Arc::new(OnceLock::new());
        let writer = match &db {
            Db::Sqlite { write, memory, .. } => Some(write::start(write.clone(), !memory, outlets.clone())),
            _ => None,
        };
        Ok(Self { db: Arc::new(db), writer, outlets, pinged: Arc::default() })
    }

    /// A database in memory, for tests: gone when the store is.
    pub async fn memory() -> Result<Self> {
        Self::open(&Options::memory()).await
    }

    /// Says where announcements go. Only the first call counts.
    pub fn set_outlet(&self, outlet: Arc<dyn Outlet>) {
        let _ = self.outlets.set(outlet);
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.db.dialect()
    }

    /// The migrations that this version has, as their numbers and names.
    pub fn schema() -> impl Iterator<Item = (i64, &'static str)> {
        db::migrate::known()
    }

    /// Whether the database answers and can write, found out at most once a second by writing something small. A file
    /// that is locked or a disk that is full is read from all the same.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] mostly.
    pub async fn ping(&self) -> Result<()> {
        let mut pinged = self.pinged.lock().await;
        if let Some((at, result)) = &*pinged
            && at.elapsed() < PINGED_FOR
        {
            return result.clone();
        }
        let result = self.write(|tx| Box::pin(async move { tx.system().set("pinged", "").await })).await;
        *pinged = Some((Instant::now(), result.clone()));
        result
    }

    /// Changes something: runs `work` in a transaction, and answers when it is durable.
    ///
    /// All of it is kept or, when `work` returns an error or panics, nothing. What it announced is released after the
    /// commit and before this returns. Once begun it is finished, even if the caller goes away.
    ///
    /// `work` may be run several times (PostgreSQL and MySQL break deadlocks), hence `Fn`: what it takes in it clones.
    /// It should do nothing but speak to the database: on SQLite every other change waits for it. Reading inside goes
    /// through `tx`, never through the store, which may have no connection to spare. A statement that fails spoils the
    /// transaction, even if `work` ignores it.
    ///
    /// ```
    /// # use store::{Error, Store};
    /// # async fn example(store: Store) -> Result<(), Error> {
    /// store.write(|tx| Box::pin(async move { tx.system().set("colour", "blue").await })).await
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What `work` returned, or why there was no commit.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
    {
        match &self.writer {
            Some(queue) => write::enqueue(queue, work).await,
            None => write::alone(self.db.clone(), self.outlets.clone(), work).await,
        }
    }

    /// Finishes the changes under way and closes the database. Later calls fail with [`Error::Closed`].
    pub async fn close(&self) {
        *self.pinged.lock().await = None;
        if let Some(queue) = &self.writer {
            let (waiting, stopped) = oneshot::channel();
            // An error means that it has been stopped already; so does one from waiting.
            let _ = queue.send(Message::Stop(waiting)).await;
            let _ = stopped.await;
        }
        self.db.close().await;
    }
}

/// Makes the two halves of each resource: one that reads, on a store or in a transaction, and one that also changes,
/// in a transaction only.
macro_rules! resources {
    ($($(#[$doc:meta])* $name:ident: $Reads:ident, $Writes:ident;)*) => {
        $(
            $(#[$doc])*
            pub struct $Reads<'a> {
                pub(crate) db: Exec<'a>,
            }

            #[doc = concat!("[`", stringify!($Reads), "`] in a transaction, where it can also change them.")]
            pub struct $Writes<'a>(pub(crate) $Reads<'a>);

            impl<'a> std::ops::Deref for $Writes<'a> {
                type Target = $Reads<'a>;
                fn deref(&self) -> &$Reads<'a> {
                    &self.0
                }
            }

            impl<'a> std::ops::DerefMut for $Writes<'a> {
                fn deref_mut(&mut self) -> &mut $Reads<'a> {
                    &mut self.0
                }
            }
        )*

        impl Store {
            $(
                $(#[$doc])*
                pub fn $name(&self) -> $Reads<'_> {
                    $Reads { db: Exec::Pool(&self.db) }
                }
            )*
        }

        impl Tx {
            $(
                $(#[$doc])*
                pub fn $name(&mut self) -> $Writes<'_> {
                    $Writes($Reads { db: Exec::Tx(self) })
                }
            )*
        }
    };
}

resources! {
    /// Tokens by which programs act as somebody.
    access_tokens: AccessTokens, AccessTokensMut;
    /// Who has seen the posts that asked for it.
    acknowledgements: Acknowledgements, AcknowledgementsMut;
    /// Counts for administrators.
    analytics: Analytics, AnalyticsMut;
    /// What was done by whom, for administrators.
    audits: Audits, AuditsMut;
    /// Links and files that channels keep at hand.
    bookmarks: Bookmarks, BookmarksMut;
    /// Accounts of programs.
    bots: Bots, BotsMut;
    /// People in channels: what they have read, and how they want to hear of it.
    channel_members: ChannelMembers, ChannelMembersMut;
    /// Channels of all types.
    channels: Channels, ChannelsMut;
    /// Slash commands that programs answer, and where they answer later.
    commands: Commands, CommandsMut;
    /// What people have begun to write.
    drafts: Drafts, DraftsMut;
    /// Emoji that people added.
    emoji: Emoji, EmojiMut;
    /// What is known of files, and to which posts they belong.
    files: Files, FilesMut;
    /// Groups that people make to mention several at once.
    groups: Groups, GroupsMut;
    /// Work that is done after the change that ordered it.
    jobs: Jobs, JobsMut;
    /// What linked pages say of themselves.
    link_previews: LinkPreviews, LinkPreviewsMut;
    /// Messages that are to be told of by mail.
    mail_waiting: MailWaiting, MailWaitingMut;
    /// Programs that ask people for access to their accounts, and what was given.
    oauth: OAuth, OAuthMut;
    /// Texts that burn after reading.
    burning: Burning, BurningMut;
    /// Reports of what was written.
    compliance: Compliance, ComplianceMut;
    /// How this server signs in to the programs of integrations.
    outgoing_oauth: OutgoingOAuth, OutgoingOAuthMut;
    /// What buttons and menus under posts call.
    post_actions: PostActions, PostActionsMut;
    /// Posts, and the pending ids by which a repeated send is known.
    posts: Posts, PostsMut;
    /// What people prefer.
    preferences: Preferences, PreferencesMut;
    /// The emoji under posts.
    reactions: Reactions, ReactionsMut;
    /// What connected clients may have missed, kept over a restart.
    resume: Resume, ResumeMut;
    /// How long messages and files are kept.
    retention: Retention, RetentionMut;
    /// Named sets of permissions.
    roles: Roles, RolesMut;
    /// What is to be sent later.
    scheduled_posts: ScheduledPosts, ScheduledPostsMut;
    /// Roles of their own for some teams and channels.
    schemes: Schemes, SchemesMut;
    /// What can be found.
    search: Search, SearchMut;
    /// Secrets and recovery codes of second factors.
    second_factors: SecondFactors, SecondFactorsMut;
    /// Signed-in sessions.
    sessions: Sessions, SessionsMut;
    /// How people arrange their channels.
    sidebar: Sidebar, SidebarMut;
    /// Who is here.
    statuses: Statuses, StatusesMut;
    /// Small values of the server itself.
    system: System, SystemMut;
    /// People in teams.
    team_members: TeamMembers, TeamMembersMut;
    /// Teams.
    teams: Teams, TeamsMut;
    /// Terms that people have to accept.
    terms_of_service: TermsOfService, TermsOfServiceMut;
    /// Who follows which thread.
    threads: Threads, ThreadsMut;
    /// Secrets in mails: password reset, address verification, invitation.
    tokens: Tokens, TokensMut;
    /// Uploads that go on over several requests.
    uploads: Uploads, UploadsMut;
    /// People and bots.
    users: Users, UsersMut;
    /// Addresses that programs post to, and addresses that are told what was posted.
    webhooks: Webhooks, WebhooksMut;
}
