import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  isValueFault,
  jsonNames,
  modulesOfValue,
  parseDefault,
  parseValue,
  printValue,
  type Type,
  type ValueNames,
} from "../../src/yang/index.ts";
import { type Fixture, identity, moduleOf, T, typeOf, U } from "./fixture.ts";
import { container, leaf, leafList, list, schemaOf } from "./schema-fixture.ts";

/** In XML: the default namespace is that of "u". */
const xml: ValueNames = { module: (prefix) => ({ t: T, u: U, "": U })[prefix] };

/** The law of every row: canonical values are their own canonical form. */
function canonical(type: Type, text: string, names: ValueNames = xml): string {
  const parsed = parseValue(type, text, names);
  if (isValueFault(parsed)) return `refused: ${parsed.message}`;
  const again = parseValue(parsed.type, parsed.value, { module: jsonNames(EMPTY).module });
  expect(isValueFault(again) ? again : again.value).toBe(parsed.value);
  return parsed.value;
}

const EMPTY = { ...schemaOf(), modules: [T, U] };

function rows(type: string, table: Readonly<Record<string, string>>, fixture?: Fixture): void {
  describe(type, () => {
    test.each(Object.entries(table))("%j is %s", (text, wanted) => {
      expect(canonical(typeOf(type, fixture), text)).toBe(wanted);
    });
  });
}

const not = (what: string) => `refused: ${what}`;

rows("type uint8;", {
  "7": "7",
  "007": "7",
  "+5": "5",
  "-0": "0",
  "000": "0",
  " 5\n": "5",
  "255": "255",
  "256": not("256 is not in the range 0..255"),
  "-1": not("-1 is not in the range 0..255"),
  "99999999999999999999": not("99999999999999999999 is not in the range 0..255"),
  "": not('"" is not an integer'),
  "0x10": not('"0x10" is not an integer'),
  "1.0": not('"1.0" is not an integer'),
  "1e2": not('"1e2" is not an integer'),
  "1 2": not('"1 2" is not an integer'),
  "٣": not('"٣" is not an integer'),
  "\u00a05": not('"\u00a05" is not an integer'),
});
rows("type int64;", {
  "9223372036854775807": "9223372036854775807",
  "-9223372036854775808": "-9223372036854775808",
  "9223372036854775808": not(
    "9223372036854775808 is not in the range -9223372036854775808..9223372036854775807",
  ),
});
rows("type uint64 { range '9007199254740993 | 18446744073709551615'; }", {
  "9007199254740993": "9007199254740993",
  "9007199254740992": not(
    "9007199254740992 is not in the range 9007199254740993 | 18446744073709551615",
  ),
  "18446744073709551615": "18446744073709551615",
  "18446744073709551614": not(
    "18446744073709551614 is not in the range 9007199254740993 | 18446744073709551615",
  ),
});
rows("type decimal64 { fraction-digits 4; range '-1.5..500000'; }", {
  "+05.1000": "5.1",
  "5": "5.0",
  "-0.000": "0.0",
  " 1.25 ": "1.25",
  "-1.5": "-1.5",
  "0.00010000000": "0.0001",
  "0.00001": not('"0.00001" has more than 4 fraction digits'),
  ".5": not('".5" is not a decimal number'),
  "5.": not('"5." is not a decimal number'),
  "1e3": not('"1e3" is not a decimal number'),
  "-1.5001": not("-1.5001 is not in the range -1.5..500000"),
  "500000.0001": not("500000.0001 is not in the range -1.5..500000"),
  "1000000000000000000": not(
    "1000000000000000000.0 does not fit in 64 bits with 4 fraction digits",
  ),
});
rows("type decimal64 { fraction-digits 18; }", {
  "9.223372036854775807": "9.223372036854775807",
  "-9.223372036854775808": "-9.223372036854775808",
  "9.223372036854775808": not(
    "9.223372036854775808 does not fit in 64 bits with 18 fraction digits",
  ),
});
rows("type boolean;", {
  true: "true",
  false: "false",
  True: not('"True" is neither true nor false'),
  "1": not('"1" is neither true nor false'),
  " true": not('" true" is neither true nor false'),
});
rows("type empty;", { "": "", " ": not('" " stands where nothing may stand') });
rows("type enumeration { enum a; enum 'b c'; }", {
  a: "a",
  "b c": "b c",
  A: not('"A" is not one of "a", "b c"'),
  "a ": not('"a " is not one of "a", "b c"'),
});
rows("type bits { bit x { position 9; } bit y; bit z { position 1; } }", {
  "": "",
  "y x": "x y",
  "\n x\t z  y": "z x y",
  "x x": not('bit "x" is there twice'),
  w: not('"w" is not one of the bits "z", "x", "y"'),
});
rows("type binary { length 1..3; }", {
  AQID: "AQID",
  "AQ ==\n": "AQ==",
  "AR==": "AQ==",
  "AAF=": "AAE=",
  "": not('"" has 0 octets: they must be 1..3'),
  AQIDBA: not('"AQIDBA" is not base64'),
  "AQIDBA==": not('"AQIDBA==" has 4 octets: they must be 1..3'),
  "AQ=A": not('"AQ=A" is not base64'),
  "A-_A": not('"A-_A" is not base64'),
});
rows("type string { length '0 | 2..3'; }", {
  "": "",
  " a": " a",
  "\u{1F600}\u{1F600}": "\u{1F600}\u{1F600}",
  "\u{1F600}": not('"\u{1F600}" has length 1: it must be 0 | 2..3'),
  abcd: not('"abcd" has length 4: it must be 0 | 2..3'),
  "a\u0000": not('"a\u0000" holds a character that no string may hold'),
  "a\ud800": not('"a\ud800" holds a character that no string may hold'),
  "a\ufffe": not('"a\ufffe" holds a character that no string may hold'),
});
rows("type string { pattern '[a-z]*'; pattern '.{2}'; pattern 'x.' { modifier invert-match; } }", {
  ab: "ab",
  a: not('"a" does not match the pattern ".{2}"'),
  a1: not('"a1" does not match the pattern "[a-z]*"'),
  xa: not('"xa" matches the pattern "x."'),
});

