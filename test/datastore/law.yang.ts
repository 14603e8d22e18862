/** One module with a bit of everything that a validation has to look at. */
export const lawModule = `
module law {
  yang-version 1.1;
  namespace "urn:law";
  prefix l;
  identity shape;
  identity round { base shape; }
  identity square { base shape; }

  container top {
    leaf on { type boolean; default "false"; }
    leaf mode { type enumeration { enum a; enum b; enum c; } }
    leaf gated { when "../on = 'true'"; type string; }
    leaf chained { when "../gated"; type string; default "yes"; }
    leaf follows { type string; must "../chained = 'yes' or . = 'free'"; }
    leaf limit { type uint8; default "3"; must ". >= count(../item)"; }
    leaf kind { type identityref { base shape; } must "derived-from-or-self(., 'l:shape')"; }
    container inner {
      leaf low { type uint8; }
      leaf high { type uint8; default "9"; must ". >= ../low or not(../low)"; }
      container deep { when "../../mode = 'b'"; leaf need { type string; mandatory true; } leaf x { type string; default "1"; } }
    }
    container strict {
      presence "asks";
      leaf must-have { type string; mandatory true; }
      leaf-list two { type uint8; min-elements 1; max-elements 2; }
      choice one { mandatory true; leaf c1 { type string; } container c2 { leaf x { type string; } } }
    }
    leaf judge { type string; must "../pace or . = 'any'"; }
    choice way {
      default walk;
      case walk { leaf pace { type uint8; default "5"; } container shoes { leaf size { type uint8; default "42"; must "../../pace != 7"; } } }
      case ride { leaf bike { type string; } leaf gears { type uint8; mandatory true; } }
      case fly { leaf plane { when "../mode = 'c'"; type string; } }
    }
    list item {
      key "id";
      unique "ip port";
      max-elements 5;
      must "not(../mode = 'a') or name";
      leaf id { type uint8; }
      leaf name { type string; }
      leaf ip { type string; }
      leaf port { type uint8; default "1"; }
      leaf peer { type leafref { path "../../item/id"; } }
      leaf friend { type leafref { path "/l:top/l:item[l:id = current()/../peer]/l:sub/l:k"; } }
      leaf same { type string; must "count(../../item[same = current()]) = 1"; }
      leaf up { type instance-identifier; }
      leaf either { type union { type leafref { path "../../mark"; } type uint8; } }
      list sub { key "k"; leaf k { type string; } leaf to { type leafref { path "../../../item/sub/k"; require-instance true; } } leaf only { when "../../port = 1"; type string; } }
    }
    leaf-list mark { type string; ordered-by user; }
    leaf back { type leafref { path "../mark"; } default "m0"; }
    list step { key "name"; ordered-by user; leaf name { type string; } leaf first { type empty; must "not(../preceding-sibling::step)"; } }
  }
  list log { key "n"; leaf n { type uint8; } leaf of { type leafref { path "/top/item/name"; } } }
}
`;
