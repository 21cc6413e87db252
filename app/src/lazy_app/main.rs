//! The lobby: what there is behind the first answer. Every network side by side, what mattered,
//! links, many posters, and the rest.
//!
//! A second program in the same document, so that none of it is downloaded before the first answer.
//! The front leaves places for it (`data-lobby`), and the two speak by `protocol::channel`.

// The component macro widens the visibility of what it generates.
#![expect(unreachable_pub)]

mod about;
mod clipboard;
mod confusion;
mod festival;
mod inputs;
mod machine;
mod networks_client;
mod occlusion;
mod reading;
mod recent;
mod screens;
mod share;
mod state;
mod text;
mod update;

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use state::State;
use wasm_bindgen::JsCast;

fn main() {
    console_error_panic_hook::set_once();
    fill("hall", || view! { <Lobby /> });
}

/// All that the lobby adds, in its places.
#[component]
fn Lobby() -> impl IntoView {
    let state = State::open();
    provide_context(state);
    let occlusion = occlusion::Occlusion::new(state);
    // Mounted from in here, so that they are given the state, too.
    fill("programme", || view! { <screens::Screens /> });
    fill(
        "frame",
        move || view! { <occlusion::OcclusionMap occlusion /> },
    );
    fill("case", move || {
        view! {
            <inputs::Inputs />
            <occlusion::OcclusionControls occlusion />
            <share::Share />
        }
    });
    fill("hall", || view! { <festival::Festival /> });
    fill("hall", || view! { <recent::Recent /> });
    fill("hall", || view! { <machine::Machine /> });
    fill("hall", || view! { <about::About /> });
    fill("hall", || view! { <update::Update /> });
}

/// Mounts a view into the place that the front has left for it, behind those that are there already.
///
/// Each in a task of its own: together they would hold up the page for longer than a visitor who
/// types or scrolls meanwhile may notice.
fn fill<V: IntoView + 'static>(place: &'static str, view: impl FnOnce() -> V + 'static) {
    // What the caller provides, the view is to find there.
    let owner = Owner::current().unwrap_or_default();
    let mount = move || {
        let found = document().query_selector(&format!("[data-lobby={place}]"));
        match found.ok().flatten().and_then(|found| found.dyn_into().ok()) {
            Some(element) => leptos::mount::mount_to(element, view).forget(),
            None => web_sys::console::error_1(&format!("the front has no place {place}").into()),
        }
    };
    let task = move || {
        owner.with(mount);
        // What it owns lives as long as the page.
        std::mem::forget(owner);
    };
    Timeout::new(0, task).forget();
}
