import { type Module, moduleNamed, type Schema } from "../yang/index.ts";
import { BASE_1_0, BASE_1_1, CAPABILITY } from "./names.ts";

/** RFC 8525: the revision of the library's module, as its capabilities name it. */
const YANG_LIBRARY_REVISION = "2019-01-04";

/** RFC 6243 section 4.3. */
const otherModes = "report-all,report-all-tagged,trim";

/**
 * All that our <hello> announces. `contentId`: of the YANG library (RFC 8525 section 8, RFC 7950
 * section 5.6.4). Both versions of what had two are there, because managers compare whole URIs.
 */
export function capabilitiesOf(
  schema: Schema,
  contentId: string,
  { hasStartup, hasUrl }: { readonly hasStartup: boolean; readonly hasUrl: boolean },
): readonly string[] {
  const library = (version: string, id: string): string =>
    `${CAPABILITY}yang-library:${version}?revision=${YANG_LIBRARY_REVISION}&${id}=${contentId}`;
  return [
    BASE_1_0,
    BASE_1_1,
    `${CAPABILITY}writable-running:1.0`,
    `${CAPABILITY}candidate:1.0`,
    `${CAPABILITY}confirmed-commit:1.0`,
    `${CAPABILITY}confirmed-commit:1.1`,
    `${CAPABILITY}rollback-on-error:1.0`,
    `${CAPABILITY}validate:1.0`,
    `${CAPABILITY}validate:1.1`,
    ...(hasStartup ? [`${CAPABILITY}startup:1.0`] : []),
    ...(hasUrl ? [`${CAPABILITY}url:1.0?scheme=file`] : []),
    `${CAPABILITY}xpath:1.0`,
    `${CAPABILITY}with-defaults:1.0?basic-mode=explicit&also-supported=${otherModes}`,
    // RFC 8526 section 3.1.1.2: <get-data> has them of operational as well.
    ...(moduleNamed(schema, "ietf-netconf-nmda")?.implemented === true
      ? [`${CAPABILITY}with-operational-defaults:1.0`]
      : []),
    ...(moduleNamed(schema, "notifications")?.implemented === true
      ? [`${CAPABILITY}notification:1.0`, `${CAPABILITY}interleave:1.0`]
      : []),
    ...(moduleNamed(schema, "ietf-netconf-partial-lock")?.implemented === true
      ? [`${CAPABILITY}partial-lock:1.0`]
      : []),
    library("1.1", "content-id"),
    library("1.0", "module-set-id"),
    ...schema.modules.filter(isAnnounced).map(moduleUri),
  ];
}

/** RFC 7950 section 5.6.4: modules of YANG 1.1 are told of by the library alone. */
function isAnnounced(module: Module): boolean {
  return module.implemented && module.yangVersion === "1";
}

/** RFC 6020 section 5.6.4. */
function moduleUri(module: Module): string {
  let uri = `${module.namespace}?module=${module.name}`;
  if (module.revision !== undefined) uri += `&revision=${module.revision}`;
  if (module.features.size > 0) uri += `&features=${[...module.features].join(",")}`;
  if (module.deviations.length > 0) uri += `&deviations=${module.deviations.join(",")}`;
  return uri;
}
