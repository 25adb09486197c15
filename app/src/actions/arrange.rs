//! Arranging the sidebar: categories, what is in them, and what is silent.

use leptos::task::spawn_local;
use model::{
    ChannelId, StringMap,
    channels::{MarkChannelsRead, SetChannelNotifyProps},
    sidebar::{
        CHANNELS, Category, CreateCategory, DIRECT, DeleteCategory, FAVORITES, SetCategoryOrder, UpdateCategories,
    },
};

use crate::{
    browser,
    chat::Chat,
    client::Failure,
    later::later,
    state::{Topic, sidebar::Section},
};

fn me() -> String {
    "me".to_owned()
}

later! {
    /// Changes a category: at once here, then on the server; taken back if that refuses.
    fn change(chat: Chat, category: Category) {
        let (team, before) = chat.peek(|m| (m.team, m.categories.clone()));
        chat.update(|m| m.categories_changed(vec![category.clone()]));
        spawn_local(async move {
            let call = UpdateCategories { user_id: me(), team_id: team, query: (), body: vec![category] };
            if let Err(failure) = chat.client().send(call).await {
                take_back(chat, team, before, &failure);
            }
        });
    }
}

fn take_back(chat: Chat, team: model::TeamId, before: Vec<Category>, failure: &Failure) {
    chat.update(|m| {
        if m.team == team {
            m.categories = before;
        }
        vec![Topic::Categories]
    });
    chat.complain(failure);
}

/// Changes some fields of a category.
pub fn edit(chat: Chat, id: &str, with: impl FnOnce(&mut Category)) {
    let found = chat.peek(|m| m.categories.iter().find(|c| c.id == id).cloned());
    if let Some(mut category) = found {
        with(&mut category);
        change(chat, category);
    }
}

/// Puts a channel into a category: before another channel, or at the beginning.
pub fn put(chat: Chat, channel: ChannelId, into: &str, before: Option<ChannelId>) {
    if before == Some(channel) || chat.peek(|m| m.is_managed(channel) || m.is_of_everybody(into)) {
        return;
    }
    if let Some(category) = chat.peek(|m| m.moved(channel, into, before)) {
        change(chat, category);
    }
}

/// Whether a channel is among the favourites.
pub fn is_favourite(chat: Chat, channel: ChannelId) -> bool {
    chat.read(Topic::Categories, |m| {
        m.categories.iter().any(|c| c.kind == FAVORITES && c.channel_ids.contains(&channel))
    })
}

/// Whether one may say oneself where a channel is.
pub fn is_movable(chat: Chat, channel: ChannelId) -> bool {
    chat.read(Topic::Channels, |m| !m.is_managed(channel))
}

later! {
    /// Makes a channel a favourite, or an ordinary one again.
    pub fn toggle_favourite(chat: Chat, channel: ChannelId) {
        let into = chat.peek(|m| {
            let there = m.categories.iter().any(|c| c.kind == FAVORITES && c.channel_ids.contains(&channel));
            let personal = m.channels.get(&channel).is_some_and(|c| c.kind.is_personal());
            let kind = match (there, personal) {
                (false, _) => FAVORITES,
                (true, true) => DIRECT,
                (true, false) => CHANNELS,
            };
            m.categories.iter().find(|c| c.kind == kind).map(|c| c.id.clone())
        });
        if let Some(into) = into {
            put(chat, channel, &into, None);
        }
    }
}

/// Makes a category, with a channel in it or empty.
pub fn create(chat: Chat, title: String, channel: Option<ChannelId>) {
    let (team, user) = chat.peek(|m| (m.team, m.me));
    spawn_local(async move {
        let body = Category {
            user_id: user,
            team_id: team,
            display_name: title,
            channel_ids: channel.into_iter().collect(),
            ..Category::default()
        };
        match chat.client().send(CreateCategory { user_id: me(), team_id: team, query: (), body }).await {
            // Its place among the others comes with the event.
            Ok(made) => chat.update(|m| {
                if !m.categories.iter().any(|c| c.id == made.id) {
                    let place = m.categories.iter().position(|c| c.kind != FAVORITES).unwrap_or_default();
                    m.categories.insert(place, Category { channel_ids: Vec::new(), ..made.clone() });
                }
                m.categories_changed(vec![made])
            }),
            Err(failure) => chat.complain(&failure),
        }
    });
}

/// Removes a category; its channels go back to where they belong.
pub fn delete(chat: Chat, id: String) {
    let (team, before) = chat.peek(|m| (m.team, m.categories.clone()));
    chat.update(|m| m.category_gone(&id));
    spawn_local(async move {
        let call = DeleteCategory { user_id: me(), team_id: team, category_id: id, query: (), body: () };
        if let Err(failure) = chat.client().send(call).await {
            take_back(chat, team, before, &failure);
        }
    });
}

/// Moves a category one place up or down.
pub fn shift(chat: Chat, id: &str, down: bool) {
    let (team, before) = chat.peek(|m| (m.team, m.categories.clone()));
    let Some(at) = before.iter().position(|c| c.id == id) else { return };
    let to = if down { at + 1 } else { at.wrapping_sub(1) };
    if to >= before.len() {
        return;
    }
    let mut order: Vec<String> = before.iter().map(|c| c.id.clone()).collect();
    order.swap(at, to);
    chat.update(|m| m.order_categories(&order));
    spawn_local(async move {
        let call = SetCategoryOrder { user_id: me(), team_id: team, query: (), body: order };
        if let Err(failure) = chat.client().send(call).await {
            take_back(chat, team, before, &failure);
        }
    });
}

later! {
    /// Silences a channel but for mentions, or lets it speak again.
    pub fn toggle_mute(chat: Chat, id: ChannelId) {
        let flip = move || {
            chat.change(|m| {
                let Some(member) = m.memberships.get_mut(&id) else { return ("", Vec::new()) };
                let level = if member.is_muted() { "all" } else { "mention" };
                member.notify_props.insert("mark_unread".to_owned(), level.to_owned());
                (level, vec![Topic::Channels, Topic::Channel(id), Topic::Teams])
            })
        };
        let level = flip();
        let user_id = chat.peek(|m| m.me).to_string();
        spawn_local(async move {
            let body = StringMap::from([("mark_unread".to_owned(), level.to_owned())]);
            let call = SetChannelNotifyProps { channel_id: id, user_id, query: (), body };
            if let Err(failure) = chat.client().send(call).await {
                flip();
                chat.complain(&failure);
            }
        });
    }
}

/// Marks all channels of a category as read.
pub fn read_all(chat: Chat, section: &Section) {
    let unread: Vec<ChannelId> = chat.peek(|m| section.channels.iter().copied().filter(|id| m.unread(*id).0).collect());
    if unread.is_empty() {
        return;
    }
    let at = browser::now();
    let body = unread.iter().map(ToString::to_string).collect();
    chat.update(|m| unread.iter().flat_map(|id| m.viewed(*id, at)).collect());
    spawn_local(async move {
        if let Err(failure) = chat.client().send(MarkChannelsRead { user_id: me(), query: (), body }).await {
            chat.complain(&failure);
            crate::load::channels(chat).await;
        }
    });
}
