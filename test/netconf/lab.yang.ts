/** A module with one of everything that the protocol treats in its own way. */
export const labModule = `module lab {
  yang-version 1.1;
  namespace "urn:lab";
  prefix l;

  import ietf-netconf-acm { prefix nacm; }

  revision 2026-01-01;

  feature on;
  feature off;

  identity animal;
  identity cat { base animal; }
  identity dog { base animal; }

  container top {
    leaf name {
      type string {
        length "1..40" { error-message "name must have 1 to 40 characters"; error-app-tag "name-length"; }
      }
    }
    leaf num { type int32 { range "1..100"; } }
    leaf dflt { type uint8; default "7"; }
    leaf flag { type boolean; }
    leaf nothing { type empty; }
    leaf idref { type identityref { base animal; } }
    leaf ref { type leafref { path "../item/id"; } }
    leaf blob { type string; }
    leaf gated { if-feature "off"; type string; }
    leaf-list tag { type string; }
    leaf-list seq { type string; ordered-by user; }
    list item {
      key "id";
      leaf id { type string; }
      leaf value { type string; }
      leaf size { type uint16; default "10"; }
      container inner {
        leaf a { type string; }
        leaf b { type string; }
      }
      action poke {
        input { leaf how { type enumeration { enum softly; enum hard; } mandatory true; } }
        output { leaf said { type string; } }
      }
    }
    list step {
      key "name";
      ordered-by user;
      leaf name { type string; }
    }
    list pair {
      key "x y";
      leaf x { type uint8; }
      leaf y { type identityref { base animal; } }
      leaf note { type string; }
    }
    choice way {
      case car { leaf wheels { type uint8; } leaf fuel { type string; } }
      case boat { leaf sail { type string; } }
    }
    container pres { presence "it is there"; leaf x { type string; } }
    container limits {
      presence "limits apply";
      must "not(low) or not(high) or low <= high" {
        error-message "low must not exceed high";
        error-app-tag "low-high";
      }
      leaf low { type uint8; }
      leaf high { type uint8; }
    }
    leaf hidden { nacm:default-deny-all; type string; }
    leaf guarded { nacm:default-deny-write; type string; }
  }

  container other {
    leaf note { type string; }
  }

  container live {
    config false;
    leaf ticks { type uint32; }
  }

  rpc ping {
    input { leaf text { type string; mandatory true; } }
    output { leaf text { type string; } }
  }
  rpc silent;
  rpc secret { nacm:default-deny-all; }

  notification whispered { nacm:default-deny-all; leaf what { type string; } }

  notification happened {
    leaf what { type string; }
    leaf size { type uint8; }
  }
}
`;

/** Another module that has names in common with it. */
export const twinModule = `module twin {
  namespace "urn:twin";
  prefix t;
  revision 2026-01-02;
  container other { leaf note { type string; } }
}
`;
