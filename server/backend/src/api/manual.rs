//! The description of the API for people: pages made of the OpenAPI document, which work without scripts.

use super::{
    Routes,
    extract::{IfNoneMatch, Path, Query},
    guard::Guard,
    openapi::{self, Document},
};
use crate::{
    cx::Cx,
    error::{Error, Result},
};
use axum::response::{IntoResponse as _, Response};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use model::endpoint::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

pub(super) fn routes(r: Routes) -> Routes {
    r.at(Method::Get, "/openapi.json", Guard::Public, document)
        .at(Method::Get, "/docs", Guard::Public, contents)
        .at(Method::Get, "/docs/types", Guard::Public, types)
        .at(Method::Get, "/docs/{tag}", Guard::Public, group)
}

async fn ready(cx: Cx) -> Result<&'static Document> {
    tokio::task::spawn_blocking(move || openapi::document(&cx)).await.map_err(Error::internal)
}

async fn document(cx: Cx, known: IfNoneMatch, headers: HeaderMap) -> Result<Response> {
    let document = ready(cx).await?;
    if let Some(response) = known.hit(&document.tag) {
        return Ok(response);
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let accepts = |name: &str| accepted.split(',').any(|one| one.trim().eq_ignore_ascii_case(name));
    let (bytes, encoding) = if accepts("br") {
        (&document.brotli, Some("br"))
    } else if accepts("gzip") {
        (&document.gzip, Some("gzip"))
    } else {
        (&document.json, None)
    };
    let mut response = IfNoneMatch::tagged(&document.tag, bytes.clone());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Search {
    /// Words that the route's path or text has to have.
    q: String,
}

async fn contents(cx: Cx, Query(search): Query<Search>) -> Result<Response> {
    Ok(listed(&ready(cx).await?.value, &search))
}

/// The routes that have the words.
fn listed(document: &Value, search: &Search) -> Response {
    let words: Vec<String> = search.q.split_whitespace().take(8).map(str::to_lowercase).collect();
    let mut html = String::from("<h1>The REST API</h1>");
    let _ = write!(html, "<p>{}</p>", marked(text(&document["info"]["description"])));
    html.push_str("<p>The same as a document for programs: <a href=\"/api/v4/openapi.json\">openapi.json</a>.</p>");
    let _ = write!(
        html,
        "<form role=\"search\"><input type=\"search\" name=\"q\" value=\"{}\" aria-label=\"Search the routes\" \
         placeholder=\"channels post, /users, create…\"><button>Search</button></form>",
        escaped(&search.q)
    );
    let mut tag = "";
    let mut found = 0;
    for (path, method, operation) in operations(document) {
        let haystack = format!("{method} {path} {}", text(&operation["summary"])).to_lowercase();
        if !words.iter().all(|word| haystack.contains(word)) {
            continue;
        }
        found += 1;
        let own = openapi::tag(path);
        if own != tag {
            if !tag.is_empty() {
                html.push_str("</ul>");
            }
            let _ = write!(html, "<h2><a href=\"/api/v4/docs/{0}\">{0}</a></h2><ul class=\"routes\">", escaped(own));
            tag = own;
        }
        let _ = write!(
            html,
            "<li>{} <a href=\"/api/v4/docs/{}#{}\"><code>{}</code></a><p class=\"soft\">{}</p></li>",
            badge(method),
            escaped(own),
            escaped(text(&operation["operationId"])),
            escaped(path),
            marked(text(&operation["summary"])),
        );
    }
    html.push_str(if found == 0 { "<p>No route has these words.</p>" } else { "</ul>" });
    page("The REST API", &html)
}

async fn group(cx: Cx, Path(wanted): Path<String>) -> Result<Response> {
    let document = &ready(cx).await?.value;
    let mut html = format!("<h1>{}</h1>", escaped(&wanted));
    let mut any = false;
    for (path, method, operation) in operations(document).filter(|(path, ..)| openapi::tag(path) == wanted) {
        any = true;
        let name = text(&operation["operationId"]);
        let _ = write!(
            html,
            "<details id=\"{}\" open><summary>{} <code>{}</code> <span class=\"soft\">{}</span></summary><div>",
            escaped(name),
            badge(method),
            escaped(path),
            marked(text(&operation["summary"]))
        );
        one(&mut html, document, path, method, operation);
        html.push_str("</div></details>");
    }
    Ok(if any { page(&wanted, &html) } else { listed(document, &Search { q: wanted }) })
}

async fn types(cx: Cx) -> Result<Response> {
    let document = &ready(cx).await?.value;
    let mut html = String::from(
        "<h1>Types</h1><p class=\"soft\">A name that ends in Input is what is read where fields may be left out; the same \
         name without it is what is answered.</p>",
    );
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let _ = write!(html, "<h2 id=\"{0}\">{0}</h2><p>{1}</p>", escaped(name), marked(text(&schema["description"])));
        fields(&mut html, schema);
    }
    Ok(page("Types", &html))
}

/// All calls, in the order of their paths.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, call)| (path.as_str(), method.as_str(), call))
    })
}

