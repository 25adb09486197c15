//! Bots, tokens, webhooks, commands, actions and OAuth.

use crate::fixture::{change, id, users, write};
use model::{
    AnyId,
    access_tokens::AccessToken,
    bookmarks::Bookmark,
    commands::{Command, LaterAnswer},
    interactive::{Integration, PostAction},
    oauth::OAuthApp,
    outgoing_oauth::OutgoingOAuthConnection,
    preferences::Preference,
    webhooks::{IncomingWebhook, OutgoingWebhook},
};
use store::{
    Store,
    bots::Which,
    oauth::{Code, Grant},
};

pub async fn bots(store: Store) {
    let [ann, hal, eve] = users(&store, ["ann", "hal", "eve"]).await;
    let (owner, bot, other) = (ann.id, hal.id, eve.id);
    write!(store, [], tx => tx.bots().insert(bot, owner, "helps", 5)).unwrap();
    let found = store.bots().by_id(bot).await.unwrap().unwrap();
    assert_eq!((found.owner_id, found.description.as_str(), found.delete_at), (owner, "helps", 0));
    assert!(store.users().by_id(bot).await.unwrap().unwrap().is_bot);
    assert_eq!(store.bots().by_id(owner).await.unwrap(), None);
    assert_eq!(store.bots().active_of(owner).await.unwrap(), [bot]);
    let page = async |which, disabled| store.bots().page(which, disabled, 10, 0).await.unwrap().len();
    assert_eq!((page(Which::All, false).await, page(Which::Of(other), false).await), (1, 0));
    write!(store, [], tx => tx.users().set_active(bot, 9, 9)).unwrap();
    assert_eq!((page(Which::Of(owner), false).await, page(Which::Of(owner), true).await), (0, 1));
    assert_eq!(page(Which::Orphaned, true).await, 0);
    write!(store, [], tx => tx.users().set_active(owner, 9, 9)).unwrap();
    assert_eq!((page(Which::Orphaned, true).await, page(Which::Orphaned, false).await), (1, 0));
    assert!(write!(store, [], tx => tx.bots().update(bot, other, 7)).unwrap());
    assert_eq!(store.bots().by_id(bot).await.unwrap().unwrap().owner_id, other);
    assert!(write!(store, [], tx => tx.bots().delete(bot)).unwrap());
    assert!(!store.users().by_id(bot).await.unwrap().unwrap().is_bot);
}

