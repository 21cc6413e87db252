//! Work on several threads, with the results in the order of the work.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::mpsc;

use anyhow::Result;
use rayon::ThreadPoolBuilder;

/// Results for each thread that may wait for a slower one before them.
const AHEAD: usize = 32;

/// Does `work` on everything that `source` hands over, on this many threads, and gives the results to `report` one by
/// one, in order. `None` stands for a thread on each processor.
///
/// `source` and `report` run on the caller's thread, in turns. Only a few results wait for others, so memory does not
/// grow with the work. The threads end with the call, so that a process may fork between calls.
///
/// # Errors
///
/// Those of `source` and `report`, or if the threads cannot be started. What `source` handed over before its error is
/// reported first.
pub fn in_order<T: Send, R: Send>(
    threads: Option<NonZeroUsize>,
    source: impl FnOnce(&mut dyn FnMut(T) -> Result<()>) -> Result<()>,
    work: impl Fn(T) -> R + Sync,
    mut report: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    let threads = threads.map_or(0, NonZeroUsize::get);
    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
    let ahead = AHEAD * pool.current_num_threads();
    let work = &work;
    pool.in_place_scope_fifo(|scope| {
        let mut waiting = VecDeque::with_capacity(ahead);
        let mut report = |result: mpsc::Receiver<R>| report(result.recv()?);
        let mut reported = true;
        let read = source(&mut |item| {
            let (sender, result) = mpsc::sync_channel(1);
            scope.spawn_fifo(move |_| {
                // after an error of `report` nobody wants it
                let _ = sender.send(work(item));
            });
            waiting.push_back(result);
            if waiting.len() < ahead {
                return Ok(());
            }
            let first = waiting.pop_front().map_or(Ok(()), &mut report);
            reported = first.is_ok();
            first
        });
        if reported {
            waiting.into_iter().try_for_each(report)?;
        }
        read
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_work_delays_the_report_and_changes_no_order() {
        for threads in [1, 3] {
            let mut results = Vec::new();
            in_order(
                NonZeroUsize::new(threads),
                |take| (0..1000_u64).try_for_each(take),
                |number| (0..number % 7 * 10_000).fold(number, |sum, _| std::hint::black_box(sum)),
                |result| {
                    results.push(result);
                    Ok(())
                },
            )
            .expect("nothing fails");
            assert!(results.into_iter().eq(0..1000));
        }
    }

    #[test]
    fn an_error_of_either_end_ends_the_work() {
        let mut reported = Vec::new();
        let source = in_order(
            None,
            |take: &mut dyn FnMut(u8) -> Result<()>| {
                take(1)?;
                anyhow::bail!("no more")
            },
            |number| number,
            |number| {
                reported.push(number);
                Ok(())
            },
        );
        assert_eq!(reported, [1]);
        assert_eq!(source.expect_err("it failed").to_string(), "no more");
        let mut taken = 0;
        let report = in_order(
            NonZeroUsize::new(1),
            |take| {
                (0..10_000).try_for_each(|number| {
                    taken += 1;
                    take(number)
                })
            },
            |number| number,
            |_| anyhow::bail!("the disk is full"),
        );
        assert_eq!(
            report.expect_err("it failed").to_string(),
            "the disk is full"
        );
        assert!(taken < 100, "{taken}");
    }
}
