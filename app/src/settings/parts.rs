//! What the pages are made of.

use leptos::prelude::*;

use crate::{
    actions,
    chat::{Chat, use_chat},
    state::Topic,
    ui::{Button, ButtonKind},
    words,
};

/// A group of settings with a title.
#[component]
pub fn Section(
    #[prop(into)] title: String,
    /// What it is for.
    #[prop(optional, into)]
    lead: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="settings-section">
            <div class="settings-section-head">
                <h2>{title}</h2>
                {lead.map(|lead| view! { <p class="field-help">{lead}</p> })}
            </div>
            {children()}
        </section>
    }
}

/// One of several answers.
#[derive(Clone, Copy)]
pub struct Answer {
    pub value: &'static str,
    pub label: &'static str,
    /// What it means, in a smaller line.
    pub help: &'static str,
}

/// An answer without further words.
pub const fn answer(value: &'static str, label: &'static str) -> Answer {
    Answer { value, label, help: "" }
}

/// Several answers, one of which is chosen.
#[component]
pub fn Choices(
    /// For the radio buttons; once per page.
    name: &'static str,
    #[prop(into)] legend: String,
    #[prop(into)] answers: Vec<Answer>,
    #[prop(into)] chosen: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    view! {
        <fieldset class="radios">
            <legend class="field-label">{legend}</legend>
            {answers.into_iter().map(|answer| view! {
                <label class="check">
                    <input
                        type="radio"
                        name=name
                        value=answer.value
                        prop:checked=move || chosen.get() == answer.value
                        on:change=move |_| on_choose.run(answer.value.to_owned())
                    />
                    <span>
                        {answer.label}
                        {(!answer.help.is_empty()).then(|| view! { <small class="field-help">{answer.help}</small> })}
                    </span>
                </label>
            }).collect_view()}
        </fieldset>
    }
}

/// Something that is on or off, told at once.
#[component]
pub fn Toggle(
    #[prop(into)] on: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(into)] label: String,
    #[prop(optional, into)] help: Option<String>,
) -> impl IntoView {
    view! {
        <label class="switch">
            <input
                type="checkbox"
                role="switch"
                prop:checked=move || on.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>
                {label}
                {help.map(|help| view! { <small class="field-help">{help}</small> })}
            </span>
        </label>
    }
}

/// A preference that is one of several texts, kept on the server.
#[derive(Clone, Copy)]
pub struct Preferred {
    chat: Chat,
    category: &'static str,
    name: &'static str,
    default: &'static str,
}

impl Preferred {
    pub fn new(category: &'static str, name: &'static str, default: &'static str) -> Self {
        Self { chat: use_chat(), category, name, default }
    }

    pub fn get(self) -> String {
        self.chat
            .read(Topic::Preferences, |m| m.preference(self.category, self.name).unwrap_or(self.default).to_owned())
    }

    pub fn set(self, value: &str) {
        actions::prefer(self.chat, self.category, self.name.to_owned(), value);
    }

    pub fn signal(self) -> Signal<String> {
        Signal::derive(move || self.get())
    }

    pub fn choose(self) -> Callback<String> {
        Callback::new(move |value: String| self.set(&value))
    }

    pub fn is_on(self) -> Signal<bool> {
        Signal::derive(move || self.get() == "true")
    }

    pub fn switch(self) -> Callback<bool> {
        Callback::new(move |on| self.set(if on { "true" } else { "false" }))
    }
}

/// The bar that appears when something changed and is not saved.
#[component]
pub fn SaveBar(
    #[prop(into)] changed: Signal<bool>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(into)] save: Callback<()>,
    #[prop(into)] undo: Callback<()>,
) -> impl IntoView {
    view! {
        <Show when=move || changed.get()>
            <div class="save-bar" role="region" aria-label=words::settings_changes()>
                <span>{words::settings_not_saved()}</span>
                <Button kind=ButtonKind::Ghost on:click=move |_| undo.run(())>{words::undo()}</Button>
                <Button kind=ButtonKind::Primary busy on:click=move |_| save.run(())>{words::save()}</Button>
            </div>
        </Show>
    }
}