const base = identity(T, "base");
const identities = [base, identity(T, "one", base), identity(U, "two", base), identity(U, "loose")];
rows(
  "type identityref { base base; }",
  {
    "t:one": "t:one",
    "u:two": "u:two",
    two: "u:two",
    one: not('"u:one" is no identity derived from "t:base": did you mean "t:one"?'),
    tow: not('"u:tow" is no identity derived from "t:base": did you mean "u:two"?'),
    "t:base": not('"t:base" is no identity derived from "t:base"'),
    "u:loose": not('"u:loose" is no identity derived from "t:base"'),
    "x:one": not('identity "x:one" has the prefix "x", which is not known'),
    "t:one ": not('"t:one " is no identity derived from "t:base": did you mean "t:one"?'),
  },
  { identities },
);
rows(
  "type union { type uint8; type identityref { base base; } type enumeration { enum auto; } type string { pattern '[a-z ]*'; } }",
  {
    " 5": "5",
    "+5": "5",
    "128": "128",
    "t:one": "t:one",
    auto: "auto",
    " auto": " auto",
    "300": not(
      '"300" fits no member of the union: it is not in the range 0..255; ' +
        'it is no identity derived from "t:base"; it is not one of "auto"; ' +
        'it does not match the pattern "[a-z ]*"',
    ),
  },
  { identities },
);

