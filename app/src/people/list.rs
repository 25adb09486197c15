//! The people of something, with a search.

use leptos::{prelude::*, task::spawn_local};
use model::UserId;

use crate::{
    chat::use_chat,
    client::Failure,
    load,
    people::PersonRow,
    state::Topic,
    ui::{Button, Icon, IconButton, SearchField, SkeletonList, point_of},
    words,
};

/// Somebody, and whether they administrate what the people belong to.
pub type Member = (UserId, bool);

/// A page of the people at a time, or those whose name fits.
#[component]
pub fn PeopleList<S, F>(
    /// Finds them: by a beginning of a name in lower case, which may be empty, and by the page.
    find: S,
    /// Finds them again whenever it changes.
    again: Signal<()>,
    /// Without a search where there are only a few.
    #[prop(default = true)]
    searched: bool,
    row: Callback<Member, AnyView>,
) -> impl IntoView
where
    S: Fn(String, usize) -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<Vec<Member>, Failure>> + 'static,
{
    let chat = use_chat();
    let people = RwSignal::new(None::<Vec<Member>>);
    let wanted = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<String>);
    let full = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let fetch = move || {
        let name = wanted.get_untracked();
        failed.set(None);
        spawn_local(async move {
            let answer = find(name.trim().to_lowercase().trim_start_matches('@').to_owned(), 0).await;
            if wanted.try_get_untracked().as_ref() != Some(&name) {
                return; // something else is wanted by now
            }
            match answer {
                Ok(list) => {
                    full.set(list.len() < load::MEMBERS || !name.trim().is_empty());
                    people.set(Some(list));
                }
                Err(failure) => failed.set(Some(failure.to_string())),
            }
        });
    };
    Effect::new(move |_| {
        again.track();
        fetch();
    });
    let more = move |_| {
        let page = people.with_untracked(|list| list.as_ref().map_or(0, Vec::len)) / load::MEMBERS;
        busy.set(true);
        spawn_local(async move {
            match find(String::new(), page).await {
                Ok(list) => {
                    full.try_set(list.len() < load::MEMBERS);
                    people.try_update(|known| {
                        let known = known.get_or_insert_default();
                        let new: Vec<_> =
                            list.into_iter().filter(|(id, _)| !known.iter().any(|(k, _)| k == id)).collect();
                        known.extend(new);
                    });
                }
                Err(failure) => chat.complain(&failure),
            }
            busy.try_set(false);
        });
    };
    view! {
        {searched.then(|| view! {
            <SearchField
                label=words::info_find_members()
                class="info-search"
                on_type=move |name| {
                    wanted.set(name);
                    fetch();
                }
            />
        })}
        {move || match (people.get(), failed.get()) {
            (_, Some(text)) => view! {
                <p class="field-error" role="alert"><Icon name=Icon::Alert /><span>{text}</span></p>
                <Button small=true on:click=move |_| fetch()>{words::try_again()}</Button>
            }.into_any(),
            (None, None) => view! { <SkeletonList rows=4 label=words::info_loading() /> }.into_any(),
            (Some(list), None) if list.is_empty() => view! { <p class="field-help">{words::people_none()}</p> }.into_any(),
            // By key: a row that is made into somebody else's would go on acting on whose it was.
            (Some(_), None) => view! {
                <ul class="people">
                    <For each=move || people.get().unwrap_or_default() key=|member| *member children=move |member| row.run(member) />
                </ul>
            }.into_any(),
        }}
        {move || (people.with(Option::is_some) && !full.get() && wanted.with(|w| w.trim().is_empty())).then(|| view! {
            <Button small=true busy on:click=more>{words::show_more()}</Button>
        })}
    }
}

/// Somebody among the members of something, with a way to what can be done with them; oneself has none.
#[component]
pub fn MemberRow(
    member: Member,
    /// Opens that, at a point of the page in pixels.
    open: Callback<(Member, (i32, i32))>,
) -> impl IntoView {
    let chat = use_chat();
    let (user, admin) = member;
    let me = chat.peek(|m| m.me == user);
    let label = move || words::info_person_menu(&chat.read(Topic::User(user), |m| m.name_of(user)));
    view! {
        <PersonRow user>
            {admin.then(|| view! { <span class="badge badge-accent">{words::info_admin()}</span> })}
            {(!me).then(|| view! {
                <IconButton
                    icon=Icon::More
                    label=Signal::derive(label)
                    popup="menu"
                    on:click=move |event: leptos::ev::MouseEvent| open.run((member, point_of(&event)))
                />
            })}
        </PersonRow>
    }
}
