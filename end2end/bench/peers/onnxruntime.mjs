// ONNX Runtime Web as an engine of the peers' page.

/** Starts it: `ort` is the library, and `wasm` the name of its WebAssembly. */
export const start = async (ort, provider, wasm) => {
  // Without SharedArrayBuffer, which few hosts allow, there is one thread anyway.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: new URL(wasm, document.baseURI).href };
  const { outputs, input } = NETWORK;
  const session = await ort.InferenceSession.create("network.onnx", { executionProviders: [provider] });
  return {
    layout: "NCHW",
    prepare: (numbers, posters) => new ort.Tensor("float32", numbers, [posters, 3, input.height, input.width]),
    run: async (tensor) => {
      const results = await session.run({ input: tensor });
      const heads = outputs.map((name) => results[name]);
      if (heads.length === 1) return heads[0].data;
      // One head after the other becomes poster after poster.
      const posters = tensor.dims[0];
      const width = heads.reduce((sum, { dims }) => sum + dims[1], 0);
      const logits = new Float32Array(posters * width);
      let column = 0;
      for (const { data, dims } of heads) {
        for (let poster = 0; poster < posters; poster++) {
          logits.set(data.subarray(poster * dims[1], (poster + 1) * dims[1]), poster * width + column);
        }
        column += dims[1];
      }
      return logits;
    },
    release: (tensor) => tensor.dispose(),
  };
};
