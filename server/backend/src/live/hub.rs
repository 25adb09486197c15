//! Who is connected, and what each of them hears.
//!
//! Nothing here goes through all connections for one channel's event: the channels and teams of those who are
//! connected are kept as an index, moved by the same changes that cause events, before those changes are
//! answered. So a removal ends delivery before it is answered.

use super::{
    log::{Gone, Log, Marks, Saved},
    queue::{Asks, Encoded, End, Queue, Waiting},
};
use crate::clock::Clock;
use model::{
    ChannelId, ConnectionId, Millis, SessionId, TeamId, UserId,
    event::{Announcement, Broadcast, Class, Event, Touched, encode},
};
use parking_lot::{Mutex, RwLock};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};
use store::{Outlet, Store};

/// Nothing heard for this long: the connection is dead.
const SILENCE: Millis = 100_000;

/// One connected client.
#[derive(Debug)]
pub struct Connection {
    pub id: ConnectionId,
    pub user_id: UserId,
    pub session_id: SessionId,
    pub queue: Queue,
    /// When something was last heard of it.
    pub heard_at: AtomicI64,
    /// Whether it acknowledges posts that notify its user, once it has shown them.
    pub acknowledges: AtomicBool,
    /// What it says it shows; nothing if it never said so.
    looks_at: Mutex<Option<Box<LooksAt>>>,
    sent: Mutex<Sent>,
}

/// The channels that a client shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LooksAt {
    pub channel: ChannelId,
    /// Of the thread beside the channel.
    pub beside: ChannelId,
    /// Of the thread in the list of threads.
    pub thread: ChannelId,
}

#[derive(Debug, Default)]
struct Sent {
    next: i64,
    marks: Marks,
}

impl Connection {
    /// Gives the next number to an event that is written now, and remembers its position.
    pub fn number(&self, position: u64) -> i64 {
        let mut sent = self.sent.lock();
        let seq = sent.next;
        sent.next += 1;
        sent.marks.push(seq, position);
        seq
    }

    /// The client says what it shows from now on. It is told of typing there only, which is most of what a busy
    /// server has to say; whoever says nothing is told of all.
    pub fn look(&self, change: impl FnOnce(&mut LooksAt)) {
        change(self.looks_at.lock().get_or_insert_default());
    }

    fn shows(&self, channel: ChannelId) -> bool {
        self.looks_at.lock().as_ref().is_none_or(|at| [at.channel, at.beside, at.thread].contains(&channel))
    }

    /// The text of an event for this client.
    pub fn text(&self, event: &Encoded, seq: i64) -> String {
        event.text(seq, self.acknowledges.load(Ordering::Relaxed) && event.asks.includes(self.user_id))
    }
}

/// Everybody's connections.
pub struct Hub {
    index: RwLock<Index>,
    /// Held while an event is given to its receivers, so that the log and all queues have one order.
    log: Mutex<Log>,
    store: Store,
    clock: Clock,
    listeners: RwLock<Vec<Listener>>,
}

/// Hears what every change touched, before the change is answered: the caches.
type Listener = Box<dyn Fn(&Touched) + Send + Sync>;

#[derive(Default)]
struct Index {
    users: HashMap<UserId, Online>,
    channels: HashMap<ChannelId, HashSet<UserId>>,
    teams: HashMap<TeamId, HashSet<UserId>>,
}

/// Somebody who is connected.
#[derive(Default)]
struct Online {
    connections: Vec<Arc<Connection>>,
    channels: HashSet<ChannelId>,
    teams: HashSet<TeamId>,
    /// A guest hears only of those who share a channel with them.
    guest: bool,
    /// Counts the changes of memberships, so that a list read before one is not taken for the truth after it.
    version: u64,
}

impl Hub {
    /// Nobody is connected yet.
    pub fn new(store: Store, clock: Clock) -> Arc<Self> {
        let hub = Self { index: RwLock::default(), log: Mutex::default(), store, clock, listeners: RwLock::default() };
        Arc::new(hub)
    }

    /// Has `listener` hear what every change touches.
    pub fn on_touched(&self, listener: impl Fn(&Touched) + Send + Sync + 'static) {
        self.listeners.write().push(Box::new(listener));
    }

