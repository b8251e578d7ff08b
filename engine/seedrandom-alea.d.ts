/** The one generator of seedrandom that is used; its main module would draw from `Math.random`. */
declare module "seedrandom/lib/alea.js" {
  import type { PRNG } from "seedrandom";

  function alea(seed: string): PRNG;
  export default alea;
}
