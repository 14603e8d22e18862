import type { Schema } from "../yang/index.ts";
import { agentSchema } from "./agent-schema.ts";
import { CallFault } from "./call-fault.ts";
import type { Agent } from "./configuration.ts";
import {
  connectionFault,
  credentialsOf,
  isLoginFault,
  type LoginWords,
  withPassword,
} from "./login.ts";
import { NetconfClient, Refused } from "./netconf-client.ts";

/** A session with the agent that the words name, for as long as `action` takes. */
export async function withAgent<T>(
  words: LoginWords,
  action: (agent: Agent) => Promise<T>,
): Promise<T> {
  const client = await connect(words);
  let schema: Promise<Schema> | undefined;
  try {
    return await action({
      client,
      schema: () => {
        schema ??= agentSchema(client);
        return schema;
      },
    });
  } catch (error) {
    if (error instanceof Refused) throw new CallFault(error.message, 1);
    throw error;
  } finally {
    await client.close();
  }
}

async function connect(words: LoginWords): Promise<NetconfClient> {
  const { netconf, user } = words;
  const credentials = await credentialsOf(words);
  try {
    return await NetconfClient.connect({ ...netconf, ...credentials });
  } catch (error) {
    const askable = isLoginFault(error) && credentials.password === undefined;
    if (!askable || !process.stdin.isTTY) throw connectionFault(netconf, user, error);
    const typed = await withPassword(credentials);
    return NetconfClient.connect({ ...netconf, ...typed }).catch((again) => {
      throw connectionFault(netconf, user, again);
    });
  }
}
