//! The description of the API by itself: OpenAPI 3.1, made of the route table. What a call takes and gives comes from
//! its handler and its endpoint's type, who may call it from its guard.

use super::{
    Route,
    guard::Guard,
    shape::{Call, Content, Draft},
};
use crate::cx::Cx;
use bytes::Bytes;
use model::{
    Refusal,
    channels::{Channel, ChannelInTeam, ChannelMember, CountedChannels},
    endpoint::{Done, Method},
    files::FileInfo,
    system::ErrorBody,
    teams::{Added, CountedTeams, EmailInvitation, Team, TeamMember},
    webhooks::IncomingWebhook,
};
use schemars::json_schema;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    sync::OnceLock,
};

/// The document, in the forms in which it is sent.
pub struct Document {
    pub value: Value,
    pub json: Bytes,
    pub brotli: Bytes,
    pub gzip: Bytes,
    /// Changes with its content.
    pub tag: String,
}

/// The document; made by the first who asks, which takes a while.
pub fn document(cx: &Cx) -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| Document::of(build(&super::table(cx))))
}

impl Document {
    fn of(value: Value) -> Self {
        let json = value.to_string();
        let mut brotli = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
        // A Vec takes whatever is written to it.
        let _ = brotli::BrotliCompress(&mut json.as_bytes(), &mut brotli, &parameters);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let _ = gzip.write_all(json.as_bytes());
        let gzip = gzip.finish().unwrap_or_default();
        let digest = <sha2::Sha256 as sha2::Digest>::digest(json.as_bytes());
        Self { value, json: json.into(), brotli: brotli.into(), gzip: gzip.into(), tag: hex::encode(&digest[..8]) }
    }
}

