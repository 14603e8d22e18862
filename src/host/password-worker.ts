import { parentPort } from "node:worker_threads";
import { verifyPassword } from "./crypt.ts";

export interface PasswordQuestion {
  readonly id: number;
  readonly password: string;
  readonly hash: string;
}

export interface PasswordAnswer {
  readonly id: number;
  readonly matches: boolean;
}

parentPort?.on("message", ({ id, password, hash }: PasswordQuestion) => {
  const answer: PasswordAnswer = { id, matches: verifyPassword(password, hash) };
  parentPort?.postMessage(answer);
});
