//! A long list of messages: which of its lines are drawn, where it stands, and what it fetches. However long it is, the
//! page holds no more of it than a few screens.

use leptos::{html, prelude::*};
use model::{ChannelId, PostId};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver};

use super::list::element_id;
use crate::{
    browser,
    chat::Chat,
    later::later,
    load,
    state::{rows::Row, take::Fit},
};

/// How many lines are drawn at first where the height of the window is not known: enough for a tall one, and quick.
const BEGINS: usize = 40;
/// What of the window's height is never the list's, in pixels: the channel's head and the composer.
const AROUND: f64 = 150.0;
/// How long what was opened rests before lines out of sight are drawn around it, in milliseconds: long enough for it to be
/// painted first, and for somebody who goes through the channels by keys to be gone again.
const REST: u32 = 150;
/// How many lines are drawn at most, where the window is no taller than usual.
const DRAWN: usize = 90;
/// How many lines one step along the list adds at one end and takes away at the other.
const STEP: usize = 20;
/// How near to an edge one has to be for the next lines to be drawn or fetched, in pixels.
const NEAR: i32 = 600;
/// How near to the end counts as being there, in pixels.
const AT_END: i32 = 48;
/// The height of the lowest line, in pixels.
const LINE: i32 = 24;

/// A list of messages that scrolls.
#[derive(Clone, Copy)]
pub struct Scroll {
    /// The element that scrolls.
    pub node: NodeRef<html::Div>,
    /// What is being fetched.
    pub busy: RwSignal<Option<Fit>>,
    /// Whether the end is more than a screen away.
    pub away: RwSignal<bool>,
    rows: Memo<Vec<Row>>,
    /// The channel that goes on before and after what is here; of a thread all is here.
    channel: Option<ChannelId>,
    /// The post with which what is drawn begins; none where it reaches to the end.
    first: RwSignal<Option<PostId>>,
    /// How many lines are drawn; none for as many as the window shows.
    size: RwSignal<Option<usize>>,
    range: Memo<(usize, usize)>,
    at_end: RwSignal<bool>,
    moving: StoredValue<bool>,
    /// Counts where it was to go, and says whether it is still to go there.
    aim: StoredValue<(u32, bool)>,
}

/// The line where a post begins, with the day and the line of the new ones above it.
fn beginning_of(rows: &[Row], at: usize) -> usize {
    let above = rows.iter().take(at).rev().take_while(|row| matches!(row, Row::Day(..) | Row::New)).count();
    at - above
}

/// How many of the last lines fill the window, by the least height in pixels that lines of a kind usually have. Where they
/// turn out lower, what is missing comes with the next step.
fn filling(rows: &[Row]) -> usize {
    let height = |row: &Row| match row {
        Row::Post { follow: true, .. } | Row::Pending { follow: true, .. } | Row::New => 26.0,
        Row::Post { .. } | Row::Pending { .. } | Row::Day(..) => 52.0,
    };
    let mut room = browser::height() - AROUND;
    let more = rows.iter().rev().take_while(|row| {
        let fits = room > 0.0;
        room -= height(row);
        fits
    });
    let begins = rows.len() - more.count();
    rows.len() - beginning_of(rows, begins)
}

impl Scroll {
    /// A list that stands at its end, or where the new messages begin.
    pub fn new(chat: Chat, rows: Memo<Vec<Row>>, channel: Option<ChannelId>) -> Self {
        let (first, size) = (RwSignal::new(None), RwSignal::new(None));
        // A page that has just come is drawn as the server has, which knows no window.
        let measured = chat.zoned.get_untracked();
        let range = Memo::new(move |before: Option<&(usize, usize)>| {
            rows.with(|rows| {
                let first = first.get();
                let size =
                    size.get().unwrap_or_else(|| if measured && first.is_none() { filling(rows) } else { BEGINS });
                let start = match first {
                    None => rows.len().saturating_sub(size),
                    // A post that is gone leaves its place to the next one.
                    Some(id) => rows.iter().position(|row| row.post() == Some(id)).map_or_else(
                        || before.map_or(0, |before| before.0).min(rows.len()),
                        |at| beginning_of(rows, at),
                    ),
                };
                (start, rows.len().min(start + size))
            })
        });
        let scroll = Self {
            node: NodeRef::new(),
            busy: RwSignal::new(None),
            away: RwSignal::new(false),
            rows,
            channel,
            first,
            size,
            range,
            at_end: RwSignal::new(true),
            moving: StoredValue::new(false),
            aim: StoredValue::new((0, false)),
        };
        Effect::new(move |before: Option<usize>| scroll.grown(before.unwrap_or_default()));
        Effect::new(move |_| scroll.stay());
        scroll
    }

