// What compile() says of mistakes, and where: the messages are read by the authors of modules.

import { describe, expect, test } from "vitest";
import { compileTexts, diagnosticsOf } from "./modules.ts";

/** Section of RFC 7950, what is tried, the body of a module, what is said of it. */
type Case = readonly [section: string, title: string, body: string, said: readonly string[]];

/** The body starts on line 2. */
function check(head: string, body: string, said: readonly string[]): void {
  expect(diagnosticsOf({ t: `${head}\n${body}\n}` })).toEqual(said.map((line) => `t.yang:${line}`));
}

const HEAD = 'module t { yang-version 1.1; namespace "urn:t"; prefix t;';
const HEAD_1 = 'module t { namespace "urn:t"; prefix t;';

const NAMES_SCOPES: readonly Case[] = [
  [
    "6.2.1",
    "typedefs twice in a module",
    `typedef a { type string; }
typedef a { type int8; }`,
    ['3:1: typedef "a" is defined already, at t.yang:2'],
  ],
  [
    "5.5",
    "a typedef hides one further out",
    `typedef a { type string; }
container c {
  typedef a { type int8; }
}`,
    ['4:3: typedef "a" is defined already, at t.yang:2'],
  ],
  [
    "5.5",
    "a grouping hides one further out",
    `grouping g { leaf x { type string; } }
container c {
  grouping g { leaf y { type string; } }
}`,
    ['4:3: grouping "g" is defined already, at t.yang:2'],
  ],
  [
    "7.3",
    "a typedef with a built-in name",
    "typedef string { type int8; }",
    ['2:1: "string" is a built-in type'],
  ],
  [
    "6.2.1",
    "leaf and container of one name",
    `leaf a { type string; }
container a;`,
    ['3:1: "a" is defined already, at t.yang:2: /t:a'],
  ],
  [
    "6.2.1",
    "a choice with the name of a leaf",
    `leaf a { type string; }
choice a { leaf b { type string; } }`,
    ['3:1: "a" is defined already, at t.yang:2: /t:a'],
  ],
  [
    "7.9.2",
    "one name in two cases",
    `choice ch {
  case a { leaf x { type string; } }
  case b { leaf x { type string; } }
}`,
    ['4:12: "x" is defined already, at t.yang:3: /t:ch/a/x'],
  ],
  [
    "7.9.2",
    "two cases of one name",
    `choice ch {
  case a { leaf x { type string; } }
  leaf a { type string; }
}`,
    ['4:3: "a" is defined already, at t.yang:3: /t:ch/a'],
  ],
  [
    "6.2.1",
    "a choice may have the name of its only leaf",
    "choice a { leaf a { type string; } }",
    [],
  ],
  [
    "6.2.1",
    "an rpc with the name of a leaf",
    `leaf a { type string; }
rpc a;`,
    ['3:1: "a" is defined already, at t.yang:2: /t:a'],
  ],
  [
    "6.2.1",
    "feature, identity and extension of one name",
    `feature a;
identity a;
extension a;`,
    [],
  ],
  [
    "6.2.1",
    "identities twice",
    `identity a;
identity a;`,
    ['3:1: identity "a" is defined already, at t.yang:2'],
  ],
  ["7.13", "a grouping that is not there", "uses g;", ['2:1: there is no grouping "g"']],
  [
    "7.12",
    "groupings in a circle",
    `grouping a { uses b; }
grouping b { uses a; }`,
    ['3:14: grouping "a" uses itself'],
  ],
  [
    "7.12",
    "a grouping out of scope",
    `container c { grouping g { leaf x { type string; } } }
uses g;`,
    ['3:1: there is no grouping "g"'],
  ],
  [
    "7.4",
    "a type out of scope",
    `container c { typedef a { type string; } }
leaf x { type a; }`,
    ['3:10: there is no type "a"'],
  ],
  [
    "7.18.2",
    "identities in a circle",
    `identity a { base b; }
identity b { base a; }`,
    ['2:1: identity "a" is derived from itself', '3:1: identity "b" is derived from itself'],
  ],
  [
    "7.20.1",
    "features in a circle",
    `feature a { if-feature b; }
feature b { if-feature a; }`,
    ['2:1: feature "a" depends on itself'],
  ],
  [
    "7.20.2",
    "a feature that is not there",
    `leaf a { if-feature "not b"; type string; }`,
    ['2:10: there is no feature "b"'],
  ],
  [
    "7.20.2",
    "an expression that does not parse",
    `feature a;
leaf b { if-feature "a and"; type string; }`,
    ['3:10: if-feature "a and": the name of a feature is expected, not the end'],
  ],
];

