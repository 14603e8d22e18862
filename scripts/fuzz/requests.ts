import { escapeAttribute } from "../../src/xml/index.ts";
import type { Schema } from "../../src/yang/index.ts";
import type { Chance } from "./chance.ts";
import { type InstanceForm, instances } from "./instance.ts";
import { xpathText } from "./xpath.ts";

const datastores = ["running", "candidate", "startup", "url", "intended", "operational", "moon"];
const ids = ["p", "q", "", "1", "2", "3", "99", "4294967296", "-1"];
const NMDA = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda";
const SUBSCRIBED = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications";
const PUSH = "urn:ietf:params:xml:ns:yang:ietf-yang-push";
const DATASTORES = "urn:ietf:params:xml:ns:yang:ietf-datastores";
const namespaces =
  'xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:yang="urn:ietf:params:xml:ns:yang:1" ' +
  'xmlns:l="urn:lab"';
const times = ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "1970-01-01T00:00:30Z", "now", ""];

/** What requests are made of. */
export interface RequestForm {
  readonly schema: Schema;
  readonly modules: ReadonlySet<string>;
  /** XPath expressions that find something. */
  readonly paths: readonly string[];
}

/** One operation, on one line: of those that there are, with what belongs to it mostly. */
export function request(chance: Chance, form: RequestForm): string {
  const made = chance
    .pick(makers)(chance, form)
    .replace(/\s*\n\s*/g, " ");
  return chance.happens(0.1)
    ? chance.damagedText(made, [
        "<",
        "/>",
        "</",
        "&",
        '"',
        "nc:",
        "<running/>",
        "<config>",
        "xmlns=",
      ])
    : made;
}

type Maker = (chance: Chance, form: RequestForm) => string;

/** The likelier ones stand here more than once. */
const makers: readonly Maker[] = [
  edit,
  edit,
  edit,
  edit,
  commit,
  commit,
  (chance, form) => `<get>${filter(chance, form)}${withDefaults(chance)}</get>`,
  (chance, form) =>
    `<get-config>${side(chance, "source")}${filter(chance, form)}${withDefaults(chance)}</get-config>`,
  getData,
  editData,
  copy,
  (chance) => `<delete-config>${side(chance, "target")}</delete-config>`,
  (chance) => `<lock>${side(chance, "target")}</lock>`,
  (chance) => `<unlock>${side(chance, "target")}</unlock>`,
  (chance, form) =>
    `<validate>${chance.happens(0.7) ? side(chance, "source") : `<source>${config(chance, form)}</source>`}</validate>`,
  (chance) => `<cancel-commit>${persistId(chance)}</cancel-commit>`,
  () => "<discard-changes/>",
  compare,
  partialLock,
  subscribe,
  establish,
  operationOf,
  operationOf,
  action,
  (chance) => `<kill-session><session-id>${chance.pick(ids)}</session-id></kill-session>`,
  (chance) =>
    '<get-schema xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring">' +
    `<identifier>${chance.pick(["lab", "ietf-ntp", "no", "../../etc/passwd"])}</identifier>` +
    `${chance.pick(["", "<version>2026-01-01</version>", "<format>yang</format>"])}</get-schema>`,
  (chance) => chance.pick(["<close-session/>", "<no-such/>", "", "text", "<get/><get/>"]),
];

function side(chance: Chance, name: string): string {
  return `<${name}><${chance.pick(datastores.slice(0, chance.happens(0.9) ? 3 : 7))}/></${name}>`;
}

export function config(chance: Chance, { schema, modules }: RequestForm): string {
  const form: InstanceForm = { schema, modules, form: "edit" };
  return `<config ${namespaces}>${instances(chance, schema.dataChildren, form)}</config>`;
}

function edit(chance: Chance, form: RequestForm): string {
  const target = chance.pick(["candidate", "candidate", "candidate", "running"]);
  const options =
    optional(chance, "default-operation", ["merge", "replace", "none", "create"]) +
    optional(chance, "test-option", ["test-then-set", "set", "test-only"]) +
    optional(chance, "error-option", ["stop-on-error", "continue-on-error", "rollback-on-error"]);
  return `<edit-config><target><${target}/></target>${options}${config(chance, form)}</edit-config>`;
}

function editData(chance: Chance, form: RequestForm): string {
  return (
    `<edit-data xmlns="${NMDA}"><datastore xmlns:ds="${DATASTORES}">ds:${chance.pick(datastores)}` +
    `</datastore>${optional(chance, "default-operation", ["merge", "replace", "none"])}` +
    `${config(chance, form)}</edit-data>`
  );
}

function getData(chance: Chance, form: RequestForm): string {
  const origin = chance.pick(["or:intended", "or:system", "or:unknown", "or:learned"]);
  return (
    `<get-data xmlns="${NMDA}" xmlns:or="urn:ietf:params:xml:ns:yang:ietf-origin">` +
    `<datastore xmlns:ds="${DATASTORES}">ds:${chance.pick(datastores)}</datastore>` +
    chance.oneOf(
      () => "",
      () => `<subtree-filter>${filterContent(chance, form)}</subtree-filter>`,
      () => `<xpath-filter ${namespaces}>${path(chance, form)}</xpath-filter>`,
    ) +
    optional(chance, "config-filter", ["true", "false"]) +
    optional(chance, "max-depth", ["1", "3", "unbounded", "0"]) +
    chance.pick(["", "", "<with-origin/>", `<origin-filter>${origin}</origin-filter>`]) +
    optional(chance, "with-defaults", ["report-all", "trim", "explicit", "report-all-tagged"]) +
    "</get-data>"
  );
}

