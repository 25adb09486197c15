//! Every suite, on every database that is configured.
//!
//! SQLite runs always. `TEST_POSTGRES_URL` and `TEST_MYSQL_URL` switch the others on: addresses of a server where the
//! user may make and drop databases. Each run has a database of its own, which is dropped afterwards. At the end a
//! run fails if there is a statement that it has not executed.
#![expect(clippy::unwrap_used, reason = "a test that fails should stop")]

mod analytics;
mod bulk;
mod channel_members;
mod channels;
mod drafts;
mod files;
mod fixture;
mod groups;
mod integrations;
mod jobs;
mod migrations;
mod misc;
mod outage;
mod posts;
mod reactions;
mod retention;
mod schemes;
mod search;
mod sessions;
mod sidebar;
mod speed;
mod teams;
mod threads;
mod users;
mod writer;

use fixture::{Database, suites};
use std::time::Instant;
use store::Dialect;

suites! {
    analytics::counted,
    bulk::read_to_the_end,
    bulk::written_by_the_hundred,
    channel_members::all_read_at_once,
    channel_members::members_come_and_go,
    channel_members::reading_and_mentions,
    channels::found_by_everything,
    channels::searched,
    channels::gone_for_good,
    channels::moved_to_another_team,
    drafts::kept_one_per_place,
    drafts::sent_later,
    files::belong_to_posts,
    files::emoji_are_found,
    files::uploads_go_on,
    groups::mentioned_together,
    integrations::actions,
    integrations::bookmarks,
    integrations::bots,
    integrations::commands,
    integrations::oauth,
    integrations::outgoing_oauth,
    integrations::tokens,
    integrations::webhooks,
    jobs::done_once_and_again,
    jobs::slots_hold_one,
    misc::audits,
    misc::burning,
    misc::compliance,
    misc::terms_of_service,
    misc::link_previews,
    misc::mail_waiting,
    misc::preferences,
    misc::resume,
    misc::roles,
    misc::statuses,
    misc::system,
    misc::tokens,
    misc::second_factors,
    posts::counted_where_they_belong,
    posts::deleted_with_their_replies,
    posts::edited_and_pinned,
    posts::kept_whole,
    posts::listed_in_order,
    posts::seen_by_those_who_let_it_be_seen,
    posts::sent_once,
    reactions::acknowledged,
    reactions::added_once,
    retention::old_is_removed,
    retention::policies,
    schemes::applied,
    search::files_come_and_go,
    search::found_by_readers_only,
    sessions::all_end,
    sessions::begin_and_end,
    sidebar::arranged,
    teams::found_by_everything,
    teams::members_come_back,
    teams::unreads,
    threads::followed,
    threads::moved,
    users::found_by_everything,
    users::paged,
    users::reported,
    users::searched,
    users::unique_and_updated,
    writer::an_error_takes_back_its_own_change_only,
    writer::counters_survive_concurrency,
    writer::finished_without_its_caller,
    writer::nothing_is_announced_that_is_not_committed,
    writer::those_who_lock_each_other_out_both_succeed,
    writer::what_failed_is_never_committed,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    run(Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    match Database::configured("TEST_POSTGRES_URL").await {
        Some(database) => run(database).await,
        None => eprintln!("TEST_POSTGRES_URL is not set: PostgreSQL is not tested"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mysql() {
    match Database::configured("TEST_MYSQL_URL").await {
        Some(database) => run(database).await,
        None => eprintln!("TEST_MYSQL_URL is not set: MySQL is not tested"),
    }
}

async fn run(database: Database) {
    let mut failed = Vec::new();
    let store = database.open().await;
    for (name, suite) in SUITES {
        database.empty().await;
        let started = Instant::now();
        let outcome = tokio::spawn(suite(store.clone())).await;
        println!(
            "{:8} {name}: {} in {:?}",
            store.dialect(),
            if outcome.is_ok() { "ok" } else { "FAILED" },
            started.elapsed()
        );
        if outcome.is_err() {
            failed.push(*name);
        }
    }
    let not_run = store::db::not_run(store.dialect());
    if store.dialect() == Dialect::Sqlite {
        failed.extend(registered());
    }
    store.close().await;
    database.drop().await;
    assert!(failed.is_empty(), "failed: {failed:?}");
    assert!(not_run.is_empty(), "statements that nothing has run:\n{}", not_run.join("\n"));
}

/// Whether the statements of the sources are known: what the linker leaves out would not be missed otherwise. Only those
/// with a name of their own are counted, so there may be more.
fn registered() -> Option<&'static str> {
    let sources = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
    let written: usize = sources
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| std::fs::read_to_string(path).unwrap().matches(": &Sql =").count())
        .sum();
    let known = store::db::statements().filter(|sql| !sql.at.contains("/db/")).count();
    (known < written).then(|| {
        println!("{written} statements are written, {known} are registered");
        "registration of statements"
    })
}
