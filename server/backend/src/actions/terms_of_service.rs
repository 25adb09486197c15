//! Terms that people have to accept: putting them in force, accepting and declining them.

use crate::{
    access::Caller,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    AnyId, Refusal,
    terms_of_service::{Acceptance, TEXT_MAX, Terms},
};

/// Puts terms in force.
///
/// # Errors
///
/// There is no text, or too much.
pub async fn create(cx: &Cx, caller: &Caller, text: String) -> Result<Terms> {
    if text.is_empty() || text.chars().count() > TEXT_MAX {
        return Err(Refusal::body("text").into());
    }
    let terms = Terms { id: new_id(), create_at: cx.clock.now(), user_id: caller.id(), text };
    let kept = terms.clone();
    cx.store
        .write(move |tx| {
            let terms = kept.clone();
            Box::pin(async move { tx.terms_of_service().insert(&terms).await })
        })
        .await
        .map_err(|e: store::Error| Error::from(e))?;
    Ok(terms)
}

/// Notes that the caller accepts terms, or does not.
///
/// # Errors
///
/// There are no such terms.
pub async fn decide(cx: &Cx, caller: &Caller, id: AnyId, accepted: bool) -> Result<()> {
    cx.store.terms_of_service().by_id(id).await?.ok_or(Refusal::TERMS_NONE)?;
    let acceptance = Acceptance { user_id: caller.id(), terms_of_service_id: id, create_at: cx.clock.now() };
    cx.store
        .write(move |tx| {
            let acceptance = acceptance.clone();
            Box::pin(async move {
                if accepted {
                    tx.terms_of_service().accept(&acceptance).await
                } else {
                    tx.terms_of_service().decline(acceptance.user_id, id).await
                }
            })
        })
        .await
        .map_err(|e: store::Error| Error::from(e))
}
