//! What a network is trained on: a GPU through wgpu, or the CPU.

use std::fmt;

use anyhow::Result;
use burn::tensor::Device;

/// What the user wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum DeviceChoice {
    /// A GPU where there is one, else the CPU.
    #[default]
    Auto,
    /// A GPU, or an error.
    Gpu,
    /// The CPU.
    Cpu,
}

/// What it became.
#[derive(Clone, Debug)]
pub enum TrainingDevice {
    /// A GPU, on which Burn also evaluates.
    Gpu(Device),
    /// The CPU, on which the small executor evaluates.
    Cpu(Device),
}

impl TrainingDevice {
    /// Burn's device, without autodiff.
    pub fn burn(&self) -> &Device {
        let (TrainingDevice::Gpu(device) | TrainingDevice::Cpu(device)) = self;
        device
    }
}

impl fmt::Display for TrainingDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TrainingDevice::Gpu(_) => "GPU (wgpu)",
            TrainingDevice::Cpu(_) => "CPU",
        })
    }
}

impl DeviceChoice {
    /// Opens the device. Call it once, before anything else starts a thread.
    ///
    /// # Errors
    ///
    /// Where a GPU is wanted and there is none.
    pub fn open(self) -> Result<TrainingDevice> {
        // Burn reads an optimiser's checkpoint onto its default device before it moves it to the
        // right one; wherever wgpu is compiled in, the default is a GPU that may not be there.
        // SAFETY: no other thread runs yet, as the documentation demands.
        #[allow(unsafe_code)]
        unsafe {
            std::env::set_var("BURN_DEVICE", "flex");
        }
        match self {
            DeviceChoice::Gpu => open_gpu(),
            DeviceChoice::Cpu => Ok(cpu()),
            DeviceChoice::Auto => Ok(open_gpu().unwrap_or_else(|_| cpu())),
        }
    }
}

fn cpu() -> TrainingDevice {
    TrainingDevice::Cpu(Device::flex())
}

#[cfg(feature = "gpu")]
fn open_gpu() -> Result<TrainingDevice> {
    use burn::tensor::DeviceKind;

    // Software adapters call themselves CPUs and are slower than the CPU executor: only these count
    let kinds = [
        DeviceKind::DiscreteGpu(0),
        DeviceKind::IntegratedGpu(0),
        DeviceKind::VirtualGpu(0),
    ];
    for kind in kinds {
        if let Ok(device) = Device::wgpu_options().device_kind(kind).init() {
            return Ok(TrainingDevice::Gpu(device));
        }
    }
    anyhow::bail!("there is no GPU that wgpu can use; install its driver, or use --device cpu")
}

#[cfg(not(feature = "gpu"))]
fn open_gpu() -> Result<TrainingDevice> {
    anyhow::bail!(
        "this `marquee` was built without GPU support; use --device cpu, or install it without \
         --no-default-features"
    )
}
