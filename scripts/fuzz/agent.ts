import { servedSchema } from "../../test/agent/served.ts";
import { type SimulatedHost, World } from "../../test/agent/world.ts";
import { TypedShell } from "../../test/shell/terminal.ts";
import { type RequestForm, request } from "./requests.ts";
import { type FuzzTarget, holds, once, textTarget } from "./target.ts";

const emptyConfig = '<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"/>';
const modules = [
  ...["ietf-ntp", "ntpconfd-ntp", "ietf-system", "ietf-interfaces", "ietf-netconf-acm"],
  "ietf-access-control-list",
];

const form = once(
  (): RequestForm => ({
    schema: servedSchema(),
    modules: new Set(modules),
    paths: ["/*", "//*", "/ntp", "//authentication-keys", "//interface[name='eth0']", "/system"],
  }),
);

function checkLog({ log }: SimulatedHost): void {
  const faults = log.filter((line) => /inside the agent|could not be|assertion/.test(line));
  holds(faults.length === 0, () => faults.join("\n"));
}

/** A whole agent with its engine: whatever is configured and asked, every rpc has its reply. */
export const agent: FuzzTarget = textTarget({
  name: "agent",
  quick: 6,
  make: (chance) => {
    const line = (): string =>
      chance.happens(0.1) ? `wait ${chance.integer(100)}` : request(chance, form());
    return [line(), line(), ...chance.some(9, line)].join("\n");
  },
  run(input) {
    const world = new World();
    const host = world.host({ address: "192.0.2.1", factoryDefault: emptyConfig });
    let session = host.session();
    for (const line of input.split("\n")) {
      const wait = /^wait (\d{1,3})$/.exec(line)?.[1];
      if (wait !== undefined) {
        world.run(Number(wait));
        continue;
      }
      const reply = session.rpc(line);
      // A session that is over is followed by another.
      if (!reply.includes("<rpc-reply") || /<close-session|<kill-session|]]>/.test(line)) {
        session = host.session();
      }
      checkLog(host);
    }
    const valid = host.session().rpc("<validate><source><running/></source></validate>");
    holds(valid.includes("<ok/>"), () => `running is not valid: ${valid}`);
  },
});

const keys = [
  ...[
    "\t",
    "?",
    "\r",
    "\n",
    "\x03",
    "\x04",
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x7f",
    "\x15",
  ],
  ...["\x1b", "\x1b[999999999;9", "\x00", "\x1a", "\x17", " | include ", "\u{1f600}", "é"],
];
const words = [
  ...["system-view", "ntp-service", "authentication-keyid", "10", "authentication-mode", "md5"],
  ...["hmac-sha256", "cipher", "Manycast-Key-2026!", "interface", "eth0", "manycast-client"],
  ...[
    "224.0.1.1",
    "commit",
    "display",
    "ntp-service",
    "sessions",
    "status",
    "this",
    "undo",
    "quit",
  ],
  ...["current-configuration", "return", "enable", "refclock-master", "2", "verbose", "reset", "y"],
];

/** The command line: whatever is typed, it goes on or ends. */
export const shell: FuzzTarget = textTarget({
  name: "shell",
  quick: 12,
  make: (chance) =>
    chance.join(60, () =>
      chance.happens(0.7) ? chance.pick(words) + chance.pick([" ", " ", "\r"]) : chance.pick(keys),
    ),
  run(input) {
    const world = new World();
    const host = world.host({ address: "192.0.2.1", factoryDefault: emptyConfig });
    const typed = new TypedShell(world, host, { terminal: { columns: 80, rows: 24 } });
    for (let at = 0; at < input.length && typed.status === undefined; at += 7) {
      const shown = typed.type(input.slice(at, at + 7));
      holds(shown.length < 1_000_000, () => `${shown.length} characters are shown`);
    }
    checkLog(host);
    if (typed.status === undefined) typed.end();
  },
});
