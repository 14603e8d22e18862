import { HostKeyCheck } from "./host-key.ts";
import {
  connectionFault,
  credentialsOf,
  isLoginFault,
  type LoginWords,
  withPassword,
} from "./login.ts";
import type { Login } from "./netconf-client.ts";

/**
 * Connects to the agent that the words name. What somebody at a terminal can decide is asked for: a
 * password, where there is nothing else or it was not enough, and whether a new host key is right.
 */
export async function logIn<T>(
  words: LoginWords,
  connect: (login: Login) => Promise<T>,
): Promise<T> {
  const { netconf, user } = words;
  const hostKey = new HostKeyCheck(netconf, words);
  let credentials = await credentialsOf(words);
  for (;;) {
    try {
      return await connect({ ...netconf, ...credentials, hostKey: hostKey.options() });
    } catch (error) {
      if (await hostKey.isMended()) continue;
      const isAskable = isLoginFault(error) && credentials.password === undefined;
      if (!isAskable || !process.stdin.isTTY) throw connectionFault(netconf, user, error);
      credentials = await withPassword(credentials);
    }
  }
}
