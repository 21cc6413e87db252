use serde::{Deserialize, Serialize};

/// How the learning rate changes over a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// It does not change
    #[default]
    Constant,
    /// It falls along half a cosine to zero at the last epoch (Loshchilov & Hutter 2017)
    Cosine,
    /// It rises from 1/25 for three tenths of the run, then falls along half a cosine to nearly zero
    /// (Smith & Topin 2018; PyTorch's `OneCycleLR`)
    OneCycle,
    /// It falls to a tenth after every five epochs without a better one (PyTorch's
    /// `ReduceLROnPlateau`)
    Plateau,
}

impl Schedule {
    /// After this many epochs without a better one, a plateau lowers the learning rate.
    pub(super) const PLATEAU: usize = 5;

    /// The factor of the learning rate after this share of the run, 0 to 1.
    pub(super) fn factor(self, done: f64) -> f64 {
        const WARM_UP: f64 = 0.3;
        const FIRST: f64 = 1.0 / 25.0;
        const LAST: f64 = FIRST / 1e4;
        // from one value to another along half a cosine
        let swing = |from: f64, to: f64, done: f64| {
            to + (from - to) * 0.5 * (1.0 + (std::f64::consts::PI * done).cos())
        };
        match self {
            Schedule::Constant | Schedule::Plateau => 1.0,
            Schedule::Cosine => swing(1.0, 0.0, done),
            Schedule::OneCycle if done < WARM_UP => swing(FIRST, 1.0, done / WARM_UP),
            Schedule::OneCycle => swing(1.0, LAST, (done - WARM_UP) / (1.0 - WARM_UP)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures are those of PyTorch's `OneCycleLR(max_lr=1, total_steps=101)`.
    #[test]
    fn one_cycle_rises_and_falls() {
        let near = |done: f64, expected: f64| {
            let factor = Schedule::OneCycle.factor(done);
            assert!((factor - expected).abs() < 1e-3, "{done}: {factor}");
        };
        near(0.0, 0.04);
        near(0.15, 0.52);
        near(0.3, 1.0);
        near(0.65, 0.5);
        near(1.0, 0.0);
        assert_eq!(Schedule::Cosine.factor(0.5), 0.5);
    }
}
