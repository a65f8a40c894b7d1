vcn "lab" {
  security_profile = "strict"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  serves = [{ to = compute_instance.db, tcp = [1521], description = "Pods reach the database" }]
}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  served_by = [{ from = compute_instance.ops, tcp = [22] }]
}

compute_instance "ops" {
  role          = "management"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}
