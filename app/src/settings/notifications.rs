//! What one is told of, and how; and the rules that follow, in words.

use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};
use model::{
    StringMap,
    system::{FormatQuery, GetClientConfig},
    users::{PatchUser, User, UserPatch},
};

use super::{
    parts::{Answer, Choices, Preferred, SaveBar, Section, Toggle, answer},
    profile,
};
use crate::{
    browser,
    chat::use_chat,
    state::Topic,
    ui::{Button, Icon, Notice, NoticeKind, TextField, ToastKind},
    words,
};

fn desktop() -> [Answer; 3] {
    [
        Answer { value: "all", label: words::notify_every(), help: words::notify_every_help() },
        Answer { value: "mention", label: words::notify_concerns_you(), help: words::notify_concerns_help() },
        answer("none", words::notify_nothing()),
    ]
}

fn threads() -> [Answer; 2] {
    [answer("all", words::notify_replies_you()), answer("mention", words::notify_reply_mentions_you())]
}

/// The sounds are called the same everywhere, as in the API.
const SOUNDS: [&str; 4] = ["Bing", "Ripple", "Down", "Hello"];

fn mails() -> [Answer; 4] {
    [
        answer("30", words::notify_at_once()),
        answer("900", words::notify_15_minutes()),
        answer("3600", words::notify_hour()),
        answer("0", words::notify_never()),
    ]
}

/// What is set, where something is; else what applies without.
fn value(props: &StringMap, name: &str) -> String {
    let default = match name {
        "desktop_threads" => "all",
        "desktop_notification_sound" => "Bing",
        "email_threads" => "mention",
        _ => "",
    };
    props
        .get(name)
        .cloned()
        .or_else(|| User::default_notify_props().remove(name))
        .filter(|value| !value.is_empty())
        .unwrap_or_else(|| default.to_owned())
}

