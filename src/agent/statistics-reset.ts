import { refuse } from "../base/index.ts";
import type { StatisticsResetInput } from "../generated/ietf-ntp.ts";
import type { AssociationState } from "../ntp/index.ts";
import { localMode, shownAddress } from "./ntp-state.ts";

/**
 * RFC 9249's statistics-reset: the association that the three leaves name, or all where there are
 * none. What names no association of now is refused: whoever asked believes in another one.
 */
export function resetTarget(
  input: StatisticsResetInput,
  associations: readonly AssociationState[],
): AssociationState | "all" {
  const address = input["associations-address"];
  const mode = input["associations-local-mode"];
  const configured = input["associations-isconfigured"];
  if (address === undefined && mode === undefined && configured === undefined) return "all";
  const matching = associations.filter(
    (one) =>
      (address === undefined || shownAddress(one) === address) &&
      (mode === undefined || localMode(one.mode) === mode) &&
      (configured === undefined || one.configured === configured),
  );
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return only;
  const asked = [address, mode, configured].filter((part) => part !== undefined).join(" ");
  throw refuse(
    "invalid-value",
    `statistics-reset: ${asked} names ${matching.length} associations, not one`,
  );
}
