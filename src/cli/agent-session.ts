import type { Schema } from "../yang/index.ts";
import { agentSchema } from "./agent-schema.ts";
import { CallFault } from "./call-fault.ts";
import type { Agent } from "./configuration.ts";
import { logIn } from "./log-in.ts";
import { connectionFault, type LoginWords } from "./login.ts";
import { NetconfClient, Refused } from "./netconf-client.ts";

/** A session with the agent that the words name, for as long as `action` takes. */
export async function withAgent<T>(
  words: LoginWords,
  action: (agent: Agent) => Promise<T>,
): Promise<T> {
  const client = await logIn(words, NetconfClient.connect);
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
    if (error === client.lost) throw connectionFault(words.netconf, words.user, error);
    throw error;
  } finally {
    await client.close();
  }
}
