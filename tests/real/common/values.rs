//! Values for the variables that specs of the tests name.

use serde_json::{Value, json};

/// One of oci-sim's images: Arm, for Kubernetes v1.35.2.
const IMAGE: &str = "ocid1.image.oc1.eu-frankfurt-1.ol810aarch64k1352";

/// Another: x86, for v1.36.1.
const X86_IMAGE: &str = "ocid1.image.oc1.eu-frankfurt-1.ol810k1361";

/// A certificate and its key, as far as their first and last lines.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

/// The value of a variable. A new golden that names a new variable gets a
/// line here.
pub fn of(variable: &str) -> Value {
    match variable {
        "region" => json!("eu-frankfurt-1"),
        "compartment_ocid" | "cluster_compartment_ocid" | "network_compartment_ocid" => {
            json!("ocid1.compartment.oc1..example")
        }
        "node_image_id" | "batch_image_id" | "fallback_image_id" | "arm_image_id" => json!(IMAGE),
        "fixed_image_id" | "x86_image_id" => json!(X86_IMAGE),
        "image_id" => json!("ocid1.image.oc1.eu-frankfurt-1.ol96x86"),
        "certificate_id" => json!("ocid1.certificate.oc1.eu-frankfurt-1.example"),
        "certificate" | "chain" => json!(CERTIFICATE),
        "private_key" => json!(PRIVATE_KEY),
        "ssh_public_key" => {
            json!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP8Pu2Y0Q1dGQkXx0Vq3nV6m9y0S1d7u5k3Jt8aFh2cL test")
        }
        "own_image_id" => json!("ocid1.image.oc1..own"),
        "kms_key_id" => json!("ocid1.key.oc1.eu-frankfurt-1.vault.example"),
        "capacity_reservation_id" => json!("ocid1.capacityreservation.oc1.eu-frankfurt-1.example"),
        // oci-sim has one that no stack made.
        "backup_nsg_id" => json!("ocid1.networksecuritygroup.oc1.eu-frankfurt-1.others"),
        "data_compartment_ocid" => json!("ocid1.compartment.oc1..example"),
        "database_image_id" => json!("ocid1.image.oc1.eu-frankfurt-1.oraclelinux96202607310"),
        "newer_image_id" => json!("ocid1.image.oc1.eu-frankfurt-1.oraclelinux96202608310"),
        "monitoring_nsg_id" => json!("ocid1.networksecuritygroup.oc1.eu-frankfurt-1.others"),
        "volume_key_id" => json!("ocid1.key.oc1.eu-frankfurt-1.vault.example"),
        "backup_policy_id" => json!("ocid1.volumebackuppolicy.oc1..gold"),
        "package" => json!("jq"),
        "compartments" => json!({ "network": "ocid1.compartment.oc1..network" }),
        "images" => json!({ "arm": IMAGE, "x86": "ocid1.image.oc1.eu-frankfurt-1.x86" }),
        "tags" => json!({ "environment": "test" }),
        "more_tags" => json!({ "squad": "blue", "dropped": "" }),
        "defined_tags" => json!({ "Operations.CostCenter": "42" }),
        "cost_center" => json!("42"),
        "profile" => json!("DEFAULT"),
        "secrets_key_id" | "signing_key_id" => json!("ocid1.key.oc1..example"),
        "oidc_client_id" => json!("kubernetes"),
        "replicas" => json!("2"),
        "team" => json!("platform"),
        "loud" => json!(true),
        "key_material" => json!("AAAAC3NzaC1lZDI1NTE5AAAAIP8Pu2Y0Q1dGQkXx0Vq3nV6m9y0S1d7u5k3Jt8aFh2cL"),
        _ => panic!("give variable `{variable}` a value in tests/real/common/values.rs"),
    }
}

/// The variables that a module declares, with their values.
pub fn of_module(variables_tf: &str) -> serde_json::Map<String, Value> {
    let body: hcl::Body = hcl::from_str(variables_tf).expect("variables.tf is HCL");
    body.blocks()
        .filter(|block| block.identifier() == "variable")
        .map(|block| block.labels()[0].as_str().to_owned())
        .map(|name| (name.clone(), of(&name)))
        .collect()
}
