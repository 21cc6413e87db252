//! How far it is, and what stops it.

use super::round::Progress;
use super::text::{grouped, text};
use super::{say, use_round};
use crate::state::use_state;
use leptos::prelude::*;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::live;

/// A bar, a line of words, and the buttons.
#[component]
pub(super) fn ProgressLine() -> impl IntoView {
    let (state, round) = (use_state(), use_round());
    let working = Memo::new(move |_| round.progress().working);
    let unfinished = Memo::new(move |_| {
        let progress = round.progress();
        !progress.working && progress.done < progress.total
    });
    let words = move || words(round.progress(), state.language());
    // Read out at every quarter, and not ten times a second.
    let news = Memo::new(move |last: Option<&(u32, String)>| {
        let progress = round.progress();
        let quarter = match progress.working {
            true => 4 * progress.done / progress.total.max(1),
            false => 5 + progress.done,
        };
        match last.filter(|last| last.0 == quarter) {
            Some(last) => last.clone(),
            None => (quarter, self::words(progress, state.language())),
        }
    });
    let counts = round.counts();
    let why = move || {
        let text = text(state.language());
        let refused = counts.with(|counts| counts.refused.clone());
        let reason = |(problem, count)| (text.problem)(problem, count, &grouped(count));
        let reasons: Vec<String> = refused.into_iter().map(reason).collect();
        (text.unreadable)(&reasons.join(", "))
    };
    let refused = Memo::new(move |_| counts.with(|counts| !counts.refused.is_empty()));
    view! {
        <div class="festival-progress" data-testid="festival-progress" data-working=live(move || working.get().to_string())>
            <progress
                max=live(move || round.progress().total.to_string())
                prop:value=live(move || f64::from(round.progress().done))
                aria-label=say(|text| text.progress)
            ></progress>
            <p class="words">{live(words)}</p>
            <p class="unseen" role="status">{live(move || news.with(|news| news.1.clone()))}</p>
            <div class="doings">
                <Show when=move || working.get()>
                    <button
                        type="button"
                        class="plain"
                        data-testid="festival-stop"
                        on:click=move |_| round.stop()
                    >
                        {say(|text| text.stop)}
                    </button>
                </Show>
                <Show when=move || unfinished.get()>
                    <button
                        type="button"
                        class="plain"
                        data-testid="festival-go-on"
                        on:click=move |_| round.go_on()
                    >
                        {say(|text| text.go_on)}
                    </button>
                </Show>
                <button
                    type="button"
                    class="plain"
                    data-testid="festival-close"
                    on:click=move |_| round.close()
                >
                    {say(|text| text.close)}
                </button>
            </div>
            <Show when=move || refused.get()>
                <p class="refused" data-testid="festival-refused">{live(why)}</p>
            </Show>
        </div>
    }
}

fn words(progress: Progress, language: Language) -> String {
    let text = text(language);
    let (done, total) = (grouped(progress.done), grouped(progress.total));
    if progress.done == progress.total {
        return (text.done)(&total, &seconds(progress.took_s));
    }
    if !progress.working {
        return (text.stopped)(&grouped(progress.total - progress.done));
    }
    let read = (text.read)(&done, &total);
    match progress.left_s {
        Some(left) if left < 90.0 => {
            format!("{read}, {}", (text.seconds_left)(&seconds(left)))
        }
        Some(left) => format!("{read}, {}", (text.minutes_left)(&seconds(left / 60.0))),
        None => read,
    }
}

/// Whole ones, and never none.
fn seconds(seconds: f64) -> String {
    grouped(seconds.ceil().max(1.0) as u32)
}
