//! What is offered while one types a name: people after `@`, channels after `~`, emoji after `:`, and commands after a
//! slash at the beginning.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{ChannelId, commands::Command, text::emoji};
use web_sys::HtmlTextAreaElement;

use super::format::{self, Selected};
use crate::{
    chat::{Chat, use_chat},
    integrations,
    later::later,
    load,
    sidebar::ChannelIcon,
    state::Topic,
    ui::{Avatar, Icon},
    words,
};

/// How many are offered.
const OFFERED: usize = 8;

/// What a name begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sigil {
    Person,
    Channel,
    Emoji,
    Command,
}

impl Sigil {
    fn title(self) -> &'static str {
        match self {
            Self::Person => words::display_people(),
            Self::Channel => words::side_channels(),
            Self::Emoji => words::composer_emoji(),
            Self::Command => words::composer_commands(),
        }
    }
}

/// The name that is being typed: what kind, where its sign is, and its letters.
pub fn token(text: &str, caret: usize) -> Option<(Sigil, usize, &str)> {
    let before = text.get(..caret)?;
    if let Some(word) = before.strip_prefix('/')
        && !word.contains(char::is_whitespace)
    {
        return (word.len() <= 64).then_some((Sigil::Command, 0, word));
    }
    let start = before.rfind(['@', '~', ':'])?;
    let word = &before[start + 1..];
    let sigil = match before.as_bytes()[start] {
        b'@' => Sigil::Person,
        b'~' => Sigil::Channel,
        _ => Sigil::Emoji,
    };
    let begins = before[..start].chars().next_back().is_none_or(|c| c.is_whitespace() || "([{>\"'*_".contains(c));
    let fits = word.chars().all(|c| c.is_alphanumeric() || "._-+".contains(c));
    let enough = sigil != Sigil::Emoji || word.len() >= 2;
    (begins && fits && enough && word.len() <= 64).then_some((sigil, start, word))
}

/// Something to choose.
#[derive(Clone, PartialEq)]
struct Offer {
    /// What is written in its place.
    text: String,
    name: String,
    hint: String,
    sign: Sign,
}

#[derive(Clone, PartialEq)]
enum Sign {
    Person(String),
    Channel(ChannelId),
    Emoji(&'static str),
    /// The address of the picture of an emoji that somebody added.
    Picture(String),
    All,
    Command,
}

/// What is offered at the moment.
#[derive(Clone, Copy)]
pub struct Completion {
    channel: ChannelId,
    offers: RwSignal<Vec<Offer>>,
    sigil: RwSignal<Option<Sigil>>,
    chosen: RwSignal<usize>,
}

impl Completion {
    /// Nothing offered.
    pub fn new(channel: ChannelId) -> Self {
        Self { channel, offers: RwSignal::new(Vec::new()), sigil: RwSignal::new(None), chosen: RwSignal::new(0) }
    }

    fn is_open(self) -> bool {
        self.sigil.get_untracked().is_some() && !self.offers.with_untracked(Vec::is_empty)
    }

    /// Offers nothing any more.
    pub fn close(self) {
        // The box also loses the keyboard while it is being taken down.
        if self.sigil.try_get_untracked().flatten().is_some() {
            self.sigil.set(None);
            self.offers.set(Vec::new());
        }
    }

    /// The id of the list, while there is one.
    pub fn controls(self) -> Option<&'static str> {
        (self.sigil.get().is_some() && !self.offers.with(Vec::is_empty)).then_some("completion")
    }

    /// The id of what would be chosen.
    pub fn active(self) -> Option<String> {
        self.controls().map(|_| format!("c-{}", self.chosen.get()))
    }

    /// Looks at what is typed.
    pub fn look(self, chat: Chat, area: &HtmlTextAreaElement) {
        spawn_local(look(chat, self, area.clone()));
    }

    fn offer(self, sigil: Sigil, list: Vec<Offer>) {
        if self
            .offers
            .try_get_untracked()
            .is_none_or(|known| known == list && self.sigil.get_untracked() == Some(sigil))
        {
            return;
        }
        self.chosen.set(0);
        self.offers.set(list);
        self.sigil.set(Some(sigil));
    }

    /// A key was pressed; true if it was for the list.
    pub fn key(self, event: &ev::KeyboardEvent, area: &HtmlTextAreaElement) -> bool {
        if !self.is_open() {
            return false;
        }
        let count = self.offers.with_untracked(Vec::len);
        if event.key() == "Enter" && self.is_written_out(area) {
            self.close();
            return false;
        }
        match event.key().as_str() {
            "ArrowDown" => self.chosen.update(|n| *n = (*n + 1) % count),
            "ArrowUp" => self.chosen.update(|n| *n = (*n + count - 1) % count),
            "Enter" | "Tab" if !event.shift_key() => self.choose(self.chosen.get_untracked(), area),
            "Escape" => self.close(),
            _ => return false,
        }
        true
    }