/// One call: who may, parameters, body, answers, and how to try it.
fn one(html: &mut String, document: &Value, path: &str, method: &str, operation: &Value) {
    let _ = write!(html, "<p>{}</p>", marked(text(&operation["description"])));
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !parameters.is_empty() {
        html.push_str(
            "<h3>Parameters</h3><div class=\"scroll\"><table><tr><th>Name</th><th>In</th><th>Type</th><th></th></tr>",
        );
        for p in parameters {
            let _ = write!(
                html,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escaped(text(&p["name"])),
                escaped(text(&p["in"])),
                kind(&p["schema"]),
                marked(text(&p["description"]))
            );
        }
        html.push_str("</table></div>");
    }
    if let Some(content) = operation["requestBody"]["content"].as_object() {
        html.push_str("<h3>Body</h3>");
        described(html, document, content);
    }
    html.push_str("<h3>Answers</h3>");
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let shared = answer["$ref"].as_str().and_then(|r| document.pointer(r.trim_start_matches('#')));
        let answer = shared.unwrap_or(answer);
        let _ = write!(html, "<p><code>{}</code> {}</p>", escaped(status), marked(text(&answer["description"])));
        if status.starts_with('2')
            && let Some(content) = answer["content"].as_object()
        {
            described(html, document, content);
        }
    }
    let _ =
        write!(html, "<h3>Try it</h3><pre><code>{}</code></pre>", escaped(&curl(document, path, method, operation)));
}

/// A body or an answer: its type, and the fields where it is a type of our own.
fn described(html: &mut String, document: &Value, content: &Map<String, Value>) {
    for (media, content) in content {
        let schema = &content["schema"];
        let _ = write!(html, "<p>{} <span class=\"soft\">{}</span></p>", kind(schema), escaped(media));
        fields(html, resolved(document, schema));
    }
}

/// The fields of a type as a table.
fn fields(html: &mut String, schema: &Value) {
    if schema["properties"].as_object().is_none_or(Map::is_empty) {
        if !schema["type"].is_null() || !schema["anyOf"].is_null() || !schema["oneOf"].is_null() {
            let _ = write!(html, "<p>{}</p>", kind(schema));
        }
        return;
    }
    html.push_str("<div class=\"scroll\"><table><tr><th>Field</th><th>Type</th><th></th></tr>");
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let optional = if required.contains(&name.as_str()) { "" } else { " <span class=\"soft\">optional</span>" };
        let _ = write!(
            html,
            "<tr><td><code>{}</code></td><td>{}{optional}</td><td>{}</td></tr>",
            escaped(name),
            kind(field),
            marked(text(&field["description"]))
        );
    }
    html.push_str("</table></div>");
}

/// What a reference names; anything else is itself.
fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    schema["$ref"].as_str().and_then(|r| document.pointer(r.trim_start_matches('#'))).unwrap_or(schema)
}