/// What no type says: content that is not JSON, and answers whose form depends on what was asked.
type Special = (Method, &'static str, super::Describe);
const SPECIAL: &[Special] = &[
    (Method::Get, "/bots/{bot_user_id}/icon", picture),
    (Method::Get, "/image", picture),
    (Method::Get, "/brand/image", picture),
    (Method::Get, "/emoji/{emoji_id}/image", picture),
    (Method::Get, "/files/{file_id}", file),
    (Method::Get, "/files/{file_id}/public", file),
    (Method::Get, "/files/{file_id}/preview", picture),
    (Method::Get, "/files/{file_id}/thumbnail", picture),
    (Method::Get, "/teams/{team_id}/image", picture),
    (Method::Get, "/users/{user_id}/image", picture),
    (Method::Get, "/users/{user_id}/image/default", picture),
    (Method::Get, "/logs/download", |d| d.gives_bytes("text/plain")),
    (Method::Get, "/system/support_packet", |d| d.gives_bytes("application/zip")),
    (Method::Get, "/compliance/reports/{report_id}/download", |d| d.gives_bytes("application/zip")),
    (Method::Get, "/exports/{export_name}", |d| d.gives_bytes("application/zip")),
    (Method::Get, "/jobs/{job_id}/download", |d| d.gives_bytes("application/zip")),
    (Method::Get, "/docs", |d| d.gives_bytes("text/html")),
    (Method::Get, "/docs/types", |d| d.gives_bytes("text/html")),
    (Method::Get, "/docs/{tag}", |d| d.gives_bytes("text/html")),
    (Method::Get, "/openapi.json", |d| d.gives::<Map<String, Value>>()),
    (Method::Get, "/channels", |d| d.gives_either::<Vec<ChannelInTeam>, CountedChannels>()),
    (Method::Post, "/channels/search", |d| d.gives_either::<Vec<ChannelInTeam>, CountedChannels>()),
    (Method::Get, "/teams", |d| d.gives_either::<Vec<Team>, CountedTeams>()),
    (Method::Post, "/teams/search", |d| d.gives_either::<Vec<Team>, CountedTeams>()),
    (Method::Get, "/hooks/incoming", |d| d.gives_either::<Vec<IncomingWebhook>, CountedHooks>()),
    (Method::Get, "/users/{user_id}/channels", |d| d.gives::<Vec<Channel>>()),
    (Method::Post, "/teams/{team_id}/invite/email", |d| d.gives_either::<Vec<EmailInvitation>, Done>()),
    (Method::Post, "/teams/{team_id}/invite-guests/email", |d| d.gives_either::<Vec<EmailInvitation>, Done>()),
    (Method::Post, "/channels/{channel_id}/members", |d| {
        d.call.status = Some(201);
        d.gives_either::<ChannelMember, Vec<ChannelMember>>();
    }),
    (Method::Post, "/teams/{team_id}/members/batch", |d| {
        d.call.status = Some(201);
        d.gives_either::<Vec<TeamMember>, Vec<Added>>();
    }),
    (Method::Get, "/websocket", |d| d.call.status = Some(101)),
    (Method::Get, "/websocket/", |d| d.call.status = Some(101)),
    (Method::Post, "/files", |d| {
        let files = json!({ "type": "array", "items": { "type": "string", "format": "binary" } });
        let fields = json!({ "channel_id": { "type": "string" }, "files": files });
        d.takes_other(
            "multipart/form-data",
            json_schema!({ "type": "object", "properties": fields, "required": ["channel_id", "files"] }),
        );
    }),
    (Method::Post, "/uploads/{upload_id}", |d| {
        d.gives::<FileInfo>();
        d.call.nothing_more = true;
        d.takes_other("application/octet-stream", json_schema!({ "type": "string", "format": "binary" }));
    }),
    (Method::Post, "/emoji", |d| {
        let emoji = json!({ "type": "string", "description": "JSON: `name` and `creator_id`." });
        let fields = json!({ "emoji": emoji, "image": { "type": "string", "format": "binary" } });
        d.takes_other(
            "multipart/form-data",
            json_schema!({ "type": "object", "properties": fields, "required": ["emoji", "image"] }),
        );
    }),
];

fn picture(draft: &mut Draft) {
    draft.gives_bytes("image/*");
}

fn file(draft: &mut Draft) {
    draft.gives_bytes("*/*");
}

/// A page of hooks, and how many there are.
#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its form is of interest; the handler writes it as a value")]
struct CountedHooks {
    incoming_webhooks: Vec<IncomingWebhook>,
    total_count: i64,
}

/// The document of a route table.
pub fn build(table: &[Route]) -> Value {
    let mut draft = Draft::default();
    let calls: Vec<(&Route, Call)> = table
        .iter()
        .map(|route| {
            draft.call = Call::default();
            if route.refused.is_none() {
                (route.handler)(&mut draft);
                if let Some((_, describe)) = route.endpoint {
                    describe(&mut draft);
                }
                let special = SPECIAL.iter().find(|(method, path, _)| *method == route.method && *path == route.path);
                if let Some((_, _, describe)) = special {
                    describe(&mut draft);
                }
            }
            (route, std::mem::take(&mut draft.call))
        })
        .collect();
    let error = draft.written.subschema_for::<ErrorBody>().to_value();

    let mut read = draft.read.take_definitions(true);
    let mut written = draft.written.take_definitions(true);
    for schema in read.values_mut().chain(written.values_mut()) {
        tidy(schema, false);
    }
    for schema in written.values_mut() {
        tidy(schema, true);
    }
    let renamed = renamed(&read, &written);

    let mut paths = Map::new();
    for (route, call) in &calls {
        let mut operation = operation(route, call, &error);
        // What is read has names of its own where it differs from what is written.
        for key in ["parameters", "requestBody"] {
            if let Some(part) = operation.get_mut(key) {
                rename(part, &renamed);
                tidy(part, false);
            }
        }
        if let Some(answers) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            answers.values_mut().for_each(|answer| tidy(answer, true));
        }
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation;
    }
    let mut schemas = written;
    for (name, mut schema) in read {
        rename(&mut schema, &renamed);
        schemas.insert(renamed.get(&name).cloned().unwrap_or(name), schema);
    }
    let tags: BTreeSet<&str> = table.iter().map(|route| tag(route.path)).collect();
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Confab",
            "version": model::system::API_VERSION,
            "summary": "The REST API v4 of a team chat.",
            "description": ABOUT,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/api/v4" }],
        "tags": tags.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                "Refused": {
                    "description": "Refused; the id says why. `x-refusals` of this document has all ids.",
                    "content": { "application/json": { "schema": error } },
                },
                "Known": { "description": "What the client has already, by its tag." },
            },
            "securitySchemes": {
                "bearer": {
                    "type": "http", "scheme": "bearer",
                    "description": "The token that signing in answers in the header `Token`, or a personal access token.",
                },
                "cookie": {
                    "type": "apiKey", "in": "cookie", "name": super::guard::TOKEN_COOKIE,
                    "description": "The cookie that signing in sets. Everything but GET asks for `csrf` too.",
                },
                "csrf": {
                    "type": "apiKey", "in": "header", "name": "X-CSRF-Token",
                    "description": "The value of the cookie `MMCSRF`.",
                },
            },
        },
        "x-refusals": Refusal::ALL.iter().map(|r| json!({ "id": r.id, "status": r.status, "message": r.message })).collect::<Vec<_>>(),
    })
}

