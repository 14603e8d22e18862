import type { RpcError } from "../base/index.ts";
import type { Element } from "../xml/index.ts";
import { protocolError } from "./reply.ts";

/** What a file may be called: no folders, nothing hidden, no name that the disk needs itself. */
const fileName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;
const form = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/]*))?\/?(.*)$/s;

/**
 * The file that a <url> names (RFC 6241 section 8.8): `file:///NAME`, NAME being one of the agent's
 * own directory. Throws RpcError.
 */
export function fileOf(element: Element): string {
  const url = element.text.trim();
  const [, scheme, host, path = ""] = form.exec(url) ?? [];
  if (scheme === undefined) throw badUrl(url, "it is no URL: file:///NAME is due");
  if (scheme.toLowerCase() !== "file") {
    throw badUrl(url, `the scheme "${scheme}" is not served: file is`);
  }
  if (host !== undefined && host !== "" && host.toLowerCase() !== "localhost") {
    throw badUrl(url, "it names a file of another host");
  }
  const name = decoded(path);
  if (name === undefined || !fileName.test(name) || name.endsWith(".new")) {
    const due = "letters, digits, hyphens, underscores and dots, no folder and no dot in front";
    throw badUrl(url, `"${path}" is no name of a file here: ${due}`);
  }
  return name;
}

/** Throws RpcError: there is nothing to read or to delete. */
export function noSuchFile(name: string): RpcError {
  return badUrl(`file:///${name}`, "there is no such file");
}

/** undefined: what follows a per cent sign is no octet, or the octets are no text. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function badUrl(url: string, why: string): RpcError {
  return protocolError("invalid-value", `<url> ${url}: ${why}`, {
    info: [{ name: "bad-element", value: "url" }],
  });
}
