import { fromObject, type Tree, treeOf } from "../data/index.ts";
import type { IetfNetconfAcm } from "../generated/ietf-netconf-acm.ts";
import type { NetworkInterface } from "../ntp/index.ts";
import type { Schema } from "../yang/index.ts";
import { interfacesFactory } from "./interfaces-state.ts";
import { servedNodes } from "./served-nodes.ts";

const everything = "permit-all";
const group = "admin";

/**
 * The built-in factory default: an entry for each interface that the kernel has, and an empty group
 * `admin` to which all is permitted. No NTP.
 */
export function factoryDefault(schema: Schema, kernel: readonly NetworkInterface[]): Tree {
  const object = { ...interfacesFactory(kernel), ...accessFactory };
  return treeOf(fromObject(schema, servedNodes(schema, object)));
}

/** RFC 8341: an access that no rule permits falls back to the defaults, which deny writing. */
const accessFactory: IetfNetconfAcm = {
  "ietf-netconf-acm:nacm": {
    groups: { group: new Map([[group, { name: group }]]) },
    "rule-list": new Map([
      [
        group,
        {
          name: group,
          group: [group],
          rule: new Map([[everything, { name: everything, action: "permit" }]]),
        },
      ],
    ]),
  },
};
