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
};

const DESKTOP: &[Answer] = &[
    Answer { value: "all", label: "Every message", help: "In all channels you have not muted." },
    Answer { value: "mention", label: "What concerns you", help: "Mentions, your words, direct messages." },
    answer("none", "Nothing"),
];

const THREADS: &[Answer] =
    &[answer("all", "Every reply in threads you follow"), answer("mention", "Only replies that mention you")];

const SOUNDS: &[Answer] =
    &[answer("Bing", "Bing"), answer("Ripple", "Ripple"), answer("Down", "Down"), answer("Hello", "Hello")];

const MAIL: &[Answer] =
    &[answer("30", "At once"), answer("900", "Every 15 minutes"), answer("3600", "Every hour"), answer("0", "Never")];

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
    let words = RwSignal::new(value(&untrack(known), "mention_keys"));
    Effect::new(move |_| choose("mention_keys").run(words.get()));
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
        if !crate::notify::show_test() {
            chat.toasts.show(ToastKind::Info, "This browser shows no notifications of Confab");
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
                    chat.toasts.show(ToastKind::Success, "Your notifications were saved");
                }
                Err(failure) => error.set(Some(failure.to_string())),
            }
            busy.set(false);
        });
    });
    let undo = Callback::new(move |()| {
        chosen.set(BTreeMap::new());
        words.set(value(&untrack(known), "mention_keys"));
    });
    view! {
        {move || error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
        <Section title="In this browser">
            {move || match permission.get() {
                Some(true) => view! {
                    <div class="settings-row">
                        <span class="settings-state" data-on=""><Icon name=Icon::Bell />"Allowed"</span>
                        <Button on:click=test>"Show one for trial"</Button>
                    </div>
                }.into_any(),
                Some(false) => view! {
                    <Notice kind=NoticeKind::Warning>"This browser does not let Confab show notifications. Allow them in what the browser knows of this site."</Notice>
                }.into_any(),
                None => view! {
                    <div class="settings-row">
                        <span class="settings-state"><Icon name=Icon::BellOff />"Not asked yet"</span>
                        <Button on:click=ask>"Allow notifications"</Button>
                    </div>
                }.into_any(),
            }}
            <Choices name="desktop" legend="Tell me of" answers=DESKTOP chosen=now("desktop") on_choose=choose("desktop") />
            <Show when=move || now("desktop").get() != "none">
                <Choices name="desktop_threads" legend="In threads" answers=THREADS chosen=now("desktop_threads") on_choose=choose("desktop_threads") />
                <Toggle on=is_on("desktop_sound") on_change=switch("desktop_sound") label="With a sound" />
                <Show when=move || is_on("desktop_sound").get()>
                    <Choices name="sound" legend="Which sound" answers=SOUNDS chosen=now("desktop_notification_sound") on_choose=hear />
                </Show>
            </Show>
        </Section>
        <Section title="By mail" lead="Of what concerns you, while you are away or offline, unless you have read it before.">
            {move || if mail_is_off() {
                view! { <p class="field-help">"This server sends no mail of messages."</p> }.into_any()
            } else {
                view! {
                    <Choices name="mail" legend="Write to me" answers=MAIL chosen=Signal::derive(mail) on_choose=choose_mail />
                    <Toggle
                        on=Signal::derive(move || now("email_threads").get() == "all")
                        on_change=Callback::new(move |on: bool| choose("email_threads").run(if on { "all" } else { "mention" }.to_owned()))
                        label="Also of replies in threads I follow"
                    />
                }.into_any()
            }}
        </Section>
        <Section title="What concerns you" lead="Your user name always does, and so do direct messages.">
            <Toggle on=is_on("first_name") on_change=switch("first_name") label="My first name" help="With the capital letter, as in your profile." />
            <Toggle on=is_on("channel") on_change=switch("channel") label="@channel, @all and @here" />
            <TextField id="mention_keys" label="My own words" value=words placeholder="release, Confab" help="Separated by commas; capitals make no difference." />
        </Section>
        <Section title="In words">
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
        "all" => "This browser tells you of every message in channels that you have not muted.",
        "none" => "This browser tells you of nothing.",
        _ => {
            "This browser tells you when you are mentioned, when one of your words falls, and of every direct message."
        }
    }];
    if desktop != "none" {
        rules.push(match threads {
            "all" => "Of threads you follow it tells you of every reply.",
            _ => "Of threads it tells you when a reply mentions you.",
        });
        rules.push("Nothing is shown of what is on the screen before you, of what you write yourself, and while you do not want to be disturbed.");
    }
    rules.push("A muted channel tells you nothing; neither do lines about who joins and leaves.");
    if !mail_is_off && mail != "0" {
        rules
            .push("Mail is written only while you are away or offline, and not of what you have read in the meantime.");
    }
    rules.push("A channel can have rules of its own: they are in the channel's menu.");
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
