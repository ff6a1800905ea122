//! All routes, and the OpenAPI document that is made of the same declaration.

use std::any::Any;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::problem::Problem;
use crate::routes::{
    audit, connections, events, health, order, orders, overview, owner, reviews, runs, session, settlement,
    settlement_acts, settlements, vat,
};
use crate::{console, guard, headers};

/// Largest body of a request, in bytes.
const BODY_MAX: usize = 1024 * 1024;

#[derive(OpenApi)]
#[openapi(info(
    title = "Tillbridge console API",
    version = "1",
    description = "What the console asks the server. Sign in first; money is in whole minor units; times are UTC."
))]
struct Document;

/// Everything the server answers.
pub(crate) fn whole(app: App) -> Router {
    let (v1, _) = routes().split_for_parts();
    // The last layer lies outermost: other sites are refused before a session is looked up.
    let api = Router::new()
        .nest("/v1", v1)
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(app.clone(), guard::require_session))
        .layer(from_fn(guard::refuse_other_sites))
        .layer(from_fn(headers::never_kept));
    Router::new()
        .nest("/api", api)
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(console::serve)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(headers::secure))
        .with_state(app)
}

/// The OpenAPI document, pretty, with a line feed at the end.
pub(crate) fn document() -> String {
    let (_, document) = OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", routes()).split_for_parts();
    let json = serde_json::to_string_pretty(&document).expect("a document of plain maps and texts is always JSON");
    format!("{json}\n")
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(session::log_in, session::show, session::log_out))
        .routes(routes!(owner::set_password))
        .routes(routes!(overview::overview))
        .routes(routes!(connections::list))
        .routes(routes!(connections::resume))
        .routes(routes!(orders::list))
        .routes(routes!(order::show))
        .routes(routes!(order::retry))
        .routes(routes!(runs::list))
        .routes(routes!(runs::show))
        .routes(routes!(settlements::list))
        .routes(routes!(settlement::show))
        .routes(routes!(settlement_acts::accept))
        .routes(routes!(settlement_acts::retry))
        // The inner limit wins: a file is larger than a form.
        .merge(
            OpenApiRouter::new()
                .routes(routes!(settlement_acts::upload))
                .layer(DefaultBodyLimit::max(settlement_acts::UPLOAD_MAX)),
        )
        .routes(routes!(vat::preview))
        .routes(routes!(reviews::list))
        .routes(routes!(reviews::close))
        .routes(routes!(audit::list))
        .routes(routes!(events::stream))
}

async fn no_such_route() -> Problem {
    Problem::not_found("The API has no such address.")
}

async fn no_such_method() -> Problem {
    let detail = "The address exists, but cannot be asked in this way.";
    let fix = "Look at ui/api/openapi.json for the methods of this address.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This cannot be done here", detail, fix)
}

/// The panic's own words may hold what must not be logged; the panic hook has written the place.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked; this is a mistake of ours");
    Problem::internal().into_response()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use axum::Router;
    use axum::body::Body;
    use axum::http::{Request, StatusCode, header};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_problem_without_its_words() {
        async fn fails() -> &'static str {
            panic!("the buyer's name")
        }
        let app: Router = Router::new().route("/", get(fails)).layer(CatchPanicLayer::custom(panicked));
        let answer = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
        let body = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("buyer"));
    }

    #[test]
    fn openapi_document_is_fresh() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/api/openapi.json");
        let now = document();
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &now).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == now, "ui/api/openapi.json is old: run `UPDATE_OPENAPI=1 cargo test -p server openapi`");
    }
}
