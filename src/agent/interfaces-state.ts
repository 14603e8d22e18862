import type {
  IetfInterfaces,
  InterfacesInterface,
  InterfacesStateInterface,
  InterfaceType,
} from "../generated/ietf-interfaces.ts";
import type { NetworkInterface } from "../ntp/index.ts";

/** What ietf-interfaces is told: the kernel's interfaces, and those that running names. */
export interface InterfacesView {
  readonly kernel: readonly NetworkInterface[];
  readonly configured: ReadonlySet<string>;
  /** When counting began: RFC 3339. */
  readonly since: string;
}

/**
 * Operational state for <get> (RFC 8343): beside each configured entry what the kernel says of it,
 * and all that the kernel has under interfaces-state, the tree of managers from before NMDA.
 */
export function interfacesOperational(view: InterfacesView): IetfInterfaces {
  const byName = new Map(view.kernel.map((one) => [one.name, one]));
  const configured = [...view.configured].map(
    (name) => [name, operational(name, byName.get(name), view.since)] as const,
  );
  const kernel = view.kernel.map((one) => [one.name, legacy(one, view.since)] as const);
  return {
    "ietf-interfaces:interfaces": { interface: new Map(configured) },
    "ietf-interfaces:interfaces-state": { interface: new Map(kernel) },
  };
}

/** The factory default's entries: one for each interface of the kernel. */
export function interfacesFactory(kernel: readonly NetworkInterface[]): IetfInterfaces {
  const entries = kernel.map(
    ({ name }) => [name, { name, type: typeOf(name) } as InterfacesInterface] as const,
  );
  return { "ietf-interfaces:interfaces": { interface: new Map(entries) } };
}

function operational(
  name: string,
  kernel: NetworkInterface | undefined,
  since: string,
): InterfacesInterface {
  // The mandatory type is configuration, which this is merged with.
  const entry: Omit<InterfacesInterface, "type"> =
    kernel === undefined
      ? { name, "admin-status": "down", "oper-status": "not-present" }
      : {
          name,
          "admin-status": kernel.up ? "up" : "down",
          "oper-status": kernel.up ? "up" : "down",
          "if-index": kernel.index,
          statistics: { "discontinuity-time": since },
        };
  return entry as InterfacesInterface;
}

function legacy(kernel: NetworkInterface, since: string): InterfacesStateInterface {
  return {
    name: kernel.name,
    type: typeOf(kernel.name),
    "admin-status": kernel.up ? "up" : "down",
    "oper-status": kernel.up ? "up" : "down",
    "if-index": kernel.index,
    statistics: { "discontinuity-time": since },
  };
}

/** The kernel's list does not say: loopbacks are known by name, all else is taken for Ethernet. */
function typeOf(name: string): InterfaceType {
  return name === "lo" || /^lo\d+$/.test(name)
    ? "iana-if-type:softwareLoopback"
    : "iana-if-type:ethernetCsmacd";
}
