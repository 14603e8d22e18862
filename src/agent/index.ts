// The one loop, and the only place where NETCONF and NTP meet: events in, effects out. createAgent
// is its one entry point. It knows no socket, no file and no clock: those are doors that its host
// hands in.

export { Agent } from "./agent.ts";
export { createAgent } from "./create-agent.ts";
export type {
  AgentLoop,
  AgentOptions,
  ClockStart,
  LoginUser,
  Platform,
  PreparedSockets,
  SecretSealer,
  SocketsDoor,
} from "./doors.ts";
export type { Effect, LogLevel } from "./effect.ts";
export type { ChannelId, Event, Peer } from "./event.ts";
export { KeyVault, sealedAnew, vaultKeyLength } from "./key-vault.ts";
export type {
  CertificateFacts,
  CertToName,
  ListenerPlan,
  RevocationFacts,
  ServerDoor,
  ServerFault,
  ServerPlan,
  SshAlgorithmsPlan,
  TlsIdentity,
  Transport,
} from "./server-plan.ts";
