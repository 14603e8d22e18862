import { type ErrorInfo, type ErrorPath, RpcError, type RpcFault } from "../base/index.ts";
import {
  instancePath,
  type PathStep,
  parseInstancePath,
  placeFrom,
  readablePath,
} from "../data/index.ts";
import type { Schema } from "../yang/index.ts";
import type { Access } from "./access-control.ts";

/**
 * A refusal as its user may read it: of nodes that may not be read neither path, keys nor values
 * are told, only that something above them was refused.
 */
export function discreet(refusal: RpcError, access: Access, schema: Schema): RpcError {
  const told = new Map<string, RpcFault>();
  for (const fault of refusal.faults) {
    const known = discreetFault(fault, access, schema);
    told.set(JSON.stringify([known.tag, known.message, known.path?.text]), known);
  }
  return new RpcError([...told.values()]);
}

function discreetFault(fault: RpcFault, access: Access, schema: Schema): RpcFault {
  const { type, tag, path, info } = fault;
  const shown = path === undefined ? undefined : visible(path, access, schema);
  if (path !== undefined && shown !== undefined) {
    const where = shown.length === 0 ? "the configuration" : readablePath(placeFrom(shown));
    const message = `${where}: something in it that this user may not read is in the way`;
    return { type, tag, message, ...(shown.length > 0 && { path: instancePath(shown) }) };
  }
  if (info === undefined || info.every((one) => isTold(one, access, schema))) return fault;
  return { ...fault, info: info.filter((one) => isTold(one, access, schema)) };
}

/** The part of a path that may be read; undefined: all of it, or it is no path to data. */
function visible(
  { text }: ErrorPath,
  access: Access,
  schema: Schema,
): readonly PathStep[] | undefined {
  const steps = parseInstancePath(text, schema) ?? [];
  for (const i of steps.keys()) {
    if (!access.maySee(steps.slice(0, i + 1))) return steps.slice(0, i);
  }
  return undefined;
}

function isTold({ value, namespaces }: ErrorInfo, access: Access, schema: Schema): boolean {
  if (namespaces === undefined) return true;
  return visible({ text: value, namespaces }, access, schema) === undefined;
}
