//! The one tooltip of the page. It reads `data-tip` and `data-key` of whatever the mouse rests on or the keyboard has
//! reached, so that no control carries a tooltip of its own and no scrolling list cuts one off.

use leptos::prelude::*;

/// Draws it. Once per page, below everything else.
#[component]
pub fn TooltipLayer() -> impl IntoView {
    let tip = RwSignal::new(None::<(String, Option<String>)>);
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    browser::follow(tip, node);
    view! {
        <Show when=move || tip.with(Option::is_some)>
            // Hidden from screen readers: they have heard the label.
            <div class="tooltip" popover="manual" aria-hidden="true" node_ref=node>
                {move || tip.get().map(|(text, _)| text)}
                {move || tip.get().and_then(|(_, keys)| keys).map(|keys| view! { <kbd class="kbd">{keys}</kbd> })}
            </div>
        </Show>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::{cell::RefCell, rc::Rc, time::Duration};

    use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
    use wasm_bindgen::JsCast;
    use web_sys::{Element, EventTarget};

    use crate::ui::{Place, place::dom};

    type Tip = Option<(String, Option<String>)>;

    /// Resting this long asks for help; moving on quickly does not.
    const REST: Duration = Duration::from_millis(450);

    fn carrier(target: Option<EventTarget>) -> Option<Element> {
        target?.dyn_into::<Element>().ok()?.closest("[data-tip]").ok()?
    }

    pub fn follow(tip: RwSignal<Tip>, node: NodeRef<leptos::html::Div>) {
        let over: Rc<RefCell<Option<Element>>> = Rc::default();
        let timer: Rc<RefCell<Option<TimeoutHandle>>> = Rc::default();

        let ask = {
            let (over, timer) = (over.clone(), timer.clone());
            Rc::new(move |element: Option<Element>, at_once: bool| {
                if *over.borrow() == element {
                    return;
                }
                if let Some(timer) = timer.take() {
                    timer.clear();
                }
                over.replace(element.clone());
                tip.try_set(None);
                let Some(element) = element else { return };
                let over = over.clone();
                let show = move || {
                    // An open menu says more than the tooltip of its button.
                    let open = element.get_attribute("aria-expanded").as_deref() == Some("true");
                    if over.borrow().as_ref() == Some(&element) && element.is_connected() && !open {
                        let text = element.get_attribute("data-tip").unwrap_or_default();
                        tip.try_set((!text.is_empty()).then(|| {
                            (text, element.get_attribute("data-key").map(|keys| crate::browser::keys(&keys)))
                        }));
                    }
                };
                timer.replace(set_timeout_with_handle(show, if at_once { Duration::ZERO } else { REST }).ok());
            })
        };

        let listeners = [
            window_event_listener(ev::pointerover, {
                let ask = ask.clone();
                move |event| {
                    if event.pointer_type() == "mouse" {
                        ask(carrier(event.target()), false);
                    }
                }
            }),
            window_event_listener(ev::focusin, {
                let ask = ask.clone();
                move |event| {
                    let element = carrier(event.target()).filter(|e| e.matches(":focus-visible").unwrap_or(false));
                    ask(element, true);
                }
            }),
            window_event_listener(ev::focusout, {
                let ask = ask.clone();
                move |_| ask(None, false)
            }),
            window_event_listener(ev::pointerdown, {
                let ask = ask.clone();
                move |_| ask(None, false)
            }),
            window_event_listener(ev::keydown, move |_| {
                tip.try_set(None);
            }),
        ];
        on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));

        Effect::new(move |_| {
            tip.track();
            let (Some(floating), Some(anchor)) = (node.get(), over.borrow().clone()) else { return };
            let _ = floating.show_popover();
            let area = dom::area_of(&anchor);
            // Centred on its carrier, and above it.
            let width = f64::from(floating.offset_width());
            let centred = super::super::place::Area { left: area.left + (area.width - width) / 2.0, width, ..area };
            dom::put(&floating, Place::AboveStart, centred, 6.0, "--tip-x", "--tip-y");
        });
    }
}
