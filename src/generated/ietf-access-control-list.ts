// Generated from ietf-access-control-list@2019-03-04 by scripts/generate.ts

/** The top of ietf-access-control-list in a datastore. */
export interface IetfAccessControlList {
  /** The access control lists. */
  readonly "ietf-access-control-list:acls": Acls;
}

/** IetfAccessControlList with the defaults in use. */
export interface EffectiveIetfAccessControlList extends IetfAccessControlList {
  readonly "ietf-access-control-list:acls": EffectiveAcls;
}

/** The access control lists. */
export interface Acls {
  /**
   * One list: its entries are tried in order, the first that matches decides.
   *
   * Keyed by name.
   */
  readonly "acl"?: ReadonlyMap<string, AclsAcl>;
  /** Where lists are in force. */
  readonly "attachment-points": AclsAttachmentPoints;
}

/** Acls with the defaults in use. */
export interface EffectiveAcls extends Acls {
  readonly "acl"?: ReadonlyMap<string, EffectiveAclsAcl>;
}

/** One list: its entries are tried in order, the first that matches decides. */
export interface AclsAcl {
  /** Name of the list. */
  readonly "name": string;
  /** What the list is meant to match; entries that match more are refused. */
  readonly "type"?: AclBase;
  /** Entries. */
  readonly "aces": AclsAclAces;
}

/** AclsAcl with the defaults in use. */
export interface EffectiveAclsAcl extends AclsAcl {
  readonly "aces": EffectiveAclsAclAces;
}

/** Entries. */
export interface AclsAclAces {
  /**
   * One entry: what it matches, and what becomes of the packet.
   *
   * Keyed by name. Ordered by the user.
   */
  readonly "ace"?: ReadonlyMap<string, AclsAclAcesAce>;
}

/** AclsAclAces with the defaults in use. */
export interface EffectiveAclsAclAces extends AclsAclAces {
  readonly "ace"?: ReadonlyMap<string, EffectiveAclsAclAcesAce>;
}

/** One entry: what it matches, and what becomes of the packet. */
export interface AclsAclAcesAce {
  /** Name of the entry. */
  readonly "name": string;
  /** What must match: all of it; a packet matches an entry that asks for nothing. */
  readonly "matches": AclsAclAcesAceMatches;
  /** What becomes of a packet that matches. */
  readonly "actions": AclsAclAcesAceActions;
  /** Matches of the entry. */
  readonly "statistics"?: AclsAclAcesAceStatistics;
}

/** AclsAclAcesAce with the defaults in use. */
export interface EffectiveAclsAclAcesAce extends AclsAclAcesAce {
  readonly "matches": EffectiveAclsAclAcesAceMatches;
  readonly "actions": EffectiveAclsAclAcesAceActions;
}

/** What must match: all of it; a packet matches an entry that asks for nothing. */
export type AclsAclAcesAceMatches = {
  /** Ethernet header. */
  readonly "eth"?: AclsAclAcesAceMatchesEth;
  /**
   * Interface that the packet leaves by.
   *
   * Refers to /if:interfaces/if:interface/if:name.
   */
  readonly "egress-interface"?: string;
  /**
   * Interface that the packet came in by.
   *
   * Refers to /if:interfaces/if:interface/if:name.
   */
  readonly "ingress-interface"?: string;
} & AclsAclAcesAceMatchesL3Choice & AclsAclAcesAceMatchesL4Choice;

/** AclsAclAcesAceMatches with the defaults in use. */
export type EffectiveAclsAclAcesAceMatches = {
  readonly "eth"?: AclsAclAcesAceMatchesEth;
  readonly "egress-interface"?: string;
  readonly "ingress-interface"?: string;
} & AclsAclAcesAceMatchesL3Choice & EffectiveAclsAclAcesAceMatchesL4Choice;

/** The network layer. */
export type AclsAclAcesAceMatchesL3Choice =
  | {
      /** IPv4 header. */
      readonly "ipv4"?: AclsAclAcesAceMatchesIpv4;
      readonly "ipv6"?: never;
    }
  | {
      /** IPv6 header. */
      readonly "ipv6"?: AclsAclAcesAceMatchesIpv6;
      readonly "ipv4"?: never;
    }
  | {
      readonly "ipv4"?: never;
      readonly "ipv6"?: never;
    };

