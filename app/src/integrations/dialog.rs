//! Dialogs that programs open: a form of their own making, whose answers go back to them.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    interactive::{DialogAnswer, DialogSubmission, LookupDialog, OpenDialog, SubmitDialog},
    posts::Props,
};
use serde_json::Value;

use super::{Choice, choices, flag, objects, text};
use crate::{
    channel::html as rendered,
    chat::{Chat, use_chat},
    state::Topic,
    ui::{Button, ButtonKind, Check, Dialog, Field, Notice, NoticeKind, TextField},
    words,
};

/// Something to fill in.
#[derive(Clone, PartialEq)]
struct Element {
    name: String,
    label: String,
    kind: String,
    subtype: String,
    help: String,
    placeholder: String,
    optional: bool,
    least: usize,
    most: Option<u32>,
    dynamic: bool,
    choices: RwSignal<Vec<Choice>>,
    value: RwSignal<String>,
    checked: RwSignal<bool>,
    error: RwSignal<Option<String>>,
}

impl Element {
    fn of(chat: Chat, e: &Props) -> Self {
        let number = |name: &str| e.get(name).and_then(Value::as_u64).filter(|n| *n > 0);
        let default = text(e, "default");
        let checked = default == "true" || flag(e, "default");
        Self {
            name: text(e, "name"),
            label: text(e, "display_name"),
            kind: text(e, "type"),
            subtype: text(e, "subtype"),
            help: text(e, "help_text"),
            placeholder: text(e, "placeholder"),
            optional: flag(e, "optional"),
            least: number("min_length").unwrap_or(0) as usize,
            most: number("max_length").and_then(|n| n.try_into().ok()),
            dynamic: text(e, "data_source") == "dynamic",
            choices: RwSignal::new(chat.peek(|m| choices(m, e))),
            value: RwSignal::new(default),
            checked: RwSignal::new(checked),
            error: RwSignal::new(None),
        }
    }

    /// What is sent of it; nothing where nothing was entered.
    fn answer(&self) -> Option<Value> {
        let text = self.value.get_untracked();
        match (self.kind.as_str(), self.subtype.as_str()) {
            ("bool", _) => Some(self.checked.get_untracked().into()),
            _ if text.is_empty() => None,
            (_, "number") => Some(text.parse::<f64>().map_or_else(|_| text.into(), Value::from)),
            _ => Some(text.into()),
        }
    }

    /// What is wrong with what was entered, before anybody is asked.
    fn wrong(&self) -> Option<String> {
        let length = self.value.with_untracked(|text| text.trim().chars().count());
        match self.kind.as_str() {
            "bool" => (!self.optional && !self.checked.get_untracked()).then(|| words::program_tick().to_owned()),
            _ if length == 0 => (!self.optional).then(|| words::program_needed().to_owned()),
            _ if length < self.least => Some(words::program_least(self.least as i64)),
            _ => None,
        }
    }
}

/// Shows what programs open; once per page.
#[component]
pub fn ProgramDialog() -> impl IntoView {
    let chat = use_chat();
    let open = RwSignal::new(false);
    let asked = RwSignal::new(None::<OpenDialog>);
    let answered = StoredValue::new(false);
    Effect::new(move |_| {
        chat.track(Topic::Dialog);
        let new: Option<OpenDialog> = chat.change(|m| (m.dialog.take(), Vec::new()));
        if let Some(new) = new {
            answered.set_value(false);
            asked.set(Some(new));
            open.set(true);
        }
    });
    // Whoever wants to know is told that nothing was entered.
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true)
            && !now
            && !answered.get_value()
            && let Some(dialog) = asked.get_untracked().filter(|d| flag(&form_of(d), "notify_on_cancel"))
        {
            let body = DialogSubmission { cancelled: true, ..submission(chat, &dialog) };
            spawn_local(async move {
                if let Err(failure) = chat.client().send(SubmitDialog { query: (), body }).await {
                    chat.complain(&failure);
                }
            });
        }
        now
    });
    let title = Signal::derive(move || {
        let title = asked.with(|asked| asked.as_ref().map(|d| text(&form_of(d), "title")).unwrap_or_default());
        if title.is_empty() { words::program_asks().to_owned() } else { title }
    });
    view! {
        <Dialog open title>
            {move || asked.get().map(|dialog| view! { <Form dialog open asked answered /> })}
        </Dialog>
    }
}

