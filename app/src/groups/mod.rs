//! Groups by which several people are mentioned at once: which there are, who is in them, and making them.

mod card;
mod form;
mod list;
mod one;

pub use card::GroupCard;

use leptos::prelude::*;
use model::{
    AnyId, UserId,
    groups::{Group, ListGroupMembers},
    system,
};

use crate::{
    chat::Chat,
    client::Failure,
    manage::Page,
    state::Model,
    ui::{Empty, Icon},
    words,
};

/// Which groups are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    Mine,
    Archived,
}

/// The tabs.
pub const PAGES: &[Page] = &[
    Page {
        name: "all",
        title: words::groups_all,
        lead: words::groups_lead,
        icon: Icon::Users,
        is_for: are_on,
        view: |item| view(Which::All, &item),
    },
    Page {
        name: "mine",
        title: words::groups_mine,
        lead: words::groups_lead,
        icon: Icon::User,
        is_for: are_on,
        view: |item| view(Which::Mine, &item),
    },
    Page {
        name: "archived",
        title: words::groups_archived,
        lead: words::groups_lead,
        icon: Icon::Archive,
        is_for: are_on,
        view: |item| view(Which::Archived, &item),
    },
];

/// Whether there are groups on this server.
pub fn are_on(m: &Model) -> bool {
    m.is_on("EnableCustomGroups")
}

fn view(which: Which, item: &str) -> AnyView {
    match (item, item.parse()) {
        ("", _) => view! { <list::List which /> }.into_any(),
        ("new", _) => view! { <form::NewGroup /> }.into_any(),
        (_, Ok(id)) => view! { <one::OneGroup id /> }.into_any(),
        _ => view! { <Empty icon=Icon::Users title=words::group_gone() text=words::group_gone_text() /> }.into_any(),
    }
}

/// How many people of a group are fetched at a time.
const AT_ONCE: usize = 50;

/// Some of the people of a group, whose profiles are kept, and how many they are in all.
async fn people_of(chat: Chat, group_id: AnyId, page: usize) -> Result<(Vec<UserId>, i64), Failure> {
    let call = ListGroupMembers { group_id, query: system::Page::of(page, AT_ONCE), body: () };
    let found = chat.client().send(call).await?;
    let ids = found.members.iter().map(|user| user.id).collect();
    chat.update(|m| m.take_users(found.members));
    Ok((ids, found.total_member_count))
}

/// By what name a group is mentioned, and how many are in it.
fn about(group: &Group) -> String {
    words::group_about(group.member_count, &group.name)
}
