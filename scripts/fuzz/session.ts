import { type ErrorTag, RpcError } from "../../src/base/index.ts";
import type { Peer } from "../../src/netconf/index.ts";
import { isXmlFault, parseXml } from "../../src/xml/index.ts";
import { type Manager, World } from "../../test/netconf/world.ts";
import type { Chance } from "./chance.ts";
import { type RequestForm, request } from "./requests.ts";
import { labSchema } from "./schemas.ts";
import { type FuzzTarget, holds, once, textTarget } from "./target.ts";

const NACM = "urn:ietf:params:xml:ns:yang:ietf-netconf-acm";
const HIDDEN = "Hush-Hush-77";

const form = once(
  (): RequestForm => ({
    schema: labSchema(),
    modules: new Set(["lab", "twin"]),
    paths: [
      ...["/l:top", "/l:top/l:item", "/l:top/l:item[l:id='a']/l:inner", "//l:value", "/l:other"],
      ...["/l:top/l:hidden", "//*[.='Hush-Hush-77']", "//*[starts-with(., 'Hush')]", "/l:live"],
      ...["/l:top/l:step[1]", "/l:top/l:pair[l:x=1][l:y='l:cat']", "//l:item[last()]", "/*", "//*"],
      ...["/l:top[l:hidden]", "/l:top[count(*) > 3]", "/l:top/l:item[../l:pres]/l:size", "/"],
    ],
  }),
);

/** RFC 6241 appendix A. */
const tags: ReadonlySet<string> = new Set<ErrorTag>([
  ...(["in-use", "invalid-value", "too-big", "missing-attribute", "bad-attribute"] as const),
  ...(["unknown-attribute", "missing-element", "bad-element", "unknown-element"] as const),
  ...(["unknown-namespace", "access-denied", "lock-denied", "resource-denied"] as const),
  ...(["rollback-failed", "data-exists", "data-missing", "operation-not-supported"] as const),
  ...(["operation-failed", "malformed-message"] as const),
]);

const rule = (path: string): string =>
  `<rule><name>${path}</name><path xmlns:l="urn:lab">${path}</path><action>deny</action></rule>`;

/** What a user "oper" may not see, of what is there and of what is not. */
const nacm =
  `<nacm xmlns="${NACM}"><write-default>permit</write-default><groups><group><name>g</name>` +
  "<user-name>oper</user-name></group></groups><rule-list><name>l</name><group>g</group>" +
  `${rule("/l:top/l:item[l:id='b']")}${rule("/l:top/l:pres")}${rule("/l:top/l:blob")}` +
  `${rule(`/nacm:nacm`).replace('xmlns:l="urn:lab"', `xmlns:nacm="${NACM}"`)}</rule-list></nacm>`;
const secrets =
  `<hidden>${HIDDEN}</hidden><blob>${HIDDEN}</blob><pres><x>${HIDDEN}</x></pres>` +
  `<item><id>b</id><value>${HIDDEN}</value><inner><a>${HIDDEN}</a></inner></item>`;

function world(isRich: boolean): World {
  const made = new World({ schema: labSchema() });
  const admin = made.open();
  const known =
    "<name>n</name><tag>t</tag><seq>a</seq><seq>b</seq><item><id>a</id><value>v</value></item>" +
    "<step><name>a</name></step><step><name>b</name></step>" +
    "<pair><x>1</x><y>cat</y><note>y</note></pair><limits><low>1</low><high>2</high></limits>";
  const top = `<top xmlns="urn:lab">${known}${isRich ? secrets : ""}</top>`;
  const replies = [admin.edit(top + nacm), admin.rpc("<commit/>"), admin.rpc("<close-session/>")];
  if (replies.some((reply) => reply !== "<ok/>")) throw new Error(replies.join("\n"));
  return made;
}

/** Whoever speaks in a line of an input. */
const peers: Readonly<Record<string, Partial<Peer>>> = { admin: {}, oper: { user: "oper" } };

/** One world, in which the lines of an input happen. */
class Play {
  readonly world: World;
  readonly #managers = new Map<string, Manager>();

  constructor(isRich: boolean) {
    this.world = world(isRich);
  }

