//! Schemes, and the roles that they give members.

use crate::fixture::{channel_of, id, member, team_member, team_of, users, write};
use model::schemes::{CHANNEL, Scheme, TEAM};
use store::Store;

fn scheme(name: &str, scope: &str, at: i64) -> Scheme {
    let mut scheme = Scheme {
        id: id(),
        name: name.into(),
        display_name: name.into(),
        create_at: at,
        scope: scope.into(),
        ..Scheme::default()
    };
    for (replaced, role) in scheme.roles_mut() {
        *role = format!("{name}_{replaced}");
    }
    scheme
}

pub async fn applied(store: Store) {
    let [ann] = users(&store, ["ann"]).await;
    let team = team_of(&store, "team", &[]).await;
    let talk = channel_of(&store, team.id, "talk", &[]).await;
    let (of_team, of_channel) = (scheme("t", TEAM, 5), scheme("c", CHANNEL, 6));
    let mut in_team = team_member(team.id, ann.id);
    (in_team.scheme_user, in_team.explicit_roles) = (true, "extra".into());
    write!(store, [in_team], tx => tx.team_members().save(&in_team, 1)).unwrap();
    let mut in_channel = member(talk.id, ann.id);
    in_channel.scheme_user = true;
    write!(store, [in_channel], tx => tx.channel_members().add(&in_channel)).unwrap();
    for s in [&of_team, &of_channel].map(Clone::clone) {
        write!(store, [s], tx => tx.schemes().insert(&s)).unwrap();
    }
    let roles = async || {
        let in_team = store.team_members().get(team.id, ann.id).await.unwrap().unwrap().roles;
        let in_channel = store.channel_members().get(talk.id, ann.id).await.unwrap().unwrap().roles;
        (in_team, in_channel)
    };
    assert_eq!(roles().await, ("extra team_user".into(), "channel_user".into()));
    let (team_id, channel_id) = (team.id, talk.id);
    let (t, c) = (of_team.id, of_channel.id);
    assert!(write!(store, [], tx => tx.schemes().set_of_team(team_id, Some(t), 7)).unwrap());
    assert_eq!(roles().await, ("extra t_team_user".into(), "t_channel_user".into()));
    assert!(write!(store, [], tx => tx.schemes().set_of_channel(channel_id, Some(c), 7)).unwrap());
    assert_eq!(roles().await, ("extra t_team_user".into(), "c_channel_user".into()));
    assert_eq!(store.schemes().teams(t, 10, 0).await.unwrap(), [team.id]);
    assert_eq!(store.schemes().channels(c, 10, 0).await.unwrap(), [talk.id]);
    assert_eq!(store.schemes().page(None, 10, 0).await.unwrap(), [of_channel.clone(), of_team.clone()]);
    assert_eq!(store.schemes().page(Some(TEAM), 10, 0).await.unwrap(), std::slice::from_ref(&of_team));

    let gone = Scheme { delete_at: 9, ..of_team };
    write!(store, [], tx => tx.schemes().forget(t)).unwrap();
    assert!(write!(store, [gone], tx => tx.schemes().update(&gone)).unwrap());
    assert_eq!(store.schemes().by_id(t).await.unwrap(), None);
    assert_eq!(roles().await, ("extra team_user".into(), "c_channel_user".into()));
}