const ABOUT: &str = "Ids are 26 characters of a-z and 0-9; times are milliseconds since 1970. Lists come in pages: `page` from 0, \
`per_page` 60 where absent and 200 at most. `me` stands for the caller wherever a path takes a user. A refusal's body \
has an `id` to act on and a `message` for people. What happens is told over the WebSocket at `/api/v4/websocket`.";

/// What routes are grouped by.
pub fn tag(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

fn operation(route: &Route, call: &Call, error: &Value) -> Value {
    let mut parameters: Vec<Value> = route.path.split('/').filter_map(in_path).collect();
    parameters.extend(call.query.iter().map(|(name, schema)| {
        let mut schema = schema.clone();
        let description = schema.as_object_mut().and_then(|s| s.remove("description"));
        let mut parameter = json!({ "name": name, "in": "query", "required": false, "schema": schema });
        if let Some(text) = description {
            parameter["description"] = text;
        }
        parameter
    }));
    if call.names_connection {
        parameters.push(json!({
            "name": "Connection-Id", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "The caller's WebSocket connection, which is then not told of this.",
        }));
    }
    if call.tagged {
        parameters.push(json!({
            "name": "If-None-Match", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "The `ETag` of an earlier answer.",
        }));
    }
    let name = route.endpoint.map_or_else(|| name_of(route), |(name, _)| name.to_owned());
    let mut description = format!("Who may call it: {}.", route.guard);
    if let Some(refusal) = route.refused {
        description = format!("Known to clients and not offered: {} {description}", refusal.message);
    }
    let summary = if route.refused.is_some() { "Not offered." } else { route.about };
    let mut operation = json!({
        "operationId": name,
        "tags": [tag(route.path)],
        "summary": summary,
        "description": description,
        "parameters": parameters,
        "responses": answers(route, call, error),
        "security": security(route),
    });
    if let Some(permission) = permission(route.guard) {
        operation["x-permission"] = json!(permission);
    }
    if let Some(Content { media, schema }) = &call.body {
        operation["requestBody"] =
            json!({ "required": !call.optional_body, "content": { *media: { "schema": schema } } });
    }
    operation
}

/// A value of the path, of the form that the guard asks for.
fn in_path(part: &str) -> Option<Value> {
    let name = part.strip_prefix('{')?.strip_suffix('}')?;
    let free = ["invite_id", "category_id", "plugin_id", "action_id"].contains(&name);
    let (schema, description) = match name {
        "user_id" => (json!({ "type": "string", "pattern": "^(me|[a-z0-9]{26})$" }), "A user's id, or `me`."),
        _ if name.ends_with("_id") && !free => {
            (json!({ "type": "string", "pattern": "^[a-z0-9]{26}$" }), "An id: 26 characters.")
        }
        _ => (json!({ "type": "string", "minLength": 1 }), ""),
    };
    let mut parameter = json!({ "name": name, "in": "path", "required": true, "schema": schema });
    if !description.is_empty() {
        parameter["description"] = json!(description);
    }
    Some(parameter)
}

/// A name for a route without a type: `get_users_by_user_id_audits`.
fn name_of(route: &Route) -> String {
    let mut name = route.method.as_str().to_lowercase();
    for part in route.path.split('/').skip(1) {
        match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            Some(value) => name.extend(["_by_", value]),
            None => name.extend(["_", part]),
        }
    }
    name.replace(['.', '-'], "_")
}

/// Whether anybody may call it, or how the caller says who they are.
fn security(route: &Route) -> Value {
    let by_cookie =
        if route.method == Method::Get { json!({ "cookie": [] }) } else { json!({ "cookie": [], "csrf": [] }) };
    let by_header = json!({ "bearer": [] });
    if route.guard == Guard::Public { json!([{}, by_header, by_cookie]) } else { json!([by_header, by_cookie]) }
}

/// The permission a guard asks for.
fn permission(guard: Guard) -> Option<&'static str> {
    match guard {
        Guard::System(p)
        | Guard::Team(p)
        | Guard::InTeam(p)
        | Guard::Channel(p)
        | Guard::InChannel(p)
        | Guard::Post(p)
        | Guard::InPost(p)
        | Guard::Me(p)
        | Guard::Body(p) => Some(p.name()),
        Guard::Public | Guard::SignedIn | Guard::Reader | Guard::PostReader | Guard::InAction(_) => None,
    }
}

