/** The commands that take a path of data, and whether only configuration will do. */
export const pathCommands: ReadonlyMap<string, "data" | "config"> = new Map([
  ["get", "data"],
  ["set", "config"],
  ["delete", "config"],
] as const);

/**
 * For bash, and zsh in its manner: completes the path that is being typed, without a process of its
 * own. Names of modules and keys may stand in it already. `paths`: as the generator wrote them.
 */
export function pathFunction(name: string, paths: string): string {
  return `_${name}_data='${paths.trim()}'

_${name}_paths() {
  # The word as it was typed: the shell cuts it where a colon or an equals sign stands.
  local typed="\${COMP_LINE:0:$COMP_POINT}"
  typed="\${typed##* }"
  typed="\${typed#[\\'\\"]}"
  # The same without keys, and then without names of modules.
  local plain="$typed"
  while [[ "$plain" == *\\[*\\]* ]]; do plain="\${plain%%\\[*}\${plain#*\\]}"; done
  local rest="$plain" step names=
  while [[ "$rest" == */* ]]; do
    step="\${rest%%/*}"
    names+="\${step#*:}/"
    rest="\${rest#*/}"
  done
  local last="\${typed##*/}" module= mark prefix full found cut
  [[ "$last" == *:* ]] && module="\${last%%:*}:"
  local before="\${typed%"$last"}$module"
  cut="\${typed%"\${typed##*[:=]}"}"
  [[ -n "$ZSH_VERSION" ]] && cut=
  COMPREPLY=()
  while read -r mark prefix full found; do
    [[ "$1" == *"$mark"* && "$found" == "$names\${rest#*:}"* ]] || continue
    [[ -z "$module" || "$module" == "$prefix:" || "$module" == "$full:" ]] || continue
    found="\${found#"$names"}"
    [[ -z "$found" || "\${found%/}" == */* ]] && continue
    found="$before$found"
    COMPREPLY+=("\${found#"$cut"}")
  done <<<"$_${name}_data"
  compopt +o filenames -o nospace 2>&-
}

`;
}

/** In bash: what calls it where a path may stand. */
export function pathCall(name: string, what: "data" | "config"): string {
  return `case "$word" in -*) ;; *) _${name}_paths ${what === "data" ? "rw" : "w"}; return ;; esac`;
}

/** For fish, which cuts nothing: all paths, of which it shows those that fit. */
export function fishPaths(name: string, paths: string): readonly string[] {
  const lines = paths.trim().split("\n");
  const listed = (marks: string): string =>
    lines
      .flatMap((line) => (marks.includes(line.charAt(0)) ? line.split(" ").slice(3) : []))
      .join("\n");
  const calls = [...pathCommands].map(
    ([command, what]) =>
      `complete -c ${name} -n '__fish_seen_subcommand_from ${command}' -f ` +
      `-a '(__${name}_${what})'`,
  );
  return [
    `function __${name}_data; printf '%s\\n' '${listed("rw")}'; end`,
    `function __${name}_config; printf '%s\\n' '${listed("w")}'; end`,
    ...calls,
  ];
}
