// Several modules together: imports, includes, augments, deviations, structures. `t` is implemented.

import { describe, expect, test } from "vitest";
import { diagnosticsOf } from "./modules.ts";

/** Section (of RFC 7950, or the RFC), what is tried, the files, what is said of them. */
type Case = readonly [
  section: string,
  title: string,
  files: Readonly<Record<string, string>>,
  said: readonly string[],
];

const LINKING: readonly Case[] = [
  [
    "7.1.5",
    "an import that is not there",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
}`,
    },
    ['t.yang:2:1: module "a" is not found'],
  ],
  [
    "7.1.5",
    "an import by a revision that is not there",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; revision-date 2020-01-01; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
revision 2021-01-01;
}`,
    },
    [
      't.yang:2:1: module "a" of revision 2020-01-01 is not found: the newest in a.yang is 2021-01-01',
    ],
  ],
  [
    "5.1",
    "imports in a circle",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
import b { prefix b; }
}`,
      b: `module b { yang-version 1.1; namespace "urn:b"; prefix b;
import t { prefix t; }
}`,
    },
    ["b.yang:2:1: modules may not import each other: t → a → b → t"],
  ],
  [
    "5.1",
    "a module that imports itself",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import t { prefix u; }
}`,
    },
    ["t.yang:2:1: modules may not import each other: t → t"],
  ],
  [
    "7.1.4",
    "one prefix for two modules",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix x; }
