//! Why one is notified of a message, or not, in words.

use leptos::{prelude::*, task::spawn_local};
use model::{
    PostId,
    notifications::{GetWhyNotified, Mention, MentionKind, Rule, Verdict, WhyNotified},
};

use crate::{
    chat::use_chat,
    client::Failure,
    ui::{Notice, NoticeKind, SkeletonList},
    words,
};

fn of_rule(rule: Rule) -> &'static str {
    match rule {
        Rule::Mentioned => words::why_mentioned(),
        Rule::ThreadFollowed => words::why_thread(),
        Rule::EveryMessage => words::why_every(),
        Rule::NotMentioned => words::why_not_mentioned(),
        Rule::ThreadNotFollowed => words::why_thread_not_followed(),
        Rule::ThreadMentionsOnly => words::why_thread_mentions(),
        Rule::Off => words::why_off(),
        Rule::ChannelMuted => words::why_muted(),
        Rule::DoNotDisturb => words::why_dnd(),
        Rule::Here => words::why_here(),
        Rule::OwnMessage => words::why_own(),
        Rule::SystemMessage => words::why_system(),
        Rule::NotInChannel => words::why_outside(),
        Rule::NotOffered => words::why_not_offered(),
        Rule::NoAddress => words::why_no_address(),
    }
}

fn of_mention(mention: &Mention) -> String {
    let word = mention.word.as_str();
    match mention.kind {
        MentionKind::Conversation => words::why_by_conversation().to_owned(),
        MentionKind::Name => words::why_by_name(word),
        MentionKind::Keyword => words::why_by_keyword(word),
        MentionKind::FirstName => words::why_by_first_name(word),
        MentionKind::Group => words::why_by_group(word),
        MentionKind::ChannelWide => words::why_by_channel(word),
        MentionKind::Reply => words::why_by_reply().to_owned(),
    }
}

/// The reasons, for each way of notifying.
#[component]
pub fn Why(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let found = RwSignal::new(None::<Result<WhyNotified, Failure>>);
    Effect::new(move |_| {
        spawn_local(async move {
            let answer = chat.client().send(GetWhyNotified { post_id: id, query: (), body: () }).await;
            found.try_set(Some(answer));
        });
    });
    let row = |way: &'static str, verdict: Verdict| {
        let told = if verdict.notified { words::why_told() } else { words::why_not_told() };
        view! { <dt>{way}</dt><dd><strong>{told}</strong>" "{of_rule(verdict.rule)}</dd> }
    };
    view! {
        <div class="dialog-body">
            {move || match found.get() {
                None => view! { <SkeletonList rows=3 label=words::why_loading() /> }.into_any(),
                Some(Err(failure)) => view! { <Notice kind=NoticeKind::Danger>{failure.to_string()}</Notice> }.into_any(),
                Some(Ok(why)) => view! {
                    {why.mention.as_ref().map(|mention| view! { <p dir="auto">{of_mention(mention)}</p> })}
                    <dl class="info-list">
                        {row(words::why_desktop(), why.desktop)}
                        {row(words::why_push(), why.push)}
                        {row(words::why_email(), why.email)}
                    </dl>
                    <p class="field-help">{words::why_now()}</p>
                }.into_any(),
            }}
        </div>
    }
}
