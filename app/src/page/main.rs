//! Marquee's page: the interface only. Posters are decoded and classified in workers.

// The component macro widens the visibility of what it generates.
#![expect(unreachable_pub)]

mod answer;
mod app;
mod browser;
mod engine;
mod engine_panel;
mod footer;
mod format;
mod language_switch;
mod live;
mod poster_case;
mod samples;
mod sign;
mod stage;
mod text;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
