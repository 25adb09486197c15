//! The state made reactive: one handle that components read from, and through which everything changes.

use std::{
    collections::{HashMap, HashSet},
    ops::Deref,
};

use leptos::prelude::*;
use model::{
    ChannelId, Millis, PostId, TeamId, UserId,
    commands::Command,
    posts::{Post, Priority},
    text::emoji,
};

use crate::{
    browser,
    channel::formulas,
    client::Client,
    composer::Attached,
    held::Held,
    state::{Model, Topic},
    time::Wall,
    ui::{ToastKind, Toasts},
};

/// What the browser tells the server over the socket, apart from keeping it alive.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// One writes in a channel, or in a thread of it.
    Typing(ChannelId, PostId),
    /// What is on the screen: the channel, and that of the thread.
    Showing(ChannelId, ChannelId),
    /// Do not wait any longer before trying to connect.
    Hurry,
}

/// The handle; `Copy`, from the context: [`use_chat`].
#[derive(Clone, Copy)]
pub struct Chat(Held<Handles>);

/// What a [`Chat`] holds.
#[derive(Clone, Copy)]
pub struct Handles {
    model: StoredValue<Model>,
    triggers: StoredValue<HashMap<Topic, ArcTrigger>>,
    client: StoredValue<Client>,
    wire: StoredValue<Option<futures::channel::mpsc::UnboundedSender<Said>>>,
    fetching: StoredValue<bool>,
    /// Whether something is being sent; see [`outbox`](crate::outbox).
    pub sending: StoredValue<bool>,
    /// Whether times are those on the reader's wall; not before the page is awake, since the server cannot know them.
    pub zoned: RwSignal<bool>,
    /// Whether emoji are known by their names: at once on the server, in the browser when [`load::emoji`](crate::load::emoji) is done.
    pub emoji: RwSignal<bool>,
    /// Whether it was tried to fetch what sets formulas.
    pub formulas: RwSignal<bool>,
    pub toasts: Toasts,
    /// The channel on the screen.
    pub open: RwSignal<Option<ChannelId>>,
    /// The thread on the screen.
    pub thread: RwSignal<Option<PostId>>,
    /// The post that is being edited.
    pub editing: RwSignal<Option<PostId>>,
    /// Posts that are gone from the screen, but not from the server yet: it can still be taken back.
    pub deleting: StoredValue<Vec<PostId>>,
    /// Where to go next, as a notification says that was pressed.
    pub visit: RwSignal<Option<String>>,
    /// The post that an address points at.
    pub target: RwSignal<Option<PostId>>,
    /// What is written at the moment, by channel or thread, until it is sent.
    pub drafts: StoredValue<HashMap<String, String>>,
    /// How often something was typed, by channel or thread, so that only what stays is told to the server.
    pub drafts_typed: StoredValue<HashMap<String, u32>>,
    /// Counts up when a draft was changed from outside of its composer.
    pub draft_set: RwSignal<u32>,
    /// Files that go with the next message, by channel or thread.
    pub attached: StoredValue<HashMap<String, Attached>>,
    /// What the next message of a channel asks for.
    pub priorities: RwSignal<HashMap<ChannelId, Priority>>,
    /// Threads whose following is being changed at the server, and what it is to become.
    pub following: StoredValue<HashMap<PostId, bool>>,
    /// The commands that were offered last, and of which team they are.
    pub commands: StoredValue<(TeamId, Vec<Command>)>,
    /// When the page was made; what is relative to now counts from here until it is awake.
    pub made: StoredValue<Millis>,
}

impl Deref for Chat {
    type Target = Handles;

    fn deref(&self) -> &Handles {
        &self.0
    }
}

/// The chat of this page.
pub fn use_chat() -> Chat {
    expect_context::<Chat>()
}

impl Chat {
    /// An empty one, with the client of the context.
    pub fn new(toasts: Toasts) -> Self {
        Self(Held::new(Handles {
            model: StoredValue::new(Model::default()),
            triggers: StoredValue::new(HashMap::new()),
            client: StoredValue::new(Client::from_context()),
            wire: StoredValue::new(None),
            fetching: StoredValue::new(false),
            sending: StoredValue::new(false),
            zoned: RwSignal::new(false),
            emoji: RwSignal::new(emoji::is_here()),
            formulas: RwSignal::new(formulas::setter().is_some()),
            toasts,
            open: RwSignal::new(None),
            thread: RwSignal::new(None),
            editing: RwSignal::new(None),
            deleting: StoredValue::new(Vec::new()),
            visit: RwSignal::new(None),
            target: RwSignal::new(None),
            drafts: StoredValue::new(HashMap::new()),
            drafts_typed: StoredValue::new(HashMap::new()),
            draft_set: RwSignal::new(0),
            attached: StoredValue::new(HashMap::new()),
            priorities: RwSignal::new(HashMap::new()),
            following: StoredValue::new(HashMap::new()),
            commands: StoredValue::new((TeamId::NONE, Vec::new())),
            made: StoredValue::new(0),
        }))
    }

