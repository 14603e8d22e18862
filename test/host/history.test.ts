import { describe, expect, test } from "vitest";
import { History, sampleMs } from "../../src/host/history.ts";
import { metricsText } from "../../src/host/metrics.ts";
import { type NtpStatus, readStatus } from "../../src/host/ntp-status.ts";
import { isXmlFault, parseXml } from "../../src/xml/index.ts";

interface Row {
  readonly address: string;
  readonly offset: number;
  readonly reach?: number;
  readonly dispersion?: number;
}

/** A status as a user sees it in a reply. */
function status(rows: readonly Row[], sent = 0, clock = "synchronized"): NtpStatus {
  const associations = rows.map(
    ({ address, offset, reach = 255, dispersion = 1 }) =>
      `<association><address>${address}</address><local-mode>client</local-mode>` +
      `<isconfigured>true</isconfigured><reach>${reach}</reach><offset>${offset}</offset>` +
      `<dispersion>${dispersion}</dispersion></association>`,
  );
  const reply = parseXml(
    `<rpc-reply><data><ntp><clock-state><system-status><clock-state>${clock}</clock-state>` +
      `<clock-offset>1.5</clock-offset></system-status></clock-state><associations>` +
      `${associations.join("")}</associations><ntp-statistics><packet-sent>${sent}</packet-sent>` +
      "</ntp-statistics></ntp></data></rpc-reply>",
  );
  if (isXmlFault(reply)) throw new Error(reply.message);
  return readStatus(reply);
}

const nothing = (): NtpStatus => ({
  ...status([]),
  clock: { ...status([]).clock, state: undefined, offset: undefined },
  traffic: { sent: undefined, sendFailures: undefined, received: undefined, dropped: undefined },
});
const day = 86_400;

describe("the history", () => {
  test("is bounded: six hours stay, whatever came before", () => {
    const history = new History();
    const samples = (7 * 3_600_000) / sampleMs;
    for (let i = 0; i < samples; i++) history.add(status([], i), i * sampleMs);
    const { times } = history.view(status([]), true, day, 10_000);
    expect(times).toHaveLength((6 * 3_600_000) / sampleMs);
    expect(times.at(-1)).toBe(((samples - 1) * sampleMs) / 1_000);
    expect(times[0]).toBe(3_600);
  });

  test("keeps a spike when it is thinned out for a narrow plot", () => {
    const history = new History();
    for (let i = 0; i < 500; i++) {
      history.add(status([{ address: "10.0.0.1", offset: i === 250 ? -7 : 0.1 }]), i * sampleMs);
    }
    const now = status([{ address: "10.0.0.1", offset: 0 }]);
    const { times, associations } = history.view(now, true, day, 50);
    expect(times).toHaveLength(50);
    expect(associations[0]?.offset).toContain(-7);
  });

  test("takes rates from counters, also past a reset", () => {
    const history = new History();
    for (const [i, sent] of [100, 150, 20].entries()) history.add(status([], sent), i * sampleMs);
    expect(history.view(status([]), true, day, 10).rates.sent).toEqual([undefined, 5, 2]);
  });

  test("has no offset for who never answered", () => {
    const history = new History();
    const silent = status([{ address: "10.0.0.9", offset: 0, reach: 0, dispersion: 16_000 }]);
    history.add(silent, 0);
    const [one] = history.view(silent, true, day, 10).associations;
    expect(one).toMatchObject({ offset: [undefined], reach: [0] });
  });

  test("tells what happened, and only of what its reader may read", () => {
    const history = new History();
    const peer = { address: "10.0.0.1", offset: 0 };
    history.add(status([], 0, "unsynchronized"), 0);
    history.add(status([peer]), sampleMs);
    history.add(status([{ ...peer, reach: 0 }]), 2 * sampleMs);
    history.add(status([]), 3 * sampleMs);
    const texts = history.view(nothing(), true, day, 10).events.map(({ text }) => text);
    expect(texts).toEqual([
      "10.0.0.1 went away",
      "10.0.0.1 answers no more",
      "10.0.0.1 came as client",
      "clock synchronized",
    ]);
    expect(history.view(nothing(), false, day, 10)).toMatchObject({
      clock: {},
      rates: {},
      associations: [],
      events: [],
    });
    expect(history.view(status([peer]), false, day, 10).events).toHaveLength(4);
  });
});

test("metrics are in base units, with the labels of what they are about", async () => {
  const text = await metricsText(status([{ address: "10.0.0.1", offset: -2.5, reach: 15 }], 7));
  const labels = 'address="10.0.0.1",mode="client",configured="true"';
  for (const line of [
    "ntpconfd_clock_synchronized 1",
    "ntpconfd_clock_offset_seconds 0.0015",
    "ntpconfd_packets_sent_total 7",
    `ntpconfd_association_offset_seconds{${labels}} -0.0025`,
    `ntpconfd_association_reach_ratio{${labels}} 0.5`,
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  expect(await metricsText(nothing())).not.toContain("ntpconfd_clock");
});
