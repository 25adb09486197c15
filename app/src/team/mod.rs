//! The team on the screen: what it is called, who may join, who is in it, inviting, leaving.

mod access;
mod general;
mod invite;
mod leave;
mod members;

use leptos::prelude::*;
use model::{
    permission::Permission,
    teams::{PatchTeam, Team, TeamPatch},
};

use crate::{
    browser,
    chat::Chat,
    client::Failure,
    manage::Page,
    state::{Model, Topic},
    ui::{Icon, ToastKind},
    words,
};

/// The pages.
pub const PAGES: &[Page] = &[
    Page {
        name: "general",
        title: words::team_general,
        lead: words::team_general_lead,
        icon: Icon::Settings,
        is_for: manages,
        view: |_| view! { <general::General /> }.into_any(),
    },
    Page {
        name: "access",
        title: words::team_access,
        lead: words::team_access_lead,
        icon: Icon::Lock,
        is_for: manages,
        view: |_| view! { <access::Access /> }.into_any(),
    },
    Page {
        name: "members",
        title: words::channel_members,
        lead: words::team_members_lead,
        icon: Icon::Users,
        is_for: |_| true,
        view: |_| view! { <members::Members /> }.into_any(),
    },
    Page {
        name: "invite",
        title: words::team_invite,
        lead: words::team_invite_lead,
        icon: Icon::UserPlus,
        is_for: invites,
        view: |_| view! { <invite::Invite /> }.into_any(),
    },
    Page {
        name: "leave",
        title: words::team_leave_page,
        lead: words::team_leave_lead,
        icon: Icon::LogOut,
        is_for: |_| true,
        view: |_| view! { <leave::Leave /> }.into_any(),
    },
];

/// Whether one may change the team.
pub fn manages(m: &Model) -> bool {
    m.may(Permission::ManageTeam)
}

/// Whether one may bring others into the team.
pub fn invites(m: &Model) -> bool {
    m.may(Permission::InviteUser) || m.may(Permission::InviteGuest)
}

/// The team on the screen as it is now.
fn current(chat: Chat) -> Team {
    chat.read(Topic::Teams, |m| m.current_team().cloned().unwrap_or_default())
}

/// Keeps what the server says of a team.
fn keep(chat: Chat, team: Team) {
    chat.update(|m| {
        m.teams.insert(team.id, team);
        vec![Topic::Teams]
    });
}

async fn patch(chat: Chat, body: TeamPatch) -> Result<(), Failure> {
    let call = PatchTeam { team_id: chat.peek(|m| m.team), query: (), body };
    keep(chat, chat.client().send(call).await?);
    Ok(())
}

/// The link by which others come into the team; empty where one may not know it.
pub fn link(chat: Chat) -> String {
    let invitation =
        chat.read(Topic::Teams, |m| m.current_team().map(|team| team.invite_id.clone()).unwrap_or_default());
    if invitation.is_empty() {
        return invitation;
    }
    format!("{}/signup_user_complete/?id={invitation}", browser::origin())
}

/// Copies it.
pub fn copy_link(chat: Chat) {
    browser::copy(&untrack(|| link(chat)));
    chat.toasts.show(ToastKind::Success, words::side_invitation_copied());
}
