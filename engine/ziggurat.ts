/**
 * Tables of the ziggurat method (G. Marsaglia, W. W. Tsang, J. Stat. Softw. 5(8), 2000) with 256
 * layers of equal area under a falling density. They are computed here, from our own logarithm and
 * exponential, so that they have the same bits everywhere.
 */
import { assert } from "./assert.ts";
import { exp, log } from "./elementary.ts";

const ZIGGURAT_LAYERS = 256;
/** Where the tails begin: the one start at which 256 layers of equal area end at the mode. */
export const EXPONENTIAL_TAIL_START = 7.69711747013105;
export const NORMAL_TAIL_START = 3.6541528853610088;
/** The integral of e^(-x²/2) from {@link NORMAL_TAIL_START} on. */
const NORMAL_TAIL_AREA = 0.0003233957646632601;

/** Layer 0 is the lowest: its rectangle is widened by the tail's area, which lies beside it. */
interface Ziggurat {
  /** Right edges of the layers, falling, and 0 after the last. */
  readonly edge: Float64Array;
  /** The density at each edge; 1 after the last. */
  readonly density: Float64Array;
}

function ziggurat(
  tailStart: number,
  tailArea: number,
  density: (x: number) => number,
  inverse: (y: number) => number,
): Ziggurat {
  const edge = new Float64Array(ZIGGURAT_LAYERS + 1);
  const area = tailStart * density(tailStart) + tailArea;
  edge[0] = area / density(tailStart);
  edge[1] = tailStart;
  for (let layer = 2; layer < ZIGGURAT_LAYERS; layer++) {
    edge[layer] = inverse(density(edge[layer - 1]) + area / edge[layer - 1]);
  }
  const top = edge[ZIGGURAT_LAYERS - 1];
  const gap = top * (1 - density(top)) - area;
  assert(gap < 1e-12 && gap > -1e-12, "the layers of the ziggurat end at the mode");
  return { edge, density: edge.map(density) };
}

/** Density e^-x, x ≥ 0. */
export const exponentialZiggurat = ziggurat(
  EXPONENTIAL_TAIL_START,
  exp(-EXPONENTIAL_TAIL_START),
  (x) => exp(-x),
  (y) => -log(y),
);

/** Density e^(-x²/2), x ≥ 0; the draw adds the sign. */
export const normalZiggurat = ziggurat(
  NORMAL_TAIL_START,
  NORMAL_TAIL_AREA,
  (x) => exp(-0.5 * x * x),
  (y) => Math.sqrt(-2 * log(y)),
);
