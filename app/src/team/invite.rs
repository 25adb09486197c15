//! Inviting: by a link, by mail, and guests into some channels.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{
    ChannelId,
    permission::Permission,
    teams::{EmailInvitation, GracefulQuery, GuestInvitation, GuestQuery, InviteByEmail, InviteGuestsByEmail},
};

use super::{access::Link, link};
use crate::{
    chat::use_chat,
    client::Failure,
    settings::{Section, Toggle},
    sidebar::ChannelIcon,
    state::Topic,
    ui::{Button, ButtonKind, Field, Icon, Notice, NoticeKind, SearchField},
    words,
};

/// How many channels are offered at once.
const OFFERED: usize = 8;

/// What came of it.
type Answer = Result<Vec<EmailInvitation>, Failure>;

#[component]
pub fn Invite() -> impl IntoView {
    let chat = use_chat();
    let mails = move || chat.read(Topic::Allowed, |m| m.is_on("EnableEmailInvitations"));
    let members = move || {
        mails() && chat.read(Topic::Allowed, |m| m.may(Permission::InviteUser) && m.may(Permission::AddUserToTeam))
    };
    let guests = move || {
        mails() && chat.read(Topic::Allowed, |m| m.may(Permission::InviteGuest) && m.is_on("EnableGuestAccounts"))
    };
    view! {
        <Show when=move || !link(chat).is_empty()>
            <Section title=words::team_link() lead=words::team_link_lead()><Link /></Section>
        </Show>
        <Show when=members>
            <Section title=words::invite_by_mail() lead=words::invite_by_mail_lead()><ByMail /></Section>
        </Show>
        <Show when=guests>
            <Section title=words::invite_guests() lead=words::invite_guests_lead()><Guests /></Section>
        </Show>
    }
}

/// The addresses in a text: between blanks, commas and semicolons.
fn addresses(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for address in text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').map(str::trim) {
        if !address.is_empty() && !all.iter().any(|known| known.eq_ignore_ascii_case(address)) {
            all.push(address.to_owned());
        }
    }
    all
}

/// Where addresses are written.
#[component]
fn Addresses(id: &'static str, text: RwSignal<String>) -> impl IntoView {
    view! {
        <Field id label=words::invite_addresses() help=words::invite_addresses_help()>
            <textarea
                class="input"
                id=id
                rows="3"
                dir="ltr"
                inputmode="email"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=format!("{id}-help")
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
        </Field>
    }
}

/// What came of it, address by address.
#[component]
fn Answers(answer: RwSignal<Option<Answer>>) -> impl IntoView {
    let row = |invitation: EmailInvitation| {
        let refused = invitation.error.map(|error| error.message);
        let icon = if refused.is_some() { Icon::Alert } else { Icon::Success };
        view! {
            <li class="settings-item">
                <Icon name=icon />
                <span class="settings-item-text">
                    <span dir="ltr">{invitation.email}</span>
                    <small>{refused.unwrap_or_else(|| words::invite_sent().to_owned())}</small>
                </span>
            </li>
        }
    };
    view! {
        {move || answer.get().map(|answer| match answer {
            Ok(all) => view! { <div role="status"><ul class="settings-list">{all.into_iter().map(row).collect_view()}</ul></div> }.into_any(),
            Err(failure) => view! { <Notice kind=NoticeKind::Danger>{failure.to_string()}</Notice> }.into_any(),
        })}
    }
}

/// Addresses that are invited together, and what came of it.
#[derive(Clone, Copy)]
struct Invited {
    text: RwSignal<String>,
    busy: RwSignal<bool>,
    answer: RwSignal<Option<Answer>>,
}

impl Invited {
    fn new() -> Self {
        Self { text: RwSignal::new(String::new()), busy: RwSignal::new(false), answer: RwSignal::new(None) }
    }

    /// Sends the invitations. What was refused stays, to be corrected; what was sent is done.
    fn send(self, call: impl Future<Output = Answer> + 'static) {
        self.busy.set(true);
        self.answer.set(None);
        spawn_local(async move {
            let said = call.await;
            if let Ok(all) = &said {
                let refused = all.iter().filter(|invitation| invitation.error.is_some());
                self.text.try_set(refused.map(|invitation| invitation.email.as_str()).collect::<Vec<_>>().join("\n"));
            }
            self.answer.try_set(Some(said));
            self.busy.try_set(false);
        });
    }
}