/** The transport layer. */
export type AclsAclAcesAceMatchesL4Choice =
  | {
      /** TCP header. */
      readonly "tcp"?: AclsAclAcesAceMatchesTcp;
      readonly "udp"?: never;
      readonly "icmp"?: never;
    }
  | {
      /** UDP header. */
      readonly "udp"?: AclsAclAcesAceMatchesUdp;
      readonly "tcp"?: never;
      readonly "icmp"?: never;
    }
  | {
      /** ICMP header. */
      readonly "icmp"?: AclsAclAcesAceMatchesIcmp;
      readonly "tcp"?: never;
      readonly "udp"?: never;
    }
  | {
      readonly "tcp"?: never;
      readonly "udp"?: never;
      readonly "icmp"?: never;
    };

/** The transport layer. */
export type EffectiveAclsAclAcesAceMatchesL4Choice =
  | {
      readonly "tcp"?: EffectiveAclsAclAcesAceMatchesTcp;
      readonly "udp"?: never;
      readonly "icmp"?: never;
    }
  | {
      readonly "udp"?: EffectiveAclsAclAcesAceMatchesUdp;
      readonly "tcp"?: never;
      readonly "icmp"?: never;
    }
  | {
      readonly "icmp"?: AclsAclAcesAceMatchesIcmp;
      readonly "tcp"?: never;
      readonly "udp"?: never;
    }
  | {
      readonly "tcp"?: never;
      readonly "udp"?: never;
      readonly "icmp"?: never;
    };

/** Ethernet header. */
export interface AclsAclAcesAceMatchesEth {
  /** MAC address that the frame is for. */
  readonly "destination-mac-address"?: string;
  /** Bits of it that count. */
  readonly "destination-mac-address-mask"?: string;
  /** MAC address that the frame is from. */
  readonly "source-mac-address"?: string;
  /** Bits of it that count. */
  readonly "source-mac-address-mask"?: string;
  /** Type of the payload. */
  readonly "ethertype"?:
    | number
    | "ipv4"
    | "arp"
    | "wlan"
    | "trill"
    | "srp"
    | "decnet"
    | "rarp"
    | "appletalk"
    | "aarp"
    | "vlan"
    | "ipx"
    | "qnx"
    | "ipv6"
    | "efc"
    | "esp"
    | "cobranet"
    | "mpls-unicast"
    | "mpls-multicast"
    | "pppoe-discovery"
    | "pppoe-session"
    | "intel-ans"
    | "jumbo-frames"
    | "homeplug"
    | "eap"
    | "profinet"
    | "hyperscsi"
    | "aoe"
    | "ethercat"
    | "provider-bridging"
    | "ethernet-powerlink"
    | "goose"
    | "gse"
    | "sv"
    | "lldp"
    | "sercos"
    | "wsmp"
    | "homeplug-av-mme"
    | "mrp"
    | "macsec"
    | "pbb"
    | "cfm"
    | "fcoe"
    | "fcoe-ip"
    | "roce"
    | "tte"
    | "hsr";
}

/** IPv4 header. */
export interface AclsAclAcesAceMatchesIpv4 {
  /**
   * Differentiated services code point.
   *
   * uint8. Range 0..63.
   */
  readonly "dscp"?: number;
  /**
   * Explicit congestion notification: two bits.
   *
   * uint8. Range 0..3.
   */
  readonly "ecn"?: number;
  /**
   * Length in octets: IPv4 with the header, IPv6 without.
   *
   * uint16.
   */
  readonly "length"?: number;
  /**
   * Time to live, hop limit.
   *
   * uint8.
   */
  readonly "ttl"?: number;
  /**
   * Protocol that the payload is of; IPv6's next header.
   *
   * uint8.
   */
  readonly "protocol"?: number;
  /**
   * Length of the header, 32-bit words.
   *
   * uint8. Range 5..60.
   */
  readonly "ihl"?: number;
  /** The flags. */
  readonly "flags"?: ReadonlySet<"reserved" | "fragment" | "more">;
  /**
   * Offset of the fragment, in 8 octets.
   *
   * uint16. Range 20..65535.
   */
  readonly "offset"?: number;
  /**
   * Number that the fragments of one datagram share.
   *
   * uint16.
   */
  readonly "identification"?: number;
  /** The prefix. */
  readonly "destination-ipv4-network"?: string;
  /** The prefix. */
  readonly "source-ipv4-network"?: string;
}