    /// Connects a client: a new one, or one that comes back and expects the number `next`.
    ///
    /// A new one is greeted with `hello`; one that came back gets what it missed. The flag tells which.
    ///
    /// # Errors
    ///
    /// The memberships cannot be read.
    pub async fn connect(
        &self,
        user_id: UserId,
        session_id: SessionId,
        back: Option<(ConnectionId, i64)>,
        hello: impl FnOnce(ConnectionId) -> Event,
    ) -> store::Result<Arc<Connection>> {
        self.watch(user_id).await?;
        let mut log = self.log.lock();
        let now = self.clock.now();
        let resumed = back.and_then(|(id, next)| Some((id, next, log.resume(id, next, session_id, now)?)));
        let id = resumed.as_ref().map_or_else(crate::clock::new_id, |(id, ..)| *id);
        let sent = resumed.as_ref().map_or_else(Sent::default, |(_, next, (_, marks))| Sent {
            next: *next,
            marks: marks.clone().before_only(*next),
        });
        let connection = Arc::new(Connection {
            id,
            user_id,
            session_id,
            queue: Queue::default(),
            heard_at: AtomicI64::new(now),
            acknowledges: AtomicBool::new(false),
            looks_at: Mutex::default(),
            sent: Mutex::new(sent),
        });
        let mut index = self.index.write();
        if let Some((_, _, (position, _))) = resumed {
            let missed = log.after(position).filter(|e| index.concerns(&e.to, &connection));
            missed.for_each(|e| connection.queue.push(Waiting { event: e.event.clone(), position: e.position }));
        } else {
            let event = Arc::new(Encoded {
                prefix: encode(&Announcement { event: hello(id), to: Broadcast::user(user_id) }),
                class: Class::Durable,
                key: None,
                asks: Asks::Nobody,
            });
            connection.queue.push(Waiting { event, position: log.position() });
        }
        index.users.entry(user_id).or_default().connections.push(connection.clone());
        Ok(connection)
    }

    /// Puts somebody's channels and teams in the index, unless they are there.
    async fn watch(&self, user_id: UserId) -> store::Result<()> {
        loop {
            let version = {
                let mut index = self.index.write();
                let online = index.users.entry(user_id).or_default();
                if !online.channels.is_empty() || !online.teams.is_empty() {
                    return Ok(());
                }
                online.version
            };
            let channels = self.store.channel_members().channel_ids(user_id).await?;
            let teams = self.store.team_members().of_user(user_id).await?;
            let guest = self.store.users().by_id(user_id).await?.is_some_and(|u| u.has_role("system_guest"));
            let mut index = self.index.write();
            let index = &mut *index;
            let online = index.users.entry(user_id).or_default();
            if online.version != version {
                continue;
            }
            online.guest = guest;
            for id in channels {
                online.channels.insert(id);
                index.channels.entry(id).or_default().insert(user_id);
            }
            for id in teams.into_iter().filter(|m| m.delete_at == 0).map(|m| m.team_id) {
                online.teams.insert(id);
                index.teams.entry(id).or_default().insert(user_id);
            }
            return Ok(());
        }
    }

    /// Forgets a connection that has ended; it may come back. Tells whether it was the user's last.
    pub fn disconnect(&self, connection: &Connection, may_come_back: bool) -> bool {
        let mut log = self.log.lock();
        if may_come_back {
            let marks = connection.sent.lock().marks.clone();
            let gone =
                Gone { user_id: connection.user_id, session_id: connection.session_id, at: self.clock.now(), marks };
            log.remember(connection.id, gone);
        }
        let mut index = self.index.write();
        let Some(online) = index.users.get_mut(&connection.user_id) else { return true };
        online.connections.retain(|c| !std::ptr::eq(&raw const **c, connection));
        if !online.connections.is_empty() {
            return false;
        }
        index.forget(connection.user_id);
        true
    }

    /// Those of a channel who are connected, at most so many.
    pub fn present(&self, channel: ChannelId, most: usize) -> Vec<UserId> {
        self.index.read().channels.get(&channel).into_iter().flatten().copied().take(most).collect()
    }

