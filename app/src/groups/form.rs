//! Making a group, and changing what it is called.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    groups::{
        CUSTOM, CreateGroup, DESCRIPTION_MAX, DISPLAY_NAME_MAX, Group, GroupPatch, NAME_MAX, NewGroup as New,
        PatchGroup,
    },
    users::User,
};

use crate::{
    chat::use_chat,
    load,
    manage::use_ways,
    sidebar::ChoosePeople,
    ui::{Button, ButtonKind, Field, Notice, NoticeKind, TextField},
    words,
};

/// A name as a group can be mentioned by.
fn mention_of(name: &str) -> String {
    let mut mention = String::new();
    for c in name.trim().to_lowercase().chars() {
        if c.is_ascii_alphanumeric() || "._-".contains(c) {
            mention.push(c);
        } else if !mention.is_empty() && !mention.ends_with('-') {
            mention.push('-');
        }
    }
    mention.truncate(NAME_MAX);
    mention.trim_end_matches('-').to_owned()
}

/// What a group is called, as it is typed.
#[derive(Clone, Copy)]
struct Called {
    title: RwSignal<String>,
    /// Until somebody writes it themselves it follows the title.
    name: RwSignal<Option<String>>,
    description: RwSignal<String>,
}

impl Called {
    fn of(group: &Group) -> Self {
        Self {
            title: RwSignal::new(group.display_name.clone()),
            name: RwSignal::new((!group.name.is_empty()).then(|| group.name.clone())),
            description: RwSignal::new(group.description.clone()),
        }
    }

    fn mention(self) -> String {
        self.name.get().unwrap_or_else(|| mention_of(&self.title.get()))
    }

    fn is_missing(self) -> bool {
        self.title.with(|title| title.trim().is_empty()) || self.mention().is_empty()
    }

    fn fields(self) -> impl IntoView {
        view! {
            <TextField id="group-title" label=words::name() value=self.title required=true autofocus=true max_length=DISPLAY_NAME_MAX as u32 />
            <Field id="group-name" label=words::group_mention() help=words::group_mention_help()>
                <div class="affix">
                    <span class="affix-text">"@"</span>
                    <input
                        class="input"
                        id="group-name"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        maxlength=NAME_MAX
                        aria-describedby="group-name-help"
                        prop:value=move || self.mention()
                        on:input=move |event| self.name.set(Some(event_target_value(&event)))
                    />
                </div>
            </Field>
            <TextField id="group-description" label=words::description() note=words::optional() value=self.description max_length=DESCRIPTION_MAX as u32 />
        }
    }
}

/// Makes a group of some people.
#[component]
pub fn NewGroup() -> impl IntoView {
    let chat = use_chat();
    let ways = use_ways();
    let go = ways.goer();
    ways.call(words::group_new());
    let called = Called::of(&Group::default());
    let chosen = RwSignal::new(Vec::<User>::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        let body = New {
            name: untrack(|| called.mention()),
            display_name: called.title.get_untracked().trim().to_owned(),
            description: called.description.get_untracked().trim().to_owned(),
            source: CUSTOM.to_owned(),
            allow_reference: true,
            user_ids: chosen.with_untracked(|all| all.iter().map(|user| user.id).collect()),
            ..New::default()
        };
        let go = go.clone();
        spawn_local(async move {
            match chat.client().send(CreateGroup { query: (), body }).await {
                Ok(group) => {
                    let id = group.id;
                    chat.update(|m| m.group_changed(group));
                    go(id.as_str());
                }
                Err(failure) => {
                    error.try_set(Some(failure.to_string()));
                    busy.try_set(false);
                }
            }
        });
    };
    let find = move |name| load::everybody(chat, name, 25);
    view! {
        <form class="settings-section" on:submit=submit>
            {move || error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
            {called.fields()}
            <div class="field">
                <span class="field-label">{words::group_people()}</span>
                <ChoosePeople chosen find autofocus=false none_yet=words::group_people_help() none=words::people_none() />
            </div>
            <div class="save-bar">
                <span></span>
                <Button kind=ButtonKind::Primary submit=true busy disabled=Signal::derive(move || called.is_missing())>{words::group_make()}</Button>
            </div>
        </form>
    }
}

/// Changes what a group is called.
#[component]
pub fn EditGroup(group: Group, open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let called = Called::of(&group);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let new = |now: String, before: &String| (now != *before).then_some(now);
        let body = GroupPatch {
            name: new(untrack(|| called.mention()), &group.name),
            display_name: new(called.title.get_untracked().trim().to_owned(), &group.display_name),
            description: new(called.description.get_untracked().trim().to_owned(), &group.description),
        };
        let group_id = group.id;
        if body == GroupPatch::default() {
            return open.set(false);
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match chat.client().send(PatchGroup { group_id, query: (), body }).await {
                Ok(group) => {
                    chat.update(|m| m.group_changed(group));
                    open.try_set(false);
                }
                Err(failure) => {
                    error.try_set(Some(failure.to_string()));
                    busy.try_set(false);
                }
            }
        });
    };
    view! {
        <form on:submit=submit>
            <div class="dialog-body">
                {move || error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
                {called.fields()}
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Primary submit=true busy disabled=Signal::derive(move || called.is_missing())>{words::save()}</Button>
            </footer>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::mention_of;

    #[test]
    fn mentions_follow_titles() {
        assert_eq!(mention_of(" The Ground Crew! "), "the-ground-crew");
        assert_eq!(mention_of("on.call_2"), "on.call_2");
        assert_eq!(mention_of("李 明"), "");
    }
}