/** IPv6 header. */
export interface AclsAclAcesAceMatchesIpv6 {
  /**
   * Differentiated services code point.
   *
   * uint8. Range 0..63.
   */
  readonly "dscp"?: number;
  /**
   * Explicit congestion notification: two bits.
   *
   * uint8. Range 0..3.
   */
  readonly "ecn"?: number;
  /**
   * Length in octets: IPv4 with the header, IPv6 without.
   *
   * uint16.
   */
  readonly "length"?: number;
  /**
   * Time to live, hop limit.
   *
   * uint8.
   */
  readonly "ttl"?: number;
  /**
   * Protocol that the payload is of; IPv6's next header.
   *
   * uint8.
   */
  readonly "protocol"?: number;
  /** The prefix. */
  readonly "destination-ipv6-network"?: string;
  /** The prefix. */
  readonly "source-ipv6-network"?: string;
  /**
   * Flow label.
   *
   * uint32. Range 0..1048575.
   */
  readonly "flow-label"?: number;
}

/** TCP header. */
export interface AclsAclAcesAceMatchesTcp {
  /**
   * Sequence number.
   *
   * uint32.
   */
  readonly "sequence-number"?: number;
  /**
   * Acknowledgement number.
   *
   * uint32.
   */
  readonly "acknowledgement-number"?: number;
  /**
   * Length of the header, 32-bit words.
   *
   * uint8. Range 5..15.
   */
  readonly "data-offset"?: number;
  /**
   * Bits kept for later.
   *
   * uint8.
   */
  readonly "reserved"?: number;
  /** The flags. */
  readonly "flags"?: ReadonlySet<"cwr" | "ece" | "urg" | "ack" | "psh" | "rst" | "syn" | "fin">;
  /**
   * Window, in its own unit.
   *
   * uint16. Unit: bytes.
   */
  readonly "window-size"?: number;
  /**
   * Where urgent data ends.
   *
   * uint16.
   */
  readonly "urgent-pointer"?: number;
  /** Options, as octets. */
  readonly "options"?: Uint8Array;
  /** Port that the packet is from. */
  readonly "source-port": AclsAclAcesAceMatchesTcpSourcePort;
  /** Port that the packet is for. */
  readonly "destination-port": AclsAclAcesAceMatchesTcpDestinationPort;
}

/** AclsAclAcesAceMatchesTcp with the defaults in use. */
export interface EffectiveAclsAclAcesAceMatchesTcp extends AclsAclAcesAceMatchesTcp {
  readonly "source-port": EffectiveAclsAclAcesAceMatchesTcpSourcePort;
  readonly "destination-port": EffectiveAclsAclAcesAceMatchesTcpDestinationPort;
}

/** Port that the packet is from. */
export type AclsAclAcesAceMatchesTcpSourcePort =
  AclsAclAcesAceMatchesTcpSourcePortPortRangeOrOperatorChoice;

/** AclsAclAcesAceMatchesTcpSourcePort with the defaults in use. */
export type EffectiveAclsAclAcesAceMatchesTcpSourcePort =
  EffectiveAclsAclAcesAceMatchesTcpSourcePortPortRangeOrOperatorChoice;

/** How the port is given. */
export type AclsAclAcesAceMatchesTcpSourcePortPortRangeOrOperatorChoice =
  | {
      /**
       * First port of the range.
       *
       * uint16. Range 0..65535.
       */
      readonly "lower-port": number;
      /**
       * Last port of the range.
       *
       * uint16. Range 0..65535.
       */
      readonly "upper-port": number;
      readonly "operator"?: never;
      readonly "port"?: never;
    }
  | {
      /**
       * How it is compared.
       *
       * Default: eq.
       */
      readonly "operator"?: Operator;
      /**
       * What it is compared with.
       *
       * uint16. Range 0..65535.
       */
      readonly "port": number;
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
    }
  | {
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
      readonly "operator"?: never;
      readonly "port"?: never;
    };