const GRAMMAR: readonly Case[] = [
  ["7.6.3", "a leaf without a type", "leaf a;", ['2:1: leaf "a" has no type statement']],
  [
    "14",
    "a statement that is not YANG",
    "leef a { type string; }",
    ['2:1: there is no leef in module "t": did you mean "leaf"?'],
  ],
  [
    "14",
    "a statement out of place",
    "leaf a { type string; leaf b { type string; } }",
    ['2:23: leaf may not stand in leaf "a"'],
  ],
  [
    "14",
    "a statement twice",
    "leaf a { type string; config true; config false; }",
    ['2:36: leaf "a" has more than one config statement'],
  ],
  ["14", "an argument missing", "container;", ["2:1: container must have an argument"]],
  [
    "14",
    "an argument too many",
    "rpc r { input x { leaf a { type string; } } }",
    ['2:9: input has no argument, not "x"'],
  ],
  [
    "6.2",
    "no identifier",
    "leaf 1a { type string; }",
    ['2:1: "1a" is no argument of leaf: it must be an identifier'],
  ],
  ["6.2", "xml at the start in YANG 1.1", "leaf xmlA { type string; }", []],
  [
    "14",
    "a truth that is none",
    "leaf a { type string; mandatory yes; }",
    ['2:23: "yes" is no argument of mandatory: it must be true or false'],
  ],
  [
    "14",
    "no number",
    "leaf-list a { type string; min-elements -1; max-elements 0; }",
    [
      '2:28: "-1" is no argument of min-elements: it must be a number from 0',
      '2:45: "0" is no argument of max-elements: it must be unbounded or a number from 1',
    ],
  ],
  [
    "14",
    "no such day",
    "revision 2024-02-30;",
    ['2:1: "2024-02-30" is no argument of revision: it must be a date YYYY-MM-DD'],
  ],
  [
    "14",
    "the header after the body",
    `leaf a { type string; }
revision 2024-01-01;`,
    ["3:1: revision must stand before leaf"],
  ],
  ["14", "an empty list", "list l { key a; }", ['2:1: list "l" has no data definition in it']],
  [
    "14",
    "an empty input",
    "rpc r { input { description x; } }",
    ["2:9: input has no data definition in it", "2:17: description may not stand in input"],
  ],
  [
    "14",
    "a relative path at the top",
    `container c;
augment c { leaf a { type string; } }`,
    ['3:1: "c" is no argument of augment: it must be an absolute schema node identifier'],
  ],
  ["7.19", "an extension that is not there", `t:ext "x";`, ['2:1: there is no extension "t:ext"']],
  [
    "7.19",
    "a prefix that is not declared",
    `u:ext "x";`,
    ['2:1: prefix "u" of u:ext is not declared'],
  ],
  [
    "7.19",
    "an extension without its argument",
    `extension e { argument x; }
t:e;`,
    ["3:1: t:e must have an argument, its x"],
  ],
  [
    "7.19",
    "an extension with an argument it lacks",
    `extension e;
t:e x;`,
    ['3:1: t:e has no argument, not "x"'],
  ],
  [
    "7.19",
    "what is no YANG in an extension",
    `extension e;
t:e { foo; leaf a { config maybe; type string; } }`,
    [
      "3:7: there is no foo statement",
      '3:21: "maybe" is no argument of config: it must be true or false',
    ],
  ],
  [
    "7.9",
    "a must in a choice",
    `choice a { must "b"; leaf b { type string; } }`,
    ['2:12: must may not stand in choice "a"'],
  ],
];

