vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  kms_key_id         = "ocid1.key.oc1..example"
}
