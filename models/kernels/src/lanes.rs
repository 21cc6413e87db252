//! Numbers that are computed together.
//!
//! On WebAssembly the compiler leaves loops over them scalar, so the SIMD instructions are named here.
//! Natively it finds instructions by itself, for whatever processor there is.

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32::{
    f32x4, f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat, v128,
};
use std::array::from_fn;

/// Output channels that are computed together.
pub const LANES: usize = 8;

#[cfg(target_arch = "wasm32")]
type Register = v128;
#[cfg(not(target_arch = "wasm32"))]
type Register = f32;

/// Numbers in a register.
const WIDTH: usize = size_of::<Register>() / size_of::<f32>();

/// [`LANES`] neighbouring output channels.
#[derive(Clone, Copy)]
pub(crate) struct Lanes([Register; LANES / WIDTH]);

/// What is done with registers: an instruction of WebAssembly, and what it is natively.
macro_rules! operations {
    ($($name:ident($($value:ident: $kind:ty),+) -> $result:ty = $wasm:expr, $native:expr;)+) => {
        $(#[inline(always)]
        fn $name($($value: $kind),+) -> $result {
            #[cfg(target_arch = "wasm32")]
            return $wasm;
            #[cfg(not(target_arch = "wasm32"))]
            return $native;
        })+
    };
}

operations! {
    splat(value: f32) -> Register = f32x4_splat(value), value;
    load(from: &[f32]) -> Register = f32x4(from[0], from[1], from[2], from[3]), from[0];
    numbers(of: Register) -> [f32; WIDTH] = [
        f32x4_extract_lane::<0>(of),
        f32x4_extract_lane::<1>(of),
        f32x4_extract_lane::<2>(of),
        f32x4_extract_lane::<3>(of),
    ], [of];
    multiply_add(sum: Register, one: Register, other: Register) -> Register =
        f32x4_add(sum, f32x4_mul(one, other)), sum + one * other;
    clamp(value: Register, low: Register, high: Register) -> Register =
        f32x4_pmin(f32x4_pmax(value, low), high), value.max(low).min(high);
}

impl Lanes {
    #[inline(always)]
    pub(crate) fn splat(value: f32) -> Lanes {
        Lanes([splat(value); LANES / WIDTH])
    }

    #[inline(always)]
    pub(crate) fn load(values: &[f32; LANES]) -> Lanes {
        Lanes(from_fn(|at| load(&values[at * WIDTH..])))
    }

    #[inline(always)]
    pub(crate) fn store(self, to: &mut [f32; LANES]) {
        for (to, register) in to.chunks_exact_mut(WIDTH).zip(self.0) {
            to.copy_from_slice(&numbers(register));
        }
    }

    #[inline(always)]
    pub(crate) fn multiply_add(self, a: Lanes, b: Lanes) -> Lanes {
        Lanes(from_fn(|at| multiply_add(self.0[at], a.0[at], b.0[at])))
    }

    #[inline(always)]
    pub(crate) fn clamp(self, low: f32, high: f32) -> Lanes {
        Lanes(self.0.map(|it| clamp(it, splat(low), splat(high))))
    }
}