const LISTS: readonly Case[] = [
  [
    "7.8.2",
    "configuration without a key",
    "list l { leaf a { type string; } }",
    ['2:1: list "l" of configuration has no key'],
  ],
  ["7.8.2", "state without a key", "list l { config false; leaf a { type string; } }", []],
  [
    "7.8.2",
    "a key that is not there",
    "list l { key b; leaf a { type string; } }",
    ['2:10: key "b" of list "l" is not one of its leaves'],
  ],
  [
    "7.8.2",
    "a key named twice",
    `list l { key "a a"; leaf a { type string; } }`,
    ['2:10: key "a" of list "l" is named twice'],
  ],
  [
    "7.8.2",
    "a key that is no leaf",
    "list l { key a; container a; }",
    ['2:10: key "a" of list "l" is a container, no leaf'],
  ],
  [
    "7.8.2",
    "a key inside a choice",
    "list l { key a; choice c { leaf a { type string; } } }",
    ['2:10: key "a" of list "l" is not one of its leaves'],
  ],
  [
    "7.8.2",
    "a key of state",
    "list l { key a; leaf a { type string; config false; } }",
    ['2:10: key "a" of list "l" is not configuration, but the list is'],
  ],
  ["7.8.2", "an empty key in YANG 1.1", "list l { key a; leaf a { type empty; } }", []],
  [
    "7.21.5",
    "a key with a when",
    `list l { key a; leaf a { type string; when "../b"; } leaf b { type string; } }`,
    ['2:10: key "a" of list "l" may not have a when'],
  ],
  [
    "7.20.2",
    "a key with an if-feature",
    `feature f;
list l { key a; leaf a { type string; if-feature f; } }`,
    ['3:10: key "a" of list "l" may not have an if-feature'],
  ],
  [
    "7.21.5",
    "a key from a uses with a when",
    `grouping g { leaf a { type string; } }
list l { key a; uses g { when "b"; } leaf b { type string; } }`,
    ['3:10: key "a" of list "l" may not come from a uses with a when'],
  ],
  [
    "7.8.2",
    "a key from a uses",
    `grouping g { leaf a { type string; } }
list l { key a; uses g; }`,
    [],
  ],
  [
    "7.8.3",
    "a unique that leads nowhere",
    "list l { key a; unique b; leaf a { type string; } }",
    ['2:17: unique "b" leads nowhere: there is no "b" in "l"'],
  ],
  [
    "7.8.3",
    "a unique that is no leaf",
    "list l { key a; unique b; leaf a { type string; } leaf-list b { type string; } }",
    ['2:17: unique "b" leads to the leaf-list "b", no leaf'],
  ],
  [
    "7.8.3",
    "a unique through a list",
    `list l { key a; unique m/b; leaf a { type string; }
  list m { key b; leaf b { type string; } } }`,
    ['2:17: unique "m/b" leads through list "m"'],
  ],
  [
    "7.8.3",
    "a unique through containers and choices",
    `list l { key a; unique "c/d e/e/f"; leaf a { type string; }
  container c { leaf d { type string; } } choice e { case e { leaf f { type string; } } } }`,
    [],
  ],
  [
    "7.8.3",
    "a unique of configuration and state",
    `list l { key a; unique "a b"; leaf a { type string; } leaf b { type string; config false; } }`,
    ['2:17: unique "a b" mixes configuration and state'],
  ],
  [
    "7.20.2",
    "a unique with a leaf that is off",
    `feature f;
list l { key a; unique "a b"; leaf a { type string; } leaf b { type string; if-feature "not f"; } }`,
    [],
  ],
  [
    "7.7.5",
    "more at least than at most",
    "leaf-list a { type string; min-elements 3; max-elements 2; }",
    ['2:28: leaf-list "a": min-elements 3 is more than max-elements 2'],
  ],
  [
    "7.7.4",
    "min-elements and a default",
    "leaf-list a { type string; min-elements 1; default x; }",
    ['2:44: leaf-list "a" has min-elements and cannot have a default'],
  ],
  [
    "7.7.4",
    "a default twice",
    "leaf-list a { type uint8; default 7; default 07; default 8; }",
    ['2:38: default "07" is there twice'],
  ],
];

