// Generated from ietf-interfaces@2018-02-20 by scripts/generate.ts

/** The top of ietf-interfaces in a datastore. */
export interface IetfInterfaces {
  /** The interfaces of this host. */
  readonly "ietf-interfaces:interfaces": Interfaces;
  /** State of the interfaces in the form that came before NMDA; use /interfaces. */
  readonly "ietf-interfaces:interfaces-state"?: InterfacesState;
}

/** IetfInterfaces with the defaults in use. */
export interface EffectiveIetfInterfaces extends IetfInterfaces {
  readonly "ietf-interfaces:interfaces": EffectiveInterfaces;
  readonly "ietf-interfaces:interfaces-state"?: EffectiveInterfacesState;
}

/** The interfaces of this host. */
export interface Interfaces {
  /**
   * One interface: configured, there in the system, or both.
   *
   * Keyed by name.
   */
  readonly "interface"?: ReadonlyMap<string, InterfacesInterface>;
}

/** Interfaces with the defaults in use. */
export interface EffectiveInterfaces extends Interfaces {
  readonly "interface"?: ReadonlyMap<string, EffectiveInterfacesInterface>;
}

/** One interface: configured, there in the system, or both. */
export interface InterfacesInterface {
  /** Name of the interface, as the system knows it. */
  readonly "name": string;
  /** Text for people. */
  readonly "description"?: string;
  /** Kind of interface. */
  readonly "type": InterfaceType;
  /**
   * Whether the interface should be in use.
   *
   * Default: true.
   */
  readonly "enabled"?: boolean;
  /** Whether link notifications are sent for the interface over SNMP. */
  readonly "link-up-down-trap-enable"?: "enabled" | "disabled";
  /** The state that is wanted. */
  readonly "admin-status"?: "up" | "down" | "testing";
  /** The state that the interface is in. */
  readonly "oper-status"?:
    | "up"
    | "down"
    | "testing"
    | "unknown"
    | "dormant"
    | "not-present"
    | "lower-layer-down";
  /** When the present state began; absent where that was before the network last started. */
  readonly "last-change"?: string;
  /**
   * Number of the interface in the IF-MIB and in the kernel.
   *
   * int32. Range 1..2147483647.
   */
  readonly "if-index"?: number;
  /** Link-layer address, a MAC address for Ethernet. */
  readonly "phys-address"?: string;
  /**
   * Interfaces that stand on top of this one.
   *
   * Refers to /if:interfaces/if:interface/if:name.
   */
  readonly "higher-layer-if"?: readonly string[];
  /**
   * Interfaces that this one stands on.
   *
   * Refers to /if:interfaces/if:interface/if:name.
   */
  readonly "lower-layer-if"?: readonly string[];
  /**
   * Bandwidth, bits per second.
   *
   * uint64. Unit: bits/second.
   */
  readonly "speed"?: bigint;
  /** Counters. */
  readonly "statistics"?: InterfacesInterfaceStatistics;
  /**
   * IPv4.
   *
   * Present: Enables IPv4 unless the 'enabled' leaf (which defaults to 'true') is set to 'false'.
   */
  readonly "ietf-ip:ipv4"?: InterfacesInterfaceIpv4;
  /**
   * IPv6.
   *
   * Present: Enables IPv6 unless the 'enabled' leaf (which defaults to 'true') is set to 'false'.
   */
  readonly "ietf-ip:ipv6"?: InterfacesInterfaceIpv6;
}

/** InterfacesInterface with the defaults in use. */
export interface EffectiveInterfacesInterface extends InterfacesInterface {
  readonly "enabled": boolean;
  readonly "ietf-ip:ipv4"?: EffectiveInterfacesInterfaceIpv4;
  readonly "ietf-ip:ipv6"?: EffectiveInterfacesInterfaceIpv6;
}

