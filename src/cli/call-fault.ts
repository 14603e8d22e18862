/**
 * A command cannot be carried out, and the message says why and what would do. `status` is what the
 * process ends with: 1 where the agent refused, 2 where the call is at fault or no agent is there.
 */
export class CallFault extends Error {
  readonly status: 1 | 2;

  constructor(message: string, status: 1 | 2 = 2) {
    super(message);
    this.status = status;
  }
}