pub async fn tokens(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    for (user, hash) in [(ann.id, "h1"), (ann.id, "h2"), (bob.id, "h3")] {
        let token = AccessToken { id: id(), user_id: user, description: hash.into(), ..AccessToken::default() };
        write!(store, [token], tx => tx.access_tokens().insert(&token, hash, 5)).unwrap();
    }
    let first = store.access_tokens().by_hash("h1").await.unwrap().unwrap();
    assert_eq!((first.user_id, first.is_active, first.token.as_str()), (ann.id, true, ""));
    assert_eq!(store.access_tokens().of_user(ann.id, 10, 0).await.unwrap().len(), 2);
    assert_eq!(store.access_tokens().of_user(ann.id, 1, 1).await.unwrap()[0].description, "h2");
    assert_eq!(store.access_tokens().page(2, 0).await.unwrap().len(), 2);
    assert_eq!(store.access_tokens().search("BO", 10).await.unwrap()[0].description, "h3");
    assert_eq!(store.access_tokens().search(first.id.as_str(), 10).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(store.access_tokens().search("%", 10).await.unwrap(), []);
    let which = first.id;
    assert!(write!(store, [], tx => tx.access_tokens().set_active(which, false)).unwrap());
    assert_eq!(store.access_tokens().by_hash("h1").await.unwrap(), None);
    assert!(!store.access_tokens().by_id(which).await.unwrap().unwrap().is_active);
    assert!(write!(store, [], tx => tx.access_tokens().delete(which)).unwrap());
    assert_eq!(store.access_tokens().by_id(which).await.unwrap(), None);
}

pub async fn webhooks(store: Store) {
    let (team, ann, bob) = (id(), id(), id());
    let incoming = |user| IncomingWebhook { id: id(), team_id: team, user_id: user, ..IncomingWebhook::default() };
    let (mine, theirs) = (incoming(ann), incoming(bob));
    for hook in [mine.clone(), theirs] {
        write!(store, [hook], tx => tx.webhooks().insert_incoming(&hook)).unwrap();
    }
    let counts = async |t, u| {
        let page = store.webhooks().incoming_page(t, u, 10, 0).await.unwrap().len() as i64;
        assert_eq!(page, store.webhooks().incoming_count(t, u).await.unwrap());
        page
    };
    assert_eq!((counts(None, None).await, counts(None, Some(ann)).await), (2, 1));
    assert_eq!((counts(Some(team), None).await, counts(Some(id()), Some(ann)).await), (2, 0));
    let changed = IncomingWebhook { display_name: "new".into(), channel_locked: true, ..mine };
    assert!(write!(store, [changed], tx => tx.webhooks().update_incoming(&changed)).unwrap());
    assert_eq!(store.webhooks().incoming(changed.id).await.unwrap(), Some(changed.clone()));
    let gone = changed.id;
    assert!(write!(store, [], tx => tx.webhooks().delete_incoming(gone, 9)).unwrap());
    assert_eq!(store.webhooks().incoming(gone).await.unwrap(), None);

    let hook = OutgoingWebhook {
        id: id(),
        team_id: team,
        creator_id: ann,
        token: "t".into(),
        trigger_words: vec!["a".into(), "b".into()],
        callback_urls: vec!["http://example.com".into()],
        ..OutgoingWebhook::default()
    };
    write!(store, [hook], tx => tx.webhooks().insert_outgoing(&hook)).unwrap();
    assert_eq!(store.webhooks().outgoing(hook.id).await.unwrap(), Some(hook.clone()));
    let page = async |t, u| store.webhooks().outgoing_page(t, u, 10, 0).await.unwrap().len();
    assert_eq!((page(None, None).await, page(None, Some(bob)).await), (1, 0));
    assert_eq!((page(Some(team), None).await, page(Some(team), Some(ann)).await), (1, 1));
    let gone = OutgoingWebhook { delete_at: 9, ..hook };
    assert!(write!(store, [gone], tx => tx.webhooks().update_outgoing(&gone)).unwrap());
    assert_eq!(store.webhooks().outgoing(gone.id).await.unwrap(), None);
}

pub async fn commands(store: Store) {
    let command = Command { id: id(), team_id: id(), trigger: "go".into(), method: "P".into(), ..Command::default() };
    write!(store, [command], tx => tx.commands().insert(&command)).unwrap();
    assert_eq!(store.commands().of_team(command.team_id).await.unwrap(), std::slice::from_ref(&command));
    let changed = Command { trigger: "stop".into(), ..command };
    assert!(write!(store, [changed], tx => tx.commands().update(&changed)).unwrap());
    assert_eq!(store.commands().by_id(changed.id).await.unwrap(), Some(changed.clone()));

    let answer = LaterAnswer { id: id(), create_at: 10, command_id: changed.id, ..LaterAnswer::default() };
    write!(store, [answer], tx => tx.commands().insert_answer(&answer)).unwrap();
    assert_eq!(store.commands().answer(answer.id).await.unwrap(), Some(answer.clone()));
    let which = answer.id;
    assert!(write!(store, [], tx => tx.commands().use_answer(which, 5, 1)).unwrap());
    assert!(!write!(store, [], tx => tx.commands().use_answer(which, 5, 1)).unwrap(), "used up");
    assert!(!write!(store, [], tx => tx.commands().use_answer(which, 10, 9)).unwrap(), "too old");
    assert_eq!(write!(store, [], tx => tx.commands().purge_answers(11)).unwrap(), 1);
}

pub async fn actions(store: Store) {
    let mut action = PostAction {
        post_id: id(),
        action_id: "yes".into(),
        create_at: 5,
        user_id: id(),
        integration: Integration { url: "http://a".into(), ..Integration::default() },
        ..PostAction::default()
    };
    write!(store, [action], tx => tx.post_actions().set(&action)).unwrap();
    "http://b".clone_into(&mut action.integration.url);
    write!(store, [action], tx => tx.post_actions().set(&action)).unwrap();
    assert_eq!(store.post_actions().get(action.post_id, "yes").await.unwrap(), Some(action.clone()));
    let kept = PostAction { action_id: "no".into(), user_id: model::UserId::NONE, ..action };
    write!(store, [kept], tx => tx.post_actions().set(&kept)).unwrap();
    assert_eq!(write!(store, [], tx => tx.post_actions().purge(6)).unwrap(), 1);
    assert_eq!(store.post_actions().get(kept.post_id, "no").await.unwrap(), Some(kept));
}

pub async fn outgoing_oauth(store: Store) {
    let connection = |name: &str| OutgoingOAuthConnection {
        id: id(),
        creator_id: id(),
        name: name.into(),
        client_id: "c".into(),
        client_secret: "s".into(),
        grant_type: "client_credentials".into(),
        audiences: vec!["https://x.org/a".into()],
        ..OutgoingOAuthConnection::default()
    };
    let mut both = [connection("one"), connection("two")];
    both.sort_by_key(|c| c.id);
    for c in both.clone() {
        write!(store, [c], tx => tx.outgoing_oauth().insert(&c)).unwrap();
    }
    let [first, second] = both;
    assert_eq!(store.outgoing_oauth().by_id(first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(store.outgoing_oauth().after(AnyId::NONE, 1).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(store.outgoing_oauth().after(first.id, 5).await.unwrap(), std::slice::from_ref(&second));
    let changed = OutgoingOAuthConnection { name: "three".into(), audiences: Vec::new(), ..second };
    assert!(write!(store, [changed], tx => tx.outgoing_oauth().update(&changed)).unwrap());
    assert_eq!(store.outgoing_oauth().by_id(changed.id).await.unwrap(), Some(changed.clone()));
    let which = changed.id;
    assert!(write!(store, [], tx => tx.outgoing_oauth().delete(which)).unwrap());
    assert!(!write!(store, [], tx => tx.outgoing_oauth().delete(which)).unwrap());
    assert!(!write!(store, [changed], tx => tx.outgoing_oauth().update(&changed)).unwrap());
}

pub async fn oauth(store: Store) {
    let (ann, bob) = (id(), id());
    let app = OAuthApp {
        id: id(),
        creator_id: ann,
        client_secret: "s".into(),
        callback_urls: vec!["http://example.com/cb".into()],
        ..OAuthApp::default()
    };
    write!(store, [app], tx => tx.oauth().insert_app(&app)).unwrap();
    let app = OAuthApp { client_secret: String::new(), is_public: true, ..app };
    assert!(write!(store, [app], tx => tx.oauth().update_app(&app)).unwrap());
    assert_eq!(store.oauth().app(app.id).await.unwrap(), Some(app.clone()));
    assert_eq!(store.oauth().page(None, 10, 0).await.unwrap().len(), 1);
    assert_eq!(store.oauth().page(Some(bob), 10, 0).await.unwrap().len(), 0);

    let code = Code { hash: "c".into(), client_id: app.id, user_id: bob, create_at: 5, ..Code::default() };
    let again = Code { hash: "d".into(), ..code.clone() };
    for code in [code.clone(), again] {
        write!(store, [code], tx => tx.oauth().insert_code(&code)).unwrap();
    }
    assert_eq!(store.oauth().code("c").await.unwrap(), Some(code));
    assert!(write!(store, [], tx => tx.oauth().delete_code("c")).unwrap());
    assert!(!write!(store, [], tx => tx.oauth().delete_code("c")).unwrap());
    assert_eq!(write!(store, [], tx => tx.oauth().purge_codes(6)).unwrap(), 1);

    let grant = Grant { id: id(), refresh_hash: "r".into(), client_id: app.id, user_id: bob, ..Grant::default() };
    write!(store, [grant], tx => tx.oauth().insert_grant(&grant)).unwrap();
    assert_eq!(store.oauth().grant("r").await.unwrap(), Some(grant.clone()));
    let session = id();
    assert!(write!(store, [grant], tx => tx.oauth().renew_grant(&grant, "r2", session, 9)).unwrap());
    assert!(!write!(store, [grant], tx => tx.oauth().renew_grant(&grant, "r3", session, 9)).unwrap());
    assert_eq!(store.oauth().grants_of(bob, app.id).await.unwrap()[0].session_id, session);
    assert_eq!(store.oauth().apps_of(bob, 10, 0).await.unwrap(), std::slice::from_ref(&app));
    let grants = store.oauth().grants_to(app.id).await.unwrap();
    change(&store, move |tx| {
        let grants = grants.clone();
        Box::pin(async move { tx.oauth().delete_grants(&grants).await })
    })
    .await
    .unwrap();
    assert_eq!(store.oauth().apps_of(bob, 10, 0).await.unwrap(), []);
    let name = app.id.to_string();
    let allowed = Preference { user_id: bob, category: "oauth_app".into(), name, value: "user".into() };
    write!(store, [allowed], tx => tx.preferences().set(std::slice::from_ref(&allowed))).unwrap();
    assert_eq!(store.oauth().apps_of(bob, 10, 0).await.unwrap().len(), 1);
    let which = app.id;
    for (hash, by) in [("e", bob), ("f", ann)] {
        let code = Code { hash: hash.into(), client_id: which, user_id: by, create_at: 7, ..Code::default() };
        write!(store, [code], tx => tx.oauth().insert_code(&code)).unwrap();
    }
    assert_eq!(write!(store, [], tx => tx.oauth().delete_codes_of(bob, which)).unwrap(), 1);
    assert_eq!(write!(store, [], tx => tx.oauth().delete_codes_to(which)).unwrap(), 1);
    assert!(write!(store, [], tx => tx.oauth().delete_app(which)).unwrap());

    // Access ends with the session it was given by, with all of somebody's, and with everybody's.
    let mut grants = Vec::new();
    for (hash, by) in [("r4", ann), ("r5", ann), ("r6", bob), ("r7", id())] {
        let grant = Grant {
            id: id(),
            refresh_hash: hash.into(),
            client_id: which,
            user_id: by,
            session_id: id(),
            ..Grant::default()
        };
        write!(store, [grant], tx => tx.oauth().insert_grant(&grant)).unwrap();
        grants.push(grant.session_id);
    }
    let first = grants[0];
    write!(store, [], tx => tx.sessions().delete(first)).unwrap();
    assert_eq!(store.oauth().grants_of(ann, which).await.unwrap().len(), 1);
    write!(store, [], tx => tx.sessions().delete_of(ann)).unwrap();
    assert_eq!(store.oauth().grants_of(ann, which).await.unwrap(), []);
    assert_eq!(store.oauth().grants_to(which).await.unwrap().len(), 2);
    write!(store, [], tx => tx.sessions().delete_all()).unwrap();
    assert_eq!(store.oauth().grants_to(which).await.unwrap(), []);
}

pub async fn bookmarks(store: Store) {
    let channel = id();
    let new = |name: &str, sort_order| Bookmark {
        id: id(),
        create_at: 1,
        update_at: 1,
        channel_id: channel,
        owner_id: id(),
        display_name: name.into(),
        sort_order,
        link_url: "http://example.com".into(),
        kind: "link".into(),
        ..Bookmark::default()
    };
    let made = [new("a", 0), new("b", 1), new("c", 2), new("d", 3)];
    for one in &made {
        write!(store, [one], tx => tx.bookmarks().insert(&one)).unwrap();
    }
    assert_eq!(store.bookmarks().of_channel(channel).await.unwrap(), made);
    let order = async || -> String {
        let all = store.bookmarks().of_channel(channel).await.unwrap();
        assert!(all.iter().enumerate().all(|(place, b)| b.sort_order == place as i64), "no gaps");
        all.into_iter().map(|b| b.display_name).collect()
    };
    let first = made[0].clone();
    write!(store, [first], tx => tx.bookmarks().place(&first, 2, 5)).unwrap();
    assert_eq!(order().await, "bcad");
    let last = made[3].clone();
    write!(store, [last], tx => tx.bookmarks().place(&last, 0, 6)).unwrap();
    assert_eq!(order().await, "dbca");
    let gone = store.bookmarks().by_id(made[1].id).await.unwrap().unwrap();
    assert!(write!(store, [gone], tx => tx.bookmarks().delete(&gone, 7)).unwrap());
    assert!(!write!(store, [gone], tx => tx.bookmarks().delete(&gone, 7)).unwrap());
    assert_eq!((order().await.as_str(), store.bookmarks().count(channel).await.unwrap()), ("dca", 3));
    let changed = store.bookmarks().since(channel, 6).await.unwrap();
    assert!(changed.iter().any(|b| b.id == gone.id && b.delete_at == 7));
    let named =
        Bookmark { display_name: "D".into(), update_at: 8, ..store.bookmarks().by_id(last.id).await.unwrap().unwrap() };
    assert!(write!(store, [named], tx => tx.bookmarks().update(&named)).unwrap());
    assert_eq!(store.bookmarks().by_id(last.id).await.unwrap(), Some(named));
}