fn form_of(dialog: &OpenDialog) -> Props {
    dialog.dialog.as_object().cloned().unwrap_or_default()
}

/// What is sent of a dialog, with nothing entered yet.
fn submission(chat: Chat, dialog: &OpenDialog) -> DialogSubmission {
    let form = form_of(dialog);
    let (me, team) = chat.peek(|m| (m.me, m.team));
    DialogSubmission {
        kind: "dialog_submission".into(),
        url: dialog.url.clone(),
        callback_id: text(&form, "callback_id"),
        state: text(&form, "state"),
        user_id: me,
        channel_id: chat.open.get_untracked().unwrap_or_default().to_string(),
        team_id: team.to_string(),
        ..DialogSubmission::default()
    }
}

#[component]
fn Form(
    dialog: OpenDialog,
    open: RwSignal<bool>,
    asked: RwSignal<Option<OpenDialog>>,
    answered: StoredValue<bool>,
) -> impl IntoView {
    let chat = use_chat();
    let form = form_of(&dialog);
    let elements: Vec<Element> =
        objects(&form, "elements").map(|e| Element::of(chat, e)).filter(|e| !e.name.is_empty()).collect();
    let kept = StoredValue::new(elements.clone());
    let dialog = StoredValue::new(dialog);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let introduction = text(&form, "introduction_text");
    let introduction = if introduction.is_empty() { introduction } else { chat.peek(|m| rendered(m, &introduction)) };
    let label = Some(text(&form, "submit_label"))
        .filter(|t| !t.is_empty())
        .unwrap_or_else(|| words::composer_send().to_owned());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let mut entered = Props::new();
        let wrong = kept.with_value(|all| {
            let mut wrong = false;
            for element in all {
                let text = element.wrong();
                wrong |= text.is_some();
                element.error.set(text);
                if let Some(value) = element.answer() {
                    entered.insert(element.name.clone(), value);
                }
            }
            wrong
        });
        error.set(None);
        if wrong {
            return;
        }
        let body = dialog.with_value(|d| DialogSubmission { submission: entered, ..submission(chat, d) });
        busy.set(true);
        spawn_local(async move {
            let answer = chat.client().send(SubmitDialog { query: (), body }).await;
            busy.try_set(false);
            match answer {
                Err(failure) => drop(error.try_set(Some(failure.to_string()))),
                Ok(answer) => settle(dialog, kept, (open, asked, answered), error, answer),
            }
        });
    };
    view! {
        <form on:submit=submit novalidate=true>
            <div class="dialog-body">
                {move || error.get().map(|text| view! { <Notice kind=NoticeKind::Danger>{text}</Notice> })}
                {(!introduction.is_empty()).then(|| view! { <div class="md" dir="auto" inner_html=introduction></div> })}
                {elements.into_iter().map(|element| view! { <Entry element dialog /> }).collect_view()}
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Primary submit=true busy>{label}</Button>
            </footer>
        </form>
    }
}

/// Closes the dialog, shows what its program finds wrong, or the next step.
fn settle(
    dialog: StoredValue<OpenDialog>,
    elements: StoredValue<Vec<Element>>,
    (open, asked, answered): (RwSignal<bool>, RwSignal<Option<OpenDialog>>, StoredValue<bool>),
    error: RwSignal<Option<String>>,
    answer: DialogAnswer,
) {
    let named: Vec<(String, String)> =
        answer.errors.iter().filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect();
    if !answer.error.is_empty() || !named.is_empty() {
        let told = elements.try_with_value(|all| {
            for element in all {
                element.error.set(named.iter().find(|(name, _)| *name == element.name).map(|(_, text)| text.clone()));
            }
        });
        if told.is_some() && !answer.error.is_empty() {
            error.set(Some(answer.error));
        }
        return;
    }
    if let (Some(form), Some(before)) = (answer.form, dialog.try_get_value()) {
        let form = form.get("dialog").cloned().unwrap_or(form);
        asked.set(Some(OpenDialog { dialog: form, ..before }));
        return;
    }
    answered.set_value(true);
    open.set(false);
}

