import { ownYangFolder, yangFolders } from "../host/index.ts";
import { escapeText } from "../xml/index.ts";
import { type CompileRequest, compile, type Schema, type SourceFinder } from "../yang/index.ts";
import { CallFault } from "./call-fault.ts";
import { descend, type NetconfClient } from "./netconf-client.ts";

const library = "urn:ietf:params:xml:ns:yang:ietf-yang-library";
const monitoring = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";

interface ListedModule {
  readonly name: string;
  readonly revision: string | undefined;
  readonly features: readonly string[];
  readonly deviations: readonly string[];
  readonly submodules: readonly ListedModule[];
  readonly implemented: boolean;
}

/**
 * The schema that an agent serves, as its YANG library (RFC 8525) lists it. Texts that do not come
 * with this program are asked for with get-schema (RFC 6022).
 */
export async function agentSchema(client: NetconfClient): Promise<Schema> {
  const listed = await listedModules(client);
  const local = yangFolders([ownYangFolder]);
  const fetched = new Map<string, string>();
  for (const one of listed.flatMap((module) => [module, ...module.submodules])) {
    if (local.find(one.name, one.revision) !== undefined) continue;
    fetched.set(one.name, await schemaText(client, one));
  }
  const finder: SourceFinder = {
    find(name, revision) {
      const text = fetched.get(name);
      return text === undefined ? local.find(name, revision) : { file: name, text };
    },
  };
  const { schema, diagnostics } = compile(requestOf(listed), finder);
  const fault = diagnostics.find(({ severity }) => severity === "error");
  if (fault === undefined) return schema;
  throw new CallFault(
    `the agent's modules do not compile: ${fault.position.file}: ${fault.message}`,
  );
}

function requestOf(listed: readonly ListedModule[]): CompileRequest {
  const deviations = new Set(listed.flatMap((module) => module.deviations));
  return {
    implement: listed.filter(({ implemented, name }) => implemented && !deviations.has(name)),
    deviations: [...deviations],
    features: new Map(listed.map(({ name, features }) => [name, new Set(features)])),
    otherFeatures: "none",
  };
}

async function listedModules(client: NetconfClient): Promise<readonly ListedModule[]> {
  const data = await client.get(`<yang-library xmlns="${library}"><module-set/></yang-library>`);
  const sets = descend(data, ["yang-library"])?.children ?? [];
  const listed = sets.flatMap(({ children }) =>
    children.flatMap((child) => {
      if (child.name !== "module" && child.name !== "import-only-module") return [];
      return listedModule(child, child.name === "module");
    }),
  );
  if (listed.length > 0) return listed;
  throw new CallFault("the agent shows no YANG library: this user may not read it", 1);
}

function listedModule(
  entry: Awaited<ReturnType<NetconfClient["get"]>>,
  implemented: boolean,
): ListedModule {
  const all = (name: string): readonly string[] =>
    entry.children.flatMap((child) => (child.name === name ? [child.text.trim()] : []));
  const [revision] = all("revision").filter((text) => text !== "");
  return {
    name: all("name")[0] ?? "",
    revision,
    features: all("feature"),
    deviations: all("deviation"),
    submodules: entry.children
      .filter(({ name }) => name === "submodule")
      .map((child) => listedModule(child, false)),
    implemented,
  };
}

async function schemaText(
  client: NetconfClient,
  { name, revision }: ListedModule,
): Promise<string> {
  const version = revision === undefined ? "" : `<version>${escapeText(revision)}</version>`;
  const reply = await client.rpc(
    `<get-schema xmlns="${monitoring}"><identifier>${escapeText(name)}</identifier>${version}` +
      "</get-schema>",
  );
  return descend(reply, ["data"])?.text ?? "";
}
