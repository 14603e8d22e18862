// The commands other than serve, and how all of them read their arguments: buildProgram() is its
// entry point. What talks to an agent here is a NETCONF client like any other: it knows nothing of
// the agent's insides.

export { CallFault } from "./call-fault.ts";
export { buildProgram } from "./program.ts";
