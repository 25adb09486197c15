//! People and bots.

use crate::fixture::{channel_of, names, post, posted, team_of, user, users, write};
use model::users::User;
use store::{
    Error, Store,
    user_reports::{Activity, Column, Cursor, Page},
    users::{Rank, Sort, Term, Which},
};

pub async fn found_by_everything(store: Store) {
    let mut ann = user("Ann");
    ann.auth_service = "gitlab".into();
    ann.auth_data = "4711".into();
    ann.props = [("a".to_owned(), "b".to_owned())].into();
    assert!(!store.users().exists().await.unwrap());
    write!(store, [ann], tx => tx.users().insert(&ann, "hash")).unwrap();
    let [bob] = users(&store, ["bob"]).await;

    // As written, but for the case of names.
    let kept = User { username: "ann".into(), email: "ann@example.com".into(), ..ann.clone() };
    assert_eq!(store.users().by_id(ann.id).await.unwrap().unwrap(), kept);
    assert_eq!(store.users().by_username("ANN").await.unwrap().unwrap(), kept);
    assert_eq!(store.users().by_email("Ann@Example.com").await.unwrap().unwrap(), kept);
    assert_eq!(store.users().by_login("ann@example.com").await.unwrap().unwrap(), kept);
    assert_eq!(store.users().by_login("bob").await.unwrap().unwrap(), bob);
    assert_eq!(store.users().by_auth("gitlab", "4711").await.unwrap().unwrap(), kept);
    assert_eq!(store.users().by_id(crate::fixture::id()).await.unwrap(), None);
    assert_eq!(names(&store.users().by_ids(&[bob.id, ann.id, crate::fixture::id()]).await.unwrap()), ["ann", "bob"]);
    assert_eq!(names(&store.users().by_ids(&[]).await.unwrap()), [""; 0]);
    assert_eq!(names(&store.users().by_usernames(&["BOB".into(), "eve".into()]).await.unwrap()), ["bob"]);
    assert_eq!(store.users().credentials(ann.id).await.unwrap().unwrap().password, "hash");
    assert_eq!(store.users().count().await.unwrap(), 2);
    assert_eq!(store.users().count_all().await.unwrap(), 2);
    assert!(store.users().exists().await.unwrap());
}

pub async fn unique_and_updated(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let taken = User { email: "other@example.com".into(), ..user("ANN") };
    let refused = write!(store, [taken], tx => tx.users().insert(&taken, "")).unwrap_err();
    assert!(refused.is_conflict("users_username"), "{refused:?}");
    let taken = User { username: "other".into(), ..user("ann") };
    let refused = write!(store, [taken], tx => tx.users().insert(&taken, "")).unwrap_err();
    assert!(refused.is_conflict("users_email"), "{refused:?}");
    let renamed = User { username: "ann".into(), ..bob.clone() };
    let refused: Error = write!(store, [renamed], tx => tx.users().update(&renamed)).unwrap_err();
    assert!(refused.is_conflict("users_username"), "{refused:?}");

    let mut changed =
        User { nickname: "Annie \u{1F600}".into(), first_name: "Ann\0a".into(), update_at: 2000, ..ann.clone() };
    assert!(write!(store, [changed], tx => tx.users().update(&changed)).unwrap());
    changed.first_name = "Anna".into(); // no database keeps a NUL
    assert_eq!(store.users().by_id(ann.id).await.unwrap().unwrap(), changed);

    let id = ann.id;
    assert!(write!(store, [], tx => tx.users().add_failed_attempt(id)).unwrap());
    assert!(write!(store, [], tx => tx.users().set_failed_attempts(id, 5)).unwrap());
    assert_eq!(store.users().credentials(id).await.unwrap().unwrap().failed_attempts, 5);
    assert!(write!(store, [], tx => tx.users().set_password(id, "new", 3000)).unwrap());
    assert!(write!(store, [], tx => tx.users().rehash(id, "newer")).unwrap());
    assert!(write!(store, [], tx => tx.users().set_mfa(id, true, "secret", 3000)).unwrap());
    let credentials = store.users().credentials(id).await.unwrap().unwrap();
    assert_eq!((credentials.password.as_str(), credentials.mfa_secret.as_str()), ("newer", "secret"));
    assert_eq!(credentials.failed_attempts, 0);

    assert!(write!(store, [], tx => tx.users().set_roles(id, "system_user system_admin", 3000)).unwrap());
    assert!(write!(store, [], tx => tx.users().set_active(id, 4000, 4000)).unwrap());
    assert!(write!(store, [], tx => tx.users().set_last_activity(id, 9000)).unwrap());
    assert!(!write!(store, [], tx => tx.users().set_last_activity(id, 8000)).unwrap());
    assert!(write!(store, [], tx => tx.users().set_picture(id, 4500, 4500)).unwrap());
    assert!(write!(store, [], tx => tx.users().set_verified(id, "Anna@example.com", 5000)).unwrap());
    let ann = store.users().by_id(id).await.unwrap().unwrap();
    assert_eq!((ann.delete_at, ann.update_at, ann.last_activity_at, ann.last_picture_update), (4000, 5000, 9000, 4500));
    assert_eq!((ann.email.as_str(), ann.email_verified, ann.mfa_active), ("anna@example.com", true, true));
    assert_eq!(store.users().count().await.unwrap(), 1);
}

