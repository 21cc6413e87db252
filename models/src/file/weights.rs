//! The numbers of a network, and how they are stored.

use std::collections::{BTreeMap, HashMap};

use half::{bf16, f16};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::error::ModelError;
use crate::network::{Network, Parameter};

/// How numbers are stored in a file; in memory they are single precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Four bytes a number (safetensors' `F32`).
    Single,
    /// Two bytes a number (safetensors' `F16`): half the download.
    Half,
}

/// The tensors of a network by their PyTorch names, in PyTorch's layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights(BTreeMap<String, Array>);

/// A tensor, in row-major order.
#[derive(Clone, Debug, PartialEq)]
struct Array {
    shape: Vec<usize>,
    values: Vec<f32>,
}

impl Weights {
    /// Adds a tensor, or replaces the one of that name. `values` are in row-major order; whether they
    /// fit the shape is checked by [`check_part`](Self::check_part).
    pub fn insert(&mut self, name: impl Into<String>, shape: Vec<usize>, values: Vec<f32>) {
        self.0.insert(name.into(), Array { shape, values });
    }

    /// A tensor's numbers, in row-major order.
    ///
    /// # Panics
    ///
    /// If there is no tensor of that name. A [`Model`](super::Model) has every tensor of its network.
    pub fn values(&self, name: &str) -> &[f32] {
        &self.0[name].values
    }

    /// Whether there is a tensor of that name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A tensor's shape.
    ///
    /// # Panics
    ///
    /// As [`values`](Self::values) does.
    pub fn shape(&self, name: &str) -> &[usize] {
        &self.0[name].shape
    }

    /// Rounds the numbers of every tensor with more than one dimension to `bits` significant bits, so
    /// that the file compresses better. Single precision has 24; fewer than 1 count as 1.
    pub fn round(&mut self, bits: u32) {
        let dropped = 24u32.saturating_sub(bits.max(1));
        let unit = 1u32 << dropped;
        for array in self.0.values_mut().filter(|array| array.shape.len() > 1) {
            for value in &mut array.values {
                // half a unit more, and then the rest cut off; a carry moves on into the exponent
                *value = f32::from_bits((value.to_bits() + unit / 2) & !(unit - 1));
            }
        }
    }

    /// The tensors alone as a `.safetensors` file, in single precision.
    ///
    /// # Panics
    ///
    /// If the network has a tensor that is not here, or is here in another shape.
    pub fn to_bytes(&self, network: &Network) -> Vec<u8> {
        self.to_safetensors(network, HashMap::new(), Precision::Single)
    }

