// Generated from ietf-netconf-acm@2018-02-14 by scripts/generate.ts

/** The top of ietf-netconf-acm in a datastore. */
export interface IetfNetconfAcm {
  /** Access control: defaults, groups and rules. */
  readonly "ietf-netconf-acm:nacm": Nacm;
}

/** IetfNetconfAcm with the defaults in use. */
export interface EffectiveIetfNetconfAcm extends IetfNetconfAcm {
  readonly "ietf-netconf-acm:nacm": EffectiveNacm;
}

/** Access control: defaults, groups and rules. */
export interface Nacm {
  /**
   * False: nothing is checked.
   *
   * Default: true.
   */
  readonly "enable-nacm"?: boolean;
  /**
   * Whether reading is permitted where no rule says.
   *
   * Default: permit.
   */
  readonly "read-default"?: ActionType;
  /**
   * Whether writing is permitted where no rule says.
   *
   * Default: deny.
   */
  readonly "write-default"?: ActionType;
  /**
   * Whether executing operations is permitted where no rule says.
   *
   * Default: permit.
   */
  readonly "exec-default"?: ActionType;
  /**
   * Whether groups that the transport names for a user count too.
   *
   * Default: true.
   */
  readonly "enable-external-groups"?: boolean;
  /**
   * Operations refused since the server started.
   *
   * uint32.
   */
  readonly "denied-operations"?: number;
  /**
   * Writes refused since the server started.
   *
   * uint32.
   */
  readonly "denied-data-writes"?: number;
  /**
   * Notifications withheld since the server started.
   *
   * uint32.
   */
  readonly "denied-notifications"?: number;
  /** The groups. */
  readonly "groups": NacmGroups;
  /**
   * Rules for some groups. Lists are searched in order until a rule matches.
   *
   * Keyed by name. Ordered by the user.
   */
  readonly "rule-list"?: ReadonlyMap<string, NacmRuleList>;
}

/** Nacm with the defaults in use. */
export interface EffectiveNacm extends Nacm {
  readonly "enable-nacm": boolean;
  readonly "read-default": ActionType;
  readonly "write-default": ActionType;
  readonly "exec-default": ActionType;
  readonly "enable-external-groups": boolean;
  readonly "rule-list"?: ReadonlyMap<string, EffectiveNacmRuleList>;
}

/** The groups. */
export interface NacmGroups {
  /**
   * One group.
   *
   * Keyed by name.
   */
  readonly "group"?: ReadonlyMap<string, NacmGroupsGroup>;
}

/** One group. */
export interface NacmGroupsGroup {
  /** Name of the group. */
  readonly "name": string;
  /** Its members. */
  readonly "user-name"?: readonly string[];
}

/** Rules for some groups. Lists are searched in order until a rule matches. */
export interface NacmRuleList {
  /** Any name. */
  readonly "name": string;
  /** The groups that the rules are for; an asterisk stands for all. */
  readonly "group"?: readonly string[];
  /**
   * One rule. It matches if all of it matches; the first that does decides.
   *
   * Keyed by name. Ordered by the user.
   */
  readonly "rule"?: ReadonlyMap<string, NacmRuleListRule>;
}

/** NacmRuleList with the defaults in use. */
export interface EffectiveNacmRuleList extends NacmRuleList {
  readonly "rule"?: ReadonlyMap<string, EffectiveNacmRuleListRule>;
}

/** One rule. It matches if all of it matches; the first that does decides. */
export type NacmRuleListRule = {
  /** Any name. */
  readonly "name": string;
  /**
   * The module that defines what is accessed; an asterisk stands for all.
   *
   * Default: *.
   */
  readonly "module-name"?: string;
  /**
   * What is done; an asterisk stands for everything.
   *
   * Default: *.
   */
  readonly "access-operations"?: string;
  /** What becomes of the request. */
  readonly "action": ActionType;
  /** Text for people. */
  readonly "comment"?: string;
} & NacmRuleListRuleRuleTypeChoice;

/** NacmRuleListRule with the defaults in use. */
export type EffectiveNacmRuleListRule = {
  readonly "name": string;
  readonly "module-name": string;
  readonly "access-operations": string;
  readonly "action": ActionType;
  readonly "comment"?: string;
} & NacmRuleListRuleRuleTypeChoice;

/** What is accessed. */
export type NacmRuleListRuleRuleTypeChoice =
  | {
      /** Name of the operation; an asterisk stands for all. */
      readonly "rpc-name"?: string;
      readonly "notification-name"?: never;
      readonly "path"?: never;
    }
  | {
      /** Name of the notification; an asterisk stands for all. */
      readonly "notification-name"?: string;
      readonly "rpc-name"?: never;
      readonly "path"?: never;
    }
  | {
      /** Path to the data. */
      readonly "path": string;
      readonly "rpc-name"?: never;
      readonly "notification-name"?: never;
    }
  | {
      readonly "rpc-name"?: never;
      readonly "notification-name"?: never;
      readonly "path"?: never;
    };

/**
 * permit: It may be done.
 *
 * deny: It is refused.
 */
export type ActionType = "permit" | "deny";