const LEAVES_CHOICES: readonly Case[] = [
  [
    "7.6.4",
    "mandatory with a default",
    "leaf a { type string; mandatory true; default x; }",
    ['2:39: leaf "a" is mandatory and cannot have a default'],
  ],
  [
    "7.6.4",
    "mandatory with a default of the type",
    `typedef t { type string; default x; }
leaf a { type t; mandatory true; }`,
    [],
  ],
  [
    "7.6.4",
    "a default that does not fit",
    "leaf a { type uint8; default 256; }",
    ['2:22: default "256": 256 is not in the range 0..255'],
  ],
  [
    "7.3.4",
    "a default of the type that does not fit",
    `typedef t { type uint8; default 9; }
leaf a { type t { range 1..5; } }`,
    ['3:1: default "9" of its typedef: 9 is not in the range 1..5'],
  ],
  [
    "7.3.4",
    "a typedef that nothing uses",
    "typedef t { type uint8; default x; }",
    ['2:25: default "x": "x" is not an integer'],
  ],
  [
    "9.11",
    "a default of empty",
    `leaf a { type empty; default ""; }`,
    ['2:22: default "": the type empty has no default'],
  ],
  [
    "9.2.1",
    "defaults in octal and hexadecimal",
    `leaf a { type uint8; default 0x1f; }
leaf b { type uint8; default 017; }`,
    [],
  ],
  [
    "7.6.4",
    "a default that hangs on a feature",
    `feature f;
leaf a { type enumeration { enum x { if-feature f; } enum y; } default x; }`,
    ['3:64: default "x" hangs on a feature, which no default may'],
  ],
  [
    "9.10",
    "a default identity",
    `identity b;
identity d { base b; }
leaf a { type identityref { base b; } default t:d; }
leaf c { type identityref { base b; } default b; }`,
    ['5:39: default "b": "t:b" is no identity derived from "t:b": did you mean "t:d"?'],
  ],
  [
    "7.9.3",
    "a default case that is not there",
    "choice a { default c; leaf b { type string; } }",
    ['2:12: choice "a" has no case "c"'],
  ],
  [
    "7.20.2",
    "a default case that is off",
    `feature f;
choice a { default b; case b { if-feature "not f"; leaf c { type string; } } }`,
    [],
  ],
  [
    "7.9.3",
    "a mandatory choice with a default",
    "choice a { mandatory true; default b; leaf b { type string; } }",
    ['2:28: choice "a" is mandatory and cannot have a default'],
  ],
  [
    "7.9.3",
    "mandatory nodes in the default case",
    `choice a {
  default b;
  case b { container c { leaf d { type string; mandatory true; } } }
}`,
    ['4:26: leaf "d" in the default case "b" is mandatory'],
  ],
  [
    "7.9.3",
    "mandatory nodes behind presence in the default case",
    `choice a {
  default b;
  case b { container c { presence x; leaf d { type string; mandatory true; } } }
}`,
    [],
  ],
  [
    "7.21.1",
    "configuration below state",
    "container a { config false; leaf b { type string; config true; } }",
    ['2:51: leaf "b" cannot be configuration below what is not'],
  ],
  [
    "7.14.2",
    "config in an operation is ignored",
    "rpc r { input { container a { config false; leaf b { type string; config true; } } } }",
    [],
  ],
  [
    "7.21.2",
    "a current leaf of a deprecated type",
    `typedef t { type string; status deprecated; }
leaf a { type t; }
leaf b { type t; status obsolete; }`,
    ['3:10: typedef "t" is deprecated, but what refers to it is current'],
  ],
  [
    "7.21.2",
    "a child of what is obsolete is so too",
    `typedef t { type string; status obsolete; }
container c { status obsolete; leaf a { type t; } }`,
    [],
  ],
  [
    "7.21.2",
    "uses and base of what is obsolete",
    `grouping g { status obsolete; leaf x { type string; } }
identity i { status deprecated; }
uses g;
identity j { base i; }`,
    [
      '4:1: grouping "g" is obsolete, but what refers to it is current',
      '5:14: identity "i" is deprecated, but what refers to it is current',
    ],
  ],
];

