/** A network's weights, which came in this script: `load({ weights })` takes the function. */
export default function weights(): Promise<Blob>;
