import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { completionScript } from "../../src/cli/completion.ts";
import { buildProgram } from "../../src/cli/index.ts";

const script = completionScript(buildProgram(), "bash");

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
    const text = completionScript(program, shell);
    for (const name of names) expect(text, `${shell} ${name}`).toContain(name);
  }
});
