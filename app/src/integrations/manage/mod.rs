//! Looking after what connects other programs with the team: webhooks, slash commands, bots, OAuth apps.

mod bots;
mod incoming;
mod list;
mod oauth;
mod outgoing;
mod parts;
mod slash;

use leptos::prelude::*;
use model::permission::Permission;

use crate::{
    manage::Page,
    state::Model,
    ui::{Empty, Icon},
    words,
};

/// The pages.
pub const PAGES: &[Page] = &[
    Page {
        name: "incoming",
        title: words::hooks_in,
        lead: words::hooks_in_lead,
        icon: Icon::Download,
        is_for: hooks_in,
        view: |item| view(&item, &list::INCOMING, incoming::view),
    },
    Page {
        name: "outgoing",
        title: words::hooks_out,
        lead: words::hooks_out_lead,
        icon: Icon::Upload,
        is_for: hooks_out,
        view: |item| view(&item, &list::OUTGOING, outgoing::view),
    },
    Page {
        name: "commands",
        title: words::slash,
        lead: words::slash_lead,
        icon: Icon::Zap,
        is_for: commands,
        view: |item| view(&item, &list::COMMANDS, slash::view),
    },
    Page {
        name: "bots",
        title: words::bots,
        lead: words::bots_lead,
        icon: Icon::User,
        is_for: any_bots,
        view: |item| view(&item, &list::BOTS, bots::view),
    },
    Page {
        name: "oauth",
        title: words::oauth_apps,
        lead: words::oauth_apps_lead,
        icon: Icon::Key,
        is_for: oauth_apps,
        view: |item| view(&item, &list::OAUTH, oauth::view),
    },
];

fn hooks_in(m: &Model) -> bool {
    m.is_on("EnableIncomingWebhooks") && m.may(Permission::ManageIncomingWebhooks)
}

fn hooks_out(m: &Model) -> bool {
    m.is_on("EnableOutgoingWebhooks") && m.may(Permission::ManageOutgoingWebhooks)
}

fn commands(m: &Model) -> bool {
    m.is_on("EnableCommands") && m.may(Permission::ManageSlashCommands)
}

fn any_bots(m: &Model) -> bool {
    [Permission::CreateBot, Permission::ReadBots, Permission::ReadOthersBots].into_iter().any(|may| m.may(may))
}

fn oauth_apps(m: &Model) -> bool {
    m.is_on("EnableOAuthServiceProvider") && m.may(Permission::ManageOauth)
}

/// Whether any of the pages is for who looks. Said without them: their code comes later than the menu that asks.
pub fn any_for(m: &Model) -> bool {
    [hooks_in, hooks_out, commands, any_bots, oauth_apps].iter().any(|is_for| is_for(m))
}

/// The list, or what of it the address asks for: nothing for a new one.
fn view(item: &str, kind: &'static list::Kind, one: fn(Option<&str>) -> Option<AnyView>) -> AnyView {
    let one = match item {
        "" => return view! { <list::List kind /> }.into_any(),
        "new" => one(None),
        id => one(Some(id)),
    };
    one.unwrap_or_else(|| {
        view! { <Empty icon=kind.icon title=words::integration_gone() text=words::integration_gone_text() /> }
            .into_any()
    })
}
