import type { GpuProgram } from "./index.js";

/** The program that runs networks by WebGPU: `load({ engine: gpu })` takes it. */
export const gpu: GpuProgram;