#[component]
pub fn NotificationsPage() -> impl IntoView {
    let chat = use_chat();
    let me = chat.peek(|m| m.me);
    let known =
        move || chat.read(Topic::User(me), |m| m.my().map(|user| user.notify_props.clone()).unwrap_or_default());
    // What was chosen and is not saved yet.
    let chosen = RwSignal::new(BTreeMap::<String, String>::new());
    let now = move |name: &'static str| {
        Signal::derive(move || chosen.with(|all| all.get(name).cloned()).unwrap_or_else(|| value(&known(), name)))
    };
    let choose = move |name: &'static str| {
        Callback::new(move |new: String| {
            let same = value(&untrack(known), name) == new;
            chosen.update(|all| {
                if same {
                    all.remove(name);
                } else {
                    all.insert(name.to_owned(), new);
                }
            });
        })
    };
    let is_on = move |name: &'static str| {
        let now = now(name);
        Signal::derive(move || now.get() == "true")
    };
    let switch = move |name: &'static str| {
        let choose = choose(name);
        Callback::new(move |on: bool| choose.run(on.to_string()))
    };
    let keys = RwSignal::new(value(&untrack(known), "mention_keys"));
    Effect::new(move |_| choose("mention_keys").run(keys.get()));
    let interval = Preferred::new("notifications", "email_interval", "900");
    let mail = move || if now("email").get() == "false" { "0".to_owned() } else { interval.get() };
    let choose_mail = move |new: String| {
        if new != "0" {
            interval.set(&new);
        }
        choose("email").run(if new == "0" { "false" } else { "true" }.to_owned());
    };
    let config = RwSignal::new(StringMap::new());
    spawn_local(async move {
        let query = FormatQuery { format: "old".to_owned() };
        if let Ok(found) = chat.client().send(GetClientConfig { query, body: () }).await {
            config.try_set(found);
        }
    });
    let mail_is_off =
        move || config.with(|config| config.get("SendEmailNotifications").is_some_and(|value| value == "false"));
    let permission = RwSignal::new(browser::notifications_allowed());
    let ask = move |_| {
        spawn_local(async move {
            permission.try_set(browser::allow_notifications().await);
        });
    };
    let test = move |_| {
        crate::notify::play(&now("desktop_notification_sound").get_untracked());
        if !crate::notify::show_test(words::frame_test_notice()) {
            chat.toasts.show(ToastKind::Info, words::notify_shows_none());
        }
    };
    let hear = Callback::new(move |new: String| {
        crate::notify::play(&new);
        choose("desktop_notification_sound").run(new);
    });

    let changed = Signal::derive(move || chosen.with(|all| !all.is_empty()));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let save = Callback::new(move |()| {
        let mut props = untrack(known);
        for (name, default) in User::default_notify_props() {
            props.entry(name).or_insert(default);
        }
        props.extend(chosen.get_untracked());
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let body = UserPatch { notify_props: Some(props), ..UserPatch::default() };
            match chat.client().send(PatchUser { user_id: "me".into(), query: (), body }).await {
                Ok(user) => {
                    profile::note(chat, user);
                    chosen.set(BTreeMap::new());
                    chat.toasts.show(ToastKind::Success, words::notify_saved());
                }
                Err(failure) => error.set(Some(failure.to_string())),
            }
            busy.set(false);
        });
    });
    let undo = Callback::new(move |()| {
        chosen.set(BTreeMap::new());
        keys.set(value(&untrack(known), "mention_keys"));
    });
    view! {
        {move || error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
        <Section title=words::notify_here()>
            {move || match permission.get() {
                Some(true) => view! {
                    <div class="settings-row">
                        <span class="settings-state" data-on=""><Icon name=Icon::Bell />{words::notify_allowed()}</span>
                        <Button on:click=test>{words::notify_test()}</Button>
                    </div>
                }.into_any(),
                Some(false) => view! {
                    <Notice kind=NoticeKind::Warning>{words::notify_denied()}</Notice>
                }.into_any(),
                None => view! {
                    <div class="settings-row">
                        <span class="settings-state"><Icon name=Icon::BellOff />{words::notify_not_asked()}</span>
                        <Button on:click=ask>{words::notify_allow()}</Button>
                    </div>
                }.into_any(),
            }}
            <Choices name="desktop" legend=words::notify_tell() answers=desktop() chosen=now("desktop") on_choose=choose("desktop") />
            <Show when=move || now("desktop").get() != "none">
                <Choices name="desktop_threads" legend=words::notify_threads() answers=threads() chosen=now("desktop_threads") on_choose=choose("desktop_threads") />
                <Toggle on=is_on("desktop_sound") on_change=switch("desktop_sound") label=words::notify_sound() />
                <Show when=move || is_on("desktop_sound").get()>
                    <Choices name="sound" legend=words::notify_which_sound() answers=SOUNDS.map(|name| answer(name, name)) chosen=now("desktop_notification_sound") on_choose=hear />
                </Show>
            </Show>
        </Section>
        <Section title=words::notify_mail() lead=words::notify_mail_lead()>
            {move || if mail_is_off() {
                view! { <p class="field-help">{words::notify_no_mail()}</p> }.into_any()
            } else {
                view! {
                    <Choices name="mail" legend=words::notify_write() answers=mails() chosen=Signal::derive(mail) on_choose=choose_mail />
                    <Toggle
                        on=Signal::derive(move || now("email_threads").get() == "all")
                        on_change=Callback::new(move |on: bool| choose("email_threads").run(if on { "all" } else { "mention" }.to_owned()))
                        label=words::notify_mail_replies()
                    />
                }.into_any()
            }}
        </Section>
        <Section title=words::notify_concerns_you() lead=words::notify_concerns_lead()>
            <Toggle on=is_on("first_name") on_change=switch("first_name") label=words::notify_first_name() help=words::notify_first_name_help() />
            <Toggle on=is_on("channel") on_change=switch("channel") label=words::notify_channel_wide() />
            <TextField id="mention_keys" label=words::notify_words() value=keys placeholder=words::notify_words_such() help=words::notify_words_help() />
        </Section>
        <Section title=words::notify_in_words()>
            <ul class="rules">
                {move || rules(&now("desktop").get(), &now("desktop_threads").get(), mail_is_off(), &mail()).into_iter().map(|rule| view! { <li>{rule}</li> }).collect_view()}
            </ul>
        </Section>
        <SaveBar changed busy save undo />
    }
}

/// The rules that follow from the choices.
fn rules(desktop: &str, threads: &str, mail_is_off: bool, mail: &str) -> Vec<&'static str> {
    let mut rules = vec![match desktop {
        "all" => words::rule_every(),
        "none" => words::rule_nothing(),
        _ => words::rule_concerns(),
    }];
    if desktop != "none" {
        rules.push(match threads {
            "all" => words::rule_replies(),
            _ => words::rule_reply_mentions(),
        });
        rules.push(words::rule_not_shown());
    }
    rules.push(words::rule_muted());
    if !mail_is_off && mail != "0" {
        rules.push(words::rule_mail());
    }
    rules.push(words::rule_channels());
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_follow_from_the_choices() {
        assert_eq!(rules("none", "all", true, "0").len(), 3);
        assert!(rules("mention", "all", false, "900").iter().any(|rule| rule.starts_with("Mail")));
        assert!(!rules("mention", "all", false, "0").iter().any(|rule| rule.starts_with("Mail")));
        assert_eq!(value(&StringMap::new(), "desktop"), "mention");
        assert_eq!(value(&StringMap::new(), "desktop_threads"), "all");
    }
}