  /** What comes of a line; undefined: it is none. */
  line(line: string): string | undefined {
    const [, who = "", what = ""] = /^(\w+) ?(.*)$/s.exec(line) ?? [];
    if (who === "wait") {
      // Who is subscribed to state has it looked at each second.
      this.world.pass(Math.min(60, Number(what) || 0));
      return this.#heard();
    }
    const peer = peers[who];
    if (peer === undefined) return undefined;
    const manager = this.#manager(who, peer);
    const replies = manager.message(`<rpc xmlns="${BASE}" message-id="1">${what}</rpc>`);
    this.#judge(manager, what, replies);
    return replies + this.#heard();
  }

  /** What was told to "oper" unasked. */
  #heard(): string {
    return this.#managers.get("oper")?.messages.splice(1).join("\n") ?? "";
  }

  #manager(who: string, peer: Partial<Peer>): Manager {
    const known = this.#managers.get(who);
    if (known !== undefined && !known.isClosed) return known;
    const fresh = this.world.open(peer);
    this.#managers.set(who, fresh);
    return fresh;
  }

  #judge(manager: Manager, what: string, replies: string): void {
    holds(this.world.logs.every(isNoFault), () => `a fault inside: ${this.world.logs.join("\n")}`);
    for (const message of replies.split(/(?<=<\/rpc-reply>|<\/notification>)\n/)) {
      if (message === "") continue;
      holds(!isXmlFault(parseXml(message)), () => `what is said cannot be read: ${message}`);
    }
    const count = replies.match(/<rpc-reply/g)?.length ?? 0;
    const due = manager.isClosed ? count : 1;
    holds(count === due, () => `${count} replies came to ${what}:\n${replies}`);
    for (const [, tag = ""] of replies.matchAll(/<error-tag>([^<]*)</g)) {
      holds(tags.has(tag), () => `an error-tag "${tag}"`);
    }
  }
}

const BASE = "urn:ietf:params:xml:ns:netconf:base:1.0";

function isNoFault(log: string): boolean {
  return !/inside the agent|could not be printed|could not be told/.test(log);
}

function lines(chance: Chance, who: readonly string[]): string {
  const one = (): string =>
    chance.happens(0.1)
      ? `wait ${chance.pick([0.1, 2, 40])}`
      : `${chance.pick(who)} ${request(chance, form())}`;
  return [one(), ...chance.some(9, one)].join("\n");
}

/** Two managers ask whatever comes to their minds; running stays valid, and can be copied back. */
export const session: FuzzTarget = textTarget({
  name: "session",
  quick: 12,
  make: (chance) => lines(chance, ["admin", "admin", "oper"]),
  run(input) {
    const play = new Play(true);
    for (const line of input.split("\n")) play.line(line);
    const { datastores, schema } = play.world;
    const before = datastores.read("running");
    try {
      datastores.validate("running");
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      holds(false, () => `running is not valid: ${error.message}`);
    }
    const keeper = play.world.open();
    const shown = keeper.rpc("<get-config><source><running/></source></get-config>");
    const config = shown.replace(/^<data/, "<config").replace(/data>$/, "config>");
    const copied = keeper.rpc(
      `<validate><source>${config === "<config/>" ? "<config></config>" : config}</source></validate>`,
    );
    holds(copied === "<ok/>", () => `what is shown is not valid: ${copied}\n${shown}`);
    holds(datastores.read("running") === before && schema === labSchema(), () => "it changed");
  },
});

/** What a refusal may say of what its reader may not see: that there is something. */
const inTheWay = "something in it that this user may not read is in the way";

/**
 * A user who may not see some nodes hears the same whether they are there or not, whatever he asks:
 * but where he would take away what they stand in.
 */
export const secrecy: FuzzTarget = textTarget({
  name: "secrecy",
  quick: 12,
  make: (chance) => lines(chance, ["oper"]),
  run(input) {
    const [rich, poor] = [new Play(true), new Play(false)];
    // What he said himself, and what he locked, say, he may be told again.
    let isSaid = false;
    for (const line of input.split("\n")) {
      if (line.startsWith("admin")) continue;
      isSaid ||= line.includes(HIDDEN);
      const [one, other] = [rich.line(line), poor.line(line)];
      const isHeard = one?.includes(HIDDEN) === true && !isSaid;
      holds(!isHeard, () => `${line}\ntells what is hidden: ${one}`);
      if (one?.includes(inTheWay)) return;
      // What points to something is valid or not, whoever asks (RFC 7950 section 8).
      if (`${one}${other}`.includes("<error-app-tag>instance-required<")) return;
      holds(one === other, () => `${line}\ntells whether it is there:\n${one}\n${other}`);
    }
  },
});
