//! The card that tells who is in a group; it opens where the group's mention was pressed.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::{AnyId, UserId};

use super::{AT_ONCE, people_of};
use crate::{
    above,
    channel::use_over,
    chat::use_chat,
    manage::{PARAMETER, Room},
    people::PersonRow,
    state::Topic,
    ui::{Button, Icon, Popover, SkeletonList},
    words,
};

/// The card; once per page.
#[component]
pub fn GroupCard() -> impl IntoView {
    let over = use_over();
    let chat = use_chat();
    let point = Signal::derive(move || over.card_point());
    let label = Signal::derive(move || {
        let id = over.group_of();
        chat.read(Topic::Groups, |m| {
            id.and_then(|id| m.groups.get(&id)).map(|g| g.display_name.clone()).unwrap_or_default()
        })
    });
    view! {
        <Popover open=over.group_card label class="profile-card group-card" point first=".btn">
            {move || over.group_of().map(|id| view! { <Inside id /> })}
        </Popover>
    }
}

#[component]
fn Inside(id: AnyId) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let query = use_query_map();
    let people = RwSignal::new(None::<Result<(Vec<UserId>, i64), String>>);
    let busy = RwSignal::new(false);
    let group = chat.peek(|m| m.groups.get(&id).cloned().unwrap_or_default());
    let fetch = move || {
        let known = people
            .with_untracked(|p| p.as_ref().and_then(|p| p.as_ref().ok()).map(|p| p.0.clone()).unwrap_or_default());
        busy.set(true);
        spawn_local(async move {
            let answer = people_of(chat, id, known.len() / AT_ONCE).await;
            let answer = answer.map(|(ids, total)| {
                let new: Vec<_> = ids.into_iter().filter(|id| !known.contains(id)).collect();
                (known.into_iter().chain(new).collect(), total)
            });
            people.try_set(Some(answer.map_err(|failure| failure.to_string())));
            busy.try_set(false);
        });
    };
    fetch();
    let address =
        move || query.with(|query| above::address(query, PARAMETER, Some(&Room::Groups.at("all", id.as_str()))));
    let row = |user: UserId| view! { <PersonRow user /> };
    view! {
        <h2 class="profile-name" dir="auto">{group.display_name.clone()}</h2>
        <p class="profile-handle">{super::about(&group)}</p>
        {(!group.description.is_empty()).then(|| view! { <p class="said" dir="auto">{group.description.clone()}</p> })}
        <div class="group-people" tabindex="0">
            {move || match people.get() {
                None => view! { <SkeletonList rows=3 label=words::people_loading() /> }.into_any(),
                Some(Err(reason)) => view! { <p class="field-error" role="alert"><Icon name=Icon::Alert /><span>{reason}</span></p> }.into_any(),
                Some(Ok((ids, total))) => {
                    let more = (ids.len() as i64) < total && ids.len() >= AT_ONCE;
                    view! {
                        <ul class="people">{ids.into_iter().map(row).collect_view()}</ul>
                        {more.then(|| view! { <Button small=true busy on:click=move |_| fetch()>{words::show_more()}</Button> })}
                    }.into_any()
                }
            }}
        </div>
        <div class="profile-actions">
            <a class="btn" href=address on:click=move |_| over.group_card.set(false)><span>{words::group_open()}</span></a>
        </div>
    }
}
