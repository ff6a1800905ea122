//! The console's pages, compiled into the binary.
//!
//! Files below `assets/` carry a hash in their name and are kept for ever; all others are asked for again each time, which their
//! `ETag` makes cheap. An address that is no file is a page of the console, which finds its way by itself.

use std::borrow::Cow;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "../../ui/dist/"]
#[allow_missing = true]
struct Dist;

const INDEX: &str = "index.html";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// Shown by a binary that was built before the console was.
const NO_CONSOLE: &str = "<!doctype html>
<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>Tillbridge</title></head>
<body><main><h1>Tillbridge runs, but its console is not built in</h1>
<p>Build the console, then the program again:</p>
<pre>npm --prefix ui ci
npm --prefix ui run build
cargo build</pre>
<p>The API at <code>/api/v1</code> works without it.</p></main></body></html>
";

/// Answers everything that is not the API.
pub(crate) async fn serve(request: Request) -> Response {
    answer(request.method(), request.uri().path(), request.headers(), Dist::get)
}

fn answer(method: &Method, path: &str, headers: &HeaderMap, file: impl Fn(&str) -> Option<EmbeddedFile>) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { INDEX } else { path };
    if let Some(plain) = file(path) {
        return send(path, plain, headers, file);
    }
    if looks_like_file(path) && path != INDEX {
        return (StatusCode::NOT_FOUND, "There is no such file.").into_response();
    }
    match file(INDEX) {
        Some(index) => send(INDEX, index, headers, file),
        None => html(NO_CONSOLE),
    }
}

fn send(path: &str, plain: EmbeddedFile, headers: &HeaderMap, file: impl Fn(&str) -> Option<EmbeddedFile>) -> Response {
    let packed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(headers, coding))
        .find_map(|(coding, ending)| file(&format!("{path}.{ending}")).map(|packed| (coding, packed)));
    let (coding, chosen) = packed.map_or((None, plain), |(coding, packed)| (Some(coding), packed));
    let tag = format!("\"{}\"", hex(&chosen.metadata.sha256_hash()));
    let kept = if path.starts_with("assets/") { FOR_EVER } else { ASK_AGAIN };
    let mut response = if is_known(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(chosen.data).into_response()
    };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    let set = |response: &mut Response, name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(&mut response, header::CONTENT_TYPE, &kind);
    set(&mut response, header::CACHE_CONTROL, kept);
    set(&mut response, header::ETAG, &tag);
    set(&mut response, header::VARY, "accept-encoding");
    if let Some(coding) = coding {
        set(&mut response, header::CONTENT_ENCODING, coding);
    }
    response
}

fn html(page: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, ASK_AGAIN)], page).into_response()
}

fn body(data: Cow<'static, [u8]>) -> axum::body::Body {
    match data {
        Cow::Borrowed(bytes) => axum::body::Body::from(bytes),
        Cow::Owned(bytes) => axum::body::Body::from(bytes),
    }
}

/// Pages have no dot in the last part of their address; what has one was meant as a file. Order ids have none.
fn looks_like_file(path: &str) -> bool {
    path.starts_with("assets/") || path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

/// Whether the client takes the coding: named, and not with a weight of zero.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused =
            parts.any(|weight| weight.strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty()));
        named && !refused
    })
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use rust_embed::Metadata;

    use super::*;

    fn file(path: &str) -> Option<EmbeddedFile> {
        let text = match path {
            "index.html" => "<!doctype html><title>Console</title>",
            "assets/app-1f2e.js" => "plain",
            "assets/app-1f2e.js.br" => "brotli",
            "assets/app-1f2e.js.gz" => "gzip",
            _ => return None,
        };
        let hash = std::array::from_fn(|at| *text.as_bytes().get(at).unwrap_or(&0));
        let metadata = Metadata::__rust_embed_new(hash, None, None);
        Some(EmbeddedFile { data: Cow::Borrowed(text.as_bytes()), metadata })
    }

    fn get(path: &str, headers: &[(HeaderName, &'static str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        answer(&Method::GET, path, &headers, file)
    }

    #[test]
    fn hashed_assets_are_kept_for_ever_and_pages_are_not() {
        let asset = get("/assets/app-1f2e.js", &[]);
        assert_eq!(asset.headers()[header::CACHE_CONTROL], FOR_EVER);
        assert_eq!(asset.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert!(!asset.headers().contains_key(header::CONTENT_ENCODING));
        for page in ["/", "/orders/main/203-1"] {
            let page = get(page, &[]);
            assert_eq!(page.headers()[header::CACHE_CONTROL], ASK_AGAIN);
            assert_eq!(page.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        }
        assert_eq!(get("/favicon.ico", &[]).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn packed_files_go_to_who_can_unpack_them() {
        let coding = |accepted| {
            let asset = get("/assets/app-1f2e.js", &[(header::ACCEPT_ENCODING, accepted)]);
            asset.headers().get(header::CONTENT_ENCODING).map(|coding| coding.to_str().unwrap().to_owned())
        };
        assert_eq!(coding("gzip, deflate, br").as_deref(), Some("br"));
        assert_eq!(coding("gzip").as_deref(), Some("gzip"));
        assert_eq!(coding("br;q=0, gzip;q=0.5").as_deref(), Some("gzip"));
        assert_eq!(coding("identity"), None);
    }

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let tag = get("/", &[]).headers()[header::ETAG].to_str().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::try_from(format!("W/{tag}")).unwrap());
        assert_eq!(answer(&Method::GET, "/", &headers, file).status(), StatusCode::NOT_MODIFIED);
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        assert_eq!(answer(&Method::GET, "/", &headers, file).status(), StatusCode::OK);
    }

    #[test]
    fn without_a_console_the_page_says_how_to_build_it() {
        let page = answer(&Method::GET, "/", &HeaderMap::new(), |_| None);
        assert_eq!(page.status(), StatusCode::OK);
        assert!(NO_CONSOLE.contains("npm --prefix ui run build"));
        assert!(!NO_CONSOLE.contains("<script") && !NO_CONSOLE.contains("style"));
    }
}