/** How the port is given. */
export type EffectiveAclsAclAcesAceMatchesTcpSourcePortPortRangeOrOperatorChoice =
  | {
      readonly "lower-port": number;
      readonly "upper-port": number;
      readonly "operator"?: never;
      readonly "port"?: never;
    }
  | {
      readonly "operator": Operator;
      readonly "port": number;
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
    }
  | {
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
      readonly "operator"?: never;
      readonly "port"?: never;
    };

/** Port that the packet is for. */
export type AclsAclAcesAceMatchesTcpDestinationPort =
  AclsAclAcesAceMatchesTcpDestinationPortPortRangeOrOperatorChoice;

/** AclsAclAcesAceMatchesTcpDestinationPort with the defaults in use. */
export type EffectiveAclsAclAcesAceMatchesTcpDestinationPort =
  EffectiveAclsAclAcesAceMatchesTcpDestinationPortPortRangeOrOperatorChoice;

/** How the port is given. */
export type AclsAclAcesAceMatchesTcpDestinationPortPortRangeOrOperatorChoice =
  | {
      /**
       * First port of the range.
       *
       * uint16. Range 0..65535.
       */
      readonly "lower-port": number;
      /**
       * Last port of the range.
       *
       * uint16. Range 0..65535.
       */
      readonly "upper-port": number;
      readonly "operator"?: never;
      readonly "port"?: never;
    }
  | {
      /**
       * How it is compared.
       *
       * Default: eq.
       */
      readonly "operator"?: Operator;
      /**
       * What it is compared with.
       *
       * uint16. Range 0..65535.
       */
      readonly "port": number;
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
    }
  | {
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
      readonly "operator"?: never;
      readonly "port"?: never;
    };

/** How the port is given. */
export type EffectiveAclsAclAcesAceMatchesTcpDestinationPortPortRangeOrOperatorChoice =
  | {
      readonly "lower-port": number;
      readonly "upper-port": number;
      readonly "operator"?: never;
      readonly "port"?: never;
    }
  | {
      readonly "operator": Operator;
      readonly "port": number;
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
    }
  | {
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
      readonly "operator"?: never;
      readonly "port"?: never;
    };

/** UDP header. */
export interface AclsAclAcesAceMatchesUdp {
  /**
   * Length in octets, header and data.
   *
   * uint16.
   */
  readonly "length"?: number;
  /** Port that the packet is from. */
  readonly "source-port": AclsAclAcesAceMatchesUdpSourcePort;
  /** Port that the packet is for. */
  readonly "destination-port": AclsAclAcesAceMatchesUdpDestinationPort;
}

/** AclsAclAcesAceMatchesUdp with the defaults in use. */
export interface EffectiveAclsAclAcesAceMatchesUdp extends AclsAclAcesAceMatchesUdp {
  readonly "source-port": EffectiveAclsAclAcesAceMatchesUdpSourcePort;
  readonly "destination-port": EffectiveAclsAclAcesAceMatchesUdpDestinationPort;
}

/** Port that the packet is from. */
export type AclsAclAcesAceMatchesUdpSourcePort =
  AclsAclAcesAceMatchesUdpSourcePortPortRangeOrOperatorChoice;

/** AclsAclAcesAceMatchesUdpSourcePort with the defaults in use. */
export type EffectiveAclsAclAcesAceMatchesUdpSourcePort =
  EffectiveAclsAclAcesAceMatchesUdpSourcePortPortRangeOrOperatorChoice;

/** How the port is given. */
export type AclsAclAcesAceMatchesUdpSourcePortPortRangeOrOperatorChoice =
  | {
      /**
       * First port of the range.
       *
       * uint16. Range 0..65535.
       */
      readonly "lower-port": number;
      /**
       * Last port of the range.
       *
       * uint16. Range 0..65535.
       */
      readonly "upper-port": number;
      readonly "operator"?: never;
      readonly "port"?: never;
    }
  | {
      /**
       * How it is compared.
       *
       * Default: eq.
       */
      readonly "operator"?: Operator;
      /**
       * What it is compared with.
       *
       * uint16. Range 0..65535.
       */
      readonly "port": number;
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
    }
  | {
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
      readonly "operator"?: never;
      readonly "port"?: never;
    };

