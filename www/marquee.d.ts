/** What runs a network: the CPU answers at once, while WebGPU takes seconds to start. */
export type Engine = "cpu" | "gpu";

/** WebGPU's program, where it comes with the scripts: `import { gpu } from "marquee-posters/gpu.js"`. */
export interface GpuProgram {
  readonly script: string;
  readonly wasm: string;
}

/** Why there is no answer. */
export type Code =
  /** There is nothing in the file. */
  | "empty"
  /** It is something else, or a kind of picture that neither Marquee nor the browser reads. */
  | "notAnImage"
  /** It begins like a picture, but can't be decoded. */
  | "damaged"
  /** The file has more than 64 MB, 40 megapixels or 16,384 pixels a side. */
  | "tooLarge"
  /** The browser can't open the file: it was moved, or changed since it was chosen. */
  | "unreadable"
  /** The decoder of this kind of picture could not be loaded. */
  | "noDecoder"
  /** The network's weights could not be loaded. */
  | "noNetwork"
  /** The address can't be fetched. */
  | "unreachable"
  /** The host or the package has no such network or program, or the host no list of networks. */
  | "missing"
  /** There is no WebGPU here, or no browser: on a server. */
  | "unavailable"
  /** A worker could not be started: its script or its WebAssembly can't be loaded, or is forbidden. */
  | "notLoaded"
  /** A worker has stopped while it read this poster. The next poster gets a new worker. */
  | "failed"
  /** `close` was called. */
  | "closed";

export class MarqueeError extends Error {
  readonly code: Code;
}

export interface Options {
  /** A name of weights/index.json, such as "posternet"; the one that is listed first if it isn't given. */
  network?: string;
  /**
   * A network of your own, in place of one of weights/index.json: a `.safetensors` file of `marquee export` or of the
   * page's Teach, or its address. Or one of the npm package's: `import weights from
   * "marquee-posters/weights/posternet.js"`.
   */
  weights?: Blob | string | URL | (() => Promise<Blob>);
  /** The CPU if it isn't given. The npm package takes `gpu` of its gpu.js in place of "gpu". */
  engine?: Engine | GpuProgram;
  /**
   * The address of a site that `cargo xtask build` made, whose workers and weights are used. If it isn't given, they are
   * beside marquee.js, or come with the npm package.
   */
  base?: string | URL;
  /** Gives the loading up: `load` then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface Answer {
  /** The likeliest class. */
  label: string;
  /** How likely, 0 to 1. */
  probability: number;
  /** Whether it reaches the network's threshold; below it, the honest answer is "not sure". */
  sure: boolean;
  /** Whether the file holds the whole poster; one that is cut off is read as far as it goes. */
  complete: boolean;
  /** Each class's probability; they add up to 1. */
  probabilities: Record<string, number>;
  /** TMDB's genres, how likely each is by itself, 0 to 1, if the network tells them. They don't add up to 1. */
  genres?: Record<string, number>;
  /** The score that TMDB's members would give, 0 to 10, if the network tells it. */
  score?: number;
  /** Half the width of the interval around the score that holds four of five films. */
  scoreHalfWidth?: number;
  /** What the network's heads answer, the classes' in the order of `labels` first. */
  logits: number[];
  /** The network. */
  network: string;
  /** What ran it. */
  engine: Engine;
  /** Milliseconds to read, decode and resize the file. */
  readMs: number;
  /** Milliseconds in the network. */
  inferMs: number;
}

/**
 * A poster: a file, the address of one of at most 64 MB whose host allows it to be fetched, or a picture of a page as it
 * is at that moment. An image of another site needs `crossorigin="anonymous"` and a host that allows it.
 */
export type Poster =
  | Blob
  | string
  | URL
  | HTMLImageElement
  | HTMLCanvasElement
  | HTMLVideoElement
  | OffscreenCanvas
  | ImageBitmap
  | ImageData
  | VideoFrame;

export interface Asked {
  /** Gives it up: the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface AskedMany extends Asked {
  /** How many workers read at the same time; at most 4 if it isn't given, and as many as there are processors. */
  workers?: number;
  /** Told of each poster, as soon as there is its result. */
  onProgress?(progress: Progress): void;
}

export interface Progress {
  /** Which of the posters. */
  index: number;
  /** Its answer, or the MarqueeError why there is none. */
  result: PromiseSettledResult<Answer>;
  /** How many have one. */
  done: number;
  /** How many there are. */
  total: number;
}

export interface Marquee {
  /** The network's name. */
  readonly network: string;
  /** The classes that it tells apart. */
  readonly labels: string[];
  /** What runs it. */
  readonly engine: Engine;
  /**
   * Classifies a poster.
   *
   * @throws {MarqueeError} for a file that can't be classified; the next one can.
   */
  classify(poster: Poster, options?: Asked): Promise<Answer>;
  /**
   * Classifies posters by several workers at a time. A poster that can't be classified is refused alone. The results are
   * in the posters' order.
   */
  classifyMany(posters: Iterable<Poster>, options?: AskedMany): Promise<PromiseSettledResult<Answer>[]>;
  /**
   * A poster's pooled features, which the network's heads read: what posters are compared by, or another classifier
   * learns from.
   *
   * @throws {MarqueeError} for a file that can't be read; the next one can.
   */
  embed(poster: Poster, options?: Asked): Promise<Float32Array>;
  /** Ends the workers. */
  close(): void;
}

/**
 * Loads a network, and starts the engine that runs it.
 *
 * @throws {MarqueeError} where the network is missing, or the engine can't start.
 */
export function load(options?: Options): Promise<Marquee>;