#[component]
fn ByMail() -> impl IntoView {
    let chat = use_chat();
    let invited = Invited::new();
    let Invited { text, busy, answer } = invited;
    let none = Signal::derive(move || text.with(|text| addresses(text).is_empty()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let body = text.with_untracked(|text| addresses(text));
        let call = InviteByEmail { team_id: chat.peek(|m| m.team), query: GracefulQuery::yes(), body };
        invited.send(async move { chat.client().send(call).await });
    };
    view! {
        <form class="settings-form" on:submit=submit>
            <Answers answer />
            <Addresses id="invite-addresses" text />
            <div><Button kind=ButtonKind::Primary submit=true busy disabled=none icon=Icon::Mail>{words::invite_send()}</Button></div>
        </form>
    }
}

#[component]
fn Guests() -> impl IntoView {
    let chat = use_chat();
    let invited = Invited::new();
    let Invited { text, busy, answer } = invited;
    let wanted = RwSignal::new(String::new());
    let chosen = RwSignal::new(Vec::<ChannelId>::new());
    let message = NodeRef::<html::Textarea>::new();
    let links = move || chat.read(Topic::Allowed, |m| m.is_on("EnableGuestMagicLink"));
    let by_link = RwSignal::new(false);
    let incomplete = Signal::derive(move || text.with(|text| addresses(text).is_empty()) || chosen.with(Vec::is_empty));
    // Those chosen stay in sight.
    let found = Memo::new(move |_| {
        let wanted = wanted.with(|text| text.trim().to_lowercase());
        chat.read(Topic::Channels, |m| {
            let all = m.team_channels();
            let is_chosen = |id: ChannelId| chosen.with(|chosen| chosen.contains(&id));
            let fits = |title: &str| title.to_lowercase().contains(&wanted);
            let mut list: Vec<_> = all
                .iter()
                .filter(|c| is_chosen(c.id) || fits(&c.display_name))
                .map(|c| (!is_chosen(c.id), c.id, c.display_name.clone()))
                .collect();
            list.sort_by_key(|(later, ..)| *later);
            list.truncate(OFFERED.max(chosen.with(Vec::len)));
            list.into_iter().map(|(_, id, title)| (id, title)).collect::<Vec<_>>()
        })
    });
    let place = move |(id, title): (ChannelId, String)| {
        view! {
            <label class="switch-row forward-place">
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                    on:change=move |event| chosen.update(|chosen| {
                        chosen.retain(|known| *known != id);
                        if event_target_checked(&event) {
                            chosen.push(id);
                        }
                    })
                />
                <ChannelIcon id />
                <span class="side-name" dir="auto">{title}</span>
            </label>
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let body = GuestInvitation {
            emails: text.with_untracked(|text| addresses(text)),
            channels: chosen.with_untracked(|all| all.iter().map(ToString::to_string).collect()),
            message: message.get_untracked().map(|area| area.value().trim().to_owned()).unwrap_or_default(),
        };
        let guest_magic_link = if by_link.get_untracked() { "true" } else { "" }.to_owned();
        let query = GuestQuery { graceful: "true".to_owned(), guest_magic_link };
        let call = InviteGuestsByEmail { team_id: chat.peek(|m| m.team), query, body };
        invited.send(async move { chat.client().send(call).await });
    };
    view! {
        <form class="settings-form" on:submit=submit>
            <Answers answer />
            <Addresses id="guest-addresses" text />
            <fieldset class="field">
                <legend class="field-label">{words::invite_channels()}</legend>
                <SearchField label=words::browse_find() on_type=move |text| wanted.set(text) />
                <div class="forward-places">
                    <For each=move || found.get() key=Clone::clone children=place />
                    {move || found.with(Vec::is_empty).then(|| view! { <p class="field-help">{words::browse_none()}</p> })}
                </div>
            </fieldset>
            <Field id="guest-message" label=words::invite_message() note=words::optional()>
                <textarea class="input" id="guest-message" rows="2" dir="auto" maxlength="2000" node_ref=message></textarea>
            </Field>
            <Show when=links>
                <Toggle on=by_link on_change=move |on| by_link.set(on) label=words::invite_by_link() help=words::invite_by_link_help() />
            </Show>
            <div><Button kind=ButtonKind::Primary submit=true busy disabled=incomplete icon=Icon::Mail>{words::invite_send()}</Button></div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn addresses_stand_between_blanks_and_commas() {
        assert_eq!(addresses(" a@x.org, b@x.org;c@x.org\nA@x.org\n"), ["a@x.org", "b@x.org", "c@x.org"]);
        assert!(addresses(" ,\n").is_empty());
    }
}