/** Counters. */
export interface InterfacesInterfaceStatistics {
  /** When a counter last began again; where none did, when the network last started. */
  readonly "discontinuity-time": string;
  /**
   * Octets received, framing among them.
   *
   * uint64.
   */
  readonly "in-octets"?: bigint;
  /**
   * Packets received that were for this interface's address.
   *
   * uint64.
   */
  readonly "in-unicast-pkts"?: bigint;
  /**
   * Broadcast packets received.
   *
   * uint64.
   */
  readonly "in-broadcast-pkts"?: bigint;
  /**
   * Multicast packets received.
   *
   * uint64.
   */
  readonly "in-multicast-pkts"?: bigint;
  /**
   * Packets received without error and dropped all the same, for lack of room.
   *
   * uint32.
   */
  readonly "in-discards"?: number;
  /**
   * Packets received with errors.
   *
   * uint32.
   */
  readonly "in-errors"?: number;
  /**
   * Packets received of a protocol that is not known or not served.
   *
   * uint32.
   */
  readonly "in-unknown-protos"?: number;
  /**
   * Octets sent, framing among them.
   *
   * uint64.
   */
  readonly "out-octets"?: bigint;
  /**
   * Packets that were to be sent to one address.
   *
   * uint64.
   */
  readonly "out-unicast-pkts"?: bigint;
  /**
   * Packets that were to be sent by broadcast.
   *
   * uint64.
   */
  readonly "out-broadcast-pkts"?: bigint;
  /**
   * Packets that were to be sent by multicast.
   *
   * uint64.
   */
  readonly "out-multicast-pkts"?: bigint;
  /**
   * Packets without error that were dropped rather than sent.
   *
   * uint32.
   */
  readonly "out-discards"?: number;
  /**
   * Packets that errors kept from being sent.
   *
   * uint32.
   */
  readonly "out-errors"?: number;
}

/** IPv4. */
export interface InterfacesInterfaceIpv4 {
  /**
   * Whether IPv4 is spoken on the interface.
   *
   * Default: true.
   */
  readonly "enabled"?: boolean;
  /**
   * Whether packets for others are passed on.
   *
   * Default: false.
   */
  readonly "forwarding"?: boolean;
  /**
   * Largest packet, octets.
   *
   * uint16. Range 68..max. Unit: octets.
   */
  readonly "mtu"?: number;
  /**
   * An address of the interface.
   *
   * Keyed by ip.
   */
  readonly "address"?: ReadonlyMap<string, InterfacesInterfaceIpv4Address>;
  /**
   * An entry of the ARP table.
   *
   * Keyed by ip.
   */
  readonly "neighbor"?: ReadonlyMap<string, InterfacesInterfaceIpv4Neighbor>;
}

/** InterfacesInterfaceIpv4 with the defaults in use. */
export interface EffectiveInterfacesInterfaceIpv4 extends InterfacesInterfaceIpv4 {
  readonly "enabled": boolean;
  readonly "forwarding": boolean;
}

/** An address of the interface. */
export type InterfacesInterfaceIpv4Address = {
  /** The address. */
  readonly "ip": string;
  /** Where the address comes from. */
  readonly "origin"?: IpAddressOrigin;
} & InterfacesInterfaceIpv4AddressSubnetChoice;

/** The subnet. */
export type InterfacesInterfaceIpv4AddressSubnetChoice =
  | {
      /**
       * Length of the prefix, bits.
       *
       * uint8. Range 0..32.
       */
      readonly "prefix-length"?: number;
      readonly "netmask"?: never;
    }
  | {
      /** Netmask. */
      readonly "netmask"?: string;
      readonly "prefix-length"?: never;
    };

/** An entry of the ARP table. */
export interface InterfacesInterfaceIpv4Neighbor {
  /** Address of the neighbor. */
  readonly "ip": string;
  /** Link-layer address of the neighbor. */
  readonly "link-layer-address": string;
  /** Where the entry comes from. */
  readonly "origin"?: NeighborOrigin;
}

/** IPv6. */
export interface InterfacesInterfaceIpv6 {
  /**
   * Whether IPv6 is spoken on the interface.
   *
   * Default: true.
   */
  readonly "enabled"?: boolean;
  /**
   * Whether packets for others are passed on.
   *
   * Default: false.
   */
  readonly "forwarding"?: boolean;
  /**
   * Largest packet, octets.
   *
   * uint32. Range 1280..max. Unit: octets.
   */
  readonly "mtu"?: number;
  /**
   * An address of the interface.
   *
   * Keyed by ip.
   */
  readonly "address"?: ReadonlyMap<string, InterfacesInterfaceIpv6Address>;
  /**
   * An entry of the neighbor table.
   *
   * Keyed by ip.
   */
  readonly "neighbor"?: ReadonlyMap<string, InterfacesInterfaceIpv6Neighbor>;
  /**
   * How often to ask whether an address is another's too; 0 does not ask.
   *
   * uint32. Default: 1.
   */
  readonly "dup-addr-detect-transmits"?: number;
  /** Addresses that the host makes for itself. */
  readonly "autoconf": InterfacesInterfaceIpv6Autoconf;
}

