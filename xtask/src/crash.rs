//! `cargo xtask crash`: kills the server again and again while posts arrive, and proves afterwards
//! that every acknowledged post is there exactly once and that the counters agree with a recount.

use std::collections::HashMap;
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use ureq::Agent;

use crate::paths::Profile;
use crate::server::{self, Started};
use crate::{databases, paths, steps};

#[derive(Args)]
pub struct Options {
    /// How often the server is killed
    #[arg(long, default_value_t = 20)]
    times: u32,
    /// How many people post at the same time
    #[arg(long, default_value_t = 8)]
    writers: u64,
    /// The release build instead of the debug build
    #[arg(long)]
    release: bool,
    /// A server's binary to test instead of building one
    #[arg(long)]
    binary: Option<PathBuf>,
}

/// Someone who posts.
#[derive(Clone)]
struct Writer {
    agent: Agent,
    url: String,
    token: String,
    user: String,
    channel: String,
}

/// A post as the writer knows it.
#[derive(Clone)]
struct Attempt {
    writer: usize,
    message: String,
    pending: String,
}

/// A post the server has confirmed.
struct Acknowledged {
    attempt: Attempt,
    id: String,
}

pub fn run(options: &Options) -> Result<()> {
    let binary = match &options.binary {
        Some(binary) => binary.clone(),
        None => server::build(Profile::of(options.release))?,
    };
    let folder = paths::target().join("crash");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let log = folder.join("server.log");
    let port = databases::free_port()?;
    let mut server = Started::new(&binary, &folder, port, &log)?;
    let writers = steps::step("making users, a team and a channel", || set_up(&server.url, options.writers))?;
    let numbers = Arc::new(AtomicU64::new(0));
    let mut acknowledged = Vec::new();
    let mut repeated = 0;
    for round in 1..=options.times {
        let what = format!("kill {round} of {}", options.times);
        steps::step(&what, || {
            let tasks: Vec<_> = (0..writers.len())
                .map(|index| {
                    let (writer, numbers) = (writers[index].clone(), Arc::clone(&numbers));
                    thread::spawn(move || write_until_failure(index, &writer, &numbers))
                })
                .collect();
            sleep(Duration::from_millis(50 + chance() % 1500));
            server.kill()?;
            let mut open = Vec::new();
            for task in tasks {
                let Ok((done, failed)) = task.join() else { bail!("a writer panicked") };
                acknowledged.extend(done);
                open.push(failed);
            }
            server = Started::new(&binary, &folder, port, &log)?;
            for attempt in open {
                // The answer was lost, perhaps after the commit: the same pending id must not make a second post.
                let id = post(&writers[attempt.writer], &attempt)?;
                repeated += 1;
                acknowledged.push(Acknowledged { attempt, id });
            }
            Ok(())
        })?;
        steps::note(&format!(
            "{} posts acknowledged so far, {repeated} of them after a repetition",
            acknowledged.len()
        ));
    }
    steps::step("comparing what was acknowledged with what is there", || compare(&writers[0], &acknowledged))?;
    println!(
        "{} posts acknowledged, {} kills: each is there exactly once, the counters agree",
        acknowledged.len(),
        options.times
    );
    Ok(())
}

/// The first user administrates; the others join the team and the channel.
fn set_up(url: &str, writers: u64) -> Result<Vec<Writer>> {
    let agent = agent();
    let mut made: Vec<Writer> = Vec::new();
    let (mut team, mut channel) = (String::new(), String::new());
    for number in 0..writers.max(1) {
        let (name, password) = (format!("writer{number}"), "Crash-test-1");
        let user = json!({"username": name, "email": format!("{name}@example.com"), "password": password});
        let by = made.first().map_or("", |first| first.token.as_str());
        let user = text(&call(&agent, &format!("{url}/api/v4/users"), by, &user)?, "id")?;
        let token = sign_in(&agent, url, &name, password)?;
        if number == 0 {
            let body = json!({"name": "crash", "display_name": "Crash", "type": "O"});
            team = text(&call(&agent, &format!("{url}/api/v4/teams"), &token, &body)?, "id")?;
            let body = json!({"team_id": team, "name": "load", "display_name": "Load", "type": "O"});
            channel = text(&call(&agent, &format!("{url}/api/v4/channels"), &token, &body)?, "id")?;
        } else {
            let body = json!({"team_id": team, "user_id": user});
            call(&agent, &format!("{url}/api/v4/teams/{team}/members"), by, &body)?;
            call(&agent, &format!("{url}/api/v4/channels/{channel}/members"), by, &json!({"user_id": user}))?;
        }
        made.push(Writer { agent: self::agent(), url: url.to_owned(), token, user, channel: channel.clone() });
    }
    Ok(made)
}

