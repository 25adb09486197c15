//! One message: who, when, what, and what hangs on it.

use std::borrow::Cow;

use leptos::{ev, html, prelude::*};
use model::{Millis, PostId, UserId, posts::Priority, text::emoji};

use super::{
    Files, formulas,
    list::element_id,
    overlays::{PickFor, use_over},
    previews, rendered,
};
use crate::{
    actions,
    chat::{Chat, use_chat},
    composer::{attach, priority},
    frame::use_here,
    later::{Later, Opening, Part},
    state::{Model, Stage, Topic, system},
    time,
    ui::{Avatar, Button, ButtonKind, Icon, IconButton},
    words,
};

/// What is shown of a message besides its text.
#[derive(Clone, PartialEq, Default)]
struct Shown {
    user: UserId,
    author: String,
    handle: String,
    bot: bool,
    at: Millis,
    edited: bool,
    pinned: bool,
    system: bool,
    /// Only the viewer sees it.
    passing: bool,
    priority: Priority,
    /// Programs attached something to it.
    cards: bool,
    /// It has files, cards, or a link that is shown.
    extras: bool,
    message: String,
    replies: i64,
    last_reply: Millis,
    participants: Vec<(UserId, String)>,
}

fn shown(chat: Chat, id: PostId) -> Shown {
    let user = chat.read(Topic::Post(id), |m| m.posts.get(&id).map(|p| p.user_id)).unwrap_or_default();
    chat.track(Topic::User(user));
    chat.peek(|m| {
        let Some(post) = m.posts.get(&id) else { return Shown::default() };
        let author = m.users.get(&user);
        let by_program = post.prop("from_webhook") == Some("true");
        let called = post.prop("override_username").filter(|name| by_program && !name.is_empty());
        let cards = post.props.get("attachments").and_then(|all| all.as_array()).is_some_and(|all| !all.is_empty());
        Shown {
            user,
            author: called.map_or_else(|| m.name_of(user), ToOwned::to_owned),
            handle: author.map(|u| u.username.clone()).unwrap_or_default(),
            bot: by_program || author.is_some_and(|u| u.is_bot),
            at: post.create_at,
            edited: post.edit_at > 0,
            pinned: post.is_pinned,
            system: post.is_system(),
            passing: post.kind == "system_ephemeral",
            priority: post.metadata.priority.clone().unwrap_or_default(),
            cards,
            extras: cards || !post.metadata.files.is_empty() || !post.metadata.embeds.is_empty(),
            message: system::text(post),
            replies: post.reply_count,
            last_reply: post.last_reply_at,
            participants: post
                .participants
                .iter()
                .flatten()
                .take(4)
                .map(|u| (u.id, m.users.get(&u.id).map_or_else(|| m.name_of(u.id), model::users::User::display_name)))
                .collect(),
        }
    })
}

/// What is done to the HTML of messages in a part of the screen; from the context.
#[derive(Clone, Copy)]
pub struct Dress(pub Callback<String, String>);

