/** What a planner has turned, with undo and redo. Values, not deltas: a change is what it is now. */
import { changeOf, type Lever } from "./levers.ts";

type Values = ReadonlyMap<string, number>;

const BATCHES = "launch.batches";
const GAP = "launch.every";
const EACH_OVER = "launch.each-over";

export class LeverChanges {
  readonly #levers: readonly Lever[];
  readonly #values: Values;
  readonly #before: LeverChanges | null;
  readonly #after: LeverChanges | null;

  private constructor(
    levers: readonly Lever[],
    values: Values,
    history: { readonly before: LeverChanges | null; readonly after: LeverChanges | null },
  ) {
    this.#levers = levers;
    this.#values = values;
    this.#before = history.before;
    this.#after = history.after;
  }

  static none(levers: readonly Lever[]): LeverChanges {
    return new LeverChanges(levers, new Map(), { before: null, after: null });
  }

  get levers(): readonly Lever[] {
    return this.#levers;
  }

  /** `path=value` of every lever that is not as it was, in the order of the levers. */
  get written(): readonly string[] {
    return this.#levers.flatMap((lever) =>
      this.isChanged(lever) ? [changeOf(lever, this.valueOf(lever))] : [],
    );
  }

  valueOf({ path, base }: Lever): number {
    return this.#values.get(path) ?? base;
  }

  isChanged(lever: Lever): boolean {
    return this.valueOf(lever) !== lever.base;
  }

  /** With the lever at a value; itself where it is there already. */
  with(lever: Lever, value: number): LeverChanges {
    if (value === this.valueOf(lever)) return this;
    const values = new Map(this.#values).set(lever.path, value);
    return new LeverChanges(this.#levers, values, { before: this, after: null });
  }

  /**
   * With the lever turned to a value. Batches need a gap between them: where there is none, they
   * follow one another as soon as each is sent, and with one batch left it is as it was.
   */
  turned(lever: Lever, value: number): LeverChanges {
    const changes = this.with(lever, value);
    const gap = this.#levers.find(({ path }) => path === GAP);
    if (changes === this || lever.path !== BATCHES || gap === undefined || gap.base !== 0)
      return changes;
    const each = this.#levers.find(({ path }) => path === EACH_OVER);
    const sending = each === undefined ? 0 : this.valueOf(each);
    const between = Math.min(gap.most, sending === 0 ? gap.step : sending);
    const isNeeded = value > 1 && this.valueOf(gap) === 0;
    const next = isNeeded ? between : value > 1 ? this.valueOf(gap) : gap.base;
    const values = new Map(changes.#values).set(gap.path, next);
    return new LeverChanges(this.#levers, values, { before: this, after: null });
  }

  /** With one lever more; that is no change and cannot be undone. */
  adding(lever: Lever): LeverChanges {
    const levers = [...this.#levers, lever];
    return new LeverChanges(levers, this.#values, { before: this.#before, after: this.#after });
  }

  /** Without the last change; null where there is none. */
  undone(): LeverChanges | null {
    if (this.#before === null) return null;
    const before = this.#before;
    return new LeverChanges(this.#levers, before.#values, { before: before.#before, after: this });
  }

  /** With the change again that was undone last; null where none was. */
  redone(): LeverChanges | null {
    if (this.#after === null) return null;
    const after = this.#after;
    return new LeverChanges(this.#levers, after.#values, { before: this, after: after.#after });
  }
}
