//! Short notices at the edge of the screen: what was done, with a way to take it back, or why it was not.
//!
//! They are for things that happen out of sight. What fails in sight is said in place.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Icon, IconButton};
use crate::words;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    Info,
    Success,
    Warning,
    Danger,
}

impl ToastKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Success => Icon::Success,
            Self::Warning => Icon::Warning,
            Self::Danger => Icon::Alert,
        }
    }
}

#[derive(Clone)]
struct Toast {
    id: u64,
    kind: ToastKind,
    text: String,
    action: Option<(String, Run)>,
}

/// What a press does. Not a `Callback`: those end with the component that made them, and a notice outlives it.
type Run = Arc<dyn Fn() + Send + Sync>;

/// How long a notice stays that asks for a decision, in seconds.
const LONG: u32 = 12;

/// At most this many at once; the oldest goes.
const AT_ONCE: usize = 4;

/// The notices on screen. Get it with [`use_toasts`].
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    /// How many large dialogs are open that show them: what is behind a dialog cannot be pressed.
    above: RwSignal<usize>,
    next: StoredValue<u64>,
}

impl Toasts {
    /// Shows a notice.
    pub fn show(self, kind: ToastKind, text: impl Into<String>) {
        // Failures stay longer.
        self.add(kind, text.into(), None, if kind == ToastKind::Danger { LONG } else { 5 });
    }

    /// Shows a notice with something to press, such as "Undo".
    pub fn offer(
        self,
        kind: ToastKind,
        text: impl Into<String>,
        action: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) {
        self.add(kind, text.into(), Some((action.into(), Arc::new(run))), LONG);
    }

    /// Shows for so many seconds what was done, with something to press that takes it back.
    pub fn offer_for(
        self,
        seconds: u32,
        text: impl Into<String>,
        action: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) {
        self.add(ToastKind::Info, text.into(), Some((action.into(), Arc::new(run))), seconds);
    }

    /// Takes all of them away.
    pub fn clear(self) {
        self.list.set(Vec::new());
    }

    fn add(self, kind: ToastKind, text: String, action: Option<(String, Run)>, seconds: u32) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.list.update(|list| {
            // Said once is enough.
            list.retain(|toast| toast.text != text);
            if list.len() >= AT_ONCE {
                list.remove(0);
            }
            list.push(Toast { id, kind, text, action });
        });
        #[cfg(feature = "hydrate")]
        set_timeout(move || self.close(id), std::time::Duration::from_secs(seconds.into()));
        #[cfg(not(feature = "hydrate"))]
        let _ = seconds;
    }

    fn close(self, id: u64) {
        self.list.try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Makes notices possible below this component.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts { list: RwSignal::new(Vec::new()), above: RwSignal::new(0), next: StoredValue::new(0) };
    provide_context(toasts);
    toasts
}

/// The notices of this page.
pub fn use_toasts() -> Toasts {
    expect_context::<Toasts>()
}

/// Where they appear: once per page, and in each dialog in which one stays and does things.
#[component]
pub fn ToastRegion(
    /// In a dialog, as long as it is open.
    #[prop(optional)]
    above: bool,
) -> impl IntoView {
    let toasts = use_toasts();
    if above {
        toasts.above.update(|count| *count += 1);
        on_cleanup(move || {
            toasts.above.try_update(|count| *count = count.saturating_sub(1));
        });
    }
    let shown = move || if above || toasts.above.get() == 0 { toasts.list.get() } else { Vec::new() };
    view! {
        <div class="toasts" role="region" aria-label=words::frame_notices() aria-live="polite">
            <For each=shown key=|toast| toast.id let:toast>
                <Item toasts toast />
            </For>
        </div>
    }
}

#[component]
fn Item(toasts: Toasts, toast: Toast) -> impl IntoView {
    let id = toast.id;
    view! {
        <div class="toast" data-kind=toast.kind.name()>
            <Icon name=toast.kind.icon() />
            <p class="toast-text">{toast.text}</p>
            {toast.action.map(|(label, run)| {
                let press = move |_| {
                    toasts.close(id);
                    run();
                };
                view! { <button type="button" class="link-btn" on:click=press>{label}</button> }
            })}
            <IconButton icon=Icon::Close label=words::panel_close() on:click=move |_| toasts.close(id) />
        </div>
    }
}