/// What a guard refuses with.
fn refusals(guard: Guard) -> Vec<&'static Refusal> {
    let mut all = Vec::new();
    if guard != Guard::Public {
        all.extend([&Refusal::SESSION_EXPIRED, &Refusal::MFA_REQUIRED]);
    }
    if !matches!(guard, Guard::Public | Guard::SignedIn | Guard::InAction(_)) {
        all.push(&Refusal::PERMISSION);
    }
    match guard {
        Guard::Team(_) => all.push(&Refusal::NO_TEAM),
        Guard::Channel(_) => all.push(&Refusal::NO_CHANNEL),
        Guard::Post(_) | Guard::PostReader => all.push(&Refusal::NO_POST),
        _ => {}
    }
    all
}

fn answers(route: &Route, call: &Call, error: &Value) -> Value {
    let mut known: BTreeMap<u16, Vec<&Refusal>> = BTreeMap::new();
    for refusal in refusals(route.guard).into_iter().chain(route.refused) {
        known.entry(refusal.status).or_default().push(refusal);
    }
    let mut answers = Map::new();
    for (status, refusals) in known {
        let ids: Vec<_> = refusals.iter().map(|r| format!("`{}`", r.id)).collect();
        let ids_only: Vec<_> = refusals.iter().map(|r| r.id).collect();
        let answer = json!({
            "description": format!("Refused: {}", ids.join(", ")),
            "content": { "application/json": { "schema": error } },
            "x-ids": ids_only,
        });
        answers.insert(status.to_string(), answer);
    }
    if route.refused.is_none() {
        let mut success = json!({ "description": "Done." });
        if let Some(Content { media, schema }) = &call.answer {
            success["content"] = json!({ *media: { "schema": schema } });
        }
        answers.insert(call.status.unwrap_or(200).to_string(), success);
        if call.nothing_more {
            answers.insert("204".into(), json!({ "description": "Done, and more is to come." }));
        }
        if call.tagged {
            answers.insert("304".into(), json!({ "$ref": "#/components/responses/Known" }));
        }
    }
    answers.insert("default".into(), json!({ "$ref": "#/components/responses/Refused" }));
    Value::Object(answers)
}

/// The names of what is read where it differs from what is written under the same name.
fn renamed(read: &Map<String, Value>, written: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut differ: BTreeSet<&str> = read
        .iter()
        .filter(|(name, schema)| written.get(*name).is_some_and(|w| w != *schema))
        .map(|(n, _)| n.as_str())
        .collect();
    loop {
        // Whatever names one that differs, differs.
        let more: Vec<&str> = read
            .iter()
            .filter(|(name, _)| written.contains_key(*name) && !differ.contains(name.as_str()))
            .filter(|(_, schema)| references(schema).iter().any(|name| differ.contains(name.as_str())))
            .map(|(name, _)| name.as_str())
            .collect();
        if more.is_empty() {
            break;
        }
        differ.extend(more);
    }
    differ.into_iter().map(|name| (name.to_owned(), format!("{name}Input"))).collect()
}

const REFERENCE: &str = "#/components/schemas/";

/// The types that a schema names.
pub fn references(schema: &Value) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = vec![schema];
    while let Some(value) = rest.pop() {
        match value {
            Value::Object(fields) => {
                let name = fields.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix(REFERENCE));
                names.extend(name.map(ToOwned::to_owned));
                rest.extend(fields.values());
            }
            Value::Array(items) => rest.extend(items),
            _ => {}
        }
    }
    names
}

fn rename(schema: &mut Value, renamed: &BTreeMap<String, String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref")
                && let Some(name) = reference.strip_prefix(REFERENCE).and_then(|name| renamed.get(name))
            {
                *reference = format!("{REFERENCE}{name}");
            }
            fields.values_mut().for_each(|value| rename(value, renamed));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, renamed)),
        _ => {}
    }
}

/// Makes of the source's comments what readers of the document understand; an answer has no defaults.
fn tidy(schema: &mut Value, answer: bool) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text = text.replace("[`", "`").replace("`]", "`").replace('\n', " ");
            }
            // Only numbers' own formats are kept: a reader has no use for the sizes of ours.
            if fields.get("format").and_then(Value::as_str).is_some_and(|f| f.starts_with("uint")) {
                fields.remove("format");
            }
            if answer {
                fields.remove("default");
            }
            fields.values_mut().for_each(|value| tidy(value, answer));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| tidy(item, answer)),
        _ => {}
    }
}
