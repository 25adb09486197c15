//! Slash commands: giving them, what is offered while one types one, and going where they lead.

use leptos::prelude::{SetValue as _, WithValue as _};
use model::{
    TeamId,
    commands::{AutocompleteCommands, Command, CommandResponse, ExecuteCommand, Given},
};

use crate::{browser, chat::Chat, client::Failure, later::later};

later! {
    /// Gives a command; what it says comes as messages.
    pub async fn give(chat: Chat, given: Given) -> Result<CommandResponse, Failure> {
        chat.client().send(ExecuteCommand { query: (), body: given }).await
    }
}

/// The commands of a team; `fresh` asks the server again.
pub async fn offered(chat: Chat, team: TeamId, fresh: bool) -> Result<Vec<Command>, Failure> {
    let known = chat.commands.with_value(|(of, all)| (!fresh && *of == team && !all.is_empty()).then(|| all.clone()));
    if let Some(known) = known {
        return Ok(known);
    }
    let all = chat.client().send(AutocompleteCommands { team_id: team, query: (), body: () }).await?;
    chat.commands.set_value((team, all.clone()));
    Ok(all)
}

/// Goes where a command leads: inside the page, or to another site in a tab of its own.
pub fn arrive(go: &impl Fn(&str, bool), location: &str) {
    let origin = browser::origin();
    let inside = location.strip_prefix(origin.as_str()).unwrap_or(location);
    if inside.starts_with('/') && !inside.starts_with("//") {
        go(inside, false);
    } else if inside.starts_with("https://") || inside.starts_with("http://") {
        browser::open(inside);
    }
}
