//! What there is of one kind.

use std::pin::Pin;

use leptos::{prelude::*, task::spawn_local};
use model::{
    ChannelId, Millis, UserId,
    bots::{BotsQuery, ListBots},
    commands::{CommandsQuery, ListCommands},
    oauth::ListApps,
    permission::Permission,
    system::Page,
    webhooks::{HooksQuery, ListIncoming, ListOutgoing},
};

use crate::{
    browser,
    chat::{Chat, use_chat},
    client::Failure,
    manage::use_ways,
    state::{Model, Topic},
    ui::{Button, Empty, Icon, IconButton, SearchField, SkeletonList, ToastKind},
    words,
};

/// One of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    id: String,
    title: String,
    /// Where or how it works.
    how: String,
    /// What somebody said about it.
    about: String,
    by: UserId,
    at: Millis,
    /// What programs are told: an address.
    address: Option<String>,
    off: bool,
    /// Nobody made it: it has registered itself.
    itself: bool,
}

type Entries = Pin<Box<dyn Future<Output = Result<Vec<Entry>, Failure>>>>;

/// What is listed, and how it is called.
pub struct Kind {
    pub icon: Icon,
    new: fn() -> &'static str,
    none: fn() -> &'static str,
    none_text: fn() -> &'static str,
    makes: fn(&Model) -> bool,
    load: fn(Chat) -> Entries,
}

pub static INCOMING: Kind = Kind {
    icon: Icon::Download,
    new: words::hook_in_new,
    none: words::hooks_in_none,
    none_text: words::hooks_in_none_text,
    makes: |_| true,
    load: |chat| Box::pin(incoming(chat)),
};

pub static OUTGOING: Kind = Kind {
    icon: Icon::Upload,
    new: words::hook_out_new,
    none: words::hooks_out_none,
    none_text: words::hooks_out_none_text,
    makes: |_| true,
    load: |chat| Box::pin(outgoing(chat)),
};

pub static COMMANDS: Kind = Kind {
    icon: Icon::Zap,
    new: words::slash_new,
    none: words::slash_none,
    none_text: words::slash_none_text,
    makes: |_| true,
    load: |chat| Box::pin(commands(chat)),
};

pub static BOTS: Kind = Kind {
    icon: Icon::User,
    new: words::bot_new,
    none: words::bots_none,
    none_text: words::bots_none_text,
    makes: |m| m.is_on("EnableBotAccountCreation") && m.may(Permission::CreateBot),
    load: |chat| Box::pin(bots(chat)),
};

pub static OAUTH: Kind = Kind {
    icon: Icon::Key,
    new: words::oauth_new,
    none: words::oauth_none,
    none_text: words::oauth_none_text,
    makes: |_| true,
    load: |chat| Box::pin(oauth(chat)),
};

/// How many are fetched at a time, and how many pages at most.
const AT_ONCE: usize = 200;
const PAGES: usize = 5;

/// All of a list that is fetched by pages, as far as [`PAGES`] go.
async fn pages<T>(fetch: impl AsyncFn(usize) -> Result<Vec<T>, Failure>) -> Result<Vec<T>, Failure> {
    let mut all = Vec::new();
    for page in 0..PAGES {
        let some = fetch(page).await?;
        let last = some.len() < AT_ONCE;
        all.extend(some);
        if last {
            break;
        }
    }
    Ok(all)
}

fn query(chat: Chat, page: usize) -> HooksQuery {
    HooksQuery {
        page: Some(page.to_string()),
        per_page: Some(AT_ONCE.to_string()),
        team_id: Some(chat.peek(|m| m.team.to_string())),
        ..HooksQuery::default()
    }
}

/// A channel's name, as far as it is known here.
fn place(chat: Chat, id: ChannelId) -> String {
    let known = chat.peek(|m| m.channels.get(&id).map(|channel| format!("~{}", m.title(channel))));
    known.unwrap_or_else(|| words::integration_elsewhere().to_owned())
}

