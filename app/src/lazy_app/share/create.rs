//! The panel with a link to the answer on show, its contents, and the ways to share it.

use super::address;
use super::buttons::ShareButtons;
use crate::reading::{Answered, file, png, winner};
use crate::state::{State, use_state};
use crate::text::say;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::networks_worker::{NetworkInput, Readings, ToNetworksWorker};
use marquee_app::share_link::Packed;
use marquee_app::ui::browser::Picture;
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;
use std::rc::Rc;

/// A link and its contents.
#[derive(Clone)]
struct ShareLink {
    url: String,
    /// The picture as it comes out of the link.
    picture: Rc<Picture>,
    /// The likeliest class of that picture.
    label: String,
    /// The probability of that class.
    probability: f32,
    /// Whether the picture has fewer shades than the network's input.
    lossy: bool,
}

/// The panel under the poster, once there is an answer.
#[component]
pub(super) fn SharePanel() -> impl IntoView {
    let state = use_state();
    let link = current_link(state);
    let contents = move || link.get().map(|link| view! { <Contents link /> });
    let url = Memo::new(move |_| {
        let url = link.with(|link| link.as_ref().map(|link| link.url.clone()));
        url.unwrap_or_default()
    });
    view! {
        <section class="share" data-testid="share" hidden=move || link.with(Option::is_none)>
            <h2>{say(|text| text.share.heading)}</h2>
            {contents}
            <ShareButtons url name="share" />
        </section>
    }
}

/// The link to the poster on show; `None` until it is made.
fn current_link(state: State) -> ReadSignal<Option<ShareLink>, LocalStorage> {
    let (link, set_link) = signal_local(None);
    // By the time a link is made, another poster may be on show.
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        // The last link stays until the next one is there, so that nothing flickers.
        if state.on_show().is_some() && !state.is_read() {
            return;
        }
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        // Nobody else has a classifier of the visitor's own: it has a link of its own.
        let answered = state.answered();
        let Some(answered) = answered.filter(|it| !state.is_own(&it.network)) else {
            return set_link.set(None);
        };
        spawn_local(async move {
            let made = make_link(state, answered).await;
            if turn.get_value() == mine {
                set_link.set(made);
            }
        });
    });
    link
}

/// Puts a network's input and its answer into a link.
async fn make_link(state: State, answered: Answered) -> Option<ShareLink> {
    let Answered {
        network,
        mut reading,
        ..
    } = answered;
    let [width, height] = reading.size[..] else {
        return None;
    };
    let pixels = reading.pixels.to_vec();
    let classes = reading.probabilities.len();
    let packed = Packed::new(
        &network.name,
        classes,
        width as usize,
        height as usize,
        &pixels,
    )?;
    let lossy = packed.pixels() != pixels;
    if lossy {
        let request = ToNetworksWorker::Pixels(NetworkInput {
            id: 0,
            network: network.url(),
            pixels: packed.pixels().into(),
            features: None,
        });
        let again: Readings = state.networks_client().ask(request).await.ok()?;
        reading = again.readings.into_iter().next()?;
    }
    let picture = png(width, height, packed.pixels()).ok()?;
    let picture = file(&picture.as_slice().into(), "image/png")?;
    let fragment = packed.fragment(&reading.probabilities);
    let (label, probability) = winner(&reading)?;
    Some(ShareLink {
        url: format!("{}#{fragment}", address::page()),
        picture: Rc::new(Picture::of(&picture)?),
        label,
        probability,
        lossy,
    })
}

/// What everyone who opens the link will see.
#[component]
fn Contents(link: ShareLink) -> impl IntoView {
    let state = use_state();
    let answer = move || {
        let class = state.language().class(&link.label);
        format!("{class}, {}", percent(link.probability))
    };
    view! {
        <div class="share-contents">
            <img
                data-testid="share-small"
                src=link.picture.url().to_owned()
                alt=say(|text| text.share.small)
            />
            <div>
                <p class="share-answer" data-testid="share-answer">{live(answer)}</p>
                <p>{say(|text| text.share.contents)}</p>
                {link.lossy.then(|| view! { <p>{say(|text| text.share.lossy)}</p> })}
            </div>
        </div>
    }
}