    /// Whether the command that would be chosen is there to its last letter: then it is given, not completed.
    fn is_written_out(self, area: &HtmlTextAreaElement) -> bool {
        let typed = format::read(area).text;
        let chosen = self.chosen.get_untracked();
        self.sigil.get_untracked() == Some(Sigil::Command)
            && self.offers.with_untracked(|list| list.get(chosen).is_some_and(|offer| offer.text == typed))
    }

    /// Writes what was chosen.
    fn choose(self, index: usize, area: &HtmlTextAreaElement) {
        let offer = self.offers.with_untracked(|list| list.get(index).cloned());
        let mut what = format::read(area);
        if let (Some(offer), Some((_, start, _))) = (offer, token(&what.text, what.to)) {
            let text = format!("{} ", offer.text);
            what.text.replace_range(start..what.to, &text);
            what.from = start + text.len();
            what.to = what.from;
            format::write(area, &what);
        }
        self.close();
    }
}

later! {
    async fn look(chat: Chat, completion: Completion, area: HtmlTextAreaElement) {
        let Selected { text, from, to } = format::read(&area);
        let Some((sigil, _, word)) = token(&text, to).filter(|_| from == to) else {
            completion.close();
            return;
        };
        let (channel, word) = (completion.channel, word.to_lowercase());
        if sigil == Sigil::Command {
            let team = chat.peek(|m| m.team);
            // Without an answer nothing is offered; whoever knows the command can give it all the same.
            let all = integrations::offered(chat, team, word.is_empty()).await.unwrap_or_default();
            let now = format::read(&area);
            if token(&now.text, now.to).is_some_and(|(s, _, w)| s == Sigil::Command && w.to_lowercase() == word) {
                completion.offer(sigil, commands(&all, &word));
            }
            return;
        }
        completion.offer(sigil, offers(chat, channel, sigil, &word));
        if sigil == Sigil::Person && !word.is_empty() {
            load::people(chat, word.clone(), 20).await;
            // Still the same word?
            let now = format::read(&area);
            if token(&now.text, now.to).is_some_and(|(s, _, w)| s == Sigil::Person && w.to_lowercase() == word) {
                completion.offer(Sigil::Person, offers(chat, channel, Sigil::Person, &word));
            }
        }
    }
}

/// The commands that begin with a word.
fn commands(all: &[Command], word: &str) -> Vec<Offer> {
    let offer = |c: &Command| Offer {
        text: format!("/{}", c.trigger),
        name: format!("/{} {}", c.trigger, c.auto_complete_hint).trim_end().to_owned(),
        hint: c.auto_complete_desc.clone(),
        sign: Sign::Command,
    };
    all.iter().filter(|c| c.trigger.starts_with(word)).take(OFFERED).map(offer).collect()
}

/// What fits a word.
fn offers(chat: Chat, channel: ChannelId, sigil: Sigil, word: &str) -> Vec<Offer> {
    match sigil {
        // They come from the server.
        Sigil::Command => Vec::new(),
        Sigil::Emoji => {
            let offer = |name: &str, sign| Offer {
                text: format!(":{name}:"),
                name: format!(":{name}:"),
                hint: String::new(),
                sign,
            };
            let mut found: Vec<Offer> = chat.peek(|m| {
                let fits = m.custom_emoji.keys().filter(|name| name.to_lowercase().contains(word)).take(OFFERED / 2);
                fits.filter_map(|name| Some(offer(name, Sign::Picture(m.emoji_picture(name)?)))).collect()
            });
            let standard = emoji::search(word, OFFERED).into_iter().map(|e| offer(e.name, Sign::Emoji(e.text)));
            found.extend(standard);
            found.truncate(OFFERED);
            found
        }
        Sigil::Channel => chat.peek(|m| {
            let fits = |c: &&&model::channels::Channel| {
                c.name.starts_with(word) || c.display_name.to_lowercase().contains(word)
            };
            m.team_channels()
                .iter()
                .filter(fits)
                .take(OFFERED)
                .map(|c| Offer {
                    text: format!("~{}", c.name),
                    name: c.display_name.clone(),
                    hint: format!("~{}", c.name),
                    sign: Sign::Channel(c.id),
                })
                .collect()
        }),
        Sigil::Person => chat.peek(|m| {
            // Those who wrote here last come first.
            let order = m.stretches.get(&channel).map(|s| s.order.as_slice()).unwrap_or_default();
            let recent: Vec<_> = order.iter().rev().filter_map(|id| m.posts.get(id)).map(|p| p.user_id).collect();
            let mut found: Vec<_> = m
                .users
                .values()
                .filter(|u| {
                    let words = [&u.username, &u.first_name, &u.last_name, &u.nickname];
                    u.delete_at == 0 && words.iter().any(|w| w.to_lowercase().starts_with(word))
                })
                .collect();
            found.sort_by_key(|u| (recent.iter().position(|r| *r == u.id).unwrap_or(usize::MAX), u.username.clone()));
            let people = found.into_iter().take(OFFERED).map(|u| Offer {
                text: format!("@{}", u.username),
                name: u.display_name(),
                hint: format!("@{}", u.username),
                sign: Sign::Person(u.id.to_string()),
            });
            let groups = [
                ("channel", words::composer_everybody()),
                ("here", words::composer_online()),
                ("all", words::composer_everybody()),
            ];
            let groups = groups.into_iter().filter(|(name, _)| name.starts_with(word) && !word.is_empty()).map(
                |(name, hint)| Offer {
                    text: format!("@{name}"),
                    name: format!("@{name}"),
                    hint: hint.to_owned(),
                    sign: Sign::All,
                },
            );
            let mut made: Vec<_> = m
                .groups
                .values()
                .filter(|g| {
                    !word.is_empty() && (g.name.starts_with(word) || g.display_name.to_lowercase().contains(word))
                })
                .collect();
            made.sort_by(|a, b| a.name.cmp(&b.name));
            let made = made.into_iter().take(OFFERED / 2).map(|group| Offer {
                text: format!("@{}", group.name),
                name: group.display_name.clone(),
                hint: format!("@{}", group.name),
                sign: Sign::All,
            });
            people.chain(made).chain(groups).collect()
        }),
    }
}

