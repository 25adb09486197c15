//! What the forms are made of.

use leptos::{ev, prelude::*, task::spawn_local};
use model::channels::ChannelType;

use crate::{
    browser,
    chat::{Chat, use_chat},
    client::Failure,
    manage::use_ways,
    ui::{Button, ButtonKind, Dialog, Empty, Field, Icon, Notice, NoticeKind, SkeletonList, ToastKind},
    words,
};

/// Fetches something and shows it, or why it cannot be shown.
#[component]
pub fn Loaded<T, S, F>(icon: Icon, fetch: S, show: fn(T) -> AnyView) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    S: Fn() -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<T, Failure>> + 'static,
{
    let found = RwSignal::new(None::<Result<T, Failure>>);
    let again = move || {
        spawn_local(async move {
            let answer = fetch().await;
            found.try_set(Some(answer));
        });
    };
    again();
    move || match found.get() {
        None => view! { <SkeletonList rows=5 label=words::loading() /> }.into_any(),
        Some(Err(failure)) if failure.is_not_found() => {
            view! { <Empty icon title=words::integration_gone() text=words::integration_gone_text() /> }.into_any()
        }
        Some(Err(failure)) => view! {
            <Empty icon=Icon::Offline title=words::auth_did_not_work() text=failure.to_string()>
                <Button on:click=move |_| again()>{words::try_again()}</Button>
            </Empty>
        }
        .into_any(),
        Some(Ok(found)) => show(found),
    }
}

/// How it stands with a form.
#[derive(Clone, Copy)]
pub struct Sent {
    pub busy: RwSignal<bool>,
    pub error: RwSignal<Option<String>>,
}

impl Sent {
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), error: RwSignal::new(None) }
    }

    /// Sends it; `then` runs with the answer.
    pub fn send<T: 'static>(
        self,
        call: impl Future<Output = Result<T, Failure>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            match call.await {
                Ok(answer) => then(answer),
                Err(failure) => {
                    self.error.try_set(Some(failure.to_string()));
                }
            }
            self.busy.try_set(false);
        });
    }
}

/// A form with a button at its end.
#[component]
pub fn Form(
    sent: Sent,
    /// Whether it makes something new.
    new: bool,
    #[prop(into)] incomplete: Signal<bool>,
    submit: Callback<()>,
    children: Children,
) -> impl IntoView {
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !incomplete.get_untracked() {
            submit.run(());
        }
    };
    view! {
        <form class="settings-section" on:submit=on_submit>
            {move || sent.error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
            {children()}
            <div>
                <Button kind=ButtonKind::Primary submit=true busy=sent.busy disabled=incomplete>
                    {if new { words::create() } else { words::save() }}
                </Button>
            </div>
        </form>
    }
}

/// One of several, from a list.
#[component]
pub fn Select(
    id: &'static str,
    label: &'static str,
    #[prop(optional)] help: &'static str,
    /// Values and what is shown for them.
    options: Vec<(String, String)>,
    value: RwSignal<String>,
) -> impl IntoView {
    let option = move |(of, shown): (String, String)| {
        let own = of.clone();
        view! { <option value=of prop:selected=move || value.with(|value| *value == own)>{shown}</option> }
    };
    view! {
        <Field id label help>
            <select class="input" id=id aria-describedby=format!("{id}-help") on:change=move |event| value.set(event_target_value(&event))>
                {options.into_iter().map(option).collect_view()}
            </select>
        </Field>
    }
}

/// Several lines of text, each for itself.
#[component]
pub fn Lines(
    id: &'static str,
    label: &'static str,
    #[prop(optional)] help: &'static str,
    value: RwSignal<String>,
) -> impl IntoView {
    view! {
        <Field id label help>
            <textarea
                class="input"
                id=id
                rows="3"
                dir="auto"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=format!("{id}-help")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        </Field>
    }
}

/// The lines of a text that say something.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect()
}

/// The channels one may choose, and the one that is chosen though it is not known here.
pub fn channels(chat: Chat, chosen: &str, only_public: bool) -> Vec<(String, String)> {
    let mut all: Vec<_> = chat.peek(|m| {
        let fits = |c: &&&model::channels::Channel| !only_public || c.kind == ChannelType::Open;
        m.team_channels().iter().filter(fits).map(|c| (c.id.to_string(), c.display_name.clone())).collect()
    });
    if !chosen.is_empty() && !all.iter().any(|(id, _)| id == chosen) {
        all.push((chosen.to_owned(), words::integration_elsewhere().to_owned()));
    }
    all
}

