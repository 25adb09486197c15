//! What needs a test only to be said: roles, preferences, statuses, tokens, values, audits, the saved log.

use crate::fixture::{channel_of, id, post, posted, users, write};
use model::{
    PostId, TeamId, UserId,
    compliance::ComplianceReport,
    opengraph::{OpenGraph, Preview},
    preferences::Preference,
    roles::Role,
    status::{Presence, Status},
    terms_of_service::{Acceptance, Terms},
};
use store::{
    Store,
    audits::Audit,
    compliance::Moment,
    link_previews::Kept as Fetched,
    mail_waiting::Waiting,
    resume::{Connected, Logged},
    second_factors::Kept as Factor,
    statuses::Kept,
    tokens::Token,
};

pub async fn link_previews(store: Store) {
    let page = OpenGraph { title: "A page".into(), locales_alternate: Some(vec!["de".into()]), ..OpenGraph::default() };
    let preview = Preview { page: Some(page), ..Preview::default() };
    let kept = Fetched { hash: "a".repeat(64), preview, fetch_at: 1000 };
    write!(store, [kept], tx => tx.link_previews().put(&kept)).unwrap();
    let hashes = [kept.hash.clone(), "b".repeat(64)];
    assert_eq!(store.link_previews().by_hashes(&hashes).await.unwrap(), std::slice::from_ref(&kept));
    let later = Fetched { preview: Preview { failed: true, ..Preview::default() }, fetch_at: 2000, ..kept };
    write!(store, [later], tx => tx.link_previews().put(&later)).unwrap();
    assert_eq!(store.link_previews().by_hashes(&hashes).await.unwrap(), [later]);
    assert_eq!(write!(store, [], tx => tx.link_previews().purge(2000)).unwrap(), 0);
    assert_eq!(write!(store, [], tx => tx.link_previews().purge(2001)).unwrap(), 1);
}

pub async fn roles(store: Store) {
    let role = Role {
        id: id(),
        name: "team_user".into(),
        permissions: vec!["create_post".into(), "view_team".into()],
        create_at: 1000,
        built_in: true,
        ..Role::default()
    };
    write!(store, [role], tx => tx.roles().save(&role)).unwrap();
    assert_eq!(store.roles().by_name("team_user").await.unwrap().unwrap(), role);
    let again = Role { id: id(), permissions: vec![], update_at: 2000, create_at: 2000, ..role.clone() };
    write!(store, [again], tx => tx.roles().save(&again)).unwrap();
    let kept = Role { permissions: vec![], update_at: 2000, ..role };
    assert_eq!(store.roles().by_id(kept.id).await.unwrap().unwrap(), kept);
    assert_eq!(
        store.roles().by_names(&["team_user".into(), "none".into()]).await.unwrap(),
        std::slice::from_ref(&kept)
    );
    assert_eq!(store.roles().all().await.unwrap(), [kept]);
}

pub async fn preferences(store: Store) {
    let (ann, bob) = (id(), id());
    let preference = |user_id, category: &str, name: &str, value: &str| Preference {
        user_id,
        category: category.into(),
        name: name.into(),
        value: value.into(),
    };
    let some = vec![
        preference(ann, "display", "clock", "24"),
        preference(ann, "display", "color", "red"),
        preference(ann, "flagged_post", "p1", "true"),
        preference(bob, "flagged_post", "p1", "true"),
    ];
    write!(store, [some], tx => tx.preferences().set(&some)).unwrap();
    assert_eq!(store.preferences().all(ann).await.unwrap(), some[..3]);
    let again = vec![preference(ann, "display", "clock", "12")];
    write!(store, [again], tx => tx.preferences().set(&again)).unwrap();
    assert_eq!(store.preferences().by_category(ann, "display").await.unwrap().len(), 2);
    assert_eq!(store.preferences().by_name(ann, "display", "clock").await.unwrap().unwrap().value, "12");
    assert_eq!(store.preferences().of_users(&[ann, bob], "flagged_post", "p1").await.unwrap().len(), 2);
    write!(store, [again], tx => tx.preferences().delete(&again)).unwrap();
    assert_eq!(store.preferences().by_name(ann, "display", "clock").await.unwrap(), None);
    assert_eq!(write!(store, [], tx => tx.preferences().delete_everywhere("flagged_post", "p1")).unwrap(), 2);
    assert_eq!(write!(store, [], tx => tx.preferences().delete_category(ann, "display")).unwrap(), 1);
    assert_eq!(store.preferences().all(ann).await.unwrap(), []);
}

