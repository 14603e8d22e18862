/** The one door to chance. Production hands in the system's CSPRNG, a simulation a seeded one. */
export interface Random {
  /** Fresh octets. */
  bytes(length: number): Uint8Array;
  /** Uniform in [0, 1). */
  fraction(): number;
}
