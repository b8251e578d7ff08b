/** From the decoded sections about other sellers and load shedding to the twin's own shapes. */
import { SECOND } from "../../engine/time.ts";
import { NEIGHBOUR_DEFAULTS } from "./defaults-side-by-side.ts";
import { PAGE_CLASSES, type PageClass } from "./scenario.ts";
import type { World } from "./schema.ts";
import type { NeighbourSpec, SheddingSpec, SideBySideSpec } from "./side-by-side.ts";
import { parseShare } from "./units.ts";

type NeighbourForm = World["neighbours"][number];

export function toSideBySide({ neighbours, platform }: World): SideBySideSpec {
  const { bulkheads, shedding } = platform;
  return {
    neighbours: neighbours.map(toNeighbour),
    bulkheads: bulkheads.kind === "none" ? null : { kept: bulkheads.kept },
    shedding: toShedding(shedding),
  };
}

/** With what it is where the file does not say. */
function toNeighbour(form: NeighbourForm): NeighbourSpec {
  return { name: form.name, rate: form.rate, pages: pagesOf(form), share: shareOf(form) };
}

export function pagesOf({ pages }: NeighbourForm): Readonly<Record<PageClass, number>> {
  const defaults: Partial<Record<PageClass, string>> = NEIGHBOUR_DEFAULTS.pages;
  const share = (page: PageClass): number =>
    pages === undefined ? ratio(defaults[page] ?? "0%") : (pages[page] ?? 0);
  return Object.fromEntries(PAGE_CLASSES.map((page) => [page, share(page)])) as Record<
    PageClass,
    number
  >;
}

export function shareOf({ share }: NeighbourForm): number {
  return share ?? ratio(NEIGHBOUR_DEFAULTS.share);
}

function ratio(written: string): number {
  const share = parseShare(written);
  return share.ok ? share.value : Number.NaN;
}

function toShedding(form: World["platform"]["shedding"]): SheddingSpec | null {
  const { kind, codel, gradient2, "retry-after": retryAfter } = form;
  if (kind === "none") return null;
  return {
    codel: kind === "gradient2" ? null : codel,
    gradient2: kind === "codel" ? null : gradient2,
    retryAfter: {
      minSeconds: Math.ceil(retryAfter.from / SECOND),
      maxSeconds: Math.ceil(retryAfter.to / SECOND),
    },
  };
}
