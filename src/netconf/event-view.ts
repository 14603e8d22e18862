import type { Raw } from "../base/index.ts";
import { type DataNode, type ListEntry, noEntries } from "../data/index.ts";
import type { Schema } from "../yang/index.ts";
import type { Access, AccessControl } from "./access-control.ts";
import { eventSelector } from "./event-filter.ts";
import type { LoggedEvent } from "./event-log.ts";
import type { FilterWork } from "./filter-work.ts";
import type { Filter } from "./operation.ts";
import type { Peer } from "./peer.ts";
import type { XPathFilters } from "./xpath-filter.ts";

export interface HearingOptions {
  readonly schema: Schema;
  readonly access: AccessControl;
  readonly xpaths: XPathFilters;
  readonly work: FilterWork;
}

/**
 * What somebody hears of an event; undefined: nothing. Throws RpcError where his filter costs more
 * than he has left for filters `at` this moment.
 */
export type Hearing = (event: LoggedEvent, at: Raw) => LoggedEvent | undefined;

/**
 * Who may be told of an event at all (RFC 8341 section 3.4.6), and of what in it: names of
 * instances that he may not read are left out before his filter is asked. Throws RpcError where
 * the filter cannot be read.
 */
export function hearingOf(
  peer: Peer,
  filter: Filter | undefined,
  { schema, access: control, xpaths, work }: HearingOptions,
): Hearing {
  const selects = eventSelector(filter, schema, xpaths);
  return (event, at) => {
    const access = control.of(peer);
    if (!control.mayReceive(access, event.schema)) return undefined;
    const heard = access === undefined ? event : toldOf(event, access);
    return selects(heard, work.of(peer.user, at)) ? heard : undefined;
  };
}

function toldOf(event: LoggedEvent, access: Access): LoggedEvent {
  const { children } = event.tree();
  const told = children.flatMap((node) => toldNode(node, access));
  const isAll = told.length === children.length && told.every((node, i) => node === children[i]);
  return isAll ? event : event.holding(told);
}

/** An entry that names such an instance goes whole: what was done to it is no business either. */
function toldNode(node: DataNode, access: Access): readonly DataNode[] {
  if (node.kind === "leaf") return isTold(node, access) ? [node] : [];
  if (node.kind !== "list") return [node];
  const entries = [...node.entries];
  const told = entries.filter(({ children }) =>
    children.every((child) => child.kind !== "leaf" || isTold(child, access)),
  );
  if (told.length === entries.length) return [node];
  const draft = noEntries<ListEntry>(node.schema).draft();
  for (const entry of told) draft.set(entry.key, entry);
  return told.length === 0 ? [] : [{ ...node, entries: draft.finish() }];
}

function isTold(
  { type, value }: Extract<DataNode, { readonly kind: "leaf" }>,
  access: Access,
): boolean {
  return type.base !== "instance-identifier" || access.mayHear(value);
}