/// Its title, or what is there in its place.
fn titled(title: String, otherwise: &str) -> String {
    if title.trim().is_empty() { otherwise.to_owned() } else { title }
}

async fn incoming(chat: Chat) -> Result<Vec<Entry>, Failure> {
    let all = pages(async |page| chat.client().send(ListIncoming { query: query(chat, page), body: () }).await).await?;
    let entry = |hook: model::webhooks::IncomingWebhook| Entry {
        id: hook.id.to_string(),
        title: titled(hook.display_name, words::hook_in_untitled()),
        how: words::hook_in_posts(&place(chat, hook.channel_id)),
        about: hook.description,
        by: hook.user_id,
        at: hook.create_at,
        address: Some(super::incoming::address(&hook.id)),
        ..Entry::default()
    };
    Ok(all.into_iter().map(entry).collect())
}

async fn outgoing(chat: Chat) -> Result<Vec<Entry>, Failure> {
    let all = pages(async |page| chat.client().send(ListOutgoing { query: query(chat, page), body: () }).await).await?;
    let entry = |hook: model::webhooks::OutgoingWebhook| {
        let place = if hook.channel_id.is_none() {
            words::hook_out_everywhere().to_owned()
        } else {
            place(chat, hook.channel_id)
        };
        let how = if hook.trigger_words.is_empty() {
            words::hook_out_all(&place)
        } else {
            words::hook_out_words(&hook.trigger_words.join(", "), &place)
        };
        Entry {
            id: hook.id.to_string(),
            title: titled(hook.display_name, words::hook_out_untitled()),
            how,
            about: hook.description,
            by: hook.creator_id,
            at: hook.create_at,
            ..Entry::default()
        }
    };
    Ok(all.into_iter().map(entry).collect())
}

async fn commands(chat: Chat) -> Result<Vec<Entry>, Failure> {
    let query = CommandsQuery { team_id: Some(chat.peek(|m| m.team.to_string())), custom_only: Some("true".into()) };
    let all = chat.client().send(ListCommands { query, body: () }).await?;
    let entry = |command: model::commands::Command| Entry {
        id: command.id.to_string(),
        title: titled(command.display_name, &format!("/{}", command.trigger)),
        how: format!("/{} {}", command.trigger, command.auto_complete_hint).trim_end().to_owned(),
        about: titled(command.description, &command.auto_complete_desc),
        by: command.creator_id,
        at: command.create_at,
        ..Entry::default()
    };
    Ok(all.into_iter().map(entry).collect())
}

async fn bots(chat: Chat) -> Result<Vec<Entry>, Failure> {
    let all = pages(async |page| {
        let Page { page, per_page } = Page::of(page, AT_ONCE);
        let query = BotsQuery { page, per_page, include_deleted: Some("true".into()), ..BotsQuery::default() };
        chat.client().send(ListBots { query, body: () }).await
    })
    .await?;
    let entry = |bot: model::bots::Bot| Entry {
        id: bot.user_id.to_string(),
        title: titled(bot.display_name, &bot.username),
        how: format!("@{}", bot.username),
        about: bot.description,
        by: bot.owner_id,
        at: bot.create_at,
        off: bot.delete_at != 0,
        ..Entry::default()
    };
    Ok(all.into_iter().map(entry).collect())
}

async fn oauth(chat: Chat) -> Result<Vec<Entry>, Failure> {
    let list = async |page| chat.client().send(ListApps { query: Page::of(page, AT_ONCE), body: () }).await;
    let all = pages(list).await?;
    let entry = |app: model::oauth::OAuthApp| Entry {
        id: app.id.to_string(),
        title: app.name,
        how: app.homepage,
        about: app.description,
        by: app.creator_id,
        at: app.create_at,
        itself: app.is_dynamically_registered,
        ..Entry::default()
    };
    Ok(all.into_iter().map(entry).collect())
}