pub async fn statuses(store: Store) {
    let kept = |status, dnd_end_time, manual| Kept {
        status: Status { user_id: id(), status, manual, last_activity_at: 1000, dnd_end_time },
        before: Presence::Away,
    };
    let some = vec![kept(Presence::Online, 0, false), kept(Presence::Dnd, 50, true), kept(Presence::Dnd, 70, true)];
    write!(store, [some], tx => tx.statuses().set(&some)).unwrap();
    write!(store, [some], tx => tx.statuses().set(&some)).unwrap();
    let ids: Vec<_> = some.iter().map(|kept| kept.status.user_id).collect();
    assert_eq!(store.statuses().by_id(ids[1]).await.unwrap().unwrap(), some[1]);
    assert_eq!(store.statuses().by_id(id()).await.unwrap(), None);
    assert_eq!(store.statuses().by_ids(&ids).await.unwrap().len(), 3);
    assert_eq!(store.statuses().dnd_over(60).await.unwrap(), [some[1].clone()]);
    assert_eq!(write!(store, [], tx => tx.statuses().reset()).unwrap(), 1);
    assert_eq!(store.statuses().by_id(ids[0]).await.unwrap().unwrap().status.status, Presence::Offline);
}

pub async fn tokens(store: Store) {
    let token =
        |token: &str, create_at| Token { token: token.into(), create_at, kind: "invite".into(), extra: "{}".into() };
    for token in [token("b", 2000), token("a", 1000)] {
        write!(store, [token], tx => tx.tokens().insert(&token)).unwrap();
    }
    assert_eq!(store.tokens().by_token("a").await.unwrap().unwrap(), token("a", 1000));
    assert_eq!(store.tokens().of_kind("invite").await.unwrap(), [token("a", 1000), token("b", 2000)]);
    assert!(write!(store, [], tx => tx.tokens().delete("b")).unwrap());
    assert!(!write!(store, [], tx => tx.tokens().delete("b")).unwrap());
    assert_eq!(write!(store, [], tx => tx.tokens().purge(1500)).unwrap(), 1);
    let more = vec![token("c", 1000), token("d", 1000), Token { kind: "other".into(), ..token("e", 1000) }];
    write!(store, [more], tx => tx.tokens().insert_all(&more)).unwrap();
    assert_eq!(write!(store, [], tx => tx.tokens().delete_kind("invite")).unwrap(), 2);
    assert!(store.tokens().by_token("e").await.unwrap().is_some());
}

pub async fn system(store: Store) {
    write!(store, [], tx => tx.system().set("a", "1")).unwrap();
    write!(store, [], tx => tx.system().set("a", "2")).unwrap();
    assert!(!write!(store, [], tx => tx.system().add("a", "3")).unwrap());
    assert!(write!(store, [], tx => tx.system().add("b", "3")).unwrap());
    assert_eq!(store.system().get("a").await.unwrap().as_deref(), Some("2"));
    assert_eq!(store.system().all().await.unwrap(), [("a".into(), "2".into()), ("b".into(), "3".into())]);
    assert!(write!(store, [], tx => tx.system().delete("a")).unwrap());
    assert_eq!(store.system().get("a").await.unwrap(), None);
    store.ping().await.unwrap();
}

pub async fn burning(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let channel = channel_of(&store, TeamId::NONE, "talk", &[&ann, &bob]).await;
    let (one, other) = (posted(&store, post(channel.id, ann.id, 1000, "")).await.id, id());
    write!(store, [], tx => tx.burning().keep(one, "secret", 5000)).unwrap();
    write!(store, [], tx => tx.burning().keep(other, "older", 50)).unwrap();
    assert_eq!(store.burning().text(one).await.unwrap(), Some(("secret".into(), 5000)));
    assert_eq!(store.burning().left(one).await.unwrap(), 1);
    let reader = bob.id;
    assert!(write!(store, [], tx => tx.burning().show(one, reader, 2000)).unwrap());
    assert!(!write!(store, [], tx => tx.burning().show(one, reader, 3000)).unwrap());
    assert_eq!(store.burning().reader(one, reader).await.unwrap(), Some(2000));
    assert_eq!(store.burning().left(one).await.unwrap(), 0);
    assert!(write!(store, [], tx => tx.burning().end(one, reader, 1500)).unwrap());
    assert!(!write!(store, [], tx => tx.burning().end(one, reader, 1600)).unwrap());
    write!(store, [], tx => tx.burning().purge(100)).unwrap();
    assert_eq!(store.burning().text(other).await.unwrap(), None);
    assert_eq!(store.burning().reader(one, reader).await.unwrap(), Some(1500));
    write!(store, [], tx => tx.burning().forget(one)).unwrap();
    assert_eq!(
        (store.burning().text(one).await.unwrap(), store.burning().reader(one, reader).await.unwrap()),
        (None, None)
    );
}

