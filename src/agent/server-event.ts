import { fromObject, type Tree, treeOf } from "../data/index.ts";
import type {
  CallHomeEndedNotification,
  CallHomeEstablishedNotification,
  CallHomeFailedNotification,
  ListenerStateChangedNotification,
} from "../generated/ntpconfd-server.ts";
import type { NotificationSchema, Schema } from "../yang/index.ts";
import type { Effect } from "./effect.ts";
import type { ServerFault } from "./server-plan.ts";

/** What happens to the ways by which managers and the agent reach each other. */
export type ServerEvent =
  | { readonly kind: "fault"; readonly fault: ServerFault }
  | { readonly kind: "listener-up"; readonly name: string }
  | { readonly kind: "call-established"; readonly peer: string; readonly endpoint: string }
  | { readonly kind: "call-ended"; readonly peer: string; readonly endpoint: string }
  | {
      readonly kind: "call-failed";
      readonly peer: string;
      readonly endpoint: string;
      readonly reason: string;
      /** Calls of this endpoint in a row, if it is given up with this one. */
      readonly givenUpAfter: number | undefined;
    };

/** What the listeners and the calls home ask for: their events are logged and told. */
export type ServerEffect = Effect | { readonly kind: "server-event"; readonly event: ServerEvent };

/** Those events as the notifications of ntpconfd-server. */
export class ServerNotifications {
  readonly #schemas: ReadonlyMap<string, NotificationSchema>;

  constructor(schema: Schema) {
    const own = schema.notifications.filter(({ module }) => module.name === "ntpconfd-server");
    this.#schemas = new Map(own.map((notification) => [notification.name, notification]));
  }

  /** undefined: it is for the log alone. */
  tree(event: ServerEvent): Tree | undefined {
    switch (event.kind) {
      case "fault": {
        const { part, name, reason } = event.fault;
        if (part !== "listener") return undefined;
        const told = { listener: name, "oper-status": "down", reason } as const;
        return this.#made(
          "listener-state-changed",
          told satisfies ListenerStateChangedNotification,
        );
      }
      case "listener-up": {
        const told = { listener: event.name, "oper-status": "up" } as const;
        return this.#made(
          "listener-state-changed",
          told satisfies ListenerStateChangedNotification,
        );
      }
      case "call-established":
      case "call-ended": {
        const { peer, endpoint } = event;
        const told: CallHomeEstablishedNotification & CallHomeEndedNotification = {
          ...{ peer, endpoint },
        };
        return this.#made(event.kind.replace("call", "call-home"), told);
      }
      case "call-failed": {
        const { peer, endpoint, reason, givenUpAfter: attempts } = event;
        if (attempts === undefined) return undefined;
        const told: CallHomeFailedNotification = { peer, endpoint, attempts, reason };
        return this.#made("call-home-failed", told);
      }
    }
  }

  #made(name: string, told: object): Tree | undefined {
    const schema = this.#schemas.get(name);
    return schema && { ...treeOf(fromObject(schema, told)), schema };
  }
}