pub async fn paged(store: Store) {
    let [ann, bob, cat, dan] = users(&store, ["ann", "bob", "cat", "dan"]).await;
    let team = team_of(&store, "one", &[&ann, &bob, &cat]).await;
    let channel = channel_of(&store, team.id, "talk", &[&bob, &ann]).await;
    let (cat_id, bob_id) = (cat.id, bob.id);
    write!(store, [], tx => tx.users().set_roles(cat_id, "system_user system_admin", 3000)).unwrap();
    write!(store, [], tx => tx.users().set_active(bob_id, 5000, 5000)).unwrap();
    write!(store, [], tx => tx.users().set_last_activity(bob_id, 5000)).unwrap();
    let online = store::statuses::Kept {
        status: model::status::Status {
            user_id: bob.id,
            status: model::status::Presence::Online,
            ..Default::default()
        },
        ..Default::default()
    };
    write!(store, [online], tx => tx.statuses().set(std::slice::from_ref(&online))).unwrap();

    let page = async |which: Which, sort, page, per_page| {
        let found = store.users().page(&which, sort, page, per_page).await.unwrap();
        let count = store.users().count_of(&which).await.unwrap();
        (names(&found).join(" "), count)
    };
    let all = Which::default();
    assert_eq!(page(all.clone(), Sort::Username, 0, 3).await, ("ann bob cat".into(), 4));
    assert_eq!(page(all.clone(), Sort::Username, 1, 3).await, ("dan".into(), 4));
    assert_eq!(page(all.clone(), Sort::Admin, 0, 1).await, ("ann".into(), 4));
    // Nobody else has ever been seen, but all are counted.
    assert_eq!(page(all.clone(), Sort::LastActivity, 0, 9).await, ("bob".into(), 4));
    assert_eq!(page(all, Sort::CreateAt, 0, 1).await.1, 4);
    let in_team = Which { in_team: Some(team.id), ..Which::default() };
    assert_eq!(page(in_team.clone(), Sort::Admin, 0, 9).await, ("ann bob cat".into(), 3));
    assert_eq!(
        page(Which { active: Some(true), ..in_team.clone() }, Sort::Username, 0, 9).await,
        ("ann cat".into(), 2)
    );
    assert_eq!(page(Which { active: Some(false), ..in_team.clone() }, Sort::Username, 0, 9).await, ("bob".into(), 1));
    let ranked = |rank, which: &Which| Which { ranks: vec![rank], ..which.clone() };
    assert_eq!(page(ranked(Rank::SystemAdmin, &in_team), Sort::Username, 0, 9).await, ("cat".into(), 1));
    let of_team = page(ranked(Rank::TeamUser, &in_team), Sort::Username, 0, 9).await;
    assert_eq!(of_team, ("ann bob".into(), 2), "an administrator of the system is none of the team's users");
    assert_eq!(page(ranked(Rank::TeamGuest, &in_team), Sort::Username, 0, 9).await, (String::new(), 0));
    let in_channel = Which { in_channel: Some(channel.id), ..Which::default() };
    let both = Which { ranks: vec![Rank::ChannelUser, Rank::ChannelAdmin], ..in_channel.clone() };
    assert_eq!(page(both, Sort::Username, 0, 9).await, ("ann bob".into(), 2));
    assert_eq!(page(in_channel.clone(), Sort::Status, 0, 9).await, ("bob ann".into(), 2));
    assert_eq!(page(in_channel, Sort::Admin, 0, 9).await, ("ann bob".into(), 2));
    let not = Which { not_in_channel: Some(channel.id), ..in_team };
    assert_eq!(page(not, Sort::Username, 0, 9).await, ("cat".into(), 1));
    let not = Which { not_in_team: Some(team.id), ..Which::default() };
    assert_eq!(page(not, Sort::Username, 0, 9).await, ("dan".into(), 1));
    let alone = Which { without_team: true, no_bots: true, ..Which::default() };
    assert_eq!(page(alone, Sort::Username, 0, 9).await, ("dan".into(), 1));
    let admins = Which { roles: vec!["system_admin".into(), "other".into()], ..Which::default() };
    assert_eq!(page(admins, Sort::Username, 0, 9).await, ("cat".into(), 1));
    let among = Which { among: Some(vec![dan.id, ann.id]), ..Which::default() };
    assert_eq!(page(among, Sort::Username, 0, 9).await, ("ann dan".into(), 2));
}

