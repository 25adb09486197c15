//! People in channels, and what they have read.

use crate::fixture::{channel_of, id, member, post, posted, team_of, users, write};
use model::channels::ChannelMember;
use store::{
    Store,
    channel_members::{Unread, View},
};

pub async fn members_come_and_go(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let team = team_of(&store, "one", &[&ann, &bob]).await;
    let (talk, news) =
        (channel_of(&store, team.id, "talk", &[&ann, &bob]).await, channel_of(&store, team.id, "news", &[&ann]).await);
    let again = member(talk.id, ann.id);
    assert!(!write!(store, [again], tx => tx.channel_members().add(&again)).unwrap());
    assert_eq!(store.channel_members().get(talk.id, ann.id).await.unwrap().unwrap(), again);
    let ids = |members: Vec<ChannelMember>| members.iter().map(|m| m.user_id).collect::<Vec<_>>();
    assert_eq!(ids(store.channel_members().page(talk.id, 1, 1).await.unwrap()), [bob.id]);
    assert_eq!(ids(store.channel_members().all(talk.id).await.unwrap()), [ann.id, bob.id]);
    assert_eq!(ids(store.channel_members().by_ids(talk.id, &[bob.id, id()]).await.unwrap()), [bob.id]);
    assert_eq!(store.channel_members().of_user_in(ann.id, team.id).await.unwrap().len(), 2);
    assert_eq!(store.channel_members().of_user(ann.id, 0, 1).await.unwrap().len(), 1);
    assert_eq!(store.channel_members().ids(talk.id).await.unwrap(), [ann.id, bob.id]);
    assert_eq!(store.channel_members().channel_ids(ann.id).await.unwrap(), [talk.id, news.id]);

    assert_eq!(store.channel_members().counts(&[talk.id, news.id]).await.unwrap(), [(talk.id, 2), (news.id, 1)]);
    assert_eq!(store.users().known(ann.id).await.unwrap(), [bob.id]);

    let admin = ChannelMember { scheme_admin: true, explicit_roles: "x".into(), ..member(talk.id, ann.id) };
    assert!(write!(store, [admin], tx => tx.channel_members().set_roles(&admin, 2000)).unwrap());
    let props: model::StringMap = [("push".to_owned(), "none".to_owned())].into();
    let (channel_id, user_id) = (talk.id, ann.id);
    let set = write!(store, [props], tx => tx.channel_members().set_notify_props(channel_id, user_id, &props, 3000));
    assert!(set.unwrap());
    let now = store.channel_members().get(talk.id, ann.id).await.unwrap().unwrap();
    assert_eq!((now.roles.as_str(), now.last_update_at), ("x channel_user channel_admin", 3000));
    assert_eq!(now.notify_props, props);
    assert!(write!(store, [], tx => tx.users().set_roles(user_id, "system_guest", 4000)).unwrap());
    assert_eq!(store.users().guests(10).await.unwrap(), [ann.id]);
    assert!(write!(store, [], tx => tx.users().set_auth(user_id, "ldap", "ann", 4000)).unwrap());
    assert_eq!(store.users().by_auth("ldap", "ann").await.unwrap().map(|u| u.id), Some(ann.id));
    for guest in [true, false] {
        assert_eq!(write!(store, [], tx => tx.team_members().set_guest(user_id, guest)).unwrap(), 1);
        assert_eq!(write!(store, [], tx => tx.channel_members().set_guest(user_id, guest, 4000)).unwrap(), 2);
        let now = store.channel_members().get(talk.id, ann.id).await.unwrap().unwrap();
        assert_eq!((now.scheme_guest, now.scheme_user, now.scheme_admin), (guest, !guest, false));
    }

    assert!(write!(store, [], tx => tx.channel_members().remove(channel_id, user_id)).unwrap());
    assert!(!write!(store, [], tx => tx.channel_members().remove(channel_id, user_id)).unwrap());
    let team_id = team.id;
    assert_eq!(write!(store, [], tx => tx.channel_members().remove_from_team(user_id, team_id)).unwrap(), [news.id]);
    assert_eq!(store.channel_members().channel_ids(ann.id).await.unwrap(), []);
}

