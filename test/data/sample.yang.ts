/** Nodes and types of every kind, two modules. */
export const sampleModules = {
  sample: `
module sample {
  yang-version 1.1;
  namespace "urn:sample";
  prefix s;
  identity animal;
  identity cat { base animal; }
  container top {
    leaf name { type string { length "1..8"; pattern '[a-z ]*' { error-message "letters only"; error-app-tag "letters"; } } }
    leaf big { type int64; }
    leaf small { type uint8 { range "1..100"; } }
    leaf dec { type decimal64 { fraction-digits 2; } }
    leaf flag { type boolean; }
    leaf nothing { type empty; }
    leaf mask { type bits { bit a; bit b; bit c; } }
    leaf octets { type binary; }
    leaf pick { type enumeration { enum one; enum two; } default one; }
    leaf uni { type union { type uint8; type boolean; type string; } }
    leaf who { type identityref { base animal; } }
    leaf where { type instance-identifier { require-instance false; } }
    leaf ref { type leafref { path "../item/id"; } }
    leaf-list tag { type string; }
    leaf-list num { type int16; }
    leaf-list seq { type string; ordered-by user; }
    leaf-list dflts { type string; default x; default y; }
    list item { key id; leaf size { type uint8; default 3; } leaf id { type string; } container in { leaf a { type string; } leaf b { type string; default bb; } } }
    list pair { key "n who"; leaf who { type identityref { base animal; } } leaf n { type int32; } leaf note { type string; } }
    list step { key n; ordered-by user; leaf n { type string; } leaf t { type string; } }
    choice way { case car { leaf wheels { type uint8; } leaf fuel { type string; } } case boat { leaf sail { type string; } } }
    container pres { presence "here"; leaf x { type string; } }
    anydata any;
    container state { config false; leaf up { type boolean; default true; } list row { leaf v { type string; } } leaf-list seen { type string; } }
  }
  rpc act { input { leaf how { type string; mandatory true; } leaf of { type leafref { path "/top/item/id"; } must "/top/flag = 'true'"; } } }
}`,
  other: `
module other {
  yang-version 1.1;
  namespace "urn:other";
  prefix o;
  import sample { prefix s; }
  identity dog { base s:animal; }
  augment "/s:top" { leaf extra { type string; } leaf name { type string; } }
  container alone { leaf x { type string; } }
}`,
};
