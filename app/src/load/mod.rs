//! Fetches: what a page begins with, and what the screen needs as one moves about. What is called before the page's
//! second module is there is said with [`later!`].

mod channels;
mod people;
mod posts;
mod start;

pub use channels::*;
pub use people::*;
pub use posts::*;
pub use start::*;

use futures::join;
use leptos::{
    prelude::{GetUntracked, Resource, Set},
    server::codee::{Decoder, Encoder},
};
use model::{
    channels::{GetChannel, GetChannelMember},
    emoji::{EmojiQuery, ListEmoji},
    groups::{GroupsQuery, ListGroups},
    json,
    roles::RolesByNames,
    status::StatusesByIds,
    users::UsersByIds,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    chat::Chat,
    later::later,
    state::{Topic, Wanted},
};

/// What a page begins with: fetched by the server, which writes it into the page, and read there by the browser.
pub fn beginning<T, F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Resource<T, InPage>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(|| (), move |()| fetch(), true)
}

/// How it is written there.
#[derive(Debug)]
pub struct InPage;

impl<T: Serialize> Encoder<T> for InPage {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for InPage {
    type Error = json::Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, json::Unreadable> {
        json::read(text)
    }
}

fn me() -> String {
    "me".to_owned()
}

later! {
    /// Fetches the table of emoji.
    pub async fn emoji(chat: Chat) {
        #[cfg(target_arch = "wasm32")]
        if !model::text::emoji::is_here() {
            let Some(text) = emoji_table().await else {
                model::text::emoji::still_missing();
                return;
            };
            model::text::emoji::install(text);
        }
        chat.emoji.try_set(true);
    }
}

#[cfg(target_arch = "wasm32")]
async fn emoji_table() -> Option<String> {
    let address = leptos::prelude::document().document_element()?.get_attribute("data-emoji")?;
    let answer = gloo_net::http::Request::get(&address).send().await.ok()?;
    if answer.ok() { answer.text().await.ok() } else { None }
}

/// How many emoji that people have added are kept in mind; more are known as they are met.
const CUSTOM_EMOJI: usize = 1_000;

later! {
    /// Fetches the emoji that people have added.
    pub async fn custom_emoji(chat: Chat) {
        let (mut all, client) = (Vec::new(), chat.client());
        for page in 0.. {
            let query =
                EmojiQuery { page: Some(page.to_string()), per_page: Some("200".into()), sort: Some("name".into()) };
            // Where they are switched off, there are none.
            let Ok(some) = client.send(ListEmoji { query, body: () }).await else { break };
            let last = some.len() < 200;
            all.extend(some);
            if last || all.len() >= CUSTOM_EMOJI {
                break;
            }
        }
        chat.update(|m| m.take_emoji(all));
    }
}

/// How many groups are kept in mind; later ones stay text where they are mentioned.
const GROUPS: usize = 1_000;

later! {
    /// Fetches the groups by which several are mentioned, and which of them one is in.
    pub async fn groups(chat: Chat) {
        if !chat.peek(|m| m.is_on("EnableCustomGroups")) {
            return;
        }
        let (mut all, client) = (Vec::new(), chat.client());
        let my_id = chat.peek(|m| m.me.to_string());
        let query = GroupsQuery {
            per_page: Some("200".into()),
            filter_has_member: Some(my_id),
            ..GroupsQuery::default()
        };
        let Ok(mine) = client.send(ListGroups { query, body: () }).await else { return };
        for page in 0.. {
            let query =
                GroupsQuery { page: Some(page.to_string()), per_page: Some("200".into()), ..GroupsQuery::default() };
            let Ok(some) = client.send(ListGroups { query, body: () }).await else { return };
            let last = some.len() < 200;
            all.extend(some);
            if last || all.len() >= GROUPS {
                break;
            }
        }
        chat.update(|m| m.take_groups(all, mine.into_iter().map(|group| group.id).collect()));
    }
}

later! {
    /// Finds out what one's roles allow.
    pub async fn roles(chat: Chat) {
        let names: Vec<String> = chat.peek(|m| m.my_roles().into_iter().filter(|role| !m.roles.contains_key(role)).collect());
        if names.is_empty() {
            return;
        }
        // Refused, one may do nothing; the server says the same.
        if let Ok(roles) = chat.client().send(RolesByNames { query: (), body: names }).await {
            chat.update(|m| m.take_roles(roles));
        }
    }
}

later! {
    /// Brings what events told of without bringing it.
    pub async fn wanted(chat: Chat) {
        loop {
            let wanted = chat.change(|m| (std::mem::take(&mut m.wanted), Vec::new()));
            if wanted.is_empty() {
                return;
            }
            let client = chat.client();
            let mut users = Vec::new();
            for want in wanted {
                match want {
                    Wanted::User(id) => users.push(id),
                    Wanted::Channel(id) => {
                        let my_id = chat.peek(|m| m.me);
                        let (channel, member) = join!(
                            client.send(GetChannel { channel_id: id, query: (), body: () }),
                            client.send(GetChannelMember {
                                channel_id: id,
                                user_id: my_id.to_string(),
                                query: (),
                                body: ()
                            }),
                        );
                        if let Ok(channel) = channel {
                            chat.update(|m| m.take_channel(channel, member.ok()));
                        }
                    }
                    Wanted::Channels => channels(chat).await,
                    Wanted::Teams => teams(chat).await,
                    Wanted::Categories => categories(chat).await,
                    Wanted::Emoji => custom_emoji(chat).await,
                    Wanted::Roles => roles(chat).await,
                    Wanted::Threads => {
                        let listed = chat.peek(|m| m.inbox.loaded);
                        let _ = threads(chat, listed).await;
                    }
                }
            }
            if !users.is_empty() {
                let (people, statuses) = join!(
                    client.send(UsersByIds { query: (), body: users.clone() }),
                    client.send(StatusesByIds { query: (), body: users }),
                );
                chat.update(|m| {
                    let mut topics = m.take_users(people.unwrap_or_default());
                    topics.extend(m.take_statuses(&statuses.unwrap_or_default()));
                    topics.push(Topic::Channels);
                    topics
                });
            }
        }
    }
}

/// After a time without events: brings everything on the screen up to date, and remembers that the rest may not be.
pub async fn resync(chat: Chat) {
    let open = chat.open.get_untracked();
    chat.update(|m| {
        m.forget_freshness(open.unwrap_or_default());
        Vec::new()
    });
    join!(channels(chat), teams(chat), statuses(chat));
    if let Some(open) = open {
        let _ = since(chat, open).await;
        join!(count_members(chat, open), bookmarks(chat, open));
    }
    if let Some(root) = chat.thread.get_untracked() {
        let _ = thread(chat, root).await;
    }
}
