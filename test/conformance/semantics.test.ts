// What cheap implementations of YANG get wrong, in 60 groups: each has its cases here, or names the
// test elsewhere that holds it. A case is a module (the body of t) and documents of its data.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  bad,
  type Case,
  c,
  check,
  type EditCase,
  type Elsewhere,
  edit,
  good,
  inA,
  leaf,
  noEdit,
  one,
  served,
  withFiles,
  withOther,
} from "./semantic-case.ts";

const USERS =
  "container c { leaf-list s { ordered-by user; type string; } leaf x { type int8; } leaf d { type int8; default 7; } }";
/** A module that is imported, and not implemented. */
const I = `module i { yang-version 1.1; namespace "urn:i"; prefix i; typedef lent { type int8 { range 0..9; } }
  leaf x { type int8; } identity base; identity lent { base base; } }`;

const GROUPS: Readonly<Record<string, readonly (Case | EditCase | Elsewhere)[]>> = {
  "1 patterns are anchored, ^ and $ are characters": [
    leaf("string { pattern 'a|b'; }", ["a", "b"], ["ab", "xb"]),
    leaf("string { pattern '^a$'; }", ["^a$"], ["a"]),
  ],
  "2 classes can be subtracted": [leaf("string { pattern '[a-z-[aeiou]]+'; }", ["bcd"], ["abc"])],
  "3 categories, name characters, digits of all scripts, line ends": [
    leaf(String.raw`string { pattern '\p{Lu}\i\c\d.'; }`, ["Äa-٣x"], ["äa-3x", "Aa-3\n", "A1-3x"]),
  ],
  "4 patterns that would backtrack for ever, or are large": [
    leaf("string { pattern '(a+)+b'; }", ["ab"], ["a".repeat(5000)]),
    leaf("string { pattern '((1|22){1,5} ?){0,255}'; }", ["1 22 1"], ["3"]),
  ],
  "5 patterns are ANDed, may be inverted; length counts characters, of binary octets": [
    leaf("string { pattern 'a.*'; pattern '.*b'; }", ["ab"], ["a", "b"]),
    leaf("string { pattern 'a.*' { modifier invert-match; } }", ["b"], ["ab"]),
    leaf("string { length 1; }", ["\u{1F600}"], ["ab"]),
    leaf("binary { length 2; }", ["AAA="], ["AA==", "AAAA"]),
  ],
  "6 white space counts in strings and enums, not around numbers": [
    leaf("string { length 2; }", ["a ", " \n"], ["a"]),
    leaf("int8;", [" 5\n"], ["5 5"]),
    leaf("enumeration { enum a; }", ["a"], [" a"]),
    leaf("boolean;", ["true"], [" true", "TRUE", "1"]),
  ],
  "7 strings of modules: indentation, escapes, concatenation": [
    leaf(
      "string { pattern \"a\\n               b\" + '\\d'; }",
      ["a\n               b1"],
      ["a\nb1"],
    ),
    bad('leaf a { type string { pattern "\\d"; } }'),
    one(good('leaf a { type string { pattern "\\d"; } }', [inA("1")], [inA("d")])),
    bad("leaf a { type string; description it's; }"),
  ],
  "8 decimals are exact": [
    leaf(
      "decimal64 { fraction-digits 2; range '-1.5..max'; }",
      ["+05.10", "-0.00", "5"],
      [".5", "5.", "5.123", "-1.51"],
    ),
    leaf("decimal64 { fraction-digits 18; }", ["9.223372036854775807"], ["9.223372036854775808"]),
  ],
  "9 integers of 64 bits are exact, and strings in JSON": [
    leaf(
      "uint64 { range '18446744073709551614..max'; }",
      ["18446744073709551615"],
      ["18446744073709551613"],
    ),
    good("leaf a { type int64; }", ['{"t:a": "9223372036854775807"}'], ['{"t:a": 5}']),
  ],
  "10 hexadecimal and octal are for modules alone": [
    leaf("int8 { range '8'; } default 010;", ["8"], ["0x8", "7"]),
    leaf("int8;", ["10", "010"], ["0x10"]),
  ],
  "11 ranges narrow, part by part, in order": [
    good(
      "typedef r { type int8 { range '1..5 | 8..9'; } } leaf a { type r { range 'min..3 | 9'; } }",
      [inA("9")],
      [inA("8")],
    ),
    bad("typedef r { type int8 { range '1..5'; } } leaf a { type r { range '4..6'; } }"),
    bad("leaf a { type int8 { range '1..5 | 5..9'; } }"),
    bad("leaf a { type int8 { range '7 | 1..5'; } }"),
  ],
  "12 numbers of enums and bits come after the highest": [
    good(
      "leaf a { type enumeration { enum x { value 7; } enum y { value 3; } enum z; } must 'enum-value(.) = 8'; }",
      [inA("z")],
      [inA("y")],
    ),
    bad("leaf a { type enumeration { enum x { value 2147483647; } enum y; } }"),
    bad("leaf a { type bits { bit x { position 4294967295; } bit y; } }"),
  ],
  "13 bits in any order, none twice": [
    leaf(
      "bits { bit x { position 4; } bit y { position 1; } }",
      ["", "x y", " y\n x "],
      ["x x", "z"],
    ),
  ],
  "14 booleans and empties have one form": [leaf("empty;", [""], [" ", "x"])],
  "15 a union is its first member that fits": [
    good(
      "leaf a { type union { type uint8; type string; } must \". = 5 or . = '300'\"; }",
      [inA("+5"), inA("300")],
      [inA("6")],
    ),
    one(bad("leaf a { type union { type empty; type string; } }")),
  ],
  "16 typedefs hand their defaults on": [
    good(
      "typedef d { type int8; default 3; } container c { leaf a { type d; } leaf b { type int8; must '../a = 3'; } }",
      [c("<b>1</b>")],
      [c("<a>4</a><b>1</b>")],
    ),
    bad("typedef d { type int8; default 30; } leaf a { type d { range '0..9'; } }"),
  ],
  "17 identities go by namespace": [
    withOther(
      good(
        "container c { leaf i { type identityref { base o:ob; } } } identity own { base o:ob; }",
        [c("<i>o:od</i>"), c("<i>own</i>"), '{"t:c":{"i":"o:od"}}'],
        [c("<i>od</i>"), c("<i>x:od</i>")],
      ),
    ),
    good(
      "identity p; identity q; identity both { base p; base q; } identity half { base p; } leaf a { type identityref { base p; base q; } }",
      [inA("both")],
      [inA("half")],
    ),
  ],
  "18 a base is no value, nor is what a feature switches off or has no base": [
    good(
      "identity p; identity q { base p; } identity loose; leaf a { type identityref { base p; } }",
      [inA("q")],
      [inA("p"), inA("loose")],
    ),
    bad("identity p { base q; } identity q { base p; }"),
  ],
  "19 identities in XPath": [
    good(
      "identity p; identity q { base p; } leaf a { type identityref { base p; } must \"derived-from-or-self(., 't:q')\"; }",
      [inA("q")],
    ),
  ],
  "20 instance-identifiers": [
    good(
      "container c { leaf i { type instance-identifier; } list l { key k; leaf k { type int8; } } leaf-list s { type int8; } choice h { leaf x { type int8; } } }",
      [
        c("<l><k>1</k></l><i>/t:c/t:l[t:k='1']</i>"),
        c("<s>1</s><i>/t:c/t:s[.='1']</i>"),
        c("<x>1</x><i>/t:c/t:x</i>"),
      ],
      [
        c("<i>/t:c/t:l[t:k='1']</i>"),
        c("<l><k>1</k></l><i>/t:c/t:l[1]</i>"),
        c("<i>/c</i>"),
        c("<x>1</x><i>/t:c/t:h/t:x</i>"),
      ],
    ),
  ],
  "21 leafrefs need their target, of configuration": [
    good(
      "container c { leaf r { type leafref { path ../k; } } leaf f { type leafref { path ../k; require-instance false; } } leaf k { type int8; } }",
      [c("<k>1</k><r>1</r>"), c("<f>1</f>")],
      [c("<r>1</r>"), c("<f>x</f>")],
    ),
    bad("leaf s { config false; type int8; } leaf a { type leafref { path ../s; } }"),
  ],
  "22 leafrefs with predicates, deref() and chains": [
    good(
      "container c { list l { key k; leaf k { type string; } leaf v { type int8; } } leaf r { type leafref { path ../l/k; } } leaf v { type leafref { path '../l[k = current()/../r]/v'; } } leaf w { type leafref { path 'deref(../r)/../v'; } } }",
      [c("<l><k>a</k><v>1</v></l><r>a</r><v>1</v><w>1</w>")],
      [
        c("<l><k>a</k><v>1</v></l><l><k>b</k><v>2</v></l><r>b</r><v>1</v>"),
        c("<l><k>a</k><v>1</v></l><r>a</r><w>2</w>"),
      ],
    ),
  ],
  "23 a leafref's default needs its target, too": [
    good(
      "container c { leaf k { type string; } leaf r { type leafref { path ../k; } default d; } }",
      [c("<k>d</k>"), c("<k>x</k><r>x</r>")],
      [c("<k>x</k>")],
    ),
  ],
  "24 the context node of must and when": [
    good(
      "container c { leaf x { type int8; must '. > 1'; } choice h { case q { when 'x = 2'; leaf y { type int8; } } } uses g { when 'x = 3'; } } grouping g { leaf z { type int8; } }",
      [c("<x>2</x><y>1</y>"), c("<x>3</x><z>1</z>")],
      [c("<x>1</x>"), c("<x>3</x><y>1</y>"), c("<x>2</x><z>1</z>")],
    ),
  ],
  "25 what can be seen from where": [
    {
      ...good(
        "leaf s { config false; type int8; } leaf a { type int8; must 'not(../s)'; } leaf n { config false; type int8; must '../s'; }",
        [`${inA("1")}<s xmlns="urn:t">1</s><n xmlns="urn:t">1</n>`.replace(/<a.*?a>/, "")],
        ['<n xmlns="urn:t">1</n>'],
      ),
      type: "data",
    },
  ],
  "26 defaults in use are seen, and count": [
    good(
      "container c { leaf d { type int8; default 3; } leaf a { type int8; must '../d = 3'; } }",
      [c("<a>1</a>")],
    ),
    good(
      "list c { key k; unique u; leaf k { type int8; } leaf u { type int8; default 1; } }",
      [c("<k>1</k><u>2</u>") + c("<k>2</k>")],
      [c("<k>1</k>") + c("<k>2</k>"), c("<k>1</k><u>1</u>") + c("<k>2</k>")],
    ),
  ],
  "27 where a when is false there is no node": [
    good(
      "container c { leaf t { type string; } leaf w { when \"../t = 'x'\"; type int8; mandatory true; } }",
      [c("<t>y</t>"), c("<t>x</t><w>1</w>")],
      [c("<t>x</t>"), c("<t>y</t><w>1</w>")],
    ),
    { file: "test/datastore/incremental.test.ts", title: "applyWhens" },
  ],
  "28 whens hang on each other": [
    good(
      "container c { leaf x { type int8; } leaf y { when '../x'; type int8; default 1; } leaf z { when '../y = 1'; type int8; } }",
      [c("<x>1</x><z>1</z>")],
      [c("<z>1</z>"), c("<x>1</x><y>2</y><z>1</z>")],
    ),
  ],
  "29 what is mandatory, and where": [
    good("container c { leaf m { type int8; mandatory true; } }", [c("<m>1</m>")], ["", c("")]),
    good(
      "container c { presence p; leaf m { type int8; mandatory true; } }",
      ["", c("<m>1</m>")],
      [c("")],
    ),
    good(
      "container c { choice h { case q { leaf m { type int8; mandatory true; } leaf n { type int8; } } } }",
      ["", c("<m>1</m>")],
      [c("<n>1</n>")],
    ),
    good(
      "container c { choice h { mandatory true; leaf m { type int8; } } }",
      [c("<m>1</m>")],
      [""],
    ),
  ],
  "30 default cases": [
    good(
      "container c { leaf see { type int8; must '../d = 1'; } choice h { default q; case q { leaf d { type int8; default 1; } } leaf r { type int8; } } }",
      [c("<see>1</see>")],
      [c("<see>1</see><r>1</r>"), c("<d>1</d><r>1</r>")],
    ),
    bad("choice h { default q; case q { leaf d { type int8; mandatory true; } } }"),
  ],
  "31 leaf-lists have defaults while they are empty": [
    good(
      "container c { leaf-list d { type int8; default 1; default 2; } leaf see { type int8; must 'count(../d) = 2'; } }",
      [c("<see>1</see>"), c("<d>5</d><d>6</d><see>1</see>")],
      [c("<d>1</d><see>1</see>")],
    ),
    bad("leaf-list d { type int8; default 1; min-elements 1; }"),
  ],
  "32 unique skips what is incomplete": [
    good(
      "list c { key k; unique 'u v/w'; leaf k { type int8; } leaf u { type int8; } container v { leaf w { type int8; } } }",
      [c("<k>1</k><u>1</u>") + c("<k>2</k><u>1</u>")],
      [c("<k>1</k><u>1</u><v><w>1</w></v>") + c("<k>2</k><u>1</u><v><w>1</w></v>")],
    ),
    bad(
      "list c { key k; unique 'l/w'; leaf k { type int8; } list l { key w; leaf w { type int8; } } }",
    ),
  ],
  "33 keys are compared in canonical form": [
    good(
      "list c { key k; leaf k { type int8; } }",
      [c("<k>1</k>") + c("<k>2</k>")],
      [c("<k>007</k>") + c("<k>7</k>"), c("")],
    ),
    bad("list c { key k; leaf k { type int8; when '1'; } }"),
    bad("list c { key k; leaf k { type int8; config false; } }"),
  ],
  "34 values of leaf-lists repeat in state alone": [
    good("leaf-list a { type int8; }", [inA("1") + inA("2")], [inA("1") + inA("01")]),
    { ...good("leaf-list a { type int8; config false; }", [inA("1") + inA("1")]), type: "data" },
  ],
  "35 too few, too many": [
    good(
      "leaf-list a { type int8; min-elements 1; max-elements 2; }",
      [inA("1")],
      ["", inA("1") + inA("2") + inA("3")],
    ),
    { file: "test/datastore/validate.test.ts", title: "too-few-elements" },
  ],
  "36 what the user orders": [
    edit(
      USERS,
      c("<s>a</s><s>b</s>"),
      c('<s yang:insert="first">c</s>'),
      c("<s>c</s><s>a</s><s>b</s>"),
    ),
    edit(
      USERS,
      c("<s>a</s><s>b</s><s>c</s>"),
      c('<s yang:insert="after" yang:value="b">a</s>'),
      c("<s>b</s><s>a</s><s>c</s>"),
    ),
    noEdit(
      USERS,
      c("<s>a</s>"),
      c('<s yang:insert="before" yang:value="x">b</s>'),
      "bad-attribute",
    ),
  ],
  "37 submodules": [
    withFiles(
      good("include s; leaf a { type lent; }", [inA("1"), '<b xmlns="urn:t">1</b>'], [inA("10")]),
      {
        s: "submodule s { yang-version 1.1; belongs-to t { prefix t; } typedef lent { type int8 { range 0..9; } } leaf b { type lent; } }",
      },
    ),
    withFiles(bad("include s;"), {
      s: "submodule s { yang-version 1.1; belongs-to u { prefix u; } leaf b { type int8; } }",
    }),
    withFiles(bad("include s; leaf b { type int8; }"), {
      s: "submodule s { yang-version 1.1; belongs-to t { prefix t; } leaf b { type int8; } }",
    }),
  ],
  "38 groupings are scoped, acyclic, and checked without use": [
    bad("grouping g { container x { uses g; } } "),
    bad("grouping g { leaf x { type nix; } }"),
    bad("container x { grouping g { leaf y { type int8; } } } uses g;"),
    bad(
      "grouping g { leaf y { type int8; } } container x { grouping g { leaf z { type int8; } } }",
    ),
  ],
  "39 refine": [
    good(
      "grouping g { leaf x { type int8; default 1; } leaf y { type int8; } } container c { uses g { refine y { mandatory true; must '. > 1'; } } }",
      [c("<y>2</y>")],
      [c(""), c("<y>1</y>")],
    ),
    bad("grouping g { leaf x { type int8; mandatory true; } } uses g { refine x { default 1; } }"),
  ],
  "40 augment": [
    good(
      "container c { choice h; } augment /t:c/t:h { leaf x { type int8; } } augment /t:c/t:h { case y { leaf z { type int8; } } }",
      [c("<x>1</x>")],
      [c("<x>1</x><z>1</z>")],
    ),
    good("augment /t:c/t:d { leaf y { type int8; } } augment /t:c { container d; } container c;", [
      c("<d><y>1</y></d>"),
    ]),
    withOther(bad("augment /o:oc { leaf m { type int8; mandatory true; } }")),
  ],
  "41 deviations": [
    withOther(
      good(
        "deviation /o:oc/o:x { deviate add { default y; } } leaf a { type int8; must \"/o:oc/o:x = 'y'\"; }",
        [inA("1")],
      ),
    ),
    withOther(bad("deviation /o:oc/o:x { deviate delete { default y; } }")),
    withOther(
      bad(
        "deviation /o:oc/o:x { deviate replace { type int8; } } deviation /o:oc/o:x { deviate add { default y; } }",
      ),
    ),
  ],
  "42 features": [
    bad("leaf a { if-feature 'nix or nox'; type int8; }"),
    bad("feature f { if-feature g; } feature g { if-feature f; }"),
    { file: "test/yang/if-feature.test.ts", title: "and" },
  ],
  "43 status, config and names": [
    bad("typedef q { status deprecated; type int8; } leaf a { type q; }"),
    bad("container c { config false; leaf a { config true; type int8; } }"),
    bad("choice h { case p { leaf a { type int8; } } case q { leaf a { type int8; } } }"),
  ],
  "44 imports": [
    withFiles(
      good(
        "import i { prefix p; } leaf a { type p:lent; }",
        [inA("1")],
        [inA("10"), '<x xmlns="urn:i">1</x>'],
      ),
      { i: I },
    ),
    withFiles(bad("import i { prefix t; }"), { i: I }),
    withFiles(bad("import i { prefix p; revision-date 2020-01-01; }"), { i: I }),
    withFiles(bad("import i { prefix p; } leaf a { type lent; }"), { i: I }),
  ],
  "45 extensions": [
    bad("leaf a { type int8; nix:e; }"),
    bad("leaf a { type int8; t:e; }"),
    good("extension e { argument x; } leaf a { type int8; t:e y { description z; } }", [inA("1")]),
  ],
  "46 what nobody has a schema for": [
    good(
      "container c { anydata d; anyxml x; }",
      [c('<d><q xmlns="urn:q">1<r/></q></d><x>te<b/>xt</x>'), '{"t:c":{"d":{"q":1},"x":[1]}}'],
      [c("<d>text</d>"), '{"t:c":{"d":1}}'],
    ),
  ],
  "47 where actions and notifications may stand": [
    bad("list c { config false; leaf x { type int8; } action go; }"),
    bad("rpc r { input { container c { action go; } } }"),
    bad("notification n { container c { notification m; } }"),
  ],
  "48 containers without presence": [
    good(
      "container c { container d { leaf e { type int8; default 3; } } container p { presence p; leaf f { type int8; default 4; } } leaf a { type int8; must '../d/e = 3 and not(../p/f)'; } }",
      [c("<a>1</a>")],
      [c("<a>1</a><p/>"), c("<a>1</a><d><e>2</e></d>")],
    ),
    good(
      "container c { leaf x { type int8; } container p { presence p; must '../x'; } }",
      ["", c("<x>1</x><p/>")],
      [c("<p/>")],
    ),
  ],
  "49 node sets are compared by what they hold": [
    good(
      "container c { leaf t { type string; } leaf a { type int8; must \"../t != 'x'\"; } leaf b { type int8; must \"not(../t = 'x')\"; } }",
      [c("<b>1</b>"), c("<t>y</t><a>1</a>")],
      [c("<a>1</a>"), c("<t>x</t><b>1</b>")],
    ),
    good("leaf a { type int8; must \"string(number(/t:nix)) = 'NaN'\"; }", [inA("1")]),
  ],
  "50 functions of YANG, names without a prefix": [
    good(
      `container c { leaf s { type string; must "re-match(., 'a[0-9]')"; } leaf b { type bits { bit r; bit w; } must "bit-is-set(., 'r')"; } }`,
      [c("<s>a1</s><b>w r</b>")],
      [c("<s>xa1</s>"), c("<b>w</b>")],
    ),
  ],
  "51 predicates that look outwards": [
    good(
      "container c { list l { key k; leaf k { type int8; } leaf v { type int8; must 'count(../../l[v = current()]) = 1'; } } }",
      [c("<l><k>1</k><v>1</v></l><l><k>2</k><v>2</v></l>")],
      [c("<l><k>1</k><v>1</v></l><l><k>2</k><v>1</v></l>")],
    ),
    bad("leaf a { type int8; must '$x'; }"),
  ],
  "52 prefixes of filters": [{ file: "test/netconf/filters.test.ts", title: "prefix" }],
  "53 create, delete, remove, replace": [
    noEdit(USERS, c("<x>1</x>"), c('<x nc:operation="create">1</x>'), "data-exists"),
    noEdit(USERS, c("<s>a</s>"), c('<x nc:operation="delete"/>'), "data-missing"),
    edit(USERS, c("<x>1</x>"), c('<x nc:operation="remove"/><s nc:operation="remove">q</s>'), ""),
    edit(
      USERS,
      c("<x>1</x><s>a</s>"),
      '<c xmlns="urn:t" nc:operation="replace"><s>b</s></c>',
      c("<s>b</s>"),
    ),
  ],
  "54 editing what is as the default": [
    noEdit(USERS, c("<s>a</s>"), c('<d nc:operation="delete"/>'), "data-missing"),
    edit(USERS, c("<s>a</s>"), c('<d nc:operation="create">7</d>'), c("<s>a</s><d>7</d>")),
    noEdit(USERS, c("<d>7</d>"), c('<d nc:operation="create">7</d>'), "data-exists"),
    edit(USERS, c("<d>7</d><s>a</s>"), c('<d nc:operation="delete"/>'), c("<s>a</s>")),
  ],
  "55 mixed content, CDATA, white space between elements": [
    good(
      "container c { leaf s { type string { length 3; } } }",
      [c("\n <s><![CDATA[a<b]]></s>\n"), c("<s>a&lt;b</s>")],
      [c("x<s>abc</s>"), c("<s>a<b/>b</s>")],
    ),
  ],
  "56 what is implemented": [
    withFiles(
      good(
        "import i { prefix i; } container c { leaf r { type identityref { base i:base; } } } identity own { base i:base; }",
        [c("<r>own</r>")],
        ['<c xmlns="urn:t" xmlns:i="urn:i"><r>i:lent</r></c>'],
      ),
      { i: I },
    ),
    { file: "test/netconf/monitoring.test.ts", title: "librar" },
  ],
  "57 canonical forms of typedefs": [
    withFiles(
      good(
        "import ietf-inet-types { prefix inet; } list c { key k; leaf k { type inet:ip-address; } leaf p { type inet:ip-prefix; must \". = '192.0.2.0/24'\"; } }",
        [c("<k>2001:db8::1</k><p>192.0.2.77/24</p>") + c("<k>2001:db8::2</k>")],
        [c("<k>2001:DB8::1</k>") + c("<k>2001:db8:0:0::1</k>")],
      ),
      {
        "ietf-inet-types": served("ietf-inet-types"),
        "ietf-yang-types": served("ietf-yang-types"),
      },
    ),
  ],
  "58 an empty string is no absent one": [
    good("container c { leaf s { type string; mandatory true; } }", [c("<s/>")], [c("")]),
    leaf("string { length 1..9; }", ["a"], [""]),
  ],
  "59 comments, line ends, marks, blocks without blanks": [
    good("leaf a{type int8{range 1..5;/* x */}// y\r\n}", [inA("5")], [inA("6")]),
    withFiles(good("", [inA("5")], [inA("600")]), {
      t: '\ufeffmodule t{yang-version 1.1;\r\nnamespace "urn:t";prefix t;leaf a{type int8;}}',
    }),
  ],
  "60 messages and tags of the module's own": [
    {
      ...good(
        "leaf a { type string { length 1..2 { error-message 'too long for us'; error-app-tag long; } pattern '[a-z]*' { error-app-tag letters; } } must \". != 'no'\" { error-message 'not that'; error-app-tag refused; } }",
        [inA("ok")],
        [inA("abc"), inA("A"), inA("no")],
      ),
      says: [
        "invalid-value long too long for us",
        'invalid-value letters /t:a: "A" does not match the pattern "[a-z]*"',
        "operation-failed refused not that",
      ],
    },
  ],
};

test("there are 60", () => {
  expect(Object.keys(GROUPS).map((title) => Number.parseInt(title, 10))).toEqual(
    Array.from({ length: 60 }, (_, i) => i + 1),
  );
});

describe.each(Object.entries(GROUPS))("%s", (_, cases) => {
  test.each(cases.map((each, i) => [i + 1, each] as const))("case %i", (_number, each) => {
    if (!("file" in each)) return check(each);
    expect(existsSync(each.file)).toBe(true);
    expect(readFileSync(each.file, "utf8").includes(each.title)).toBe(true);
  });
});