pub async fn compliance(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let mut ids = Vec::new();
    for (n, who) in [&ann, &bob, &ann, &ann].into_iter().enumerate() {
        ids.push(posted(&store, post(channel.id, who.id, 1000 + n as i64, "text")).await.id);
    }
    let last = store.search().last_seq().await.unwrap();
    let written = async |numbers, by: &[UserId]| {
        let found = store.posts().written(numbers, Moment::Created, 1000, 1003, by).await.unwrap();
        found.into_iter().map(|p| p.id).collect::<Vec<_>>()
    };
    assert_eq!(written(0..last + 1, &[]).await, ids[..3]);
    assert_eq!(written(last - 2..last, &[]).await, ids[1..3]);
    assert_eq!(written(0..last + 1, &[ann.id]).await, [ids[0], ids[2]]);
    let changed = store.posts().written(0..last + 1, Moment::Changed, 1003, 2000, &[]).await.unwrap();
    assert_eq!(changed.iter().map(|p| p.id).collect::<Vec<_>>(), ids[3..]);
    let report = ComplianceReport {
        id: id(),
        create_at: 5,
        user_id: ann.id,
        status: "created".into(),
        description: "audit".into(),
        kind: "daily".into(),
        start_at: 1000,
        end_at: 2000,
        keywords: "a".into(),
        emails: "b".into(),
        count: 0,
    };
    write!(store, [report], tx => tx.compliance().insert(&report)).unwrap();
    assert_eq!(store.compliance().by_id(report.id).await.unwrap(), Some(report.clone()));
    let which = report.id;
    assert!(write!(store, [], tx => tx.compliance().set_status(which, "finished", 3)).unwrap());
    let kept = store.compliance().page(5, 0).await.unwrap();
    assert_eq!((kept[0].status.as_str(), kept[0].count), ("finished", 3));
    assert!(store.compliance().has_day(1000).await.unwrap() && !store.compliance().has_day(2000).await.unwrap());
}

pub async fn audits(store: Store) {
    let ann = id();
    for create_at in [1000, 2000, 3000] {
        let audit = Audit { id: id(), create_at, user_id: ann, action: "/api/v4/x".into(), ..Audit::default() };
        write!(store, [audit], tx => tx.audits().insert(&audit)).unwrap();
    }
    let found = store.audits().of_user(ann, 2, 0).await.unwrap();
    assert_eq!(found.iter().map(|audit| audit.create_at).collect::<Vec<_>>(), [3000, 2000]);
    assert_eq!(store.audits().page(10, 2).await.unwrap().len(), 1);
    assert_eq!(write!(store, [], tx => tx.audits().purge(2500)).unwrap(), 2);
}

pub async fn resume(store: Store) {
    let events: Vec<_> = (1..=1200).map(|place| Logged { place, at: 5, body: format!("{{\"n\":{place}}}") }).collect();
    let connections =
        vec![Connected { connection_id: id(), user_id: id(), session_id: id(), state: "{}".into(), at: 7 }];
    for _ in 0..2 {
        let (events, connections) = (events.clone(), connections.clone());
        write!(store, [events, connections], tx => tx.resume().save_all(&events, &connections)).unwrap();
    }
    let saved = (events, connections);
    assert_eq!(store.resume().saved().await.unwrap(), saved);
    assert_eq!(write!(store, [], tx => tx.resume().take_all()).unwrap(), saved);
    assert_eq!(store.resume().saved().await.unwrap(), (vec![], vec![]));
}

