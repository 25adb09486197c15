//! What the members and guests of a channel may do there: a scheme of the channel's own, made where it is needed and gone
//! when it says nothing any more.

use super::{roles, schemes};
use crate::{access, cx::Cx, error::Result};
use model::{
    AnyId, Refusal,
    channels::{Channel, ChannelType},
    moderations::{Moderated, ModeratedRoles, Moderation, ModerationPatch},
    permission::Permission as P,
    roles::Role,
    schemes::{CHANNEL, NewScheme},
};
use std::collections::BTreeMap;

/// What can be moderated in a channel of a type, the permissions that it takes, and whether guests may ever.
fn moderated(kind: ChannelType) -> [(&'static str, Vec<P>, bool); 5] {
    let open = kind == ChannelType::Open;
    let either = |public, private| if open { public } else { private };
    let bookmarks = vec![
        either(P::AddBookmarkPublicChannel, P::AddBookmarkPrivateChannel),
        either(P::EditBookmarkPublicChannel, P::EditBookmarkPrivateChannel),
        either(P::DeleteBookmarkPublicChannel, P::DeleteBookmarkPrivateChannel),
        either(P::OrderBookmarkPublicChannel, P::OrderBookmarkPrivateChannel),
    ];
    [
        ("create_post", vec![P::CreatePost], true),
        ("create_reactions", vec![P::AddReaction, P::RemoveReaction], true),
        ("manage_members", vec![either(P::ManagePublicChannelMembers, P::ManagePrivateChannelMembers)], false),
        ("use_channel_mentions", vec![P::UseChannelMentions], true),
        ("manage_bookmarks", bookmarks, false),
    ]
}

/// The roles of a channel's members and guests.
struct Pair {
    members: Role,
    guests: Role,
}

fn id_of(scheme: Option<&String>) -> Option<AnyId> {
    scheme.and_then(|id| id.parse().ok())
}

async fn pair(cx: &Cx, scheme: Option<AnyId>) -> Result<Option<Pair>> {
    let (members, guests) = match scheme {
        Some(id) => {
            let scheme = schemes::find(cx, id).await?;
            (scheme.default_channel_user_role, scheme.default_channel_guest_role)
        }
        None => ("channel_user".to_owned(), "channel_guest".to_owned()),
    };
    let found = (cx.store.roles().by_name(&members).await?, cx.store.roles().by_name(&guests).await?);
    let (Some(members), Some(guests)) = found else { return Ok(None) };
    Ok(Some(Pair { members, guests }))
}

/// The roles of the channel, and those that would hold without a scheme of its own.
async fn pairs(cx: &Cx, channel: &Channel) -> Result<(Pair, Pair)> {
    if channel.kind.is_personal() {
        return Err(Refusal::url("channel_id").into());
    }
    let unknown = || Refusal::ROLE_UNKNOWN;
    let usual =
        pair(cx, id_of(access::team(cx, channel.team_id).await?.scheme_id.as_ref())).await?.ok_or_else(unknown)?;
    let own = match id_of(channel.scheme_id.as_ref()) {
        Some(id) => pair(cx, Some(id)).await?.ok_or_else(unknown)?,
        None => Pair { members: usual.members.clone(), guests: usual.guests.clone() },
    };
    Ok((own, usual))
}

fn holds(role: &Role, permissions: &[P]) -> bool {
    permissions.iter().all(|p| role.permissions.iter().any(|name| name == p.name()))
}

fn told(own: &Pair, usual: &Pair, kind: ChannelType) -> Vec<Moderation> {
    let one = |own: &Role, usual: &Role, needed: &[P]| {
        let enabled = holds(usual, needed);
        Moderated { value: enabled && holds(own, needed), enabled }
    };
    let all = moderated(kind).into_iter().map(|(name, needed, for_guests)| Moderation {
        name: name.to_owned(),
        roles: ModeratedRoles {
            guests: for_guests.then(|| one(&own.guests, &usual.guests, &needed)),
            members: Some(one(&own.members, &usual.members, &needed)),
        },
    });
    all.collect()
}

/// What the members and guests of a channel may do there.
///
/// # Errors
///
/// It is a conversation.
pub async fn get(cx: &Cx, channel: &Channel) -> Result<Vec<Moderation>> {
    let (own, usual) = pairs(cx, channel).await?;
    Ok(told(&own, &usual, channel.kind))
}

/// A role's permissions after some were taken or given back; what it would not hold anyway is not given.
fn changed(own: &Role, usual: &Role, wanted: &BTreeMap<P, bool>) -> Vec<String> {
    let mut names = own.permissions.clone();
    for (permission, given) in wanted {
        let name = permission.name();
        names.retain(|n| n != name);
        if *given && holds(usual, &[*permission]) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    names
}

fn sorted(role: &Role) -> Vec<String> {
    let mut names = role.permissions.clone();
    names.sort();
    names
}

/// Takes something from members or guests, or gives it back.
///
/// # Errors
///
/// It is a conversation; one of the names is unknown.
pub async fn patch(cx: &Cx, channel: &Channel, patches: &[ModerationPatch]) -> Result<Vec<Moderation>> {
    let (own, usual) = pairs(cx, channel).await?;
    let all = moderated(channel.kind);
    let (mut members, mut guests) = (BTreeMap::new(), BTreeMap::new());
    for patch in patches {
        let (_, needed, for_guests) =
            all.iter().find(|(name, ..)| *name == patch.name).ok_or_else(|| Refusal::body("name"))?;
        members.extend(patch.roles.members.into_iter().flat_map(|given| needed.iter().map(move |p| (*p, given))));
        if *for_guests {
            guests.extend(patch.roles.guests.into_iter().flat_map(|given| needed.iter().map(move |p| (*p, given))));
        }
    }
    let new_members = changed(&own.members, &usual.members, &members);
    let new_guests = changed(&own.guests, &usual.guests, &guests);
    let scheme = id_of(channel.scheme_id.as_ref());
    if new_members == sorted(&usual.members) && new_guests == sorted(&usual.guests) {
        // As without a scheme of its own: so it needs none.
        if let Some(scheme) = scheme {
            schemes::delete(cx, scheme).await?;
        }
        return Ok(told(&usual, &usual, channel.kind));
    }
    let id = if let Some(id) = scheme {
        id
    } else {
        let display_name = format!("Moderation of {}", channel.id);
        let new = NewScheme { display_name, scope: CHANNEL.into(), ..NewScheme::default() };
        schemes::create(cx, new).await?.id
    };
    let Some(made) = pair(cx, Some(id)).await? else { return Err(Refusal::ROLE_UNKNOWN.into()) };
    let members = roles::set_permissions(cx, made.members.id, Some(new_members)).await?;
    let guests = roles::set_permissions(cx, made.guests.id, Some(new_guests)).await?;
    if scheme.is_none() {
        schemes::set_of_channel(cx, channel.id, id).await?;
    }
    Ok(told(&Pair { members, guests }, &usual, channel.kind))
}
