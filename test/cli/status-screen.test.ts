import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { painter } from "../../src/cli/paint.ts";
import { statusLines } from "../../src/cli/status-screen.ts";
import { readStatus } from "../../src/host/index.ts";
import { isXmlFault, parseXml } from "../../src/xml/index.ts";

// One screen of what <get> told: read by people, and by whoever cuts it into columns.

const association = (address: string, reach: number, dispersion: number): string =>
  `<association><address>${address}</address><local-mode>client</local-mode>` +
  `<isconfigured>false</isconfigured><stratum>5</stratum><reach>${reach}</reach><poll>4</poll>` +
  `<offset>-0.006</offset><delay>0.1</delay><dispersion>${dispersion}</dispersion></association>`;

function status(inner: string): ReturnType<typeof readStatus> {
  const read = parseXml(`<data>${inner}</data>`);
  if (isXmlFault(read)) throw new Error(read.message);
  return readStatus(read);
}

const whole = status(
  "<ntp><clock-state><system-status><clock-state>ntp:synchronized</clock-state>" +
    "<clock-stratum>6</clock-stratum><clock-offset>-0.0061</clock-offset>" +
    "<associations-address>10.77.0.21</associations-address>" +
    "<associations-local-mode>client</associations-local-mode>" +
    "<associations-isconfigured>false</associations-isconfigured></system-status></clock-state>" +
    `<associations>${association("10.77.0.21", 0b1111_0111, 2)}${association("fd77::21", 0, 16_000)}` +
    "</associations><packet-drops><bad-mac>3</bad-mac><short>0</short></packet-drops>" +
    "<ntp-statistics><packet-sent>7</packet-sent><packet-received>6</packet-received>" +
    "<packet-dropped>3</packet-dropped></ntp-statistics></ntp>",
);

test("the source, what was not measured, and why packets were dropped", () => {
  expect(statusLines(whole, "10.77.0.10:830", painter(false))).toEqual([
    "ntpconfd at 10.77.0.10:830  ",
    "",
    "● synchronized   stratum 6   time from 10.77.0.21   offset -0.006 ms",
    "  ",
    "",
    "  address     mode    stratum  reach     poll     offset     delay  jitter  key",
    "* 10.77.0.21  client        5  ▮▮▮▮▯▮▮▮  16 s  -0.006 ms  0.100 ms       –    –",
    "  fd77::21    client        5  ▯▯▯▯▯▯▯▯  16 s          –         –       –    –",
    "",
    "packets   7 sent, 6 received, 3 dropped (bad-mac 3)",
  ]);
});

test("colours change no character of it", () => {
  const plain = statusLines(whole, "h", painter(false));
  const painted = statusLines(whole, "h", painter(true));
  expect(painted).not.toEqual(plain);
  expect(painted.map((line) => stripVTControlCharacters(line))).toEqual(plain);
});

test("without /ntp it says so", () => {
  const lines = statusLines(status(""), "h", painter(false));
  expect(lines.at(-1)).toContain("NTP is not configured");
});