const EXPRESSIONS_PATHS: readonly Case[] = [
  [
    "7.5.3",
    "a must that does not parse",
    `container a { must "b ="; }`,
    ['2:15: must "b =": the expression ends too early'],
  ],
  [
    "6.4.1",
    "a must with an unknown prefix",
    `container a { must "x:b"; }`,
    ['2:15: must "x:b": prefix "x" is not declared'],
  ],
  [
    "10",
    "a function that is not there",
    `container a { must "foo(.)"; }`,
    ['2:15: must "foo(.)": there is no function foo()'],
  ],
  [
    "7.21.5",
    "whens in a circle",
    `leaf a { type string; when "../b"; }
leaf b { type string; when "../c"; }
leaf c { type string; when "../a"; }`,
    ['2:23: the when of "a" depends on nodes whose whens depend on it'],
  ],
  [
    "7.21.5",
    "a when on itself and on what is above",
    `container a { when "b or ../c"; leaf b { type string; when "../../c"; } }
leaf c { type string; }`,
    [],
  ],
  [
    "9.9.2",
    "a path that leads nowhere",
    `leaf a { type leafref { path "../b"; } }`,
    ['2:10: leafref path "../b" leads nowhere: there is no "b" at the top'],
  ],
  [
    "9.9.2",
    "a path that climbs too far",
    `leaf a { type leafref { path "../../b"; } }
leaf b { type string; }`,
    ['2:10: leafref path "../../b" climbs beyond the root'],
  ],
  [
    "9.9.2",
    "a path to a container",
    `leaf a { type leafref { path "../b"; } }
container b;`,
    ['2:10: leafref path "../b" leads to the container b, no leaf'],
  ],
  [
    "9.9",
    "leafrefs in a circle",
    `leaf a { type leafref { path "../b"; } }
leaf b { type leafref { path "../a"; } }`,
    ['2:10: leafref path "../b" leads back to itself'],
  ],
  [
    "9.9",
    "configuration that refers to state",
    `leaf a { type leafref { path "../b"; } }
leaf b { type string; config false; }`,
    ['2:10: leafref path "../b" leads from configuration to state'],
  ],
  [
    "9.9.3",
    "configuration that may refer to state",
    `leaf a { type leafref { path "../b"; require-instance false; } }
leaf b { type string; config false; }`,
    [],
  ],
  [
    "9.9",
    "a leafref to what hangs on a feature",
    `feature f;
leaf a { type leafref { path "../b"; } }
leaf b { type string; if-feature f; }`,
    ['3:10: leafref path "../b" leads to what hangs on features that "a" does not hang on'],
  ],
  [
    "9.9",
    "a leafref that hangs on more",
    `feature f;
feature g { if-feature f; }
leaf a { type leafref { path "../b"; } if-feature g; }
leaf b { type string; if-feature f; }`,
    [],
  ],
  [
    "9.9.2",
    "a predicate on what is no key",
    `list l { key k; leaf k { type string; } leaf n { type string; } leaf v { type string; } }
leaf r { type string; }
leaf a { type leafref { path "../l[n = current()/../r]/v"; } }`,
    ['4:10: leafref path "../l[n = current()/../r]/v" has a predicate on "n", no key of list "l"'],
  ],
  [
    "9.9.2",
    "a predicate that compares with nothing",
    `list l { key k; leaf k { type string; } leaf v { type string; } }
leaf a { type leafref { path "../l[k = current()/../r]/v"; } }`,
    [
      '3:10: leafref path "../l[k = current()/../r]/v" has a predicate on "k" that compares with no leaf',
    ],
  ],
  [
    "9.9.2",
    "predicates on keys",
    `list l { key k; leaf k { type string; } leaf v { type string; } }
leaf r { type leafref { path "../l/k"; } }
leaf a { type leafref { path "../l[k = current()/../r]/v"; } }`,
    [],
  ],
  [
    "9.9.2",
    "a predicate with a constant",
    `list l { key k; leaf k { type string; } leaf v { type string; } }
leaf a { type leafref { path "../l[k = 'x']/v"; } }`,
    [
      "3:10: leafref path \"../l[k = 'x']/v\" has a predicate that does not compare with a path from current()",
    ],
  ],
  [
    "9.9",
    "a path out of a grouping that nothing uses",
    `grouping g { leaf a { type leafref { path "../../b"; } } }`,
    [],
  ],
  [
    "9.9",
    "a path out of a grouping, where it is used",
    `grouping g {
  leaf a { type leafref { path "../../b"; } }
}
container c { uses g; }`,
    ['3:12: leafref path "../../b" leads nowhere: there is no "b" at the top'],
  ],
];

