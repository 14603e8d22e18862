import { xpathRoot } from "../data/index.ts";
import { type Element, isBlank } from "../xml/index.ts";
import {
  type Schema,
  toBoolean,
  type XPath,
  type XPathAllowance,
  XPathLimitError,
} from "../yang/index.ts";
import type { LoggedEvent } from "./event-log.ts";
import { sizeOf, spend } from "./filter-work.ts";
import type { Filter } from "./operation.ts";
import { matchesSubtree } from "./subtree-filter.ts";
import { tooCostly, type XPathFilters } from "./xpath-filter.ts";

/**
 * RFC 5277 section 3.6, RFC 8639 section 2.2: an event is sent whole if the filter selects anything
 * of it. Throws RpcError where the filter cannot be read; so does what it gives, where that costs
 * more than is left.
 */
export function eventSelector(
  filter: Filter | undefined,
  schema: Schema,
  xpaths: XPathFilters,
): (event: LoggedEvent, allowance: XPathAllowance) => boolean {
  if (filter === undefined) return () => true;
  if (filter.kind === "subtree") {
    const { elements } = filter;
    const size = sizeOf(elements);
    return (event, allowance) => {
      spend(allowance, size);
      return elements.some((element) => selectsEvent(element, event, schema));
    };
  }
  const xpath = xpaths.compile(filter.select, filter.element);
  return (event, allowance) => evaluates(xpath, event, schema, allowance);
}

function selectsEvent(element: Element, { schema, tree }: LoggedEvent, all: Schema): boolean {
  if (element.name !== schema.name) return false;
  if (element.namespace !== "" && element.namespace !== schema.module.namespace) return false;
  if (element.children.length === 0) return isBlank(element.text);
  return matchesSubtree(tree(), element.children, schema, all);
}

function evaluates(
  xpath: XPath,
  { tree }: LoggedEvent,
  schema: Schema,
  allowance: XPathAllowance,
): boolean {
  const root = xpathRoot({ kind: "tree", schema: undefined, children: [] }, schema, tree());
  try {
    return toBoolean(xpath.evaluate({ node: root, current: root, root, allowance }));
  } catch (error) {
    if (!(error instanceof XPathLimitError)) throw error;
    throw tooCostly(xpath, allowance);
  }
}