/// A post.
#[component]
pub fn MessageItem(
    id: PostId,
    follow: bool,
    #[prop(optional)] answers: bool,
    #[prop(optional)] in_thread: bool,
) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let shown = Memo::new(move |_| shown(chat, id));
    let first = shown.get_untracked();
    let text = Memo::new(move |_| shown.with(|s| s.message.clone()));
    let dress = use_context::<Dress>();
    let body = Memo::new(move |before: Option<&String>| {
        chat.emoji.track();
        chat.track(Topic::Emoji);
        chat.track(Topic::Groups);
        chat.track(Topic::Allowed);
        let html = text.with(|text| chat.peek(|m| rendered::html_of(m, text, m.posts.get(&id))));
        if formulas::wait(chat, &html) {
            // What the server has set stays.
            if let Some(before) = before.filter(|before| before.is_empty()) {
                return before.clone();
            }
        }
        if let Some(Dress(dress)) = dress { dress.run(html) } else { html }
    });
    let label = move || {
        chat.emoji.track();
        shown.with(|s| {
            let plain = rendered::plain(&s.message);
            format!("{}, {}, {}", s.author, plain, chat.clock(chat.wall(s.at)))
        })
    };
    let extras = Memo::new(move |_| shown.with(|s| s.extras));
    let passing = first.passing;
    let marks = Memo::new(move |_| (shown.with(|s| s.pinned), chat.read(Topic::Preferences, |m| m.is_saved(id))));
    let own = chat.peek(|m| m.me == first.user);
    let editing = Memo::new(move |_| chat.editing.get() == Some(id));
    let at = first.at;
    let clock = move || chat.clock(chat.wall(at));
    let team = chat.peek(|m| m.current_team().map(|t| t.name.clone()).unwrap_or_default());
    let link = format!("/{team}/pl/{id}");
    let system = first.system;
    let has_tools = move || !system && !editing.get() && over.hovered(id);
    let class = match (system, follow) {
        (true, _) => "msg msg-system",
        (false, true) => "msg msg-follow",
        (false, false) => "msg",
    };
    // Who wrote it may only be found out later.
    let person = Signal::derive(move || shown.with(|s| format!("/{team}/messages/@{}", s.handle)));
    let author = Signal::derive(move || shown.with(|s| s.author.clone()));
    let says = move || chat.read(Topic::User(first.user), |m| m.says_something(first.user) || m.is_guest(first.user));
    let ask = move |event: ev::MouseEvent| {
        // A long press, or the other button: the menu. A selection keeps the browser's own.
        let selecting = window().get_selection().ok().flatten().is_some_and(|s| !s.is_collapsed());
        if !system && !selecting && !event.ctrl_key() {
            event.prevent_default();
            over.menu_at(id, &event);
        }
    };
    view! {
        <article
            class=class
            id=element_id(id, in_thread)
            aria-label=label
            tabindex="-1"
            data-mention=move || body.with(|html| html.contains("mention-me")).then_some("")
            data-pinned=move || marks.get().0.then_some("")
            data-target=move || (chat.target.get() == Some(id)).then_some("")
            on:pointerenter=move |_| over.hover(id)
            on:focusin=move |_| over.hover(id)
            on:contextmenu=ask
        >
            <div class="msg-gutter">
                {if system {
                    view! { <Icon name=Icon::LogIn /> }.into_any()
                } else if follow {
                    view! { <time class="msg-gutter-time" datetime=time::iso(at)>{clock}</time> }.into_any()
                } else {
                    view! {
                        <a
                            class="avatar-btn"
                            href=person
                            tabindex="-1"
                            aria-label=author
                            on:click=move |event| over.card_at(first.user, &event)
                        >
                            <Avatar id=first.user.to_string() name=author square=first.bot picture=chat.face(first.user) />
                        </a>
                    }.into_any()
                }}
            </div>
            <div class="msg-main">
                {move || {
                    let (pinned, saved) = marks.get();
                    (pinned || saved).then(|| view! {
                        {pinned.then(|| view! { <p class="msg-note"><Icon name=Icon::Pin />" "{words::post_pinned()}</p> })}
                        {saved.then(|| view! { <p class="msg-note"><Icon name=Icon::Bookmark />" "{words::post_saved()}</p> })}
                    })
                }}
                {answers.then(|| view! { <div class="msg-answers"><Later part=Part::Answered(id) /></div> })}
                {passing.then(|| view! { <p class="msg-note"><Icon name=Icon::Eye />" "{words::post_only_you()}</p> })}
                {(!system && !follow).then(|| view! {
                    <div class="msg-head">
                        <a class="msg-author" dir="auto" href=person on:click=move |event| over.card_at(first.user, &event)>{author}</a>
                        {move || says().then(|| view! { <Later part=Part::Said(first.user) /> })}
                        {priority::badge(&first.priority)}
                        {first.bot.then(|| view! { <span class="badge">{words::post_bot()}</span> })}
                        " "
                        <a class="msg-time" href=link.clone()><time datetime=time::iso(at)>{clock}</time></a>
                        <button
                            type="button"
                            class="icon-btn msg-more only-coarse"
                            aria-label=words::post_more()
                            on:click=move |event: ev::MouseEvent| over.menu_at(id, &event)
                        >
                            <Icon name=Icon::More />
                        </button>
                    </div>
                })}
                {move || if editing.get() {
                    view! { <Later part=Opening::Edit(id) /> }.into_any()
                } else {
                    view! {
                        <div class="msg-body">
                            <div class="md" dir="auto" inner_html=move || body.get() on:click=move |event| super::mention_pressed(over, &event)></div>
                            {move || shown.with(|s| s.edited).then(|| if own {
                                view! {
                                    <button type="button" class="msg-edited" data-tip=words::message_earlier() on:click=move |_| over.show_history(id)>{words::post_edited()}</button>
                                }.into_any()
                            } else {
                                view! { <span class="msg-edited">{words::post_edited()}</span> }.into_any()
                            })}
                        </div>
                    }.into_any()
                }}
                {move || extras.get().then(|| view! { <Extras id shown /> })}
                {first.priority.requested_ack.then(|| view! { <Later part=Part::Acknowledged(id) /> })}
                <Reactions id />
                {(!in_thread).then(|| view! { <Summary id shown /> })}
            </div>
            {move || has_tools().then(|| view! { <Later part=Part::Tools(id, in_thread) /> })}
        </article>
    }
}