    /// Whether somebody has a connection.
    pub fn is_online(&self, user_id: UserId) -> bool {
        self.index.read().users.get(&user_id).is_some_and(|o| !o.connections.is_empty())
    }

    /// How many clients are connected.
    pub fn count(&self) -> usize {
        self.index.read().users.values().map(|o| o.connections.len()).sum()
    }

    /// Gives an event to its receivers without any change behind it: typing, statuses.
    pub fn announce(&self, announcement: &Announcement) {
        let event = Arc::new(Encoded {
            prefix: encode(announcement),
            class: announcement.event.class(),
            key: state_key(&announcement.event),
            asks: asks(&announcement.event),
        });
        let typing_in = matches!(announcement.event, Event::Typing { .. }).then_some(announcement.to.channel_id);
        let mut log = self.log.lock();
        let position = log.push(&announcement.to, &event, self.clock.now());
        let index = self.index.read();
        index.each(&announcement.to, |connection| {
            if typing_in.is_some_and(|channel| !connection.shows(channel)) {
                return;
            }
            connection.queue.push(Waiting { event: event.clone(), position });
        });
    }

    /// Asks a sixtieth of all clients whether they are there, and ends those that were silent too long;
    /// called every second.
    pub fn tick(&self, second: u64) {
        let now = self.clock.now();
        let index = self.index.read();
        for connection in index.users.values().flat_map(|o| &o.connections) {
            // Ids are random: any letter of one spreads them evenly.
            let slot = connection.id.as_str().bytes().take(2).map(u64::from).sum::<u64>() % 60;
            if slot != second % 60 {
                continue;
            }
            if connection.heard_at.load(Ordering::Relaxed) < now - SILENCE {
                connection.queue.end(End::Silence);
            } else {
                connection.queue.ping();
            }
        }
    }

    /// Ends all connections because the server stops; they can resume.
    pub fn shut_down(&self) {
        for connection in self.index.read().users.values().flat_map(|o| &o.connections) {
            connection.queue.end(End::Shutdown);
        }
    }

    /// The log as it is now, to be kept over a restart.
    pub fn save(&self) -> Saved {
        self.log.lock().save()
    }

    /// Goes on with the log of another process; before anybody connects.
    pub fn restore(&self, saved: Saved) {
        *self.log.lock() = Log::restore(saved);
    }

    fn moved(&self, touched: &Touched) {
        let mut index = self.index.write();
        match *touched {
            Touched::ChannelJoined { channel_id, user_id } => {
                let Some(online) = index.users.get_mut(&user_id) else { return };
                online.version += 1;
                online.channels.insert(channel_id);
                index.channels.entry(channel_id).or_default().insert(user_id);
            }
            Touched::ChannelLeft { channel_id, user_id } => {
                if let Some(online) = index.users.get_mut(&user_id) {
                    online.version += 1;
                    online.channels.remove(&channel_id);
                }
                remove(&mut index.channels, channel_id, user_id);
            }
            Touched::TeamJoined { team_id, user_id } => {
                let Some(online) = index.users.get_mut(&user_id) else { return };
                online.version += 1;
                online.teams.insert(team_id);
                index.teams.entry(team_id).or_default().insert(user_id);
            }
            Touched::TeamLeft { team_id, user_id } => {
                if let Some(online) = index.users.get_mut(&user_id) {
                    online.version += 1;
                    online.teams.remove(&team_id);
                }
                remove(&mut index.teams, team_id, user_id);
            }
            Touched::SessionsEnded { user_id, ref session_ids } => {
                let Some(online) = index.users.get(&user_id) else { return };
                for connection in online.connections.iter().filter(|c| session_ids.contains(&c.session_id)) {
                    connection.queue.end(End::Session);
                }
            }
            Touched::Guest { user_id, guest } => {
                if let Some(online) = index.users.get_mut(&user_id) {
                    online.version += 1;
                    online.guest = guest;
                }
            }
            Touched::AllSessionsEnded => {
                for connection in index.users.values().flat_map(|online| &online.connections) {
                    connection.queue.end(End::Session);
                }
            }
            _ => {}
        }
    }
}