describe("instance-identifiers", () => {
  rows("type instance-identifier;", {
    "/t:a/t:b": "/t:a/b",
    "/t:a/u:b/u:c": "/t:a/u:b/c",
    "/t:a[t:k='1'][ u:l = \"2\" ]/t:b": "/t:a[k='1'][u:l='2']/b",
    '/t:a[.="it\'s"]': '/t:a[.="it\'s"]',
    "/t:a[3]": "/t:a[3]",
    "/a": "/u:a",
    a: not('"a" is no instance-identifier'),
    "": not('"" is no instance-identifier'),
    "/t:a/": not('"/t:a/" is no instance-identifier'),
    "/t:a[0]": not('"/t:a[0]" is no instance-identifier'),
    "/x:a": not('"/x:a" has the prefix "x", which is not known'),
    "/t:a[x:k='1']": not("\"/t:a[x:k='1']\" has a prefix that is not known"),
  });

  const schema = schemaOf(
    container(
      "top",
      list("entry", "id name", leaf("id", typeOf("type uint8;")), leaf("name")),
      list("bare", "", leaf("x")),
      leafList("tag"),
      leaf("one"),
    ),
  );
  const names: ValueNames = { module: (prefix) => ({ t: T, u: U })[prefix], schema };
  test.each<[text: string, wanted: string]>([
    ["/t:top/t:entry[t:name='n'][t:id='007']/t:name", "/t:top/entry[id='7'][name='n']/name"],
    ["/t:top/t:entry", not('"/t:top/t:entry": "entry" needs one predicate for "id" and "name"')],
    ["/t:top/t:bare/t:x", not('"/t:top/t:bare/t:x": "bare" needs a position')],
    ["/t:top/t:tag", not('"/t:top/t:tag": "tag" needs one predicate for "."')],
    ["/t:top/t:bare[2]/t:x", "/t:top/bare[2]/x"],
    ["/t:top/t:tag[.='a']", "/t:top/tag[.='a']"],
    [
      "/t:top/t:entry[t:id='7']",
      not('"/t:top/t:entry[t:id=\'7\']": "entry" needs one predicate for "name"'),
    ],
    [
      "/t:top/t:bare[t:x='7']",
      not('"/t:top/t:bare[t:x=\'7\']": list "bare" has no keys: one position is all it takes'),
    ],
    ["/t:top/t:one[.='7']", not('"/t:top/t:one[.=\'7\']": "one" is a leaf and takes no predicate')],
    ["/t:top/t:nope", not('"/t:top/t:nope" leads nowhere: there is no "nope"')],
    ["/u:top", not('"/u:top" leads nowhere: there is no "top"')],
    [
      "/t:top/t:entry[t:name='n'][t:id='300']",
      not("\"/t:top/t:entry[t:name='n'][t:id='300']\": 300 is not in the range 0..255"),
    ],
  ])("%s against a schema", (text, wanted) => {
    expect(canonical(typeOf("type instance-identifier;"), text, names)).toBe(wanted);
  });

  test("in XML every name has its prefix, those of keys too", () => {
    const inXml: ValueNames = { module: names.module, explicit: true };
    const type = typeOf("type instance-identifier;");
    expect(canonical(type, "/t:top/t:tag[.='a']", inXml)).toBe("/t:top/tag[.='a']");
    const refused = ["/top/t:one", "/t:top/one", "/t:top/t:entry[id='7'][t:name='n']"].map((text) =>
      canonical(type, text, inXml),
    );
    expect(refused.map((text) => text.replace(/^.*needs/, "needs"))).toEqual([
      'needs a prefix on "top"',
      'needs a prefix on "one"',
      'needs a prefix on "id"',
    ]);
  });
});

test("what a module wants said of a restriction is in the fault", () => {
  const type = typeOf(
    "type int8 { range 1..4 { error-message 'one to four'; error-app-tag few; } }",
  );
  expect(parseValue(type, "9", xml)).toEqual({
    message: "9 is not in the range 1..4",
    errorMessage: "one to four",
    errorAppTag: "few",
  });
  const union = typeOf(
    "type union { type int8; type string { length 1 { error-message 'one'; } } }",
  );
  expect(parseValue(union, "ab", xml)).toMatchObject({ errorMessage: "one" });
});

test("a union says which member took the value, a leafref which type is at its end", () => {
  const union = typeOf("type union { type int8; type union { type boolean; type string; } }");
  const taker = (text: string) => {
    const parsed = parseValue(union, text, xml);
    return isValueFault(parsed) ? undefined : parsed.type.base;
  };
  expect([taker("1"), taker("true"), taker("x")]).toEqual(["int8", "boolean", "string"]);
});

test("in modules integers may be hexadecimal and octal", () => {
  const type = typeOf("type union { type int16; type string; }");
  const value = (text: string) => {
    const parsed = parseDefault(type, text, xml);
    return isValueFault(parsed) ? parsed.message : parsed.value;
  };
  expect(["010", "0x1F", "-0xf", "0", "08", "10"].map(value)).toEqual([
    "8",
    "31",
    "-15",
    "0",
    "8",
    "10",
  ]);
});