    /// Has it stay at the end when it becomes lower, as with a phone's keyboard, and when what is in it grows, as with
    /// pictures.
    fn stay(self) {
        let Some(node) = self.node.get() else { return };
        let changed = Closure::<dyn Fn()>::new(move || {
            if self.at_end.try_get_untracked() == Some(true)
                && let Some(node) = self.node.try_get_untracked().flatten()
            {
                node.set_scroll_top(node.scroll_height());
            }
        });
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else { return };
        observer.observe(&node);
        if let Ok(Some(list)) = node.query_selector(".messages-list") {
            observer.observe(&list);
        }
        let both = StoredValue::new_local((observer, changed));
        on_cleanup(move || {
            both.try_with_value(|(observer, _)| observer.disconnect());
        });
    }

    /// The lines that are drawn.
    pub fn drawn(self) -> Vec<Row> {
        let (start, end) = self.range.get();
        self.rows.with(|rows| rows.get(start..end).unwrap_or_default().to_vec())
    }

    /// Whether the first line is drawn.
    pub fn from_first(self) -> bool {
        self.range.get().0 == 0
    }

    /// Whether the last line is in sight.
    pub fn at_end(self) -> bool {
        self.at_end.get()
    }

    /// Goes somewhere after so many frames, unless it is to go elsewhere by then.
    fn go(self, frames: u8, there: impl FnOnce() + 'static) {
        self.aim.update_value(|(aim, going)| (*aim, *going) = (aim.wrapping_add(1), true));
        if let Some(aim) = self.aim.try_get_value() {
            self.go_once(aim, frames, there);
        }
    }

    fn go_once(self, aim: (u32, bool), frames: u8, there: impl FnOnce() + 'static) {
        browser::next_frame(move || {
            if self.aim.try_get_value() != Some(aim) {
                return;
            }
            if frames > 1 {
                return self.go_once(aim, frames - 1, there);
            }
            self.aim.set_value((aim.0, false));
            there();
        });
    }

    /// To the end of what is here.
    pub fn to_end(self) {
        self.first.set(None);
        self.at_end.set(true);
        self.go(1, move || {
            if let Some(node) = self.node.try_get_untracked().flatten() {
                node.set_scroll_top(node.scroll_height());
                // What does not fill the window cannot be scrolled, and yet there may be more.
                if node.scroll_height() <= node.client_height()
                    && let Ok(event) = web_sys::Event::new("scroll")
                {
                    let _ = node.dispatch_event(&event);
                }
            }
        });
    }

    /// To one of the posts; false where it is not here.
    pub fn to_post(self, post: PostId, in_thread: bool) -> bool {
        let at = self.rows.with(|rows| rows.iter().position(|row| row.post() == Some(post)));
        let Some(at) = at else { return false };
        self.at_end.set(false);
        self.reveal(at);
        // It is drawn in the first frame.
        self.go(2, move || self.show(&format!("#{}", element_id(post, in_thread)), 3.0));
        true
    }

    /// The list was scrolled.
    pub fn scrolled(self, chat: Chat) {
        // Not by the reader: a list that is on the screen again has forgotten where it stood.
        if self.aim.get_value().1 {
            return;
        }
        let Some(node) = self.node.get_untracked() else { return };
        let (top, height) = (node.scroll_top(), node.client_height());
        let rest = node.scroll_height() - top - height;
        let (start, end) = self.range.get_untracked();
        let all = end == self.rows.with_untracked(Vec::len);
        set(self.at_end, rest < AT_END && all);
        set(self.away, rest > height || !all);
        if rest < AT_END && all {
            set(self.first, None);
        } else if self.first.get_untracked().is_none() && start > 0 {
            self.begin_at(start);
        }
        if !self.moving.get_value() {
            if top < NEAR {
                go_on(chat, self, Fit::Before);
            } else if rest < NEAR {
                go_on(chat, self, Fit::After);
            }
        }
    }

    /// Stays at the end while one is there; begins where the new messages begin. Gives how many lines there are.
    fn grown(self, before: usize) -> usize {
        let (now, mine, new) = self.rows.with(|rows| {
            let new = rows.iter().position(|row| *row == Row::New);
            (rows.len(), matches!(rows.last(), Some(Row::Pending { .. })), new)
        });
        match new.filter(|_| before == 0) {
            Some(new) => self.to_new(new),
            None if now > 0 && (before == 0 || mine || self.at_end.get_untracked()) => self.to_end(),
            None => {}
        }
        now
    }

    /// To the line above the new messages, by its place.
    fn to_new(self, at: usize) {
        self.reveal(at);
        self.at_end.set(false);
        self.go(1, move || self.show(".new-line", 6.0));
    }

    /// It is on the screen again, and begins where one begins that was never there.
    pub fn open(self, chat: Chat) {
        let (any, new) =
            self.rows.with_untracked(|rows| (!rows.is_empty(), rows.iter().position(|row| *row == Row::New)));
        match (new, chat.target.get_untracked()) {
            (_, Some(target)) if self.to_post(target, false) => {}
            (Some(new), _) => self.to_new(new),
            (None, _) if any => self.to_end(),
            _ => {}
        }
    }

    /// It is off the screen: no more is drawn than what it begins with.
    pub fn rest(self) {
        set(self.first, None);
        set(self.size, None);
        set(self.at_end, true);
        set(self.away, false);
    }

