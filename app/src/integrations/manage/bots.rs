//! Bots: accounts of programs, with the tokens by which these sign in.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    AnyId, UserId,
    access_tokens::{
        AccessToken, CreateToken, DESCRIPTION_MAX as TOKEN_DESCRIPTION_MAX, NewAccessToken, RevokeToken, TokensOf,
        WhichToken,
    },
    bots::{Bot, BotPatch, BotsQuery, CreateBot, DESCRIPTION_MAX, DisableBot, EnableBot, GetBot, PatchBot},
    system,
};

use super::parts::{Form, Loaded, Secret, Sent};
use crate::{
    chat::{Chat, use_chat},
    client::Failure,
    manage::use_ways,
    settings::Section,
    state::Topic,
    ui::{Button, ButtonKind, Dialog, Field, Icon, Notice, NoticeKind, SkeletonList, TextField, ToastKind},
    words,
};

/// A new one, or one of them.
pub fn view(id: Option<&str>) -> Option<AnyView> {
    let Some(id) = id else { return Some(one(Bot::default())) };
    let bot_user_id: UserId = id.parse().ok()?;
    let chat = use_chat();
    let fetch = move || async move {
        let query = BotsQuery { include_deleted: Some("true".into()), ..BotsQuery::default() };
        chat.client().send(GetBot { bot_user_id, query, body: () }).await
    };
    Some(view! { <Loaded icon=Icon::User fetch show=one /> }.into_any())
}

fn one(bot: Bot) -> AnyView {
    view! { <Edit bot /> }.into_any()
}

#[component]
fn Edit(bot: Bot) -> impl IntoView {
    let chat = use_chat();
    let ways = use_ways();
    let go = ways.goer();
    let (id, new) = (bot.user_id, bot.user_id.is_none());
    ways.call(if new { words::bot_new().to_owned() } else { format!("@{}", bot.username) });
    let username = RwSignal::new(bot.username.clone());
    let title = RwSignal::new(bot.display_name.clone());
    let description = RwSignal::new(bot.description.clone());
    let off = RwSignal::new(bot.delete_at != 0);
    let sent = Sent::new();
    let submit = Callback::new(move |()| {
        let text = |field: RwSignal<String>| Some(field.get_untracked().trim().to_owned());
        let body = BotPatch { username: text(username), display_name: text(title), description: text(description) };
        let go = go.clone();
        let call = async move {
            if new {
                chat.client().send(CreateBot { query: (), body }).await
            } else {
                chat.client().send(PatchBot { bot_user_id: id, query: (), body }).await
            }
        };
        sent.send(call, move |bot| {
            chat.toasts.show(ToastKind::Success, words::saved());
            if new {
                go(bot.user_id.as_str());
            } else {
                ways.call(format!("@{}", bot.username));
            }
        });
    });
    let incomplete = Signal::derive(move || username.with(|name| name.trim().is_empty()));
    view! {
        {move || off.get().then(|| view! { <Notice kind=NoticeKind::Warning>{words::bot_is_off()}</Notice> })}
        <Form sent new incomplete submit>
            <Field id="bot-name" label=words::auth_user_name() help=words::auth_user_name_help()>
                <div class="affix">
                    <span class="affix-text">"@"</span>
                    <input
                        class="input"
                        id="bot-name"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        maxlength="64"
                        aria-describedby="bot-name-help"
                        prop:value=move || username.get()
                        on:input=move |event| username.set(event_target_value(&event))
                    />
                </div>
            </Field>
            <TextField id="bot-title" label=words::name() note=words::optional() value=title max_length=64_u32 help=words::bot_title_help() />
            <TextField id="bot-description" label=words::description() note=words::optional() value=description max_length=DESCRIPTION_MAX as u32 />
        </Form>
        {(!new).then(|| view! {
            <Show when=move || !off.get() && chat.read(Topic::Allowed, |m| m.is_on("EnableUserAccessTokens"))>
                <Tokens bot=id />
            </Show>
            <Switch chat id off />
        })}
    }
}

