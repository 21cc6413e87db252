use anyhow::Result;
use clap::value_parser;
use marquee_models::file::{Model, Precision};

/// How a network's weights are stored.
#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Stored {
    /// Store weights in half precision, which takes half the bytes [default: single precision]
    #[arg(long)]
    half: bool,

    /// Round weights to this many significant bits, 2 to 11: the file has the same size, but compresses
    /// better [default: no rounding]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(2..=11), requires = "half")]
    pub(crate) bits: Option<u32>,
}

impl Stored {
    /// The precision of the file.
    pub(crate) fn precision(self) -> Precision {
        match self.half {
            true => Precision::Half,
            false => Precision::Single,
        }
    }

    /// The network with its weights as the file will hold them.
    pub(crate) fn of(self, model: &Model) -> Result<Model> {
        let mut weights = model.weights().clone();
        if let Some(bits) = self.bits {
            weights.round(bits);
        }
        let rounded = Model::new(model.metadata().clone(), weights)?;
        Ok(Model::from_bytes(&rounded.to_bytes(self.precision()))?)
    }
}
