vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  served_by     = [{ from = compute_instance.app.pod, tcp = [1521] }]
}

compute_instance "app" {
  role          = "application"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}