/** How the port is given. */
export type EffectiveAclsAclAcesAceMatchesUdpSourcePortPortRangeOrOperatorChoice =
  | {
      readonly "lower-port": number;
      readonly "upper-port": number;
      readonly "operator"?: never;
      readonly "port"?: never;
    }
  | {
      readonly "operator": Operator;
      readonly "port": number;
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
    }
  | {
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
      readonly "operator"?: never;
      readonly "port"?: never;
    };

/** Port that the packet is for. */
export type AclsAclAcesAceMatchesUdpDestinationPort =
  AclsAclAcesAceMatchesUdpDestinationPortPortRangeOrOperatorChoice;

/** AclsAclAcesAceMatchesUdpDestinationPort with the defaults in use. */
export type EffectiveAclsAclAcesAceMatchesUdpDestinationPort =
  EffectiveAclsAclAcesAceMatchesUdpDestinationPortPortRangeOrOperatorChoice;

/** How the port is given. */
export type AclsAclAcesAceMatchesUdpDestinationPortPortRangeOrOperatorChoice =
  | {
      /**
       * First port of the range.
       *
       * uint16. Range 0..65535.
       */
      readonly "lower-port": number;
      /**
       * Last port of the range.
       *
       * uint16. Range 0..65535.
       */
      readonly "upper-port": number;
      readonly "operator"?: never;
      readonly "port"?: never;
    }
  | {
      /**
       * How it is compared.
       *
       * Default: eq.
       */
      readonly "operator"?: Operator;
      /**
       * What it is compared with.
       *
       * uint16. Range 0..65535.
       */
      readonly "port": number;
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
    }
  | {
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
      readonly "operator"?: never;
      readonly "port"?: never;
    };

/** How the port is given. */
export type EffectiveAclsAclAcesAceMatchesUdpDestinationPortPortRangeOrOperatorChoice =
  | {
      readonly "lower-port": number;
      readonly "upper-port": number;
      readonly "operator"?: never;
      readonly "port"?: never;
    }
  | {
      readonly "operator": Operator;
      readonly "port": number;
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
    }
  | {
      readonly "lower-port"?: never;
      readonly "upper-port"?: never;
      readonly "operator"?: never;
      readonly "port"?: never;
    };

/** ICMP header. */
export interface AclsAclAcesAceMatchesIcmp {
  /**
   * Type of the message.
   *
   * uint8.
   */
  readonly "type"?: number;
  /**
   * Code within the type.
   *
   * uint8.
   */
  readonly "code"?: number;
  /** What follows type, code and checksum. */
  readonly "rest-of-header"?: Uint8Array;
}

/** What becomes of a packet that matches. */
export interface AclsAclAcesAceActions {
  /** Pass, drop or reject. */
  readonly "forwarding": ForwardingAction;
  /**
   * Where the match is logged.
   *
   * Default: ietf-access-control-list:log-none.
   */
  readonly "logging"?: LogAction;
}

/** AclsAclAcesAceActions with the defaults in use. */
export interface EffectiveAclsAclAcesAceActions extends AclsAclAcesAceActions {
  readonly "logging": LogAction;
}

/** Matches of the entry. */
export interface AclsAclAcesAceStatistics {
  /**
   * Packets that matched.
   *
   * uint64.
   */
  readonly "matched-packets"?: bigint;
  /**
   * Octets of the packets that matched.
   *
   * uint64.
   */
  readonly "matched-octets"?: bigint;
}

/** Where lists are in force. */
export interface AclsAttachmentPoints {
  /**
   * An interface with lists.
   *
   * Keyed by interface-id.
   */
  readonly "interface"?: ReadonlyMap<string, AclsAttachmentPointsInterface>;
}

/** An interface with lists. */
export interface AclsAttachmentPointsInterface {
  /**
   * Name of the interface.
   *
   * Refers to /if:interfaces/if:interface/if:name.
   */
  readonly "interface-id": string;
  /** Lists for packets that come in. */
  readonly "ingress": AclsAttachmentPointsInterfaceIngress;
  /** Lists for packets that leave. */
  readonly "egress": AclsAttachmentPointsInterfaceEgress;
}

