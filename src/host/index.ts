// The only room with effects: SSH, UDP, files, timers, clocks, logs. serve() composes the agent and
// the world and runs the loop between them. It knows no protocol: bytes come in, the agent's
// effects go out.

export { cryptHash } from "./crypt.ts";
export { hostKeys, publicHostKeys } from "./host-keys.ts";
export { readInterfaces } from "./interfaces.ts";
export { atRestVault, keptVault, rotateKey } from "./key-file.ts";
export { loadLibc } from "./libc.ts";
export { type NtpStatus, readStatus, statusQuestion } from "./ntp-status.ts";
export { ownYangFolder } from "./own-yang-folder.ts";
export { PasswordChecker } from "./passwords.ts";
export { fingerprint, keyKind } from "./public-key.ts";
export { systemRandom } from "./random.ts";
export { hostClock } from "./raw-clock.ts";
export { type ReplayEnd, type Replayed, replayRecord } from "./record/replay.ts";
export { hashPassword } from "./recovery-user.ts";
export { type ServeOptions, serve } from "./serve.ts";
export type { ModuleFeatures } from "./served-modules.ts";
export { StartError } from "./start-error.ts";
export { lockState } from "./state-lock.ts";
export { FileStorage } from "./storage.ts";
export { openSockets } from "./udp.ts";
export { UrlFiles, urlFolder } from "./url-files.ts";
export { ownVersion } from "./version.ts";
export { yangFolders } from "./yang-folders.ts";