/** InterfacesInterfaceIpv6 with the defaults in use. */
export interface EffectiveInterfacesInterfaceIpv6 extends InterfacesInterfaceIpv6 {
  readonly "enabled": boolean;
  readonly "forwarding": boolean;
  readonly "dup-addr-detect-transmits": number;
  readonly "autoconf": EffectiveInterfacesInterfaceIpv6Autoconf;
}

/** An address of the interface. */
export interface InterfacesInterfaceIpv6Address {
  /** The address. */
  readonly "ip": string;
  /**
   * Length of the prefix, bits.
   *
   * uint8. Range 0..128.
   */
  readonly "prefix-length": number;
  /** Where the address comes from. */
  readonly "origin"?: IpAddressOrigin;
  /** What may be done with the address. */
  readonly "status"?:
    | "preferred"
    | "deprecated"
    | "invalid"
    | "inaccessible"
    | "unknown"
    | "tentative"
    | "duplicate"
    | "optimistic";
}

/** An entry of the neighbor table. */
export interface InterfacesInterfaceIpv6Neighbor {
  /** Address of the neighbor. */
  readonly "ip": string;
  /** Link-layer address of the neighbor. */
  readonly "link-layer-address": string;
  /** Where the entry comes from. */
  readonly "origin"?: NeighborOrigin;
  /** There where the neighbor is a router. */
  readonly "is-router"?: true;
  /** Whether the neighbor can be reached. */
  readonly "state"?: "incomplete" | "reachable" | "stale" | "delay" | "probe";
}

/** Addresses that the host makes for itself. */
export interface InterfacesInterfaceIpv6Autoconf {
  /**
   * Whether it makes global ones.
   *
   * Default: true.
   */
  readonly "create-global-addresses"?: boolean;
  /**
   * Whether it makes temporary ones.
   *
   * Default: false.
   */
  readonly "create-temporary-addresses"?: boolean;
  /**
   * How long a temporary address is valid, s.
   *
   * uint32. Unit: seconds. Default: 604800.
   */
  readonly "temporary-valid-lifetime"?: number;
  /**
   * How long a temporary address is preferred, s.
   *
   * uint32. Unit: seconds. Default: 86400.
   */
  readonly "temporary-preferred-lifetime"?: number;
}

/** InterfacesInterfaceIpv6Autoconf with the defaults in use. */
export interface EffectiveInterfacesInterfaceIpv6Autoconf extends InterfacesInterfaceIpv6Autoconf {
  readonly "create-global-addresses": boolean;
  readonly "create-temporary-addresses": boolean;
  readonly "temporary-valid-lifetime": number;
  readonly "temporary-preferred-lifetime": number;
}

/** State of the interfaces in the form that came before NMDA; use /interfaces. */
export interface InterfacesState {
  /**
   * One interface that is there.
   *
   * Keyed by name.
   */
  readonly "interface"?: ReadonlyMap<string, InterfacesStateInterface>;
}

/** InterfacesState with the defaults in use. */
export interface EffectiveInterfacesState extends InterfacesState {
  readonly "interface"?: ReadonlyMap<string, EffectiveInterfacesStateInterface>;
}