/// What hangs on a message besides its text: what its links lead to, what programs attached, and files.
#[component]
fn Extras(id: PostId, shown: Memo<Shown>) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let preview = Memo::new(move |_| previews::shape(chat, over, id));
    let cards = Memo::new(move |_| shown.with(|s| s.cards));
    let files = Memo::new(move |_| {
        chat.read(Topic::Post(id), |m| m.posts.get(&id).map(|p| p.metadata.files.clone()).unwrap_or_default())
    });
    view! {
        {move || preview.get().map(|shape| view! {
            <div class="previews" data-kind=shape.kind() data-folded=shape.folded() style=shape.size()>
                <Later part=Part::Preview(id) />
            </div>
        })}
        {move || cards.get().then(|| view! { <Later part=Part::Attachments(id) /> })}
        {move || (!files.with(Vec::is_empty)).then(|| view! { <Files files=files.get() /> })}
    }
}

/// What a message among others replies to, and the way there.
#[component]
pub fn Answered(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let root = chat.peek(|m| m.posts.get(&id).map(|post| post.root_id)).unwrap_or(PostId::NONE);
    let said = move || {
        chat.read(Topic::Post(root), |m| {
            m.posts.get(&root).map(|post| (m.name_of(post.user_id), rendered::plain(&post.message)))
        })
    };
    view! {
        <a href=format!("?thread={root}")>
            <Icon name=Icon::Reply />
            {move || match said() {
                Some((author, text)) => view! {
                    <span dir="auto">{words::post_answers(&author)}</span>
                    <span class="msg-answers-text" dir="auto">{text}</span>
                }.into_any(),
                None => view! { <span>{words::post_answers_thread()}</span> }.into_any(),
            }}
        </a>
    }
}

/// What leads from a post to its thread.
#[component]
fn Summary(id: PostId, shown: Memo<Shown>) -> impl IntoView {
    let chat = use_chat();
    let href = format!("?thread={id}");
    let ago = move || time::ago(shown.with(|s| s.last_reply), chat.now());
    let unread = move || chat.read(Topic::Inbox, |m| m.thread_unread(id));
    view! {
        {move || match shown.with(|s| s.replies) {
            0 => None,
            count => Some(view! {
                <a class="thread-summary" href=href.clone() data-unread=move || unread().then_some("")>
                    <span class="avatar-stack">
                        {shown.with(|s| s.participants.clone())
                            .into_iter()
                            .map(|(id, name)| view! { <Avatar id=id.to_string() name size=24 picture=chat.face(id) /> })
                            .collect_view()}
                    </span>
                    <strong>{words::post_replies(count)}</strong>
                    <span class="thread-last">{move || words::post_last_reply(&ago())}</span>
                    <Icon name=Icon::ChevronRight />
                </a>
            }),
        }}
    }
}

/// One emoji under a post.
#[derive(Clone, PartialEq)]
struct Group {
    name: String,
    /// The character, or the name where there is none.
    text: String,
    /// The address of the picture of one that somebody added.
    picture: Option<String>,
    count: usize,
    mine: bool,
    who: String,
}

