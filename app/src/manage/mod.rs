//! What is looked after above the chat: groups, the team, integrations. It opens at `?manage=…`; its code is a module of
//! its own, which comes when it is first opened.

mod pages;

pub use pages::{Page, Screen, Ways, use_ways};

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    above,
    later::{Late, Later},
    ui::{Dialog, ToastRegion},
    words,
};

/// The parameter of the address.
pub const PARAMETER: &str = "manage";

/// What is looked after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    Groups,
    Team,
    Integrations,
}

impl Room {
    const ALL: [Self; 3] = [Self::Groups, Self::Team, Self::Integrations];

    /// As the address has it.
    const fn name(self) -> &'static str {
        match self {
            Self::Groups => "groups",
            Self::Team => "team",
            Self::Integrations => "integrations",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Groups => words::groups(),
            Self::Team => words::team_settings(),
            Self::Integrations => words::integrations(),
        }
    }

    /// The value of the parameter for a page of it, and for something on that page: `groups.all.{id}`.
    pub fn at(self, page: &str, item: &str) -> String {
        let parts = [self.name(), page, item];
        let count = if !item.is_empty() {
            3
        } else if !page.is_empty() {
            2
        } else {
            1
        };
        parts[..count].join(".")
    }
}

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub room: Room,
    /// The page's name; empty for the list of pages.
    pub page: String,
    /// What of the page: an id, `new`, or nothing.
    pub item: String,
}

impl Asked {
    fn of(query: &ParamsMap) -> Option<Self> {
        let text = query.get(PARAMETER)?;
        let mut parts = text.splitn(3, '.');
        let name = parts.next()?;
        let room = Room::ALL.into_iter().find(|room| room.name() == name)?;
        let mut part = || parts.next().unwrap_or_default().to_owned();
        Some(Self { room, page: part(), item: part() })
    }
}

/// Opens a page of a room.
pub fn opener() -> impl Fn(Room, &str) + Clone + Send + Sync + 'static {
    let go = above::goer(PARAMETER);
    move |room: Room, page: &str| go(Some(&room.at(page, "")))
}

/// The dialog, where the address asks for it.
#[component]
pub fn Manage() -> impl IntoView {
    let query = use_query_map();
    let open = above::opened_by(PARAMETER);
    let title =
        Signal::derive(move || query.with(Asked::of).map(|asked| asked.room.title().to_owned()).unwrap_or_default());
    view! {
        <Dialog open title bare=true class="settings-dialog">
            <Later part=Late::Manage />
            <ToastRegion above=true />
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_rooms_pages_and_things() {
        let of = |text: &str| {
            let mut query = ParamsMap::new();
            query.insert(PARAMETER, text.to_owned());
            Asked::of(&query)
        };
        let asked = |room, page: &str, item: &str| Some(Asked { room, page: page.into(), item: item.into() });
        assert_eq!(of("team"), asked(Room::Team, "", ""));
        assert_eq!(of(&Room::Groups.at("all", "new")), asked(Room::Groups, "all", "new"));
        assert_eq!(of(&Room::Integrations.at("bots", "")), asked(Room::Integrations, "bots", ""));
        assert_eq!(of("nothing.all"), None);
    }
}
