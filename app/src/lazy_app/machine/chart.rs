//! The timings as a table with a bar in each row.

use super::report::Report;
use super::timing::{COUNTS, Timing, engine_name};
use crate::state::use_state;
use crate::text::{say, text};
use leptos::prelude::*;
use marquee_app::ui::format::exact;
use marquee_app::ui::live::live;

/// The least length of a bar: the slowest one is visible, too.
const LEAST_SHARE: f64 = 0.01;

/// The table. A bar's length is the logarithm of the posters per second, because one engine may be a
/// thousand times as fast as the other.
#[component]
pub(super) fn Chart(report: ReadSignal<Report>) -> impl IntoView {
    let groups = move || {
        let report = report.get();
        let decades = decades(&report.timings);
        let measured = |posters: &u32| !report.of(*posters).is_empty();
        COUNTS
            .into_iter()
            .filter(measured)
            .map(|posters| view! { <Group posters timings=report.of(posters) decades /> })
            .collect_view()
    };
    let lines = move || exact(report.with(|report| decades(&report.timings)));
    view! {
        <table class="timings" style:--decades=live(lines)>
            <caption class="unseen">{say(|text| text.machine.heading)}</caption>
            <thead>
                <tr>
                    <th scope="col">{say(|text| text.machine.engine)}</th>
                    <td></td>
                    <th scope="col">{say(|text| text.machine.time)}</th>
                    <th scope="col">{say(|text| text.machine.rate)}</th>
                </tr>
            </thead>
            {groups}
        </table>
        <p class="small">{say(|text| text.machine.scale)}</p>
    }
}

/// The engines with this many posters.
#[component]
fn Group(posters: u32, timings: Vec<Timing>, decades: f64) -> impl IntoView {
    let state = use_state();
    let fastest = timings.iter().map(|timing| timing.ms);
    let fastest = fastest.fold(f64::INFINITY, f64::min);
    let rows = timings.into_iter().map(|timing| {
        let winner = timing.ms <= fastest;
        view! {
            <tr
                data-testid="timing"
                data-engine=engine_name(timing.engine)
                data-posters=timing.posters.to_string()
                data-ms=exact(timing.ms)
                data-rate=timing.rate().map(exact)
                class:winner=winner
            >
                <th scope="row">{engine_name(timing.engine)}</th>
                <td class="track">
                    <div style:--share=exact(share(&timing, decades))></div>
                </td>
                <td>{timing.time_in_words()}</td>
                <td>{live(move || timing.rate_in_words(&text(state.language()).machine))}</td>
            </tr>
        }
    });
    view! {
        <tbody>
            <tr>
                <th scope="rowgroup" colspan="4">
                    {live(move || (text(state.language()).machine.posters)(posters))}
                </th>
            </tr>
            {rows.collect_view()}
        </tbody>
    }
}

/// How often the scale grows tenfold.
fn decades(timings: &[Timing]) -> f64 {
    let most = timings.iter().filter_map(Timing::rate);
    most.fold(1.0, f64::max).log10().ceil().max(1.0)
}

/// A bar's share of the scale, from 0 to 1; all of it where the clock was too coarse.
fn share(timing: &Timing, decades: f64) -> f64 {
    let share = timing.rate().map_or(1.0, |rate| rate.log10() / decades);
    share.clamp(LEAST_SHARE, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use marquee_app::protocol::Engine;

    #[test]
    fn bars_grow_with_the_logarithm() {
        let timing = |ms| Timing {
            engine: Engine::Cpu,
            posters: 1,
            ms,
        };
        let timings = [timing(100.0), timing(0.2), timing(10_000.0)];
        let decades = decades(&timings);
        assert_eq!(decades, 4.0);
        assert!((share(&timings[0], decades) - 0.25).abs() < 1e-9);
        assert_eq!(share(&timings[2], decades), LEAST_SHARE);
        assert_eq!(share(&timing(0.0), decades), 1.0);
    }
}
