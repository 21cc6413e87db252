//! Many jobs at once.

use std::panic::resume_unwind;

use anyhow::Result;
use tokio::task::JoinSet;

/// Does `job` for each of `items`, so many at once, and hands what came of each to `done`, in the
/// order in which they end. The first error ends it: jobs in flight are dropped.
pub(super) async fn each<I, T, F>(
    items: impl IntoIterator<Item = I>,
    at_once: usize,
    mut job: impl FnMut(I) -> F,
    mut done: impl FnMut(T) -> Result<()>,
) -> Result<()>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let mut items = items.into_iter();
    let mut running = JoinSet::new();
    loop {
        while running.len() < at_once.max(1)
            && let Some(item) = items.next()
        {
            running.spawn(job(item));
        }
        match running.join_next().await {
            None => return Ok(()),
            Some(Ok(result)) => done(result?)?,
            Some(Err(error)) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // nobody but the set itself cancels its tasks, and it does so when it is dropped
                Err(error) => return Err(error.into()),
            },
        }
    }
}
