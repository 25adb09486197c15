//! What is read all the time, kept in memory: bounded, and told at once what a change makes stale.
//!
//! A value that was being read while something was touched is used once and not kept, so that an old one can
//! never take the place of a new one.

use crate::error::Result;
use model::{
    AnyId, ChannelId, Millis, TeamId, UserId, channels::Channel, channels::ChannelMember, event::Touched,
    permission::PermissionSet, sessions::Session, teams::Team, teams::TeamMember, text::mentions::Keywords,
    users::User, webhooks::OutgoingWebhook,
};
use moka::sync::Cache;
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// One kind of thing by one kind of key.
pub struct Kept<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static> {
    values: Cache<K, V>,
    touched: AtomicU64,
}

impl<K: Hash + Eq + Copy + Send + Sync + 'static, V: Clone + Send + Sync + 'static> Kept<K, V> {
    /// Keeps at most `most` values.
    pub fn new(most: u64) -> Self {
        Self { values: Cache::new(most), touched: AtomicU64::new(0) }
    }

    /// The value, read if it is not kept. Only what `load` finds is kept.
    pub async fn find(&self, key: K, load: impl Future<Output = Result<Option<V>>>) -> Result<Option<V>> {
        if let Some(value) = self.values.get(&key) {
            return Ok(Some(value));
        }
        let before = self.touched.load(Ordering::Acquire);
        let value = load.await?;
        if let Some(value) = &value
            && self.touched.load(Ordering::Acquire) == before
        {
            self.values.insert(key, value.clone());
            // Something may have been touched between the look and the insertion.
            if self.touched.load(Ordering::Acquire) != before {
                self.values.invalidate(&key);
            }
        }
        Ok(value)
    }

    /// The value if it is kept.
    pub fn get(&self, key: K) -> Option<V> {
        self.values.get(&key)
    }

    /// Forgets one value.
    pub fn forget(&self, key: K) {
        self.touched.fetch_add(1, Ordering::AcqRel);
        self.values.invalidate(&key);
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.touched.fetch_add(1, Ordering::AcqRel);
        self.values.invalidate_all();
    }
}

/// A signed-in session, and when its use was last written down.
pub struct LiveSession {
    pub session: Session,
    pub csrf: String,
    pub noted_at: std::sync::atomic::AtomicI64,
}

/// Who hears of a channel's posts, and by which words.
#[derive(Default)]
pub struct Audience {
    pub members: BTreeMap<UserId, Hearer>,
    pub keywords: Keywords,
    /// The names of groups, with those of them who are members.
    pub groups: Keywords,
    /// Those who listen to `@channel` and `@all`; `@here` reaches those of them who are online.
    pub channel_wide: BTreeSet<UserId>,
}

/// A member, as far as mentions go.
#[derive(Clone, Debug, Default)]
pub struct Hearer {
    /// `any`, `root` or `never`: whether replies count as mentions.
    pub comments: String,
}

/// Everything that is kept.
pub struct Caches {
    pub sessions: Kept<AnyId, Arc<LiveSession>>,
    pub users: Kept<UserId, Arc<User>>,
    pub teams: Kept<TeamId, Arc<Team>>,
    pub team_members: Kept<(TeamId, UserId), Option<Arc<TeamMember>>>,
    /// For who may do what; the counters in it may be old.
    pub channels: Kept<ChannelId, Arc<Channel>>,
    /// For who may do what; the counters in it may be old.
    pub channel_members: Kept<(ChannelId, UserId), Option<Arc<ChannelMember>>>,
    pub audiences: Kept<ChannelId, Arc<Audience>>,
    /// Statistics by name and team: they cost much, and may be a little old.
    pub analytics: Cache<(String, TeamId), serde_json::Value>,
    /// What linked pages say of themselves, by the hash of their addresses.
    pub previews: Cache<String, Arc<model::opengraph::Preview>>,
    /// Kept as soon as there is an account.
    pub accounts: Kept<(), ()>,
    /// When the server was first started.
    pub installed_at: Kept<(), Millis>,
    /// Each team's.
    pub outgoing_webhooks: Kept<TeamId, Arc<Vec<OutgoingWebhook>>>,
    /// All roles at once: there are few.
    pub roles: Kept<(), Arc<BTreeMap<String, PermissionSet>>>,
}

impl Default for Caches {
    fn default() -> Self {
        Self {
            sessions: Kept::new(100_000),
            users: Kept::new(50_000),
            teams: Kept::new(10_000),
            team_members: Kept::new(200_000),
            channels: Kept::new(50_000),
            channel_members: Kept::new(500_000),
            audiences: Kept::new(2_000),
            analytics: Cache::builder().max_capacity(1_000).time_to_live(std::time::Duration::from_mins(1)).build(),
            previews: Cache::builder().max_capacity(5_000).time_to_live(std::time::Duration::from_mins(10)).build(),
            accounts: Kept::new(1),
            installed_at: Kept::new(1),
            outgoing_webhooks: Kept::new(10_000),
            roles: Kept::new(1),
        }
    }
}

impl Caches {
    /// Forgets everything.
    pub fn clear(&self) {
        self.sessions.clear();
        self.users.clear();
        self.teams.clear();
        self.team_members.clear();
        self.channels.clear();
        self.channel_members.clear();
        self.audiences.clear();
        self.analytics.invalidate_all();
        self.previews.invalidate_all();
        self.accounts.clear();
        self.roles.clear();
        self.outgoing_webhooks.clear();
    }

    /// Forgets what a change made stale.
    pub fn touched(&self, touched: &Touched) {
        match touched {
            Touched::User(id) => {
                self.users.forget(*id);
                // Names and settings decide who is mentioned, in every channel of the user.
                self.audiences.clear();
            }
            // Few sessions end; which tokens they had is not known here.
            Touched::SessionsEnded { .. } | Touched::AllSessionsEnded => self.sessions.clear(),
            Touched::Team(id) => self.teams.forget(*id),
            Touched::TeamJoined { team_id, user_id }
            | Touched::TeamLeft { team_id, user_id }
            | Touched::TeamMember { team_id, user_id } => self.team_members.forget((*team_id, *user_id)),
            Touched::Channel(id) => {
                self.channels.forget(*id);
            }
            Touched::ChannelJoined { channel_id, user_id }
            | Touched::ChannelLeft { channel_id, user_id }
            | Touched::ChannelMember { channel_id, user_id } => {
                self.channel_members.forget((*channel_id, *user_id));
                self.audiences.forget(*channel_id);
            }
            Touched::Groups => self.audiences.clear(),
            Touched::Schemes => {
                self.team_members.clear();
                self.channel_members.clear();
            }
            Touched::OutgoingWebhooks(team) => self.outgoing_webhooks.forget(*team),
            Touched::Role(_) => self.roles.clear(),
            Touched::Guest { .. } | Touched::Preferences(_) | Touched::Status(_) | Touched::Jobs => {}
        }
    }
}

/// How long a session's use need not be written down again.
pub const ACTIVITY_NOTED_EVERY: Millis = 5 * 60 * 1000;