pub async fn reading_and_mentions(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let team = team_of(&store, "one", &[&ann, &bob]).await;
    let talk = channel_of(&store, team.id, "talk", &[&ann, &bob]).await;
    let root = posted(&store, post(talk.id, bob.id, 2000, "root")).await;
    let mut reply = post(talk.id, bob.id, 3000, "reply");
    reply.root_id = root.id;
    posted(&store, reply).await;
    let (channel, user, other) = (talk.id, ann.id, bob.id);
    let mentioned = write!(store, [], tx => tx.channel_members().mention(channel, &[user, other], true, true, 3000));
    assert_eq!(mentioned.unwrap(), 2);
    write!(store, [], tx => tx.channel_members().mention(channel, &[user], false, false, 3000)).unwrap();
    let unread = store.channel_members().unread(channel, user).await.unwrap().unwrap();
    assert_eq!((unread.msg_count, unread.msg_count_root), (2, 1));
    assert_eq!((unread.mention_count, unread.mention_count_root, unread.urgent_mention_count), (2, 1, 1));
    assert_eq!(unread.team_id, team.id);

    let views = write!(store, [], tx => tx.channel_members().view(user, &[channel], 4000)).unwrap();
    let end = View { channel_id: channel, user_id: user, msg_count: 2, msg_count_root: 1, last_viewed_at: 3000 };
    assert_eq!(views, [end]);
    let now = store.channel_members().get(channel, user).await.unwrap().unwrap();
    assert_eq!((now.msg_count, now.msg_count_root, now.last_viewed_at, now.mention_count), (2, 1, 3000, 0));
    // A view that comes late changes nothing.
    let late = View { msg_count: 1, msg_count_root: 0, last_viewed_at: 1000, ..end };
    assert!(write!(store, [], tx => tx.channel_members().viewed(&late, 3500)).unwrap());
    assert_eq!(store.channel_members().get(channel, user).await.unwrap().unwrap(), now);

    let to = Unread { last_viewed_at: 1999, mention_count: 1, mention_count_root: 1, ..Unread::default() };
    assert!(write!(store, [], tx => tx.channel_members().set_unread(channel, user, &to, 5000)).unwrap());
    let unread = store.channel_members().unread(channel, user).await.unwrap().unwrap();
    assert_eq!((unread.msg_count, unread.mention_count), (2, 1));
    assert_eq!(store.posts().count_from(channel, 2000).await.unwrap(), (2, 1));
    assert_eq!(store.posts().count_from(channel, 2001).await.unwrap(), (1, 0));
}

pub async fn all_read_at_once(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let team = team_of(&store, "one", &[&ann, &bob]).await;
    let (talk, news) = (
        channel_of(&store, team.id, "talk", &[&ann, &bob]).await,
        channel_of(&store, team.id, "news", &[&ann, &bob]).await,
    );
    posted(&store, post(talk.id, bob.id, 2000, "one")).await;
    let (user, of) = (ann.id, team.id);
    assert_eq!(write!(store, [], tx => tx.channel_members().read_all(user, of, 5000)).unwrap(), [(talk.id, 2000)]);
    let now = store.channel_members().get(talk.id, ann.id).await.unwrap().unwrap();
    assert_eq!((now.msg_count, now.msg_count_root, now.last_viewed_at), (1, 1, 2000));
    assert_eq!(write!(store, [], tx => tx.channel_members().read_all(user, of, 6000)).unwrap(), []);
    let other = store.channel_members().get(talk.id, bob.id).await.unwrap().unwrap();
    assert_eq!(other.msg_count, 0);
    assert_eq!(store.teams().common(news.id, ann.id).await.unwrap().len(), 1);
    let apart = channel_of(&store, model::TeamId::NONE, "apart", &[&ann]).await;
    let stranger = users(&store, ["eve"]).await;
    let joined = member(apart.id, stranger[0].id);
    write!(store, [joined], tx => tx.channel_members().add(&joined)).unwrap();
    assert_eq!(store.teams().common(apart.id, ann.id).await.unwrap(), []);
}
