import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { metricsText } from "../../src/host/metrics.ts";
import { readStatus } from "../../src/host/ntp-status.ts";
import type { Element } from "../../src/xml/index.ts";
import { element } from "../../src/xml/index.ts";

// The board and the alerts speak of metrics that there are, with labels that they have.

const examples = join(import.meta.dirname, "../../docs/examples");
const leaf = (name: string, text: string): Element => element("", name, { text });
const node = (name: string, ...children: readonly Element[]): Element =>
  element("", name, { children });

const traffic = node(
  "ntp-statistics",
  ...["sent", "sent-fail", "received", "dropped"].map((name) => leaf(`packet-${name}`, "1")),
);
const numbers = (...names: readonly string[]): readonly Element[] =>
  names.map((name) => leaf(name, "3"));

/** All that <get> can tell of a client. */
const everything = readStatus(
  node(
    "data",
    node(
      "ntp",
      node(
        "clock-state",
        node(
          "system-status",
          leaf("clock-state", "ntp:synchronized"),
          leaf("nominal-freq", "1000"),
          leaf("actual-freq", "1000"),
          ...numbers("clock-stratum", "clock-offset", "root-delay", "root-dispersion"),
        ),
      ),
      node(
        "associations",
        node(
          "association",
          leaf("address", "192.0.2.1"),
          ...numbers("stratum", "reach", "poll", "offset", "delay", "dispersion", "jitter"),
          traffic,
        ),
      ),
      node(
        "interfaces",
        node(
          "interface",
          leaf("name", "eth0"),
          node(
            "manycast-client",
            leaf("address", "224.0.1.1"),
            node("ring", ...numbers("ttl", "solicitations", "answers", "survivors", "interval")),
          ),
        ),
      ),
      traffic,
      ...numbers("max-dynamic-sessions", "dynamic-sessions", "dynamic-sessions-refused"),
      node("packet-drops", ...numbers("bad-mac", "unknown-key", "untrusted-key")),
    ),
  ),
);

const text = await metricsText(everything);
const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

test("every metric is told what it is, and counters end in _total", () => {
  for (const line of lines) {
    const name = /^\w+/.exec(line)?.[0] ?? "";
    expect(text).toContain(`# HELP ${name} `);
    expect(text).toContain(`# TYPE ${name} ${name.endsWith("_total") ? "counter" : "gauge"}`);
  }
});

test.each(["grafana-board.json", "prometheus-alerts.yml"])("%s asks for nothing else", (file) => {
  const asked = readFileSync(join(examples, file), "utf8").matchAll(/\b(ntpconfd_\w+)/g);
  const names = new Set(Array.from(asked, ([, name]) => name));
  expect(names.size).toBeGreaterThan(5);
  for (const name of names) {
    expect(
      lines.some((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)),
      name,
    ).toBe(true);
  }
});

test("labels that alerts choose by are there", () => {
  const alerts = readFileSync(join(examples, "prometheus-alerts.yml"), "utf8");
  for (const [, label] of alerts.matchAll(/\$labels\.(\w+)/g)) {
    if (label === "instance") continue;
    expect(text, label).toMatch(new RegExp(`[{,]${label}="`));
  }
  for (const reason of ["bad-mac", "unknown-key", "untrusted-key"]) {
    expect(text).toContain(`ntpconfd_packets_dropped_total{reason="${reason}"} 3`);
  }
});

test("the board is JSON, its panels do not overlap", () => {
  const board = JSON.parse(readFileSync(join(examples, "grafana-board.json"), "utf8"));
  const taken = new Set<string>();
  for (const { gridPos, title } of board.panels) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect(x).toBeLessThan(24);
        expect(taken.has(`${x} ${y}`), title).toBe(false);
        taken.add(`${x} ${y}`);
      }
    }
  }
});