/// How another one takes the place of something secret.
#[derive(Clone, Copy)]
pub struct Renewal {
    label: &'static str,
    ask: &'static str,
    text: &'static str,
    make: Callback<()>,
}

impl Renewal {
    /// Of what a program is called with.
    pub fn of_token(make: Callback<()>) -> Self {
        Self { label: words::token_renew(), ask: words::token_renew_ask(), text: words::token_renew_text(), make }
    }

    /// Of what a program calls with.
    pub fn of_secret(make: Callback<()>) -> Self {
        Self { label: words::secret_renew(), ask: words::secret_renew_ask(), text: words::secret_renew_text(), make }
    }
}

/// What stands in place of a secret that is not shown: as many letters as it has.
const COVER: &str = "••••••••••••••••••••••••••";

/// Something programs have to know, to be copied; and a new one of it, where that can be made.
#[component]
pub fn Secret(
    label: &'static str,
    value: RwSignal<String>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] renew: Option<Renewal>,
    /// It is shown only once that is asked for.
    #[prop(optional)]
    covered: bool,
) -> impl IntoView {
    let chat = use_chat();
    let asking = RwSignal::new(false);
    let shown = RwSignal::new(!covered);
    let text = move || if shown.get() { value.get() } else { COVER.to_owned() };
    let copy = move |_| {
        browser::copy(&value.get_untracked());
        chat.toasts.show(ToastKind::Success, words::list_copied());
    };
    view! {
        <div class="field">
            <span class="field-label">{label}</span>
            <div class="settings-row">
                <code class="key" dir="ltr">{text}</code>
                {covered.then(|| view! {
                    <Button icon=Icon::Eye on:click=move |_| shown.update(|shown| *shown = !*shown)>
                        {move || if shown.get() { words::secret_hide() } else { words::secret_show() }}
                    </Button>
                })}
                <Button icon=Icon::Copy attr:aria-label=words::integration_copy(label) on:click=copy>{words::tokens_copy()}</Button>
                {renew.map(|renew| view! { <Button icon=Icon::Refresh on:click=move |_| asking.set(true)>{renew.label}</Button> })}
            </div>
            {help.map(|help| view! { <p class="field-help">{help}</p> })}
        </div>
        {renew.map(|renew| view! {
            <Dialog open=asking title=renew.ask>
                <div class="dialog-body"><p>{renew.text}</p></div>
                <footer class="dialog-foot">
                    <Button on:click=move |_| asking.set(false)>{words::cancel()}</Button>
                    <Button
                        kind=ButtonKind::Danger
                        on:click=move |_| {
                            asking.set(false);
                            renew.make.run(());
                        }
                    >
                        {renew.label}
                    </Button>
                </footer>
            </Dialog>
        })}
    }
}

/// The end of the screen of one of them: taking it away for good, after a question. Then the list is shown.
#[component]
pub fn Remove<S, F>(
    #[prop(into)] title: String,
    /// What comes of it.
    text: &'static str,
    remove: S,
) -> impl IntoView
where
    S: Fn() -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<(), Failure>> + 'static,
{
    let chat = use_chat();
    let go = use_ways().goer();
    let asking = RwSignal::new(false);
    let gone = words::integration_removed(&title);
    let ask = words::integration_remove_ask(&title);
    let run = Callback::new(move |()| {
        asking.set(false);
        let (go, gone) = (go.clone(), gone.clone());
        spawn_local(async move {
            match remove().await {
                Ok(()) => {
                    chat.toasts.show(ToastKind::Info, gone);
                    go("");
                }
                Err(failure) => chat.complain(&failure),
            }
        });
    });
    view! {
        <section class="settings-section">
            <div><Button kind=ButtonKind::Danger icon=Icon::Trash on:click=move |_| asking.set(true)>{words::delete()}</Button></div>
        </section>
        <Dialog open=asking title=ask>
            <div class="dialog-body"><p>{text}</p></div>
            <footer class="dialog-foot">
                <Button on:click=move |_| asking.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Danger on:click=move |_| run.run(())>{words::delete()}</Button>
            </footer>
        </Dialog>
    }
}