pub async fn searched(store: Store) {
    let people = [
        User { first_name: "Élodie Marie".into(), last_name: "O'Neil".into(), ..user("elo_d") },
        User { nickname: "The Boss".into(), ..user("bob") },
        user("eloxd"),
    ];
    for person in people {
        write!(store, [person], tx => tx.users().insert(&person, "")).unwrap();
    }
    let search = async |text, full_names, emails| {
        let term = Term { text, full_names, emails };
        let found = store.users().search(&Which::default(), term, 10).await.unwrap();
        names(&found).join(" ")
    };
    assert_eq!(search("", true, false).await, "bob elo_d eloxd");
    assert_eq!(search("@ELO_", true, false).await, "elo_d");
    assert_eq!(search("élo", true, false).await, "elo_d");
    assert_eq!(search("Élodie o'n", true, false).await, "elo_d");
    assert_eq!(search("marie", true, false).await, "elo_d");
    assert_eq!(search("marie", false, false).await, "");
    assert_eq!(search("the b", false, false).await, "bob");
    assert_eq!(search("the c", false, false).await, "");
    assert_eq!(search("boss", true, false).await, "bob");
    assert_eq!(search("lo", true, false).await, "");
    assert_eq!(search("bob@ex", true, false).await, "");
    assert_eq!(search("bob@ex", true, true).await, "bob");
    assert_eq!(search("%", true, true).await, "");
}

pub async fn reported(store: Store) {
    let [ann, bob, cat] = users(&store, ["ann", "bob", "cat"]).await;
    let team = team_of(&store, "one", &[&ann, &bob]).await;
    let channel = channel_of(&store, team.id, "talk", &[&ann]).await;
    let day = 86_400_000;
    for at in [day, day + 5, 3 * day] {
        posted(&store, post(channel.id, ann.id, at, "x")).await;
    }
    let joined = model::posts::Post { kind: "system_join_channel".into(), ..post(channel.id, ann.id, 9 * day, "x") };
    posted(&store, joined).await;
    let activity = store.users().activity(&[ann.id, bob.id], 0, 5 * day).await.unwrap();
    assert_eq!(
        activity,
        [
            Activity {
                user_id: ann.id,
                last_post_date: 3 * day,
                days_active: 2,
                total_posts: 3,
                ..Activity::default()
            },
            Activity { user_id: bob.id, ..Activity::default() },
        ]
    );
    assert_eq!(store.users().activity(&[ann.id], 2 * day, 3 * day).await.unwrap()[0].total_posts, 0);

    let page = async |which: &Which, text: &str, page: Page<'_>| {
        let term = Term { text, emails: true, full_names: true };
        let found = store.users().report(which, term, &page).await.unwrap();
        names(&found).join(" ")
    };
    let all = Which::default();
    assert_eq!(page(&all, "", Page { limit: 2, ..Page::default() }).await, "ann bob");
    let at_bob = Cursor { value: "bob".into(), id: bob.id };
    let from = Some(&at_bob);
    assert_eq!(page(&all, "", Page { limit: 2, from, ..Page::default() }).await, "cat");
    assert_eq!(page(&all, "", Page { limit: 2, from, backwards: true, ..Page::default() }).await, "ann");
    assert_eq!(page(&all, "", Page { limit: 2, from, descending: true, ..Page::default() }).await, "ann");
    let at_first = Cursor { value: "1000".into(), id: ann.id };
    let by_time = Page { column: Column::CreateAt, from: Some(&at_first), limit: 9, ..Page::default() };
    assert_eq!(page(&all, "", by_time).await, "bob cat", "of the same moment by id");
    for column in [Column::FirstName, Column::LastName, Column::Nickname, Column::Email, Column::Roles] {
        let found = page(&all, "", Page { column, limit: 9, descending: true, ..Page::default() }).await;
        assert_eq!(found, "cat bob ann", "{column:?}");
    }
    let of_team = Which { in_team: Some(team.id), ..Which::default() };
    assert_eq!(page(&of_team, "bob@", Page { limit: 9, ..Page::default() }).await, "bob");
    let without = Which { without_team: true, ..Which::default() };
    assert_eq!(store.users().report_count(&without, Term::default()).await.unwrap(), 1);
    assert_eq!(page(&without, "", Page { limit: 9, ..Page::default() }).await, cat.username);
}
