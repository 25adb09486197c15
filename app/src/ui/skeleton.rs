//! The shape of what is on its way, so that nothing jumps when it comes.

use leptos::prelude::*;

/// One grey line.
#[component]
pub fn Skeleton(
    /// `w30`, `w40`, `w60`, `w80` or `w100`.
    #[prop(default = "w60")]
    width: &'static str,
) -> impl IntoView {
    view! { <span class=format!("skeleton skeleton-line {width}") aria-hidden="true"></span> }
}

/// Rows with a round picture and two lines.
#[component]
pub fn SkeletonList(
    #[prop(default = 6)] rows: usize,
    /// What is loading, for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    const WIDTHS: [(&str, &str); 4] = [("w30", "w80"), ("w40", "w60"), ("w30", "w100"), ("w30", "w60")];
    view! {
        <div class="skeleton-list" role="status" aria-busy="true" aria-label=label>
            {(0..rows)
                .map(|row| {
                    let (name, text) = WIDTHS[row % WIDTHS.len()];
                    view! {
                        <div class="skeleton-msg" aria-hidden="true">
                            <span class="skeleton skeleton-circle"></span>
                            <div>
                                <Skeleton width=name />
                                <Skeleton width=text />
                            </div>
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}
