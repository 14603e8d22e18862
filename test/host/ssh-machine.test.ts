import { holdLaws } from "./tended.ts";

// Where ssh2 was built with its native part, with that.

holdLaws();
