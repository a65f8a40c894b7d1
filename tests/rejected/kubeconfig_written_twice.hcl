vcn "lab" {}

oke_cluster "one" {
  kubernetes_version = "v1.32.1"
  create_kubeconfig  = "~/.kube/lab"
}

oke_cluster "two" {
  kubernetes_version = "v1.32.1"
  create_kubeconfig  = "~/.kube/lab"
}
