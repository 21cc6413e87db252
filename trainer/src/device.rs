//! What networks are trained and evaluated on: a GPU through wgpu, or the CPU.

use std::fmt;

use anyhow::Result;
use burn::tensor::Device;

/// The device that the user wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum DeviceChoice {
    /// A GPU if there is one, else the CPU
    #[default]
    Auto,
    /// A GPU, or an error
    Gpu,
    /// The CPU
    Cpu,
}

/// An opened device.
#[derive(Clone, Debug)]
pub enum ComputeDevice {
    /// A GPU, on which Burn trains and evaluates.
    Gpu(Device),
    /// The CPU, on which Burn trains and the small executor evaluates.
    Cpu(Device),
}

impl ComputeDevice {
    /// Burn's device, without autodiff.
    pub fn burn(&self) -> &Device {
        let (ComputeDevice::Gpu(device) | ComputeDevice::Cpu(device)) = self;
        device
    }
}

impl fmt::Display for ComputeDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ComputeDevice::Gpu(_) => "GPU (wgpu)",
            ComputeDevice::Cpu(_) => "CPU",
        })
    }
}

impl DeviceChoice {
    /// Opens the device.
    ///
    /// # Errors
    ///
    /// If [`Gpu`](Self::Gpu) is wanted and there is none, or Marquee was built without GPU support.
    pub fn open(self) -> Result<ComputeDevice> {
        match self {
            DeviceChoice::Gpu => open_gpu(),
            DeviceChoice::Cpu => Ok(cpu()),
            DeviceChoice::Auto => Ok(open_gpu().unwrap_or_else(|_| cpu())),
        }
    }
}

fn cpu() -> ComputeDevice {
    ComputeDevice::Cpu(Device::flex())
}

#[cfg(feature = "gpu")]
fn open_gpu() -> Result<ComputeDevice> {
    use burn::tensor::DeviceKind;

    // without software adapters, which call themselves CPUs and are slower than the small executor
    let kinds = [
        DeviceKind::DiscreteGpu(0),
        DeviceKind::IntegratedGpu(0),
        DeviceKind::VirtualGpu(0),
    ];
    for kind in kinds {
        if let Ok(device) = Device::wgpu_options().device_kind(kind).init() {
            return Ok(ComputeDevice::Gpu(device));
        }
    }
    anyhow::bail!("there is no GPU that wgpu can use; install its driver, or use --device cpu")
}

#[cfg(not(feature = "gpu"))]
fn open_gpu() -> Result<ComputeDevice> {
    anyhow::bail!(
        "this `marquee` was built without GPU support; use --device cpu, or install it without \
         --no-default-features"
    )
}
