vcn "lab" {
}
}
