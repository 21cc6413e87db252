// What runs WebGPU or WebGL: a graphics card, or a program that stands in for one.

/** The adapter's name. */
export const webGpuAdapter = async () => {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) throw new Error("this browser has no WebGPU here");
  const { vendor, architecture, description } = adapter.info;
  return [vendor, architecture, description].filter(Boolean).join(" ") || "not named";
};

/** The renderer's name. */
export const webGlRenderer = () => {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  if (!gl) throw new Error("this browser has no WebGL here");
  const { UNMASKED_RENDERER_WEBGL } = gl.getExtension("WEBGL_debug_renderer_info") ?? {};
  return gl.getParameter(UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
};
