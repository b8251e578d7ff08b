import { describe, expect, it } from "vitest";
import { MILLISECOND, MINUTE, SECOND } from "../engine/time.ts";
import { ServiceLevel } from "./service-level.ts";

/** What an interval adds, of 1,000 pages asked of the servers if nothing else is said. */
interface Course {
  readonly asked?: number;
  readonly errors?: number;
  readonly givenUp?: number;
  readonly latency?: number;
}

function judged(courses: readonly Course[]): ServiceLevel {
  const level = new ServiceLevel({ latency: 2 * SECOND, errors: 0.01 });
  const total = { pages: 0, asked: 0, errors: 0, givenUp: 0 };
  courses.forEach((course, index) => {
    total.pages += 1_000;
    total.asked += course.asked ?? 1_000;
    total.errors += course.errors ?? 0;
    total.givenUp += course.givenUp ?? 0;
    const latency = course.latency ?? 500 * MILLISECOND;
    level.take({ ...total, latency, length: 5 * MINUTE, concurrent: 10 * (index + 1) });
  });
  return level;
}

describe("the service level", () => {
  it("has no knee and no downtime where all goes well", () => {
    const level = judged([{}, { errors: 10 }, { latency: 2 * SECOND }, { latency: Number.NaN }]);
    expect(level).toMatchObject({ downtime: 0, longestDowntime: 0, knee: null });
  });

  it("has its knee where latency or errors first leave their bounds, not where they do again", () => {
    expect(judged([{}, { errors: 11 }, { latency: 9 * SECOND }]).knee).toBe(20);
    expect(judged([{}, {}, { latency: 2 * SECOND + 1 }, { errors: 900 }]).knee).toBe(30);
  });

  it("is down where over half of what reached the servers got no answer", () => {
    const level = judged([
      { errors: 500 },
      { errors: 300, givenUp: 201 },
      {},
      { givenUp: 600 },
      { asked: 10, errors: 6 },
    ]);
    expect(level.downtime).toBe(15 * MINUTE);
    expect(level.longestDowntime).toBe(10 * MINUTE);
  });

  it("is not down where nothing was asked", () => {
    expect(judged([{ asked: 0 }]).downtime).toBe(0);
  });
});
