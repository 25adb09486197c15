//! The description of the API: all of it, whole in itself, and readable without scripts.

use backend::{
    api::{self, openapi},
    testing::TestServer,
};
use http::{Request, StatusCode, header};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
};
use tower::ServiceExt as _;

async fn get(server: &TestServer, path: &str, headers: &[(&str, &str)]) -> (StatusCode, http::HeaderMap, Vec<u8>) {
    let request = headers.iter().fold(Request::builder().uri(path), |r, (name, value)| r.header(*name, *value));
    let response = server.backend.api.clone().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

/// All calls of a document.
fn operations(document: &Value) -> BTreeMap<(String, String), &Value> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, calls)| {
            calls.as_object().unwrap().iter().map(move |(method, call)| ((method.to_uppercase(), path.clone()), call))
        })
        .collect()
}

#[tokio::test]
async fn every_route_is_described_with_what_it_does_who_may_and_what_it_answers() {
    let server = TestServer::start().await;
    let table = api::table(&server.backend.cx);
    let document = openapi::build(&table);
    let operations = operations(&document);
    assert_eq!(operations.len(), table.len(), "nothing else is described");
    let mut names = BTreeSet::new();
    let mut silent = Vec::new();
    for route in &table {
        let call = operations.get(&(route.method.as_str().to_owned(), route.path.to_owned()));
        let call = call.unwrap_or_else(|| panic!("{route:?} is not described"));
        assert!(!call["summary"].as_str().unwrap().is_empty(), "say in about.rs what {} does", route.path);
        assert!(call["description"].as_str().unwrap().contains(&route.guard.to_string()), "{route:?}");
        assert!(names.insert(call["operationId"].as_str().unwrap()), "{} twice", call["operationId"]);
        for name in route.path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}')) {
            let given = call["parameters"].as_array().unwrap();
            assert!(given.iter().any(|p| p["name"] == name && p["in"] == "path"), "{name} of {route:?}");
        }
        if let Some(refusal) = route.refused {
            assert!(call["responses"][refusal.status.to_string()]["x-ids"].to_string().contains(refusal.id));
        } else if !route.path.starts_with("/websocket") {
            let answers = call["responses"].as_object().unwrap();
            let success = answers.iter().find(|(status, _)| status.starts_with('2')).map(|(_, answer)| answer);
            if !success.is_some_and(|s| s["content"].is_object()) {
                silent.push(format!("{} {}", route.method.as_str(), route.path));
            }
        }
    }
    assert!(silent.is_empty(), "say in openapi.rs what they answer: {silent:#?}");
    for (method, path, _) in api::about::ABOUT {
        assert!(operations.contains_key(&((*method).to_owned(), (*path).to_owned())), "about.rs: {method} {path}");
    }
}

#[tokio::test]
async fn everything_the_document_names_is_in_it() {
    let server = TestServer::start().await;
    let document = openapi::build(&api::table(&server.backend.cx));
    let mut rest = vec![&document];
    let mut seen = 0;
    while let Some(value) = rest.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads out of it"));
                    assert!(document.pointer(pointer).is_some(), "{reference} is not there");
                    seen += 1;
                }
                rest.extend(fields.values());
            }
            Value::Array(items) => rest.extend(items),
            _ => {}
        }
    }
    assert!(seen > 300, "types are named: {seen}");
    let post = &document["components"]["schemas"]["Post"]["properties"];
    assert_eq!(post["id"]["pattern"], "^([a-z0-9]{26})?$");
    let required = |name: &str| document["components"]["schemas"][name]["required"].to_string();
    assert!(required("Post").contains("create_at"), "an answer always has it");
    assert!(!required("NewPost").contains("message"), "a request need not have it");
}

#[tokio::test]
async fn the_document_comes_as_small_as_the_client_takes_it_and_with_a_tag() {
    let server = TestServer::start().await;
    let (status, headers, plain) = get(&server, "/api/v4/openapi.json", &[]).await;
    assert_eq!((status, headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "application/json"));
    let document: Value = serde_json::from_slice(&plain).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let (_, headers, gzip) = get(&server, "/api/v4/openapi.json", &[("accept-encoding", "gzip")]).await;
    assert_eq!(headers[header::CONTENT_ENCODING], "gzip");
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(gzip.as_slice()).read_to_end(&mut text).unwrap();
    assert_eq!(text, plain);
    let (_, headers, brotli) = get(&server, "/api/v4/openapi.json", &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(headers[header::CONTENT_ENCODING], "br");
    let mut text = Vec::new();
    brotli::BrotliDecompress(&mut brotli.as_slice(), &mut text).unwrap();
    assert_eq!(text, plain);
    assert!(brotli.len() * 5 < plain.len());
    let tag = headers[header::ETAG].to_str().unwrap();
    let (status, ..) = get(&server, "/api/v4/openapi.json", &[("if-none-match", tag)]).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn people_read_it_without_scripts_and_find_routes_by_words() {
    let server = TestServer::start().await;
    let read = async |path: &str| {
        let (status, headers, body) = get(&server, path, &[]).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
        String::from_utf8(body).unwrap()
    };
    let all = read("/api/v4/docs").await;
    assert!(!all.contains("<script"));
    assert!(all.contains("/reactions") && all.contains("/channels/{channel_id}/posts"));
    let found = read("/api/v4/docs?q=reaction+post").await;
    assert!(found.contains("/reactions") && !found.contains("/channels/{channel_id}/stats"));
    let hostile = read("/api/v4/docs?q=%22%3E%3Cscript%3E").await;
    assert!(!hostile.contains("<script"), "what was searched for is text");
    let posts = read("/api/v4/docs/posts").await;
    for part in
        ["Who may call it: ", "pending_post_id", "curl -X POST", "Authorization: Bearer $TOKEN", "/docs/types#Post"]
    {
        assert!(posts.contains(part), "{part}");
    }
    assert!(read("/api/v4/docs/types").await.contains("id=\"Post\""));
    assert!(read("/api/v4/docs/nothing-like-it").await.contains("No route has these words"));
}

#[tokio::test]
async fn slashes_too_many_lead_to_the_route_without_them() {
    let server = TestServer::start().await;
    let (status, headers, _) = get(&server, "/api/v4/posts/x//reactions?a=b//c", &[]).await;
    assert_eq!(status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(headers[header::LOCATION], "/api/v4/posts/x/reactions?a=b//c");
    assert_eq!(headers[header::CONNECTION], "close");
    let (status, headers, _) = get(&server, "/api/v4//evil.example/", &[]).await;
    assert_eq!(
        (status, headers[header::LOCATION].to_str().unwrap()),
        (StatusCode::MOVED_PERMANENTLY, "/api/v4/evil.example/")
    );
}