/// A schema in a few words, with links to types.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return format!("<a href=\"/api/v4/docs/types#{0}\">{0}</a>", escaped(name));
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[choice].as_array() {
            return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    let named = |name: &str| match name {
        "array" => {
            format!("list of {}", if schema["items"].is_null() { "anything".into() } else { kind(&schema["items"]) })
        }
        "object" if schema["additionalProperties"].is_object() => {
            format!("map of {}", kind(&schema["additionalProperties"]))
        }
        "string" if text(&schema["format"]) == "binary" => "bytes".to_owned(),
        "string" if text(&schema["pattern"]).contains("{26}") => "id".to_owned(),
        other => escaped(other),
    };
    if let Some(value) = schema["const"].as_str() {
        return format!("<code>{}</code>", escaped(value));
    }
    match &schema["type"] {
        Value::String(name) => named(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(named).collect::<Vec<_>>().join(" or "),
        _ => "anything".to_owned(),
    }
}

const SAMPLE_ID: &str = "8x1ihr9kd7dmtmkf3mb7z8ex3h";

/// The call as a command line.
fn curl(document: &Value, path: &str, method: &str, operation: &Value) -> String {
    let method = method.to_uppercase();
    let mut command = String::from("curl");
    if method != "GET" {
        let _ = write!(command, " -X {method}");
    }
    let public = operation["security"].as_array().is_some_and(|s| s.iter().any(|one| *one == json!({})));
    if !public {
        command.push_str(" -H \"Authorization: Bearer $TOKEN\"");
    }
    if let Some(content) = operation["requestBody"]["content"].as_object() {
        for (media, content) in content {
            if media == "application/json" {
                let body = sample(document, &content["schema"], 0);
                let _ = write!(command, " \\\n  -H 'Content-Type: application/json' -d '{body}'");
            } else if media == "multipart/form-data" {
                for (name, field) in content["schema"]["properties"].as_object().into_iter().flatten() {
                    let given = if field.to_string().contains("binary") { "@file" } else { "…" };
                    let _ = write!(command, " \\\n  -F {name}={given}");
                }
            } else {
                command.push_str(" \\\n  --data-binary @file");
            }
        }
    }
    let path: Vec<&str> = path
        .split('/')
        .map(|part| match part {
            "{user_id}" => "me",
            _ if part.ends_with("_id}") => SAMPLE_ID,
            _ => part.trim_matches(['{', '}']),
        })
        .collect();
    let _ = write!(command, " \\\n  \"$SITE/api/v4{}\"", path.join("/"));
    command
}

/// An example of a schema: of each field what it has by itself, nested types up to a depth.
fn sample(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = resolved(document, schema);
    if let Some(first) = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()).and_then(|c| c.first()) {
        return sample(document, first, depth);
    }
    if let Some(value) = schema["enum"].as_array().and_then(|e| e.first()) {
        return value.clone();
    }
    let name = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or_default();
    match name {
        "object" if depth < 2 => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            let chosen = fields.filter(|(_, field)| field["default"].is_null() || field["default"] == "").take(6);
            chosen.map(|(name, field)| (name.clone(), sample(document, field, depth + 1))).collect::<Map<_, _>>().into()
        }
        "object" => json!({}),
        "array" if depth < 2 => json!([sample(document, &schema["items"], depth + 1)]),
        "array" => json!([]),
        "integer" | "number" => json!(0),
        "boolean" => json!(true),
        "string" if text(&schema["pattern"]).contains("{26}") => json!(SAMPLE_ID),
        "string" => json!("…"),
        _ => Value::Null,
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn badge(method: &str) -> String {
    format!("<span class=\"method {method}\">{}</span>", method.to_uppercase())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// A text of a comment: what is between backquotes is code.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(i, part)| if i % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) }).collect()
}

const STYLE: &str = include_str!("manual.css");

fn page(title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{} · Confab API</title><style>{STYLE}</style></head><body><header>\
         <strong>Confab API</strong> <a href=\"/api/v4/docs\">Routes</a> <a href=\"/api/v4/docs/types\">Types</a> \
         <a href=\"/api/v4/openapi.json\">openapi.json</a></header><main>{body}</main></body></html>",
        escaped(title)
    );
    let digest = <sha2::Sha256 as sha2::Digest>::digest(STYLE.as_bytes());
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        BASE64_STANDARD.encode(digest)
    );
    let mut response = (StatusCode::OK, html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