const USES_REFINE_AUGMENT: readonly Case[] = [
  [
    "7.13.2",
    "a refine that leads nowhere",
    `grouping g { leaf a { type string; } }
uses g {
  refine b { mandatory true; }
}`,
    ['4:3: there is no node "b" in the grouping'],
  ],
  [
    "7.13.2",
    "a refine of what a container has not",
    `grouping g { container a; }
uses g {
  refine a { default x; mandatory true; presence y; must "1"; min-elements 1; }
}`,
    [
      "4:14: default cannot be refined in the container /t:a",
      "4:25: mandatory cannot be refined in the container /t:a",
      "4:63: min-elements cannot be refined in the container /t:a",
    ],
  ],
  [
    "7.13.2",
    "a refined default that does not fit",
    `grouping g { leaf a { type uint8; default 1; } }
uses g {
  refine a { default 300; }
}`,
    ['4:14: default "300": 300 is not in the range 0..255'],
  ],
  [
    "7.13.2",
    "two defaults for a leaf",
    `grouping g { leaf a { type uint8; } leaf-list b { type uint8; } }
uses g {
  refine a { default 1; default 2; }
  refine b { default 1; default 2; }
}`,
    ["4:25: leaf /t:a can have one default only"],
  ],
  [
    "7.13.2",
    "a refined default beside mandatory",
    `grouping g { leaf a { type uint8; mandatory true; } }
uses g {
  refine a { default 3; }
}
container c { uses g { refine a { default 3; mandatory false; } } }`,
    ['4:14: leaf "a" is mandatory and cannot have a default'],
  ],
  [
    "7.13.2",
    "a refine to configuration below state",
    `grouping g { container a { config false; leaf b { type string; } } }
uses g {
  refine a/b { config true; }
}`,
    ['4:16: leaf "b" cannot be configuration below what is not'],
  ],
  [
    "7.13.2",
    "a default case refined to one from an augment",
    `grouping g { choice a { leaf b { type string; } } }
uses g {
  refine a { default c; }
  augment a { leaf c { type string; } }
}`,
    [],
  ],
  [
    "7.17",
    "an augment of a leaf",
    `leaf a { type string; }
augment /t:a { leaf b { type string; } }`,
    ["3:1: leaf /t:a cannot be augmented"],
  ],
  [
    "7.17",
    "an augment that leads nowhere",
    "augment /t:a { leaf b { type string; } }",
    ['2:1: there is no node "/t:a" to augment'],
  ],
  [
    "7.17",
    "augments in any order",
    `augment /t:a/t:b { leaf c { type string; } }
augment /t:a { container b; }
container a;`,
    [],
  ],
  [
    "7.17",
    "an augment of a choice by a shorthand case",
    `container c { choice a { leaf b { type string; } } }
augment /t:c/t:a { leaf d { type string; } }
augment /t:c/t:a/t:d { leaf e { type string; } }`,
    [],
  ],
  [
    "7.17",
    "an augment of what an rpc has not written",
    `rpc r;
augment /t:r/t:input { leaf a { type string; } }
augment /t:r/t:output { leaf a { type string; } }`,
    [],
  ],
  [
    "7.17",
    "a case where there is no choice",
    `container c;
augment /t:c { case a { leaf b { type string; } } }`,
    ["3:16: case may not stand in container /t:c"],
  ],
  [
    "7.17",
    "an augment with a name that is taken",
    `container c { leaf a { type string; } }
augment /t:c { leaf a { type string; } }`,
    ['3:16: "a" is defined already, at t.yang:2: /t:c/a'],
  ],
  [
    "7.17",
    "an augment in a uses that leads nowhere",
    `grouping g { container a; }
uses g {
  augment b { leaf c { type string; } }
}`,
    ['4:3: there is no node "b" in the grouping'],
  ],
  [
    "7.15",
    "an action inside an rpc, by a grouping",
    `grouping g { container c { action a; } }
rpc r { input { uses g; } }`,
    ['2:28: action "a" stands inside rpc "r"'],
  ],
  [
    "7.15",
    "an action in a list without a key",
    "list l { config false; action a; leaf x { type string; } }",
    ['2:24: action "a" stands in list "l", which has no key'],
  ],
  [
    "7.15",
    "an action at the top, by a grouping",
    `grouping g { action a; }
uses g;`,
    ['2:14: action "a" stands at the top, where only an rpc may'],
  ],
  [
    "7.16",
    "a notification in a case, by a grouping",
    `grouping g { notification n; }
choice c { case a { uses g; } }`,
    ['2:14: notification "n" may not stand right in case "a"'],
  ],
  [
    "7.12",
    "a grouping that nothing uses is checked",
    "grouping g { leaf a { type nothing; } list l { key x; leaf y { type string; } } }",
    ['2:23: there is no type "nothing"', '2:48: key "x" of list "l" is not one of its leaves'],
  ],
];

