import { describe, expect, test } from "vitest";
import { World } from "../agent/world.ts";
import { TypedShell } from "./terminal.ts";

// The procedure as the routers' manual has it, typed on two agents in simulated time.

const secrets = {
  md5: "Md5-Secret-Pass9",
  "hmac-sha256": "Hmac-Secret-Pass9",
  "aes-128-cmac": "Cmac128-Secret-9",
  "aes-256-cmac": "Cmac256-Secret-Pass-9-0123456789",
} as const;
const addresses = { 4: ["192.0.2.21", "192.0.2.10"], 6: ["2001:db8::21", "2001:db8::10"] } as const;

describe("the procedure is typed, and the client synchronizes, authenticated", () => {
  const algorithms = Object.entries(secrets);
  test.each([
    ...algorithms.map(([mode, secret]) => [mode, secret, 4, "plain"] as const),
    ["hmac-sha256", secrets["hmac-sha256"], 6, "cipher"] as const,
  ])("%s %s over IPv%i, %s", (mode, secret, family, form) => {
    const world = new World();
    const [serverAddress, clientAddress] = addresses[family];
    const server = world.host({ address: serverAddress });
    const client = world.host({ address: clientAddress, offset: 0.5, ppm: 40 });
    const key = `ntp-service authentication-keyid 10 authentication-mode ${mode} ${form} ${secret}`;
    const gate = mode === "md5" ? "undo crypto weak-algorithm disable\n" : "";
    const ipv6 = family === 6 ? " ipv6" : "";
    const typed = (role: string, more: string): string =>
      `system-view\n${gate}${key}\n${more}\ninterface eth 0\nntp-service ${role}\ncommit\nreturn`;
    const atServer = new TypedShell(world, server);
    expect(
      atServer.lines(typed(`manycast-server${ipv6}`, "ntp-service refclock-master 3")),
    ).not.toContain("Error");
    const atClient = new TypedShell(world, client);
    const role = `manycast-client${ipv6} ttl 3 authentication-keyid 10 minpoll 1`;
    const shown = atClient.lines(typed(role, "ntp-service max-dynamic-sessions 5"));
    expect(shown).not.toContain("Error");
    expect(shown).toContain("Authentication is enabled");
    expect(world.run(60, () => client.ask().synchronized)).toBe(true);
    world.run(300);
    expect(Math.abs(client.ask().offset)).toBeLessThan(0.005);

    expect(atClient.line("display ntp-service status")).toContain(" clock status: synchronized\n");
    const sessions = atClient.line("display ntp-service sessions verbose");
    expect(sessions).toContain(` clock source: ${serverAddress}\n`);
    expect(sessions).toContain(" clock status: dynamic, master, sane, valid\n");
    expect(sessions).toContain(" authentication: key 10\n");
    expect(sessions).toContain(" local mode: manycast-client\n");
    const running = atClient.line("display current-configuration");
    expect(running).toContain("ntp-service authentication enable\n");
    expect(running).toContain("ntp-service reliable authentication-keyid 10\n");
    expect(running).not.toContain(secret);
  });
});

test("display clock and display version: what time it is, what runs, and since when", () => {
  const world = new World();
  const host = world.host({ address: "192.0.2.21" });
  const shell = new TypedShell(world, host);
  const [, clock = ""] = /^(\d.*)$/m.exec(shell.line("display clock")) ?? [];
  const form = /^(\d\d:\d\d:\d\d)\.\d{3} UTC (\w{3}) (\w{3}) (\d\d) (\d{4})$/;
  const [, time, day, month, date, year] = form.exec(clock) ?? [];
  expect(new Date(`${year} ${month} ${date} ${time} UTC`).toUTCString()).toBe(
    `${day}, ${date} ${month} ${year} ${time} GMT`,
  );
  world.run(3 * 3_600 + 125);
  expect(shell.line("display version")).toMatch(
    /^ntpconfd 1\.2\.3\n Sim 1 sim\n System uptime is 0 days, 3 hours, 2 minutes\n/,
  );
});

test("an interface that is not there is named, and those that are", () => {
  const world = new World();
  const shell = new TypedShell(world, world.host({ address: "192.0.2.21" }));
  expect(shell.lines("system-view\ninterface eth9")).toMatch(
    /there is no interface eth9: this host has eth0/,
  );
});

describe("a line of more than 4096 characters", () => {
  const long = `display version ${"x".repeat(5_000)}`;
  const refusal = "Error: The line is longer than 4096 characters: nothing of it was done.";

  test("is refused, whatever pieces it comes in, and the next one is carried out", () => {
    const world = new World();
    const shell = new TypedShell(world, world.host({ address: addresses[4][0] }));
    expect(shell.line(long)).toBe(`${refusal}\n`);
    const cut = [4_095, 4_096, 4_097, 5_000];
    for (const at of cut) {
      expect(shell.type(long.slice(0, at))).toBe("");
      expect(shell.line(long.slice(at)), `cut at ${at}`).toBe(`${refusal}\n`);
    }
    expect(shell.line("display version")).toContain("1.2.3");
    expect(shell.line("display version".padEnd(4_096))).toContain("1.2.3");
    shell.end();
    expect(shell.status).toBe(1);
  });

  test("is refused where it is typed or pasted, unless it is mended", () => {
    const world = new World();
    const terminal = { columns: 80, rows: 24 };
    const shell = new TypedShell(world, world.host({ address: addresses[4][0] }), { terminal });
    expect(shell.line("display version".padEnd(5_000))).toContain(refusal);
    expect(shell.line("display version")).toContain("1.2.3");
    expect(shell.type("display version".padEnd(5_000))).toContain("\x07");
    expect(shell.line("\x7f")).toContain("1.2.3");
  });
});
