//! Nothing here, something to know, something on its way: places that would otherwise be a dead end.

use leptos::prelude::*;

use super::Icon;
use crate::words;

/// An empty, failed or forbidden place: what it is, and as children what to do next.
#[component]
pub fn Empty(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <div class="empty-art">
                <Icon name=icon />
            </div>
            <h2 class="empty-title">{title}</h2>
            <p class="empty-text">{text}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}

/// How serious a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    Info,
    Success,
    Warning,
    Danger,
}

/// A notice inside a page, such as why a form was refused.
#[component]
pub fn Notice(kind: NoticeKind, children: Children) -> impl IntoView {
    let (name, icon, role) = match kind {
        NoticeKind::Info => ("info", Icon::Info, "status"),
        NoticeKind::Success => ("success", Icon::Success, "status"),
        NoticeKind::Warning => ("warning", Icon::Warning, "alert"),
        NoticeKind::Danger => ("danger", Icon::Alert, "alert"),
    };
    view! {
        <div class="notice" data-kind=name role=role>
            <Icon name=icon />
            <p>{children()}</p>
        </div>
    }
}

/// A turning ring, for places too small for a skeleton.
#[component]
pub fn Spinner() -> impl IntoView {
    view! { <span class="spinner" role="status" aria-label=words::loading()></span> }
}