#[component]
fn Entry(element: Element, dialog: StoredValue<OpenDialog>) -> impl IntoView {
    let chat = use_chat();
    let Element { value, checked, error, .. } = element;
    let id = format!("dialog-{}", element.name);
    let note = if element.optional { words::optional() } else { "" };
    let choices = element.choices;
    if element.dynamic {
        let name = element.name.clone();
        let wanted = Props::from_iter([("query".to_owned(), "".into()), ("selected_field".to_owned(), name.into())]);
        let body = dialog.with_value(|d| DialogSubmission { submission: wanted, ..submission(chat, d) });
        spawn_local(async move {
            match chat.client().send(LookupDialog { query: (), body }).await {
                Ok(found) => {
                    let found = found.items.into_iter().map(|o| Choice { text: o.text, value: o.value }).collect();
                    drop(choices.try_set(found));
                }
                Err(failure) => chat.complain(&failure),
            }
        });
    }
    match element.kind.as_str() {
        "bool" => {
            let help = if element.placeholder.is_empty() { element.help } else { element.placeholder };
            view! {
                <div class="field">
                    <Check checked>{element.label}</Check>
                    {move || match error.get() {
                        Some(text) => view! { <p class="field-error" role="alert">{text}</p> }.into_any(),
                        None => view! { <p class="field-help">{help.clone()}</p> }.into_any(),
                    }}
                </div>
            }
            .into_any()
        }
        "select" => {
            let prompt =
                if element.placeholder.is_empty() { words::program_choose().to_owned() } else { element.placeholder };
            let field = id.clone();
            view! {
                <Field id label=element.label note help=element.help error=Signal::derive(move || error.get())>
                    <select
                        class="input"
                        id=field.clone()
                        aria-describedby=format!("{field}-help")
                        on:change=move |event| value.set(event_target_value(&event))
                    >
                        <option value="" selected=move || value.with(String::is_empty)>{prompt}</option>
                        {move || choices.get().into_iter().map(|choice| {
                            let own = choice.value.clone();
                            view! { <option value=choice.value selected=move || value.with(|v| *v == own)>{choice.text}</option> }
                        }).collect_view()}
                    </select>
                </Field>
            }
            .into_any()
        }
        "radio" => {
            let name = id.clone();
            let option = move |choice: Choice| {
                let (own, new) = (choice.value.clone(), choice.value);
                view! {
                    <label class="check">
                        <input
                            type="radio"
                            name=name.clone()
                            prop:checked=move || value.with(|v| *v == own)
                            on:change=move |_| value.set(new.clone())
                        />
                        <span>{choice.text}</span>
                    </label>
                }
            };
            let help = element.help;
            view! {
                <fieldset class="field dialog-radio">
                    <legend class="field-label">{element.label}{(!note.is_empty()).then(|| view! { <small>{note}</small> })}</legend>
                    {choices.get_untracked().into_iter().map(option).collect_view()}
                    {move || match error.get() {
                        Some(text) => view! { <p class="field-error" role="alert">{text}</p> }.into_any(),
                        None => view! { <p class="field-help">{help.clone()}</p> }.into_any(),
                    }}
                </fieldset>
            }
            .into_any()
        }
        "textarea" => {
            let field = id.clone();
            view! {
                <Field id label=element.label note help=element.help error=Signal::derive(move || error.get())>
                    <textarea
                        class="input"
                        id=field.clone()
                        aria-describedby=format!("{field}-help")
                        placeholder=element.placeholder
                        maxlength=element.most.unwrap_or(3_000)
                        dir="auto"
                        prop:value=move || value.get()
                        on:input=move |event| value.set(event_target_value(&event))
                    ></textarea>
                </Field>
            }
            .into_any()
        }
        other => {
            let kind = match (other, element.subtype.as_str()) {
                ("date", _) => "date",
                ("datetime", _) => "datetime-local",
                (_, "email") => "email",
                (_, "number") => "number",
                (_, "password") => "password",
                (_, "tel") => "tel",
                (_, "url") => "url",
                _ => "text",
            };
            view! {
                <TextField
                    id
                    label=element.label
                    value
                    kind
                    note
                    help=element.help
                    placeholder=element.placeholder
                    max_length=element.most.unwrap_or(150)
                    error=Signal::derive(move || error.get())
                />
            }
            .into_any()
        }
    }
}
