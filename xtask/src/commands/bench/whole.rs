//! What may be published of a bench.

use anyhow::{Result, ensure};

/// Refuses to write the figures of some networks in the place of those of all.
///
/// # Errors
///
/// If one of `all` is missing.
pub(super) fn require(networks: &[String], all: &[&str]) -> Result<()> {
    let missing = all
        .iter()
        .find(|name| !networks.iter().any(|it| it == *name));
    ensure!(
        missing.is_none(),
        "--write replaces the figures of all networks, so it goes with a measurement of all; leave out --network or --write"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_run_is_written() {
        let all = ["cnn32", "posternet"];
        assert!(require(&all.map(str::to_owned), &all).is_ok());
        let error = require(&["cnn32".to_owned()], &all).expect_err("one is missing");
        assert!(error.to_string().contains("--network"), "{error}");
    }
}
