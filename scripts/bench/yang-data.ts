/** The module that is validated: leafrefs, musts and a unique over a hundred thousand entries. */
export const validatedModule = `module bench-entries {
  yang-version 1.1; namespace "urn:bench:entries"; prefix b;
  container top {
    list group { key name; leaf name { type string; } }
    list entry {
      key id;
      unique "port name";
      must "not(low) or low <= high";
      leaf id { type uint32; }
      leaf name { type string { length "1..64"; pattern "[a-z][a-z0-9-]*"; } mandatory true; }
      leaf port { type uint16; default 1; }
      leaf low { type uint16; }
      leaf high { type uint16; default 1000; must ". <= 5000"; }
      leaf group { type leafref { path "../../group/name"; } }
      leaf next { type leafref { path "/top/entry/id"; } }
    }
  }
}
`;

/** Five leaves and nothing to check but their types. */
export const plainModule = `module bench-plain {
  yang-version 1.1; namespace "urn:bench:plain"; prefix p;
  container top {
    list entry {
      key id;
      leaf id { type uint32; }
      leaf name { type string; }
      leaf port { type uint16; }
      leaf rate { type decimal64 { fraction-digits 2; } }
      leaf enabled { type boolean; }
    }
  }
}
`;

/** A document that is valid: each entry refers to a group and to another entry. */
export function validatedDocument(count: number): string {
  const groups = Array.from({ length: 100 }, (_, i) => `<group><name>g${i}</name></group>`);
  return `<top xmlns="urn:bench:entries">${groups.join("")}\n${entries(count, (i) => {
    const leaves = `<name>n-${i >> 1}</name><port>${1 + (i % 7)}</port><low>${i % 1000}</low>`;
    return `<id>${i}</id>${leaves}<group>g${i % 100}</group><next>${(i * 7) % count}</next>`;
  })}</top>\n`;
}

export function plainDocument(count: number): string {
  return `<top xmlns="urn:bench:plain">\n${entries(count, (i) => {
    const leaves = `<name>name-${i}</name><port>${i % 65536}</port><rate>${i % 1000}.25</rate>`;
    return `<id>${i}</id>${leaves}<enabled>${i % 2 === 0}</enabled>`;
  })}</top>\n`;
}

function entries(count: number, leaves: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `<entry>${leaves(i)}</entry>\n`).join("");
}