    /// Reads the tensors of a `.safetensors` file, whatever its metadata says.
    ///
    /// # Errors
    ///
    /// If the bytes are not a safetensors file, or a tensor's numbers are in neither half nor single
    /// precision.
    pub fn from_bytes(bytes: &[u8]) -> Result<Weights, ModelError> {
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|error| ModelError::NotSafetensors(error.to_string()))?;
        Weights::from_safetensors(&tensors)
    }

    pub(super) fn from_safetensors(tensors: &SafeTensors) -> Result<Weights, ModelError> {
        let mut weights = Weights::default();
        for (name, tensor) in tensors.iter() {
            // PyTorch's batch norm counts its batches, and no answer depends on that
            if name.ends_with(".num_batches_tracked") {
                continue;
            }
            let data = tensor.data();
            let values = match tensor.dtype() {
                Dtype::F32 => Precision::Single.decode(data),
                Dtype::F16 => Precision::Half.decode(data),
                Dtype::BF16 => {
                    let pairs = data.chunks_exact(2).map(|b| [b[0], b[1]]);
                    pairs.map(|b| bf16::from_le_bytes(b).to_f32()).collect()
                }
                other => {
                    return Err(ModelError::WrongPrecision {
                        name: name.to_owned(),
                        dtype: format!("{other:?}"),
                    });
                }
            };
            weights.insert(name, tensor.shape().to_vec(), values);
        }
        Ok(weights)
    }

    /// The tensors' names, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Removes the tensors whose names are not `wanted`.
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.0.retain(|name, _| wanted(name));
    }

    /// Copies every tensor of `other`, over those of the same names.
    pub fn extend(&mut self, other: &Weights) {
        let tensors = other.0.iter();
        self.0
            .extend(tensors.map(|(name, array)| (name.clone(), array.clone())));
    }

    /// Checks that these are all tensors of the network, and no others.
    pub(super) fn check(&self, network: &Network) -> Result<(), ModelError> {
        let parameters = network.parameters();
        match parameters.iter().find(|p| !self.has(&p.name)) {
            Some(missing) => Err(ModelError::MissingTensor(missing.name.clone())),
            None => self.check_part(network),
        }
    }

    /// Checks that all of these are tensors of the network; some of its tensors may be missing.
    ///
    /// # Errors
    ///
    /// If a tensor is not one of the network, has another shape, or holds a number that is not finite
    /// or a variance below 0.
    pub fn check_part(&self, network: &Network) -> Result<(), ModelError> {
        let parameters = network.parameters();
        for Parameter { name, shape } in &parameters {
            let Some(array) = self.0.get(name) else {
                continue;
            };
            if array.shape != *shape || array.values.len() != shape.iter().product::<usize>() {
                return Err(ModelError::WrongShape {
                    name: name.clone(),
                    network: network.name.to_string(),
                    found: array.shape.clone(),
                    expected: shape.clone(),
                });
            }
            let sound = |value: &f32| {
                value.is_finite() && (!name.ends_with("running_var") || *value >= 0.0)
            };
            if !array.values.iter().all(sound) {
                return Err(ModelError::NotFinite(name.clone()));
            }
        }
        match self
            .0
            .keys()
            .find(|name| parameters.iter().all(|p| p.name != **name))
        {
            Some(name) => Err(ModelError::UnknownTensor(
                name.clone(),
                network.name.to_string(),
            )),
            None => Ok(()),
        }
    }

    pub(super) fn to_safetensors(
        &self,
        network: &Network,
        metadata: HashMap<String, String>,
        precision: Precision,
    ) -> Vec<u8> {
        let tensors = network
            .parameters()
            .into_iter()
            .map(|Parameter { name, shape }| {
                let bytes = precision.encode(self.values(&name));
                (name, shape, bytes)
            });
        let tensors: Vec<_> = tensors.collect();
        let views = tensors.iter().map(|(name, shape, bytes)| {
            let view = TensorView::new(precision.dtype(), shape.clone(), bytes);
            (name, view.expect("the shape fits the length"))
        });
        sorted_header(
            safetensors::serialize(views, Some(metadata)).expect("the names and shapes are sound"),
        )
    }
}

impl Precision {
    /// Numbers as a file stores them.
    pub fn encode(self, values: &[f32]) -> Vec<u8> {
        match self {
            Precision::Single => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Precision::Half => values
                .iter()
                .flat_map(|v| f16::from_f32(*v).to_le_bytes())
                .collect(),
        }
    }

    /// The numbers that were stored in these bytes; what is left over at the end is none.
    pub fn decode(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            Precision::Single => bytes
                .chunks_exact(4)
                .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect(),
            Precision::Half => bytes
                .chunks_exact(2)
                .map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32())
                .collect(),
        }
    }

    fn dtype(self) -> Dtype {
        match self {
            Precision::Single => Dtype::F32,
            Precision::Half => Dtype::F16,
        }
    }
}

/// Writes the header again with sorted keys, so that the same model gives the same bytes: the
/// safetensors crate takes the metadata in a hash map's order, which differs from run to run.
fn sorted_header(file: Vec<u8>) -> Vec<u8> {
    const LENGTH: usize = size_of::<u64>();
    const ALIGNMENT: usize = 8;
    let length = u64::from_le_bytes(file[..LENGTH].try_into().expect("a length stands first"));
    let (header, tensors) = file[LENGTH..].split_at(length as usize);
    let header: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(header).expect("the header was just written");
    let mut header = serde_json::to_vec(&header).expect("the header was just read");
    header.resize(header.len().next_multiple_of(ALIGNMENT), b' ');
    [&(header.len() as u64).to_le_bytes(), &header[..], tensors].concat()
}
