// The only room with effects: SSH, UDP, files, timers, clocks, logs. serve() composes the agent and
// the world and runs the loop between them. It knows no protocol: bytes come in, the agent's
// effects go out.

export type { Account, Accounts, AuthorizedKey } from "./accounts.ts";
export { parseAuthorizedKeys } from "./accounts.ts";
export { cryptHash } from "./crypt.ts";
export { hostKeys } from "./host-keys.ts";
export { InterfaceWatch, readInterfaces } from "./interfaces.ts";
export { atRestKey } from "./key-file.ts";
export { loadLibc } from "./libc.ts";
export { logLevels } from "./log.ts";
export { PasswordChecker } from "./passwords.ts";
export { systemRandom } from "./random.ts";
export { hostClock } from "./raw-clock.ts";
export { hashPassword } from "./recovery-user.ts";
export type { ServeOptions } from "./serve.ts";
export { serve } from "./serve.ts";
export type { ModuleFeatures } from "./served-modules.ts";
export { ownYangFolder } from "./served-modules.ts";
export type { SocketEffect, SocketHandlers, Sockets } from "./sockets.ts";
export { SocketError } from "./sockets.ts";
export type { SshHandlers, SshOptions } from "./ssh.ts";
export { SshServer } from "./ssh.ts";
export { StartError } from "./start-error.ts";
export { lockState } from "./state-lock.ts";
export { FileStorage } from "./storage.ts";
export { openSockets } from "./udp.ts";
export { yangFolders } from "./yang-folders.ts";
