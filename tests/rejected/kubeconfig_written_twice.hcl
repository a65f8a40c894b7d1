vcn "lab" {}

oke_cluster "one" {
  kubernetes_version = "v1.35.2"
  create_kubeconfig  = "~/.kube/lab"
}

oke_cluster "two" {
  kubernetes_version = "v1.35.2"
  create_kubeconfig  = "~/.kube/lab"
}