/** Lists for packets that come in. */
export interface AclsAttachmentPointsInterfaceIngress {
  /** The lists, in the order in which they are tried. */
  readonly "acl-sets": AclsAttachmentPointsInterfaceIngressAclSets;
}

/** The lists, in the order in which they are tried. */
export interface AclsAttachmentPointsInterfaceIngressAclSets {
  /**
   * One list.
   *
   * Keyed by name. Ordered by the user.
   */
  readonly "acl-set"?: ReadonlyMap<string, AclsAttachmentPointsInterfaceIngressAclSetsAclSet>;
}

/** One list. */
export interface AclsAttachmentPointsInterfaceIngressAclSetsAclSet {
  /**
   * Name of the list.
   *
   * Refers to /acls/acl/name.
   */
  readonly "name": string;
  /**
   * Matches of one entry of the list on this interface.
   *
   * Keyed by name.
   */
  readonly "ace-statistics"?: ReadonlyMap<string, AclsAttachmentPointsInterfaceIngressAclSetsAclSetAceStatistics>;
}

/** Matches of one entry of the list on this interface. */
export interface AclsAttachmentPointsInterfaceIngressAclSetsAclSetAceStatistics {
  /**
   * Name of the entry.
   *
   * Refers to /acls/acl/aces/ace/name.
   */
  readonly "name": string;
  /**
   * Packets that matched.
   *
   * uint64.
   */
  readonly "matched-packets"?: bigint;
  /**
   * Octets of the packets that matched.
   *
   * uint64.
   */
  readonly "matched-octets"?: bigint;
}

/** Lists for packets that leave. */
export interface AclsAttachmentPointsInterfaceEgress {
  /** The lists, in the order in which they are tried. */
  readonly "acl-sets": AclsAttachmentPointsInterfaceEgressAclSets;
}

/** The lists, in the order in which they are tried. */
export interface AclsAttachmentPointsInterfaceEgressAclSets {
  /**
   * One list.
   *
   * Keyed by name. Ordered by the user.
   */
  readonly "acl-set"?: ReadonlyMap<string, AclsAttachmentPointsInterfaceEgressAclSetsAclSet>;
}

/** One list. */
export interface AclsAttachmentPointsInterfaceEgressAclSetsAclSet {
  /**
   * Name of the list.
   *
   * Refers to /acls/acl/name.
   */
  readonly "name": string;
  /**
   * Matches of one entry of the list on this interface.
   *
   * Keyed by name.
   */
  readonly "ace-statistics"?: ReadonlyMap<string, AclsAttachmentPointsInterfaceEgressAclSetsAclSetAceStatistics>;
}

/** Matches of one entry of the list on this interface. */
export interface AclsAttachmentPointsInterfaceEgressAclSetsAclSetAceStatistics {
  /**
   * Name of the entry.
   *
   * Refers to /acls/acl/aces/ace/name.
   */
  readonly "name": string;
  /**
   * Packets that matched.
   *
   * uint64.
   */
  readonly "matched-packets"?: bigint;
  /**
   * Octets of the packets that matched.
   *
   * uint64.
   */
  readonly "matched-octets"?: bigint;
}

/** What a list can match. */
export type AclBase =
  | "ietf-access-control-list:eth-acl-type"
  | "ietf-access-control-list:ipv4-acl-type"
  | "ietf-access-control-list:ipv6-acl-type"
  | "ietf-access-control-list:mixed-eth-ipv4-acl-type"
  | "ietf-access-control-list:mixed-eth-ipv4-ipv6-acl-type"
  | "ietf-access-control-list:mixed-eth-ipv6-acl-type";

/**
 * lte: At most.
 *
 * gte: At least.
 *
 * eq: Equal.
 *
 * neq: Not equal.
 */
export type Operator = "lte" | "gte" | "eq" | "neq";

/** What becomes of a packet. */
export type ForwardingAction =
  | "ietf-access-control-list:accept"
  | "ietf-access-control-list:drop"
  | "ietf-access-control-list:reject";

/** Where a match is logged. */
export type LogAction = "ietf-access-control-list:log-none" | "ietf-access-control-list:log-syslog";
