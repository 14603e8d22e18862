/** One node of a tree diagram (RFC 8340 section 2.6), whatever it was made of. */
export interface TreeNode {
  /** Status and flags, with the blank or colon behind them: "+--rw ", "x--:". */
  readonly mark: string;
  readonly name: string;
  /** In parentheses: choices and cases. */
  readonly isEnclosed: boolean;
  /** `?`, `!`, `*` or nothing. */
  readonly options: string;
  /** "" where there is none. */
  readonly type: string;
  /** Keys and features. */
  readonly suffix: string;
  readonly children: readonly TreeNode[];
}

/** Siblings and all below them, their types one below the other. */
export function treeLines(nodes: readonly TreeNode[], margin: string): readonly string[] {
  const typed = nodes.filter(({ type }) => type !== "");
  const width = Math.max(0, ...typed.map(({ name }) => name.length + 1));
  return nodes.flatMap((node, i) => {
    const below = `${margin}${i === nodes.length - 1 ? " " : "|"}  `;
    return [margin + line(node, width), ...treeLines(node.children, below)];
  });
}

function line({ mark, name, isEnclosed, options, type, suffix }: TreeNode, width: number): string {
  const named = `${isEnclosed ? `(${name})` : name}${options}`;
  return `${mark}${type === "" ? named : `${named.padEnd(width)}   ${type}`}${suffix}`;
}