/// Posts as fast as answers come; ends with the post that got none.
fn write_until_failure(index: usize, writer: &Writer, numbers: &AtomicU64) -> (Vec<Acknowledged>, Attempt) {
    let mut done = Vec::new();
    loop {
        let number = numbers.fetch_add(1, Ordering::SeqCst);
        let attempt =
            Attempt { writer: index, message: format!("post {number}"), pending: format!("{}:{number}", writer.user) };
        match post(writer, &attempt) {
            Ok(id) => done.push(Acknowledged { attempt, id }),
            Err(_) => return (done, attempt),
        }
    }
}

fn post(writer: &Writer, attempt: &Attempt) -> Result<String> {
    let body = json!({"channel_id": writer.channel, "message": attempt.message, "pending_post_id": attempt.pending});
    text(&call(&writer.agent, &format!("{}/api/v4/posts", writer.url), &writer.token, &body)?, "id")
}

/// Reads the whole channel and holds it against the list.
fn compare(reader: &Writer, acknowledged: &[Acknowledged]) -> Result<()> {
    let mut present: HashMap<String, Vec<String>> = HashMap::new();
    let mut count = 0;
    for page in 0.. {
        let url = format!("{}/api/v4/channels/{}/posts?page={page}&per_page=200", reader.url, reader.channel);
        let answer = get(reader, &url)?;
        let order = answer["order"].as_array().context("a page of posts has no order")?.clone();
        if order.is_empty() {
            break;
        }
        for id in order.iter().filter_map(Value::as_str) {
            let post = &answer["posts"][id];
            // Those about joining are not counted.
            if post["type"] == "" {
                count += 1;
                present.entry(text(post, "message")?).or_default().push(id.to_owned());
            }
        }
    }
    let mut wrong = Vec::new();
    for known in acknowledged {
        match present.get(&known.attempt.message).map(Vec::as_slice) {
            Some([id]) if *id == known.id => {}
            Some([id]) => wrong.push(format!("{} was acknowledged as {} and is {id}", known.attempt.message, known.id)),
            Some(several) => wrong.push(format!("{} is there {} times", known.attempt.message, several.len())),
            None => wrong.push(format!("{} is lost", known.attempt.message)),
        }
    }
    if present.len() != acknowledged.len() {
        wrong.push(format!("{} different posts are there, {} were acknowledged", present.len(), acknowledged.len()));
    }
    let channel = get(reader, &format!("{}/api/v4/channels/{}", reader.url, reader.channel))?;
    if channel["total_msg_count"] != count {
        wrong.push(format!("the channel counts {} posts, there are {count}", channel["total_msg_count"]));
    }
    if !wrong.is_empty() {
        bail!("{} findings, the first of them:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    }
    steps::note(&format!("{count} posts"));
    Ok(())
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(30))).build().into()
}

fn sign_in(agent: &Agent, url: &str, name: &str, password: &str) -> Result<String> {
    let answer =
        agent.post(format!("{url}/api/v4/users/login")).send_json(json!({"login_id": name, "password": password}))?;
    let token = answer.headers().get("Token").and_then(|token| token.to_str().ok()).map(str::to_owned);
    token.with_context(|| format!("signing in as {name} was answered with {} and no token", answer.status()))
}

fn call(agent: &Agent, url: &str, token: &str, body: &Value) -> Result<Value> {
    let mut request = agent.post(url);
    if !token.is_empty() {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    read(url, request.send_json(body)?)
}

fn get(reader: &Writer, url: &str) -> Result<Value> {
    read(url, reader.agent.get(url).header("Authorization", format!("Bearer {}", reader.token)).call()?)
}

fn read(url: &str, mut answer: ureq::http::Response<ureq::Body>) -> Result<Value> {
    let status = answer.status();
    let body = answer.body_mut().with_config().limit(50_000_000).read_to_string()?;
    if !status.is_success() {
        bail!("{url} answered {status}: {body}");
    }
    serde_json::from_str(&body).with_context(|| format!("{url} did not answer with JSON"))
}

fn text(value: &Value, name: &str) -> Result<String> {
    value[name].as_str().map(str::to_owned).with_context(|| format!("an answer has no {name}: {value}"))
}

/// A number nobody foresaw; good enough to choose a moment.
fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}