    /// The way to the API.
    pub fn client(self) -> Client {
        self.client.get_value()
    }

    /// Reads, and is read again when the topic changes.
    pub fn read<T>(self, topic: Topic, f: impl FnOnce(&Model) -> T) -> T {
        self.track(topic);
        self.peek(f)
    }

    /// Says that the reader depends on a topic.
    pub fn track(self, topic: Topic) {
        let known = self.triggers.with_value(|triggers| triggers.get(&topic).cloned());
        let trigger = known.unwrap_or_else(|| {
            let trigger = ArcTrigger::new();
            self.triggers.update_value(|triggers| {
                triggers.insert(topic, trigger.clone());
            });
            trigger
        });
        trigger.track();
    }

    /// Reads once.
    pub fn peek<T>(self, f: impl FnOnce(&Model) -> T) -> T {
        let (mut f, mut found) = (Some(f), None);
        self.look(&mut |m| found = f.take().map(|f| f(m)));
        found.expect("the state lives as long as the page")
    }

    /// Not generic, as is [`Self::alter`]: hundreds of places read, and each would have a copy of its own.
    fn look(self, f: &mut dyn FnMut(&Model)) {
        self.model.with_value(f);
    }

    /// False if the page is gone.
    fn alter(self, f: &mut dyn FnMut(&mut Model)) -> bool {
        self.model.try_update_value(f).is_some()
    }

    /// Changes the state and tells those who depend on what changed.
    pub fn update(self, f: impl FnOnce(&mut Model) -> Vec<Topic>) {
        let (mut f, mut topics) = (Some(f), Vec::new());
        if self.alter(&mut |m| topics = f.take().map(|f| f(m)).unwrap_or_default()) {
            self.tell(topics);
        }
    }

    /// Changes the state, tells who depends on it, and gives something back.
    pub fn change<T: Default>(self, f: impl FnOnce(&mut Model) -> (T, Vec<Topic>)) -> T {
        let (mut f, mut done) = (Some(f), None);
        self.alter(&mut |m| done = f.take().map(|f| f(m)));
        let (value, topics) = done.unwrap_or_default();
        self.tell(topics);
        value
    }

    fn tell(self, topics: Vec<Topic>) {
        let mut told = HashSet::new();
        for topic in topics.into_iter().filter(|topic| told.insert(*topic)) {
            if let Some(trigger) = self.triggers.with_value(|triggers| triggers.get(&topic).cloned()) {
                trigger.notify();
            }
        }
        if cfg!(target_arch = "wasm32") && self.model.with_value(|m| !m.wanted.is_empty()) && !self.fetching.get_value()
        {
            self.fetching.set_value(true);
            leptos::task::spawn_local(async move {
                crate::load::wanted(self).await;
                self.fetching.set_value(false);
            });
        }
    }

    /// Begins to say things over a socket.
    pub fn plug(self, wire: futures::channel::mpsc::UnboundedSender<Said>) {
        self.wire.set_value(Some(wire));
    }

    /// Says something over the socket, if there is one.
    pub fn say(self, said: Said) {
        self.wire.with_value(|wire| {
            if let Some(wire) = wire {
                let _ = wire.unbounded_send(said);
            }
        });
    }

    /// The channel on the screen, and that of the thread; none where there is none.
    pub fn showing(self) -> Said {
        let thread = self.thread.get_untracked().unwrap_or_default();
        let beside = self.peek(|m| m.posts.get(&thread).map(|post| post.channel_id)).unwrap_or_default();
        Said::Showing(self.open.get_untracked().unwrap_or_default(), beside)
    }

    /// Shows why something did not work.
    pub fn complain(self, failure: &crate::client::Failure) {
        self.toasts.show(ToastKind::Danger, failure.to_string());
    }

    /// The wall clock at a time, where the reader is; in UTC until the page is awake.
    pub fn wall(self, at: Millis) -> Wall {
        Wall::of(at, if self.zoned.get() { browser::offset_minutes(at) } else { 0 })
    }

    /// The time on a wall, as the reader's clocks show it.
    pub fn clock(self, wall: Wall) -> String {
        wall.shown(self.read(Topic::Preferences, Model::twelve_hours))
    }

    /// Now; when the page was made until it is awake.
    pub fn now(self) -> Millis {
        if self.zoned.get() { browser::now() } else { self.made.get_value() }
    }

    /// The address of somebody's picture; nothing where initials are shown.
    pub fn face(self, user: UserId) -> Signal<Option<String>> {
        Signal::derive(move || self.read(Topic::User(user), |m| m.picture_of(user)))
    }

    /// The address of a team's picture.
    pub fn team_face(self, team: TeamId) -> Signal<Option<String>> {
        Signal::derive(move || self.read(Topic::Teams, |m| m.picture_of_team(team)))
    }

    /// A post, if it is here.
    pub fn post(self, id: PostId) -> Option<Post> {
        self.read(Topic::Post(id), |m| m.posts.get(&id).cloned())
    }
}
