import { access } from "./access.ts";
import { limits } from "./limits.ts";
import type { Mutant } from "./mutant.ts";
import { ntp } from "./ntp.ts";
import { secrets } from "./secrets.ts";
import { storage } from "./storage.ts";

/** All of them. */
export const mutants: readonly Mutant[] = [...access, ...storage, ...ntp, ...secrets, ...limits];