/// Keeps the bot from doing anything, or lets it again.
#[component]
fn Switch(chat: Chat, id: UserId, off: RwSignal<bool>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let set = move |to: bool| {
        asking.set(false);
        spawn_local(async move {
            let answer = if to {
                chat.client().send(DisableBot { bot_user_id: id, query: (), body: () }).await
            } else {
                chat.client().send(EnableBot { bot_user_id: id, query: (), body: () }).await
            };
            match answer {
                Ok(bot) => {
                    off.try_set(bot.delete_at != 0);
                }
                Err(failure) => chat.complain(&failure),
            }
        });
    };
    view! {
        <section class="settings-section">
            <div>
                {move || if off.get() {
                    view! { <Button on:click=move |_| set(false)>{words::bot_switch_on()}</Button> }.into_any()
                } else {
                    view! { <Button kind=ButtonKind::Danger on:click=move |_| asking.set(true)>{words::bot_switch_off()}</Button> }.into_any()
                }}
            </div>
        </section>
        <Dialog open=asking title=words::bot_off_ask()>
            <div class="dialog-body"><p>{words::bot_off_text()}</p></div>
            <footer class="dialog-foot">
                <Button on:click=move |_| asking.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Danger on:click=move |_| set(true)>{words::bot_switch_off()}</Button>
            </footer>
        </Dialog>
    }
}

/// The tokens of the bot, and making one, which is shown this once.
#[component]
fn Tokens(bot: UserId) -> impl IntoView {
    let chat = use_chat();
    let list = RwSignal::new(None::<Result<Vec<AccessToken>, Failure>>);
    let made = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let revoking = RwSignal::new(false);
    let chosen = RwSignal::new(None::<AccessToken>);
    let sent = Sent::new();
    spawn_local(async move {
        let call = TokensOf { user_id: bot.to_string(), query: system::Page::of(0, 200), body: () };
        list.try_set(Some(chat.client().send(call).await));
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let description_now = description.get_untracked().trim().to_owned();
        if description_now.is_empty() {
            return;
        }
        let call = async move {
            let body = NewAccessToken { description: description_now };
            chat.client().send(CreateToken { user_id: bot.to_string(), query: (), body }).await
        };
        sent.send(call, move |token| {
            description.try_set(String::new());
            made.try_set(token.token.clone());
            list.try_update(|list| {
                if let Some(Ok(all)) = list {
                    all.insert(0, AccessToken { token: String::new(), ..token });
                }
            });
        });
    };
    let revoke = move |_| {
        revoking.set(false);
        let Some(id) = chosen.with_untracked(|token| token.as_ref().map(|token| token.id)) else { return };
        spawn_local(async move {
            match chat.client().send(RevokeToken { query: (), body: WhichToken { token_id: id.to_string() } }).await {
                Ok(_) => {
                    forget(list, id);
                    made.try_set(String::new());
                }
                Err(failure) => chat.complain(&failure),
            }
        });
    };
    let row = move |token: AccessToken| {
        let label = words::tokens_take_back_which(&token.description);
        let (description, id) = (token.description.clone(), token.id);
        let ask = move |_| {
            chosen.set(Some(token.clone()));
            revoking.set(true);
        };
        view! {
            <li class="settings-item">
                <Icon name=Icon::Key />
                <span class="settings-item-text"><span dir="auto">{description}</span><small dir="ltr">{id.to_string()}</small></span>
                <Button small=true attr:aria-label=label on:click=ask>{words::tokens_take_back()}</Button>
            </li>
        }
    };
    view! {
        <Section title=words::tokens_title() lead=words::bot_tokens_lead()>
            {move || sent.error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
            <Show when=move || made.with(|made| !made.is_empty())>
                <Notice kind=NoticeKind::Success>{words::token_shown_once()}</Notice>
                <Secret label=words::token_new() value=made />
            </Show>
            <form class="settings-inline" on:submit=submit>
                <TextField id="token-description" label=words::tokens_for() value=description max_length=TOKEN_DESCRIPTION_MAX as u32 />
                <Button submit=true busy=sent.busy disabled=Signal::derive(move || description.with(|text| text.trim().is_empty()))>{words::tokens_make()}</Button>
            </form>
            {move || match list.get() {
                None => view! { <SkeletonList rows=2 label=words::loading() /> }.into_any(),
                Some(Err(failure)) => view! { <p class="field-error" role="alert"><Icon name=Icon::Alert /><span>{failure.to_string()}</span></p> }.into_any(),
                Some(Ok(_)) => view! {
                    <ul class="settings-list">
                        <For each=move || list.get().and_then(Result::ok).unwrap_or_default() key=|token| token.id children=row />
                    </ul>
                }.into_any(),
            }}
        </Section>
        <Dialog open=revoking title=words::token_take_back_ask()>
            <div class="dialog-body"><p>{words::token_take_back_text()}</p></div>
            <footer class="dialog-foot">
                <Button on:click=move |_| revoking.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Danger on:click=revoke>{words::tokens_take_back()}</Button>
            </footer>
        </Dialog>
    }
}

fn forget(list: RwSignal<Option<Result<Vec<AccessToken>, Failure>>>, id: AnyId) {
    list.try_update(|list| {
        if let Some(Ok(all)) = list {
            all.retain(|token| token.id != id);
        }
    });
}