const YANG_1: readonly Case[] = [
  [
    "7.20.2",
    "an expression in YANG 1",
    `feature a;
feature b;
leaf c { if-feature "a or b"; type string; }`,
    ['4:10: if-feature "a or b": "or" is not expected here; expressions need yang-version 1.1'],
  ],
  [
    "6.2",
    "xml at the start in YANG 1",
    "leaf xmlA { type string; }",
    ['2:1: "xmlA": names may not start with "xml" in YANG version 1'],
  ],
  [
    "7.9.3",
    "a choice's default that is no name",
    "grouping g { choice c { default 1..2; leaf a { type int8; } } }",
    ['2:25: "1..2" is no argument of default: it must be an identifier, with a prefix or without'],
  ],
  ["7.10", "anydata in YANG 1", "anydata a;", ["2:1: anydata in module needs yang-version 1.1"]],
  [
    "7.15",
    "an action in YANG 1",
    "container c { action a; }",
    ["2:15: action in container needs yang-version 1.1"],
  ],
  [
    "7.14",
    "a must in input in YANG 1",
    `rpc r { input { must "a"; leaf a { type string; } } }`,
    ["2:17: must in input needs yang-version 1.1"],
  ],
  [
    "7.7.4",
    "a default of a leaf-list in YANG 1",
    "leaf-list a { type string; default x; }",
    ["2:28: default in leaf-list needs yang-version 1.1"],
  ],
  [
    "7.9",
    "a choice in a choice in YANG 1",
    "choice a { choice b { leaf c { type string; } } }",
    ["2:12: choice in choice needs yang-version 1.1"],
  ],
  [
    "7.18",
    "two bases in YANG 1",
    `identity a;
identity b;
identity c { base a; base b; }`,
    ["4:22: more than one base needs yang-version 1.1"],
  ],
  [
    "7.8.2",
    "an empty key in YANG 1",
    "list l { key a; leaf a { type empty; } }",
    ['2:10: key "a" of list "l" is empty, which needs yang-version 1.1'],
  ],
];

describe("diagnostics", () => {
  test.each(NAMES_SCOPES)("names and scopes, section %s: %s", (_, __, body, said) =>
    check(HEAD, body, said),
  );
  test.each(GRAMMAR)("grammar, section %s: %s", (_, __, body, said) => check(HEAD, body, said));
  test.each(LISTS)("lists, section %s: %s", (_, __, body, said) => check(HEAD, body, said));
  test.each(LEAVES_CHOICES)("leaves and choices, section %s: %s", (_, __, body, said) =>
    check(HEAD, body, said),
  );
  test.each(EXPRESSIONS_PATHS)("expressions and paths, section %s: %s", (_, __, body, said) =>
    check(HEAD, body, said),
  );
  test.each(USES_REFINE_AUGMENT)("uses, refine, augment, section %s: %s", (_, __, body, said) =>
    check(HEAD, body, said),
  );
  test.each(YANG_1)("YANG 1, section %s: %s", (_, __, body, said) => check(HEAD_1, body, said));
});

test("names that start with xml in YANG 1 are a warning: vendors have them, and no peer minds", () => {
  const { diagnostics, schema } = compileTexts({ t: `${HEAD_1} leaf xml-name { type string; } }` });
  expect(diagnostics.map(({ severity }) => severity)).toEqual(["warning"]);
  expect(schema.dataChildren.map(({ name }) => name)).toEqual(["xml-name"]);
});
