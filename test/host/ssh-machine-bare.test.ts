import { vi } from "vitest";
import { holdLaws } from "./tended.ts";

// Where no compiler was at hand when ssh2 was installed, it does without its native part.

await vi.hoisted(async () => {
  const { default: modules } = await import("node:module");
  const load: (...given: unknown[]) => unknown = Reflect.get(modules, "_load");
  Reflect.set(modules, "_load", (name: string, ...more: unknown[]) => {
    if (!name.endsWith("sshcrypto.node")) return Reflect.apply(load, modules, [name, ...more]);
    throw new Error("there is none");
  });
});

holdLaws();
