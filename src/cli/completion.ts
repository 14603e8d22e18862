import type { Command } from "commander";
import { fishPaths, pathCall, pathCommands, pathFunction } from "./path-completion.ts";

export const shells = ["bash", "zsh", "fish"] as const;

/** What can be completed behind one command. */
interface Completed {
  /** As typed: "get", "completion"; "" is ntpconfd itself. */
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Values of arguments, where they are few. */
  readonly words: readonly string[];
}

interface CompletedOption {
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/**
 * `ntpconfd completion SHELL`: a script for the shell, made from the commands themselves. `paths`:
 * of the data that these can read and change.
 */
export function completionScript(
  program: Command,
  shell: (typeof shells)[number],
  paths: string,
): string {
  const commands = program.commands.filter((one) => one.name() !== "help").map(completed);
  const name = program.name();
  if (shell === "fish")
    return `${fishScript(name, commands) + fishPaths(name, paths).join("\n")}\n`;
  const script = pathFunction(name, paths) + bashScript(name, commands);
  return shell === "bash" ? script : `autoload -U +X bashcompinit && bashcompinit\n${script}`;
}

function completed(command: Command): Completed {
  const options = command.createHelp().visibleOptions(command);
  return {
    name: command.name(),
    description: command.description(),
    options: options.map((option) => ({
      names: [option.short, option.long].flatMap((one) => one ?? []),
      description: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
    })),
    words: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  };
}

function bashScript(name: string, commands: readonly Completed[]): string {
  const names = commands.map((one) => one.name);
  const branches = commands.map(({ name: command, options, words }) => {
    const what = pathCommands.get(command);
    const values = options
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ names: of, choices }) =>
          `        ${of.join("|")}) ${offer(choices.join(" "))}; return ;;`,
      );
    const takers = options.filter((one) => one.takesValue && one.choices.length === 0);
    const files = takers.flatMap((one) => one.names).join("|");
    const all = [...options.flatMap((one) => one.names), ...words].join(" ");
    return [
      `    ${command})`,
      '      case "$before" in',
      ...values,
      ...(files === ""
        ? []
        : [`        ${files}) COMPREPLY=($(compgen -f -- "$word")); return ;;`]),
      "      esac",
      ...(what === undefined ? [] : [`      ${pathCall(name, what)}`]),
      `      ${offer(all)}`,
      '      [ -n "$COMPREPLY" ] || COMPREPLY=($(compgen -f -- "$word")) ;;',
    ].join("\n");
  });
  return `_${name}() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    ${offer(names.join(" "))}
    return
  fi
  case "\${COMP_WORDS[1]}" in
${branches.join("\n")}
  esac
}
complete -o filenames -F _${name} ${name}
`;
}

/** In bash: those of the words that begin with what is typed. */
function offer(words: string): string {
  return `COMPREPLY=($(compgen -W "${words}" -- "$word"))`;
}

function fishScript(name: string, commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name: command, description, options, words }) => [
    `complete -c ${name} -n __fish_use_subcommand -f -a ${command} -d ${quoted(description)}`,
    ...options.map(({ names, description: told, takesValue, choices }) => {
      const flags = names.map((one) =>
        one.startsWith("--") ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`,
      );
      const value = takesValue ? ["-r"] : [];
      const values = choices.length > 0 ? [`-f -a ${quoted(choices.join(" "))}`] : [];
      const when = `-n ${quoted(`__fish_seen_subcommand_from ${command}`)}`;
      return ["complete", `-c ${name}`, when, ...flags, ...value, ...values, `-d ${quoted(told)}`]
        .join(" ")
        .trim();
    }),
    ...(words.length === 0
      ? []
      : [
          `complete -c ${name} -n ${quoted(`__fish_seen_subcommand_from ${command}`)} ` +
            `-f -a ${quoted(words.join(" "))}`,
        ]),
  ]);
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
