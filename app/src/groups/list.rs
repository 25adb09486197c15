//! Which groups there are.

use leptos::{prelude::*, task::spawn_local};
use model::{
    groups::{Group, GroupsQuery, ListGroups},
    permission::Permission,
};

use super::{Which, about};
use crate::{
    chat::use_chat,
    client::Failure,
    manage::use_ways,
    state::Topic,
    ui::{Button, Empty, Icon, SearchField, SkeletonList},
    words,
};

/// How many are fetched at a time.
const AT_ONCE: usize = 60;

#[component]
pub fn List(which: Which) -> impl IntoView {
    let chat = use_chat();
    let ways = use_ways();
    let wanted = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Result<Vec<Group>, Failure>>);
    let more = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let fetch = move |page: usize| {
        let text = wanted.get_untracked();
        busy.set(page > 0);
        spawn_local(async move {
            let query = GroupsQuery {
                page: Some(page.to_string()),
                per_page: Some(AT_ONCE.to_string()),
                q: Some(text.trim().trim_start_matches('@').to_owned()),
                filter_archived: (which == Which::Archived).then(|| "true".to_owned()),
                filter_has_member: (which == Which::Mine).then(|| chat.peek(|m| m.me.to_string())),
                ..GroupsQuery::default()
            };
            let answer = chat.client().send(ListGroups { query, body: () }).await;
            if wanted.try_get_untracked().as_ref() != Some(&text) {
                return; // something else is wanted by now
            }
            busy.set(false);
            more.set(answer.as_ref().is_ok_and(|list| list.len() >= AT_ONCE));
            match (answer, page) {
                (Ok(next), 1..) => found.update(|known| {
                    if let Some(Ok(known)) = known {
                        known.extend(next);
                    }
                }),
                (answer, _) => found.set(Some(answer)),
            }
        });
    };
    // Again whenever a group is made or changed.
    Effect::new(move |_| {
        chat.track(Topic::Groups);
        fetch(0);
    });
    let next = move |_| {
        fetch(found.with_untracked(|found| found.as_ref().and_then(|f| f.as_ref().ok()).map_or(0, Vec::len)) / AT_ONCE);
    };
    let makes = move || chat.read(Topic::Allowed, |m| m.may(Permission::CreateCustomGroup));
    let new = ways.to("new");
    let make = move || view! { <a class="btn btn-primary" href=new><span>{words::group_new()}</span></a> };
    let row = move |group: Group| {
        let to = ways.to(group.id.as_str());
        view! {
            <li>
                <a class="settings-item" href=to>
                    <Icon name=Icon::Users />
                    <span class="settings-item-text">
                        <span dir="auto">{group.display_name.clone()}</span>
                        <small dir="auto">{about(&group)}</small>
                    </span>
                    {chat.peek(|m| m.my_groups.contains(&group.id)).then(|| view! { <span class="badge badge-accent">{words::group_yours()}</span> })}
                    <Icon name=Icon::ChevronRight />
                </a>
            </li>
        }
    };
    let nothing = move || {
        let searched = wanted.with_untracked(|wanted| !wanted.trim().is_empty());
        let (title, text) = match which {
            _ if searched => (words::groups_none_found(), words::groups_none_found_text()),
            Which::All => (words::groups_none(), words::groups_none_text()),
            Which::Mine => (words::groups_none_mine(), words::groups_none_mine_text()),
            Which::Archived => (words::groups_none_archived(), words::groups_none_archived_text()),
        };
        let first = which == Which::All && !searched;
        view! {
            <Empty icon=Icon::Users title text>
                {move || (first && makes()).then(make)}
            </Empty>
        }
    };
    let is_empty = move || found.with(|found| matches!(found, Some(Ok(list)) if list.is_empty()));
    view! {
        <div class="settings-section">
            <div class="browse-tools">
                <SearchField
                    label=words::groups_find()
                    on_type=move |text| {
                        wanted.set(text);
                        fetch(0);
                    }
                />
                {move || (which == Which::All && makes()).then(make)}
            </div>
            {move || match found.get() {
                None => view! { <SkeletonList rows=4 label=words::groups_loading() /> }.into_any(),
                Some(Err(failure)) => view! {
                    <Empty icon=Icon::Offline title=words::auth_did_not_work() text=failure.to_string()>
                        <Button on:click=move |_| fetch(0)>{words::try_again()}</Button>
                    </Empty>
                }.into_any(),
                Some(Ok(_)) if is_empty() => nothing().into_any(),
                Some(Ok(_)) => view! {
                    <ul class="settings-list">
                        <For
                            each=move || found.get().and_then(Result::ok).unwrap_or_default()
                            key=|group| (group.id, group.update_at, group.member_count)
                            children=row
                        />
                    </ul>
                }.into_any(),
            }}
            {move || more.get().then(|| view! { <div><Button busy on:click=next>{words::show_more()}</Button></div> })}
        </div>
    }
}