/** One interface that is there. */
export interface InterfacesStateInterface {
  /** Name of the interface. */
  readonly "name": string;
  /** Kind of interface. */
  readonly "type": InterfaceType;
  /** The state that is wanted. */
  readonly "admin-status": "up" | "down" | "testing";
  /** The state that the interface is in. */
  readonly "oper-status":
    | "up"
    | "down"
    | "testing"
    | "unknown"
    | "dormant"
    | "not-present"
    | "lower-layer-down";
  /** When the present state began. */
  readonly "last-change"?: string;
  /**
   * Number of the interface in the IF-MIB and in the kernel.
   *
   * int32. Range 1..2147483647.
   */
  readonly "if-index": number;
  /** Link-layer address. */
  readonly "phys-address"?: string;
  /**
   * Interfaces that stand on top of this one.
   *
   * Refers to /if:interfaces-state/if:interface/if:name.
   */
  readonly "higher-layer-if"?: readonly string[];
  /**
   * Interfaces that this one stands on.
   *
   * Refers to /if:interfaces-state/if:interface/if:name.
   */
  readonly "lower-layer-if"?: readonly string[];
  /**
   * Bandwidth, bits per second.
   *
   * uint64. Unit: bits/second.
   */
  readonly "speed"?: bigint;
  /** Counters. */
  readonly "statistics": InterfacesStateInterfaceStatistics;
  /**
   * IPv4.
   *
   * Present: Present if IPv4 is enabled on this interface.
   */
  readonly "ietf-ip:ipv4"?: InterfacesStateInterfaceIpv4;
  /**
   * IPv6.
   *
   * Present: Present if IPv6 is enabled on this interface.
   */
  readonly "ietf-ip:ipv6"?: InterfacesStateInterfaceIpv6;
}

/** InterfacesStateInterface with the defaults in use. */
export interface EffectiveInterfacesStateInterface extends InterfacesStateInterface {
  readonly "ietf-ip:ipv6"?: EffectiveInterfacesStateInterfaceIpv6;
}

/** Counters. */
export interface InterfacesStateInterfaceStatistics {
  /** When a counter last began again. */
  readonly "discontinuity-time": string;
  /**
   * Octets received, framing among them.
   *
   * uint64.
   */
  readonly "in-octets"?: bigint;
  /**
   * Packets received that were for this interface's address.
   *
   * uint64.
   */
  readonly "in-unicast-pkts"?: bigint;
  /**
   * Broadcast packets received.
   *
   * uint64.
   */
  readonly "in-broadcast-pkts"?: bigint;
  /**
   * Multicast packets received.
   *
   * uint64.
   */
  readonly "in-multicast-pkts"?: bigint;
  /**
   * Packets received without error and dropped all the same.
   *
   * uint32.
   */
  readonly "in-discards"?: number;
  /**
   * Packets received with errors.
   *
   * uint32.
   */
  readonly "in-errors"?: number;
  /**
   * Packets received of a protocol that is not known or not served.
   *
   * uint32.
   */
  readonly "in-unknown-protos"?: number;
  /**
   * Octets sent, framing among them.
   *
   * uint64.
   */
  readonly "out-octets"?: bigint;
  /**
   * Packets that were to be sent to one address.
   *
   * uint64.
   */
  readonly "out-unicast-pkts"?: bigint;
  /**
   * Packets that were to be sent by broadcast.
   *
   * uint64.
   */
  readonly "out-broadcast-pkts"?: bigint;
  /**
   * Packets that were to be sent by multicast.
   *
   * uint64.
   */
  readonly "out-multicast-pkts"?: bigint;
  /**
   * Packets without error that were dropped rather than sent.
   *
   * uint32.
   */
  readonly "out-discards"?: number;
  /**
   * Packets that errors kept from being sent.
   *
   * uint32.
   */
  readonly "out-errors"?: number;
}

/** IPv4. */
export interface InterfacesStateInterfaceIpv4 {
  /** Whether packets for others are passed on. */
  readonly "forwarding"?: boolean;
  /**
   * Largest packet, octets.
   *
   * uint16. Range 68..max. Unit: octets.
   */
  readonly "mtu"?: number;
  /**
   * An address of the interface.
   *
   * Keyed by ip.
   */
  readonly "address"?: ReadonlyMap<string, InterfacesStateInterfaceIpv4Address>;
  /**
   * An entry of the ARP table.
   *
   * Keyed by ip.
   */
  readonly "neighbor"?: ReadonlyMap<string, InterfacesStateInterfaceIpv4Neighbor>;
}

/** An address of the interface. */
export type InterfacesStateInterfaceIpv4Address = {
  /** The address. */
  readonly "ip": string;
  /** Where the address comes from. */
  readonly "origin"?: IpAddressOrigin;
} & InterfacesStateInterfaceIpv4AddressSubnetChoice;

