import { benchNetconf } from "./netconf.ts";
import { benchNtp } from "./ntp.ts";
import { benchNtpLatency } from "./ntp-latency.ts";
import { benchYang } from "./yang.ts";

// `npm run bench NAME -- OPTIONS`: measures what is built, side by side with others.

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  netconf: benchNetconf,
  ntp: benchNtp,
  "ntp-latency": benchNtpLatency,
  yang: benchYang,
};

const [name = "", ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(`usage: npm run bench ${Object.keys(benches).join("|")} -- [options]\n`);
  process.exitCode = 2;
} else {
  await bench(args);
}
