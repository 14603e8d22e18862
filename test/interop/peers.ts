import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** In CI a missing peer is a failure; elsewhere the tests that need it are skipped, visibly. */
const required = process.env.NTPCONFD_PEERS === "required";

/** The distribution's own python3, the one that its packages are installed for. */
export const python = "/usr/bin/python3";

const places: Readonly<Record<string, readonly string[]>> = {
  chronyd: ["/opt/chrony/usr/sbin/chronyd", "/usr/sbin/chronyd"],
  ntpd: ["/usr/sbin/ntpd"],
  ntpdig: ["/usr/bin/ntpdig"],
  ntpq: ["/usr/bin/ntpq"],
  setpriv: ["/usr/bin/setpriv"],
  "systemd-analyze": ["/usr/bin/systemd-analyze"],
  ansible: ["/usr/bin/ansible-playbook"],
  yangcli: ["/usr/bin/yangcli"],
  yanglint: ["/usr/bin/yanglint"],
  tshark: ["/usr/bin/tshark"],
  ssh: ["/usr/bin/ssh"],
  openssl: ["/usr/bin/openssl"],
  sshpass: ["/usr/bin/sshpass"],
  curl: ["/usr/bin/curl"],
  chromium: ["/usr/bin/chromium"],
};

/** Where a peer is; undefined: not here, and its tests are to be skipped. Throws where it must be here. */
export function peer(name: string): string | undefined {
  const found = (places[name] ?? []).find((path) => existsSync(path));
  return found ?? missing(name);
}

/** The same for a Python module. */
export function pythonModule(name: string): string | undefined {
  try {
    execFileSync(python, ["-c", `import ${name}`], { stdio: "ignore" });
    return name;
  } catch {
    return missing(name);
  }
}

function missing(name: string): undefined {
  if (required) throw new Error(`${name} is not installed: scripts/install-peers.sh`);
  return undefined;
}

export interface Outcome {
  readonly status: number | undefined;
  readonly output: string;
}

/** Runs a program to its end, without blocking this process; standard output and error together. */
export function run(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; input?: string; seconds?: number } = {},
): Promise<Outcome> {
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const timer = setTimeout(() => child.kill("SIGKILL"), (options.seconds ?? 120) * 1_000);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ status: code ?? undefined, output });
    });
  });
}
