/// A build fails because of its inputs, and would fail again: there is nothing to go on with.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct InputError(pub(super) String);