/** The subnet. */
export type InterfacesStateInterfaceIpv4AddressSubnetChoice =
  | {
      /**
       * Length of the prefix, bits.
       *
       * uint8. Range 0..32.
       */
      readonly "prefix-length"?: number;
      readonly "netmask"?: never;
    }
  | {
      /** Netmask. */
      readonly "netmask"?: string;
      readonly "prefix-length"?: never;
    }
  | {
      readonly "prefix-length"?: never;
      readonly "netmask"?: never;
    };

/** An entry of the ARP table. */
export interface InterfacesStateInterfaceIpv4Neighbor {
  /** Address of the neighbor. */
  readonly "ip": string;
  /** Link-layer address of the neighbor. */
  readonly "link-layer-address"?: string;
  /** Where the entry comes from. */
  readonly "origin"?: NeighborOrigin;
}

/** IPv6. */
export interface InterfacesStateInterfaceIpv6 {
  /**
   * Whether packets for others are passed on.
   *
   * Default: false.
   */
  readonly "forwarding"?: boolean;
  /**
   * Largest packet, octets.
   *
   * uint32. Range 1280..max. Unit: octets.
   */
  readonly "mtu"?: number;
  /**
   * An address of the interface.
   *
   * Keyed by ip.
   */
  readonly "address"?: ReadonlyMap<string, InterfacesStateInterfaceIpv6Address>;
  /**
   * An entry of the neighbor table.
   *
   * Keyed by ip.
   */
  readonly "neighbor"?: ReadonlyMap<string, InterfacesStateInterfaceIpv6Neighbor>;
}

/** InterfacesStateInterfaceIpv6 with the defaults in use. */
export interface EffectiveInterfacesStateInterfaceIpv6 extends InterfacesStateInterfaceIpv6 {
  readonly "forwarding": boolean;
}

/** An address of the interface. */
export interface InterfacesStateInterfaceIpv6Address {
  /** The address. */
  readonly "ip": string;
  /**
   * Length of the prefix, bits.
   *
   * uint8. Range 0..128.
   */
  readonly "prefix-length": number;
  /** Where the address comes from. */
  readonly "origin"?: IpAddressOrigin;
  /** What may be done with the address. */
  readonly "status"?:
    | "preferred"
    | "deprecated"
    | "invalid"
    | "inaccessible"
    | "unknown"
    | "tentative"
    | "duplicate"
    | "optimistic";
}

/** An entry of the neighbor table. */
export interface InterfacesStateInterfaceIpv6Neighbor {
  /** Address of the neighbor. */
  readonly "ip": string;
  /** Link-layer address of the neighbor. */
  readonly "link-layer-address"?: string;
  /** Where the entry comes from. */
  readonly "origin"?: NeighborOrigin;
  /** There where the neighbor is a router. */
  readonly "is-router"?: true;
  /** Whether the neighbor can be reached. */
  readonly "state"?: "incomplete" | "reachable" | "stale" | "delay" | "probe";
}