/// The list above a box.
#[derive(Clone, Copy)]
pub struct Above {
    pub completion: Completion,
    pub area: NodeRef<html::Textarea>,
    /// Runs when something was written into the box.
    pub changed: Callback<()>,
}

/// The list itself.
#[component]
pub fn CompletionList(of: Above) -> impl IntoView {
    let Above { completion, area, changed } = of;
    let chat = use_chat();
    // Groups may come when one has begun to write already.
    Effect::new(move |before: Option<()>| {
        chat.track(Topic::Groups);
        if before.is_some()
            && let Some(area) = area.get_untracked()
            && document().active_element().is_some_and(|active| active == **area)
        {
            completion.look(chat, &area);
        }
    });
    let item = move |(index, offer): (usize, Offer)| {
        // Before the box loses the keyboard.
        let choose = move |event: ev::PointerEvent| {
            event.prevent_default();
            if let Some(area) = area.get_untracked() {
                completion.choose(index, &area);
                changed.run(());
            }
        };
        view! {
            <div
                class="completion-item"
                role="option"
                id=format!("c-{index}")
                aria-selected=move || if completion.chosen.get() == index { "true" } else { "false" }
                on:pointerdown=choose
                on:mousedown=|event| event.prevent_default()
            >
                {match offer.sign {
                    Sign::Person(id) => view! { <Avatar id name=offer.name.clone() size=24 /> }.into_any(),
                    Sign::Channel(id) => view! { <ChannelIcon id /> }.into_any(),
                    Sign::Picture(src) => view! { <img class="emoji" src=src alt="" /> }.into_any(),
                    Sign::Emoji(text) => view! { <span class="emoji">{text}</span> }.into_any(),
                    Sign::Command => view! { <span class="side-icon"><Icon name=Icon::Zap /></span> }.into_any(),
                    Sign::All => view! { <span class="side-icon"><Icon name=Icon::Users /></span> }.into_any(),
                }}
                <span class="completion-name" dir="auto">{offer.name}</span>
                <span class="completion-hint">{offer.hint}</span>
            </div>
        }
    };
    view! {
        {move || {
            let title = completion.controls().and_then(|_| completion.sigil.get())?.title();
            Some(view! {
                <div class="completion" role="listbox" id="completion" aria-label=title>
                    <div class="completion-title">{title}</div>
                    {completion.offers.get().into_iter().enumerate().map(item).collect_view()}
                </div>
            })
        }}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognised_where_they_begin() {
        assert_eq!(token("hi @an", 6), Some((Sigil::Person, 3, "an")));
        assert_eq!(token("@", 1), Some((Sigil::Person, 0, "")));
        assert_eq!(token("mail a@b", 8), None);
        assert_eq!(token("at 10:30", 8), None);
        assert_eq!(token(":ta", 3), Some((Sigil::Emoji, 0, "ta")));
        assert_eq!(token(":t", 2), None);
        assert_eq!(token("see ~de now", 7), Some((Sigil::Channel, 4, "de")));
        assert_eq!(token("@ann hello", 10), None);
        assert_eq!(token("/", 1), Some((Sigil::Command, 0, "")));
        assert_eq!(token("/shr", 4), Some((Sigil::Command, 0, "shr")));
        assert_eq!(token("/msg @an", 8), Some((Sigil::Person, 5, "an")));
        assert_eq!(token("and/or", 6), None);
    }
}
