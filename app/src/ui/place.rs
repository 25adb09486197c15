//! Where something that floats goes: beside its anchor, and always whole on the screen.

/// On which side of the anchor, and along which edge. `Start` and `End` are those of the left-to-right page and are
/// swapped in the other direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    BelowStart,
    BelowEnd,
    AboveStart,
    AboveEnd,
}

/// Where something was pressed, on the screen; below it if it was by the keyboard, which points nowhere.
pub fn point_of(event: &web_sys::MouseEvent) -> (i32, i32) {
    use wasm_bindgen::JsCast;

    let point = (event.client_x(), event.client_y());
    let pressed = event.current_target().filter(|_| point == (0, 0));
    let rect = pressed.and_then(|it| it.dyn_into().ok()).map(|it: web_sys::Element| it.get_bounding_client_rect());
    rect.map_or(point, |rect| (rect.left() as i32, rect.bottom() as i32))
}

/// A rectangle on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg(any(feature = "hydrate", test))]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// The corner at which something of `size` goes beside `anchor` within a screen of `screen`: on the side asked for if
/// it fits there or nowhere, else on the other; then moved inward as far as needed.
#[cfg(any(feature = "hydrate", test))]
pub(super) fn corner(place: Place, anchor: Area, size: (f64, f64), screen: (f64, f64), gap: f64) -> (f64, f64) {
    const MARGIN: f64 = 8.0;
    let below = anchor.top + anchor.height + gap;
    let above = anchor.top - gap - size.1;
    let fits_below = below + size.1 <= screen.1 - MARGIN;
    let fits_above = above >= MARGIN;
    let top = match place {
        Place::BelowStart | Place::BelowEnd if fits_below || !fits_above => below,
        Place::BelowStart | Place::BelowEnd => above,
        Place::AboveStart | Place::AboveEnd if fits_above || !fits_below => above,
        Place::AboveStart | Place::AboveEnd => below,
    };
    let left = match place {
        Place::BelowStart | Place::AboveStart => anchor.left,
        Place::BelowEnd | Place::AboveEnd => anchor.left + anchor.width - size.0,
    };
    let within = |at: f64, length: f64, room: f64| at.min(room - MARGIN - length).max(MARGIN);
    (within(left, size.0, screen.0), within(top, size.1, screen.1))
}

#[cfg(feature = "hydrate")]
pub(super) mod dom {
    //! The same, on elements.

    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement};

    use super::{Area, Place, corner};

    /// Where an element is.
    pub fn area_of(element: &Element) -> Area {
        let rect = element.get_bounding_client_rect();
        Area { left: rect.left(), top: rect.top(), width: rect.width(), height: rect.height() }
    }

    /// The inside of the window.
    pub fn screen() -> (f64, f64) {
        let length = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
        let window = leptos::prelude::window();
        (length(window.inner_width()), length(window.inner_height()))
    }

    /// Tells the style where `floating` goes, through the custom properties `x` and `y`.
    pub fn put(floating: &HtmlElement, place: Place, anchor: Area, gap: f64, x: &str, y: &str) {
        let rtl = leptos::prelude::document()
            .document_element()
            .is_some_and(|root| root.get_attribute("dir").as_deref() == Some("rtl"));
        let place = match (rtl, place) {
            (true, Place::BelowStart) => Place::BelowEnd,
            (true, Place::BelowEnd) => Place::BelowStart,
            (true, Place::AboveStart) => Place::AboveEnd,
            (true, Place::AboveEnd) => Place::AboveStart,
            (false, place) => place,
        };
        // Not the rectangle on screen: the animation of appearing scales it.
        let size = (f64::from(floating.offset_width()), f64::from(floating.offset_height()));
        let (left, top) = corner(place, anchor, size, screen(), gap);
        let style = floating.style();
        // A property that cannot be set leaves the thing in its corner, which is no reason to stop.
        let _ = style.set_property(x, &format!("{left}px"));
        let _ = style.set_property(y, &format!("{top}px"));
    }

    /// The element that has the keyboard, to give it back later.
    pub fn focused() -> Option<HtmlElement> {
        leptos::prelude::document().active_element().and_then(|element| element.dyn_into().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::{Area, Place, corner};

    const ANCHOR: Area = Area { left: 100.0, top: 100.0, width: 40.0, height: 20.0 };

    #[test]
    fn goes_where_asked_if_there_is_room() {
        assert_eq!(corner(Place::BelowStart, ANCHOR, (200.0, 80.0), (800.0, 600.0), 4.0), (100.0, 124.0));
        assert_eq!(corner(Place::AboveStart, ANCHOR, (200.0, 80.0), (800.0, 600.0), 4.0), (100.0, 16.0));
    }

    #[test]
    fn turns_over_and_stays_on_the_screen() {
        assert_eq!(corner(Place::BelowEnd, ANCHOR, (200.0, 80.0), (800.0, 190.0), 4.0), (8.0, 16.0));
        assert_eq!(corner(Place::AboveStart, ANCHOR, (720.0, 110.0), (800.0, 600.0), 4.0), (72.0, 124.0));
    }
}