/** Base of all interface types; iana-if-type holds them. */
export type InterfaceType =
  | "iana-if-type:a12MppSwitch"
  | "iana-if-type:aal2"
  | "iana-if-type:aal5"
  | "iana-if-type:actelisMetaLOOP"
  | "iana-if-type:adsl"
  | "iana-if-type:adsl2"
  | "iana-if-type:adsl2plus"
  | "iana-if-type:aflane8023"
  | "iana-if-type:aflane8025"
  | "iana-if-type:aluELP"
  | "iana-if-type:aluEpon"
  | "iana-if-type:aluEponLogicalLink"
  | "iana-if-type:aluEponOnu"
  | "iana-if-type:aluEponPhysicalUni"
  | "iana-if-type:aluGponOnu"
  | "iana-if-type:aluGponPhysicalUni"
  | "iana-if-type:arap"
  | "iana-if-type:arcnet"
  | "iana-if-type:arcnetPlus"
  | "iana-if-type:async"
  | "iana-if-type:atm"
  | "iana-if-type:atmDxi"
  | "iana-if-type:atmFuni"
  | "iana-if-type:atmIma"
  | "iana-if-type:atmLogical"
  | "iana-if-type:atmRadio"
  | "iana-if-type:atmSubInterface"
  | "iana-if-type:atmVciEndPt"
  | "iana-if-type:atmVirtual"
  | "iana-if-type:atmbond"
  | "iana-if-type:aviciOpticalEther"
  | "iana-if-type:ax25"
  | "iana-if-type:basicISDN"
  | "iana-if-type:bgppolicyaccounting"
  | "iana-if-type:bits"
  | "iana-if-type:bridge"
  | "iana-if-type:bsc"
  | "iana-if-type:cableDownstreamRfPort"
  | "iana-if-type:capwapDot11Bss"
  | "iana-if-type:capwapDot11Profile"
  | "iana-if-type:capwapWtpVirtualRadio"
  | "iana-if-type:cblVectaStar"
  | "iana-if-type:cctEmul"
  | "iana-if-type:ces"
  | "iana-if-type:channel"
  | "iana-if-type:ciscoISLvlan"
  | "iana-if-type:cnr"
  | "iana-if-type:coffee"
  | "iana-if-type:compositeLink"
  | "iana-if-type:cpri"
  | "iana-if-type:dcn"
  | "iana-if-type:ddnX25"
  | "iana-if-type:digitalPowerline"
  | "iana-if-type:digitalWrapperOverheadChannel"
  | "iana-if-type:dlsw"
  | "iana-if-type:docsCableDownstream"
  | "iana-if-type:docsCableMCmtsDownstream"
  | "iana-if-type:docsCableMaclayer"
  | "iana-if-type:docsCableNdf"
  | "iana-if-type:docsCableNdr"
  | "iana-if-type:docsCableScte25d1FwdOob"
  | "iana-if-type:docsCableScte25d1RetOob"
  | "iana-if-type:docsCableScte25d2MacOob"
  | "iana-if-type:docsCableScte55d1FwdOob"
  | "iana-if-type:docsCableScte55d1RetOob"
  | "iana-if-type:docsCableScte55d2DsOob"
  | "iana-if-type:docsCableScte55d2UsOob"
  | "iana-if-type:docsCableUpstream"
  | "iana-if-type:docsCableUpstreamChannel"
  | "iana-if-type:docsCableUpstreamRfPort"
  | "iana-if-type:docsOfdmDownstream"
  | "iana-if-type:docsOfdmaUpstream"
  | "iana-if-type:ds0"
  | "iana-if-type:ds0Bundle"
  | "iana-if-type:ds1"
  | "iana-if-type:ds1FDL"
  | "iana-if-type:ds3"
  | "iana-if-type:dtm"
  | "iana-if-type:dvbAsiIn"
  | "iana-if-type:dvbAsiOut"
  | "iana-if-type:dvbRccDownstream"
  | "iana-if-type:dvbRccMacLayer"
  | "iana-if-type:dvbRccUpstream"
  | "iana-if-type:dvbRcsMacLayer"
  | "iana-if-type:dvbRcsTdma"
  | "iana-if-type:dvbTdm"
  | "iana-if-type:e1"
  | "iana-if-type:econet"
  | "iana-if-type:eon"
  | "iana-if-type:eplrs"
  | "iana-if-type:escon"
  | "iana-if-type:ethernet3Mbit"
  | "iana-if-type:ethernetCsmacd"
  | "iana-if-type:fast"
  | "iana-if-type:fastEther"
  | "iana-if-type:fastEtherFX"
  | "iana-if-type:fastdsl"
  | "iana-if-type:fcipLink"
  | "iana-if-type:fddi"
  | "iana-if-type:fibreChannel"
  | "iana-if-type:frDlciEndPt"
  | "iana-if-type:frForward"
  | "iana-if-type:frameRelay"
  | "iana-if-type:frameRelayInterconnect"
  | "iana-if-type:frameRelayMPI"
  | "iana-if-type:frameRelayService"
  | "iana-if-type:frf16MfrBundle"
  | "iana-if-type:g703at2mb"
  | "iana-if-type:g703at64k"
  | "iana-if-type:g9981"
  | "iana-if-type:g9982"
  | "iana-if-type:g9983"
  | "iana-if-type:gfast"
  | "iana-if-type:gfp"
  | "iana-if-type:ghn"
  | "iana-if-type:gigabitEthernet"
  | "iana-if-type:gpon"
  | "iana-if-type:gr303IDT"
  | "iana-if-type:gr303RDT"
  | "iana-if-type:gtp"
  | "iana-if-type:h323Gatekeeper"
  | "iana-if-type:h323Proxy"
  | "iana-if-type:hdh1822"
  | "iana-if-type:hdlc"
  | "iana-if-type:hdsl2"
  | "iana-if-type:hiperlan2"
  | "iana-if-type:hippi"
  | "iana-if-type:hippiInterface"
  | "iana-if-type:homepna"
  | "iana-if-type:hostPad"
  | "iana-if-type:hssi"
  | "iana-if-type:hyperchannel"
  | "iana-if-type:iana-interface-type"
  | "iana-if-type:ibm370parChan"
  | "iana-if-type:idsl"
  | "iana-if-type:ieee1394"
  | "iana-if-type:ieee19061nanocom"
  | "iana-if-type:ieee80211"
  | "iana-if-type:ieee80212"
  | "iana-if-type:ieee802154"
  | "iana-if-type:ieee80216WMAN"
  | "iana-if-type:ieee8021axDrni"
  | "iana-if-type:ieee8023adLag"
  | "iana-if-type:if-gsn"
  | "iana-if-type:ifPwType"
  | "iana-if-type:ifVfiType"
  | "iana-if-type:ilan"
  | "iana-if-type:imt"
  | "iana-if-type:infiniband"
  | "iana-if-type:interleave"
  | "iana-if-type:ip"
  | "iana-if-type:ipForward"
  | "iana-if-type:ipOverAtm"
  | "iana-if-type:ipOverCdlc"
  | "iana-if-type:ipOverClaw"
  | "iana-if-type:ipSwitch"
  | "iana-if-type:isdn"
  | "iana-if-type:isdns"
  | "iana-if-type:isdnu"
  | "iana-if-type:iso88022llc"
  | "iana-if-type:iso88023Csmacd"
  | "iana-if-type:iso88024TokenBus"
  | "iana-if-type:iso88025CRFPInt"
  | "iana-if-type:iso88025Dtr"
  | "iana-if-type:iso88025Fiber"
  | "iana-if-type:iso88025TokenRing"
  | "iana-if-type:iso88026Man"
  | "iana-if-type:isup"
  | "iana-if-type:l2vlan"
  | "iana-if-type:l3ipvlan"
  | "iana-if-type:l3ipxvlan"
  | "iana-if-type:lapb"
  | "iana-if-type:lapd"
  | "iana-if-type:lapf"
  | "iana-if-type:linegroup"
  | "iana-if-type:lmp"
  | "iana-if-type:localTalk"
  | "iana-if-type:lora"
  | "iana-if-type:lorawan"
  | "iana-if-type:macSecControlledIF"
  | "iana-if-type:macSecUncontrolledIF"
  | "iana-if-type:mediaMailOverIp"
  | "iana-if-type:mfSigLink"
  | "iana-if-type:microwaveCarrierTermination"
  | "iana-if-type:microwaveRadioLinkTerminal"
  | "iana-if-type:miox25"
  | "iana-if-type:mocaVersion1"
  | "iana-if-type:modem"
  | "iana-if-type:mpc"
  | "iana-if-type:mpegTransport"
  | "iana-if-type:mpls"
  | "iana-if-type:mplsTunnel"
  | "iana-if-type:msdsl"
  | "iana-if-type:mvl"
  | "iana-if-type:myrinet"
  | "iana-if-type:nfas"
  | "iana-if-type:nsip"
  | "iana-if-type:omni"
  | "iana-if-type:opticalChannel"
  | "iana-if-type:opticalChannelGroup"
  | "iana-if-type:opticalTransport"
  | "iana-if-type:other"
  | "iana-if-type:otnOdu"
  | "iana-if-type:otnOduc"
  | "iana-if-type:otnOtsi"
  | "iana-if-type:otnOtsig"
  | "iana-if-type:otnOtu"
  | "iana-if-type:otnOtuc"
  | "iana-if-type:p2pOverLan"
  | "iana-if-type:para"
  | "iana-if-type:pdnEtherLoop1"
  | "iana-if-type:pdnEtherLoop2"
  | "iana-if-type:pip"
  | "iana-if-type:plc"
  | "iana-if-type:pon155"
  | "iana-if-type:pon622"
  | "iana-if-type:pos"
  | "iana-if-type:ppp"
  | "iana-if-type:pppMultilinkBundle"
  | "iana-if-type:primaryISDN"
  | "iana-if-type:propAtm"
  | "iana-if-type:propBWAp2Mp"
  | "iana-if-type:propCnls"
  | "iana-if-type:propDocsWirelessDownstream"
  | "iana-if-type:propDocsWirelessMaclayer"
  | "iana-if-type:propDocsWirelessUpstream"
  | "iana-if-type:propMultiplexor"
  | "iana-if-type:propPointToPointSerial"
  | "iana-if-type:propVirtual"
  | "iana-if-type:propWirelessP2P"
  | "iana-if-type:proteon10Mbit"
  | "iana-if-type:proteon80Mbit"
  | "iana-if-type:ptm"
  | "iana-if-type:q2931"
  | "iana-if-type:qam"
  | "iana-if-type:qllc"
  | "iana-if-type:radioMAC"
  | "iana-if-type:radsl"
  | "iana-if-type:reachDSL"
  | "iana-if-type:regular1822"
  | "iana-if-type:rfc1483"
  | "iana-if-type:rfc877x25"
  | "iana-if-type:roe"
  | "iana-if-type:rpr"
  | "iana-if-type:rs232"
  | "iana-if-type:rsrb"
  | "iana-if-type:sdci"
  | "iana-if-type:sdlc"
  | "iana-if-type:sdsl"
  | "iana-if-type:shdsl"
  | "iana-if-type:sip"
  | "iana-if-type:sipSig"
  | "iana-if-type:sipTg"
  | "iana-if-type:sixToFour"
  | "iana-if-type:slip"
  | "iana-if-type:smdsDxi"
  | "iana-if-type:smdsIcip"
  | "iana-if-type:softwareLoopback"
  | "iana-if-type:sonet"
  | "iana-if-type:sonetOverheadChannel"
  | "iana-if-type:sonetPath"
  | "iana-if-type:sonetVT"
  | "iana-if-type:srp"
  | "iana-if-type:ss7SigLink"
  | "iana-if-type:stackToStack"
  | "iana-if-type:starLan"
  | "iana-if-type:tdlc"
  | "iana-if-type:teLink"
  | "iana-if-type:termPad"
  | "iana-if-type:tr008"
  | "iana-if-type:transpHdlc"
  | "iana-if-type:tunnel"
  | "iana-if-type:ultra"
  | "iana-if-type:usb"
  | "iana-if-type:v11"
  | "iana-if-type:v35"
  | "iana-if-type:v36"
  | "iana-if-type:v37"
  | "iana-if-type:vdsl"
  | "iana-if-type:vdsl2"
  | "iana-if-type:virtualIpAddress"
  | "iana-if-type:virtualTg"
  | "iana-if-type:vmwareNicTeam"
  | "iana-if-type:vmwareVirtualNic"
  | "iana-if-type:voiceDID"
  | "iana-if-type:voiceEBS"
  | "iana-if-type:voiceEM"
  | "iana-if-type:voiceEMFGD"
  | "iana-if-type:voiceEncap"
  | "iana-if-type:voiceFGDEANA"
  | "iana-if-type:voiceFGDOS"
  | "iana-if-type:voiceFXO"
  | "iana-if-type:voiceFXS"
  | "iana-if-type:voiceOverAtm"
  | "iana-if-type:voiceOverCable"
  | "iana-if-type:voiceOverFrameRelay"
  | "iana-if-type:voiceOverIp"
  | "iana-if-type:wwanPP"
  | "iana-if-type:wwanPP2"
  | "iana-if-type:x213"
  | "iana-if-type:x25huntGroup"
  | "iana-if-type:x25mlp"
  | "iana-if-type:x25ple"
  | "iana-if-type:x86Laps"
  | "iana-if-type:xboxWireless";

/**
 * other: From elsewhere.
 *
 * static: From configuration.
 *
 * dhcp: From DHCP.
 *
 * link-layer: Made from the link-layer address.
 *
 * random: Made at random.
 */
export type IpAddressOrigin = "other" | "static" | "dhcp" | "link-layer" | "random";

/**
 * other: From elsewhere.
 *
 * static: From configuration.
 *
 * dynamic: From ARP or neighbor discovery.
 */
export type NeighborOrigin = "other" | "static" | "dynamic";
