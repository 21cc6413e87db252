//! Marquee's page: the interface only. Posters are decoded and classified in workers.

// The component macro widens the visibility of what it generates.
#![expect(unreachable_pub)]

mod answer;
mod app;
mod engine;
mod engine_panel;
mod language_switch;
mod poster_case;
mod samples;
mod sign;
mod state;
mod text;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
