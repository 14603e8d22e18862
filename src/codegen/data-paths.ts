import type { DataSchemaNode, Schema } from "../yang/index.ts";

/**
 * The nodes of a schema as the shells complete them, a line each: `w` for configuration or `r` for
 * state, its module's prefix and name, and the path without them. What has nodes below it ends in a
 * slash; a list comes once more with its key: `w ntp ietf-ntp /ntp/interfaces/interface[name=`.
 */
export function dataPathLines(schema: Schema, modules: readonly string[]): readonly string[] {
  const top = schema.dataChildren.filter((node) => modules.includes(node.module.name));
  return top.flatMap((node) => linesOf(node, "/"));
}

function linesOf(node: DataSchemaNode, above: string): readonly string[] {
  const path = above + node.name;
  const { prefix, name: module } = node.module;
  const mark = `${node.config ? "w" : "r"} ${prefix} ${module} `;
  if (!("dataChildren" in node)) return [`${mark}${path}`];
  const keys = node.kind === "list" ? node.keys.map(({ name }) => name) : [];
  const entry = keys.slice(0, 1).map((key) => `${mark}${path}[${key}=`);
  const below = node.dataChildren.flatMap((child) =>
    // A key is named in the brackets.
    keys.includes(child.name) ? [] : linesOf(child, `${path}/`),
  );
  return [`${mark}${path}/`, ...entry, ...below];
}

/** The file that holds them. */
export function dataPathsFile(lines: readonly string[], maker: string): string {
  return [
    `// Generated from yang/ by ${maker}`,
    "",
    "/** What the shells complete paths of data to. */",
    "export const dataPaths = `",
    ...lines,
    "`;",
    "",
  ].join("\n");
}
