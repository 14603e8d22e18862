import { fileURLToPath } from "node:url";

/** Our own modules, beside the program whether it runs from src or from dist. */
export const ownYangFolder = fileURLToPath(new URL("../../yang", import.meta.url));