function copy(chance: Chance, form: RequestForm): string {
  const source = chance.happens(0.6)
    ? side(chance, "source")
    : `<source>${config(chance, form)}</source>`;
  return `<copy-config>${side(chance, "target")}${source}${withDefaults(chance)}</copy-config>`;
}

function commit(chance: Chance): string {
  const confirmed = chance.happens(0.4)
    ? `<confirmed/>${optional(chance, "confirm-timeout", ["1", "30", "600", "0"])}${optional(chance, "persist", ["p", "q"])}`
    : "";
  return `<commit>${confirmed}${chance.happens(0.3) ? persistId(chance) : ""}</commit>`;
}

function persistId(chance: Chance): string {
  return optional(chance, "persist-id", ids);
}

function compare(chance: Chance, form: RequestForm): string {
  const one = (): string => chance.pick(datastores);
  return (
    `<compare xmlns="urn:ietf:params:xml:ns:yang:ietf-nmda-compare" xmlns:ds="${DATASTORES}">` +
    `<source>ds:${one()}</source><target>ds:${one()}</target>${chance.pick(["", "<all/>"])}` +
    chance.oneOf(
      () => "",
      () => `<subtree-filter>${filterContent(chance, form)}</subtree-filter>`,
      () => `<xpath-filter ${namespaces}>${path(chance, form)}</xpath-filter>`,
    ) +
    `${chance.pick(["", "<report-origin/>"])}</compare>`
  );
}

function partialLock(chance: Chance, form: RequestForm): string {
  const name = "urn:ietf:params:xml:ns:netconf:partial-lock:1.0";
  if (chance.happens(0.3)) {
    return `<partial-unlock xmlns="${name}"><lock-id>${chance.pick(ids)}</lock-id></partial-unlock>`;
  }
  const selects = chance.some(3, () => `<select ${namespaces}>${path(chance, form)}</select>`);
  return `<partial-lock xmlns="${name}">${selects.join("")}</partial-lock>`;
}

function subscribe(chance: Chance, form: RequestForm): string {
  return (
    '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0">' +
    optional(chance, "stream", ["NETCONF", "none"]) +
    filter(chance, form) +
    optional(chance, "startTime", times) +
    optional(chance, "stopTime", times) +
    "</create-subscription>"
  );
}

function establish(chance: Chance, form: RequestForm): string {
  const stream =
    `<stream>${chance.pick(["NETCONF", "none"])}</stream>` +
    chance.pick([
      "",
      `<stream-subtree-filter>${filterContent(chance, form)}</stream-subtree-filter>`,
    ]) +
    optional(chance, "replay-start-time", times);
  const push =
    `<datastore xmlns="${PUSH}" xmlns:ds="${DATASTORES}">ds:${chance.pick(datastores)}</datastore>` +
    chance.oneOf(
      () => "",
      () =>
        `<datastore-subtree-filter xmlns="${PUSH}">${filterContent(chance, form)}</datastore-subtree-filter>`,
      () =>
        `<datastore-xpath-filter xmlns="${PUSH}" ${namespaces}>${path(chance, form)}</datastore-xpath-filter>`,
    ) +
    chance.pick([
      `<on-change xmlns="${PUSH}"/>`,
      `<on-change xmlns="${PUSH}"><dampening-period>100</dampening-period></on-change>`,
      `<periodic xmlns="${PUSH}"><period>${chance.pick(["1", "100", "0"])}</period></periodic>`,
    ]);
  const inside = chance.happens(0.5) ? stream : push;
  return (
    `<establish-subscription xmlns="${SUBSCRIBED}">${inside}` +
    `${optional(chance, "stop-time", times)}</establish-subscription>`
  );
}

/** Any rpc that a module has, its input from the schema. */
function operationOf(chance: Chance, { schema }: RequestForm): string {
  const rpc = chance.pick(schema.rpcs);
  const inside = instances(chance, rpc.input.dataChildren, { schema, form: "data", depth: 3 });
  return `<${rpc.name} xmlns="${rpc.module.namespace}">${inside}</${rpc.name}>`;
}

function action(chance: Chance, { schema, modules }: RequestForm): string {
  const form: InstanceForm = { schema, modules, form: "data", depth: 3 };
  const how = `<item><id>${chance.pick(["a", "b"])}</id><poke><how>softly</how></poke></item>`;
  const inside = chance.happens(0.7)
    ? `<top xmlns="urn:lab">${how}</top>`
    : instances(chance, schema.dataChildren, form);
  return `<action xmlns="urn:ietf:params:xml:ns:yang:1">${inside}</action>`;
}

function filter(chance: Chance, form: RequestForm): string {
  return chance.oneOf(
    () => "",
    () => `<filter type="subtree">${filterContent(chance, form)}</filter>`,
    () => `<filter type="xpath" ${namespaces} select="${escapeAttribute(path(chance, form))}"/>`,
  );
}

function filterContent(chance: Chance, { schema, modules }: RequestForm): string {
  return instances(chance, schema.dataChildren, { schema, modules, form: "filter" });
}

function path(chance: Chance, { paths }: RequestForm): string {
  return chance.happens(0.6) ? chance.pick(paths) : xpathText(chance).replaceAll("s:", "l:");
}

function withDefaults(chance: Chance): string {
  return optional(chance, "with-defaults", [
    "report-all",
    "trim",
    "explicit",
    "report-all-tagged",
  ]).replace(
    "<with-defaults>",
    '<with-defaults xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults">',
  );
}

function optional(chance: Chance, name: string, values: readonly string[]): string {
  return chance.happens(0.3) ? `<${name}>${chance.pick(values)}</${name}>` : "";
}