    /// Scrolls so that an element is this part of the list's height below its upper edge; the page around stays.
    fn show(self, selector: &str, part: f64) {
        let Some(node) = self.node.try_get_untracked().flatten() else { return };
        if let Ok(Some(element)) = node.query_selector(selector) {
            let distance = element.get_bounding_client_rect().top() - node.get_bounding_client_rect().top();
            node.set_scroll_top(node.scroll_top() + (distance - f64::from(node.client_height()) / part) as i32);
            set(self.at_end, node.scroll_height() - node.scroll_top() - node.client_height() < AT_END);
        }
    }

    /// Has a line drawn.
    fn reveal(self, at: usize) {
        let (start, end) = self.range.get_untracked();
        // In the middle, unless it already is among those that are drawn.
        if at < start || at >= end {
            self.begin_at(at.saturating_sub(self.size.get_untracked().unwrap_or(BEGINS) / 2));
        }
    }

    fn begin_at(self, start: usize) {
        self.first.set(self.rows.with_untracked(|rows| rows.iter().skip(start).find_map(Row::post)));
    }

    /// Draws the lines before or after; false where they are not here.
    fn step(self, fit: Fit) -> bool {
        let (start, end) = self.range.get_untracked();
        let start = match fit {
            Fit::Before if start > 0 => start.saturating_sub(STEP),
            Fit::After if end < self.rows.with_untracked(Vec::len) => start + STEP,
            _ => return false,
        };
        self.begin_at(start);
        true
    }

    /// A message in sight that is to keep its place, by its element's id, and where it ends: it may begin elsewhere once
    /// there is one above that it goes on from.
    fn anchor(self) -> Option<(String, f64)> {
        let node = self.node.try_get_untracked().flatten()?;
        let edge = node.get_bounding_client_rect().top();
        let list = node.query_selector_all(".msg").ok()?;
        (0..list.length())
            .filter_map(|n| list.item(n)?.dyn_into::<Element>().ok())
            .map(|element| {
                let bottom = element.get_bounding_client_rect().bottom();
                (element, bottom)
            })
            .find(|(element, bottom)| *bottom > edge && !element.id().is_empty())
            .map(|(element, bottom)| (element.id(), bottom))
    }

    /// Puts it back where it was, in the next frame, once others are drawn around it.
    fn keep(self, anchor: Option<(String, f64)>) {
        browser::next_frame(move || {
            if let (Some((id, bottom)), Some(node)) = (anchor, self.node.try_get_untracked().flatten())
                && let Some(element) = document().get_element_by_id(&id)
            {
                let moved = element.get_bounding_client_rect().bottom() - bottom;
                if moved.abs() > 1.0 {
                    node.set_scroll_top(node.scroll_top() + moved as i32);
                }
            }
            // Not before: what is being drawn would ask for more at once.
            self.moving.try_set_value(false);
        });
    }
}

/// Tells those who look at it only when it changes.
fn set<T: PartialEq + Copy + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}

later! {
    /// Draws what comes before or after, and fetches it where it is not here. False where this could not be done.
    async fn follow(chat: Chat, scroll: Scroll, fit: Fit) -> bool {
        if scroll.size.try_get_untracked() == Some(None) {
            browser::pause(REST).await;
        }
        // The list may be gone by now.
        if scroll.size.try_get_untracked().is_none() {
            return true;
        }
        let room = scroll.node.get_untracked().map_or(0, |node| node.client_height()) + 2 * NEAR;
        let (start, end) = scroll.range.get_untracked();
        // By steps, of which none keeps the page from answering.
        let most = DRAWN.max(STEP + usize::try_from(room / LINE).unwrap_or_default());
        set(scroll.size, Some((end - start + STEP).min(most)));
        let mut anchor = scroll.anchor();
        // At the end of the list, more lines are lines before.
        let more = fit == Fit::Before && scroll.range.get_untracked().0 < start;
        if !more && !scroll.step(fit) && let Some(channel) = scroll.channel {
            // Where it stands when the answer is there counts; until then nothing else is drawn.
            scroll.begin_at(scroll.range.get_untracked().0);
            scroll.busy.set(Some(fit));
            let answer = load::more(chat, channel, fit).await;
            if scroll.busy.try_set(None).is_some() {
                return true;
            }
            if let Err(failure) = answer {
                chat.complain(&failure);
            }
            anchor = scroll.anchor();
            scroll.step(fit);
        }
        scroll.keep(anchor);
        true
    }
}

/// As [`follow`], one step at a time.
fn go_on(chat: Chat, scroll: Scroll, fit: Fit) {
    let more = scroll.channel.is_some_and(|id| {
        chat.peek(|m| m.stretches.get(&id).is_some_and(|s| if fit == Fit::Before { s.older } else { s.newer }))
    });
    let (start, end) = scroll.range.get_untracked();
    let here = if fit == Fit::Before { start > 0 } else { end < scroll.rows.with_untracked(Vec::len) };
    if here || more {
        scroll.moving.set_value(true);
        leptos::task::spawn_local(async move {
            if !follow(chat, scroll, fit).await {
                scroll.moving.try_set_value(false);
            }
        });
    }
}
