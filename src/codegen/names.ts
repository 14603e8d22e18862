/** Names that generated code uses for something else. */
const reserved = ["ReadonlyMap", "ReadonlySet", "Uint8Array", "XmlElement"];

/** The names of one generated file: whatever is named once keeps its name. */
export class Names {
  readonly #taken = new Set<string>(reserved);
  readonly #given = new Map<unknown, string>();

  /**
   * The one place where clashes are resolved: the first of the wanted names that is free, or else
   * the last one with the first number that makes it so. `leaf-one` and `leafOne` meet here.
   */
  of(key: unknown, ...wanted: readonly [string, ...string[]]): string {
    const known = this.#given.get(key);
    if (known !== undefined) return known;
    const last = wanted.at(-1) ?? wanted[0];
    let name = wanted.find((candidate) => !this.#taken.has(candidate));
    for (let n = 2; name === undefined; n++) {
      if (!this.#taken.has(`${last}${n}`)) name = `${last}${n}`;
    }
    this.#taken.add(name);
    this.#given.set(key, name);
    return name;
  }
}

/** YANG identifiers as one type name: manycast-client, ttl → ManycastClientTtl. */
export function typeName(identifiers: readonly string[]): string {
  const name = identifiers
    .flatMap((identifier) => identifier.split(/[-_.]+/))
    .filter((word) => word !== "")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  return /^[A-Za-z]/.test(name) ? name : `Node${name}`;
}
