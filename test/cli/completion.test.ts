import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { completionScript } from "../../src/cli/completion.ts";
import { buildProgram } from "../../src/cli/index.ts";
import { dataPaths } from "../../src/generated/data-paths.ts";

const script = completionScript(buildProgram(), "bash", dataPaths);

function completed(...words: readonly string[]): readonly string[] {
  const typed = words.map((word) => `'${word}'`).join(" ");
  const text = `${script}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _ntpconfd
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", text], { encoding: "utf8", cwd: "/" })
    .split("\n")
    .slice(0, -1);
}

test.each<[readonly string[], readonly string[]]>([
  [["ntpconfd", "st"], ["status"]],
  [["ntpconfd", "get", "--sou"], ["--source"]],
  [["ntpconfd", "get", "--source", "c"], ["candidate"]],
  [["ntpconfd", "completion", "f"], ["fish"]],
  [["ntpconfd", "check", "--type", "not"], ["notification"]],
  [["ntpconfd", "edit", "et"], ["etc"]],
])("bash: %j is completed to %j", (words, expected) => {
  expect(completed(...words)).toEqual(expected);
});

test("every command is there, for every shell", () => {
  const program = buildProgram();
  const names = program.commands.map((one) => one.name()).filter((name) => name !== "help");
  expect(names).toContain("serve");
  for (const shell of ["bash", "zsh", "fish"] as const) {
    const text = completionScript(program, shell, dataPaths);
    for (const name of names) expect(text, `${shell} ${name}`).toContain(name);
  }
});

describe("a path of data", () => {
  /** As bash calls it: words are cut at colons and equals signs, the line is whole. */
  function after(line: string): readonly string[] {
    const words = line.split(/([:=]| +)/).filter((word) => word.trim() !== "");
    const text = `${script}\nCOMP_LINE=$1 COMP_POINT=\${#1}; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ntpconfd
      [ -z "$COMPREPLY" ] || printf '%s\\n' "\${COMPREPLY[@]}"`;
    const args = ["-c", text, "bash", line, ...words];
    return execFileSync("bash", args, { encoding: "utf8" }).split("\n").slice(0, -1);
  }

  test.each<[string, readonly string[]]>([
    ["ntpconfd get /nt", ["/ntp/"]],
    ["ntpconfd get /ntp:n", ["ntp/"]],
    ["ntpconfd get /ntp/refc", ["/ntp/refclock-master/"]],
    [
      "ntpconfd get /ietf-ntp:ntp/clock-state/system-status/clock-of",
      ["ntp/clock-state/system-status/clock-offset"],
    ],
    [
      "ntpconfd get '/ntp/authentication/authentication-k",
      [
        "/ntp/authentication/authentication-keys/",
        "/ntp/authentication/authentication-keys[keyid=",
      ],
    ],
    ["ntpconfd set /ntp/authentication/authentication-keys[keyid=10]/istr", ["10]/istrusted"]],
    [
      "ntpconfd set /ntp/interfaces/interface[name='eth0/1']/manycast-client/tt",
      ["'eth0/1']/manycast-client/ttl"],
    ],
    ["ntpconfd set /ntp/max-dyn", ["/ntp/max-dynamic-sessions"]],
    ["ntpconfd set /ntp/nd:max-dyn", ["max-dynamic-sessions"]],
    ["ntpconfd set /ntp/clock-st", []],
    [
      "ntpconfd delete --netconf 127.0.0.1:1830 /ntp/refclock-master/",
      ["/ntp/refclock-master/master-stratum"],
    ],
    ["ntpconfd get /nowhere", []],
  ])("%s", (line, expected) => {
    expect(after(line)).toEqual(expected);
  });
});
