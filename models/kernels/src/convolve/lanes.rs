//! Numbers that are computed together.

use core::arch::wasm32::{f32x4, f32x4_extract_lane, f32x4_pmax, f32x4_pmin, f32x4_splat, v128};
#[cfg(not(target_feature = "relaxed-simd"))]
use core::arch::wasm32::{f32x4_add, f32x4_mul};
use std::array::from_fn;

use super::LANES;

/// Numbers in a register.
const WIDTH: usize = size_of::<v128>() / size_of::<f32>();

/// [`LANES`] neighbouring output channels.
#[derive(Clone, Copy)]
pub(super) struct Registers([v128; LANES / WIDTH]);

impl Registers {
    #[inline(always)]
    pub(super) fn splat(value: f32) -> Registers {
        Registers([f32x4_splat(value); LANES / WIDTH])
    }

    #[inline(always)]
    pub(super) fn load(values: &[f32; LANES]) -> Registers {
        Registers(from_fn(|at| load(&values[at * WIDTH..])))
    }

    #[inline(always)]
    pub(super) fn store(self, to: &mut [f32; LANES]) {
        for (to, register) in to.chunks_exact_mut(WIDTH).zip(self.0) {
            to.copy_from_slice(&numbers(register));
        }
    }

    #[inline(always)]
    pub(super) fn multiply_add(self, a: Registers, b: Registers) -> Registers {
        Registers(from_fn(|at| multiply_add(a.0[at], b.0[at], self.0[at])))
    }

    #[inline(always)]
    pub(super) fn clamp(self, low: f32, high: f32) -> Registers {
        Registers(
            self.0
                .map(|it| f32x4_pmin(f32x4_pmax(it, f32x4_splat(low)), f32x4_splat(high))),
        )
    }
}

/// `a × b + c`, rounded after each step.
#[cfg(not(target_feature = "relaxed-simd"))]
#[inline(always)]
fn multiply_add(a: v128, b: v128, c: v128) -> v128 {
    f32x4_add(f32x4_mul(a, b), c)
}

/// `a × b + c`: one instruction, and rounded once, where the processor has a fused multiply-add.
#[cfg(target_feature = "relaxed-simd")]
use core::arch::wasm32::f32x4_relaxed_madd as multiply_add;

#[inline(always)]
fn load(from: &[f32]) -> v128 {
    f32x4(from[0], from[1], from[2], from[3])
}

#[inline(always)]
fn numbers(of: v128) -> [f32; WIDTH] {
    [
        f32x4_extract_lane::<0>(of),
        f32x4_extract_lane::<1>(of),
        f32x4_extract_lane::<2>(of),
        f32x4_extract_lane::<3>(of),
    ]
}