describe("typedefs with a canonical form of their own", () => {
  test.each<[typedef: string, text: string, wanted: string]>([
    ["ietf-inet-types:ipv6-address", "2001:DB8:0:0:8:0800:200C:417A", "2001:db8::8:800:200c:417a"],
    ["ietf-inet-types:ipv6-address", "::", "::"],
    ["ietf-inet-types:ipv6-address", "::1", "::1"],
    ["ietf-inet-types:ipv6-address", "1::", "1::"],
    ["ietf-inet-types:ipv6-address", "0:0:0:0:0:0:0:1%Eth0", "::1%Eth0"],
    ["ietf-inet-types:ipv6-address", "1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["ietf-inet-types:ipv6-address", "1:0:0:2:3:0:0:4", "1::2:3:0:0:4"],
    ["ietf-inet-types:ipv6-address", "1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
    ["ietf-inet-types:ipv6-address", "1::2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
    ["ietf-inet-types:ipv6-address", "::FFFF:192.0.2.1", "::ffff:192.0.2.1"],
    ["ietf-inet-types:ipv6-address", "::ffff:c000:201", "::ffff:192.0.2.1"],
    ["ietf-inet-types:ipv6-address", "64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
    ["ietf-inet-types:ipv6-address-no-zone", "FE80::A", "fe80::a"],
    ["ietf-inet-types:ipv6-prefix", "2001:DB8:1::1/48", "2001:db8:1::/48"],
    ["ietf-inet-types:ipv6-prefix", "2001:db8::ffff/127", "2001:db8::fffe/127"],
    ["ietf-inet-types:ipv6-prefix", "ffff::1/0", "::/0"],
    ["ietf-inet-types:ipv6-prefix", "ff::1/128", "ff::1/128"],
    ["ietf-inet-types:ipv4-prefix", "10.1.2.3/8", "10.0.0.0/8"],
    ["ietf-inet-types:ipv4-prefix", "10.1.2.255/25", "10.1.2.128/25"],
    ["ietf-inet-types:ipv4-prefix", "10.1.2.3/32", "10.1.2.3/32"],
    ["ietf-inet-types:ipv4-prefix", "10.1.2.3/0", "0.0.0.0/0"],
    ["ietf-inet-types:ipv6-address-and-prefix", "2001:DB8::1/64", "2001:db8::1/64"],
    ["ietf-inet-types:domain-name", "Ntp.Example.COM", "ntp.example.com"],
    ["ietf-yang-types:mac-address", "00:1B:44:11:3A:B7", "00:1b:44:11:3a:b7"],
    ["ietf-yang-types:hex-string", "AB:cd", "ab:cd"],
    [
      "ietf-yang-types:uuid",
      "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
      "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    ],
    ["ietf-yang-types:date-and-time", "2022-07-05T00:00:00Z", "2022-07-05T00:00:00Z"],
    ["t:mine", "ABC", "ABC"],
  ])("%s %s", (typedef, text, wanted) => {
    const type: Type = {
      ...typeOf("type string;"),
      typedef: "t:derived",
      typedefs: ["t:derived", typedef],
    };
    expect(canonical(type, text)).toBe(wanted);
  });
});

describe("printed for XML", () => {
  const prefixes: Readonly<Record<string, string>> = { t: "p", u: "" };
  const print = (value: string, type: Type) =>
    printValue(value, type, (module) => prefixes[module] ?? "?");
  const identityref = typeOf("type identityref { base base; }", { identities });
  const instance = typeOf("type instance-identifier;");
  const union = typeOf(
    "type union { type int8; type union { type identityref { base base; } type instance-identifier; } type string; }",
    { identities },
  );
  test.each<[value: string, type: Type, text: string, modules: string[]]>([
    ["t:one", identityref, "p:one", ["t"]],
    ["u:two", identityref, "two", ["u"]],
    [
      "/t:a[k='1'][u:l='2']/b/u:c[.='3']/d[4]",
      instance,
      "/p:a[p:k='1'][l='2']/p:b/c[.='3']/d[4]",
      ["t", "u"],
    ],
    ["t:one", union, "p:one", ["t"]],
    ["/t:a", union, "/p:a", ["t"]],
    ["t:none", union, "t:none", []],
    ["5", union, "5", []],
    ["t:one", typeOf("type string;"), "t:one", []],
  ])("%s", (value, type, text, modules) => {
    expect(print(value, type)).toBe(text);
    expect(modulesOfValue(value, type)).toEqual(modules);
  });
});

test("in JSON prefixes are module names, and a name without one is of the leaf's module", () => {
  const other = { ...moduleOf("t"), implemented: false, namespace: "urn:older" };
  const schema = { ...schemaOf(), modules: [other, T, U] };
  const names = jsonNames(schema, U);
  expect([names.module("t"), names.module("u"), names.module(""), names.module("x")]).toEqual([
    T,
    U,
    U,
    undefined,
  ]);
});

describe("whatever the text", () => {
  const digits = fc.stringMatching(/^[ ]{0,2}[+-]?[0-9]{1,24}[ ]?$/);

  test.each(["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"])(
    "%s takes exactly what lies in its bounds",
    (base) => {
      const type = typeOf(`type ${base};`);
      const width = BigInt(/\d+/.exec(base)?.[0] ?? 0);
      const [min, max] = base.startsWith("u")
        ? [0n, 2n ** width - 1n]
        : [-(2n ** (width - 1n)), 2n ** (width - 1n) - 1n];
      const near = fc.bigInt(min - 3n, max + 3n).map(String);
      fc.assert(
        fc.property(fc.oneof(digits, near), (text) => {
          const exact = BigInt(text.trim().replace("+", ""));
          const parsed = parseValue(type, text, xml);
          const wanted = exact >= min && exact <= max ? exact.toString() : undefined;
          expect(isValueFault(parsed) ? undefined : parsed.value).toBe(wanted);
        }),
      );
    },
  );

  test("a decimal64 is the number it was, to the last digit", () => {
    const texts = fc.stringMatching(/^[+-]?[0-9]{1,12}(\.[0-9]{1,8})?$/);
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 8 }), (text, fractionDigits) => {
        const type = typeOf(`type decimal64 { fraction-digits ${fractionDigits}; }`);
        const scaled = (t: string, digits: number): bigint => {
          const [whole = "", fraction = ""] = t.replace(/^[+-]/, "").split(".");
          const magnitude = BigInt(whole + fraction.padEnd(digits, "0"));
          return t.startsWith("-") ? -magnitude : magnitude;
        };
        const parsed = parseValue(type, text, xml);
        const exact = scaled(text, 20);
        const unit = 10n ** BigInt(20 - fractionDigits);
        const fits = exact % unit === 0n && BigInt.asIntN(64, exact / unit) === exact / unit;
        expect(isValueFault(parsed)).toBe(!fits);
        if (isValueFault(parsed)) return;
        expect(scaled(parsed.value, 20)).toBe(exact);
        expect(parsed.value).toMatch(/^(-?(0|[1-9]\d*)\.(0|\d*[1-9]))$/);
      }),
    );
  });

  test("binary is the octets it was", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
        const text = Buffer.from(octets).toString("base64");
        expect(canonical(typeOf("type binary;"), text.replace(/(.{7})/g, "$1\n"))).toBe(text);
      }),
    );
  });

  test("ipv6 addresses stay the same address, and equal ones become the same text", () => {
    const type: Type = { ...typeOf("type string;"), typedefs: ["ietf-inet-types:ipv6-address"] };
    const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    });
    const expand = (text: string): string => {
      const dotted = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, a, b, c, d) =>
        [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)]
          .map((n) => n.toString(16))
          .join(":"),
      );
      const [head = "", tail] = dotted.split("::").map((part) => part.split(":").filter(Boolean));
      const front = Array.isArray(head) ? head : [];
      const back = tail ?? [];
      const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
      return [...front, ...Array(zeros).fill("0"), ...back].join(":");
    };
    fc.assert(
      fc.property(groups, (numbers) => {
        const plain = numbers.map((n) => n.toString(16)).join(":");
        const printed = canonical(type, plain.toUpperCase());
        expect(expand(printed)).toBe(plain);
        expect(canonical(type, numbers.map((n) => n.toString(16).padStart(4, "0")).join(":"))).toBe(
          printed,
        );
      }),
    );
  });
});

test("what identity was meant is not looked for where another member takes the value", () => {
  const type = typeOf("type union { type identityref { base base; } type string; }", {
    identities,
  });
  if (type.base !== "union") throw new Error("a union is a union");
  const [member] = type.members;
  if (member?.base !== "identityref") throw new Error("its first member is an identityref");
  const looked = vi.spyOn(member.values, "keys");
  expect(parseValue(type, "t:oen", xml)).toMatchObject({ value: "t:oen" });
  expect(looked).not.toHaveBeenCalled();
  expect(parseValue(member, "t:oen", xml)).toMatchObject({
    message: expect.stringContaining('did you mean "t:one"?'),
  });
  expect(looked).toHaveBeenCalled();
});
