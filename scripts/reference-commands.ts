/// <reference path="../src/yang/xspattern.d.ts" />
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { referencePage } from "../src/shell/index.ts";

// Writes docs/reference-commands.md from the table of commands. A test holds what is committed
// against it: npm run build:scripts && node build/scripts/reference-commands.js

writeFileSync(join(process.cwd(), "docs/reference-commands.md"), referencePage());