fn groups(m: &Model, id: PostId) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for reaction in m.posts.get(&id).map(|p| p.metadata.reactions.as_slice()).unwrap_or_default() {
        let mine = reaction.user_id == m.me;
        let who = if mine { words::post_you().to_owned() } else { m.name_of(reaction.user_id) };
        if let Some(group) = groups.iter_mut().find(|g| g.name == reaction.emoji_name) {
            group.count += 1;
            group.mine |= mine;
            group.who = format!("{}, {who}", group.who);
        } else {
            let name = reaction.emoji_name.clone();
            let text = emoji::by_name(&name).map_or_else(|| format!(":{name}:"), Cow::into_owned);
            let picture = m.emoji_picture(&name);
            groups.push(Group { name, text, picture, count: 1, mine, who });
        }
    }
    groups
}

#[component]
fn Reactions(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let list = Memo::new(move |_| {
        chat.emoji.track();
        chat.track(Topic::Emoji);
        chat.read(Topic::Post(id), |m| groups(m, id))
    });
    let button = move |group: Group| {
        let name = group.name.clone();
        let spoken = group.name.replace('_', " ");
        view! {
            <button
                type="button"
                class="reaction"
                aria-pressed=if group.mine { "true" } else { "false" }
                aria-label=format!("{spoken}, {}", group.count)
                data-tip=group.who
                on:click=move |_| actions::toggle_reaction(chat, id, name.clone())
            >
                <span class="reaction-emoji">
                    {match group.picture {
                        Some(src) => view! { <img class="emoji" src=src alt="" /> }.into_any(),
                        None => group.text.into_any(),
                    }}
                </span>
                <span class="reaction-count">{group.count}</span>
            </button>
        }
    };
    view! {
        {move || (!list.with(Vec::is_empty)).then(|| view! {
            <div class="reactions" role="group" aria-label=words::post_reactions()>
                {list.get().into_iter().map(button).collect_view()}
                <button
                    type="button"
                    class="reaction reaction-add"
                    aria-label=words::post_add_reaction()
                    on:click=move |event: ev::MouseEvent| over.pick_at(PickFor::React(id), &event)
                >
                    <Icon name=Icon::SmilePlus />
                </button>
            </div>
        })}
    }
}

/// The small bar at a message's corner.
#[component]
pub fn Tools(id: PostId, in_thread: bool) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let here = use_here();
    let go = crate::frame::go_to();
    let own = chat.peek(|m| m.posts.get(&id).is_some_and(|p| p.user_id == m.me));
    let root = chat.peek(|m| m.posts.get(&id).and_then(|p| p.root_id.some()).unwrap_or(id));
    let reply = move |_| {
        go(&crate::frame::with_thread(here, chat, root), false);
    };
    view! {
        <div class="msg-tools" role="toolbar" aria-label=words::message_actions()>
            <IconButton
                icon=Icon::SmilePlus
                label=words::message_react()
                on:click=move |event: ev::MouseEvent| over.pick_at(PickFor::React(id), &event)
            />
            {(!in_thread).then(|| view! { <IconButton icon=Icon::Reply label=words::message_reply() on:click=reply /> })}
            {own.then(|| view! { <IconButton icon=Icon::Edit label=words::message_edit() on:click=move |_| chat.editing.set(Some(id)) /> })}
            <IconButton
                icon=Icon::More
                label=words::post_more()
                popup="menu"
                on:click=move |event: ev::MouseEvent| over.menu_at(id, &event)
            />
        </div>
    }
}