import b { prefix x; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
}`,
      b: `module b { yang-version 1.1; namespace "urn:b"; prefix b;
}`,
    },
    ['t.yang:3:12: prefix "x" is taken already by module "a"'],
  ],
  [
    "7.1.4",
    "the module's own prefix for another",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix t; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
}`,
    },
    ['t.yang:2:12: prefix "t" is taken already by module "t"'],
  ],
  [
    "7.1.5",
    "a file that holds another module",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
}`,
      a: `module b { yang-version 1.1; namespace "urn:b"; prefix b;
}`,
    },
    ['a.yang:1:1: this should be module "a", but it is module "b"'],
  ],
  [
    "12",
    "YANG 1 imports 1.1 by revision",
    {
      t: `module t { namespace "urn:t"; prefix t;
import a { prefix a; revision-date 2020-01-01; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
revision 2020-01-01;
}`,
    },
    ["t.yang:2:22: a module of YANG version 1 may not import one of 1.1 by revision"],
  ],
  [
    "12",
    "YANG 1 imports 1.1",
    {
      t: `module t { namespace "urn:t"; prefix t;
import a { prefix a; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
}`,
    },
    [],
  ],
  [
    "7.1.6",
    "an include that is not there",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
include s;
}`,
    },
    ['t.yang:2:1: submodule "s" is not found'],
  ],
  [
    "7.2.2",
    "a submodule of another module",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
include s;
}`,
      s: `submodule s { yang-version 1.1; belongs-to u { prefix u; } }`,
    },
    ['t.yang:2:1: submodule "s" belongs to module "u"'],
  ],
  [
    "12",
    "a submodule of another version",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
include s;
}`,
      s: `submodule s { belongs-to t { prefix t; }
}`,
    },
    ['t.yang:2:1: submodule "s" is of YANG version 1, module "t" of 1.1'],
  ],
  [
    "5.1",
    "YANG 1: includes in a circle",
    {
      t: `module t { namespace "urn:t"; prefix t;
include s;
}`,
      s: `submodule s { belongs-to t { prefix t; }
include r;
}`,
      r: `submodule r { belongs-to t { prefix t; }
include s;
}`,
    },
    ["r.yang:2:1: submodules may not include each other: s → r → s"],
  ],
  [
    "5.1",
    "YANG 1.1: includes in a circle",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
include s;
include r;
}`,
      s: `submodule s { yang-version 1.1; belongs-to t { prefix t; }
include r;
}`,
      r: `submodule r { yang-version 1.1; belongs-to t { prefix t; }
include s;
}`,
    },
    [],
  ],
  [
    "5.1",
    "YANG 1: a submodule sees no other that it does not include",
    {
      t: `module t { namespace "urn:t"; prefix t;
include s;
include r;
}`,
      s: `submodule s { belongs-to t { prefix t; }
leaf a { type x; }
}`,
      r: `submodule r { belongs-to t { prefix t; }
typedef x { type string; }
}`,
    },
    ['s.yang:2:10: there is no type "x"'],
  ],
  [
    "5.1",
    "YANG 1.1: submodules see each other and the module",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
include s;
include r;
typedef y { type string; }
}`,
      s: `submodule s { yang-version 1.1; belongs-to t { prefix t; }
leaf a { type x; }
leaf b { type t:y; }
}`,
      r: `submodule r { yang-version 1.1; belongs-to t { prefix t; }
typedef x { type string; }
}`,
    },
    [],
  ],
  [
    "5.1",
    "YANG 1.1: a submodule that only another includes",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
include s;
}`,
      s: `submodule s { yang-version 1.1; belongs-to t { prefix t; }
include r;
}`,
      r: `submodule r { yang-version 1.1; belongs-to t { prefix t; }
}`,
    },
    ['t.yang:1:1: module "t" should include submodule "r" itself'],
  ],
  [
    "6.2.1",
    "a typedef in a module and its submodule",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
include s;
typedef x { type string; }
}`,
      s: `submodule s { yang-version 1.1; belongs-to t { prefix t; }
typedef x { type string; }
}`,
    },
    ['s.yang:2:1: typedef "x" is defined already, at t.yang:3'],
  ],
  [
    "6.2.1",
    "a leaf in a module and its submodule",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
include s;
leaf x { type string; }
}`,
      s: `submodule s { yang-version 1.1; belongs-to t { prefix t; }
leaf x { type string; }
}`,
    },
    ['s.yang:2:1: "x" is defined already, at t.yang:3: /t:x'],
  ],
  [
    "7.2.2",
    "a submodule imports its own module",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
include s;
}`,
      s: `submodule s { yang-version 1.1; belongs-to t { prefix t; }
import t { prefix u; }
}`,
    },
    ["s.yang:2:1: modules may not import each other: t → t"],
  ],
  [
    "7.1.6",
    "one submodule twice",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
include s;
include s;
}`,
      s: `submodule s { yang-version 1.1; belongs-to t { prefix t; }
}`,
    },
    ['t.yang:3:1: submodule "s" is included twice'],
  ],
  [
    "7.1.5",
    "two mistakes in two files",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
leaf x { type; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
leaf y { }
}`,
    },
    ['a.yang:2:1: leaf "y" has no type statement', "t.yang:3:10: type must have an argument"],
  ],
  [
    "14",
    "two modules in a file",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
}
module u { namespace "urn:u"; prefix u; }`,
    },
    ["t.yang:3:1: a file holds one module and no more"],
  ],
  [
    "5.3",
    "a namespace that another module has",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
augment /a:c { leaf x { type string; } }
}`,
      a: `module a { namespace "urn:t"; prefix a;
container c;
}`,
    },
    ['t.yang:1:30: module "a" has the namespace "urn:t" too'],
  ],
];

