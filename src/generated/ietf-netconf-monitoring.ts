// Generated from ietf-netconf-monitoring@2010-10-04 by scripts/generate.ts

/** The top of ietf-netconf-monitoring in a datastore. */
export interface IetfNetconfMonitoring {
  /** State of the NETCONF server. */
  readonly "ietf-netconf-monitoring:netconf-state"?: NetconfState;
}

/** IetfNetconfMonitoring with the defaults in use. */
export interface EffectiveIetfNetconfMonitoring extends IetfNetconfMonitoring {
  readonly "ietf-netconf-monitoring:netconf-state"?: EffectiveNetconfState;
}

/** State of the NETCONF server. */
export interface NetconfState {
  /** Capabilities. */
  readonly "capabilities": NetconfStateCapabilities;
  /** Datastores. */
  readonly "datastores": NetconfStateDatastores;
  /** Schemas that get-schema hands out. */
  readonly "schemas": NetconfStateSchemas;
  /** Sessions. */
  readonly "sessions": NetconfStateSessions;
  /** Counters of the server. */
  readonly "statistics": NetconfStateStatistics;
}

/** NetconfState with the defaults in use. */
export interface EffectiveNetconfState extends NetconfState {
  readonly "sessions": EffectiveNetconfStateSessions;
  readonly "statistics": EffectiveNetconfStateStatistics;
}

/** Capabilities. */
export interface NetconfStateCapabilities {
  /** A capability of the server, as its hello announces it. */
  readonly "capability"?: readonly string[];
}

/** Datastores. */
export interface NetconfStateDatastores {
  /**
   * One datastore.
   *
   * Keyed by name.
   */
  readonly "datastore"?: ReadonlyMap<string, NetconfStateDatastoresDatastore>;
}

/** One datastore. */
export interface NetconfStateDatastoresDatastore {
  /** Name of the datastore. */
  readonly "name": NetconfDatastoreType;
  /**
   * Locks on the datastore; absent where there are none.
   *
   * Present: This container is present only if the datastore is locked.
   */
  readonly "locks"?: NetconfStateDatastoresDatastoreLocks;
}

/** Locks on the datastore; absent where there are none. */
export type NetconfStateDatastoresDatastoreLocks =
  NetconfStateDatastoresDatastoreLocksLockTypeChoice;

/** One lock on all of it, or locks on parts. */
export type NetconfStateDatastoresDatastoreLocksLockTypeChoice =
  | {
      /** A lock on the whole datastore. */
      readonly "global-lock"?: NetconfStateDatastoresDatastoreLocksGlobalLock;
      readonly "partial-lock"?: never;
    }
  | {
      /**
       * A lock on a part of the datastore.
       *
       * Keyed by lock-id.
       */
      readonly "partial-lock"?: ReadonlyMap<string, NetconfStateDatastoresDatastoreLocksPartialLock>;
      readonly "global-lock"?: never;
    }
  | {
      readonly "global-lock"?: never;
      readonly "partial-lock"?: never;
    };

/** A lock on the whole datastore. */
export interface NetconfStateDatastoresDatastoreLocksGlobalLock {
  /**
   * The session that holds the lock.
   *
   * uint32.
   */
  readonly "locked-by-session": number;
  /** When the lock was taken. */
  readonly "locked-time": string;
}

/** A lock on a part of the datastore. */
export interface NetconfStateDatastoresDatastoreLocksPartialLock {
  /**
   * Number that partial-lock answered with.
   *
   * uint32.
   */
  readonly "lock-id": number;
  /**
   * The session that holds the lock.
   *
   * uint32.
   */
  readonly "locked-by-session": number;
  /** When the lock was taken. */
  readonly "locked-time": string;
  /** The expressions that asked for the lock. */
  readonly "select"?: readonly string[];
  /** The nodes that are locked. */
  readonly "locked-node"?: readonly string[];
}

/** Schemas that get-schema hands out. */
export interface NetconfStateSchemas {
  /**
   * One module or submodule, in one revision and one language.
   *
   * Keyed by identifier version format.
   */
  readonly "schema"?: ReadonlyMap<string, NetconfStateSchemasSchema>;
}

/** One module or submodule, in one revision and one language. */
export interface NetconfStateSchemasSchema {
  /** Name of the module or submodule. */
  readonly "identifier": string;
  /** Its revision; empty where it has none. */
  readonly "version": string;
  /** The language it is written in. */
  readonly "format": SchemaFormat;
  /** Its namespace; for a submodule that of its module. */
  readonly "namespace": string;
  /** Where else it can be had, or NETCONF for get-schema itself. */
  readonly "location"?: readonly string[];
}

/** Sessions. */
export interface NetconfStateSessions {
  /**
   * One session.
   *
   * Keyed by session-id.
   */
  readonly "session"?: ReadonlyMap<string, NetconfStateSessionsSession>;
}

