// The datastores: running, candidate and startup as immutable trees; edits, validation, commit,
// locks and confirmed commit. It knows no session but its number, no XML but elements, no NTP. The
// class Datastores is its one entry point.

export type { AccessAction, Authorize } from "./access.ts";
export { ConfigFiles } from "./config-files.ts";
export type { ConfirmRequest } from "./confirmed-commit.ts";
export type {
  CommitRequest,
  CommitResult,
  ConfirmedCommitEvent,
  DatastoreChange,
  DatastoresOptions,
  EditRequest,
} from "./datastores.ts";
export { Datastores } from "./datastores.ts";
export { type DefaultOperation, editConfig, type Hidden } from "./edit-config.ts";
export type { DatastoreName, SessionId } from "./lock.ts";
export { SealedForm, type Sealer } from "./sealed-form.ts";
export { parseConfig, printConfig, rewriteStored } from "./stored.ts";
export type { Prepared, Subscriber, TreeChange } from "./subscriber.ts";
export { validateData, validateInput, validateTree } from "./validate.ts";