const CHANGES: readonly Case[] = [
  [
    "7.17",
    "mandatory nodes without a when",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
augment /a:c { container d { leaf x { type string; mandatory true; } } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
container c;
}`,
    },
    [
      't.yang:3:30: leaf "x" is mandatory, which augment "/a:c" of another module allows only with a when',
    ],
  ],
  [
    "7.17",
    "mandatory nodes with a when, or of state, or behind presence",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
augment /a:c { when "a:k"; leaf x { type string; mandatory true; } }
augment /a:c { leaf y { type string; mandatory true; config false; } container p { presence z; leaf z { type string; mandatory true; } } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
container c { leaf k { type string; } }
}`,
    },
    [],
  ],
  [
    "7.17",
    "mandatory nodes in what the module itself added",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
augment /a:c { container d { presence x; } }
augment /a:c/t:d { leaf x { type string; mandatory true; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
container c;
}`,
    },
    [],
  ],
  [
    "7.17",
    "names of another module may be taken",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
augment /a:c { leaf x { type string; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
container c { leaf x { type string; } }
}`,
    },
    [],
  ],
  [
    "7.20.3",
    "a deviation that leads nowhere",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:x { deviate not-supported; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
container c;
}`,
    },
    ['t.yang:3:1: there is no node "/a:x" to deviate'],
  ],
  [
    "7.20.3",
    "what is not supported has nothing else",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:c { deviate not-supported; deviate add { must "1"; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
container c;
}`,
    },
    ["t.yang:3:18: what is not supported cannot deviate in other ways too"],
  ],
  [
    "7.20.3.2",
    "add what is there",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:x { deviate add { default y; units m; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
leaf x { type string; default x; }
}`,
    },
    ['t.yang:3:32: leaf /a:x has default "x" already'],
  ],
  [
    "7.20.3.2",
    "replace what is not there",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:x { deviate replace { default y; units m; config false; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
leaf x { type string; }
}`,
    },
    [
      "t.yang:3:36: leaf /a:x has no default that could be replaced",
      "t.yang:3:47: leaf /a:x has no units that could be replaced",
    ],
  ],
  [
    "7.20.3.2",
    "delete what is not there",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:x { deviate delete { default y; must "a"; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
leaf x { type string; default x; must "b"; }
}`,
    },
    [
      't.yang:3:35: leaf /a:x has no default "y" to delete',
      't.yang:3:46: leaf /a:x has no must "a" to delete',
    ],
  ],
  [
    "7.20.3.2",
    "two defaults for a leaf",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:x { deviate replace { default y; default z; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
leaf x { type string; default x; }
}`,
    },
    ["t.yang:3:47: leaf /a:x can have one default only"],
  ],
  [
    "7.20.3.2",
    "two defaults for a leaf-list",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:x { deviate replace { default y; default z; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
leaf-list x { type string; default x; }
}`,
    },
    [],
  ],
  [
    "7.20.3",
    "a default case that is not supported",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:x/a:y { deviate not-supported; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
choice x { default y; leaf y { type string; } }
}`,
    },
    ['a.yang:2:12: choice "x" has no case "y"'],
  ],
  [
    "7.20.3",
    "a type that the default does not fit",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:x { deviate replace { type uint8; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
leaf x { type string; default x; }
}`,
    },
    ['a.yang:2:23: default "x": "x" is not an integer'],
  ],
  [
    "7.20.3",
    "a key that is not supported",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:l/a:k { deviate not-supported; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
list l { key k; leaf k { type string; } leaf v { type string; } }
}`,
    },
    ['a.yang:2:10: key "k" of list "l" is not one of its leaves'],
  ],
  [
    "7.20.3",
    "a leafref to what is not supported",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:x { deviate not-supported; }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
leaf x { type string; }
leaf y { type leafref { path "../x"; } }
}`,
    },
    ['a.yang:3:10: leafref path "../x" leads nowhere: there is no "x" at the top'],
  ],
  [
    "7.20.3",
    "deviations inside what is not supported",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:c { deviate not-supported; }
deviation /a:c/a:x { deviate add { default y; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
container c { leaf x { type string; } }
}`,
    },
    [],
  ],
  [
    "7.20.3.2",
    "a property that the node cannot have",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:c { deviate add { mandatory true; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
container c;
}`,
    },
    ["t.yang:3:32: container /a:c cannot have mandatory"],
  ],
  [
    "7.20.3.2",
    "all that can be done at once",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:x { deviate delete { default x; must "b"; } deviate add { units m; must "c"; mandatory true; } deviate replace { type uint8; config false; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
leaf x { type string; default x; must "b"; }
}`,
    },
    [],
  ],
  [
    "8791",
    "structures and what is added to them",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
import ietf-yang-structure-ext { prefix sx; }
sx:augment-structure /a:s/a:c { leaf x { type leafref { path "/a:s/a:c/a:y"; } } }
sx:augment-structure /a:r { leaf x { type string; } }
}`,
      a: `module a { yang-version 1.1; namespace "urn:a"; prefix a;
import ietf-yang-structure-ext { prefix sx; }
sx:structure s { must "c ="; container c { leaf y { type string; } list l { leaf z { type string; } } } }
}`,
      "ietf-yang-structure-ext": `module ietf-yang-structure-ext { namespace "urn:sx"; prefix sx; extension structure { argument name; } extension augment-structure { argument path; } }`,
    },
    [
      'a.yang:3:18: must "c =": the expression ends too early',
      't.yang:5:1: there is no structure node "/a:r" to augment',
    ],
  ],
  [
    "7952",
    "annotations have a type",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import ietf-yang-metadata { prefix md; }
md:annotation a { type string; }
md:annotation b;
md:annotation c { type d; }
}`,
      "ietf-yang-metadata": `module ietf-yang-metadata { namespace "urn:md"; prefix md; extension annotation { argument name; } }`,
    },
    ['t.yang:4:1: md:annotation "b" has no type statement'],
  ],
  [
    "7952",
    "and it is one that there is",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import ietf-yang-metadata { prefix md; }
md:annotation c { type d; }
}`,
      "ietf-yang-metadata": `module ietf-yang-metadata { namespace "urn:md"; prefix md; extension annotation { argument name; } }`,
    },
    ['t.yang:3:19: there is no type "d"'],
  ],
  [
    "7.20.3",
    "what is not supported is deviated by nothing else",
    {
      a: 'module a { namespace "urn:a"; prefix a; container c { leaf x { type string; } leaf y { type string; } } }',
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import a { prefix a; }
deviation /a:c/a:x { deviate add { default 1; } }
deviation /a:c/a:x { deviate not-supported; }
deviation /a:c/a:y { deviate not-supported; }
deviation /a:c/a:y { deviate not-supported; }
}`,
    },
    [
      "t.yang:3:1: leaf /a:c/x is deviated twice: it is not supported by t.yang:4",
      "t.yang:6:1: leaf /a:c/y is deviated twice: it is not supported by t.yang:5",
    ],
  ],
  [
    "8040",
    "one yang-data twice",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import ietf-restconf { prefix rc; }
rc:yang-data a { container x; }
rc:yang-data a { container y; }
}`,
      "ietf-restconf": `module ietf-restconf { namespace "urn:rc"; prefix rc; extension yang-data { argument name; } }`,
    },
    ['t.yang:4:1: yang-data "a" is defined already'],
  ],
  [
    "8040",
    "yang-data is one container",
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
import ietf-restconf { prefix rc; }
rc:yang-data a { container x; }
rc:yang-data b { choice c { container y; container z; } }
rc:yang-data d { container v; container w; }
rc:yang-data e { leaf f { type string; } }
}`,
      "ietf-restconf": `module ietf-restconf { namespace "urn:rc"; prefix rc; extension yang-data { argument name; } }`,
    },
    [
      't.yang:5:1: yang-data "d" must be one container',
      't.yang:6:1: yang-data "e" must be one container',
    ],
  ],
];

describe("modules that need others", () => {
  test.each(LINKING)("section %s: %s", (_, __, files, said) => {
    expect(diagnosticsOf(files)).toEqual(said);
  });

  test.each(CHANGES)("section %s: %s", (_, __, files, said) => {
    expect(diagnosticsOf(files)).toEqual(said);
  });
});