/// The list, with a search.
#[component]
pub fn List(kind: &'static Kind) -> impl IntoView {
    let chat = use_chat();
    let ways = use_ways();
    let wanted = RwSignal::new(String::new());
    let all = RwSignal::new(None::<Result<Vec<Entry>, Failure>>);
    let fetch = move || {
        spawn_local(async move {
            let mut found = (kind.load)(chat).await;
            if let Ok(found) = &mut found {
                found.sort_by_cached_key(|entry| (entry.off, entry.title.to_lowercase(), entry.at));
                chat.update(|m| {
                    for entry in found.iter() {
                        m.want_user(entry.by);
                    }
                    Vec::new()
                });
            }
            all.try_set(Some(found));
        });
    };
    fetch();
    let shown = move || {
        let wanted = wanted.with(|text| text.trim().to_lowercase());
        let fits = |entry: &Entry| {
            [&entry.title, &entry.how, &entry.about, &entry.id].iter().any(|text| text.to_lowercase().contains(&wanted))
        };
        all.get().map(|found| found.map(|list| list.into_iter().filter(fits).collect::<Vec<_>>()))
    };
    let any = move || all.with(|all| matches!(all, Some(Ok(list)) if !list.is_empty()));
    let makes = move || chat.read(Topic::Allowed, kind.makes);
    let new = ways.to("new");
    let make = move || makes().then(|| view! { <a class="btn btn-primary" href=new><span>{(kind.new)()}</span></a> });
    let row = move |entry: Entry| {
        let to = ways.to(&entry.id);
        let by = entry.by;
        let (at, itself) = (entry.at, entry.itself);
        let made = move || {
            let day = chat.wall(at).date(chat.wall(chat.now()).year());
            if itself {
                return words::oauth_itself(&day);
            }
            let name = chat.read(Topic::User(by), |m| m.name_of(by));
            words::integration_made(&name, &day)
        };
        let label = words::integration_copy(&entry.title);
        view! {
            <li class="settings-item">
                <Icon name=kind.icon />
                <a class="settings-item-text" href=to>
                    <span dir="auto">{entry.title}</span>
                    <small dir="auto">{entry.how}</small>
                    {(!entry.about.is_empty()).then(|| view! { <small dir="auto">{entry.about}</small> })}
                    <small>{made}</small>
                </a>
                {entry.off.then(|| view! { <span class="badge">{words::bot_off()}</span> })}
                {entry.address.map(|address| view! {
                    <IconButton
                        icon=Icon::Copy
                        label
                        on:click=move |_| {
                            browser::copy(&address);
                            chat.toasts.show(ToastKind::Success, words::list_copied());
                        }
                    />
                })}
            </li>
        }
    };
    view! {
        <div class="settings-section">
            <Show when=any>
                <div class="browse-tools">
                    <SearchField label=words::integrations_find() on_type=move |text| wanted.set(text) />
                    {make}
                </div>
            </Show>
            {move || match shown() {
                None => view! { <SkeletonList rows=4 label=words::loading() /> }.into_any(),
                Some(Err(failure)) => view! {
                    <Empty icon=Icon::Offline title=words::auth_did_not_work() text=failure.to_string()>
                        <Button on:click=move |_| fetch()>{words::try_again()}</Button>
                    </Empty>
                }.into_any(),
                Some(Ok(list)) if list.is_empty() && any() => view! { <p class="field-help">{words::integrations_none_found()}</p> }.into_any(),
                Some(Ok(list)) if list.is_empty() => view! { <Empty icon=kind.icon title=(kind.none)() text=(kind.none_text)()>{make}</Empty> }.into_any(),
                Some(Ok(_)) => view! {
                    <ul class="settings-list">
                        <For each=move || shown().and_then(Result::ok).unwrap_or_default() key=|entry| entry.id.clone() children=row />
                    </ul>
                }.into_any(),
            }}
        </div>
    }
}
