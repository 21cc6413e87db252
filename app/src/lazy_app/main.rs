//! The lazy app: everything behind the first answer. All networks side by side, occlusion maps,
//! share links, many posters at once, and more.
//!
//! It is a second program in the same document, so that none of it is downloaded before the first
//! answer. `marquee_app::channel` is how the two programs speak with each other.

// The component macro widens the visibility of what it generates.
#![expect(unreachable_pub)]

mod about;
mod brought;
mod clipboard;
mod confusion;
mod download;
mod festival;
mod inputs;
mod machine;
mod networks_client;
mod occlusion;
mod own;
mod reading;
mod recent;
mod screens;
mod share;
mod state;
mod text;
mod thumbnail;
mod update;

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use marquee_app::channel::Slot;
use state::State;
use wasm_bindgen::JsCast;

fn main() {
    console_error_panic_hook::set_once();
    fill(Slot::Page, || view! { <LazyApp /> });
}

/// All views of the lazy app, in their slots.
#[component]
fn LazyApp() -> impl IntoView {
    let state = State::open();
    provide_context(state);
    let occlusion = occlusion::Occlusion::new(state);
    // Filled from in here, so that the views find the state.
    fill(Slot::Programme, || view! { <screens::Screens /> });
    fill(
        Slot::Frame,
        move || view! { <occlusion::OcclusionMap occlusion /> },
    );
    fill(Slot::Case, move || {
        view! {
            <inputs::Inputs />
            <occlusion::OcclusionControls occlusion />
            <share::Share />
            <own::OpenedClassifier />
        }
    });
    fill(Slot::Page, || view! { <festival::Festival /> });
    fill(Slot::Page, || view! { <own::Shelf /> });
    fill(Slot::Page, || view! { <recent::Recent /> });
    fill(Slot::Page, || view! { <machine::Machine /> });
    fill(Slot::Page, || view! { <about::About /> });
    fill(Slot::Page, || view! { <update::Update /> });
}

/// Mounts a view into a slot, behind those that are there already.
///
/// Each view is mounted in a task of its own. Together they would block the page for so long that a
/// visitor who types or scrolls would notice.
fn fill<V: IntoView + 'static>(slot: Slot, view: impl FnOnce() -> V + 'static) {
    // The view finds what the caller provides.
    let owner = Owner::current().unwrap_or_default();
    let mount = move || {
        let found = document().query_selector(&format!("[data-slot={}]", slot.name()));
        match found.ok().flatten().and_then(|found| found.dyn_into().ok()) {
            Some(element) => leptos::mount::mount_to(element, view).forget(),
            None => web_sys::console::error_1(&format!("no slot {}", slot.name()).into()),
        }
    };
    let task = move || {
        owner.with(mount);
        // What it owns lives as long as the page.
        std::mem::forget(owner);
    };
    Timeout::new(0, task).forget();
}
