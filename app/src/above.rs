//! What opens above the chat because the address asks for it by a parameter: `?settings=…`, `?manage=…`. So the way back
//! of browsers and phones closes it.

use leptos::prelude::*;
use leptos_router::{
    hooks::{use_location, use_query_map},
    params::ParamsMap,
};

use crate::frame::go_to;

/// What the address asks for besides, with a value of the parameter or without it.
pub fn address(query: &ParamsMap, name: &'static str, value: Option<&str>) -> String {
    let mut query = query.clone();
    query.remove(name);
    if let Some(value) = value {
        query.insert(name, value.to_owned());
    }
    query.to_query_string()
}

/// Goes to a value of the parameter, or to where it is absent. Whoever has left meanwhile goes nowhere.
pub fn goer(name: &'static str) -> impl Fn(Option<&str>) + Clone + Send + Sync + 'static {
    let query = use_query_map();
    let path = use_location().pathname;
    let go = go_to();
    move |value: Option<&str>| {
        if let Some(rest) = query.try_with_untracked(|query| address(query, name, value)) {
            go(&(path.get_untracked() + &rest), false);
        }
    }
}

/// Whether a dialog is open: as long as the address asks for it. Closing it takes the parameter away.
pub fn opened_by(name: &'static str) -> RwSignal<bool> {
    let query = use_query_map();
    let go = goer(name);
    let asked = Memo::new(move |_| query.with(|query| query.get(name).is_some()));
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.get()));
    Effect::new(move |was: Option<bool>| {
        let now = open.get();
        // Closed here, and not by going elsewhere.
        if was == Some(true) && !now && asked.get_untracked() {
            go(None);
        }
        now
    });
    open
}