pub async fn second_factors(store: Store) {
    let (ann, bob) = (id(), id());
    let factors = async || store.second_factors().of_user(ann).await.unwrap();
    assert_eq!(factors().await, None);
    write!(store, [], tx => tx.second_factors().set_pending(ann, "secret", 1000)).unwrap();
    assert!(write!(store, [], tx => tx.second_factors().use_step(ann, 7)).unwrap());
    for step in [7, 6] {
        assert!(!write!(store, [], tx => tx.second_factors().use_step(ann, step)).unwrap());
    }
    assert!(!write!(store, [], tx => tx.second_factors().use_step(bob, 7)).unwrap());
    write!(store, [], tx => tx.second_factors().set_pending(ann, "", 2000)).unwrap();
    assert_eq!(factors().await, Some(Factor { pending: String::new(), pending_at: 2000, last_step: 7 }));

    let codes = vec!["a".to_owned(), "b".to_owned()];
    write!(store, [codes], tx => tx.second_factors().replace_codes(ann, &codes)).unwrap();
    assert_eq!(store.second_factors().count_codes(ann).await.unwrap(), 2);
    assert!(!write!(store, [], tx => tx.second_factors().use_code(bob, "a")).unwrap());
    assert!(write!(store, [], tx => tx.second_factors().use_code(ann, "a")).unwrap());
    assert!(!write!(store, [], tx => tx.second_factors().use_code(ann, "a")).unwrap());
    write!(store, [], tx => tx.second_factors().delete(ann)).unwrap();
    assert_eq!((factors().await, store.second_factors().count_codes(ann).await.unwrap()), (None, 0));
}

pub async fn mail_waiting(store: Store) {
    let (ann, bob) = (id(), id());
    let posts: [PostId; 2] = [id(), id()];
    let waiting = |user_id, post_id, due_at| Waiting { id: id(), user_id, post_id, due_at };
    let some = vec![waiting(ann, posts[0], 1000), waiting(ann, posts[1], 3000), waiting(bob, posts[0], 2000)];
    write!(store, [some], tx => tx.mail_waiting().add(&some)).unwrap();
    let again = vec![waiting(ann, posts[0], 9000)];
    write!(store, [again], tx => tx.mail_waiting().add(&again)).unwrap();
    assert_eq!(store.mail_waiting().due(999, 10).await.unwrap(), []);
    assert_eq!(store.mail_waiting().due(1500, 10).await.unwrap(), [ann]);
    assert_eq!(store.mail_waiting().due(9000, 10).await.unwrap().len(), 2);
    let found = store.mail_waiting().of_users(&[ann], 10).await.unwrap();
    assert_eq!(found.len(), 2, "what is due later comes along: {found:?}");
    assert!(found.iter().all(|f| !f.readable && !f.is_reply), "there are no such posts");
    let ids: Vec<_> = found.iter().map(|f| f.id).collect();
    write!(store, [ids], tx => tx.mail_waiting().remove(&ids)).unwrap();
    assert_eq!(store.mail_waiting().due(9000, 10).await.unwrap(), [bob]);
}

pub async fn terms_of_service(store: Store) {
    let (ann, text) = (id(), "Be kind.".to_owned());
    let terms = |create_at| Terms { id: id(), create_at, user_id: ann, text: text.clone() };
    let (old, new) = (terms(1000), terms(2000));
    for terms in [new.clone(), old.clone()] {
        write!(store, [terms], tx => tx.terms_of_service().insert(&terms)).unwrap();
    }
    assert_eq!(store.terms_of_service().latest().await.unwrap(), Some(new.clone()));
    assert_eq!(store.terms_of_service().by_id(old.id).await.unwrap(), Some(old.clone()));
    let accepted = async || store.terms_of_service().accepted(ann).await.unwrap();
    for terms in [&old, &new] {
        let acceptance = Acceptance { user_id: ann, terms_of_service_id: terms.id, create_at: 3000 };
        write!(store, [acceptance], tx => tx.terms_of_service().accept(&acceptance)).unwrap();
        assert_eq!(accepted().await, Some(acceptance));
    }
    let (former, last) = (old.id, new.id);
    write!(store, [], tx => tx.terms_of_service().decline(ann, former)).unwrap();
    assert!(accepted().await.is_some());
    write!(store, [], tx => tx.terms_of_service().decline(ann, last)).unwrap();
    assert_eq!(accepted().await, None);
    assert_eq!(store.analytics().bytes().await.unwrap(), 0);
}