/** NetconfStateSessions with the defaults in use. */
export interface EffectiveNetconfStateSessions extends NetconfStateSessions {
  readonly "session"?: ReadonlyMap<string, EffectiveNetconfStateSessionsSession>;
}

/** One session. */
export interface NetconfStateSessionsSession {
  /**
   * Number of the session.
   *
   * uint32. Range 1..max.
   */
  readonly "session-id": number;
  /** How it is carried. */
  readonly "transport": Transport;
  /** The user that it was authenticated for. */
  readonly "username": string;
  /** Where the manager is. */
  readonly "source-host"?: string;
  /** When the session began. */
  readonly "login-time": string;
  /**
   * Correct rpc messages received.
   *
   * uint32. Default: 0.
   */
  readonly "in-rpcs"?: number;
  /**
   * Messages received that should have been an rpc and were no correct one.
   *
   * uint32. Default: 0.
   */
  readonly "in-bad-rpcs"?: number;
  /**
   * Replies sent that held an rpc-error.
   *
   * uint32. Default: 0.
   */
  readonly "out-rpc-errors"?: number;
  /**
   * Notifications sent.
   *
   * uint32. Default: 0.
   */
  readonly "out-notifications"?: number;
}

/** NetconfStateSessionsSession with the defaults in use. */
export interface EffectiveNetconfStateSessionsSession extends NetconfStateSessionsSession {
  readonly "in-rpcs": number;
  readonly "in-bad-rpcs": number;
  readonly "out-rpc-errors": number;
  readonly "out-notifications": number;
}

/** Counters of the server. */
export interface NetconfStateStatistics {
  /** When the server started. */
  readonly "netconf-start-time"?: string;
  /**
   * Sessions dropped because their hello was wrong.
   *
   * uint32. Default: 0.
   */
  readonly "in-bad-hellos"?: number;
  /**
   * Sessions started.
   *
   * uint32. Default: 0.
   */
  readonly "in-sessions"?: number;
  /**
   * Sessions that ended otherwise than by an operation.
   *
   * uint32. Default: 0.
   */
  readonly "dropped-sessions"?: number;
  /**
   * Correct rpc messages received.
   *
   * uint32. Default: 0.
   */
  readonly "in-rpcs"?: number;
  /**
   * Messages received that should have been an rpc and were no correct one.
   *
   * uint32. Default: 0.
   */
  readonly "in-bad-rpcs"?: number;
  /**
   * Replies sent that held an rpc-error.
   *
   * uint32. Default: 0.
   */
  readonly "out-rpc-errors"?: number;
  /**
   * Notifications sent.
   *
   * uint32. Default: 0.
   */
  readonly "out-notifications"?: number;
}

/** NetconfStateStatistics with the defaults in use. */
export interface EffectiveNetconfStateStatistics extends NetconfStateStatistics {
  readonly "in-bad-hellos": number;
  readonly "in-sessions": number;
  readonly "dropped-sessions": number;
  readonly "in-rpcs": number;
  readonly "in-bad-rpcs": number;
  readonly "out-rpc-errors": number;
  readonly "out-notifications": number;
}

/** The input of get-schema. */
export interface GetSchemaInput {
  /** Name of the module or submodule. */
  readonly "identifier": string;
  /** Revision; without it there must be one only. */
  readonly "version"?: string;
  /** Language: YANG where none is named. */
  readonly "format"?: SchemaFormat;
}

/** The output of get-schema. */
export interface GetSchemaOutput {
  /** The text. */
  readonly "data"?: readonly XmlElement[];
}

/** The module's rpcs: what goes in and what comes out. */
export interface IetfNetconfMonitoringOperations {
  /** Hands out one module or submodule as text. */
  readonly "ietf-netconf-monitoring:get-schema": {
    readonly input: GetSchemaInput;
    readonly output: GetSchemaOutput;
  };
}

export type NetconfDatastoreType = "running" | "candidate" | "startup";

/** The language that a schema is written in. */
export type SchemaFormat =
  | "ietf-netconf-monitoring:rnc"
  | "ietf-netconf-monitoring:rng"
  | "ietf-netconf-monitoring:xsd"
  | "ietf-netconf-monitoring:yang"
  | "ietf-netconf-monitoring:yin";

/** How a session is carried. */
export type Transport =
  | "ietf-netconf-monitoring:netconf-beep"
  | "ietf-netconf-monitoring:netconf-soap-over-beep"
  | "ietf-netconf-monitoring:netconf-soap-over-https"
  | "ietf-netconf-monitoring:netconf-ssh"
  | "ietf-netconf-monitoring:netconf-tls";

/** What stands inside anydata and anyxml: one XML element, resolved. */
export interface XmlElement {
  readonly "namespace": string;
  readonly "name": string;
  readonly "children": readonly XmlElement[];
  readonly "text": string;
}
