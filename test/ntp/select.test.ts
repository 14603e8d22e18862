import { describe, expect, it } from "vitest";
import { selectTruechimers } from "../../src/ntp/select.ts";
import { forSeeds } from "../random.ts";

function chosen(...sources: readonly (readonly [offset: number, distance: number])[]): string {
  const candidates = sources.map(([offset, distance], i) => ({ source: i, offset, distance }));
  return selectTruechimers(candidates)
    .map(({ source }) => source)
    .join(" ");
}

describe("the selection of sources that tell the truth", () => {
  it("takes all that overlap, and none where two contradict each other", () => {
    expect(chosen([0, 1])).toBe("0");
    expect(chosen([0, 1], [1, 1], [-1, 1])).toBe("0 1 2");
    expect(chosen([0, 1], [5, 1])).toBe("");
    expect(chosen([0, 1], [5, 1], [0.5, 1])).toBe("0 2");
  });

  it("leaves out what shares points with far sources alone, apart from where the majority is", () => {
    expect(chosen([0, 12], [0, 18], [0, 30], [20, 4], [-30, 6])).toBe("0 1 2");
    expect(chosen([0, 12], [0, 18], [0, 30], [-20, 4], [30, 6])).toBe("0 1 2");
  });

  it("never gives fewer than a majority, and the order of sources does not matter", () => {
    forSeeds(200, (random) => {
      const count = 1 + Math.floor(7 * random.fraction());
      const sources = Array.from({ length: count }, (_, source) => ({
        source,
        offset: random.normal() * 3,
        distance: random.exponential() * 3,
      }));
      const names = (list: typeof sources): readonly number[] =>
        selectTruechimers(list)
          .map(({ source }) => source)
          .sort((a, b) => a - b);
      const found = names(sources);
      expect(found.length === 0 || 2 * found.length > count).toBe(true);
      expect(names(sources.toReversed())).toEqual(found);
    });
  });
});