/// A message's text, being changed.
#[component]
pub fn EditForm(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let area = NodeRef::<html::Textarea>::new();
    let before = chat.peek(|m| m.posts.get(&id).map(|p| p.source().to_owned()).unwrap_or_default());
    let kept = before.clone();
    let save = move || {
        let Some(area) = area.get_untracked() else { return };
        let text = area.value().trim().to_owned();
        chat.editing.set(None);
        if text.is_empty() {
            over.confirm_delete(id);
        } else if text != kept {
            actions::edit(chat, id, text);
        }
    };
    let by_key = save.clone();
    let on_key = move |event: ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "Enter" if !event.shift_key() => by_key(),
            "Escape" => chat.editing.set(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    Effect::new(move |_| {
        if let Some(area) = area.get() {
            crate::composer::grow(&area);
            let _ = area.focus();
            let end = area.value().encode_utf16().count() as u32;
            let _ = area.set_selection_range(end, end);
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save();
    };
    view! {
        <form class="msg-edit" on:submit=submit>
            <div class="composer-box">
                <textarea
                    class="composer-input"
                    rows="1"
                    aria-label=words::post_edit_box()
                    dir="auto"
                    node_ref=area
                    prop:value=before.clone()
                    on:keydown=on_key
                    on:input=move |_| if let Some(area) = area.get_untracked() { crate::composer::grow(&area) }
                ></textarea>
            </div>
            <div class="msg-edit-actions">
                <Button small=true on:click=move |_| chat.editing.set(None)>{words::cancel()}</Button>
                <Button small=true kind=ButtonKind::Primary submit=true>{words::save()}</Button>
            </div>
        </form>
    }
}

/// A message on its way, or one that did not get through.
#[component]
pub fn PendingItem(id: String, follow: bool) -> impl IntoView {
    let chat = use_chat();
    let pending = chat.peek(|m| m.pending.iter().find(|p| p.id == id).cloned());
    pending.map(|pending| {
        let (me, author, body) = chat.peek(|m| (m.me, m.name_of(m.me), rendered::html(m, &pending.written.message)));
        let at = pending.create_at;
        let clock = move || chat.clock(chat.wall(at));
        let (state, said) = match &pending.stage {
            Stage::Sending => ("pending", words::post_sending()),
            Stage::Waiting => ("waiting", words::post_waits()),
            Stage::Failed(_) => ("failed", words::post_not_sent()),
        };
        let failed = match &pending.stage {
            Stage::Sending => None,
            Stage::Waiting => Some(None),
            Stage::Failed(reason) => Some(Some(reason.clone())),
        };
        let label = format!(
            "{author}, {}, {}",
            rendered::plain(&pending.written.message),
            said
        );
        let again = pending.id.clone();
        let discard = pending.id.clone();
        let back = pending.clone();
        let draft = if pending.root_id.is_some() { pending.root_id.to_string() } else { pending.channel_id.to_string() };
        view! {
            <article
                class=if follow { "msg msg-follow" } else { "msg" }
                aria-label=label
                data-state=state
            >
                <div class="msg-gutter">
                    {if follow {
                        view! { <time class="msg-gutter-time" datetime=time::iso(at)>{clock}</time> }.into_any()
                    } else {
                        view! { <span class="avatar-btn"><Avatar id=me.to_string() name=author.clone() picture=chat.face(me) /></span> }.into_any()
                    }}
                </div>
                <div class="msg-main">
                    {(!follow).then(|| view! {
                        <div class="msg-head">
                            <span class="msg-author" dir="auto">{author}</span>
                            " "
                            <span class="msg-time"><time datetime=time::iso(at)>{clock}</time></span>
                        </div>
                    })}
                    <div class="msg-body"><div class="md" dir="auto" inner_html=body></div></div>
                    {(!pending.written.files.is_empty()).then(|| view! { <Files files=pending.written.files.clone() /> })}
                    {failed.map(|reason| view! {
                        <div class="msg-failed" role=if reason.is_some() { "alert" } else { "status" }>
                            <Icon name=if reason.is_some() { Icon::Alert } else { Icon::Clock } />
                            <span class="msg-failed-text">{reason.clone().unwrap_or_else(|| words::post_sent_later().to_owned())}</span>
                            {reason.is_some().then(|| view! {
                                <button type="button" class="link-btn" on:click=move |_| actions::write_again(chat, &again)>{words::try_again()}</button>
                            })}
                            <button
                                type="button"
                                class="link-btn"
                                on:click=move |_| {
                                    actions::discard(chat, &back.id);
                                    chat.drafts.update_value(|d| { d.insert(draft.clone(), back.written.message.clone()); });
                                    chat.draft_set.update(|n| *n += 1);
                                    attach::put_back(&attach::of(chat, &draft), back.written.files.clone());
                                    priority::put_back(chat, back.channel_id, back.written.priority.clone());
                                }
                            >
                                {words::message_edit()}
                            </button>
                            <button type="button" class="link-btn" on:click=move |_| actions::discard(chat, &discard)>{words::post_discard()}</button>
                        </div>
                    })}
                </div>
            </article>
        }
    })
}