impl Outlet for Hub {
    fn released(&self, touched: Vec<Touched>, announcements: Vec<Announcement>) {
        let listeners = self.listeners.read();
        for touched in &touched {
            listeners.iter().for_each(|listener| listener(touched));
            self.moved(touched);
        }
        for a in &announcements {
            self.announce(a);
        }
    }
}

impl Index {
    /// Calls `give` with every connection that an event is for.
    fn each(&self, to: &Broadcast, mut give: impl FnMut(&Arc<Connection>)) {
        let omitted = |user: &UserId| to.omit_users.as_ref().is_some_and(|o| o.contains_key(user));
        let mut each_of = |user: &UserId| {
            if omitted(user) {
                return;
            }
            for connection in self.users.get(user).into_iter().flat_map(|o| &o.connections) {
                if to.connection_id.is_some() && connection.id != to.connection_id {
                    continue;
                }
                if to.omit_connection_id.is_some() && connection.id == to.omit_connection_id {
                    continue;
                }
                give(connection);
            }
        };
        if to.user_id.is_some() {
            each_of(&to.user_id);
        } else if to.channel_id.is_some() {
            self.channels.get(&to.channel_id).into_iter().flatten().for_each(each_of);
        } else if to.team_id.is_some() {
            self.teams.get(&to.team_id).into_iter().flatten().for_each(each_of);
        } else {
            self.users.keys().filter(|user| self.hears_of(user, to)).for_each(each_of);
        }
    }

    /// Whether an event is for a connection, by what its user is in now.
    fn concerns(&self, to: &Broadcast, connection: &Connection) -> bool {
        let user = connection.user_id;
        if to.omit_users.as_ref().is_some_and(|o| o.contains_key(&user))
            || (to.connection_id.is_some() && to.connection_id != connection.id)
            || (to.omit_connection_id.is_some() && to.omit_connection_id == connection.id)
        {
            return false;
        }
        if to.user_id.is_some() {
            to.user_id == user
        } else if to.channel_id.is_some() {
            self.channels.get(&to.channel_id).is_some_and(|users| users.contains(&user))
        } else if to.team_id.is_some() {
            self.teams.get(&to.team_id).is_some_and(|users| users.contains(&user))
        } else {
            self.hears_of(&user, to)
        }
    }

    /// Whether somebody is told of what everybody is. What is for all but somebody is about them: a guest hears of it
    /// who shares a channel with them, as far as they are connected.
    fn hears_of(&self, user: &UserId, to: &Broadcast) -> bool {
        let Some(online) = self.users.get(user).filter(|online| online.guest) else { return true };
        let shared =
            |other: &UserId| self.users.get(other).is_some_and(|other| !other.channels.is_disjoint(&online.channels));
        to.omit_users.iter().flat_map(|omitted| omitted.keys()).all(shared)
    }

    /// Takes somebody who is not connected any more out of everything.
    fn forget(&mut self, user_id: UserId) {
        let Some(online) = self.users.remove(&user_id) else { return };
        online.channels.into_iter().for_each(|id| remove(&mut self.channels, id, user_id));
        online.teams.into_iter().for_each(|id| remove(&mut self.teams, id, user_id));
    }
}

fn remove<K: std::hash::Hash + Eq>(of: &mut HashMap<K, HashSet<UserId>>, key: K, user_id: UserId) {
    if let Some(users) = of.get_mut(&key) {
        users.remove(&user_id);
        if users.is_empty() {
            of.remove(&key);
        }
    }
}

/// Whom an event notifies, of those who get it.
fn asks(event: &Event) -> Asks {
    let Event::Posted(posted) = event else { return Asks::Nobody };
    if matches!(posted.channel_type.as_str(), "D" | "G") {
        return Asks::AllBut(posted.post.user_id);
    }
    serde_json::from_str(&posted.mentions).map_or(Asks::Nobody, Asks::Those)
}

/// What a later event of the same key replaces.
fn state_key(event: &Event) -> Option<String> {
    match event {
        Event::StatusChange { user_id, .. } => Some(format!("status {user_id}")),
        Event::UserActivationStatusChange {} => Some("activation".into()),
        Event::ConfigChanged { .. } => Some("config".into()),
        _ => None,
    }
}
