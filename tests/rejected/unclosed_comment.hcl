vcn "lab" {}

/* the cluster comes later
